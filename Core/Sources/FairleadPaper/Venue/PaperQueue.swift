internal import FairleadModel

/// What waits in a `PaperQueue`: due at a time, in the order of its sequence among equals.
protocol PaperQueueEntry: BitwiseCopyable {
    var time: Timestamp { get }
    /// Unique within the venue, increasing.
    var sequence: UInt64 { get }
}

/// A binary heap of entries by (time, sequence), bounded by its owner.
struct PaperQueue<Entry: PaperQueueEntry> {
    /// In heap order; visited as it is, since a heap restores as the same heap.
    var entries: ContiguousArray<Entry> = []

    var count: Int { entries.count }
    var nextTime: Timestamp { entries.first?.time ?? .distantFuture }

    mutating func push(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(entries[child], entries[parent]) else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> Entry? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < entries.count else { break }
            let right = left + 1
            let child = right < entries.count && precedes(entries[right], entries[left]) ? right : left
            guard precedes(entries[child], entries[parent]) else { break }
            entries.swapAt(child, parent)
            parent = child
        }
        return first
    }

    private func precedes(_ a: Entry, _ b: Entry) -> Bool {
        a.time == b.time ? a.sequence < b.sequence : a.time < b.time
    }
}

/// A request between its sender and the book.
struct PaperArrival: PaperQueueEntry {
    var time: Timestamp
    var sequence: UInt64
    var client: UInt32
    /// Which of the client's connections sent it; its answers go nowhere once that one is gone.
    var connection: UInt32
    var number: UInt32
    var request: PaperRequest
}

/// An answer between the book and its client.
struct PaperAnswer: PaperQueueEntry {
    var time: Timestamp
    var sequence: UInt64
    var client: UInt32
    var connection: UInt32
    var number: UInt32
    var response: PaperResponse
}
