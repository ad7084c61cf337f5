// The registry of reasons. Raw values are part of the journal's format: never renumber, only append.
// The order of `VetoReason` is the order of SPEC 4's table: the first that holds is the primary reason.

/// Why the risk gateway refuses an order. Names are contracts; see SPEC 4.
@frozen public enum VetoReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case killSwitch = 0
    case notReconciled
    case signalExpired
    case restrictedSymbol
    case notWhitelisted
    case sideBlocked
    case invalidOrder
    case nothingToReduce
    case negativeEdge
    case priceCollar
    case staleMarketData
    case navStale
    case portfolioDrawdownCircuit
    case dayLossLimit
    case weekLossLimit
    case navDrawdownLimit
    case correlationCap
    case varLimit
    case cvarLimit
    case minNotional
    case maxOrderNotional
    case maxOrderQuantity
    case perTradeNav
    case symbolCap
    case tierCap
    case tierBlock
    case portfolioCap
    case leverageExceeded
    case effectiveLeverageExceeded
    case maxConcurrent
    case alreadyInTrade
    case cooldown
    case burstLimit
    case orderRateLimit
    case repeatedExecution
    case selfCross
    case buyingPower
    case unknownOrder
    case duplicateOrder
    case rejectStorm
    case marketClosed
    case noReferencePrice
    case environmentGuard
    /// A person lets nothing of the strategy be entered.
    case strategyDisabled

    /// The name on every wire, file and screen.
    public var name: String {
        switch self {
        case .killSwitch: "kill_switch"
        case .notReconciled: "not_reconciled"
        case .signalExpired: "signal_expired"
        case .restrictedSymbol: "restricted_symbol"
        case .notWhitelisted: "not_whitelisted"
        case .sideBlocked: "side_blocked"
        case .invalidOrder: "invalid_order"
        case .nothingToReduce: "nothing_to_reduce"
        case .negativeEdge: "negative_edge"
        case .priceCollar: "price_collar"
        case .staleMarketData: "stale_market_data"
        case .navStale: "nav_stale"
        case .portfolioDrawdownCircuit: "portfolio_dd_circuit"
        case .dayLossLimit: "day_loss_limit"
        case .weekLossLimit: "week_loss_limit"
        case .navDrawdownLimit: "nav_drawdown_limit"
        case .correlationCap: "correlation_cap"
        case .varLimit: "var_limit"
        case .cvarLimit: "cvar_limit"
        case .minNotional: "min_notional"
        case .maxOrderNotional: "max_order_notional"
        case .maxOrderQuantity: "max_order_qty"
        case .perTradeNav: "per_trade_nav_pct"
        case .symbolCap: "symbol_cap"
        case .tierCap: "tier_cap"
        case .tierBlock: "tier_block"
        case .portfolioCap: "portfolio_cap"
        case .leverageExceeded: "leverage_exceeded"
        case .effectiveLeverageExceeded: "effective_leverage_exceeded"
        case .maxConcurrent: "max_concurrent"
        case .alreadyInTrade: "already_in_trade"
        case .cooldown: "cooldown"
        case .burstLimit: "burst_limit"
        case .orderRateLimit: "order_rate_limit"
        case .repeatedExecution: "repeated_execution"
        case .selfCross: "self_cross"
        case .buyingPower: "buying_power"
        case .unknownOrder: "unknown_order"
        case .duplicateOrder: "duplicate_order"
        case .rejectStorm: "reject_storm"
        case .marketClosed: "market_closed"
        case .noReferencePrice: "no_reference_price"
        case .environmentGuard: "environment_guard"
        case .strategyDisabled: "strategy_disabled"
        }
    }

    /// True for the rows marked E in SPEC 4: an order that reduces exposure skips them.
    @inlinable @inline(__always) public var isEntryOnly: Bool {
        switch self {
        case .killSwitch, .notReconciled, .signalExpired, .invalidOrder, .nothingToReduce, .priceCollar, .minNotional,
            .maxOrderNotional, .maxOrderQuantity, .selfCross, .environmentGuard:
            false
        case .restrictedSymbol, .notWhitelisted, .sideBlocked, .negativeEdge, .staleMarketData, .navStale,
            .portfolioDrawdownCircuit, .dayLossLimit, .weekLossLimit, .navDrawdownLimit, .correlationCap, .varLimit,
            .cvarLimit, .perTradeNav, .symbolCap, .tierCap, .tierBlock, .portfolioCap, .leverageExceeded,
            .effectiveLeverageExceeded, .maxConcurrent, .alreadyInTrade, .cooldown, .burstLimit, .orderRateLimit,
            .repeatedExecution, .buyingPower, .unknownOrder, .duplicateOrder, .rejectStorm, .marketClosed,
            .noReferencePrice, .strategyDisabled:
            true
        }
    }
}

