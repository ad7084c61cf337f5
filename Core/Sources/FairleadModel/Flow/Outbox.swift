/// Where the engine puts what it wants done and what observers may know. Owned and emptied by the node after each
/// `apply`; its memory is kept, so that a warm engine allocates nothing.
public struct Outbox: ~Copyable {
    public var commands: ContiguousArray<Command> = []
    /// What was told, without the rows of `rows`.
    @usableFromInline var told: ContiguousArray<Notice> = []
    @usableFromInline var rows: ContiguousArray<RiskRow> = []
    /// How many notices stand before each of `rows`.
    @usableFromInline var places: ContiguousArray<Int> = []
    /// False where nobody observes: notices are then not built at all. Orders are the same either way (a test
    /// compares).
    public var isObserved: Bool

    public init(commandCapacity: Int = 1024, noticeCapacity: Int = 4096, isObserved: Bool = true) {
        commands.reserveCapacity(commandCapacity)
        told.reserveCapacity(noticeCapacity)
        rows.reserveCapacity(noticeCapacity / 8)
        places.reserveCapacity(noticeCapacity / 8)
        self.isObserved = isObserved
    }

    @inlinable public mutating func command(_ command: Command) { commands.append(command) }

    @inlinable public mutating func notice(_ notice: @autoclosure () -> Notice) {
        if isObserved { told.append(notice()) }
    }

    /// Rows of the risk table, at most `count`: each becomes a `riskRow` here. They wait as they are, since making some
    /// forty notices of them costs half of what the decision does, and its command has to leave first.
    @inlinable public mutating func riskRows(upTo count: Int, _ write: (inout OutputSpan<RiskRow>) -> Void) {
        precondition(isObserved, "Invariant: rows are written for an observer only")
        let before = rows.count
        rows.append(addingCapacity: count) { write(&$0) }
        let place = told.count
        for _ in before..<rows.count { places.append(place) }
    }

    /// All that was told, in its order. Allocates where rows wait: `settle` first on a hot path.
    public var notices: ContiguousArray<Notice> {
        if rows.isEmpty { return told }
        var all = told
        Self.merge(rows, places, into: &all)
        return all
    }

    /// Puts the rows that wait into their places.
    public mutating func settle() {
        if rows.isEmpty { return }
        Self.merge(rows, places, into: &told)
        rows.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// From the end, so that each notice moves once.
    private static func merge(
        _ rows: ContiguousArray<RiskRow>,
        _ places: ContiguousArray<Int>,
        into notices: inout ContiguousArray<Notice>
    ) {
        precondition(rows.count == places.count, "Invariant: each row has its place")
        var read = notices.count
        notices.append(contentsOf: repeatElement(.riskRow(rows[0]), count: rows.count))
        var write = notices.count
        for index in rows.indices.reversed() {
            while read > places[index] {
                read -= 1
                write -= 1
                notices[write] = notices[read]
            }
            write -= 1
            notices[write] = .riskRow(rows[index])
        }
    }

    /// Empties both and keeps their memory.
    @inlinable public mutating func clear() {
        if !commands.isEmpty { commands.removeAll(keepingCapacity: true) }
        clearNotices()
    }

    @inlinable public mutating func clearNotices() {
        if !told.isEmpty { told.removeAll(keepingCapacity: true) }
        if !rows.isEmpty { rows.removeAll(keepingCapacity: true) }
        if !places.isEmpty { places.removeAll(keepingCapacity: true) }
    }
}
