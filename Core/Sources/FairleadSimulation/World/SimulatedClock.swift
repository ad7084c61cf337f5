import FairleadModel
import FairleadNode
import FairleadPaper

/// The router's clock: it follows the true time of the simulation with an offset and a rate of its own, and can be
/// set, as by a person or a time server. The venue lives by the true time.
final class SimulatedClock: Clock {
    private(set) var now: Timestamp
    /// The last true time at which rate or offset changed, and what was shown then.
    private var anchor: Timestamp
    private var shown: Timestamp
    /// How much faster than the truth it runs, in parts of 10^9.
    private(set) var drift: Int64 = 0
    private var truth: Timestamp
    private let origin: Timestamp
    /// All steps together.
    private var stepped = TimeSpan.zero

    init(_ truth: Timestamp) {
        now = truth
        anchor = truth
        shown = truth
        self.truth = truth
        origin = truth
    }

    /// Drifts as the wall does, and takes no part in its steps.
    var elapsed: TimeSpan { TimeSpan(nanoseconds: (now - origin).nanoseconds - stepped.nanoseconds) }

    /// True time has come to `truth`.
    func follow(_ truth: Timestamp) {
        self.truth = truth
        now = reading(at: truth)
    }

    /// Sets the clock forward or back.
    func step(by span: TimeSpan) {
        let reading = reading(at: truth)
        stepped = TimeSpan(nanoseconds: stepped.nanoseconds + span.nanoseconds)
        anchor = truth
        shown = reading + span
        now = shown
    }

    /// Runs faster or slower from now on: at most one part in ten.
    func setDrift(partsPerBillion: Int64) {
        precondition(abs(partsPerBillion) <= 100_000_000, "Invariant: a clock drifts by a tenth at most")
        shown = reading(at: truth)
        anchor = truth
        drift = partsPerBillion
    }

    /// What it is ahead of the truth.
    var offset: TimeSpan { now - truth }

    private func reading(at truth: Timestamp) -> Timestamp {
        let passed = truth - anchor
        if drift == 0 { return shown + passed }
        let extra = FixedPoint.dividedRoundingDown(Int128(passed.nanoseconds) * Int128(drift), by: 1_000_000_000)
        return shown + TimeSpan(nanoseconds: passed.nanoseconds + extra)
    }

    /// The first true time at which it shows `reading` or more; never before the present.
    func truth(of reading: Timestamp) -> Timestamp {
        if reading <= now { return truth }
        if !reading.isKnown { return reading }
        let wanted = (reading - shown).nanoseconds
        if drift == 0 { return max(truth, anchor + TimeSpan(nanoseconds: wanted)) }
        let rate = Int128(1_000_000_000 + drift)
        let passed = FixedPoint.dividedRoundingUp(Int128(wanted) * 1_000_000_000, by: rate)
        // Rounding may leave it a nanosecond short.
        return max(truth, anchor + TimeSpan(nanoseconds: passed + 1))
    }
}
