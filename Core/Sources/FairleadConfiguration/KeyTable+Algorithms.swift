import FairleadModel

extension KeyTable {
    static var algorithmKeys: [ConfigurationKey] {
        let scope = KeyScope<AlgorithmConfiguration>.part(\.engine.algorithms)
        var vwap = KeySection(.strategy, segments("algorithms.vwap"), .reload, scope)
        vwap.key(
            "duration_s",
            \.vwapDuration,
            .seconds(2...AlgorithmTerms.durationLimit),
            "How long a VWAP takes that does not say."
        )
        vwap.key("slices", \.vwapSlices, .count(2...TwapTerms.curveLimit), "In how many slices.")
        vwap.key(
            "min_history_days",
            \.vwapMinimumDays,
            .count(1...60),
            "Days that the volume curve needs of each quarter of an hour; with fewer the slices are equal."
        )
        vwap.key("history_days", \.vwapDays, .count(1...60), "The newest day weighs as one of so many.")
        var pov = KeySection(.strategy, segments("algorithms.pov"), .reload, scope)
        pov.key("participation_rate", \.povRate, .participation, "The share of the volume where a POV does not say.")
        pov.key(
            "max_participation_rate",
            \.povMaximumRate,
            .participation,
            "No signal's rate is taken for more."
        )
        pov.key(
            "duration_s",
            \.povDuration,
            .seconds(1...AlgorithmTerms.durationLimit),
            "When a POV ends that does not say."
        )
        pov.key(
            "child_timeout_s",
            \.povChildTimeout,
            .seconds(1...3_600),
            "How long a child of a POV rests before it takes."
        )
        var iceberg = KeySection(.strategy, segments("algorithms.iceberg"), .reload, scope)
        iceberg.key("jitter", \.icebergJitter, .share, "By what share a tip may be smaller than what is displayed.")
        return vwap.rows + pov.rows + iceberg.rows
    }
}
