// The small words of the trade. Raw values are part of the journal's format: never renumber, only append.

@frozen public enum Side: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case buy = 0
    case sell = 1

    /// +1 buy, -1 sell: the sign convention of every cost in bps.
    @inlinable public var sign: Int64 { self == .buy ? 1 : -1 }
    @inlinable public var opposite: Side { self == .buy ? .sell : .buy }
}

/// Which of an instrument's positions is meant: `both` in one-way mode, `long` or `short` in hedge mode.
@frozen public enum PositionSide: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case both = 0
    case long = 1
    case short = 2
}

/// What a signal wants done to the position.
@frozen public enum Intent: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case entry = 0
    case exit = 1
    case reduce = 2
    case flatten = 3
}

@frozen public enum OrderType: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case market = 0
    case limit = 1
    /// A limit order that the venue refuses rather than let it take.
    case postOnly = 2
    /// A limit beyond the touch with immediate-or-cancel: takes, within a price bound.
    case marketableLimit = 3
}

@frozen public enum TimeInForce: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Good till cancelled.
    case gtc = 0
    /// Immediate or cancel.
    case ioc = 1
    /// Fill or kill.
    case fok = 2
    /// Good till date: the order carries its end.
    case gtd = 3
}

/// Whether a fill made or took liquidity.
@frozen public enum Liquidity: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case maker = 0
    case taker = 1
}

/// How a signal asks to be executed. Styles that this version can't run are refused by name when the signal is decoded.
@frozen public enum ExecutionStyle: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case auto = 0
    case makerFirst = 1
    case taker = 2
    /// In slices over time, each maker-first and then taker at its deadline.
    case twap = 3
    /// In slices that follow the volume of the day.
    case vwap = 4
    /// As a share of what others trade.
    case pov = 5
    /// At its limit, a part shown at a time.
    case iceberg = 6
    /// In one piece, by expected cost: taken, or rested at or behind the touch.
    case adaptive = 7

    /// It lets its parent go little by little.
    @inlinable public var isScheduled: Bool {
        switch self {
        case .auto, .makerFirst, .taker, .adaptive: false
        case .twap, .vwap, .pov, .iceberg: true
        }
    }
}

/// Where a signal came from.
@frozen public enum SignalSource: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case file = 0
    case standardInput = 1
    case commandLine = 2
    case screener = 3
    case exitScanner = 4
    case flatten = 5
}

@frozen public enum AssetClass: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case crypto = 0
    case equity = 1
}

/// SPEC 4's states of trading. `reducing`, `halted` and `killed` let no new exposure out.
@frozen public enum TradingState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case active = 0
    case reducing = 1
    case halted = 2
    case killed = 3
}

/// SPEC 10's states of an order.
@frozen public enum OrderState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case created = 0
    case submitted = 1
    case pendingUnknown = 2
    case accepted = 3
    case working = 4
    case partiallyFilled = 5
    case pendingCancel = 6
    case pendingReplace = 7
    case filled = 8
    case cancelled = 9
    case rejected = 10
    case expired = 11

    @inlinable public var isTerminal: Bool { rawValue >= OrderState.filled.rawValue }
}

/// What a parent's order is for, a field of the client order id.
@frozen public enum OrderLeg: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case direct = 0
    case maker = 1
    case taker = 2
    case exit = 3
}
