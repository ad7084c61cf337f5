import FairleadModel
import Testing

@testable import FairleadEngine

/// The formulas of VWAP, POV and iceberg by themselves (EXECUTION-QUALITY 3).
@Suite struct AlgorithmScheduleTests {
    private static let lot: Int64 = 100_000

    private func schedule(_ kind: ScheduleKind, lots: Int64, slices: Int = 0, smallest: Int64 = 1) -> ParentSchedule {
        var schedule = ParentSchedule()
        schedule.kind = kind
        schedule.lot = Quantity(raw: Self.lot)
        schedule.total = Quantity(raw: lots * Self.lot)
        schedule.slices = UInt16(slices)
        schedule.interval = .seconds(10)
        schedule.begin = Timestamp(milliseconds: 1_000)
        schedule.smallest = Quantity(raw: smallest * Self.lot)
        return schedule
    }

    private func shares(_ lots: Int64, _ weights: [Int64], smallest: Int64 = 1) -> [Int64] {
        var schedule = schedule(.vwap, lots: lots, slices: weights.count)
        var given = ParentSchedule.Weights(repeating: 0)
        for index in weights.indices { given[index] = Int128(weights[index]) }
        schedule.bend(given, smallest: Quantity(raw: smallest * Self.lot))
        return shares(of: schedule)
    }

    private func shares(of schedule: ParentSchedule) -> [Int64] {
        var before = Quantity.zero
        return (0..<schedule.slices).map { number in
            let through = schedule.scheduled(through: number)
            defer { before = through }
            return (through - before).raw / Self.lot
        }
    }

    // MARK: - VWAP

    /// Goal: `n_k = Q v_k / sum v` by largest remainder. Method: sums done by hand.
    @Test func sharesFollowTheVolume() {
        #expect(shares(10, [1, 2, 3, 4]) == [1, 2, 3, 4])
        #expect(shares(10, [5, 5, 5]) == [4, 3, 3])
        // 0.7, 1.4, 2.1, 2.8: the two lots that are left go to 0.8 and 0.7.
        #expect(shares(7, [1, 2, 3, 4]) == [1, 1, 2, 3])
        #expect(shares(100, [0, 1, 0, 3]) == [0, 25, 0, 75])
    }

    /// Goal: what is too small to be sent goes with the next slice, the last with the one before. Method: by hand.
    @Test func aSliceTooSmallGoesWithTheNext() {
        #expect(shares(100, [1, 9, 80, 10], smallest: 10) == [0, 10, 80, 10])
        #expect(shares(100, [10, 80, 9, 1], smallest: 10) == [10, 80, 0, 10])
        #expect(shares(100, [10, 85, 2, 3], smallest: 10) == [10, 90, 0, 0])
    }

