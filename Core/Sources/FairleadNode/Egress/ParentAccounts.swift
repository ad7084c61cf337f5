import FairleadModel

/// How much of each parent's approved quantity may be exposed at the venue: the guard's own account, kept apart from
/// the engine's (RELIABILITY S-01, S-12). Fed by what is released and by what the venue says, never by the engine.
///
/// A live child counts with its whole quantity, whatever its fills; an ended one with what was filled of it. An order
/// of unknown fate stays live. Full: the parent that was first seen longest ago and has no live child is forgotten; an
/// increasing order of a forgotten parent is refused, since nothing is known of what it had.
struct ParentAccounts {
    struct Parent: BitwiseCopyable {
        /// `IntentID.parent`, never reused; 0 marks a free row.
        var number: UInt32 = 0
        var liveChildren: Int32 = 0
        /// As the first child carried it: no later child may carry more.
        var approved = Quantity.zero
        /// Filled or still fillable.
        var exposed = Quantity.zero
    }

    struct Child: BitwiseCopyable {
        var id = ClientOrderID.none
        /// The larger of what was submitted and what an amendment under way asks for, while the order lives.
        var exposed = Quantity.zero
        var quantity = Quantity.zero
        /// What the last amendment asks for; zero without one, and once the venue has answered it.
        var requested = Quantity.zero
        var filled = Quantity.zero
        var lastExecution = ExecutionID(value: 0)
        var validUntil = Timestamp.never
        /// The venue session in which it was sent.
        var session: UInt32 = 0
        var isLive = false
        /// The venue has spoken of it. Until then our own edge may still say that nothing of it left.
        var isConfirmed = false
    }

    /// Open addressing by parent number, at most half full.
    private var parents: ContiguousArray<Parent>
    private var parentCount = 0
    /// Parent numbers in the order first seen, for forgetting.
    private var arrivals: BoundedQueue<UInt32>
    /// The highest parent number that was forgotten.
    private var forgottenThrough: UInt32 = 0
    /// By `ClientOrderID.row`.
    private var children: ContiguousArray<Child>
    private let parentLimit: Int

    init(parents parentLimit: Int, orders: Int) {
        self.parentLimit = parentLimit
        var rows = 16
        while rows < parentLimit * 2 { rows *= 2 }
        parents = ContiguousArray(repeating: Parent(), count: rows)
        arrivals = BoundedQueue(capacity: parentLimit, blank: 0)
        children = ContiguousArray(repeating: Child(), count: orders)
    }

    // MARK: - Questions

    /// True when the order would let its parent expose more than was approved for it.
    func isOver(_ order: OrderSubmission) -> Bool {
        if order.quantity > order.approved { return true }
        if order.id.row >= children.count { return true }
        guard let row = find(order.id.parent) else {
            return order.isIncreasing && order.id.parent <= forgottenThrough
        }
        let parent = parents[row]
        // An id that is live already can't be submitted again under any account.
        let child = children[order.id.row]
        if child.isLive && child.id == order.id { return true }
        return order.approved > parent.approved || parent.exposed + order.quantity > parent.approved
    }

    /// The same for an amendment to a new total quantity.
    func isOver(_ amendment: OrderAmendment) -> Bool {
        guard let row = find(amendment.id.parent), let child = live(amendment.id) else {
            return amendment.isIncreasing
        }
        let parent = parents[row]
        if amendment.quantity <= child.exposed { return false }
        let others = parent.exposed - child.exposed
        return amendment.approved > parent.approved || others + amendment.quantity > parent.approved
    }

    /// True when there is no row for one more parent: all of them have live children.
    func isFull(for order: OrderSubmission) -> Bool {
        find(order.id.parent) == nil && parentCount == parentLimit && !hasForgettable
    }

    /// What is filled or fillable of a parent; for tests and the simulator.
    func exposed(_ number: UInt32) -> Quantity { find(number).map { parents[$0].exposed } ?? .zero }

    // MARK: - What is released

    mutating func released(_ order: OrderSubmission, session: UInt32) {
        let row = find(order.id.parent) ?? insert(order.id.parent, approved: order.approved)
        let slot = order.id.row
        guard let row, slot < children.count else { return }
        // A row that is taken over while its order lives leaves that order's exposure with its parent for good, but no
        // longer keeps the parent from being forgotten.
        if children[slot].isLive, let old = find(children[slot].id.parent) { parents[old].liveChildren -= 1 }
        children[slot] = Child(
            id: order.id,
            exposed: order.quantity,
            quantity: order.quantity,
            validUntil: order.validUntil,
            session: session,
            isLive: true
        )
        parents[row].exposed += order.quantity
        parents[row].liveChildren += 1
    }

    mutating func released(_ amendment: OrderAmendment) {
        guard let child = live(amendment.id) else { return }
        children[amendment.id.row].requested = amendment.quantity
        setExposed(amendment.id, max(child.exposed, amendment.quantity))
    }

