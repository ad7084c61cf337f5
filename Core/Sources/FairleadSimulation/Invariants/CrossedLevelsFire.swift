import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode

/// L-06: a level that the price has reached fires within two scans of a second, at any time at which the router runs
/// and by its own clock. A stop-loss that was refused because another exit had the position counts as fired only while
/// an order closes it: once none does, it must send its own within two scans.
final class CrossedLevelsFire: Invariant {
    static let longest = TimeSpan.seconds(2)
    private var since: [InstrumentHandle: Timestamp] = [:]
    private var heldSince: [PositionKey: Timestamp] = [:]
    /// Instruments whose last exit of a level found nothing to reduce.
    private var refused: Set<InstrumentHandle> = []

    var id: String { "L-06" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in notices.indices {
            guard case .acknowledged(let told) = notices[index].notice, told.source == .exitScanner else { continue }
            if told.vetoes.contains(.nothingToReduce) {
                refused.insert(told.instrument)
            } else {
                refused.remove(told.instrument)
            }
        }
        for index in 0..<simulation.configuration.engine.instruments.count {
            let instrument = InstrumentHandle(index)
            let now = simulation.routerTime
            let isReached = simulation.withEngine { $0.hasReachedLevel(instrument, at: now) } ?? false
            try judge(instrument, isReached: isReached, at: now)
            for side in PositionSide.allCases {
                let key = PositionKey(instrument, side)
                let isHeld = refused.contains(instrument) && simulation.withEngine { $0.isStopHeldBack(key) } ?? false
                try judge(key, isHeldBack: isHeld, at: simulation.routerTime)
            }
        }
    }

    func judge(_ instrument: InstrumentHandle, isReached: Bool, at now: Timestamp) throws(Violation) {
        if lasts(&since[instrument], isReached, at: now) {
            throw Violation(id, "a level of instrument \(instrument.index) was reached, and has not fired")
        }
    }

    func judge(_ key: PositionKey, isHeldBack: Bool, at now: Timestamp) throws(Violation) {
        if lasts(&heldSince[key], isHeldBack, at: now) {
            let place = "instrument \(key.instrument.index) \(key.side)"
            throw Violation(id, "the stop of \(place) was reached, and no order closes it")
        }
    }

    private func lasts(_ first: inout Timestamp?, _ isSo: Bool, at now: Timestamp) -> Bool {
        guard isSo else {
            first = nil
            return false
        }
        first = first ?? now
        return first.map { now - $0 > Self.longest } ?? false
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        since.removeAll(keepingCapacity: true)
        heldSince.removeAll(keepingCapacity: true)
        refused.removeAll(keepingCapacity: true)
    }
}
