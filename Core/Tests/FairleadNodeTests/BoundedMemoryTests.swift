import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct BoundedMemoryTests {
    /// Goal: a queue is first in, first out over the end of its memory, and full is an answer.
    /// Method: three rows, filled, emptied and filled again.
    @Test func queue() {
        var queue = BoundedQueue(capacity: 3, blank: 0)
        for round in 0..<5 {
            for value in 0..<3 { #expect(queue.append(round * 10 + value) == true) }
            #expect(queue.append(99) == false)
            #expect(queue[1] == round * 10 + 1)
            for value in 0..<3 {
                let popped = queue.popFirst()
                #expect(popped == round * 10 + value)
            }
            #expect(queue.isEmpty)
            _ = queue.append(7)
            let seven = queue.popFirst()
            #expect(seven == 7)
        }
    }

    /// Goal: bytes come out as they went in, whatever the pieces, and what doesn't fit is not taken in part.
    /// Method: pieces of growing length through 64 bytes, some taken between them.
    @Test func bytes() {
        var queue = ByteQueue(capacity: 64)
        var expected: [UInt8] = []
        var next: UInt8 = 0
        for length in (1...40).map({ $0 % 17 + 1 }) {
            let piece = (0..<length).map { _ in
                next &+= 1
                return next
            }
            let isTaken = queue.append(piece.span)
            #expect(isTaken == (expected.count + length <= 64))
            if isTaken { expected += piece } else { next &-= UInt8(length) }
            let seen = queue.withBytes { bytes in (0..<bytes.count).map { bytes[$0] } }
            #expect(seen == expected)
            let taken = min(expected.count, length / 2)
            queue.removeFirst(taken)
            expected.removeFirst(taken)
        }
    }

    /// Goal: a slow reader of the ring loses the oldest and is told how many; a fast one loses none.
    /// Method: ten notices through a ring of four, one reader after each, one at the end.
    @Test func notices() {
        var ring = NoticeRing(capacity: 4)
        var fast: UInt64 = 0
        var slow: UInt64 = 0
        for number in 1...10 as ClosedRange<UInt64> {
            ring.append(NoticeEntry(sequence: number, time: .never, notice: .alarm(Alarm(.capacity))))
            var seen: [UInt64] = []
            let lost = ring.read(from: &fast) { seen.append($0.sequence) }
            #expect(lost == 0)
            #expect(seen == [number])
        }
        var seen: [UInt64] = []
        let lost = ring.read(from: &slow, limit: 3) { seen.append($0.sequence) }
        #expect(lost == 6)
        #expect(seen == [7, 8, 9])
        let more = ring.read(from: &slow) { seen.append($0.sequence) }
        #expect(more == 0)
        #expect(seen.last == 10)
    }
}
