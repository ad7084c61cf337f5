public import FairleadModel

/// Everything that one risk decision observes, looked up by the engine beforehand: the gateway reads nothing else.
///
/// A fresh context knows nothing: the book is empty, NAV and funds are unknown, the venue is not reconciled. The engine
/// fills in what it knows; what it forgets refuses entries (missing inputs fail closed for orders that increase
/// exposure, and open for those that reduce it).
public struct RiskContext: Hashable, Sendable, BitwiseCopyable {
    public var order: OrderFacts
    public var terms: InstrumentTerms
    public var symbol: SymbolFacts
    public var market = MarketFacts()
    public var exposure = ExposureFacts()
    public var account = AccountFacts()
    public var trading = TradingFacts()
    public var history = HistoryFacts()
    public var tails = TailFacts()
    public var correlation = CorrelationFacts()
    /// Rows whose threshold a person has set for a while.
    public var overridden = VetoReasons()

    /// Inlined, so that the engine makes it in place.
    @inline(__always)
    public init(order: OrderFacts, terms: InstrumentTerms, symbol: SymbolFacts) {
        self.order = order
        self.terms = terms
        self.symbol = symbol
    }
}

/// The order that is asked for.
public struct OrderFacts: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var instrument: InstrumentHandle
    public var side: Side
    public var positionSide: PositionSide
    public var type: OrderType
    /// The signal is an exit (`exit`, `reduce`, `flatten`, or `reduce_only`): it must never open anything.
    public var wantsReduction: Bool
    /// Computed from the confirmed position, never believed: opposite to it and within `ExposureRow.reducible`. Also
    /// true for a `wantsReduction` order that was clamped to nothing.
    public var isReducing: Bool
    /// As sized, on the lot grid; a reducing order's is already clamped to what is left to reduce.
    public var quantity: Quantity
    /// What the signal asked for before any rounding.
    public var requestedQuantity: Quantity
    /// Why `quantity` is zero.
    public var shortfall: SizingShortfall
    /// `given` unless Kelly's rule made the size.
    public var edgeBasis: SizingBasis
    /// Kelly's f; `SizingFactors.missing` where it has no value.
    public var edge: Rate
    /// The signal's limit; zero for a market order.
    public var limitPrice: Price
    /// Where an order of a protective level that waits at the venue is triggered; zero for every other.
    public var trigger: Price
    /// `distantFuture` when it doesn't expire.
    public var expiresAt: Timestamp
    /// The moment of the decision.
    public var now: Timestamp
    /// Protective levels that the signal brings.
    public var levelCount: Int
    /// What is wrong with one of them; nil when nothing is.
    public var levelDefect: LevelDefect?

    public init(
        number: SignalNumber,
        instrument: InstrumentHandle,
        side: Side,
        positionSide: PositionSide = .both,
        type: OrderType = .market,
        isReducing: Bool = false,
        wantsReduction: Bool = false,
        quantity: Quantity,
        requestedQuantity: Quantity? = nil,
        shortfall: SizingShortfall = .none,
        edgeBasis: SizingBasis = .given,
        edge: Rate = SizingFactors.missing,
        limitPrice: Price = .zero,
        trigger: Price = .zero,
        expiresAt: Timestamp = .distantFuture,
        now: Timestamp,
        levelCount: Int = 0,
        levelDefect: LevelDefect? = nil
    ) {
        self.number = number
        self.instrument = instrument
        self.side = side
        self.positionSide = positionSide
        self.type = type
        self.wantsReduction = wantsReduction
        self.isReducing = isReducing
        self.quantity = quantity
        self.requestedQuantity = requestedQuantity ?? quantity
        self.shortfall = shortfall
        self.edgeBasis = edgeBasis
        self.edge = edge
        self.limitPrice = limitPrice
        self.trigger = trigger
        self.expiresAt = expiresAt
        self.now = now
        self.levelCount = levelCount
        self.levelDefect = levelDefect
    }
}

/// The risk part of a symbol's settings; made once per configuration.
public struct SymbolFacts: Hashable, Sendable, BitwiseCopyable {
    public var isWhitelisted: Bool
    public var isRestricted: Bool
    public var isBuyBlocked: Bool
    public var isSellBlocked: Bool
    public var maximumNavFraction: Rate?
    public var maximumLeverage: Rate?
    /// Of the symbol's tier; nil without a tier or a cap.
    public var tierNavFraction: Rate?
    /// The tier is disabled in this risk mode and in graver ones; nil: never.
    public var tierBlockedFrom: RiskMode?
    /// Correlation groups, a bit each.
    public var groups: UInt32
    /// Stands in for the cap of each of its groups; nil: their own hold.
    public var groupNavFraction: Rate?

    public init(_ configuration: SymbolConfiguration, _ limits: RiskLimits = RiskLimits(), groups: UInt32 = 0) {
        isWhitelisted = configuration.isWhitelisted
        isRestricted = configuration.isRestricted
        isBuyBlocked = configuration.isBuyBlocked
        isSellBlocked = configuration.isSellBlocked
        maximumNavFraction = configuration.maximumNavFraction
        maximumLeverage = configuration.maximumLeverage
        let tier = configuration.tier.map { limits.tiers[$0] }
        tierNavFraction = tier?.maximumNavFraction
        tierBlockedFrom = tier?.blockedFrom
        self.groups = groups
    }
}

