internal import FairleadModel

/// Stops that move: each waits for the next price at which it does, as a second owner of the same triggers, so that an
/// instrument without one costs nothing, and one that has moved a thousand times what it cost at first.
extension ExitRegistry {
    /// The owner of a row's next move.
    func mover(_ row: Int) -> Int { rows.count + row }

    /// Waits for a level's price, and for the next price at which it moves.
    mutating func watch(_ row: Int) {
        let level = rows[row]
        if level.price.raw > 0 {
            let trigger = PriceTrigger(
                instrument: level.instrument,
                source: source,
                direction: level.direction,
                price: level.price
            )
            triggers.set(row, trigger)
        } else {
            triggers.clear(row)
        }
        guard level.isMoving, let next = plans[row].next(isLong: level.isLong) else {
            return triggers.clear(mover(row))
        }
        let trigger = PriceTrigger(
            instrument: level.instrument,
            source: source,
            direction: level.isLong ? .atOrAbove : .atOrBelow,
            price: next
        )
        triggers.set(mover(row), trigger)
    }

    mutating func unwatch(_ row: Int) {
        triggers.clear(row)
        triggers.clear(mover(row))
    }

    /// The price has come to where an armed stop moves.
    mutating func advance(_ row: Int, to price: Price, into out: inout Outbox) {
        let isLong = rows[row].isLong
        let grid = terms[Int(rows[row].instrument.index)]
        let isNews = plans[row].advance(to: price, stop: &rows[row].price, isLong: isLong, grid)
        watch(row)
        touch(rows[row].instrument)
        if isNews { out.notice(.levelChanged(rows[row].record(.adjusted, trigger: price))) }
    }

    /// A stop is armed, or its position has grown: its stages count from the entry price as it is now, and what the
    /// present price has reached is done at once. Before the first price it trails from the entry.
    mutating func startMoving(_ row: Int, entry: Price, price: Price, into out: inout Outbox) {
        guard rows[row].isMoving, rows[row].state == .armed else { return }
        plans[row].entry = entry
        #if MUTANTS
            if Mutant.isOn(.stopIsSetBackWhenThePositionGrows), plans[row].initial.raw > 0 {
                rows[row].price = plans[row].initial
            }
        #endif
        let present = price.raw > 0 ? price : entry
        if present.raw > 0 { advance(row, to: present, into: &out) } else { watch(row) }
    }

    /// The exit of a stop-limit has ended and left something: a market exit follows at once. True where it was one.
    mutating func escalate(_ row: Int, left: Quantity, at now: Timestamp, into out: inout Outbox) -> Bool {
        guard rows[row].kind == .stopLoss, rows[row].hasPlan, plans[row].sendsLimit else { return false }
        plans[row].isEscalated = true
        refires.set(row, at: now)
        out.notice(.levelChanged(rows[row].record(.escalated, trigger: rows[row].trigger, quantity: left)))
        return true
    }

    /// Whether how a signal's stop moves can be; prices as they were given.
    static func isSound(_ signal: SignalTerms) -> Bool {
        let stop = signal.stop
        guard !stop.isNone else { return true }
        let adjustment = stop.adjustment
        func isPrice(_ price: Price) -> Bool { price.raw >= 0 && price <= Price.bound }
        guard isPrice(stop.limitPrice), isPrice(stop.activation), isPrice(adjustment.trigger) else { return false }
        guard isPrice(adjustment.price), isPrice(adjustment.limitPrice) else { return false }
        guard stop.trail.isSound, adjustment.trail.isSound, signal.hasStop else { return false }
        guard stop.stages.count <= ProfitStages.limit, stop.stages.fault(isShort: signal.side == .sell) == nil else {
            return false
        }
        // Of the losing side: above zero where `a` is nearer to the market than `b`.
        let sign = signal.side.sign
        func isTighter(_ a: Price, _ b: Price) -> Bool { (a.raw - b.raw) * sign > 0 }
        if signal.stopLoss.raw == 0 { return stop.limitPrice.raw == 0 && adjustment.isNone }
        if stop.limitPrice.raw > 0, isTighter(stop.limitPrice, signal.stopLoss) { return false }
        if stop.activation.raw > 0, !isTighter(stop.activation, signal.stopLoss) { return false }
        if adjustment.isNone { return true }
        guard stop.trail.isNone, isTighter(adjustment.trigger, signal.stopLoss) else { return false }
        let after = adjustment.price.raw > 0 ? adjustment.price : signal.stopLoss
        if isTighter(signal.stopLoss, after) || !isTighter(adjustment.trigger, after) { return false }
        switch adjustment.form {
        case .stop: return adjustment.price.raw > 0
        case .stopLimit: return adjustment.limitPrice.raw > 0 && !isTighter(adjustment.limitPrice, after)
        case .trailing: return !adjustment.trail.isNone
        }
    }
}