/// Several veto reasons at once: one bit a reason, in table order.
@frozen public struct VetoReasons: Hashable, Sendable, BitwiseCopyable {
    public var bits: UInt64
    @inlinable public init(bits: UInt64 = 0) { self.bits = bits }
    @inlinable public mutating func insert(_ reason: VetoReason) { bits |= 1 << UInt64(reason.rawValue) }
    @inlinable public func contains(_ reason: VetoReason) -> Bool { bits & (1 << UInt64(reason.rawValue)) != 0 }
    @inlinable public var isEmpty: Bool { bits == 0 }
    /// The first in table order: the one that counts.
    public var primary: VetoReason? { bits == 0 ? nil : VetoReason(rawValue: UInt8(bits.trailingZeroBitCount)) }
    public var all: [VetoReason] { VetoReason.allCases.filter(contains) }
}

/// Why an order does not start as maker: SPEC 6's gates in their order.
@frozen public enum RouteReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// All gates passed.
    case none = 0
    case makerNotRequested
    case reduceOnly
    case makerContextInvalid
    case bookMissing
    case bookStale
    case bookCrossed
    case routerHealthStale
    case qualityOk
    case qualityDegraded
    case qualityBroken
    case policyMakerOff
    case preferTaker
    case spreadTooWide
    /// No gate: every one was open, and taking was expected to cost less.
    case adaptiveTake

    public var name: String {
        switch self {
        case .none: ""
        case .makerNotRequested: "maker_not_requested"
        case .reduceOnly: "reduce_only"
        case .makerContextInvalid: "maker_context_invalid"
        case .bookMissing: "book_missing"
        case .bookStale: "book_stale"
        case .bookCrossed: "book_crossed"
        case .routerHealthStale: "router_health_stale"
        case .qualityOk: "quality_ok"
        case .qualityDegraded: "quality_degraded"
        case .qualityBroken: "quality_broken"
        case .policyMakerOff: "policy_maker_off"
        case .preferTaker: "prefer_taker"
        case .spreadTooWide: "spread_too_wide"
        case .adaptiveTake: "adaptive_take"
        }
    }
}

/// Why a maker leg gave way to a taker.
@frozen public enum FallbackReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case none = 0
    case postOnlyRejects
    case slippage
    case makerTimeout
    case makerSubmitFailed

    public var name: String {
        switch self {
        case .none: ""
        case .postOnlyRejects: "post_only_rejects"
        case .slippage: "slippage"
        case .makerTimeout: "maker_timeout"
        case .makerSubmitFailed: "maker_submit_failed"
        }
    }
}

/// How an order went out in the end.
@frozen public enum RoutedAs: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case maker = 0
    case taker
    case makerThenTaker
    case limit
    case market
    /// In slices, each maker-first and then taker at its deadline.
    case twap
    /// In slices that follow the volume of the day.
    case vwap
    /// As a share of what others traded.
    case pov
    /// At its limit, a part shown at a time.
    case iceberg

    public var name: String {
        switch self {
        case .maker: "maker"
        case .taker: "taker"
        case .makerThenTaker: "maker_then_taker"
        case .limit: "limit"
        case .market: "market"
        case .twap: "twap"
        case .vwap: "vwap"
        case .pov: "pov"
        case .iceberg: "iceberg"
        }
    }
}

