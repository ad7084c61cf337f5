public import FairleadModel

/// A notice with the moment that it belongs to.
public struct NoticeEntry: Sendable, BitwiseCopyable {
    /// The journal sequence of the event that caused it.
    public var sequence: UInt64
    /// Engine time.
    public var time: Timestamp
    public var notice: Notice

    public init(sequence: UInt64, time: Timestamp, notice: Notice) {
        self.sequence = sequence
        self.time = time
        self.notice = notice
    }
}

/// The last notices, each numbered from 0: what observers read. Never blocks and never grows; a reader that falls
/// behind by more than the capacity loses the oldest and is told how many.
///
/// Written and read on the loop's thread: a reader on another thread is given copies by the runtime.
public struct NoticeRing {
    public let capacity: Int
    private var entries: ContiguousArray<NoticeEntry>
    /// The number of the next notice: how many there ever were.
    public private(set) var end: UInt64 = 0

    /// `capacity` is rounded up to a power of two.
    public init(capacity: Int) {
        precondition(capacity > 0, "Invariant: a ring holds at least one notice")
        var size = 1
        while size < capacity { size *= 2 }
        self.capacity = size
        let blank = NoticeEntry(sequence: 0, time: .never, notice: .alarm(Alarm(.capacity)))
        entries = ContiguousArray(repeating: blank, count: size)
    }

    /// The number of the oldest notice that can still be read.
    public var start: UInt64 { end > UInt64(capacity) ? end - UInt64(capacity) : 0 }

    public mutating func append(_ entry: NoticeEntry) {
        entries[Int(truncatingIfNeeded: end) & (capacity - 1)] = entry
        end += 1
    }

    /// The notice of a number in `start..<end`.
    public subscript(number: UInt64) -> NoticeEntry {
        precondition(number >= start, "Invariant: a notice is read before it is overwritten")
        precondition(number < end, "Invariant: a notice is read after it was written")
        return entries[Int(truncatingIfNeeded: number) & (capacity - 1)]
    }

    /// Gives `body` up to `limit` notices from `cursor` on and moves the cursor. Returns how many were lost before
    /// them.
    @discardableResult
    public func read(from cursor: inout UInt64, limit: Int = .max, _ body: (NoticeEntry) -> Void) -> UInt64 {
        let lost = cursor < start ? start - cursor : 0
        cursor += lost
        var left = limit
        while cursor < end && left > 0 {
            body(entries[Int(truncatingIfNeeded: cursor) & (capacity - 1)])
            cursor += 1
            left -= 1
        }
        return lost
    }
}
