import FairleadModel

extension KeyTable {
    /// `router.policy`: how evidence becomes a symbol's policy.
    static var policyKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("router.policy"), .reload, .part(\.engine.policy))
        keys.key("prior.maker_fill", \.prior.makerFill, .share, "Makers filled, as assumed of a new symbol.")
        keys.key("prior.fallback", \.prior.fallback, .share, "Makers given up, as assumed of a new symbol.")
        keys.key("prior.slip_bps", \.prior.slip, .bps(0...1000), "Slip, as assumed of a new symbol.")
        keys.key(
            "prior.weight",
            \.prior.weight,
            .count(0...10_000),
            "Samples that the prior counts as; with fewer a policy says bootstrap."
        )
        keys.key("half_life_hours", \.halfLife, .hours(1...8760), "Evidence counts half after this time.")
        keys.key("window_days", \.windowDays, .count(1...7), "Older evidence counts nothing.")
        keys.key(
            "hysteresis_pct",
            \.hysteresis,
            .share,
            "A quality gets better only this share past its bound, at most a quarter of the way to the prior."
        )
        return keys.rows
    }

    static var policyThresholdKeys: [ConfigurationKey] {
        let path = "router.policy.thresholds"
        var keys = KeySection(.strategy, segments(path), .reload, .part(\.engine.policy))
        keys.key("broken.fallback", \.broken.fallback, .share, "Broken from this share of fallbacks on.")
        keys.key("broken.slip_bps", \.broken.slip, .bps(0...1000), "Broken from this slip on.")
        keys.key("broken.ack_ms", \.broken.acknowledgement, .milliseconds(0...600_000), "Broken from this latency on.")
        keys.key("degraded.fallback", \.degraded.fallback, .share, "Degraded from this share of fallbacks on.")
        keys.key("degraded.slip_bps", \.degraded.slip, .bps(0...1000), "Degraded from this slip on.")
        keys.key(
            "degraded.ack_ms",
            \.degraded.acknowledgement,
            .milliseconds(0...600_000),
            "Degraded from this latency on."
        )
        keys.key("good.maker_fill", \.goodMakerFill, .share, "Good from this share of filled makers on, ...")
        keys.key("good.fallback", \.good.fallback, .share, "... up to this share of fallbacks, ...")
        keys.key("good.slip_bps", \.good.slip, .bps(0...1000), "... up to this slip, ...")
        keys.key("good.ack_ms", \.good.acknowledgement, .milliseconds(0...600_000), "... and up to this latency.")
        return keys.rows
    }

    /// `autotune`: what of the suggestions is applied.
    static var autotuneKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("autotune"), .reload, .part(\.engine.autotune))
        keys.key("apply_enabled", \.isApplyEnabled, .flag, "Suggestions are applied to the policies.")
        keys.key("max_bias_delta", \.maximumBiasDelta, .share, "The largest step of a bias, from what was computed.")
        keys.key(
            "max_offset_step_bps",
            \.maximumOffsetStep,
            .bps(0...100),
            "The largest step of an offset, from what was computed."
        )
        keys.key("max_offset_abs_bps", \.maximumOffset, .bps(0...100), "The largest offset that a step leads to.")
        keys.key("allow_maker_flip", \.allowsMakerFlip, .flag, "maker_first may be turned, in the risk mode normal.")
        keys.key("symbols", \.symbols, .texts(.line, limit: 1000), "Symbols that may be tuned; * is all.")
        keys.key("qualities", \.qualities, .texts(.line, limit: 4), "Qualities that may be tuned.")
        keys.key(
            "mode_stale_after_s",
            \.modeStaleAfter,
            .seconds(0...86_400),
            "A risk mode that was said longer ago counts as cautious."
        )
        return keys.rows
    }

    /// `router_quality`: the score that people see.
    static var scoreKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("router_quality"), .reload, .part(\.engine.quality.score))
        keys.key("base_score", \.base, .share, "The score of an untroubled symbol.")
        keys.key("bucket_penalties.a_high", \.highBucketPenalty, .share, "Taken off in this bucket.")
        keys.key("bucket_penalties.b_medium", \.mediumBucketPenalty, .share, "Taken off in this bucket.")
        keys.key("bucket_penalties.c_low", \.lowBucketPenalty, .share, "Taken off in this bucket.")
        keys.key("drift_thresholds_bps.green", \.greenDrift, .bps(0...1000), "GREEN up to this drift, ...")
        keys.key("drift_thresholds_bps.yellow", \.yellowDrift, .bps(0...1000), "... YELLOW up to this one, else RED.")
        keys.key("drift_penalties.yellow", \.yellowDriftPenalty, .share, "Taken off for YELLOW.")
        keys.key("drift_penalties.red", \.redDriftPenalty, .share, "Taken off for RED.")
        keys.key(
            "latency_thresholds_ms.fast",
            \.fastLatency,
            .milliseconds(0...600_000),
            "FAST up to this latency, ..."
        )
        keys.key(
            "latency_thresholds_ms.normal",
            \.normalLatency,
            .milliseconds(0...600_000),
            "... NORMAL up to this one, else SLOW."
        )
        keys.key("latency_penalties.normal", \.normalLatencyPenalty, .share, "Taken off for NORMAL.")
        keys.key("latency_penalties.slow", \.slowLatencyPenalty, .share, "Taken off for SLOW.")
        keys.key("twap_skip_penalty", \.twapSkipPenalty, .share, "Taken off where no notional went by TWAP.")
        keys.key(
            "twap_penalty_basis",
            \.twapPenaltyBasis,
            .choice,
            "The notional that counts: all, or what was large enough for a TWAP."
        )
        return keys.rows
    }
}
