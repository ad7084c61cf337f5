public import FairleadModel

/// The executions booked lately: what makes a fill count once however often it is told.
///
/// Keyed by the venue's execution id and the instrument (a venue may number its trades per symbol). What has left the
/// window lies far below `highWater`, from where a reconciliation asks.
public struct ExecutionWindow: Sendable {
    private var keys: RecentKeys
    /// The highest execution id booked.
    public private(set) var highWater = ExecutionID(value: 0)

    public init(capacity: Int) { keys = RecentKeys(capacity: capacity) }

    /// Remembers an execution; false when it is known, and must not be booked again.
    public mutating func insert(_ execution: ExecutionID, _ instrument: InstrumentHandle, at now: Timestamp) -> Bool {
        let key = Digest128(high: UInt64(instrument.index), low: execution.value)
        guard keys.value(of: key) == nil else { return false }
        keys.insert(key, value: 0, at: now)
        highWater = max(highWater, execution)
        return true
    }

    public func checkInvariants() { keys.checkInvariants() }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        keys.visitState(&visitor)
        visitor.visit(&highWater)
    }
}