    // MARK: - What is told

    mutating func observe(_ event: Event) {
        switch event {
        case .orderFilled(let fill): filled(fill)
        case .orderRejected(let rejection): end(rejection.id, filled: .zero)
        case .orderCancelled(let ended), .orderExpired(let ended): end(ended.id, filled: ended.cumulativeFilled)
        case .egressRefused(let refused): neverLeft(refused.id)
        case .neverSent(let id): neverLeft(id)
        case .orderAccepted(let acceptance): confirm(acceptance.id)
        case .orderReplaced(let replacement): replaced(replacement.id, replacement.quantity)
        case .replaceRejected(let rejection):
            guard let child = live(rejection.id) else { return }
            children[rejection.id.row].requested = .zero
            setExposed(rejection.id, child.quantity)
        case .orderReported(let report):
            confirm(report.id)
            if report.state.isTerminal { return end(report.id, filled: report.filled) }
            // The venue shows what an amendment has asked for: it was done, though its answer is lost.
            if let child = live(report.id), child.requested.raw > 0, child.requested == report.quantity {
                replaced(report.id, report.quantity)
            }
        case .orderNotFound(let absence): absent(absence)
        case .operated(let command): operated(command)
        case .epochOpened, .configured, .timer, .quoted, .traded, .marked, .barReported, .signalReceived,
            .signalRefused,
            .cancelRejected, .submitUnanswered, .cancelUnanswered, .replaceUnanswered, .venueConnected,
            .venueDisconnected, .venueThrottled, .venueBanned, .balanceReported, .positionReported,
            .reconciliationBegan, .reconciliationCompleted, .reconciliationFailed, .haltReported,
            .fundingPaid, .riskOrdered, .positionOrdered:
            break
        }
    }

    private mutating func replaced(_ id: ClientOrderID, _ quantity: Quantity) {
        guard let child = live(id) else { return }
        confirm(id)
        children[id.row].quantity = quantity
        children[id.row].requested = .zero
        setExposed(id, max(quantity, child.filled))
        if child.filled.raw > 0, child.filled >= quantity { end(id, filled: child.filled) }
    }

    private mutating func filled(_ fill: Execution) {
        let slot = fill.id.row
        guard !fill.id.isNone, slot < children.count, children[slot].id == fill.id else { return }
        guard fill.executionID > children[slot].lastExecution else { return }
        children[slot].lastExecution = fill.executionID
        children[slot].filled += fill.quantity
        children[slot].isConfirmed = true
        let child = children[slot]
        if child.filled > child.exposed { setExposed(fill.id, child.filled) }
        if child.isLive && child.filled >= child.quantity { end(fill.id, filled: child.filled) }
    }

    private mutating func end(_ id: ClientOrderID, filled: Quantity) {
        guard let child = live(id) else { return }
        setExposed(id, max(child.filled, filled))
        children[id.row].isLive = false
        if let row = find(id.parent) { parents[row].liveChildren -= 1 }
    }

    /// Our own edge says that nothing left. Of an order that did leave it concerns an amendment: the order lives on.
    private mutating func neverLeft(_ id: ClientOrderID) {
        if let child = live(id), !child.isConfirmed { end(id, filled: .zero) }
    }

    private mutating func confirm(_ id: ClientOrderID) {
        if live(id) != nil { children[id.row].isConfirmed = true }
    }

    /// "No such order" counts only when the request can no longer arrive and the session is a later one than the
    /// send's (RELIABILITY 4).
    private mutating func absent(_ absence: OrderAbsence) {
        guard let child = live(absence.id) else { return }
        let isProof = absence.session > child.session && absence.venueTime >= child.validUntil
        if isProof { end(absence.id, filled: child.filled) }
    }

    private mutating func operated(_ command: OperatorCommand) {
        switch command.action {
        case .resolveDead:
            if let child = live(command.order) { end(command.order, filled: child.filled) }
        case .stopEntries, .halt, .haltFrozen, .kill, .resume, .cancelAll, .cancelAllIncludingProtective, .flatten,
            .cancelOrder, .amendOrder, .resolveOpen, .resolveFilled, .reconcile, .enableSymbol, .confirmNav,
            .cancelEntries, .pauseParent, .resumeParent, .amendParent, .disableSymbol, .disableBuys, .disableSells,
            .resetDrawdown, .journalStop:
            break
        }
    }

    // MARK: - Rows

    private func live(_ id: ClientOrderID) -> Child? {
        let slot = id.row
        guard !id.isNone, slot < children.count else { return nil }
        let child = children[slot]
        return child.isLive && child.id == id ? child : nil
    }

    private mutating func setExposed(_ id: ClientOrderID, _ quantity: Quantity) {
        let old = children[id.row].exposed
        children[id.row].exposed = quantity
        guard let row = find(id.parent) else { return }
        parents[row].exposed = (parents[row].exposed + quantity).subtracting(old)
    }

