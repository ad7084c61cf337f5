public import FairleadModel

/// The executions booked lately: what makes a fill count once however often it is told.
///
/// Keyed by the venue's execution id and the instrument (a venue may number its trades per symbol). What has left the
/// window lies far below `highWater`, from where a reconciliation asks.
public struct ExecutionWindow: Sendable {
    private var keys: RecentKeys
    /// The highest execution id booked.
    public private(set) var highWater = ExecutionID(value: 0)
    /// From where a listing is asked: fills under way when a connection is lost may lie below `highWater`, since news
    /// can overtake each other. It follows `highWater` by one to two `settleAfter`, or at once after a listing.
    public private(set) var settled = ExecutionID(value: 0)
    private var settling = ExecutionID(value: 0)
    private var settlingSince = Timestamp.never
    /// The highest id that has left the window: a listing from before it would book fills twice.
    private var forgotten = ExecutionID(value: 0)
    /// Longer than any fill is late (RELIABILITY N4 speaks of minutes): one that is still under way when its connection
    /// is lost is told by no other message.
    static let settleAfter = TimeSpan.minutes(10)

    public init(capacity: Int) { keys = RecentKeys(capacity: capacity) }

    /// Remembers an execution; false when it is known, and must not be booked again.
    public mutating func insert(_ execution: ExecutionID, _ instrument: InstrumentHandle, at now: Timestamp) -> Bool {
        let key = Digest128(high: UInt64(instrument.index), low: execution.value)
        guard keys.value(of: key) == nil else { return false }
        if let oldest = keys.oldest, keys.isFull { forgotten = max(forgotten, ExecutionID(value: oldest.low)) }
        keys.insert(key, value: 0, at: now)
        highWater = max(highWater, execution)
        return true
    }

    /// Listings are asked from here.
    public var listedFrom: ExecutionID { max(settled, forgotten) }

    /// A complete listing has told every execution so far.
    public mutating func listed(at now: Timestamp) {
        settled = highWater
        settling = highWater
        settlingSince = now
    }

    /// Time passes with a reconciled session.
    public mutating func settle(at now: Timestamp) {
        guard settlingSince == .never || now - settlingSince >= Self.settleAfter else { return }
        settled = settling
        settling = highWater
        settlingSince = now
    }

    public func checkInvariants() { keys.checkInvariants() }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        keys.visitState(&visitor)
        visitor.visit(&highWater)
        visitor.visit(&settled)
        visitor.visit(&settling)
        visitor.visit(&settlingSince)
        visitor.visit(&forgotten)
    }
}
