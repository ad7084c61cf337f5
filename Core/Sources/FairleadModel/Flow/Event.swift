/// A fact that the engine is told: the first of the three enums of the house (events, commands, notices).
///
/// At most 64 bytes and without references, so that it can be journaled and replayed byte for byte. What is larger is
/// staged first (`Engine.stage`) from a journal record of its own, and the event says that it is there.
public enum Event: Sendable, BitwiseCopyable {
    // The process
    /// A life of the engine begins: the first event of a journal and of each live restart.
    case epochOpened(Epoch)
    /// The staged configuration takes effect.
    case configured
    /// The moment that the engine asked to be woken at has come.
    case timer
    /// A person directed the engine: halt, resume, cancel, flatten, resolve.
    case operated(OperatorCommand)
    /// A person directed the risk gateway: override a limit for a while, disable a strategy.
    case riskOrdered(RiskOrder)
    /// A person decided about a position: adopt, close, ignore.
    case positionOrdered(PositionOrder)

    // The market
    case quoted(Quote)
    case traded(Trade)
    case marked(MarkPrice)
    /// A bar of the time before the first quote, to warm the indicators.
    case barReported(BarReport)

    // Signals
    /// The staged `SignalTerms` were received.
    case signalReceived
    /// A signal could not be decoded; counted and acknowledged as invalid.
    case signalRefused(SignalRefusal)

    // Orders, as the venue tells
    case orderAccepted(OrderAcceptance)
    case orderRejected(OrderRejection)
    case orderFilled(Execution)
    case orderCancelled(OrderEnd)
    case orderExpired(OrderEnd)
    case cancelRejected(OrderRejection)
    case orderReplaced(OrderReplacement)
    case replaceRejected(OrderRejection)
    /// The venue's own view of one order: the answer to a query, or a row of its open orders.
    case orderReported(OrderReport)
    /// The answer to a query: the venue knows no such order.
    case orderNotFound(OrderAbsence)

    // Orders, as our own edge tells
    /// A submit got no answer in time, or its connection was lost after the first byte: it may live.
    case submitUnanswered(ClientOrderID)
    case cancelUnanswered(ClientOrderID)
    case replaceUnanswered(ClientOrderID)
    /// The guard did not let the order out. Nothing of it was written.
    case egressRefused(EgressRefused)
    /// A cancel reached the order in our own queue. Nothing of it was written.
    case neverSent(ClientOrderID)

    // The venue's session
    case venueConnected(VenueConnection)
    case venueDisconnected(VenueHandle)
    /// Until then only cancels, exits and queries.
    case venueThrottled(VenueRestriction)
    /// Until then nothing at all.
    case venueBanned(VenueRestriction)
    case balanceReported(BalanceReport)
    case positionReported(PositionReport)
    /// A listing of the venue's open orders, positions, balances and executions begins.
    case reconciliationBegan(VenueHandle)
    /// The listing was complete and of one ledger sequence; it is the truth now.
    case reconciliationCompleted(ReconciliationReport)
    /// The listing failed or was incomplete: nothing may be concluded from it.
    case reconciliationFailed(VenueHandle)
    /// The venue halts an instrument's trading, or resumes it.
    case haltReported(HaltReport)
    /// The venue settled funding of a position: cash moved, nothing was traded.
    case fundingPaid(FundingPayment)
}

public struct Quote: Hashable, Sendable, BitwiseCopyable {
    public var bid: Price
    public var bidQuantity: Quantity
    public var ask: Price
    public var askQuantity: Quantity
    /// The venue's time of it; `never` when it says none.
    public var venueTime: Timestamp
    public var instrument: InstrumentHandle

    @inlinable public init(
        instrument: InstrumentHandle,
        bid: Price,
        bidQuantity: Quantity,
        ask: Price,
        askQuantity: Quantity,
        venueTime: Timestamp
    ) {
        self.bid = bid
        self.bidQuantity = bidQuantity
        self.ask = ask
        self.askQuantity = askQuantity
        self.venueTime = venueTime
        self.instrument = instrument
    }
}

public struct Trade: Hashable, Sendable, BitwiseCopyable {
    public var price: Price
    public var quantity: Quantity
    public var venueTime: Timestamp
    public var instrument: InstrumentHandle
    /// The side that took liquidity.
    public var aggressor: Side

    @inlinable public init(
        instrument: InstrumentHandle,
        price: Price,
        quantity: Quantity,
        aggressor: Side,
        venueTime: Timestamp
    ) {
        self.price = price
        self.quantity = quantity
        self.venueTime = venueTime
        self.instrument = instrument
        self.aggressor = aggressor
    }
}

public struct MarkPrice: Hashable, Sendable, BitwiseCopyable {
    public var price: Price
    public var venueTime: Timestamp
    public var instrument: InstrumentHandle

