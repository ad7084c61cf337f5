/// What a person may order of the risk gateway. Raw values are part of the journal's format.
@frozen public enum RiskAction: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Sets one limit until a moment; an override of the same limit and scope is replaced.
    case overrideLimit = 0
    /// Ends an override before its time.
    case removeOverride
    /// No entry of a strategy until it is enabled; what still opens something is ended. Exits go on.
    case disableStrategy
    case enableStrategy

    public var name: String {
        switch self {
        case .overrideLimit: "override_limit"
        case .removeOverride: "remove_override"
        case .disableStrategy: "disable_strategy"
        case .enableStrategy: "enable_strategy"
        }
    }
}

/// A person directed the risk gateway.
public struct RiskOrder: Hashable, Sendable, BitwiseCopyable {
    /// Of an override: the key of its reason, a text journaled before it; 0 where there is none. Never given twice.
    public var number: UInt64
    /// Of an override, in the raw numbers of the limit's unit; else 0.
    public var value: Int64
    /// The moment from which the override no longer holds; `never` where the action sets none.
    public var until: Timestamp
    /// The uid of the process that asked, as the kernel told it.
    public var author: UInt32
    /// `.none`: of every symbol.
    public var instrument: InstrumentHandle
    /// `.none`: of every strategy.
    public var strategy: StrategyHandle
    /// Means nothing where a strategy is switched.
    public var limit: OverridableLimit
    public var action: RiskAction

    @inlinable public init(
        _ action: RiskAction,
        limit: OverridableLimit = .quoteAge,
        value: Int64 = 0,
        instrument: InstrumentHandle = .none,
        strategy: StrategyHandle = .none,
        until: Timestamp = .never,
        number: UInt64 = 0,
        author: UInt32 = 0
    ) {
        self.number = number
        self.value = value
        self.until = until
        self.author = author
        self.instrument = instrument
        self.strategy = strategy
        self.limit = limit
        self.action = action
    }
}

/// A limit as a person has set it for a while.
public struct LimitOverride: Hashable, Sendable, BitwiseCopyable {
    /// The key of its reason.
    public var number: UInt64
    public var value: Int64
    public var since: Timestamp
    /// It holds before this moment, and no longer at it.
    public var until: Timestamp
    public var author: UInt32
    public var instrument: InstrumentHandle
    public var strategy: StrategyHandle
    public var limit: OverridableLimit

    public init(_ order: RiskOrder, since: Timestamp) {
        number = order.number
        value = order.value
        self.since = since
        until = order.until
        author = order.author
        instrument = order.instrument
        strategy = order.strategy
        limit = order.limit
    }

    /// The more is named, the later it is asked: what is set for less holds against what is set for more.
    @inlinable public var rank: Int { (strategy == .none ? 0 : 2) + (instrument == .none ? 0 : 1) }

    /// The same limit of the same entries.
    public func isSameScope(as order: RiskOrder) -> Bool {
        limit == order.limit && instrument == order.instrument && strategy == order.strategy
    }

    @inlinable @inline(__always)
    public func concerns(_ instrument: InstrumentHandle, _ strategy: StrategyHandle) -> Bool {
        (self.instrument == .none || self.instrument == instrument)
            && (self.strategy == .none || self.strategy == strategy)
    }
}

/// What became of an override or of a strategy's switch.
@frozen public enum RiskChangeKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case overridden = 0
    /// An override of the same limit and scope gave way to a new one.
    case replaced
    /// A person ended it before its time.
    case removed
    /// Its time was over.
    case expired
    case strategyDisabled
    case strategyEnabled
    /// Nothing was changed; `refusal` says why.
    case refused

    public var name: String {
        switch self {
        case .overridden: "overridden"
        case .replaced: "replaced"
        case .removed: "removed"
        case .expired: "expired"
        case .strategyDisabled: "strategy_disabled"
        case .strategyEnabled: "strategy_enabled"
        case .refused: "refused"
        }
    }
}

/// Exactly one for each `RiskOrder`, one more where it replaces an override, and one for each that expires.
public struct RiskChange: Hashable, Sendable, BitwiseCopyable {
    public var kind: RiskChangeKind
    public var action: RiskAction
    /// nil where a strategy is switched.
    public var limit: OverridableLimit?
    public var number: UInt64
    /// In the raw numbers of the limit's unit; 0 where there is none.
    public var value: Int64
    /// What holds without it: the tightest of what the configuration says of those concerned; nil where it is off.
    public var configured: Int64?
    public var since: Timestamp
    public var until: Timestamp
    public var author: UInt32
    public var instrument: InstrumentHandle
    public var strategy: StrategyHandle
    /// Only of `refused`.
    public var refusal: OperatorRefusal?

    public init(_ kind: RiskChangeKind, _ order: RiskOrder, at now: Timestamp, refusal: OperatorRefusal? = nil) {
        self.kind = kind
        action = order.action
        switch order.action {
        case .overrideLimit, .removeOverride: limit = order.limit
        case .disableStrategy, .enableStrategy: limit = nil
        }
        number = order.number
        value = order.value
        configured = nil
        since = now
        until = order.until
        author = order.author
        instrument = order.instrument
        strategy = order.strategy
        self.refusal = refusal
    }

    /// Of an override that begins or ends. The author is who set it.
    public init(_ kind: RiskChangeKind, _ action: RiskAction, _ row: LimitOverride, configured: Int64?) {
        self.kind = kind
        self.action = action
        limit = row.limit
        number = row.number
        value = row.value
        self.configured = configured
        since = row.since
        until = row.until
        author = row.author
        instrument = row.instrument
        strategy = row.strategy
        refusal = nil
    }
}
