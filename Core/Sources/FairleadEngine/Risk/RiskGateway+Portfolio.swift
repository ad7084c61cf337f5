internal import FairleadModel

// Rows about what moves together: tails, correlations, tiers. All are entry-only.

extension RiskGateway {
    /// A day's loss over NAV, to the nearest 10^-8: exactly at the limit passes. Too few returns: the row is off and
    /// says so as `unknown`.
    @inline(__always)
    static func tail(_ evidence: Evidence, _ loss: Double, _ limit: Rate?, _ measures: RiskMeasures) -> RuleOutcome {
        guard let limit else { return .off }
        switch evidence {
        case .unknown: return .missing(.rate, threshold: limit.raw, isReducing: false)
        case .insufficient:
            return RuleOutcome(status: .unknown, unit: .rate, observed: RiskRow.missing, threshold: limit.raw)
        case .known:
            guard let nav = measures.nav else { return .missing(.rate, threshold: limit.raw, isReducing: false) }
            let share = Rate.nearest(loss / nav.double)
            return RuleOutcome(isBroken: share > limit, .rate, observed: share.raw, threshold: limit.raw)
        }
    }

    /// The group's gross with the order, where the order adds to it, and the correlation with an open position: the one
    /// that is broken, else the group, which is asked first.
    @inline(__always)
    static func correlationCap(_ context: RiskContext, _ limits: RiskLimits, _ measures: RiskMeasures) -> RuleOutcome {
        let group = groupCap(context, measures)
        guard let limit = limits.maximumPairCorrelation, group.status != .broken else { return group }
        let pair = pairCap(context, limit)
        return pair.status == .broken || group.status == .off ? pair : group
    }

    @inline(__always)
    private static func groupCap(_ context: RiskContext, _ measures: RiskMeasures) -> RuleOutcome {
        guard context.symbol.groups != 0 else { return .off }
        guard let limit = context.correlation.groupCap else { return .missing(.rate, threshold: 0, isReducing: false) }
        let outcome = cap(measures.groupShare, limit)
        guard outcome.status == .broken, measures.groupShare != nil else { return outcome }
        // An entry that the worst case holds already adds nothing to the group.
        let isAdding =
            RiskMeasures.symbolWorst(context, adding: measures.quantity)
            > RiskMeasures.symbolWorst(context, adding: .zero)
        return isAdding
            ? outcome
            : RuleOutcome(status: .passed, unit: .rate, observed: outcome.observed, threshold: limit.raw)
    }

    @inline(__always)
    private static func pairCap(_ context: RiskContext, _ limit: Rate) -> RuleOutcome {
        switch context.correlation.pairEvidence {
        case .unknown: return .missing(.rate, threshold: limit.raw, isReducing: false)
        case .insufficient:
            return RuleOutcome(status: .unknown, unit: .rate, observed: RiskRow.missing, threshold: limit.raw)
        case .known:
            let rho = context.correlation.pairCorrelation
            return RuleOutcome(isBroken: rho > limit, .rate, observed: rho.raw, threshold: limit.raw)
        }
    }

    /// Observed is the risk mode, the threshold is the least grave one that the tier is disabled in.
    @inline(__always)
    static func tierBlock(_ context: RiskContext) -> RuleOutcome {
        guard let from = context.symbol.tierBlockedFrom else { return .off }
        let mode = context.trading.riskMode
        return RuleOutcome(
            isBroken: mode.rawValue >= from.rawValue,
            .count,
            observed: Int64(mode.rawValue),
            threshold: Int64(from.rawValue)
        )
    }
}

extension Rate {
    /// The nearest rate, saturating; a value that is no number is the largest, so that it passes no cap.
    @inline(__always)
    static func nearest(_ value: Double) -> Rate {
        let scaled = (value * Double(FixedPoint.one)).rounded()
        guard scaled.isFinite, abs(scaled) < 9e18 else { return Rate(raw: scaled < 0 ? Int64.min + 1 : Int64.max) }
        return Rate(raw: Int64(scaled))
    }
}