/// Worst-case exposure before the order, from `ExposureTable`.
public struct ExposureFacts: Hashable, Sendable, BitwiseCopyable {
    /// The position key of the order.
    public var row = ExposureRow()
    /// Worst case of the instrument's other position side in hedge mode; zero in one-way mode.
    public var otherSideWorst = Quantity.zero
    /// Worst-case notional of all other instruments; nil when one of them has no price.
    public var grossElsewhere: Money?
    /// Position keys with a position or an entry in flight, over the whole account.
    public var openPositions = 0
    /// The best price of the account's own resting orders on the opposite side; zero when there are none.
    public var ownOppositeBest = Price.zero
    public init() {}
}

/// The account, from `LossTracker` and the venue's balances.
public struct AccountFacts: Hashable, Sendable, BitwiseCopyable {
    /// nil when no NAV was ever known.
    public var nav: Money?
    public var navTime = Timestamp.never
    /// A source that the NAV needs failed (no mark of an open position, no balance).
    public var isNavSourceFailed = false
    /// From the peak of NAV, 0...1, rounded down; nil when unknown.
    public var drawdown: Rate?
    public var isCircuitLatched = false
    /// Share of the NAV at 00:00 UTC that is lost since; negative is a profit; nil when unknown.
    public var dayLoss: Rate?
    /// The same of the NAV at 00:00 UTC of Monday.
    public var weekLoss: Rate?
    /// Funds free for new exposure, less what was sent since the venue said so; nil when unknown.
    public var available: Money?
    /// Margin per unit of notional; one where the venue's leverage is not known.
    public var marginRate = Rate.one
    public init() {}
}

/// States and latches, and room in the engine's tables.
public struct TradingFacts: Hashable, Sendable, BitwiseCopyable {
    public var state = TradingState.active
    public var riskMode = RiskMode.normal
    /// Engaged with `--freeze`: exits are held too.
    public var isFrozen = false
    public var isReconciled = false
    /// The venue itself enforces reduce-only, so that an exit is safe before reconciliation.
    public var reducesEvenUnreconciled = false
    /// False outside trading hours or while the instrument is halted.
    public var isMarketOpen = true
    /// Over-send: the symbol is halted until an operator enables it.
    public var isOverSent = false
    /// An order of the symbol is unresolved (`pending_unknown`).
    public var hasUnknownOrder = false
    /// Free rows of the smaller of order and parent table.
    public var tableRowsLeft = Int.max
    /// Until then the venue takes no entry: it has throttled or banned us.
    public var restrictedUntil = Timestamp.never
    /// Free rows of the table of protective levels.
    public var levelRowsLeft = Int.max
    /// A person lets nothing of the order's strategy be entered.
    public var isStrategyDisabled = false
    public init() {}
}

/// What lately happened, from `RateWindows` and `RepeatGuard`.
public struct HistoryFacts: Hashable, Sendable, BitwiseCopyable {
    public var rates = RateCounts()
    /// `never` when the symbol had no stop-out.
    public var lastStopOut = Timestamp.never
    public var tradesInLastHour = 0
    /// Equal fills in a row within the window.
    public var repeatedExecutions = 0
    public var isRepeatLatched = false
    /// Venue rejects in a row within the window.
    public var consecutiveRejects = 0
    public var isRejectLatched = false
    /// An order of the same symbol, side, quantity and price of another signal is open or was just sent.
    public var isDuplicateOrder = false
    public init() {}
}

/// Messages sent to a venue in the last second, ten seconds and minute.
public struct RateCounts: Hashable, Sendable, BitwiseCopyable {
    public var second: Int
    public var tenSeconds: Int
    public var minute: Int
    public init(second: Int = 0, tenSeconds: Int = 0, minute: Int = 0) {
        self.second = second
        self.tenSeconds = tenSeconds
        self.minute = minute
    }
}

/// Whether there are returns enough to say something.
@frozen public enum Evidence: UInt8, Sendable, BitwiseCopyable {
    /// Not looked at, or a price is missing: entries are refused.
    case unknown = 0
    /// Fewer than `ReturnConfiguration.minimumBars` common returns: the row is off.
    case insufficient
    case known
}

/// What may be lost, in the reporting currency, by the method that says more.
public struct TailFacts: Hashable, Sendable, BitwiseCopyable {
    public var portfolioEvidence = Evidence.unknown
    /// Value at risk of the portfolio with the order as it was sized, 99 % of a day.
    public var portfolioVar = 0.0
    public var positionEvidence = Evidence.unknown
    /// Expected shortfall of the instrument's position at its worst with the order, 95 % of a day.
    public var positionShortfall = 0.0
    public init() {}
}

/// Of the instrument's groups the one that leaves least room, and of the open positions the one that moves most alike.
public struct CorrelationFacts: Hashable, Sendable, BitwiseCopyable {
    /// nil where nobody looked.
    public var groupCap: Rate?
    /// Worst-case notional of the group's other instruments; nil while one of them has no price.
    public var groupElsewhere: Money?
    public var pairEvidence = Evidence.unknown
    /// The largest |rho| with an open position of another instrument.
    public var pairCorrelation = Rate.zero
    public init() {}
}
