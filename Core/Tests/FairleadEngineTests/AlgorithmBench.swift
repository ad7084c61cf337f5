import FairleadEngine
import FairleadModel

/// What the stories of VWAP, POV and iceberg need beside those of TWAPs: a curve that was learnt, and trades.
extension EngineBench {
    /// As `slicing`, with so many days of bars of a quarter of an hour before the first quote. `lots` says what a
    /// bucket of the day has traded.
    static func learnt(
        days: Int64,
        _ lots: (Int64) -> Int64,
        _ adjust: (inout EngineConfiguration) -> Void = { _ in }
    ) -> EngineBench {
        var bench = EngineBench {
            $0.routing.maximumBookAge = .hours(24)
            $0.risk.maximumQuoteAgeCrypto = .hours(24)
            $0.risk.navFreshness = .hours(24)
            $0.bars.length = .seconds(900)
            adjust(&$0)
        }
        bench.feed(.epochOpened(Epoch(number: 1)))
        let length = TimeSpan.seconds(900).nanoseconds
        let last = bench.now.nanoseconds / length
        for number in last - days * 96..<last {
            let open = Timestamp(nanoseconds: number * length)
            bench.feed(.barReported(VolumeCurveTests.bar(open, lots(number % 96))))
        }
        bench.connect(session: 1)
        bench.quote(bid: 1000, ask: 1001)
        return bench
    }

    /// As `slicing`, where a signal may ask for half of the volume.
    static func participating(
        bid: Int64 = 1000,
        ask: Int64 = 1001,
        _ adjust: (inout EngineConfiguration) -> Void = { _ in }
    ) -> EngineBench {
        .slicing(bid: bid, ask: ask) {
            $0.algorithms.povMaximumRate = Rate(raw: 50_000_000)
            adjust(&$0)
        }
    }

    mutating func trade(_ lots: Int64, at price: Int64 = 1000) {
        feed(
            .traded(
                Trade(
                    instrument: Self.symbol,
                    price: Self.price(price),
                    quantity: Self.quantity(lots),
                    aggressor: .buy,
                    venueTime: now
                )
            )
        )
    }

    mutating func vwap(_ side: Side, _ lots: Int64, slices: UInt16, seconds: Int64) {
        signal(side, lots) {
            $0.style = .vwap
            $0.twap.slices = slices
            $0.algorithm.durationMilliseconds = UInt32(seconds * 1_000)
        }
    }

    mutating func pov(
        _ side: Side,
        _ lots: Int64,
        percent: Int64,
        seconds: Int64 = 0,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) {
        signal(side, lots) {
            $0.style = .pov
            $0.algorithm.participation = UInt16(percent * 100)
            $0.algorithm.durationMilliseconds = UInt32(seconds * 1_000)
            adjust(&$0)
        }
    }

    mutating func iceberg(
        _ side: Side,
        _ lots: Int64,
        shows display: Int64,
        limit: Int64 = 1000,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) {
        signal(side, lots) {
            $0.style = .iceberg
            $0.orderType = .limit
            $0.limitPrice = Self.price(limit)
            $0.algorithm.display = Self.quantity(display)
            adjust(&$0)
        }
    }
}
