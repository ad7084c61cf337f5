import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode

/// L-06: a level that the price has reached fires within two scans of a second, at any time at which the router runs
/// and by its own clock.
final class CrossedLevelsFire: Invariant {
    static let longest = TimeSpan.seconds(2)
    private var since: [InstrumentHandle: Timestamp] = [:]

    var id: String { "L-06" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in 0..<simulation.configuration.engine.instruments.count {
            let instrument = InstrumentHandle(index)
            let isReached = simulation.withEngine { $0.hasReachedLevel(instrument) } ?? false
            try judge(instrument, isReached: isReached, at: simulation.routerTime)
        }
    }

    func judge(_ instrument: InstrumentHandle, isReached: Bool, at now: Timestamp) throws(Violation) {
        guard isReached else {
            since[instrument] = nil
            return
        }
        guard let first = since[instrument] else {
            since[instrument] = now
            return
        }
        if now - first > Self.longest {
            throw Violation(id, "a level of instrument \(instrument.index) was reached, and has not fired")
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        since.removeAll(keepingCapacity: true)
    }
}
