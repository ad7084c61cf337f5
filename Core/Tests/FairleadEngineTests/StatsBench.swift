import FairleadEngine
import FairleadModel

/// Statistics on a bench: one instrument, fills handed in one by one.
struct StatsBench: ~Copyable {
    static let symbol = InstrumentHandle(0)

    var stats: RouterStats
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    var out = Outbox()
    private var order = OrderSlot(index: 0)

    init(_ adjust: (inout EngineConfiguration) -> Void = { _ in }) {
        stats = RouterStats(configuration: Self.configuration(adjust))
    }

    static func configuration(_ adjust: (inout EngineConfiguration) -> Void = { _ in }) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.capacities.orders = 64
        configuration.capacities.parents = 64
        let terms = InstrumentTerms(
            tick: Price(raw: 1),
            lot: Quantity(raw: 1),
            minimumQuantity: Quantity(raw: 1),
            maximumQuantity: Quantity.bound
        )
        for symbol in ["AAA", "BBB"] { configuration.add(Instrument(symbol: symbol, terms: terms, origin: "test")) }
        adjust(&configuration)
        return configuration
    }

    /// One order, sent and filled after a time, in whole units of money. `of` makes it a TWAP's child of that intended
    /// notional. An empty intended price is none.
    mutating func fill(
        _ intended: String,
        _ price: String,
        _ side: Side = .buy,
        after latency: TimeSpan = .zero,
        notional: Int64 = 1000,
        of child: Int64? = nil,
        fee: Int64 = 0,
        mid: String = ""
    ) {
        order.index = (order.index + 1) % 64
        stats.sent(order, Self.symbol, twapNotional: child.map { $0 * FixedPoint.one }, at: now)
        let sentAt = now
        now = now + latency
        let measure = Self.measure(
            side,
            intended,
            price,
            mid: mid,
            notional: notional,
            fee: fee,
            latency: stats.latency(of: order, sentAt: sentAt, at: now),
            isTwapChild: child != nil
        )
        let filled = child.map { _ in notional * FixedPoint.one }
        stats.filled(measure, of: order, childNotional: filled, at: now, into: &out)
    }

    static func measure(
        _ side: Side,
        _ intended: String,
        _ price: String,
        mid: String,
        notional: Int64,
        fee: Int64,
        latency: TimeSpan,
        isTwapChild: Bool
    ) -> FillMeasure {
        let known = { (text: String) in (try? Price(text: text)) ?? .zero }
        let execution = Execution(
            id: .none,
            executionID: ExecutionID(value: 1),
            instrument: symbol,
            side: side,
            positionSide: .both,
            price: known(price),
            quantity: Quantity(raw: 1),
            fee: fee,
            liquidity: .taker,
            venueTime: .never
        )
        return FillMeasure(
            execution,
            number: SignalNumber(value: 1),
            notional: notional * FixedPoint.one,
            intended: known(intended),
            arrival: .zero,
            decision: .zero,
            mid: known(mid),
            latency: latency,
            isTwapChild: isTwapChild,
            isLate: false
        )
    }

    var view: RouterStatsView? { stats.view(Self.symbol, at: now) }
}