    @inlinable public init(instrument: InstrumentHandle, price: Price, venueTime: Timestamp) {
        self.price = price
        self.venueTime = venueTime
        self.instrument = instrument
    }
}

public struct BarReport: Hashable, Sendable, BitwiseCopyable {
    public var openTime: Timestamp
    public var open: Price
    public var high: Price
    public var low: Price
    public var close: Price
    public var volume: Quantity
    public var instrument: InstrumentHandle

    @inlinable public init(
        instrument: InstrumentHandle,
        openTime: Timestamp,
        open: Price,
        high: Price,
        low: Price,
        close: Price,
        volume: Quantity
    ) {
        self.openTime = openTime
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.instrument = instrument
    }
}

public struct SignalRefusal: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var source: SignalSource
    public var reason: InvalidSignalReason
    @inlinable public init(number: SignalNumber, source: SignalSource, reason: InvalidSignalReason) {
        self.number = number
        self.source = source
        self.reason = reason
    }
}

public struct OrderAcceptance: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var venueOrderID: VenueOrderID
    public var venueTime: Timestamp
    @inlinable public init(id: ClientOrderID, venueOrderID: VenueOrderID, venueTime: Timestamp) {
        self.id = id
        self.venueOrderID = venueOrderID
        self.venueTime = venueTime
    }
}

/// A refused submit, cancel or amendment.
public struct OrderRejection: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var venueTime: Timestamp
    public var reason: RejectReason
    @inlinable public init(id: ClientOrderID, reason: RejectReason, venueTime: Timestamp) {
        self.id = id
        self.venueTime = venueTime
        self.reason = reason
    }
}

/// Who made an execution. Raw values are part of the journal's format: never renumber, only append.
@frozen public enum ExecutionOrigin: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// An order: ours, or another client's of the account.
    case order = 0
    /// The venue closed the position since the account's margin was used up.
    case liquidation = 1
    /// The venue closed the position against another account's liquidation.
    case deleveraging = 2
    /// The venue closed the position since the contract ended.
    case settlement = 3

    /// What an order of the venue's own is told by: the beginning of its client id.
    public init(clientID: String) {
        if clientID.hasPrefix("autoclose-") {
            self = .liquidation
        } else if clientID.hasPrefix("adl_autoclose") {
            self = .deleveraging
        } else if clientID.hasPrefix("settlement_autoclose-") || clientID.hasPrefix("delivery_autoclose-") {
            self = .settlement
        } else {
            self = .order
        }
    }

    /// As records and screens say it.
    public var name: String {
        switch self {
        case .order: "order"
        case .liquidation: "liquidation"
        case .deleveraging: "deleveraging"
        case .settlement: "settlement"
        }
    }
}

/// One execution. `id` is `.none` for a trade that is not of our making (external).
public struct Execution: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var executionID: ExecutionID
    public var price: Price
    public var quantity: Quantity
    /// In units of 10^-8 of the quote currency; negative for a rebate.
    public var fee: Int64
    public var venueTime: Timestamp
    public var instrument: InstrumentHandle
    public var side: Side
    public var positionSide: PositionSide
    public var liquidity: Liquidity
    /// Other than `order` only where `id` is `.none`.
    public var origin: ExecutionOrigin

    @inlinable public init(
        id: ClientOrderID,
        executionID: ExecutionID,
        instrument: InstrumentHandle,
        side: Side,
        positionSide: PositionSide,
        price: Price,
        quantity: Quantity,
        fee: Int64,
        liquidity: Liquidity,
        venueTime: Timestamp,
        origin: ExecutionOrigin = .order
    ) {
        self.id = id
        self.executionID = executionID
        self.price = price
        self.quantity = quantity
        self.fee = fee
        self.venueTime = venueTime
        self.instrument = instrument
        self.side = side
        self.positionSide = positionSide
        self.liquidity = liquidity
        self.origin = origin
    }
}

public struct OrderEnd: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    /// What the venue had filled when the order ended; tells whether a fill is still on its way.
    public var cumulativeFilled: Quantity
    public var venueTime: Timestamp
    public var reason: EndReason
    @inlinable public init(id: ClientOrderID, cumulativeFilled: Quantity, reason: EndReason, venueTime: Timestamp) {
        self.id = id
        self.cumulativeFilled = cumulativeFilled
        self.venueTime = venueTime
        self.reason = reason
    }
}

public struct OrderReplacement: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var price: Price
    /// The order's new total quantity, what is filled included.
    public var quantity: Quantity
    public var venueTime: Timestamp
    @inlinable public init(id: ClientOrderID, price: Price, quantity: Quantity, venueTime: Timestamp) {
        self.id = id
        self.price = price
        self.quantity = quantity
        self.venueTime = venueTime
    }
}

