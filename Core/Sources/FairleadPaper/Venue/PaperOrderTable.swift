internal import FairleadModel

/// All orders that the venue knows, live and remembered, found by client and client id.
///
/// Bounded: when it is full, the order that ended first is forgotten. Its id stays used: each client has a horizon, the
/// newest parent of which an order was forgotten, and an id at or before it is neither accepted nor said to be absent.
struct PaperOrderTable {
    let limit: Int
    private(set) var rows: ContiguousArray<PaperOrderRow> = []
    /// Slots of ended orders, the first to be forgotten first: a ring that starts at `endedHead`.
    private(set) var ended: ContiguousArray<UInt32> = []
    private var endedHead = 0
    /// Open addressing with linear probing; `slot + 1`, and 0 where empty. A power of two, at most half full.
    private var index: ContiguousArray<UInt32>
    private(set) var liveCount = 0

    init(limit: Int) {
        precondition(limit > 0 && limit < 1 << 30, "Invariant: the order table holds 1 to 2^30 orders")
        self.limit = limit
        index = ContiguousArray(repeating: 0, count: 256)
        rows.reserveCapacity(min(limit, 4096))
    }

    subscript(slot: UInt32) -> PaperOrderRow {
        @inline(__always) get { rows[Int(slot)] }
        @inline(__always) _modify { yield &rows[Int(slot)] }
    }

    /// Without copying the row.
    func price(of slot: UInt32) -> Price { rows[Int(slot)].order.price }

    /// In place: the subscript's accessor has a frame of its own, which an unoptimised build allocates.
    mutating func show(_ slot: UInt32, levelQuantity: Quantity) { rows[Int(slot)].levelQuantity = levelQuantity }

    /// True when no further live order fits.
    var isFull: Bool { liveCount >= limit }

    func slot(of id: ClientOrderID, client: UInt32) -> UInt32? {
        var position = home(of: id, client: client)
        while index[position] != 0 {
            let slot = index[position] - 1
            let row = rows[Int(slot)]
            if row.order.id == id && row.client == client { return slot }
            position = (position + 1) & (index.count - 1)
        }
        return nil
    }

    /// Adds a row, live or already ended. Gives its slot, and the row that was forgotten to make room for it.
    mutating func insert(_ row: PaperOrderRow) -> (slot: UInt32, forgotten: PaperOrderRow?) {
        precondition(!isFull, "Invariant: an order is inserted where one fits")
        var forgotten: PaperOrderRow?
        let slot: UInt32
        if rows.count < limit {
            slot = UInt32(rows.count)
            rows.append(row)
        } else {
            slot = takeOldestEnded()
            forgotten = rows[Int(slot)]
            removeFromIndex(slot)
            rows[Int(slot)] = row
        }
        if (rows.count + 1) * 2 > index.count { rebuildIndex() } else { addToIndex(slot) }
        if row.isLive { liveCount += 1 } else { ended.append(slot) }
        return (slot, forgotten)
    }

    /// Says that a live order has ended; its row must hold its last state.
    mutating func end(_ slot: UInt32) {
        precondition(!rows[Int(slot)].isLive, "Invariant: an ended order has a terminal state")
        liveCount -= 1
        ended.append(slot)
    }

    private mutating func takeOldestEnded() -> UInt32 {
        let slot = ended[endedHead]
        endedHead += 1
        // Compacted once half of it is spent, so that the ring's memory stays within twice the table's.
        if endedHead > 64 && endedHead * 2 > ended.count {
            ended.removeFirst(endedHead)
            endedHead = 0
        }
        return slot
    }

    private func home(of id: ClientOrderID, client: UInt32) -> Int {
        var mixed = UInt64(id.parent) << 32 | UInt64(id.slot)
        mixed ^= UInt64(client) &* 0x9E37_79B9_7F4A_7C15
        let rest =
            UInt64(id.epoch.number) << 32 | UInt64(id.slice) << 16 | UInt64(id.leg.rawValue) << 8 | UInt64(id.attempt)
        mixed = (mixed ^ (mixed >> 30) ^ rest &* 0xBF58_476D_1CE4_E5B9) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Int(truncatingIfNeeded: mixed) & (index.count - 1)
    }

    private mutating func addToIndex(_ slot: UInt32) {
        let row = rows[Int(slot)]
        var position = home(of: row.order.id, client: row.client)
        while index[position] != 0 { position = (position + 1) & (index.count - 1) }
        index[position] = slot + 1
    }

    /// Removes by shifting back what probed past it, so that no tombstones gather.
    private mutating func removeFromIndex(_ slot: UInt32) {
        let mask = index.count - 1
        var hole = home(of: rows[Int(slot)].order.id, client: rows[Int(slot)].client)
        while index[hole] != slot + 1 { hole = (hole + 1) & mask }
        var next = (hole + 1) & mask
        while index[next] != 0 {
            let row = rows[Int(index[next] - 1)]
            let distance = (next - home(of: row.order.id, client: row.client)) & mask
            if distance >= (next - hole) & mask {
                index[hole] = index[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        index[hole] = 0
    }

    private mutating func rebuildIndex() {
        var size = index.count
        while size < (rows.count + 1) * 4 { size *= 2 }
        index = ContiguousArray(repeating: 0, count: size)
        for slot in rows.indices { addToIndex(UInt32(slot)) }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        if !visitor.isReading {
            ended.removeFirst(endedHead)
            endedHead = 0
        }
        visitor.visit(&rows, limit: limit, blank: .blank) { row, visitor in visitor.visit(&row) }
        visitor.visit(&ended, limit: limit, blank: UInt32(0)) { slot, visitor in visitor.visit(&slot) }
        guard visitor.isReading else { return }
        endedHead = 0
        liveCount = rows.count - ended.count
        rebuildIndex()
    }

    func checkInvariants() {
        precondition(rows.count <= limit, "Invariant: the order table keeps to its limit")
        let live = rows.filter(\.isLive).count
        precondition(live == liveCount, "Invariant: the live count is the count of live rows")
        precondition(ended.count - endedHead == rows.count - live, "Invariant: each ended order waits to be forgotten")
        for slot in rows.indices {
            let row = rows[slot]
            let found = self.slot(of: row.order.id, client: row.client)
            precondition(found == UInt32(slot), "Invariant: each order is found by its id")
            precondition(row.filled <= row.order.quantity, "Invariant: filled is at most the quantity")
        }
    }
}
