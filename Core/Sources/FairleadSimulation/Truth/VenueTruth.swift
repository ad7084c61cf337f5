import FairleadEngine
import FairleadModel
import FairleadPaper

/// What the venue's own books say of our orders, summed up per signal: the oracle. Brought up to date whenever the
/// venue's ledger has moved; costs what the orders cost that can still fill.
struct VenueTruth {
    /// What one parent can be made to hold.
    struct Exposure {
        var approved = Quantity.zero
        /// As the signal asked; nil where nothing says (a whole position).
        var requested: Quantity?
        /// Filled, and what the venue may still fill: orders on their way and unknown ones in full.
        var exposed: Int64 = 0
    }

    /// One order that left, or that the venue has.
    struct Tracked {
        var order: PaperOrder
        var counted: Int64 = 0
        /// The largest amendment that may still arrive, and until when the venue takes it.
        var amended = Quantity.zero
        var amendedUntil = Timestamp.never
        /// The venue has its record.
        var isSeen = false
        /// An overfill was made of it on purpose.
        var isOverfilled = false
        /// Somebody was made to call it dead though it lives, on purpose.
        var isMisjudged = false
    }

    private(set) var exposures: [IntentID: Exposure] = [:]
    private(set) var orders: ContiguousArray<Tracked> = []
    private(set) var places: [ClientOrderID: Int] = [:]
    /// Orders by the number of the request that submitted them, in this connection.
    private var asked: [UInt32: ClientOrderID] = [:]
    /// Orders that may still change.
    private var open: ContiguousArray<Int> = []
    private var slotsSeen = 0
    private var sequenceSeen: UInt64 = 0
    private var nextDeadline = Timestamp.distantFuture
    /// Parents whose exposure was counted anew since the last look.
    private(set) var changed: ContiguousArray<IntentID> = []
    /// Executions that the judges have not seen.
    private(set) var fresh: ContiguousArray<PaperExecution> = []
    private var executionsSeen = 0

    // MARK: - What leaves

    mutating func approve(_ intent: IntentID, _ approved: Quantity, requested: Quantity?) {
        var exposure = exposures[intent] ?? Exposure()
        exposure.approved = approved
        exposure.requested = requested
        exposures[intent] = exposure
        changed.append(intent)
    }

    mutating func left(_ order: PaperOrder, number: UInt32 = 0) {
        if number != 0 { asked[number] = order.id }
        guard places[order.id] == nil else { return }
        track(order)
    }

    mutating func left(_ amendment: PaperAmendment) {
        guard let place = places[amendment.id] else { return }
        orders[place].amended = max(orders[place].amended, amendment.quantity)
        orders[place].amendedUntil = max(orders[place].amendedUntil, amendment.validUntil)
        count(place, max(orders[place].counted, amendment.quantity.raw))
    }

    mutating func overfilled(_ id: ClientOrderID) {
        if let place = places[id] { orders[place].isOverfilled = true }
    }

    /// The venue's door has refused the request unread (`throttled`, `banned`): it can't arrive any more. Where the
    /// venue's books show the order all the same, it counts again.
    mutating func turnedAway(_ id: ClientOrderID) {
        guard let place = places[id], !orders[place].isSeen else { return }
        count(place, 0)
    }

    /// The same, where the venue names the request by its number in this connection.
    mutating func turnedAway(_ number: UInt32) { if let id = asked[number] { turnedAway(id) } }

    /// Numbers of requests begin anew with each connection.
    mutating func connected() { asked.removeAll(keepingCapacity: true) }

    mutating func misjudged(_ id: ClientOrderID) {
        if let place = places[id] { orders[place].isMisjudged = true }
    }

    /// Orders are on their way that the venue has no record of.
    var awaitsArrival: Bool { open.contains { !orders[$0].isSeen } }

    private mutating func track(_ order: PaperOrder) {
        let place = orders.count
        orders.append(Tracked(order: order))
        places[order.id] = place
        open.append(place)
        count(place, order.quantity.raw)
        nextDeadline = min(nextDeadline, order.validUntil)
    }

    private mutating func count(_ place: Int, _ quantity: Int64) {
        let intent = orders[place].order.id.intent
        let change = quantity - orders[place].counted
        guard change != 0 else { return }
        orders[place].counted = quantity
        exposures[intent, default: Exposure()].exposed += change
        changed.append(intent)
    }

    // MARK: - What the venue did

    /// True when there may be something new.
    func isBehind(_ venue: borrowing PaperVenue) -> Bool {
        venue.ledger.sequence != sequenceSeen || venue.time >= nextDeadline
    }

    mutating func look(at venue: borrowing PaperVenue, client: UInt32) {
        sequenceSeen = venue.ledger.sequence
        while slotsSeen < venue.orderSlots {
            let row = venue.row(at: slotsSeen)
            slotsSeen += 1
            if row.client == client, places[row.order.id] == nil { track(row.order) }
        }
        let total = Int(clamping: venue.ledger.forgottenExecutions) + venue.ledger.executionCount
        while executionsSeen < total {
            let offset = executionsSeen - Int(clamping: venue.ledger.forgottenExecutions)
            executionsSeen += 1
            if offset >= 0 { fresh.append(venue.ledger.execution(at: offset)) }
        }
        nextDeadline = .distantFuture
        var kept = 0
        for index in open.indices {
            let place = open[index]
            if settle(place, venue, client) {
                open[kept] = place
                kept += 1
            }
        }
        open.removeLast(open.count - kept)
    }

    /// False when nothing of an order can change any more.
    private mutating func settle(_ place: Int, _ venue: borrowing PaperVenue, _ client: UInt32) -> Bool {
        let tracked = orders[place]
        if let row = venue.order(tracked.order.id, client: client) {
            orders[place].isSeen = true
            guard row.isLive else {
                count(place, row.filled.raw)
                return false
            }
            var most = row.order.quantity
            if venue.time < tracked.amendedUntil {
                most = max(most, tracked.amended)
                nextDeadline = min(nextDeadline, tracked.amendedUntil)
            }
            count(place, most.raw)
            return true
        }
        // It may still arrive, until the venue would refuse it.
        if venue.time < tracked.order.validUntil {
            nextDeadline = min(nextDeadline, tracked.order.validUntil)
            return true
        }
        count(place, 0)
        return venue.time < tracked.order.validUntil + .seconds(120)
    }

    mutating func forgetChanges() {
        changed.removeAll(keepingCapacity: true)
        fresh.removeAll(keepingCapacity: true)
    }
}