public struct OrderReport: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var venueOrderID: VenueOrderID
    public var price: Price
    public var quantity: Quantity
    public var filled: Quantity
    public var venueTime: Timestamp
    public var instrument: InstrumentHandle
    public var side: Side
    /// Only `working`, `partiallyFilled` and the terminal states are ever reported.
    public var state: OrderState
    @inlinable public init(
        id: ClientOrderID,
        venueOrderID: VenueOrderID,
        instrument: InstrumentHandle,
        side: Side,
        price: Price,
        quantity: Quantity,
        filled: Quantity,
        state: OrderState,
        venueTime: Timestamp
    ) {
        self.id = id
        self.venueOrderID = venueOrderID
        self.price = price
        self.quantity = quantity
        self.filled = filled
        self.venueTime = venueTime
        self.instrument = instrument
        self.side = side
        self.state = state
    }
}

/// "No such order", with what makes it evidence: when the venue said so, and in which session.
public struct OrderAbsence: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    /// The venue's clock at the answer; proof needs it past the request's `validUntil`.
    public var venueTime: Timestamp
    /// The venue's ledger sequence at the answer.
    public var ledgerSequence: UInt64
    /// Counts the sessions with the venue; proof needs a later one than the send's.
    public var session: UInt32
    @inlinable public init(id: ClientOrderID, venueTime: Timestamp, ledgerSequence: UInt64, session: UInt32) {
        self.id = id
        self.venueTime = venueTime
        self.ledgerSequence = ledgerSequence
        self.session = session
    }
}

public struct EgressRefused: Hashable, Sendable, BitwiseCopyable {
    public var id: ClientOrderID
    public var reason: EgressRefusal
    @inlinable public init(id: ClientOrderID, reason: EgressRefusal) {
        self.id = id
        self.reason = reason
    }
}

public struct VenueConnection: Hashable, Sendable, BitwiseCopyable {
    public var venueTime: Timestamp
    /// Counts the sessions with the venue over the whole journal.
    public var session: UInt32
    public var venue: VenueHandle
    @inlinable public init(venue: VenueHandle, session: UInt32, venueTime: Timestamp) {
        self.venueTime = venueTime
        self.session = session
        self.venue = venue
    }
}

public struct VenueRestriction: Hashable, Sendable, BitwiseCopyable {
    public var until: Timestamp
    public var venue: VenueHandle
    @inlinable public init(venue: VenueHandle, until: Timestamp) {
        self.until = until
        self.venue = venue
    }
}

public struct BalanceReport: Hashable, Sendable, BitwiseCopyable {
    /// Cash of the account in units of 10^-8: deposits, realised profit and fees, without unrealised profit.
    public var cash: Int64
    /// Funds free for new exposure, in units of 10^-8.
    public var available: Int64
    public var venueTime: Timestamp
    public var venue: VenueHandle
    @inlinable public init(venue: VenueHandle, cash: Int64, available: Int64, venueTime: Timestamp) {
        self.cash = cash
        self.available = available
        self.venueTime = venueTime
        self.venue = venue
    }
}

public struct PositionReport: Hashable, Sendable, BitwiseCopyable {
    public var quantity: SignedQuantity
    public var averagePrice: Price
    public var venueTime: Timestamp
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide
    @inlinable public init(
        instrument: InstrumentHandle,
        positionSide: PositionSide,
        quantity: SignedQuantity,
        averagePrice: Price,
        venueTime: Timestamp
    ) {
        self.quantity = quantity
        self.averagePrice = averagePrice
        self.venueTime = venueTime
        self.instrument = instrument
        self.positionSide = positionSide
    }
}

public struct ReconciliationReport: Hashable, Sendable, BitwiseCopyable {
    public var venueTime: Timestamp
    /// The ledger sequence at which everything was listed.
    public var ledgerSequence: UInt64
    public var session: UInt32
    public var venue: VenueHandle
    @inlinable public init(venue: VenueHandle, session: UInt32, ledgerSequence: UInt64, venueTime: Timestamp) {
        self.venueTime = venueTime
        self.ledgerSequence = ledgerSequence
        self.session = session
        self.venue = venue
    }
}

/// An instrument's trading at its venue. After a connection all trade but those that are told to be halted.
public struct HaltReport: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var isHalted: Bool
    @inlinable public init(instrument: InstrumentHandle, isHalted: Bool) {
        self.instrument = instrument
        self.isHalted = isHalted
    }
}

/// Funding of one position, settled between its holders at a fixed time: longs pay shorts while the rate is positive.
///
/// `amount` is quantity x mark x multiplier x rate in units of 10^-8, rounded up: what is paid rounds up, what is
/// received rounds down. It moves cash and nothing else.
public struct FundingPayment: Hashable, Sendable, BitwiseCopyable {
    /// From the same numbers as executions: what a payment is deduplicated by.
    public var id: ExecutionID
    /// The position at that time.
    public var quantity: SignedQuantity
    public var mark: Price
    /// Of one interval.
    public var rate: Rate
    /// Paid, in units of 10^-8 of the quote currency; negative where we received.
    public var amount: Int64
    /// The time that the funding is of.
    public var venueTime: Timestamp
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide

