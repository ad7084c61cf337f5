/// How far NAV has fallen from its peak, in bands (`dd_bands`).
@frozen public enum DrawdownState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case normal = 0
    case warn
    case panic

    public var name: String {
        switch self {
        case .normal: "normal"
        case .warn: "warn"
        case .panic: "panic"
        }
    }
}

/// How much risk is wanted at the moment. `halted` turns the trading state to `reducing`.
@frozen public enum RiskMode: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case normal = 0
    /// Drawdown at `dd_bands.warn`, or no fresh NAV, or a global router quality below 0.5.
    case cautious
    /// Drawdown at `dd_bands.panic`.
    case defensive
    /// The drawdown circuit has latched.
    case halted

    public var name: String {
        switch self {
        case .normal: "normal"
        case .cautious: "cautious"
        case .defensive: "defensive"
        case .halted: "halted"
        }
    }
}
