import FairleadModel
import Foundation
import Testing

/// Styles `vwap`, `pov` and `iceberg` at the door: what is taken, and that it comes back from its own text. What is
/// refused stands in `Fixtures/signals/invalid.json`.
@Suite struct SignalAlgorithmTests {
    private func decode(_ text: String) throws(SignalError) -> SignalTerms {
        var names = SignalTwapTests.Names()
        let number = SignalNumber(value: 7)
        return try SignalDecoder.decode(Array(text.utf8), number: number, source: .file, directory: &names).terms
    }

    private func signal(_ execution: String, _ more: String = "") -> String {
        #"{"schema":"fairlead.signal.v1","signal_id":"a","symbol":"BTCUSDT","side":"BUY","size":{"quantity":"1"},"#
            + #"\#(more)"execution":\#(execution)}"#
    }

    /// Goal: each parameter lands in its place, and one that is left out stays with the configuration. Method: all and
    /// none, and the ends of each range.
    @Test func takesTheParameters() throws {
        let vwap = try decode(signal(#"{"style":"vwap","slices":32,"duration_s":"3600.5","jitter":1}"#))
        #expect(vwap.style == .vwap && vwap.twap == TwapTerms(slices: 32, jitter: 10_000))
        #expect(vwap.algorithm == AlgorithmTerms(durationMilliseconds: 3_600_500))
        let pov = try decode(signal(#"{"style":"pov","participation_rate":"0.5","duration_s":86400}"#))
        #expect(pov.style == .pov && pov.algorithm.participationRate == Rate(raw: 50_000_000))
        #expect(pov.algorithm.duration == .seconds(86_400))
        let least = try decode(signal(#"{"style":"pov","participation_rate":0.0001}"#))
        #expect(least.algorithm == AlgorithmTerms(participation: 1) && least.algorithm.duration == nil)
        let limit = #""order_type":"post_only","limit_price":"60000","#
        let iceberg = try decode(signal(#"{"style":"iceberg","display_qty":"0.25","jitter":0.3}"#, limit))
        #expect(iceberg.style == .iceberg && iceberg.twap.jitter == 3_000)
        #expect(iceberg.algorithm.display == Quantity(raw: 25_000_000))
        #expect(try decode(signal(#"{"style":"pov"}"#)).algorithm == AlgorithmTerms())
        #expect(try decode(signal(#"{"style":"vwap"}"#)).twap == TwapTerms())
    }

    /// Goal: the encoder's text decodes to the same terms. Method: 500 drawn parameters of each from a printed seed.
    @Test(arguments: [ExecutionStyle.vwap, .pov, .iceberg]) func comesBackFromItsText(_ style: ExecutionStyle) throws {
        let seed: UInt64 = 6
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
            terms.style = style
            if random.chance(1, in: 2) {
                terms.algorithm.durationMilliseconds = UInt32(random.next(in: 1_000...86_400_000))
            }
            if style == .pov, random.chance(1, in: 2) {
                terms.algorithm.participation = UInt16(random.next(in: 1...5_000))
            }
            if style == .vwap, random.chance(1, in: 2) { terms.twap.slices = UInt16(random.next(in: 2...32)) }
            if style != .pov, random.chance(1, in: 2) { terms.twap.jitter = UInt16(random.next(in: 0...10_000)) }
            if style == .iceberg {
                terms.orderType = .limit
                terms.limitPrice = Price(raw: random.next(in: 1...1_000_000))
                terms.algorithm.display = Quantity(raw: random.next(in: 1...1_000_000))
            }
            let bytes = try SignalEncoder.encode(terms, signalID: "a", symbol: "BTCUSDT")
            #expect(try decode(String(decoding: bytes, as: UTF8.self)) == terms)
        }
    }
}
