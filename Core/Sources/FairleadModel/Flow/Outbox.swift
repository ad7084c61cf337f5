/// Where the engine puts what it wants done and what observers may know. Owned and emptied by the node after each
/// `apply`; its memory is kept, so that a warm engine allocates nothing.
public struct Outbox: ~Copyable {
    public var commands: ContiguousArray<Command> = []
    public var notices: ContiguousArray<Notice> = []
    /// False where nobody observes: notices are then not built at all. Orders are the same either way (a test
    /// compares).
    public var isObserved: Bool

    public init(commandCapacity: Int = 1024, noticeCapacity: Int = 4096, isObserved: Bool = true) {
        commands.reserveCapacity(commandCapacity)
        notices.reserveCapacity(noticeCapacity)
        self.isObserved = isObserved
    }

    @inlinable public mutating func command(_ command: Command) { commands.append(command) }

    @inlinable public mutating func notice(_ notice: @autoclosure () -> Notice) {
        if isObserved { notices.append(notice()) }
    }

    /// Empties both and keeps their memory.
    @inlinable public mutating func clear() {
        if !commands.isEmpty { commands.removeAll(keepingCapacity: true) }
        if !notices.isEmpty { notices.removeAll(keepingCapacity: true) }
    }
}
