import FairleadModel

/// Makes the schedules of VWAP, POV and iceberg.
enum AlgorithmPlan {
    /// What a plan is made for.
    struct Subject {
        var quantity: Quantity
        var instrument: InstrumentHandle
        var terms: InstrumentTerms
        var normalSpread: Rate
        /// What a child's notional is judged by; zero when nothing is known.
        var reference: Price
        var expiresAt: Timestamp
        var seed: UInt64
    }

    /// Slices at equal intervals over the asked duration, bent to the volume curve; equal where the curve has too
    /// little history. Fewer slices where equal ones would be too small, as of a TWAP; nil where they come to fewer
    /// than two. A slice that the curve makes too small goes with the next one.
    static func vwap(
        _ subject: Subject,
        _ asked: SignalTerms,
        _ configuration: EngineConfiguration,
        _ curve: borrowing VolumeCurve,
        at now: Timestamp
    ) -> ParentSchedule? {
        let settings = configuration.algorithms
        let minimum = max(subject.terms.minimumNotional, configuration.twap.minimumChildNotional)
        let smallest = TwapPlan.smallest(subject.terms, minimum, at: subject.reference)
        let wanted = asked.twap.slices > 0 ? Int64(asked.twap.slices) : Int64(settings.vwapSlices)
        let count = min(wanted, TwapTerms.curveLimit, subject.quantity.raw / smallest.raw)
        guard count > 1 else { return nil }
        let duration = asked.algorithm.duration ?? settings.vwapDuration
        var twap = configuration.twap
        twap.interval = max(TwapPlan.shortestInterval, TimeSpan(nanoseconds: duration.nanoseconds / count))
        let equal = TwapPlan.schedule(
            subject.quantity,
            TwapTerms(slices: UInt16(count), jitter: asked.twap.jitter),
            twap,
            subject.terms,
            normalSpread: subject.normalSpread,
            reference: subject.reference,
            expiresAt: subject.expiresAt,
            seed: subject.seed,
            at: now
        )
        guard var schedule = equal else { return nil }
        schedule.kind = .vwap
        var weights = ParentSchedule.Weights(repeating: 0)
        for index in 0..<Int(schedule.slices) {
            let begin = schedule.begin + TimeSpan(nanoseconds: schedule.interval.nanoseconds * Int64(index))
            let weight = curve.weight(
                subject.instrument,
                from: begin,
                to: begin + schedule.interval,
                minimumDays: settings.vwapMinimumDays
            )
            guard let weight else { return schedule }
            weights[index] = weight
        }
        schedule.bend(weights, smallest: smallest)
        return schedule
    }

    /// A share of the volume until a deadline.
    static func pov(
        _ subject: Subject,
        _ asked: AlgorithmTerms,
        _ configuration: EngineConfiguration,
        printsOwn: Bool,
        at now: Timestamp
    ) -> ParentSchedule {
        let settings = configuration.algorithms
        var schedule = blank(subject, .pov, at: now)
        schedule.minimumNotional = max(subject.terms.minimumNotional, configuration.twap.minimumChildNotional)
        let smallest = TwapPlan.smallest(subject.terms, schedule.minimumNotional, at: subject.reference)
        schedule.smallest = min(smallest, subject.quantity)
        schedule.rate = min(asked.participationRate ?? settings.povRate, settings.povMaximumRate)
        schedule.pauseSpread = TwapPlan.pauseSpread(subject.normalSpread, configuration.twap.spreadPauseFactor)
        schedule.end = min(now + (asked.duration ?? settings.povDuration), subject.expiresAt)
        schedule.printsOwn = printsOwn
        return schedule
    }

    /// A tip at a time; nil where the first one would be the whole.
    static func iceberg(
        _ subject: Subject,
        _ asked: SignalTerms,
        _ configuration: EngineConfiguration,
        at now: Timestamp
    ) -> ParentSchedule? {
        let lot = subject.terms.lot.raw
        let display = asked.algorithm.display.raw / lot * lot
        guard display < subject.quantity.raw else { return nil }
        var schedule = blank(subject, .iceberg, at: now)
        schedule.minimumNotional = subject.terms.minimumNotional
        schedule.smallest = TwapPlan.smallest(subject.terms, schedule.minimumNotional, at: subject.reference)
        schedule.display = Quantity(raw: display)
        schedule.rate = min(max(.zero, asked.twap.jitterShare ?? configuration.algorithms.icebergJitter), .one)
        schedule.end = min(asked.algorithm.duration.map { now + $0 } ?? .distantFuture, subject.expiresAt)
        return schedule
    }

    private static func blank(_ subject: Subject, _ kind: ScheduleKind, at now: Timestamp) -> ParentSchedule {
        var schedule = ParentSchedule()
        schedule.kind = kind
        schedule.begin = now
        schedule.total = subject.quantity
        schedule.lot = subject.terms.lot
        schedule.seed = subject.seed
        return schedule
    }
}
