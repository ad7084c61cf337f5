import FairleadModel
import Testing

@testable import FairleadEngine

/// Goal: the short ways of 64 bits give what the long ones give, on both sides of where they change over.
/// Method: seeded values of all magnitudes against the model's exact divisions.
@Test(arguments: [1, 2, 3] as [UInt64])
func shortArithmeticEqualsLong(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let one = Int128(FixedPoint.one)
    for _ in 0..<5000 {
        func drawn(_ bits: Int64) -> Int64 {
            Int64.random(
                in: 0...(Int64.max >> Int64.random(in: (63 - bits)...62, using: &generator)),
                using: &generator
            )
        }
        let part = drawn(60)
        let whole = max(1, drawn(60))
        for signed in [part, -part] {
            let exact = FixedPoint.dividedRoundingUp(Int128(signed) * one, by: Int128(whole))
            #expect(Rate.ratioRoundedUp(signed, of: whole) == exact)
        }
        let share = Rate(raw: drawn(40))
        #expect(
            share.share(of: part) == FixedPoint.dividedRoundingDown(Int128(part) * Int128(share.raw), by: one)
        )
        let sum = Money(raw: Int128(drawn(62)) * Int128(max(1, drawn(50))) + Int128(drawn(20)))
        #expect(sum.raw8RoundedDown == sum.raw8)
        #expect(Money(raw: -sum.raw).raw8RoundedDown == Money(raw: -sum.raw).raw8)
        #expect(sum.raw8RoundedUp == Int64(clamping: (sum.raw + one - 1) / one))
        let base = Money(raw: Int128(max(1, drawn(62))) * Int128(max(1, drawn(30))))
        let ratio = sum.shareRoundedUp(of: base)
        if ratio.raw < Int64.max {
            #expect(!sum.exceeds(ratio, of: base))
            if ratio.raw > 0 { #expect(sum.exceeds(Rate(raw: ratio.raw - 1), of: base)) }
        }
        for limit in [ratio, Rate(raw: max(0, ratio.raw - 1)), Rate(raw: drawn(62)), Rate(raw: -1)] {
            #expect(NavShare(sum, of: base).exceeds(limit) == (ratio > limit))
        }
    }
}

/// Goal: the table of the gateway is the registry, row by row.
/// Method: its walk against the model's cases.
@Test("gateway: the table is SPEC 4's, in its order")
func tableIsTheRegistry() {
    var rows: [VetoReason] = []
    RiskGateway.eachRow { rows.append($0) }
    #expect(rows == VetoReason.allCases)
    #expect(VetoReason.allCases.count { !$0.isEntryOnly } == 11)
}

/// Goal: a price moved by a rate is the exact product rounded down, in 64 bits and past them.
/// Method: seeded prices and rates of all magnitudes against the division of 128 bits.
@Test func movedPricesAreExact() {
    let seed: UInt64 = 11
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<10_000 {
        let price = Int64.random(in: -Price.bound.raw...Price.bound.raw, using: &generator)
        let raw = price >> Int64.random(in: 0...50, using: &generator)
        let rate = Int64.random(in: -FixedPoint.one...FixedPoint.one, using: &generator)
        let moved = rate >> Int64.random(in: 0...26, using: &generator)
        let exact = FixedPoint.floorDivide(Int128(raw) * Int128(moved), by: Int128(FixedPoint.one))
        #expect(Price(raw: raw).adjusted(by: Rate(raw: moved)).raw == raw + Int64(exact))
    }
}
