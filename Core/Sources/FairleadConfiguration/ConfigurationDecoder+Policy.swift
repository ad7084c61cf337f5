import FairleadModel

extension ConfigurationDecoder {
    /// Bounds of better qualities lie inside those of worse ones.
    mutating func judgePolicy() {
        let policy = content.engine.policy
        ordered(policy.good.fallback, policy.degraded.fallback, "degraded", "good", "fallback")
        ordered(policy.degraded.fallback, policy.broken.fallback, "broken", "degraded", "fallback")
        ordered(policy.good.slip, policy.degraded.slip, "degraded", "good", "slip_bps")
        ordered(policy.degraded.slip, policy.broken.slip, "broken", "degraded", "slip_bps")
        ordered(policy.good.acknowledgement, policy.degraded.acknowledgement, "degraded", "good", "ack_ms")
        ordered(policy.degraded.acknowledgement, policy.broken.acknowledgement, "broken", "degraded", "ack_ms")
        judgeAutotune()
        let score = content.engine.quality.score
        require(
            score.greenDrift <= score.yellowDrift,
            .strategy,
            "router_quality.drift_thresholds_bps.yellow",
            "must be at least green",
            also: [(.strategy, "router_quality.drift_thresholds_bps.green")]
        )
        require(
            score.fastLatency <= score.normalLatency,
            .strategy,
            "router_quality.latency_thresholds_ms.normal",
            "must be at least fast",
            also: [(.strategy, "router_quality.latency_thresholds_ms.fast")]
        )
    }

    /// The lists name symbols and qualities that there are.
    private mutating func judgeAutotune() {
        for symbol in content.engine.autotune.symbols where symbol != AutotuneConfiguration.everySymbol {
            let isKnown = content.engine.instruments.contains { $0.symbol == symbol }
            let reason = "\(ConfigurationKind.shown(symbol)) is neither the symbol of an instrument nor *"
            require(isKnown, .strategy, "autotune.symbols", reason)
        }
        for quality in content.engine.autotune.qualities {
            let isKnown = PolicyQuality.allCases.contains { $0.name == quality }
            let reason = "\(ConfigurationKind.shown(quality)) is none of good, ok, degraded, broken"
            require(isKnown, .strategy, "autotune.qualities", reason)
        }
    }

    private mutating func ordered<Bound: Comparable>(
        _ inner: Bound,
        _ outer: Bound,
        _ worse: String,
        _ better: String,
        _ name: String
    ) {
        let path = "router.policy.thresholds"
        require(
            inner <= outer,
            .strategy,
            "\(path).\(worse).\(name)",
            "must be at least \(better).\(name)",
            also: [(.strategy, "\(path).\(better).\(name)")]
        )
    }
}
