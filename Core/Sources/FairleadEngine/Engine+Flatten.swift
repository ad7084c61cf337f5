import FairleadModel

/// What closes all of a position: it ends whatever else would go on closing parts of it, and keep them from it.
extension Engine {
    /// Closes a position: its entries end, then its other exits, and once their orders have had their outcome the whole
    /// rest goes. Where exits are held none is ended: the close goes to risk, and a person hears why it stays.
    mutating func flatten(_ key: PositionKey, at now: Timestamp, into out: inout Outbox) {
        endEntries(of: key, at: now, into: &out) { _ in true }
        guard let held = ledger[key].quantity.side else { return }
        if !holdsExits {
            endExits(of: key, held.opposite, at: now, into: &out)
            guard !isHeldByExits(key, held.opposite) else { return awaitExits(key, at: now) }
        }
        sendFlatten(key, at: now, into: &out)
    }

    /// A signal that gets out ends first what would bring the position back: an exit of the whole position the entries
    /// of its strategy, a flatten all of them, and the exits that keep parts of the position from it. What those still
    /// hold follows it. An exit of a given size is just that.
    mutating func makeWay(for signal: SignalTerms, at now: Timestamp, into out: inout Outbox) {
        let isFlatten = signal.intent == .flatten
        let isExit = signal.intent == .exit && signal.size == .wholePosition
        guard isFlatten || isExit, now < signal.expiresAt, !leavesAlone(signal) else { return }
        let key = PositionKey(signal.instrument, signal.positionSide)
        endEntries(of: key, at: now, into: &out) {
            $0.side != signal.side && (isFlatten || $0.strategy == signal.strategy)
        }
        guard isFlatten, !holdsExits, ledger[key].quantity.side == signal.side.opposite else { return }
        endExits(of: key, signal.side, at: now, into: &out)
        if isHeldByExits(key, signal.side) { awaitExits(key, at: now) }
    }

    /// A level closes what an entry has opened: the entry is over, or its next part would be bought behind its own stop
    /// and sold at once, again and again. A stop closes the whole position, and ends every entry that has a part in it.
    mutating func endEntries(
        of key: PositionKey,
        closedBy number: SignalNumber,
        _ side: Side,
        isStop: Bool,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        endEntries(of: key, at: now, into: &out) {
            $0.side != side && ($0.number == number || isStop && $0.filled.raw > 0)
        }
    }

    private mutating func endEntries(
        of key: PositionKey,
        at now: Timestamp,
        into out: inout Outbox,
        where isMeant: (Parent) -> Bool
    ) {
        endParents(key.instrument, .cancelled, at: now, into: &out) {
            !$0.isReducing && $0.positionSide == key.side && isMeant($0)
        }
    }

    /// Sends the exit of a whole position.
    mutating func sendFlatten(_ key: PositionKey, at now: Timestamp, into out: inout Outbox) {
        guard let held = ledger[key].quantity.side else { return }
        var signal = internalSignal(key.instrument, side: held.opposite, size: .wholePosition, source: .flatten)
        signal.positionSide = key.side
        signal.intent = .flatten
        consider(signal, at: now, into: &out)
    }

    private mutating func awaitExits(_ key: PositionKey, at now: Timestamp) {
        if flattens[key.row] == .never { awaitedFlattens += 1 }
        flattens[key.row] = now + Self.clearingLimit
    }

    /// A person cancels whatever is at work: closes that still wait too.
    mutating func forgetFlattens() {
        for row in flattens.indices { flattens[row] = .never }
        awaitedFlattens = 0
    }

    private mutating func forgetFlatten(_ key: PositionKey) {
        guard flattens[key.row] != .never else { return }
        flattens[key.row] = .never
        awaitedFlattens -= 1
    }

    /// Sends the flattens whose way is free. After two seconds one goes for what no other exit holds; the rest follows
    /// when those have had their outcome: to send it before could close it twice.
    @inline(never)
    mutating func goOnFlattening(at now: Timestamp, into out: inout Outbox) {
        for index in terms.indices {
            for row in 0..<PositionSide.rows {
                let key = PositionKey(InstrumentHandle(index), PositionSide(row: row))
                if flattens[key.row] != .never { goOnFlattening(key, at: now, into: &out) }
            }
        }
    }

    private mutating func goOnFlattening(_ key: PositionKey, at now: Timestamp, into out: inout Outbox) {
        guard let held = ledger[key].quantity.side else { return forgetFlatten(key) }
        if holdsExits || !isHeldByExits(key, held.opposite) {
            forgetFlatten(key)
        } else {
            guard now >= flattens[key.row] else { return }
            flattens[key.row] = .distantFuture
        }
        guard exposure.row(key.instrument, key.side).reducible(by: held.opposite).raw > 0 else { return }
        sendFlatten(key, at: now, into: &out)
    }

    // MARK: Other exits

    /// Ends every exit of a position but `own`: what rests, what is sliced, what waits, and a flip that still closes.
    /// One that takes has its outcome in a moment and keeps its share, unless it is meant too. What waits at the venue
    /// for its price holds nothing.
    mutating func endExits(
        of key: PositionKey,
        _ side: Side,
        besides own: ParentSlot = .none,
        includingTakers: Bool = false,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        var next = parents.firstOpen(key.instrument)
        while next != .none {
            let slot = next
            let parent = parents[slot]
            next = parent.next
            guard slot != own, isExit(parent, of: key, side) else { continue }
            let isResting = parent.child != .none && orders[parent.child].isResting
            let isTaking = parent.stage == .exiting && !parent.isScheduled
            guard isResting || parent.native == .none && (includingTakers || !isTaking) else { continue }
            requestEnd(slot, .cancelled, at: now, into: &out)
        }
    }

    /// True while another exit than a flatten's own holds a part of the position.
    func isHeldByExits(_ key: PositionKey, _ side: Side) -> Bool {
        var slot = parents.firstOpen(key.instrument)
        while slot != .none {
            let parent = parents[slot]
            if parent.source != .flatten, isExit(parent, of: key, side) { return true }
            slot = parent.next
        }
        return false
    }

    private func isExit(_ parent: Parent, of key: PositionKey, _ side: Side) -> Bool {
        parent.isReducingNow && parent.native != .waiting && parent.side == side && parent.positionSide == key.side
    }
}
