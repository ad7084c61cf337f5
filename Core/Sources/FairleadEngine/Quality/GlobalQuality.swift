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
        var sum = QualitySum()
        for (view, bucket) in views where view.eventCount > 0 {
            sum.add(
                QualityShare(
                    notional: view.totalNotional.double,
                    slippageBps: view.averageSlippageBps,
                    driftBps: view.slippageDriftBps,
                    latencyMilliseconds: view.averageLatencyMilliseconds,
                    twapUsageRatio: view.twapUsageRatio,
                    eligibleTwapRatio: view.eligibleTwapRatio
                ),
                bucket,
                configuration.twapPenaltyBasis
            )
        }
        averageSlippageBps = sum.slippage.value
        slippageDriftBps = sum.drift.value
        averageLatencyMilliseconds = sum.latency.value
        twapUsageRatio = sum.usage.value ?? 0
        bucket = sum.bucket
        quality = sum.quality(QualityScoreSettings(configuration))
    }
}

/// What one symbol brings into the whole.
struct QualityShare {
    var notional: Double
    var slippageBps: Double?
    var driftBps: Double?
    var latencyMilliseconds: Double?
    var twapUsageRatio: Double?
    var eligibleTwapRatio: Double?

    /// The share of TWAP that the score looks at: of all notional, or of what was eligible. Nothing eligible: there is
    /// no penalty.
    func penalizedUsage(_ basis: TwapPenaltyBasis) -> Double {
        switch basis {
        case .all: twapUsageRatio ?? 0
        case .eligible: eligibleTwapRatio ?? 1
        }
    }
}

/// The averages of symbols, on the way to one score. Allocates nothing.
struct QualitySum {
    var slippage = WeightedAverage()
    var drift = WeightedAverage()
    var latency = WeightedAverage()
    var usage = WeightedAverage()
    private var penalized = WeightedAverage()
    /// Below zero: no symbol of the bucket has traded.
    private var notionals = (high: -1.0, medium: -1.0, low: -1.0)

    mutating func add(_ share: QualityShare, _ bucket: RouterBucket, _ basis: TwapPenaltyBasis) {
        let weight = share.notional
        slippage.add(share.slippageBps, weight)
        drift.add(share.driftBps, weight)
        latency.add(share.latencyMilliseconds, weight)
        usage.add(share.twapUsageRatio, weight)
        penalized.add(share.penalizedUsage(basis), weight)
        switch bucket {
        case .high: notionals.high = max(0, notionals.high) + weight
        case .medium: notionals.medium = max(0, notionals.medium) + weight
        case .low: notionals.low = max(0, notionals.low) + weight
        }
    }

    /// The one of the most notional, of equal ones the better; the middle one where nothing has traded.
    var bucket: RouterBucket {
        if penalized.count == 0 { return .medium }
        if notionals.high >= notionals.medium, notionals.high >= notionals.low { return .high }
        return notionals.medium >= notionals.low ? .medium : .low
    }

    /// Nothing is held against a router that has traded nothing.
    func quality(_ settings: QualityScoreSettings) -> QualityScore {
        let isKnown = penalized.count > 0
        var found = QualityScore(
            driftBps: drift.value,
            averageSlippageBps: slippage.value,
            latencyMilliseconds: latency.value,
            twapUsageRatio: penalized.value ?? 1,
            bucket: bucket,
            settings
        )
        if !isKnown { found.score = min(settings.range.upperBound, max(settings.range.lowerBound, settings.baseScore)) }
        return found
    }
}

extension RouterStats {
    /// The score of `GlobalQuality` at `now`. Walks every window, sorts none and allocates nothing: for the policy's
    /// timer.
    func globalScore(_ symbols: [SymbolConfiguration], at now: Timestamp) -> Double {
        var sum = QualitySum()
        for index in activities.indices where activities[index].fills > 0 {
            guard let share = share(InstrumentHandle(index), at: now) else { continue }
            sum.add(share, symbols[index].bucket, penaltyBasis)
        }
        return sum.quality(scoreSettings).score
    }

    /// A symbol's averages; nil with an empty window.
    private func share(_ instrument: InstrumentHandle, at now: Timestamp) -> QualityShare? {
        var number = fills.first(instrument, at: now, window)
        let end = fills.end(instrument)
        guard number < end else { return nil }
        var (slippage, latency) = (WeightedAverage(), WeightedAverage())
        var (usage, eligible) = (WeightedAverage(), WeightedAverage())
        var notional = 0.0
        while number < end {
            let fill = fills[instrument, number]
            slippage.add(fill.slippageBps, fill.weight)
            latency.add(fill.latencyMilliseconds, fill.weight)
            usage.add(fill.isTwapChild ? 1 : 0, fill.weight)
            if fill.isEligible { eligible.add(fill.isTwapChild ? 1 : 0, fill.weight) }
            notional += fill.weight
            number += 1
        }
        return QualityShare(
            notional: notional,
            slippageBps: slippage.value,
            driftBps: drift(activities[Int(instrument.index)]),
            latencyMilliseconds: latency.value,
            twapUsageRatio: usage.value,
            eligibleTwapRatio: eligible.value
        )
    }
}
