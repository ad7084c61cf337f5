import Testing

/// SplitMix64: the same numbers for the same seed on every machine. Tests print the seed, so that a failure comes back.
struct SeededRandom: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// A new seed for each run, printed under the test's name.
    init(printedAs test: String) {
        self.init(seed: UInt64.random(in: 0...UInt64.max))
        print("\(test): seed \(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A raw value of any size: as many small ones as large ones.
    mutating func anyRaw() -> Int64 {
        Int64(bitPattern: next()) >> Int64.random(in: 0..<64, using: &self)
    }
}
