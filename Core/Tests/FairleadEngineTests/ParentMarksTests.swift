import FairleadModel
import Testing

@testable import FairleadEngine

/// Goal: whatever marks stand in the bytes, each place of a mark is found, and found once.
/// Method: seeded rows of few distinct marks, the ends of their range among them, against a look at each place.
@Test(arguments: [1, 2, 3] as [UInt64])
func everyPlaceOfAMarkIsFound(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let values: [UInt8] = [0, 1, 2, 0x7F, 0x80, 0x81, 0xFE, 0xFF]
    for _ in 0..<2000 {
        var marks = ParentMarks()
        for place in 0..<RepeatGuard.parentsRemembered {
            marks.set(place, values[Int.random(in: 0..<values.count, using: &generator)])
        }
        for value in values {
            var places = marks.places(of: value)
            var found: [Int] = []
            while let place = places.next() { found.append(place) }
            #expect(found == found.sorted())
            #expect(Set(found).count == found.count)
            let holding = (0..<RepeatGuard.parentsRemembered).filter { marks[$0] == value }
            #expect(Set(holding).isSubset(of: found))
        }
    }
}