/// Why a venue refused an order, a cancel or an amendment; each adapter maps its venue's codes to these.
@frozen public enum RejectReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case unspecified = 0
    /// A post-only order that would have taken.
    case wouldTake
    /// A reduce-only order with nothing, or less, to reduce.
    case reduceOnlyRejected
    case belowMinimumNotional
    case offTick
    case offLot
    case quantityOutOfRange
    case priceOutOfRange
    case insufficientMargin
    case unknownInstrument
    case duplicateOrderID
    case orderNotFound
    case orderAlreadyEnded
    /// `valid_until` had passed when the request arrived.
    case requestExpired
    case noLiquidity
    case throttled
    case banned
    case positionSideMismatch
    case malformed
    case marketHalted
    /// A conditional order whose price has been reached already.
    case wouldTrigger
    /// An amendment of a trigger that has been reached meanwhile.
    case alreadyTriggered

    public var name: String {
        switch self {
        case .unspecified: "unspecified"
        case .wouldTake: "would_take"
        case .reduceOnlyRejected: "reduce_only_rejected"
        case .belowMinimumNotional: "below_minimum_notional"
        case .offTick: "off_tick"
        case .offLot: "off_lot"
        case .quantityOutOfRange: "quantity_out_of_range"
        case .priceOutOfRange: "price_out_of_range"
        case .insufficientMargin: "insufficient_margin"
        case .unknownInstrument: "unknown_instrument"
        case .duplicateOrderID: "duplicate_order_id"
        case .orderNotFound: "order_not_found"
        case .orderAlreadyEnded: "order_already_ended"
        case .requestExpired: "request_expired"
        case .noLiquidity: "no_liquidity"
        case .throttled: "throttled"
        case .banned: "banned"
        case .positionSideMismatch: "position_side_mismatch"
        case .malformed: "malformed"
        case .marketHalted: "market_halted"
        case .wouldTrigger: "would_trigger"
        case .alreadyTriggered: "already_triggered"
        }
    }
}

/// Why an order ended without being filled.
@frozen public enum EndReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// It was filled, or it has not ended.
    case none = 0
    /// We asked for it.
    case requested
    /// The unfilled rest of an immediate-or-cancel order.
    case immediateOrCancel
    /// Its time in force ran out at the venue.
    case timeInForce
    /// An unknown order that was proven never to have lived.
    case presumedDead
    /// It never left: the guard refused it, or a cancel reached it in our own queue.
    case neverSent
    /// The venue ended it by itself.
    case venue
    /// An operator declared it.
    case operatorResolved

    public var name: String {
        switch self {
        case .none: ""
        case .requested: "requested"
        case .immediateOrCancel: "immediate_or_cancel"
        case .timeInForce: "time_in_force"
        case .presumedDead: "presumed_dead"
        case .neverSent: "never_sent"
        case .venue: "venue"
        case .operatorResolved: "operator_resolved"
        }
    }
}

/// How a parent order ended.
@frozen public enum ParentOutcome: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Still at work.
    case open = 0
    case filled
    /// A part was filled; the rest was cancelled, expired or refused.
    case partiallyFilled
    case cancelled
    case expired
    case rejected
    /// Entries ended by halt or kill.
    case killSwitch

    public var name: String {
        switch self {
        case .open: "open"
        case .filled: "filled"
        case .partiallyFilled: "partially_filled"
        case .cancelled: "cancelled"
        case .expired: "expired"
        case .rejected: "rejected"
        case .killSwitch: "kill_switch"
        }
    }
}

/// Why the egress guard did not let an order out.
@frozen public enum EgressRefusal: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case notDurable = 0
    case tradingState
    case notConnected
    case notReconciled
    case collar
    case overParent
    case throttled
    case expired
    case offGrid
    case queueFull

    public var name: String {
        switch self {
        case .notDurable: "not_durable"
        case .tradingState: "trading_state"
        case .notConnected: "not_connected"
        case .notReconciled: "not_reconciled"
        case .collar: "collar"
        case .overParent: "over_parent"
        case .throttled: "throttled"
        case .expired: "expired"
        case .offGrid: "off_grid"
        case .queueFull: "queue_full"
        }
    }
}