    @inlinable public init(
        id: ExecutionID,
        instrument: InstrumentHandle,
        positionSide: PositionSide,
        quantity: SignedQuantity,
        mark: Price,
        rate: Rate,
        amount: Int64,
        venueTime: Timestamp
    ) {
        self.id = id
        self.quantity = quantity
        self.mark = mark
        self.rate = rate
        self.amount = amount
        self.venueTime = venueTime
        self.instrument = instrument
        self.positionSide = positionSide
    }

    /// What a position pays, by the rule above.
    public static func amount(
        _ quantity: SignedQuantity,
        at mark: Price,
        rate: Rate,
        multiplier: Int32
    ) -> Int64 {
        // Divided first, so that no product leaves 128 bits; the rest is carried exactly.
        let one = Int128(FixedPoint.one)
        let value = Money.value(mark, quantity, multiplier: multiplier).raw
        let whole = FixedPoint.floorDivide(value, by: one)
        let product = whole * Int128(rate.raw)
        let quotient = FixedPoint.floorDivide(product, by: one)
        let rest = (product - quotient * one) * one + (value - whole * one) * Int128(rate.raw)
        return Int64(clamping: quotient + Int128(FixedPoint.dividedRoundingUp(rest, by: one * one)))
    }
}

/// What an operator may order. Raw values are part of the journal's format.
@frozen public enum OperatorAction: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case stopEntries = 0
    case halt
    /// Halt, and let no exits out either.
    case haltFrozen
    case kill
    case resume
    case cancelAll
    case cancelAllIncludingProtective
    /// Close positions: of `instrument`, or of all when it is `.none`.
    case flatten
    case cancelOrder
    case amendOrder
    case resolveDead
    case resolveOpen
    case resolveFilled
    case reconcile
    /// Clears a symbol's latch (over-send, reject storm, repeated execution), and ends its being disabled.
    case enableSymbol
    /// The reading of NAV that jumped is real: it becomes NAV and peak.
    case confirmNav
    /// Ends what may still open something, whatever it waits for; exits stay.
    case cancelEntries
    /// Holds a parent back until `resumeParent`: its working order is cancelled. Exits are never paused.
    case pauseParent
    case resumeParent
    /// A smaller total of a parent, or another limit for what it still sends.
    case amendParent
    /// No entry of `instrument` until `enableSymbol`; what still opens something is ended.
    case disableSymbol
    /// The same of one direction.
    case disableBuys
    case disableSells
    /// The drawdown circuit begins anew at the present NAV; the trading state stays as it is.
    case resetDrawdown
    /// No person's: the journal takes nothing more. As `stopEntries`, and told as the journal's.
    case journalStop

    public var name: String {
        switch self {
        case .stopEntries: "stop_entries"
        case .halt: "halt"
        case .haltFrozen: "halt_frozen"
        case .kill: "kill"
        case .resume: "resume"
        case .cancelAll: "cancel_all"
        case .cancelAllIncludingProtective: "cancel_all_including_protective"
        case .flatten: "flatten"
        case .cancelOrder: "cancel_order"
        case .amendOrder: "amend_order"
        case .resolveDead: "resolve_dead"
        case .resolveOpen: "resolve_open"
        case .resolveFilled: "resolve_filled"
        case .reconcile: "reconcile"
        case .enableSymbol: "enable_symbol"
        case .confirmNav: "confirm_nav"
        case .cancelEntries: "cancel_entries"
        case .pauseParent: "pause_parent"
        case .resumeParent: "resume_parent"
        case .amendParent: "amend_parent"
        case .disableSymbol: "disable_symbol"
        case .disableBuys: "disable_buys"
        case .disableSells: "disable_sells"
        case .resetDrawdown: "reset_drawdown"
        case .journalStop: "journal_stop"
        }
    }
}

public struct OperatorCommand: Hashable, Sendable, BitwiseCopyable {
    /// The order concerned; `.none` where the action concerns none. A parent is meant by its intent alone.
    public var order: ClientOrderID
    /// New limit of an amendment; zero keeps it.
    public var price: Price
    /// New total quantity of an amendment; zero keeps it.
    public var quantity: Quantity
    public var instrument: InstrumentHandle
    public var action: OperatorAction
    @inlinable public init(
        _ action: OperatorAction,
        instrument: InstrumentHandle = .none,
        order: ClientOrderID = .none,
        price: Price = .zero,
        quantity: Quantity = .zero
    ) {
        self.order = order
        self.price = price
        self.quantity = quantity
        self.instrument = instrument
        self.action = action
    }
}
