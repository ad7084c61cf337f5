internal import FairleadModel

/// Rows: taken when a signal is accepted, given back when its position is gone.
extension ExitRegistry {
    /// A signal's levels on the tick grid; see `LevelError` for what is refused.
    func checked(
        _ signal: SignalTerms,
        _ reference: Price
    ) throws(LevelError) -> (takeProfits: TakeProfitLevels, stopLoss: Price) {
        let terms = terms[Int(signal.instrument.index)]
        let exit = signal.side.opposite
        let sign = signal.side.sign
        var stopLoss = Price.zero
        guard Self.isSound(signal) else { throw .stopTermsUnsound }
        if signal.stopLoss.raw != 0 {
            guard signal.stopLoss.raw > 0, signal.stopLoss <= Price.bound else { throw .priceOutOfRange }
            stopLoss = terms.rounded(signal.stopLoss, exit, for: .stopTrigger)
            guard stopLoss.raw > 0 else { throw .priceOutOfRange }
            let isPast = reference.raw > 0 && (stopLoss.raw - reference.raw) * sign >= 0
            if isPast { throw .stopLossWrongWay }
        }
        var takeProfits = TakeProfitLevels()
        var sum = Rate.zero
        for index in 0..<Int(signal.takeProfits.count) {
            let given = signal.takeProfits[index]
            guard given.price.raw > 0, given.price <= Price.bound else { throw .priceOutOfRange }
            guard given.fraction > .zero, given.fraction <= .one else { throw .fractionOutOfRange }
            sum = sum + given.fraction
            guard sum <= .one else { throw .fractionOutOfRange }
            let price = terms.rounded(given.price, exit, for: .resting)
            guard price.raw > 0 else { throw .priceOutOfRange }
            let worst = reference.raw == 0 ? stopLoss : reference
            if worst.raw > 0, (price.raw - worst.raw) * sign <= 0 { throw .takeProfitWrongWay }
            takeProfits.append(TakeProfitLevel(price: price, fraction: given.fraction))
        }
        return (takeProfits, stopLoss)
    }

    /// The first thing wrong with a signal's levels, for the gateway; nil where `register` would take them, but for a
    /// full table. `reference` is zero where there is none.
    func defect(_ signal: SignalTerms, reference: Price) -> LevelDefect? {
        do throws(LevelError) {
            _ = try checked(signal, reference)
            return nil
        } catch {
            return described(error, signal, reference)
        }
    }

    private func described(_ error: LevelError, _ signal: SignalTerms, _ reference: Price) -> LevelDefect {
        let takeProfits = (0..<Int(signal.takeProfits.count)).map { signal.takeProfits[$0] }
        switch error {
        case .stopLossWrongWay:
            return LevelDefect(error, unit: .price, observed: signal.stopLoss.raw, threshold: reference.raw)
        case .takeProfitWrongWay:
            let bound = reference.raw == 0 ? signal.stopLoss : reference
            let nearest = takeProfits.map(\.price.raw).min { $0 * signal.side.sign < $1 * signal.side.sign }
            return LevelDefect(error, unit: .price, observed: nearest ?? 0, threshold: bound.raw)
        case .priceOutOfRange:
            let prices = takeProfits.map(\.price) + [signal.stopLoss]
            let wrong = prices.first { $0.raw < 0 || $0 > Price.bound } ?? signal.stopLoss
            return LevelDefect(error, unit: .price, observed: wrong.raw, threshold: Price.bound.raw)
        case .fractionOutOfRange:
            let sum = takeProfits.reduce(Int64(0)) { $0 + $1.fraction.raw }
            return LevelDefect(error, unit: .rate, observed: sum, threshold: Rate.one.raw)
        case .stopTermsUnsound:
            return LevelDefect(error, unit: .price, observed: signal.stopLoss.raw, threshold: reference.raw)
        case .tableFull:
            return LevelDefect(error, unit: .count, observed: Int64(takeProfits.count), threshold: Int64(freeCount))
        }
    }

    @discardableResult
    mutating func insert(_ level: ProtectiveLevel, _ signal: SignalTerms, _ group: inout LevelGroup) -> Int {
        freeCount -= 1
        let row = free[freeCount]
        let key = Self.key(signal.instrument, signal.positionSide)
        var new = level
        new.number = signal.number
        new.instrument = signal.instrument
        new.positionSide = signal.positionSide
        new.isLong = signal.side == .buy
        new.state = .waiting
        new.since = serial
        new.isEntryOpen = true
        new.nextInPosition = heads[key]
        if heads[key] != Self.absent { rows[Int(heads[key])].previousInPosition = row }
        heads[key] = row
        rows[Int(row)] = new
        append(row, to: &group)
        return Int(row)
    }