    private func home(_ number: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(number) &* 0x9E37_79B9_7F4A_7C15) >> 32) & (parents.count - 1)
    }

    private func find(_ number: UInt32) -> Int? {
        var row = home(number)
        while parents[row].number != 0 {
            if parents[row].number == number { return row }
            row = (row + 1) & (parents.count - 1)
        }
        return nil
    }

    private mutating func insert(_ number: UInt32, approved: Quantity) -> Int? {
        if parentCount == parentLimit && !forgetOldest() { return nil }
        var row = home(number)
        while parents[row].number != 0 { row = (row + 1) & (parents.count - 1) }
        parents[row] = Parent(number: number, approved: approved)
        parentCount += 1
        let isQueued = arrivals.append(number)
        precondition(isQueued, "Invariant: each known parent stands once among the arrivals")
        return row
    }

    private var hasForgettable: Bool {
        for offset in 0..<arrivals.count {
            if let row = find(arrivals[offset]), parents[row].liveChildren == 0 { return true }
        }
        return false
    }

    /// Parents with live children go to the back, at most once around.
    private mutating func forgetOldest() -> Bool {
        for _ in 0..<arrivals.count {
            guard let number = arrivals.popFirst(), let row = find(number) else { return false }
            if parents[row].liveChildren == 0 {
                remove(row)
                forgottenThrough = max(forgottenThrough, number)
                return true
            }
            _ = arrivals.append(number)
        }
        return false
    }

    /// Closes the gap, so that no search ends early.
    private mutating func remove(_ removed: Int) {
        let mask = parents.count - 1
        var gap = removed
        var row = (gap + 1) & mask
        parents[gap].number = 0
        while parents[row].number != 0 {
            let ideal = home(parents[row].number)
            if (row - ideal) & mask >= (row - gap) & mask {
                parents[gap] = parents[row]
                parents[row].number = 0
                gap = row
            }
            row = (row + 1) & mask
        }
        parentCount -= 1
    }

    /// Walks all rows and traps on the first broken rule. Slow: tests and the simulator call it.
    func checkInvariants() {
        var known = 0
        for parent in parents where parent.number != 0 {
            known += 1
            var live = Quantity.zero
            var count: Int32 = 0
            for child in children where child.isLive && child.id.parent == parent.number {
                live += child.exposed
                count += 1
            }
            precondition(live <= parent.exposed, "Invariant: a parent exposes at least what its live children do")
            precondition(count == parent.liveChildren, "Invariant: the live children of a parent are counted")
        }
        precondition(known == parentCount, "Invariant: the count of parents equals the rows in use")
        precondition(arrivals.count == parentCount, "Invariant: each known parent stands once among the arrivals")
    }
}

extension ParentAccounts {
    /// Writes, reads or hashes the accounts; the table of parents in the order first seen, so that equal accounts hash
    /// equally however their rows lie.
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&forgottenThrough)
        var rows = ContiguousArray<Parent>()
        if !visitor.isReading {
            for offset in 0..<arrivals.count {
                if let row = find(arrivals[offset]) { rows.append(parents[row]) }
            }
        }
        visitor.visit(&rows, limit: parentLimit, blank: Parent()) { row, visitor in
            visitor.visit(&row.number)
            visitor.visit(&row.liveChildren)
            visitor.visit(&row.approved)
            visitor.visit(&row.exposed)
        }
        if visitor.isReading {
            self = ParentAccounts(parents: parentLimit, orders: children.count, forgottenThrough: forgottenThrough)
            for parent in rows where parent.number != 0 && find(parent.number) == nil {
                guard let row = insert(parent.number, approved: parent.approved) else { continue }
                parents[row] = parent
            }
        }
        visitChildren(&visitor)
    }

    private init(parents: Int, orders: Int, forgottenThrough: UInt32) {
        self.init(parents: parents, orders: orders)
        self.forgottenThrough = forgottenThrough
    }

    /// Only rows that were ever used, each with its slot.
    private mutating func visitChildren<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        var used = ContiguousArray<Child>()
        if !visitor.isReading { used.append(contentsOf: children.lazy.filter { !$0.id.isNone }) }
        visitor.visit(&used, limit: children.count, blank: Child()) { child, visitor in
            visitor.visit(&child.id)
            visitor.visit(&child.exposed)
            visitor.visit(&child.quantity)
            visitor.visit(&child.requested)
            visitor.visit(&child.filled)
            visitor.visit(&child.lastExecution)
            visitor.visit(&child.validUntil)
            visitor.visit(&child.session)
            visitor.visit(&child.isLive)
            visitor.visit(&child.isConfirmed)
        }
        guard visitor.isReading else { return }
        for child in used where child.id.row < children.count { children[child.id.row] = child }
    }
}
