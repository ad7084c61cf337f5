import FairleadModel
import Foundation
import Testing

@testable import FairleadFuzz

@Suite struct FuzzCorpusTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fuzz/Corpus")

    static func corpus(_ entry: FuzzEntry) throws -> [(name: String, bytes: [UInt8])] {
        let own = folder.appendingPathComponent(entry.rawValue)
        return try FileManager.default.contentsOfDirectory(atPath: own.path).sorted().map { name in
            (name, [UInt8](try Data(contentsOf: own.appendingPathComponent(name))))
        }
    }

    /// Goal: no decoder traps on what is cut short, from the first byte to the last. Method: every truncation of every
    /// example in the entry's corpus; an entry that traps ends the process at its input.
    @Test(arguments: FuzzEntry.allCases) func everyTruncationIsAnswered(_ entry: FuzzEntry) throws {
        let examples = try Self.corpus(entry)
        try #require(!examples.isEmpty, "\(entry) has no corpus")
        var cases = 0
        for example in examples {
            for count in 0...example.bytes.count {
                entry.feed(Array(example.bytes[..<count]))
                cases += 1
            }
        }
        print("fuzz \(entry.rawValue): \(examples.count) examples, \(cases) truncations")
    }

    /// Goal: no decoder traps on what is damaged. Method: from a printed seed, bytes of the examples are changed,
    /// doubled, dropped and joined with another example's.
    @Test(arguments: FuzzEntry.allCases) func mutationsAreAnswered(_ entry: FuzzEntry) throws {
        let seed: UInt64 = 0xF022
        print("fuzz \(entry.rawValue): 1000 mutations, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        let examples = try Self.corpus(entry)
        for _ in 0..<1000 {
            let other = examples[Int(random.next(below: UInt64(examples.count)))].bytes
            var bytes = examples[Int(random.next(below: UInt64(examples.count)))].bytes
            for _ in 0...random.next(below: 4) { Self.mutate(&bytes, other, &random) }
            entry.feed(bytes)
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ other: [UInt8], _ random: inout DeterministicRandom) {
        guard !bytes.isEmpty else { return bytes = other }
        let place = Int(random.next(below: UInt64(bytes.count)))
        switch random.next(below: 5) {
        case 0: bytes[place] ^= UInt8(1) << UInt8(random.next(below: 8))
        case 1: bytes[place] = UInt8(random.next(below: 256))
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<min(place + 8, bytes.count)], at: place)
        default: bytes.replaceSubrange(place..., with: other.suffix(from: min(place, other.count)))
        }
    }
}
