import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

/// L-09: makers that went badly are tried again: no instrument's policy stays without makers for more than a day. The
/// long seeds live that long.
final class MakersRecover: Invariant {
    static let longest = TimeSpan.hours(24)
    private var since: [InstrumentHandle: Timestamp] = [:]

    var id: String { "L-09" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        for index in 0..<simulation.configuration.engine.instruments.count {
            let instrument = InstrumentHandle(index)
            guard let policy = simulation.withEngine({ $0.policy(instrument) }), !policy.isOverridden else { continue }
            try judge(instrument, isBroken: policy.quality == .broken, at: simulation.now)
        }
    }

    /// By the true time; a restart changes nothing of it.
    func judge(_ instrument: InstrumentHandle, isBroken: Bool, at now: Timestamp) throws(Violation) {
        guard isBroken else {
            since[instrument] = nil
            return
        }
        guard let first = since[instrument] else {
            since[instrument] = now
            return
        }
        if now - first > Self.longest {
            throw Violation(id, "instrument \(instrument.index) has had no maker for more than a day")
        }
    }
}
