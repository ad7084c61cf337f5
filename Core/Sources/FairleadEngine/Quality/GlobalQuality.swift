public import FairleadModel

/// The quality of all symbols together: averages weighted by notional, the bucket with the most notional, the score of
/// SPEC 12.2. Without a fill it is neutral: `base_score`, B_MEDIUM, GREEN, FAST, usage 0, and no averages.
public struct GlobalQuality: Hashable, Sendable {
    public var quality: QualityScore
    public var averageSlippageBps: Double?
    public var slippageDriftBps: Double?
    public var averageLatencyMilliseconds: Double?
    public var twapUsageRatio: Double
    public var bucket: RouterBucket

    /// Of buckets with equal notional the better one.
    public init(_ views: [(view: RouterStatsView, bucket: RouterBucket)], _ configuration: ScoreConfiguration) {
        var slippage = WeightedAverage()
        var drift = WeightedAverage()
        var latency = WeightedAverage()
        var usage = WeightedAverage()
        var penalized = WeightedAverage()
        var notionals = [Double](repeating: -1, count: RouterBucket.allCases.count)
        for (view, bucket) in views where view.eventCount > 0 {
            let weight = view.totalNotional.double
            slippage.add(view.averageSlippageBps, weight)
            drift.add(view.slippageDriftBps, weight)
            latency.add(view.averageLatencyMilliseconds, weight)
            usage.add(view.twapUsageRatio, weight)
            penalized.add(view.penalizedUsage(configuration.twapPenaltyBasis), weight)
            notionals[Int(bucket.rawValue)] = max(0, notionals[Int(bucket.rawValue)]) + weight
        }
        averageSlippageBps = slippage.value
        slippageDriftBps = drift.value
        averageLatencyMilliseconds = latency.value
        twapUsageRatio = usage.value ?? 0
        let isKnown = penalized.count > 0
        bucket = isKnown ? Self.largest(notionals) : .medium
        var settings = QualityScoreSettings(configuration)
        if !isKnown {
            // Nothing is held against a router that has traded nothing.
            settings.twapSkipPenalty = 0
            settings.bucketPenalties = settings.bucketPenalties.map { _ in 0 }
        }
        quality = QualityScore(
            driftBps: slippageDriftBps,
            averageSlippageBps: averageSlippageBps,
            latencyMilliseconds: averageLatencyMilliseconds,
            twapUsageRatio: penalized.value ?? 0,
            bucket: bucket,
            settings
        )
    }

    private static func largest(_ notionals: [Double]) -> RouterBucket {
        var found = RouterBucket.high
        for bucket in RouterBucket.allCases where notionals[Int(bucket.rawValue)] > notionals[Int(found.rawValue)] {
            found = bucket
        }
        return found
    }
}
