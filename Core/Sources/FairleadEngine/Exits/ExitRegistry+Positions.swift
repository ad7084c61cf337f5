public import FairleadModel

/// How levels follow the position that they protect.
extension ExitRegistry {
    /// The row of a position in `heads` and `positions`.
    static func key(_ instrument: InstrumentHandle, _ side: PositionSide) -> Int {
        Int(instrument.index) * 3 + Int(side.rawValue)
    }

    /// A position is another one now. Levels of a position that is gone, or was turned over, are removed; those whose
    /// entry may still fill wait again.
    public mutating func positionChanged(
        _ instrument: InstrumentHandle,
        _ side: PositionSide,
        to quantity: SignedQuantity,
        into out: inout Outbox
    ) {
        let key = Self.key(instrument, side)
        positions[key] = quantity
        touch(instrument)
        #if MUTANTS
            if Mutant.isOn(.levelsStayWhenThePositionIsGone) { return }
        #endif
        var next = heads[key]
        while next != Self.absent {
            let row = Int(next)
            next = rows[row].nextInPosition
            let isProtected = quantity.raw != 0 && rows[row].isLong == (quantity.raw > 0)
            if !isProtected, rows[row].state != .waiting { release(row, into: &out) }
            if isProtected, isResidual(row), isOrder(row, open(row)) { resume(row, into: &out) }
        }
    }

    /// It has fired, and waits for nothing: what its exit left was no order.
    private func isResidual(_ row: Int) -> Bool {
        rows[row].state == .paused && refires.deadline(of: row) == .distantFuture && !isStopping(row, besides: row)
    }

    /// Whether the venue takes an order of so much, at the price that fired the level.
    func isOrder(_ row: Int, _ quantity: Quantity) -> Bool {
        let grid = terms[Int(rows[row].instrument.index)]
        guard quantity >= max(grid.lot, grid.minimumQuantity) else { return false }
        let price = rows[row].trigger
        if grid.reduceOnlyExemptFromMinimum || price.raw == 0 { return true }
        return grid.notional(price, quantity) >= grid.minimumNotional
    }

    /// A position that was too small for an order has grown: its level is watched again.
    private mutating func resume(_ row: Int, into out: inout Outbox) {
        rows[row].state = .armed
        rows[row].refires = 0
        watch(row)
        out.notice(.levelChanged(rows[row].record(.rearmed)))
    }

    /// An operator takes all levels of an instrument away: its positions are unprotected from here on. Those whose
    /// entry may still fill wait again; a person who wants none cancels that entry too.
    public mutating func removeAll(of instrument: InstrumentHandle, into out: inout Outbox) {
        for row in 0..<PositionSide.rows {
            removeAll(of: PositionKey(instrument, PositionSide(row: row)), into: &out)
        }
    }

    /// The same of one position.
    mutating func removeAll(of key: PositionKey, into out: inout Outbox) {
        var next = heads[key.row]
        while next != Self.absent {
            let row = Int(next)
            next = rows[row].nextInPosition
            if rows[row].state != .waiting { release(row, into: &out) }
        }
    }

    /// A level of the position is at work, or will be once its entry fills.
    func isWatched(_ key: PositionKey) -> Bool {
        var next = heads[key.row]
        while next != Self.absent {
            if rows[Int(next)].state != .spent { return true }
            next = rows[Int(next)].nextInPosition
        }
        return false
    }

    /// The entry of a signal was filled, in part or in full, and `positionChanged` has told the position: its levels
    /// are armed for the position as it is now, those that have closed their share again for what it grew by.
    /// `entry` is the position's average price, `price` the present one of `source`; zero where unknown.
    public mutating func entryFilled(
        _ group: LevelGroup,
        entry: Price = .zero,
        price: Price = .zero,
        into out: inout Outbox
    ) {
        guard let first = find(group) else { return }
        let position = positions[Self.key(rows[first].instrument, rows[first].positionSide)]
        guard position.raw != 0, rows[first].isLong == (position.raw > 0) else { return }
        var basis = position.magnitude
        each(group) { level in basis += level.closed }
        let terms = terms[Int(rows[first].instrument.index)]
        var next = UInt32(first)
        while next != Self.absent {
            let row = Int(next)
            next = rows[row].nextInGroup
            let share = Self.share(rows[row], of: basis, terms)
            if share > rows[row].quantity { natives[row].isRefused = false }
            rows[row].quantity = max(rows[row].quantity, share)
            arm(row, into: &out)
            startMoving(row, entry: entry, price: price, into: &out)
        }
    }

    /// The entry of a signal can't fill any more, and its group is not used again. Levels that still wait for a fill
    /// are dropped; the others stay until their position is gone. A fill that comes later still finds no levels, but
    /// for one of an order that was called dead (`keep`).
    public mutating func entryEnded(_ group: LevelGroup) {
        guard let first = find(group) else { return }
        var next = UInt32(first)
        while next != Self.absent {
            let row = Int(next)
            next = rows[row].nextInGroup
            guard rows[row].keptUntil == .never else {
                rows[row].isKept = true
                continue
            }
            rows[row].isEntryOpen = false
            rows[row].nextInGroup = Self.absent
            if rows[row].state == .waiting { remove(row) }
        }
    }

    // MARK: Entries that were called dead

    /// An order of the entry was called dead, and may be filled after all: until `time` its levels wait for that,
    /// though the entry ends.
    mutating func keep(_ group: LevelGroup, until time: Timestamp) {
        guard let first = find(group) else { return }
        var next = UInt32(first)
        while next != Self.absent {
            let row = Int(next)
            next = rows[row].nextInGroup
            if rows[row].keptUntil == .never { keptCount += 1 }
            rows[row].keptUntil = time
        }
    }

