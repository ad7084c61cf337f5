import FairleadModel

// The router as a whole (SPEC 12.2): averages over all symbols' windows, weighted by notional.
extension RouterStats {
    /// The global score at `now`. Without a fill in any window `base_score`, whatever the other terms would be. Walks
    /// every window: for the policy's timer.
    func globalScore(_ symbols: [SymbolConfiguration], at now: Timestamp) -> Double {
        var slippage = WeightedAverage()
        var drift = WeightedAverage()
        var latency = WeightedAverage()
        var usage = WeightedAverage()
        var notionals = (high: 0.0, medium: 0.0, low: 0.0)
        for index in activities.indices {
            let instrument = InstrumentHandle(index)
            let activity = activities[index]
            var total = 0.0
            var number = fills.first(instrument, at: now, window)
            let end = fills.end(instrument)
            guard number < end else { continue }
            while number < end {
                let fill = fills[instrument, number]
                slippage.add(fill.slippageBps, fill.weight)
                latency.add(fill.latencyMilliseconds, fill.weight)
                usage.add(fill.isTwapChild ? 1 : 0, fill.weight)
                total += fill.weight
                number += 1
            }
            drift.add(activity.hasDrift ? activity.driftBps - baselineBps : nil, total)
            switch symbols[index].bucket {
            case .high: notionals.high += total
            case .medium: notionals.medium += total
            case .low: notionals.low += total
            }
        }
        guard latency.count > 0 else { return scoreSettings.baseScore }
        return QualityScore(
            driftBps: drift.value,
            averageSlippageBps: slippage.value,
            latencyMilliseconds: latency.value,
            twapUsageRatio: usage.value ?? 0,
            bucket: Self.largest(notionals),
            scoreSettings
        ).score
    }

    /// The bucket with the most notional; of equal ones the middle, as where there is none.
    private static func largest(_ notionals: (high: Double, medium: Double, low: Double)) -> RouterBucket {
        if notionals.high > notionals.medium, notionals.high > notionals.low { return .high }
        return notionals.low > notionals.medium && notionals.low > notionals.high ? .low : .medium
    }
}
