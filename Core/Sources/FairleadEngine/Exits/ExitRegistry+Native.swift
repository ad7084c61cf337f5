internal import FairleadModel

/// Levels whose orders wait at the venue: what the registry keeps of them. The orders are the engine's
/// (`Engine+Native`), which brings them in step with the levels whenever something of an instrument's has changed.
extension ExitRegistry {
    /// Levels are placed at the venue, which watches no middle of the book.
    var placesNatives: Bool { isNative && source != .mid }

    // MARK: What has changed

    /// Something of an instrument's levels, or of their orders, is another now.
    @inline(__always)
    mutating func touch(_ instrument: InstrumentHandle) {
        guard isNative || nativeCount > 0 else { return }
        changed[Int(instrument.index) >> 6] |= 1 << UInt64(instrument.index & 63)
        hasChanged = true
    }

    mutating func touchAll() {
        for index in 0..<terms.count { touch(InstrumentHandle(index)) }
    }

    /// An instrument whose levels or orders have changed; nil when there is none left.
    mutating func popChanged() -> InstrumentHandle? {
        for word in changed.indices where changed[word] != 0 {
            let bit = changed[word].trailingZeroBitCount
            changed[word] &= changed[word] - 1
            return InstrumentHandle(word << 6 | bit)
        }
        hasChanged = false
        return nil
    }

    // MARK: Orders

    /// The firing that an order to be placed for a level would be.
    mutating func nextFiring(_ row: Int) -> LevelFiring {
        serial += 1
        return LevelFiring(row: UInt32(row), serial: serial)
    }

    /// True while a level wants the order of this parent.
    func wants(_ slot: ParentSlot, _ firing: LevelFiring) -> Bool {
        guard isOfLevel(firing), natives[Int(firing.row)].holds(slot) else { return false }
        let level = rows[Int(firing.row)]
        switch level.state {
        case .armed, .crossed: return !natives[Int(firing.row)].isLeaving
        case .fired: return level.serial == firing.serial
        case .free, .waiting, .paused, .spent: return false
        }
    }

    /// The level that a firing is of still stands in its row.
    private func isOfLevel(_ firing: LevelFiring) -> Bool {
        guard firing.row != Self.absent, Int(firing.row) < rows.count else { return false }
        return rows[Int(firing.row)].state != .free && rows[Int(firing.row)].since < firing.serial
    }

    /// The replacement stands: it is the level's order from now on, and the one before is wanted no more.
    mutating func replaceNative(_ row: Int) {
        natives[row].parent = natives[row].replacement
        natives[row].replacement = .none
        touch(rows[row].instrument)
    }

    /// The level wants none of its orders any more.
    mutating func dropNatives(_ row: Int) {
        guard !natives[row].isNone else { return }
        natives[row].parent = .none
        natives[row].replacement = .none
        touch(rows[row].instrument)
    }

    /// An order of a level at the venue has filled so much.
    mutating func nativeFilled(_ firing: LevelFiring, _ quantity: Quantity) {
        if isOfLevel(firing) { rows[Int(firing.row)].closed += quantity }
    }

    /// An order of a level was triggered. True where it is the level's exit from now on; false where it was on its way
    /// out, and what it leaves is closed by another.
    mutating func nativeTriggered(
        _ slot: ParentSlot,
        _ firing: LevelFiring,
        quantity: Quantity,
        into out: inout Outbox
    ) -> Bool {
        guard isOfLevel(firing), natives[Int(firing.row)].holds(slot) else { return false }
        let row = Int(firing.row)
        switch rows[row].state {
        case .armed: break
        case .crossed: if natives[row].isLeaving { return false }
        case .free, .waiting, .fired, .paused, .spent: return false
        }
        // The other of the two is wanted no more, whichever it was.
        natives[row].parent = slot
        natives[row].replacement = .none
        unwatch(row)
        refires.clear(row)
        graces.clear(row)
        if rows[row].trigger.raw == 0 { rows[row].trigger = rows[row].price }
        rows[row].state = .fired
        rows[row].serial = firing.serial
        if rows[row].kind == .stopLoss { holdOthers(row) }
        out.notice(.levelChanged(rows[row].record(.fired, trigger: rows[row].trigger, quantity: quantity)))
        touch(rows[row].instrument)
        return true
    }

    /// An order of a level has ended, and all its fills are booked.
    mutating func nativeEnded(
        _ slot: ParentSlot,
        _ firing: LevelFiring,
        _ end: NativeEnd,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        guard isOfLevel(firing), natives[Int(firing.row)].holds(slot) else { return }
        let row = Int(firing.row)
        let isReplacement = natives[row].replacement == slot
        if !isReplacement { natives[row].parent = natives[row].replacement }
        natives[row].replacement = .none
        touch(rows[row].instrument)
        switch rows[row].state {
        case .fired:
            guard rows[row].serial == firing.serial else { return }
            // Where one order was not enough, the rest goes at once: nothing has failed.
            let left = open(row)
            guard end == .filled, left.raw > 0, !isStopping(row, besides: row) else {
                return exitEnded(firing, closed: .zero, at: now, into: &out)
            }
            out.notice(.levelChanged(rows[row].record(.refired, trigger: rows[row].trigger, quantity: left)))
            fireNext(row, at: now)
        case .crossed:
            // What still stands has what is left of its grace.
            if natives[row].isNone || end == .atOnce { fireNext(row, at: now) }
        case .armed:
            switch end {
            case .atOnce: fireNext(row, at: now)
            case .later: retryNative(row, at: now)
            case .refused where isReplacement: retryNative(row, at: now)
            case .refused: natives[row].isRefused = true
            case .done, .filled: break
            }
        case .free, .waiting, .paused, .spent: break
        }
    }

    /// An order that was not taken is placed again after a pause.
    mutating func retryNative(_ row: Int, at now: Timestamp) {
        natives[row].retryAt = now + Self.nativeRetryAfter
        graces.set(row, at: natives[row].retryAt)
    }

    /// A level's exit goes out by the next turn of the engine's own.
    mutating func fireNext(_ row: Int, at now: Timestamp) {
        dropNatives(row)
        natives[row].isLeaving = false
        unwatch(row)
        graces.clear(row)
        rows[row].state = .paused
        refires.set(row, at: now)
    }

    // MARK: Grace

    /// When a level's grace, or the pause before its order is tried again, is over.
    var nextGrace: Timestamp { graces.next }

    /// The price has come to a level whose order is at the venue: that one has a while to trigger.
    mutating func cross(_ row: Int, at now: Timestamp, for span: TimeSpan) {
        unwatch(row)
        rows[row].state = .crossed
        graces.set(row, at: now + span)
        touch(rows[row].instrument)
    }

    /// A level goes, or is held: nothing of its order is waited for.
    mutating func forgetGrace(_ row: Int) {
        graces.clear(row)
        natives[row].isLeaving = false
    }

    func checkNatives(_ row: Int) {
        let (level, native) = (rows[row], natives[row])
        precondition(level.state != .free || native.isNone, "Invariant: a free row has no order at the venue")
        precondition(native.replacement == .none || native.parent != .none, "Invariant: a replacement replaces")
        let isCounting = graces.deadline(of: row) != .distantFuture
        precondition(
            level.state != .crossed || isCounting,
            "Invariant: a level that was reached has an end of its grace"
        )
        precondition(
            !isCounting || level.state == .crossed || level.state == .armed,
            "Invariant: only a level at work waits for its order"
        )
    }
}
