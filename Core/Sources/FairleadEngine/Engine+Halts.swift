import FairleadModel

/// Halts of single instruments: entries are refused, resting orders stay, exits wait and are never lost. So they do
/// for a venue that isn't there.
extension Engine {
    /// How often a parked exit is tried though its instrument is said to be halted: word of its end may have been lost,
    /// or the venue refuses without having told of a halt.
    static let parkedRetryAfter = TimeSpan.seconds(30)

    mutating func haltReported(_ report: HaltReport, at now: Timestamp, into out: inout Outbox) {
        guard market.apply(report) else { return }
        let condition: VenueCondition = report.isHalted ? .halted : .resumed
        out.notice(
            .venueChanged(VenueRecord(venue: .paper, condition: condition, instrument: report.instrument))
        )
        exits.touch(report.instrument)
        if !report.isHalted { sendParked(report.instrument, at: now, into: &out) }
    }

    /// True for an exit whose order the venue may refuse for a halt: it is sent again, and doesn't end with it.
    func isParkable(_ parent: Parent) -> Bool {
        guard parent.isReducingNow else { return false }
        switch parent.stage {
        case .exiting, .resting: return true
        case .deferred, .clearing, .making, .cancelling, .taking, .parked, .tombstone, .ended, .waiting, .held:
            return false
        }
    }

    /// An exit waits for its instrument to trade again, or its venue to be there, within the signal's life.
    mutating func park(_ slot: ParentSlot, at now: Timestamp) {
        precondition(parents[slot].isReducingNow, "Invariant: only an exit waits for a halt's end")
        precondition(parents[slot].child == .none, "Invariant: a parked exit has no order out")
        parents[slot].stage = .parked
        deadlines.set(parentOwner(slot), at: min(parents[slot].expiresAt, parkedUntil(parents[slot].instrument, now)))
    }

    /// When a parked exit is tried: soon, or once the session begins that its instrument waits for.
    private func parkedUntil(_ instrument: InstrumentHandle, _ now: Timestamp) -> Timestamp {
        let soon = now + Self.parkedRetryAfter
        guard isBetweenSessions(instrument, at: now) else { return soon }
        guard let next = configuration.tradingHours.session(from: now) else { return soon }
        return max(soon, next.open)
    }

    /// True for an instrument that trades in sessions, outside of one. The calendar needs no word of the venue.
    @inline(__always)
    func isBetweenSessions(_ instrument: InstrumentHandle, at now: Timestamp) -> Bool {
        guard tradesInSessions[Int(instrument.index)] else { return false }
        return !configuration.tradingHours.isOpen(at: now)
    }

    /// True while nothing of an instrument can trade: its venue says so, or its calendar.
    @inline(__always)
    func isClosed(_ instrument: InstrumentHandle, at now: Timestamp) -> Bool {
        market.isHalted(instrument) || isBetweenSessions(instrument, at: now)
    }

    /// A parked exit's time: it has expired, or is tried. A refusal parks it again.
    mutating func parkedDue(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        guard now < parents[slot].expiresAt else { return close(slot, .expired, at: now, into: &out) }
        guard venue.isConnected else { return park(slot, at: now) }
        sendParked(slot, at: now, into: &out)
    }

    /// Sends a parked exit, behind the cancels of our own orders that came to rest in its way.
    private mutating func sendParked(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        let opposite = ownOppositeBest(parent.instrument, parent.side)
        let limit = parent.limitPrice
        let isCrossing =
            opposite.raw > 0 && (limit.raw == 0 || (parent.side == .buy ? limit >= opposite : limit <= opposite))
        if isCrossing { cancelOwn(against: slot, at: now, into: &out) }
        route(slot, at: now, into: &out)
    }

    /// After a listing what a new session has told of halts is known.
    mutating func sendParked(at now: Timestamp, into out: inout Outbox) {
        for index in terms.indices where !isClosed(InstrumentHandle(index), at: now) {
            sendParked(InstrumentHandle(index), at: now, into: &out)
        }
    }

    private mutating func sendParked(_ instrument: InstrumentHandle, at now: Timestamp, into out: inout Outbox) {
        var slot = parents.firstOpen(instrument)
        while slot != .none {
            let next = parents[slot].next
            if parents[slot].stage == .parked { sendParked(slot, at: now, into: &out) }
            slot = next
        }
    }
}
