import FairleadModel
import Testing

@testable import FairleadEngine

struct DeadlineHeapTests {
    /// Goal: deadlines come due by time, then owner, each once. Method: three owners, two of the same time.
    @Test func comesDueInOrderOfTimeThenOwner() {
        var heap = DeadlineHeap(owners: 4)
        heap.set(3, at: Timestamp(nanoseconds: 20))
        heap.set(1, at: Timestamp(nanoseconds: 20))
        heap.set(0, at: Timestamp(nanoseconds: 10))
        #expect(heap.next == Timestamp(nanoseconds: 10))
        #expect(heap.popDue(at: Timestamp(nanoseconds: 9)) == nil)
        #expect(heap.popDue(at: Timestamp(nanoseconds: 30)) == 0)
        #expect(heap.popDue(at: Timestamp(nanoseconds: 30)) == 1)
        #expect(heap.popDue(at: Timestamp(nanoseconds: 20)) == 3)
        #expect(heap.popDue(at: .distantFuture) == nil)
        #expect(heap.next == .distantFuture)
    }

    /// Goal: an owner has one deadline. Method: set it twice, and to the distant future.
    @Test func replacesAndClears() {
        var heap = DeadlineHeap(owners: 2)
        heap.set(0, at: Timestamp(nanoseconds: 5))
        heap.set(0, at: Timestamp(nanoseconds: 50))
        #expect(heap.count == 1)
        #expect(heap.deadline(of: 0) == Timestamp(nanoseconds: 50))
        heap.set(0, at: .distantFuture)
        heap.clear(1)
        #expect(heap.count == 0)
    }

    /// Goal: the heap does what a plain table would. Method: 4,000 random sets, clears and pops against a dictionary,
    /// with the invariants checked and a copy made through a snapshot along the way.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func agreesWithAPlainTable(seed: UInt64) {
        print("deadline heap seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var heap = DeadlineHeap(owners: 40)
        var model: [Int: Int64] = [:]
        for step in 0..<4000 {
            let owner = Int(random.next(below: 40))
            switch random.next(below: 4) {
            case 0, 1:
                let time = random.next(in: 0...60)
                heap.set(owner, at: Timestamp(nanoseconds: time))
                model[owner] = time
            case 2:
                heap.clear(owner)
                model[owner] = nil
            default:
                let now = random.next(in: 0...40)
                let expected = model.filter { $0.value <= now }.min { ($0.value, $0.key) < ($1.value, $1.key) }
                #expect(heap.popDue(at: Timestamp(nanoseconds: now)) == expected?.key)
                if let expected { model[expected.key] = nil }
            }
            #expect(heap.count == model.count)
            #expect(heap.next.nanoseconds == model.values.min() ?? Int64.max)
            if step % 100 == 0 {
                heap.checkInvariants()
                heap = copied(&heap)
            }
        }
    }

    private func copied(_ heap: inout DeadlineHeap) -> DeadlineHeap {
        var writer = VisitedWords()
        heap.visitState(&writer)
        var reader = VisitedWords(reading: writer.words)
        var copy = DeadlineHeap(owners: heap.owners)
        copy.set(0, at: Timestamp(nanoseconds: 99))
        copy.visitState(&reader)
        #expect(reader.isAtEnd)
        return copy
    }
}