    /// Goal: whatever sizes and volumes: shares sum exactly, each is within a lot of the exact one, and none is dust.
    /// Method: 20,000 draws from a printed seed, volumes up to all that 63 bits hold.
    @Test func sharesSumExactly() {
        let seed: UInt64 = 171
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<20_000 {
            let count = Int(random.next(in: 2...32))
            let reach: Int64 = random.chance(1, in: 4) ? 9_000_000_000_000_000_000 : random.next(in: 1...1_000_000)
            let weights = (0..<count).map { _ in random.chance(1, in: 5) ? 0 : random.next(in: 0...reach) }
            let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
            guard sum > 0 else { continue }
            let lots = random.next(in: 1...(random.chance(1, in: 2) ? 100 : 10_000_000))
            let plain = shares(lots, weights)
            #expect(plain.reduce(0, +) == lots)
            for index in 0..<count {
                let off = (Int128(plain[index]) * sum - Int128(lots) * Int128(weights[index]))
                #expect(off > -sum - (sum >> 40) && off < sum + (sum >> 40))
            }
            let smallest = random.next(in: 1...50)
            let merged = shares(lots, weights, smallest: smallest)
            #expect(merged.reduce(0, +) == lots)
            if lots >= smallest { #expect(merged.allSatisfy { $0 == 0 || $0 >= smallest }) }
        }
    }

    /// Goal: an amendment shares what is left anew in the proportions of the curve, and sums exactly. Method: 100 lots
    /// over [10, 20, 30, 40] made 65 while the second slice is at work; then made so small that nothing is left over.
    @Test func anAmendmentKeepsTheProportions() {
        var bent = schedule(.vwap, lots: 100, slices: 4)
        var weights = ParentSchedule.Weights(repeating: 0)
        for (index, weight) in [1, 2, 3, 4].enumerated() { weights[index] = Int128(weight) }
        bent.bend(weights, smallest: Quantity(raw: Self.lot))
        bent.slice = 1
        bent.shrink(to: Quantity(raw: 65 * Self.lot), smallest: Quantity(raw: Self.lot))
        #expect(shares(of: bent) == [10, 20, 15, 20])
        bent.shrink(to: Quantity(raw: 25 * Self.lot), smallest: Quantity(raw: Self.lot))
        #expect(bent.slices == 2 && bent.scheduled(through: 1).raw == 25 * Self.lot)
    }

    // MARK: - POV

    /// Goal: `n = rho V / (1 - rho)` of others' volume, rounded down, never over the parent. Method: by hand, with a
    /// feed that prints our own fills and one that doesn't.
    @Test func participationEarnsItsShare() {
        func earned(_ rate: Int64, _ volume: Int64, printsOwn: Bool = false, filled: Int64 = 0) -> Int64 {
            var pov = schedule(.pov, lots: 1_000)
            pov.rate = Rate(raw: rate * 1_000_000)
            pov.printsOwn = printsOwn
            pov.note(Quantity(raw: volume * Self.lot))
            return pov.earned(filled: Quantity(raw: filled * Self.lot), working: .zero).raw / Self.lot
        }
        #expect(earned(10, 900) == 100)
        #expect(earned(20, 400) == 100)
        #expect(earned(50, 300) == 300)
        #expect(earned(10, 899) == 99)
        #expect(earned(10, 9_000) == 1_000)
        #expect(earned(10, 1_000_000) == 1_000)
        // Of 1,000 printed 100 are our own: 900 are the others'.
        #expect(earned(10, 1_000, printsOwn: true, filled: 100) == 100)
        #expect(earned(10, 50, printsOwn: true, filled: 100) == 0)
    }

    /// Goal: no rest is left over that is too small to be sent, and held time earns nothing. Method: every volume up to
    /// the whole, a smallest order of 7.
    @Test func participationLeavesNoDust() {
        var pov = schedule(.pov, lots: 100, smallest: 7)
        pov.rate = Rate(raw: 50_000_000)
        for volume in Int64(1)...101 {
            pov.note(Quantity(raw: Self.lot))
            let earned = pov.earned(filled: .zero, working: .zero).raw / Self.lot
            #expect(earned == (volume >= 100 ? 100 : min(volume, 93)))
        }
        var held = schedule(.pov, lots: 100)
        held.rate = Rate(raw: 50_000_000)
        held.heldSince = Timestamp(milliseconds: 1)
        held.note(Quantity(raw: 50 * Self.lot))
        #expect(held.earned(filled: .zero, working: .zero) == .zero)
        held.heldSince = .never
        held.note(Quantity(raw: .max))
        held.note(Quantity(raw: .max))
        #expect(held.earned(filled: .zero, working: .zero) == held.total)
    }

    // MARK: - Iceberg

    /// Goal: no tip is over what is displayed or under what can be sent, and they sum exactly. Method: 5,000 draws of
    /// sizes, displays and jitters from a printed seed; displays of at least twice the smallest order.
    @Test func tipsSumExactly() {
        let seed: UInt64 = 172
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var jittered = 0
        for _ in 0..<5_000 {
            let smallest = random.next(in: 1...20)
            let display = random.next(in: 2 * smallest...100)
            var left = random.next(in: display + 1...3_000)
            var iceberg = schedule(.iceberg, lots: left, smallest: smallest)
            iceberg.display = Quantity(raw: display * Self.lot)
            iceberg.seed = random.next()
            iceberg.rate = Rate(raw: random.chance(1, in: 3) ? 0 : random.next(in: 0...100_000_000))
            while left > 0 {
                iceberg.enter(until: .distantFuture, arrival: .zero)
                let tip = iceberg.tip(of: Quantity(raw: left * Self.lot)).raw / Self.lot
                #expect(tip <= display && tip <= left && (tip >= smallest || tip == left && left < smallest))
                if iceberg.rate.raw == 0, left - display >= smallest { #expect(tip == display) }
                if tip != min(left, display) { jittered += 1 }
                guard tip > 0 else { break }
                left -= tip
                #expect(left == 0 || left >= smallest)
            }
        }
        #expect(jittered > 10_000)
    }
}
