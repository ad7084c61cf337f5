public import FairleadModel

/// The router policy of each symbol, recomputed from evidence and regime every `policyPeriod` (10 s) by a timer,
/// whether or not there were fills.
public struct PolicyTable: ~Copyable {
    private var policies: ContiguousArray<RouterPolicy>
    private var overrides: ContiguousArray<PolicyOverride>
    /// What evidence alone said last: what the next is measured from.
    private var qualities: ContiguousArray<PolicyQuality>
    private var settings: PolicyConfiguration
    private var autotune: AutotuneConfiguration
    /// Per instrument: autotune may tune it.
    private var isTuned: ContiguousArray<Bool>
    private var reference: OffsetReference
    private var period: TimeSpan
    /// New settings, or a new table: nothing may be skipped.
    private var needsAll = true
    /// When all policies were last recomputed; `never` before the first time.
    public private(set) var computedAt = Timestamp.never

    public init(configuration: EngineConfiguration) {
        policies = ContiguousArray(repeating: RouterPolicy(), count: configuration.instruments.count)
        overrides = ContiguousArray(repeating: .none, count: configuration.instruments.count)
        qualities = ContiguousArray(repeating: .good, count: configuration.instruments.count)
        settings = configuration.policy
        autotune = configuration.autotune
        isTuned = ContiguousArray(repeating: false, count: configuration.instruments.count)
        reference = configuration.routing.offsetReference
        period = configuration.routing.policyPeriod
        configure(configuration)
    }

    /// Takes new settings of the same instruments; they hold from the next recompute on.
    public mutating func configure(_ configuration: EngineConfiguration) {
        precondition(
            configuration.instruments.count == policies.count,
            "Invariant: a reload keeps the instruments"
        )
        needsAll = true
        settings = configuration.policy
        autotune = configuration.autotune
        reference = configuration.routing.offsetReference
        period = configuration.routing.policyPeriod
        for row in overrides.indices {
            isTuned[row] = autotune.tunes(configuration.instruments[row].symbol)
            overrides[row] = row < configuration.symbols.count ? configuration.symbols[row].policyOverride : .none
        }
    }

    public subscript(instrument: InstrumentHandle) -> RouterPolicy { policies[Int(instrument.index)] }

    /// When the next recompute is due: at once before the first.
    public var nextDue: Timestamp { computedAt == .never ? .never : computedAt + period }

    /// How old the policies are; nil before the first recompute. A time in the future is age 0.
    public func age(at now: Timestamp) -> TimeSpan? {
        computedAt == .never ? nil : max(.zero, now - computedAt)
    }

    /// Recomputes every symbol's policy, and tells those that are another now. `expectancies`: by instrument, for what
    /// autotune applies; it may be empty where it applies nothing.
    mutating func recompute(
        at now: Timestamp,
        regimes: borrowing AtrRegime,
        evidence: borrowing EffectivenessTable,
        allocator: AllocatorState = AllocatorState(),
        expectancies: [AutotuneExpectancy] = [],
        into out: inout Outbox
    ) {
        computedAt = now
        let mode = allocator.mode(at: now, autotune)
        for row in policies.indices {
            let instrument = InstrumentHandle(row)
            let market = regimes.regime(instrument)
            if !needsAll, !evidence.isFresh(instrument), isOf(row, market) { continue }
            let observed = evidence[instrument]
            qualities[row] = PolicyRules.quality(observed, settings, from: qualities[row])
            let computed = PolicyRules.policy(
                qualities[row],
                observed,
                settings,
                regime: market.regime,
                isRegimeAssumed: market.isAssumed,
                reference: reference,
                override: overrides[row]
            )
            let expectancy = row < expectancies.count ? expectancies[row] : .none
            let policy = tuned(computed, row, observed, expectancy, mode)
            guard policy != policies[row] else { continue }
            policies[row] = policy
            out.notice(.policyComputed(PolicyRecord(instrument: instrument, policy: policy, evidence: observed)))
        }
        // What is tuned follows the risk mode too.
        needsAll = autotune.isApplyEnabled
    }

    /// The policy is of this regime, or of one that a person has set: with the same evidence the same would come out.
    private func isOf(_ row: Int, _ market: (regime: MarketRegime, isAssumed: Bool)) -> Bool {
        guard overrides[row].regime == nil else { return true }
        return policies[row].regime == market.regime && policies[row].isRegimeAssumed == market.isAssumed
    }

    private func tuned(
        _ computed: RouterPolicy,
        _ row: Int,
        _ observed: Effectiveness,
        _ expectancy: AutotuneExpectancy,
        _ mode: RiskMode
    ) -> RouterPolicy {
        guard autotune.isApplyEnabled, isTuned[row] else { return computed }
        return Autotune.applied(
            suggestion(computed, observed, expectancy),
            to: computed,
            autotune,
            isListed: true,
            mode: mode,
            reference: reference
        )
    }

    /// What autotune makes of a policy as computed. Of makers that never started nothing is known, whatever the prior
    /// assumes.
    func suggestion(
        _ computed: RouterPolicy,
        _ observed: Effectiveness,
        _ expectancy: AutotuneExpectancy
    ) -> AutotuneSuggestion {
        let health = observed.starts > 0 ? observed.believed(settings.prior) : observed
        return AutotuneSuggestion(health, expectancy, computed, reference: reference)
    }

    /// Writes, reads or hashes the policies and their time; overrides are configuration.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&computedAt)
        for row in policies.indices {
            visitor.visit(&qualities[row])
            visitor.visit(&policies[row].quality)
            visitor.visit(&policies[row].takerBias)
            visitor.visit(&policies[row].makerFirst)
            visitor.visit(&policies[row].regime)
            visitor.visit(&policies[row].isRegimeAssumed)
            visitor.visit(&policies[row].isBootstrap)
            visitor.visit(&policies[row].isOverridden)
            visitor.visit(&policies[row].bias)
            visitor.visit(&policies[row].offset)
            visitor.visit(&policies[row].tune.bias)
            visitor.visit(&policies[row].tune.offset)
            visitor.visit(&policies[row].tune.isFlipped)
        }
    }
}