    /// The levels of a signal that wait for a fill of an order that was called dead; `.none` where there are none.
    func kept(_ number: SignalNumber, of key: PositionKey) -> LevelGroup {
        var group = LevelGroup.none
        guard keptCount > 0 else { return group }
        var next = heads[key.row]
        while next != Self.absent {
            // A group begins with its oldest row, the last of the list.
            let level = rows[Int(next)]
            if level.isKept, level.number == number { group = LevelGroup(first: next, number: number) }
            next = level.nextInPosition
        }
        return group
    }

    /// Nothing more is waited for after its time.
    mutating func forgetKept(at now: Timestamp) {
        guard keptCount > 0 else { return }
        for row in rows.indices where rows[row].keptUntil != .never && rows[row].keptUntil <= now {
            rows[row].keptUntil = .never
            keptCount -= 1
            guard rows[row].isKept else { continue }
            rows[row].isKept = false
            rows[row].isEntryOpen = false
            rows[row].nextInGroup = Self.absent
            if rows[row].state == .waiting { remove(row) }
        }
    }

    /// A level's share of a quantity, on the lot grid. Shares are differences of rounded sums, so that fractions that
    /// sum to 1 close all of it.
    static func share(_ level: ProtectiveLevel, of basis: Quantity, _ terms: InstrumentTerms) -> Quantity {
        guard level.kind == .takeProfit else { return basis }
        return part(level.fractionBefore + level.fraction, basis, terms) - part(level.fractionBefore, basis, terms)
    }

    private static func part(_ fraction: Rate, _ basis: Quantity, _ terms: InstrumentTerms) -> Quantity {
        let exact = Int128(basis.raw) * Int128(fraction.raw)
        let whole = Quantity(raw: FixedPoint.dividedRoundingDown(exact, by: Int128(FixedPoint.one)))
        return fraction == .one ? whole : terms.roundedDown(whole)
    }

    private mutating func arm(_ row: Int, into out: inout Outbox) {
        let event: LevelEvent
        switch rows[row].state {
        case .waiting: event = .registered
        case .spent: event = .rearmed
        case .free, .armed, .fired, .paused, .crossed: return
        }
        guard open(row).raw > 0 else { return }
        rows[row].refires = 0
        plans[row].isEscalated = false
        natives[row].isRefused = false
        touch(rows[row].instrument)
        if isStopping(row, besides: row) {
            rows[row].state = .paused
        } else {
            rows[row].state = .armed
            watch(row)
        }
        out.notice(.levelChanged(rows[row].record(event)))
    }

    /// What a level still has to close: a stop-loss all of the position, a take-profit the rest of its share.
    func open(_ row: Int) -> Quantity {
        let level = rows[row]
        let position = positions[Self.key(level.instrument, level.positionSide)]
        guard position.raw != 0, level.isLong == (position.raw > 0) else { return .zero }
        switch level.kind {
        case .stopLoss: return position.magnitude
        case .takeProfit: return min(level.quantity.subtracting(level.closed), position.magnitude)
        }
    }

    /// A stop-loss of the same position is at work: its exit is live, or waits to fire again.
    func isStopping(_ row: Int, besides other: Int) -> Bool {
        var next = heads[Self.key(rows[row].instrument, rows[row].positionSide)]
        while next != Self.absent {
            let level = rows[Int(next)]
            let isAtWork = level.state == .fired || refires.deadline(of: Int(next)) != .distantFuture
            if level.kind == .stopLoss, isAtWork, Int(next) != other { return true }
            next = level.nextInPosition
        }
        return false
    }

    /// Makes a level's exit live; nil, and the level is spent, when it has nothing to close.
    mutating func fire(_ row: Int, into out: inout Outbox) -> FiredLevel? {
        let quantity = open(row)
        guard quantity.raw > 0 else {
            spend(row)
            return nil
        }
        serial += 1
        forgetGrace(row)
        triggers.clear(mover(row))
        rows[row].state = .fired
        rows[row].serial = serial
        let level = rows[row]
        if level.kind == .stopLoss { holdOthers(row) }
        out.notice(.levelChanged(level.record(.fired, trigger: level.trigger, quantity: quantity)))
        return FiredLevel(
            firing: LevelFiring(row: UInt32(row), serial: serial),
            number: level.number,
            instrument: level.instrument,
            positionSide: level.positionSide,
            kind: level.kind,
            side: level.exitSide,
            quantity: quantity,
            price: level.price,
            limit: level.hasPlan
                ? plans[row].limit(from: level.price, isLong: level.isLong, terms[Int(level.instrument.index)])
                : .zero,
            trigger: level.trigger,
            refires: level.refires
        )
    }

    /// A stop-loss closes all of the position: no other level of it fires beside it.
    mutating func holdOthers(_ row: Int) {
        touch(rows[row].instrument)
        var next = heads[Self.key(rows[row].instrument, rows[row].positionSide)]
        while next != Self.absent {
            let other = Int(next)
            next = rows[other].nextInPosition
            let state = rows[other].state
            guard other != row, state == .armed || state == .paused || state == .crossed else { continue }
            forgetGrace(other)
            unwatch(other)
            refires.clear(other)
            rows[other].state = .paused
        }
    }

    mutating func spend(_ row: Int) {
        touch(rows[row].instrument)
        forgetGrace(row)
        unwatch(row)
        refires.clear(row)
        rows[row].state = .spent
        rows[row].refires = 0
    }

    private func each(_ group: LevelGroup, _ body: (ProtectiveLevel) -> Void) {
        var next = group.first
        while next != Self.absent {
            body(rows[Int(next)])
            next = rows[Int(next)].nextInGroup
        }
    }
}
