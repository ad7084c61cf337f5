public import FairleadModel

/// The router policy of each symbol, recomputed every `policyPeriod` (10 s) by a timer, whether or not there were
/// fills.
public struct PolicyTable: ~Copyable {
    private var policies: ContiguousArray<RouterPolicy>
    private var overrides: ContiguousArray<PolicyOverride>
    private var reference: OffsetReference
    private var period: TimeSpan
    /// When all policies were last recomputed; `never` before the first time.
    public private(set) var computedAt = Timestamp.never

    public init(configuration: EngineConfiguration) {
        policies = ContiguousArray(repeating: RouterPolicy(), count: configuration.instruments.count)
        overrides = ContiguousArray(repeating: .none, count: configuration.instruments.count)
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
        reference = configuration.routing.offsetReference
        period = configuration.routing.policyPeriod
        for row in overrides.indices {
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

    /// Recomputes every symbol's policy, and tells those that are another now.
    public mutating func recompute(at now: Timestamp, regimes: borrowing AtrRegime, into out: inout Outbox) {
        computedAt = now
        for row in policies.indices {
            let instrument = InstrumentHandle(row)
            let market = regimes.regime(instrument)
            let policy = PolicyRules.policy(
                .prior,
                regime: market.regime,
                isRegimeAssumed: market.isAssumed,
                reference: reference,
                override: overrides[row]
            )
            guard policy != policies[row] else { continue }
            policies[row] = policy
            out.notice(.policyComputed(PolicyRecord(instrument: instrument, policy: policy)))
        }
    }

    /// Writes, reads or hashes the policies and their time; overrides are configuration.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&computedAt)
        for row in policies.indices {
            visitor.visit(&policies[row].quality)
            visitor.visit(&policies[row].takerBias)
            visitor.visit(&policies[row].makerFirst)
            visitor.visit(&policies[row].regime)
            visitor.visit(&policies[row].isRegimeAssumed)
            visitor.visit(&policies[row].isBootstrap)
            visitor.visit(&policies[row].isOverridden)
            visitor.visit(&policies[row].bias)
            visitor.visit(&policies[row].offset)
        }
    }
}
