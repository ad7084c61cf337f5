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

/// How much a symbol is trusted; its order is that of the documents.
@frozen public enum RiskTier: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case core = 0
    case satellite
    case tactical
    case alternative

    public var name: String {
        switch self {
        case .core: "CORE"
        case .satellite: "SATELLITE"
        case .tactical: "TACTICAL"
        case .alternative: "ALT-EXT"
        }
    }

    /// Where no bucket is named (SPEC 12.2).
    public var bucket: RouterBucket {
        switch self {
        case .core: .high
        case .satellite: .medium
        case .tactical, .alternative: .low
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
