import FairleadModel
import Foundation
import Testing

/// Style `twap` at the door: what is taken, and that it comes back from its own text.
@Suite struct SignalTwapTests {
    struct Names: SignalDirectory {
        func instrument(symbol: String) -> InstrumentHandle? { symbol == "BTCUSDT" ? InstrumentHandle(0) : nil }
        mutating func strategy(named name: String) -> StrategyHandle? { .unnamed }
    }

    private func decode(_ text: String) throws(SignalError) -> SignalTerms {
        var names = Names()
        let number = SignalNumber(value: 7)
        return try SignalDecoder.decode(Array(text.utf8), number: number, source: .file, directory: &names).terms
    }

    private func signal(_ execution: String) -> String {
        #"{"schema":"fairlead.signal.v1","signal_id":"a","symbol":"BTCUSDT","side":"BUY","size":{"quantity":"1"},"#
            + #""execution":\#(execution)}"#
    }

    /// Goal: each parameter lands in its place, and one that is left out stays with the configuration. Method: all,
    /// none, and the ends of each range.
    @Test func takesTheParameters() throws {
        let full = try decode(signal(#"{"style":"twap","slices":6,"interval_s":"2.5","jitter":0.25}"#))
        #expect(full.style == .twap)
        #expect(full.twap == TwapTerms(slices: 6, jitter: 2_500, intervalMilliseconds: 2_500))
        #expect(full.twap.interval == .milliseconds(2_500) && full.twap.jitterShare == Rate(raw: 25_000_000))
        let bare = try decode(signal(#"{"style":"twap"}"#))
        #expect(bare.twap == TwapTerms() && bare.twap.interval == nil && bare.twap.jitterShare == nil)
        let ends = try decode(signal(#"{"style":"twap","slices":1000,"interval_s":86400,"jitter":0}"#))
        #expect(ends.twap == TwapTerms(slices: 1000, jitter: 0, intervalMilliseconds: 86_400_000))
    }

    /// Goal: the encoder's text decodes to the same terms. Method: 500 drawn parameters from a printed seed.
    @Test func comesBackFromItsText() throws {
        let seed: UInt64 = 5
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<500 {
            var terms = SignalTerms(
                number: SignalNumber(value: 7),
                digest: Digest128(of: "a"),
                instrument: InstrumentHandle(0),
                side: .sell,
                size: .quantity(Quantity(raw: 100))
            )
            terms.style = .twap
            if random.chance(1, in: 2) { terms.twap.slices = UInt16(random.next(in: 2...1000)) }
            if random.chance(1, in: 2) { terms.twap.jitter = UInt16(random.next(in: 0...10_000)) }
            if random.chance(1, in: 2) {
                terms.twap.intervalMilliseconds = UInt32(random.next(in: 1_000...86_400_000))
            }
            let bytes = try SignalEncoder.encode(terms, signalID: "a", symbol: "BTCUSDT")
            #expect(try decode(String(decoding: bytes, as: UTF8.self)) == terms)
        }
    }
}
