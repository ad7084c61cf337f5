public import FairleadModel

/// How people see a symbol's slippage drift.
public enum DriftBucket: UInt8, Sendable, CaseIterable {
    case green = 0
    case yellow
    case red

    public var name: String {
        switch self {
        case .green: "GREEN"
        case .yellow: "YELLOW"
        case .red: "RED"
        }
    }
}

/// How people see a symbol's latency.
public enum LatencyBucket: UInt8, Sendable, CaseIterable {
    case fast = 0
    case normal
    case slow

    public var name: String {
        switch self {
        case .fast: "FAST"
        case .normal: "NORMAL"
        case .slow: "SLOW"
        }
    }
}

/// The numbers of the score (SPEC 12.2).
public struct QualityScoreSettings: Hashable, Sendable {
    public var baseScore = 0.8
    /// Added, in the order of `RouterBucket`.
    public var bucketPenalties = [0, -0.05, -0.15]
    /// GREEN up to the first, YELLOW up to the second.
    public var driftBoundsBps = [2.0, 6]
    /// Subtracted, in the order of `DriftBucket`.
    public var driftPenalties = [0, 0.05, 0.12]
    /// FAST up to the first, NORMAL up to the second.
    public var latencyBoundsMilliseconds = [150.0, 400]
    /// Subtracted, in the order of `LatencyBucket`.
    public var latencyPenalties = [0, 0.03, 0.08]
    public var twapSkipPenalty = 0.10
    public var range = 0.2...1.0
    public init() {}

    public init(_ configuration: ScoreConfiguration) {
        baseScore = configuration.base.double
        let buckets = [
            configuration.highBucketPenalty, configuration.mediumBucketPenalty, configuration.lowBucketPenalty,
        ]
        bucketPenalties = buckets.map { 0 - $0.double }
        driftBoundsBps = [configuration.greenDrift.inBps, configuration.yellowDrift.inBps]
        driftPenalties = [0, configuration.yellowDriftPenalty.double, configuration.redDriftPenalty.double]
        latencyBoundsMilliseconds = [configuration.fastLatency, configuration.normalLatency].map { $0.seconds * 1000 }
        latencyPenalties = [0, configuration.normalLatencyPenalty.double, configuration.slowLatencyPenalty.double]
        twapSkipPenalty = configuration.twapSkipPenalty.double
    }
}

/// A symbol's quality as one number in [0.2, 1], for people (SPEC 12.2); the global one below 0.5
/// makes the risk mode cautious (RULES).
///
/// Drift counts where it is a cost. A missing drift is replaced by the average slippage; where that is missing too, and
/// for a missing latency, nothing is subtracted.
public struct QualityScore: Hashable, Sendable {
    public var score: Double
    public var drift: DriftBucket
    public var latency: LatencyBucket

    public init(
        driftBps: Double?,
        averageSlippageBps: Double? = nil,
        latencyMilliseconds: Double?,
        twapUsageRatio: Double,
        bucket: RouterBucket,
        _ settings: QualityScoreSettings = QualityScoreSettings()
    ) {
        let drifted = max(0, driftBps ?? averageSlippageBps ?? 0)
        let waited = latencyMilliseconds ?? 0
        let (green, yellow) = (settings.driftBoundsBps[0], settings.driftBoundsBps[1])
        let (fast, normal) = (settings.latencyBoundsMilliseconds[0], settings.latencyBoundsMilliseconds[1])
        drift = drifted <= green ? .green : drifted <= yellow ? .yellow : .red
        latency = waited <= fast ? .fast : waited <= normal ? .normal : .slow
        let usage = min(1, max(0, twapUsageRatio))
        let sum =
            settings.baseScore + settings.bucketPenalties[Int(bucket.rawValue)]
            - settings.driftPenalties[Int(drift.rawValue)] - settings.latencyPenalties[Int(latency.rawValue)]
            - settings.twapSkipPenalty * (1 - usage)
        score = min(settings.range.upperBound, max(settings.range.lowerBound, sum))
    }

    /// Of a symbol's statistics.
    public init(_ view: RouterStatsView, _ bucket: RouterBucket, _ configuration: ScoreConfiguration) {
        self.init(
            driftBps: view.slippageDriftBps,
            averageSlippageBps: view.averageSlippageBps,
            latencyMilliseconds: view.averageLatencyMilliseconds,
            twapUsageRatio: view.penalizedUsage(configuration.twapPenaltyBasis),
            bucket: bucket,
            QualityScoreSettings(configuration)
        )
    }
}

extension RouterStatsView {
    /// See `QualityShare`.
    public func penalizedUsage(_ basis: TwapPenaltyBasis) -> Double {
        QualityShare(notional: 0, twapUsageRatio: twapUsageRatio, eligibleTwapRatio: eligibleTwapRatio)
            .penalizedUsage(basis)
    }
}