    private mutating func append(_ row: UInt32, to group: inout LevelGroup) {
        guard group.first != Self.absent else {
            group.first = row
            return
        }
        var last = Int(group.first)
        while rows[last].nextInGroup != Self.absent { last = Int(rows[last].nextInGroup) }
        rows[last].nextInGroup = row
    }

    /// The first row of a signal's levels; nil once its entry has ended.
    func find(_ group: LevelGroup) -> Int? {
        guard group.first != Self.absent, Int(group.first) < rows.count else { return nil }
        let level = rows[Int(group.first)]
        return level.isEntryOpen && level.number == group.number ? Int(group.first) : nil
    }

    /// The row of a firing whose exit is live; nil when it is over.
    func find(_ firing: LevelFiring) -> Int? {
        guard firing.row != Self.absent, Int(firing.row) < rows.count else { return nil }
        let level = rows[Int(firing.row)]
        return level.state == .fired && level.serial == firing.serial ? Int(firing.row) : nil
    }

    /// The signal that brought the level of a firing that is being sent; `.none` where no level fires.
    @inline(__always)
    func number(of firing: LevelFiring) -> SignalNumber {
        firing.isNone ? .none : rows[Int(firing.row)].number
    }

    /// The position of a level is gone: the level too, or it waits for the next fill of its entry.
    mutating func release(_ row: Int, into out: inout Outbox) {
        unwatch(row)
        refires.clear(row)
        forgetGrace(row)
        touch(rows[row].instrument)
        natives[row] = NativeOrder()
        out.notice(.levelChanged(rows[row].record(.removed)))
        guard rows[row].isEntryOpen else { return remove(row) }
        rows[row].state = .waiting
        rows[row].since = serial
        rows[row].refires = 0
        rows[row].quantity = .zero
        rows[row].closed = .zero
        rows[row].trigger = .zero
        guard rows[row].hasPlan else { return }
        plans[row].reset()
        rows[row].price = plans[row].initial
    }

    /// Takes a row off its position's list and frees it.
    mutating func remove(_ row: Int) {
        let level = rows[row]
        if level.keptUntil != .never { keptCount -= 1 }
        if level.nextInPosition != Self.absent {
            rows[Int(level.nextInPosition)].previousInPosition = level.previousInPosition
        }
        if level.previousInPosition != Self.absent {
            rows[Int(level.previousInPosition)].nextInPosition = level.nextInPosition
        } else {
            heads[Self.key(level.instrument, level.positionSide)] = level.nextInPosition
        }
        rows[row] = ProtectiveLevel()
        plans[row] = StopPlan()
        natives[row] = NativeOrder()
        free[freeCount] = UInt32(row)
        freeCount += 1
    }

    /// Walks all rows and traps on the first broken rule. Slow: for tests and the simulator.
    public func checkInvariants() {
        triggers.checkInvariants()
        refires.checkInvariants()
        graces.checkInvariants()
        var freeRows = 0
        for row in rows.indices {
            let level = rows[row]
            let isArmed = level.state == .armed
            let isWatched = triggers.trigger(of: row) != nil
            precondition(
                isWatched == (isArmed && level.price.raw > 0),
                "Invariant: armed levels, and only they, are watched"
            )
            let moves = isArmed && level.isMoving ? plans[row].next(isLong: level.isLong) : nil
            precondition(
                triggers.trigger(of: mover(row))?.price == moves,
                "Invariant: an armed stop waits for its next move"
            )
            precondition(
                !isWatched || triggers.trigger(of: row)?.price == level.price,
                "Invariant: a level is watched at its price"
            )
            checkNatives(row)
            if refires.deadline(of: row) != .distantFuture {
                precondition(level.state == .paused, "Invariant: only a paused level waits to fire again")
            }
            guard level.state != .free else {
                freeRows += 1
                continue
            }
            let key = Self.key(level.instrument, level.positionSide)
            let isHead = heads[key] == UInt32(row)
            precondition(isHead == (level.previousInPosition == Self.absent), "Invariant: a list begins at its head")
            if level.isLive {
                let isProtecting = level.isLong == (positions[key].raw > 0)
                precondition(positions[key].raw != 0, "Invariant: a live level has a position")
                precondition(isProtecting, "Invariant: a live level protects its position's direction")
            }
        }
        let kept = rows.count { $0.keptUntil != .never }
        precondition(kept == keptCount, "Invariant: the levels that are kept are counted")
        precondition(freeRows == freeCount, "Invariant: the free stack holds the free rows")
    }
}
