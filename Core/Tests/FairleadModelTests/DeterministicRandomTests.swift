import FairleadModel
import Testing

/// Goal: the same numbers on every machine and toolchain. Method: the published first output of SplitMix64-seeded
/// xoshiro256** for seed 0, worked out by hand from its definition (rotl(s1 * 5, 7) * 9 with s1 the second SplitMix64).
@Test func randomNumbersFollowTheirDefinition() {
    var random = DeterministicRandom(seed: 0)
    let second: UInt64 = 0x6E78_9E6A_A1B9_65F4
    let product = second &* 5
    #expect(random.next() == (product << 7 | product >> 57) &* 9)
}

/// Goal: bounded draws stay in their range and reach all of it. Method: many draws of a small range and the extremes.
@Test func boundedDrawsStayInRange() {
    var random = DeterministicRandom(seed: 7)
    var seen: [Int64: Int] = [:]
    for _ in 0..<6000 { seen[random.next(in: -2...3), default: 0] += 1 }
    #expect(seen.keys.sorted() == [-2, -1, 0, 1, 2, 3])
    #expect(seen.values.allSatisfy { $0 > 800 && $0 < 1200 })
    #expect(random.next(in: 5...5) == 5)
    for _ in 0..<100 { #expect((0..<1).contains(random.nextUnit())) }
    _ = random.next(in: Int64.min...Int64.max)
}
