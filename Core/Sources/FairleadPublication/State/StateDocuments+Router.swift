import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

extension StateDocuments {
    /// How well the router executes, and the policy that follows from it: SPEC 15's fields.
    func addRouterHealth(_ members: inout [JSONMember], _ moment: ReplicaMoment, _ engine: borrowing Engine) {
        let configuration = moment.configuration.engine
        var symbols: [JSONMember] = []
        var views: [(view: RouterStatsView, bucket: RouterBucket)] = []
        var counts = [Int](repeating: 0, count: PolicyQuality.allCases.count)
        for (index, instrument) in configuration.instruments.enumerated() {
            let handle = InstrumentHandle(index)
            let bucket = configuration.symbols[index].bucket
            let view = engine.routerStats(handle, at: moment.time)
            if let view { views.append((view, bucket)) }
            counts[Int(engine.policy(handle).quality.rawValue)] += 1
            var row: [JSONMember] = []
            row.append("symbol", instrument.symbol)
            Self.addStatistics(&row, view, bucket, configuration.quality.score)
            Self.addPolicy(&row, engine.policy(handle), engine.effectiveness(handle))
            row.append("updated_ts", engine.policyTime)
            symbols.append(instrument.symbol, .object(row))
        }
        let global = GlobalQuality(views, configuration.quality.score)
        let health: JSONValue = ["global": Self.json(global), "per_symbol": .object(symbols)]
        let qualities = PolicyQuality.allCases.map { JSONMember($0.name, .integer(counts[Int($0.rawValue)])) }
        let summary: JSONValue = ["count": .integer(symbols.count), "quality_counts": .object(qualities)]
        members.append("router_health", health)
        members.append("summary", summary)
        members.append("symbols", .array(symbols.map(\.value)))
    }

    /// What the executions of the window came to. A symbol without one has no score.
    private static func addStatistics(
        _ row: inout [JSONMember],
        _ view: RouterStatsView?,
        _ bucket: RouterBucket,
        _ settings: ScoreConfiguration
    ) {
        row.append("router_bucket", bucket.name)
        guard let view else { return }
        if view.eventCount > 0 {
            let quality = QualityScore(view, bucket, settings)
            row.append("quality_score", quality.score)
            row.append("slippage_drift_bucket", quality.drift.name)
            row.append("latency_bucket", quality.latency.name)
        }
        row.append("avg_slippage_bps", view.averageSlippageBps)
        row.append("slippage_drift_bps", view.slippageDriftBps)
        row.append("avg_latency_ms", view.averageLatencyMilliseconds)
        row.append("last_order_ts", view.lastOrderTime ?? .never)
        row.append("last_fill_ts", view.lastFillTime ?? .never)
        row.append("twap_usage_ratio", view.twapUsageRatio)
        let children: JSONValue = [
            "count": .integer(view.children.count), "fill_ratio": .statistic(view.children.fillRatio),
        ]
        row.append("child_orders", children)
        guard view.cost.count > 0 else { return }
        var cost: [JSONMember] = []
        cost.append("fills", view.cost.count)
        cost.append("residual_bps", view.cost.average)
        cost.append("is_alarmed", view.cost.isAlarmed)
        row.append("cost_drift", .object(cost))
    }

    /// The policy in force, and the evidence that it was computed from, as observed.
    static func addPolicy(_ row: inout [JSONMember], _ policy: RouterPolicy, _ evidence: Effectiveness) {
        row.append("maker_fill_rate", evidence.makerFill)
        row.append("fallback_rate", evidence.fallback)
        row.append("slippage_p50", evidence.slipMedian?.inBps)
        row.append("slippage_p95", evidence.slip95?.inBps)
        row.append("ack_latency_ms", evidence.acknowledgement.map { Double($0.nanoseconds) / 1e6 })
        row.append("sample_count", evidence.samples)
        row.append("maker_first", policy.makerFirst)
        row.append("taker_bias", policy.takerBias.name)
        row.append("bias", policy.bias)
        row.append("quality", policy.quality.name)
        row.append("offset_bps", policy.offset.inBps)
        row.append("policy", json(policy))
    }

    /// SPEC 7's policy, as route decisions have it.
    static func json(_ policy: RouterPolicy) -> JSONValue {
        var rows: [JSONMember] = []
        rows.append("maker_first", policy.makerFirst)
        rows.append("taker_bias", policy.takerBias.name)
        rows.append("bias", policy.bias)
        rows.append("quality", policy.quality.name)
        rows.append("regime", policy.regime.name)
        rows.append("reason", policy.reason)
        rows.append("offset_bps", policy.offset.inBps)
        return .object(rows)
    }

    private static func json(_ global: GlobalQuality) -> JSONValue {
        var rows: [JSONMember] = []
        rows.append("quality_score", global.quality.score)
        rows.append("avg_slippage_bps", global.averageSlippageBps)
        rows.append("slippage_drift_bps", global.slippageDriftBps)
        rows.append("slippage_drift_bucket", global.quality.drift.name)
        rows.append("avg_latency_ms", global.averageLatencyMilliseconds)
        rows.append("latency_bucket", global.quality.latency.name)
        rows.append("twap_usage_ratio", global.twapUsageRatio)
        rows.append("router_bucket", global.bucket.name)
        return .object(rows)
    }
}