/// Why the engine did not carry out what a person ordered. Nothing was changed by it.
@frozen public enum OperatorRefusal: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case orderNotFound = 0
    case alreadyEnded
    /// A market or immediate order, which rests nowhere.
    case notResting
    /// It was sent, and the venue has not said yet that it has it.
    case notAccepted
    /// Nobody knows whether it lives.
    case unknownOrder
    case beingCancelled
    case beingAmended
    case offTick
    case offLot
    /// The new total is no more than what is filled.
    case alreadyFilled
    /// More than risk approved for the parent.
    case overParent
    case priceCollar
    case noReferencePrice
    case selfCross
    /// The trading state holds it back.
    case tradingState
    case notConnected
    case notReconciled
    /// The symbol is disabled: more was sent than approved, or somebody else trades on the account.
    case symbolDisabled
    /// Only an order that nothing certain is known of is resolved by hand.
    case notUnknown
    /// It has ended, and only its fills are awaited.
    case fillsAwaited
    /// No reading of NAV waits for a confirmation.
    case noNavJump
    case alreadyPaused
    case notPaused
    /// Nothing that reduces a position is ever paused.
    case exitNotPaused
    /// An order that takes is out: its outcome comes at once.
    case notPausable
    /// An order of the parent is at work for as much, or at another price.
    case childAtWork
    /// The order is a slice: its parent is amended.
    case sliceOfTwap
    /// The drawdown circuit has not latched.
    case notLatched
    case unknownSymbol
    case unknownStrategy
    /// Not a value that the limit may have.
    case valueOutOfRange
    /// The end lies in the past, or further away than an override may last.
    case untilOutOfRange
    /// The limit can't be set for this symbol or strategy alone.
    case scopeNotPossible
    /// There are as many overrides as there may be.
    case tooManyOverrides
    /// Nothing is overridden there.
    case noOverride
    /// The instrument has no positions of that side.
    case sideNotPossible
    /// Nobody else has traded the position, and nothing is asked for that could be done.
    case nothingToDecide
    /// Levels protect a position, and there is none.
    case noPosition
    /// A level of ours watches the position, or an order of ours works in it.
    case positionManaged
    /// A take-profit or a stop-loss lies where the market is already.
    case levelOnWrongSide
    /// There are as many levels as there may be.
    case tooManyLevels

    public var name: String {
        switch self {
        case .orderNotFound: "order_not_found"
        case .alreadyEnded: "already_ended"
        case .notResting: "not_resting"
        case .notAccepted: "not_accepted"
        case .unknownOrder: "unknown_order"
        case .beingCancelled: "being_cancelled"
        case .beingAmended: "being_amended"
        case .offTick: "off_tick"
        case .offLot: "off_lot"
        case .alreadyFilled: "already_filled"
        case .overParent: "over_parent"
        case .priceCollar: "price_collar"
        case .noReferencePrice: "no_reference_price"
        case .selfCross: "self_cross"
        case .tradingState: "trading_state"
        case .notConnected: "not_connected"
        case .notReconciled: "not_reconciled"
        case .symbolDisabled: "symbol_disabled"
        case .notUnknown: "not_unknown"
        case .fillsAwaited: "fills_awaited"
        case .noNavJump: "no_nav_jump"
        case .alreadyPaused: "already_paused"
        case .notPaused: "not_paused"
        case .exitNotPaused: "exit_not_paused"
        case .notPausable: "not_pausable"
        case .childAtWork: "child_at_work"
        case .sliceOfTwap: "slice_of_twap"
        case .notLatched: "not_latched"
        case .unknownSymbol: "unknown_symbol"
        case .unknownStrategy: "unknown_strategy"
        case .valueOutOfRange: "value_out_of_range"
        case .untilOutOfRange: "until_out_of_range"
        case .scopeNotPossible: "scope_not_possible"
        case .tooManyOverrides: "too_many_overrides"
        case .noOverride: "no_override"
        case .sideNotPossible: "side_not_possible"
        case .nothingToDecide: "nothing_to_decide"
        case .noPosition: "no_position"
        case .positionManaged: "position_managed"
        case .levelOnWrongSide: "level_on_wrong_side"
        case .tooManyLevels: "too_many_levels"
        }
    }

    /// For a person: what stands in the way.
    public var explanation: String {
        switch self {
        case .orderNotFound: "no such order"
        case .alreadyEnded: "the order has ended"
        case .notResting: "the order rests nowhere: only a limit can be amended"
        case .notAccepted: "the venue has not accepted the order yet"
        case .unknownOrder: "nobody knows whether the order lives"
        case .beingCancelled: "a cancel of the order is on its way"
        case .beingAmended: "an amendment of the order is on its way"
        case .offTick: "the price is not on the tick"
        case .offLot: "the quantity is not on the lot"
        case .alreadyFilled: "as much, or more, is filled already"
        case .overParent: "it is more than risk approved"
        case .priceCollar: "the price lies outside the collar"
        case .noReferencePrice: "there is no price to put a collar around"
        case .selfCross: "it would trade against an own resting order"
        case .tradingState: "the trading state holds it back"
        case .notConnected: "the venue is not connected"
        case .notReconciled: "the venue was not compared yet"
        case .symbolDisabled: "the symbol is disabled; enable-symbol clears it"
        case .notUnknown: "the order is not unknown: its state is certain"
        case .fillsAwaited: "the order has ended and its fills are awaited: dead gives them up"
        case .noNavJump: "no reading of the NAV waits for a confirmation"
        case .alreadyPaused: "it is paused already"
        case .notPaused: "it is not paused"
        case .exitNotPaused: "it reduces a position: an exit is never paused"
        case .notPausable: "an order that takes is out: its outcome comes at once"
        case .childAtWork: "an order of it is at work: amend or cancel that one"
        case .sliceOfTwap: "the order is a slice of a TWAP: amend its intent"
        case .notLatched: "the drawdown circuit has not latched"
        case .unknownSymbol: "it is no instrument of the configuration"
        case .unknownStrategy: "no signal has named such a strategy"
        case .valueOutOfRange: "the limit can't have this value"
        case .untilOutOfRange: "the end lies in the past, or beyond the longest time of an override"
        case .scopeNotPossible: "the limit can't be set for this symbol or strategy alone"
        case .tooManyOverrides: "there are as many overrides as there may be; remove one"
        case .noOverride: "nothing is overridden there"
        case .sideNotPossible: "the symbol has no positions of that side"
        case .nothingToDecide: "nobody else has traded the position: there is nothing to decide"
        case .noPosition: "there is no position that a level could protect"
        case .positionManaged:
            "a level of ours watches it or an order of ours works in it: cancel these or close it, or adopt it"
        case .levelOnWrongSide: "a take-profit or a stop-loss lies where the market is already"
        case .tooManyLevels: "there are as many protective levels as there may be"
        }
    }
}

/// Why a signal is `invalid`. The field that it concerns is told in the acknowledgement.
@frozen public enum InvalidSignalReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case malformed = 0
    case missingField
    case wrongType
    case outOfRange
    case unknownValue
    /// A size, style or field that this version does not build yet; it never runs as something else.
    case notSupported
    case unknownSymbol
    case tooLong
    case contradiction

    public var name: String {
        switch self {
        case .malformed: "malformed"
        case .missingField: "missing_field"
        case .wrongType: "wrong_type"
        case .outOfRange: "out_of_range"
        case .unknownValue: "unknown_value"
        case .notSupported: "not_supported"
        case .unknownSymbol: "unknown_symbol"
        case .tooLong: "too_long"
        case .contradiction: "contradiction"
        }
    }
}
