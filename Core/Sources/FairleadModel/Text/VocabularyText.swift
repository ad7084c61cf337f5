/// A choice that has one name on every wire, file and screen.
public protocol NamedChoice: CaseIterable, Sendable {
    var name: String { get }
}

extension NamedChoice {
    /// The choice of that name, exactly as written; nil when there is none.
    public init?(name: String) {
        for choice in Self.allCases where choice.name == name {
            self = choice
            return
        }
        return nil
    }

    /// "BUY, SELL": for the sentence that says what would have been accepted.
    public static var names: String { allCases.map(\.name).joined(separator: ", ") }
}

extension Side: NamedChoice {
    public var name: String { self == .buy ? "BUY" : "SELL" }
}

extension PositionSide: NamedChoice {
    public var name: String {
        switch self {
        case .both: "BOTH"
        case .long: "LONG"
        case .short: "SHORT"
        }
    }
}

extension Intent: NamedChoice {
    public var name: String {
        switch self {
        case .entry: "entry"
        case .exit: "exit"
        case .reduce: "reduce"
        case .flatten: "flatten"
        }
    }
}

extension OrderType: NamedChoice {
    public var name: String {
        switch self {
        case .market: "market"
        case .limit: "limit"
        case .postOnly: "post_only"
        case .marketableLimit: "marketable_limit"
        }
    }
}

extension ConditionKind: NamedChoice {
    public var name: String {
        switch self {
        case .none: "none"
        case .stop: "stop"
        case .takeProfit: "take_profit"
        case .trailing: "trailing"
        }
    }
}

extension ConditionReference: NamedChoice {
    public var name: String {
        switch self {
        case .mark: "mark"
        case .last: "last"
        }
    }
}

extension TimeInForce: NamedChoice {
    public var name: String {
        switch self {
        case .gtc: "GTC"
        case .ioc: "IOC"
        case .fok: "FOK"
        case .gtd: "GTD"
        }
    }
}

extension Liquidity: NamedChoice {
    public var name: String { self == .maker ? "maker" : "taker" }
}

extension ExecutionStyle: NamedChoice {
    public var name: String {
        switch self {
        case .auto: "auto"
        case .makerFirst: "maker_first"
        case .taker: "taker"
        case .twap: "twap"
        case .vwap: "vwap"
        case .pov: "pov"
        case .iceberg: "iceberg"
        case .adaptive: "adaptive"
        }
    }
}

extension SignalSource: NamedChoice {
    public var name: String {
        switch self {
        case .file: "file"
        case .standardInput: "stdin"
        case .commandLine: "command_line"
        case .screener: "screener"
        case .exitScanner: "exit_scanner"
        case .flatten: "flatten"
        }
    }
}

extension AssetClass: NamedChoice {
    public var name: String { self == .crypto ? "crypto" : "equity" }
}

extension TradingState: NamedChoice {
    public var name: String {
        switch self {
        case .active: "active"
        case .reducing: "reducing"
        case .halted: "halted"
        case .killed: "killed"
        }
    }
}

extension OrderState: NamedChoice {
    public var name: String {
        switch self {
        case .created: "created"
        case .submitted: "submitted"
        case .pendingUnknown: "pending_unknown"
        case .accepted: "accepted"
        case .working: "working"
        case .partiallyFilled: "partially_filled"
        case .pendingCancel: "pending_cancel"
        case .pendingReplace: "pending_replace"
        case .filled: "filled"
        case .cancelled: "cancelled"
        case .rejected: "rejected"
        case .expired: "expired"
        }
    }
}

extension OrderLeg: NamedChoice {
    public var name: String {
        switch self {
        case .direct: "direct"
        case .maker: "maker"
        case .taker: "taker"
        case .exit: "exit"
        }
    }
}

// These have had their names in the registry; the protocol gives them the way back.
extension VetoReason: NamedChoice {}
extension RouteReason: NamedChoice {}
extension FallbackReason: NamedChoice {}
extension RoutedAs: NamedChoice {}
extension RejectReason: NamedChoice {}
extension EndReason: NamedChoice {}
extension ParentOutcome: NamedChoice {}
extension EgressRefusal: NamedChoice {}
extension OperatorRefusal: NamedChoice {}
extension InvalidSignalReason: NamedChoice {}
extension SignalDisposition: NamedChoice {}
extension RiskUnit: NamedChoice {}
extension RiskStatus: NamedChoice {}
extension PolicyQuality: NamedChoice {}
extension TakerBias: NamedChoice {}
extension MarketRegime: NamedChoice {}
extension StopForm: NamedChoice {}
extension LevelKind: NamedChoice {}
extension LevelEvent: NamedChoice {}
extension StateCause: NamedChoice {}
extension AlarmKind: NamedChoice {}
extension ExecutionOrigin: NamedChoice {}
extension VenueCondition: NamedChoice {}
extension RouteMoment: NamedChoice {}
extension RiskMode: NamedChoice {}
extension DrawdownState: NamedChoice {}
extension OperatorAction: NamedChoice {}
extension RiskAction: NamedChoice {}
extension PositionAction: NamedChoice {}
extension ExternalState: NamedChoice {}
extension RiskChangeKind: NamedChoice {}
extension OverridableLimit: NamedChoice {}
extension LimitUnit: NamedChoice {}
extension RouterBucket: NamedChoice {}
extension ProgressEvent: NamedChoice {}
