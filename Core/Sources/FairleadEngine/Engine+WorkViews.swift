import FairleadModel

/// Why a parent sends nothing at the moment.
public enum WorkHold: String, Sendable, CaseIterable {
    /// A person has paused it.
    case person
    /// The spread is too wide.
    case spread
    /// The venue is away, not compared yet, or takes nothing.
    case venue
    /// The instrument is halted.
    case halt
    /// Its next slice has not begun.
    case slice
}

/// What may be read of parents at work: for screens and checks. Reading changes nothing.
extension Engine {
    /// Every open parent with its schedule, where it has one at work; instrument by instrument, newest first.
    public func forEachWork(_ body: (Parent, ParentSchedule?) -> Void) {
        for index in terms.indices {
            var slot = parents.firstOpen(InstrumentHandle(index))
            while slot != .none {
                let parent = parents[slot]
                body(parent, parent.isScheduled ? schedules[Int(slot.index)] : nil)
                slot = parent.next
            }
        }
    }

    /// What a parent waits for; nil while it works.
    public func hold(of parent: Parent, _ schedule: ParentSchedule?) -> WorkHold? {
        if parent.isHeld { return .person }
        guard parent.stage == .waiting, let schedule else { return nil }
        if market.isHalted(parent.instrument) { return .halt }
        if !venue.isConnected || !venue.isReconciled && !parent.isReducingNow { return .venue }
        return schedule.isSpreadPaused ? .spread : .slice
    }
}
