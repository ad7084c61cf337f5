public import FairleadModel

/// Every order, live and recently ended, in memory that is taken once, at start.
///
/// A slot is reused in the order in which slots were freed, so that an ended order keeps its row for as long as
/// possible: a late fill finds it by slot and id. Entries leave an eighth of the slots to exits.
public struct OrderTable: ~Copyable {
    private var rows: ContiguousArray<Order>
    /// A ring of free slots, oldest first.
    private var free: ContiguousArray<UInt32>
    private var freeHead = 0
    private var freeCount: Int
    /// Per instrument: the newest live order.
    private var heads: ContiguousArray<UInt32>
    public private(set) var liveCount = 0

    public init(capacity: Int, instruments: Int) {
        precondition(capacity > 0, "Invariant: an order table has rows")
        precondition(capacity <= ClientOrderID.rowLimit, "Invariant: a row fits the slot of an order id")
        rows = ContiguousArray(repeating: Order(), count: capacity)
        free = ContiguousArray((0..<UInt32(capacity)))
        freeCount = capacity
        heads = ContiguousArray(repeating: OrderSlot.none.index, count: instruments)
    }

    public var capacity: Int { rows.count }
    public var roomLeft: Int { freeCount }

    public subscript(slot: OrderSlot) -> Order {
        get { rows[Int(slot.index)] }
        _modify { yield &rows[Int(slot.index)] }
    }

    /// The slot of an order by its id; nil when the row belongs to another order by now, or never existed.
    public func find(_ id: ClientOrderID) -> OrderSlot? {
        guard id.row < rows.count, rows[id.row].id == id, !id.isNone else { return nil }
        return OrderSlot(index: UInt32(id.row))
    }

    /// The slot that the next `insert` will use, so that it can stand in the order's id.
    public var nextSlot: OrderSlot? { freeCount > 0 ? OrderSlot(index: free[freeHead]) : nil }

    @inline(__always)
    func prefetch(_ slot: OrderSlot) { rows.prefetch(Int(slot.index)) }

    /// Puts a new live order in the row that `nextSlot` told, and in its instrument's list. Inlined, so that the row is
    /// made in its place.
    @inline(__always)
    public mutating func insert(_ order: Order) -> OrderSlot {
        precondition(freeCount > 0, "Invariant: an order is inserted only where there is room")
        let index = free[freeHead]
        precondition(order.id.row == index, "Invariant: an order's id carries its row")
        freeHead = freeHead + 1 == free.count ? 0 : freeHead + 1
        freeCount -= 1
        let instrument = Int(order.instrument.index)
        let head = heads[instrument]
        var row = order
        row.next = OrderSlot(index: head)
        row.previous = .none
        row.isListed = true
        rows[Int(index)] = row
        let slot = OrderSlot(index: index)
        if head != OrderSlot.none.index { rows[Int(head)].previous = slot }
        heads[instrument] = index
        liveCount += 1
        return slot
    }

    /// Takes an ended order off its instrument's list and frees its slot; the row stays readable until it is reused.
    public mutating func retire(_ slot: OrderSlot) {
        precondition(rows[Int(slot.index)].isListed, "Invariant: an order is retired once")
        unlink(slot)
        free[(freeHead + freeCount) % free.count] = slot.index
        freeCount += 1
    }

    /// The newest live order of an instrument; walk on with `Order.next`.
    public func firstLive(_ instrument: InstrumentHandle) -> OrderSlot {
        OrderSlot(index: heads[Int(instrument.index)])
    }

    private mutating func unlink(_ slot: OrderSlot) {
        let order = rows[Int(slot.index)]
        if order.previous == .none {
            heads[Int(order.instrument.index)] = order.next.index
        } else {
            rows[Int(order.previous.index)].next = order.next
        }
        if order.next != .none { rows[Int(order.next.index)].previous = order.previous }
        rows[Int(slot.index)].isListed = false
        rows[Int(slot.index)].previous = .none
        rows[Int(slot.index)].next = .none
        liveCount -= 1
    }

    /// Walks the whole table and traps on the first broken rule. Slow: tests and the simulator call it.
    public func checkInvariants() {
        var listed = 0
        for head in heads {
            var slot = head
            var before = OrderSlot.none
            while slot != OrderSlot.none.index {
                let order = rows[Int(slot)]
                precondition(order.isListed, "Invariant: a list holds listed orders only")
                precondition(order.previous == before, "Invariant: a list's links agree in both directions")
                precondition(!order.id.isNone, "Invariant: a listed order has an id")
                listed += 1
                precondition(listed <= rows.count, "Invariant: a list has no loop")
                before = OrderSlot(index: slot)
                slot = order.next.index
            }
        }
        precondition(listed == liveCount, "Invariant: the live count equals the lists")
        precondition(listed + freeCount == rows.count, "Invariant: a slot is either live or free")
        for order in rows where !order.id.isNone {
            precondition(order.isListed || order.state.isTerminal, "Invariant: a live order is listed")
        }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        let capacity = rows.count
        visitor.visit(&rows, limit: capacity, blank: Order()) { $0.visitState(&$1) }
        visitor.visit(&free, limit: capacity, blank: 0) { $1.visit(&$0) }
        visitor.visit(&freeHead)
        visitor.visit(&freeCount)
        visitor.visit(&heads, limit: heads.count, blank: OrderSlot.none.index) { $1.visit(&$0) }
        visitor.visit(&liveCount)
    }
}
