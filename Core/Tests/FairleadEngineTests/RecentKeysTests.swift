import FairleadModel
import Testing

@testable import FairleadEngine

/// The last keys of a ring, found through its index.
struct RecentKeysTests {
    private static let begin = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    /// Goal: a key is found exactly as long as it is remembered, however keys crowd in the index and leave it.
    /// Method: thousands of keys through small rings, looked up beside a plain list of the remembered ones; old ones
    /// leave by time, and by a full ring.
    @Test(arguments: [1, 2, 3, 8, 61])
    func whatIsRememberedIsFound(capacity: Int) {
        let seed = UInt64(capacity)
        var random = DeterministicRandom(seed: seed)
        var keys = RecentKeys(capacity: capacity)
        var remembered: [(key: Digest128, value: UInt64, time: Timestamp)] = []
        for step in 0..<3_000 {
            let now = Self.begin + .seconds(Int64(step))
            // Few keys, so that most were there before; some differ in the upper half alone.
            let key = Digest128(high: random.next(below: 3), low: random.next(below: UInt64(3 * capacity + 1)))
            if random.chance(1, in: 8) {
                let bound = now + -TimeSpan.seconds(Int64(random.next(below: UInt64(2 * capacity))))
                keys.forget(before: bound)
                remembered.removeAll { $0.time < bound }
            }
            let known = remembered.first { $0.key == key }
            #expect(keys.value(of: key) == known?.value, "seed \(seed), step \(step)")
            if known == nil {
                if remembered.count == capacity { remembered.removeFirst() }
                keys.insert(key, value: UInt64(step), at: now)
                remembered.append((key, UInt64(step), now))
            }
            #expect(keys.count == remembered.count, "seed \(seed), step \(step)")
            #expect(keys.oldest == remembered.first?.key, "seed \(seed), step \(step)")
            keys.checkInvariants()
        }
    }
}
