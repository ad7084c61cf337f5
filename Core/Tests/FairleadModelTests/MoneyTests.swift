import FairleadModel
import Testing

@Suite struct MoneyTests {
    /// Goal: the conversion of 128 bits is the library's, ties and ends included. Method: both, over random values of
    /// every length, and over neighbours of ties.
    @Test func nearestDoubleIsTheLibrarys() {
        var random = SeededRandom(printedAs: "MoneyTests.nearestDoubleIsTheLibrarys")
        func check(_ value: Int128) {
            #expect(FixedPoint.nearestDouble(value) == Double(value), "\(value), seed \(random.seed)")
        }
        let ends: [Int128] = [.min, .min + 1, -1, 0, 1, .max, .max - 1, 1 << 63, -(1 << 63), (1 << 63) - 1, 1 << 64]
        for value in ends { check(value) }
        for length in 1..<127 {
            for _ in 0..<50 {
                let bits = Int128(random.next()) << 64 | Int128(random.next())
                check((bits & .max) >> (127 - Int128(length)))
                check(-((bits & .max) >> (127 - Int128(length))))
            }
            guard length > 53 else { continue }
            let tie = (Int128(random.next() >> 11 | 1 << 52) << 1 | 1) << Int128(length - 54)
            for near in [tie - 1, tie, tie + 1] { check(near) }
        }
    }

    /// Goal: an amount in units of 10^-8 is rounded down, whatever its size and sign, and saturates. Method: 10,000
    /// random sums of every magnitude against the definition; both sides of where 64 bits end.
    @Test func amountsAreRoundedDown() throws {
        var random = SeededRandom(printedAs: "MoneyTests.amountsAreRoundedDown")
        let one = Int128(FixedPoint.one)
        var sums = [Int128(Int64.max), Int128(Int64.max) + 1, Int128(Int64.min), Int128(Int64.min) - 1, 0, -1, one]
        for _ in 0..<10_000 {
            let high = Int128(random.anyRaw()) << Int.random(in: 0...63, using: &random)
            sums.append(high + Int128(random.anyRaw()))
        }
        for raw in sums {
            let amount = Money(raw: raw).raw8
            if amount == Int64.max || amount == Int64.min { continue }
            let rest = raw - Int128(amount) * one
            try #require(rest >= 0 && rest < one, "\(raw), seed \(random.seed)")
        }
        #expect(Money(raw: Int128.max).raw8 == Int64.max)
        #expect(Money(raw: Int128.min).raw8 == Int64.min)
    }
}
