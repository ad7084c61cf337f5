public import FairleadModel

/// Every parent order at work, and the recently ended, in memory that is taken once.
///
/// Slots are reused oldest first, as in `OrderTable`. Entries leave an eighth of the slots to exits.
public struct ParentTable: ~Copyable {
    private var rows: ContiguousArray<Parent>
    private var free: ContiguousArray<UInt32>
    private var freeHead = 0
    private var freeCount: Int
    private var heads: ContiguousArray<UInt32>
    public private(set) var openCount = 0

    public init(capacity: Int, instruments: Int) {
        precondition(capacity > 0, "Invariant: a parent table has rows")
        rows = ContiguousArray(repeating: Parent(), count: capacity)
        free = ContiguousArray((0..<UInt32(capacity)))
        freeCount = capacity
        heads = ContiguousArray(repeating: ParentSlot.none.index, count: instruments)
    }

    public var capacity: Int { rows.count }
    public var roomLeft: Int { freeCount }

    public subscript(slot: ParentSlot) -> Parent {
        get { rows[Int(slot.index)] }
        _modify { yield &rows[Int(slot.index)] }
    }

    /// The newest open parent of an instrument; walk on with `Parent.next`.
    public func firstOpen(_ instrument: InstrumentHandle) -> ParentSlot {
        ParentSlot(index: heads[Int(instrument.index)])
    }

    /// The slot that the next `insert` will use.
    var nextSlot: ParentSlot? { freeCount > 0 ? ParentSlot(index: free[freeHead]) : nil }

    @inline(__always)
    func prefetch(_ slot: ParentSlot) { rows.prefetch(Int(slot.index)) }

    /// Inlined, so that the row is made in its place.
    @inline(__always)
    public mutating func insert(_ parent: Parent) -> ParentSlot {
        precondition(freeCount > 0, "Invariant: a parent is inserted only where there is room")
        let index = free[freeHead]
        freeHead = freeHead + 1 == free.count ? 0 : freeHead + 1
        freeCount -= 1
        let slot = ParentSlot(index: index)
        let head = heads[Int(parent.instrument.index)]
        var row = parent
        row.next = ParentSlot(index: head)
        row.previous = .none
        row.isListed = true
        rows[Int(index)] = row
        if head != ParentSlot.none.index { rows[Int(head)].previous = slot }
        heads[Int(parent.instrument.index)] = index
        openCount += 1
        return slot
    }

    /// Takes an ended parent off its list; the row stays readable until its slot is reused.
    public mutating func retire(_ slot: ParentSlot) {
        let parent = rows[Int(slot.index)]
        precondition(parent.isListed, "Invariant: a parent is retired once")
        if parent.previous == .none {
            heads[Int(parent.instrument.index)] = parent.next.index
        } else {
            rows[Int(parent.previous.index)].next = parent.next
        }
        if parent.next != .none { rows[Int(parent.next.index)].previous = parent.previous }
        rows[Int(slot.index)].isListed = false
        rows[Int(slot.index)].next = .none
        rows[Int(slot.index)].previous = .none
        free[(freeHead + freeCount) % free.count] = slot.index
        freeCount += 1
        openCount -= 1
    }

    /// Walks the whole table and traps on the first broken rule. Slow: tests and the simulator call it.
    public func checkInvariants() {
        var listed = 0
        for row in rows where row.isListed {
            listed += 1
            precondition(row.filled <= row.approved, "Invariant: a parent is never filled beyond what was approved")
            precondition(row.reduceQuantity <= row.approved, "Invariant: a flip's first leg is part of the whole")
            precondition(row.released <= row.approved, "Invariant: no schedule lets go of more than was approved")
            precondition(row.stage != .ended, "Invariant: an ended parent is retired")
        }
        precondition(listed == openCount, "Invariant: the open count equals the listed rows")
        precondition(listed + freeCount == rows.count, "Invariant: a slot is either open or free")
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        let capacity = rows.count
        visitor.visit(&rows, limit: capacity, blank: Parent()) { $0.visitState(&$1) }
        visitor.visit(&free, limit: capacity, blank: 0) { $1.visit(&$0) }
        visitor.visit(&freeHead)
        visitor.visit(&freeCount)
        visitor.visit(&heads, limit: heads.count, blank: ParentSlot.none.index) { $1.visit(&$0) }
        visitor.visit(&openCount)
    }
}
