internal import FairleadModel

/// A request that waits for its answer.
struct PaperPendingRequest: BitwiseCopyable {
    enum Purpose: BitwiseCopyable { case submit, cancel, amend, query, list, answered }

    var purpose: Purpose
    var id: ClientOrderID
    /// Where its first byte stands in the stream of this connection.
    var start: UInt64
    var deadline: Timestamp
}

/// Requests in the order of their numbers, found by number: a ring that its owner bounds.
struct PaperRequestTable {
    private var rows: ContiguousArray<PaperPendingRequest> = []
    private var head = 0
    /// The number of the row at `head`. Numbers wrap; 0 is never used.
    private var firstNumber: UInt32 = 1

    var count: Int { rows.count - head }
    /// The earliest deadline, since all wait equally long.
    var nextDeadline: Timestamp { head < rows.count ? rows[head].deadline : .distantFuture }
    var nextNumber: UInt32 { firstNumber &+ UInt32(count) }

    mutating func append(_ row: PaperPendingRequest) -> UInt32 {
        let number = nextNumber
        rows.append(row)
        return number
    }

    /// The row of a number that still waits.
    func pending(_ number: UInt32) -> PaperPendingRequest? {
        guard let place = place(of: number), rows[place].purpose != .answered else { return nil }
        return rows[place]
    }

    mutating func settle(_ number: UInt32) {
        guard let place = place(of: number) else { return }
        rows[place].purpose = .answered
        dropAnswered()
    }

    /// Takes out the oldest row whose time is up at `now`.
    mutating func takeOverdue(at now: Timestamp) -> PaperPendingRequest? {
        guard head < rows.count, rows[head].deadline <= now else { return nil }
        let row = rows[head]
        rows[head].purpose = .answered
        dropAnswered()
        return row
    }

    /// Takes out the oldest row that waits.
    mutating func takeFirst() -> PaperPendingRequest? {
        guard head < rows.count else { return nil }
        let row = rows[head]
        rows[head].purpose = .answered
        dropAnswered()
        return row
    }

    private func place(of number: UInt32) -> Int? {
        let distance = Int(number &- firstNumber)
        return distance < count ? head + distance : nil
    }

    private mutating func dropAnswered() {
        while head < rows.count, rows[head].purpose == .answered {
            head += 1
            firstNumber &+= 1
        }
        if head == rows.count {
            rows.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024 && head * 2 > rows.count {
            rows.removeFirst(head)
            head = 0
        }
    }
}
