/// How long after a fill the middle of the book is looked at again (EXECUTION-QUALITY 1).
@frozen public enum MarkoutHorizon: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case milliseconds50 = 0
    case seconds1
    case seconds5
    case seconds30
    case seconds60
    case seconds300

    @inlinable public static var count: Int { 6 }
    @inlinable public static var first: MarkoutHorizon { .milliseconds50 }
    /// The next longer one; nil after the last.
    @inlinable public var next: MarkoutHorizon? { MarkoutHorizon(rawValue: rawValue + 1) }

    @inlinable public var span: TimeSpan {
        switch self {
        case .milliseconds50: .milliseconds(50)
        case .seconds1: .seconds(1)
        case .seconds5: .seconds(5)
        case .seconds30: .seconds(30)
        case .seconds60: .seconds(60)
        case .seconds300: .seconds(300)
        }
    }

    public var name: String {
        switch self {
        case .milliseconds50: "50ms"
        case .seconds1: "1s"
        case .seconds5: "5s"
        case .seconds30: "30s"
        case .seconds60: "60s"
        case .seconds300: "300s"
        }
    }
}

/// One price a horizon; zero where it is not known.
@frozen public struct HorizonPrices: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline var milliseconds50 = Price.zero
    @usableFromInline var seconds1 = Price.zero
    @usableFromInline var seconds5 = Price.zero
    @usableFromInline var seconds30 = Price.zero
    @usableFromInline var seconds60 = Price.zero
    @usableFromInline var seconds300 = Price.zero

    @inlinable public init() {}

    @inlinable public subscript(horizon: MarkoutHorizon) -> Price {
        get {
            switch horizon {
            case .milliseconds50: milliseconds50
            case .seconds1: seconds1
            case .seconds5: seconds5
            case .seconds30: seconds30
            case .seconds60: seconds60
            case .seconds300: seconds300
            }
        }
        set {
            switch horizon {
            case .milliseconds50: milliseconds50 = newValue
            case .seconds1: seconds1 = newValue
            case .seconds5: seconds5 = newValue
            case .seconds30: seconds30 = newValue
            case .seconds60: seconds60 = newValue
            case .seconds300: seconds300 = newValue
            }
        }
    }
}

/// What a fill of our own cost against everything that it can be judged by. One for each `FillRecord` whose order is
/// ours, after it; the numbers in bps follow from the prices. Money in 10^-8.
public struct FillMeasure: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var id: ClientOrderID
    public var executionID: ExecutionID
    public var price: Price
    public var quantity: Quantity
    /// Limit or touch when the child was sent; zero when there was none.
    public var intended: Price
    /// Mid when the parent was accepted; zero when it is not known, or the parent's row is gone.
    public var arrival: Price
    /// What the signal was decided at; zero as for `arrival`.
    public var decision: Price
    /// Middle of the book when the fill was told; zero without a usable book.
    public var mid: Price
    public var notional: Int64
    /// Negative for a rebate.
    public var fee: Int64
    /// From handing out the order to the venue's first word on it. Never negative.
    public var latency: TimeSpan
    public var instrument: InstrumentHandle
    public var side: Side
    public var liquidity: Liquidity
    /// The order was a slice of a time-weighted schedule.
    public var isTwapChild: Bool
    /// It came after its order had ended.
    public var isLate: Bool

    public init(
        _ execution: Execution,
        number: SignalNumber,
        notional: Int64,
        intended: Price,
        arrival: Price,
        decision: Price,
        mid: Price,
        latency: TimeSpan,
        isTwapChild: Bool,
        isLate: Bool
    ) {
        self.number = number
        id = execution.id
        executionID = execution.executionID
        price = execution.price
        quantity = execution.quantity
        self.intended = intended
        self.arrival = arrival
        self.decision = decision
        self.mid = mid
        self.notional = notional
        fee = execution.fee
        self.latency = max(.zero, latency)
        instrument = execution.instrument
        side = execution.side
        liquidity = execution.liquidity
        self.isTwapChild = isTwapChild
        self.isLate = isLate
    }

    /// Against the intended price.
    public var slippageBps: Double? { ExecutionCost.slippageBps(side, price, against: intended) }
    /// Against the mid at arrival.
    public var arrivalSlippageBps: Double? { ExecutionCost.slippageBps(side, price, against: arrival) }
    public var effectiveSpreadBps: Double? { ExecutionCost.effectiveSpreadBps(side, price, mid: mid) }
    public var feeBps: Double? { ExecutionCost.bps(fee, of: notional) }
    /// Slippage against the intended price and fee together.
    public var costBps: Double? {
        guard let slippageBps, let feeBps else { return nil }
        return slippageBps + feeBps
    }
}

/// How the market moved after a fill: the middle of the book at each horizon. Told when the last horizon is over.
public struct MarkoutMeasure: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var id: ClientOrderID
    public var executionID: ExecutionID
    public var price: Price
    public var quantity: Quantity
    /// Money in 10^-8.
    public var notional: Int64
    /// When the fill was told.
    public var filledAt: Timestamp
    /// Middle of the book then; zero without a usable one.
    public var mid: Price
    /// The middle as it stood at each horizon; zero where the book was missing, stale or crossed, or the horizon was
    /// not reached.
    public var later: HorizonPrices
    public var instrument: InstrumentHandle
    public var side: Side
    public var liquidity: Liquidity
    /// Horizons that were reached: the first so many. Fewer than all where the fill had to make room for newer ones.
    public var reached: UInt8

    public init(_ fill: FillMeasure, at time: Timestamp) {
        number = fill.number
        id = fill.id
        executionID = fill.executionID
        price = fill.price
        quantity = fill.quantity
        notional = fill.notional
        filledAt = time
        mid = fill.mid
        later = HorizonPrices()
        instrument = fill.instrument
        side = fill.side
        liquidity = fill.liquidity
        reached = 0
    }

    public func markoutBps(_ horizon: MarkoutHorizon) -> Double? {
        ExecutionCost.markoutBps(side, price, later: later[horizon])
    }
    public func realizedSpreadBps(_ horizon: MarkoutHorizon) -> Double? {
        ExecutionCost.realizedSpreadBps(side, price, mid: mid, later: later[horizon])
    }
    public func priceImpactBps(_ horizon: MarkoutHorizon) -> Double? {
        ExecutionCost.priceImpactBps(side, mid: mid, later: later[horizon])
    }
}

/// Where a parent's decision price comes from.
@frozen public enum DecisionBasis: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// The price when the signal was received: its delay is 0 by definition, not by measurement.
    case received = 0
    /// The middle of the book at the signal's own time.
    case signalTime

    public var name: String {
        switch self {
        case .received: "received"
        case .signalTime: "signal_time"
        }
    }
}

/// The implementation shortfall of a parent, at its end, split on the filled quantity (EXECUTION-QUALITY 2). Money in
/// 10^-8, positive is a cost, nil where a price that it needs is not known.
///
/// `trading = spread + impact` where both are known, and `total = delay + trading + opportunity + fees`, to the last
/// unit.
public struct ShortfallMeasure: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var intent: IntentID
    public var instrument: InstrumentHandle
    public var strategy: StrategyHandle
    public var side: Side
    public var basis: DecisionBasis
    /// As approved, less what an amendment took away.
    public var quantity: Quantity
    public var filled: Quantity
    /// Zero where they are not known.
    public var decision: Price
    public var arrival: Price
    /// What the unfilled rest is judged by.
    public var end: Price
    /// `quantity` at the decision price: what the bps refer to. Zero without one.
    public var notional: Int64
    /// `filled * side * (arrival - decision)`.
    public var delay: Int64?
    /// `sum of q_i * side * (p_i - arrival)`.
    public var trading: Int64?
    /// `sum of q_i * side * (p_i - mid_i)`, with the middle at each fill.
    public var spread: Int64?
    /// `sum of q_i * side * (mid_i - arrival)`: how the market moved between arrival and the fills.
    public var impact: Int64?
    /// `(quantity - filled) * side * (end - decision)`; 0 where all is filled.
    public var opportunity: Int64?
    public var fees: Int64

    public init(
        number: SignalNumber,
        intent: IntentID,
        instrument: InstrumentHandle,
        strategy: StrategyHandle,
        side: Side,
        basis: DecisionBasis,
        quantity: Quantity,
        filled: Quantity,
        decision: Price,
        arrival: Price,
        end: Price,
        notional: Int64,
        fees: Int64
    ) {
        self.number = number
        self.intent = intent
        self.instrument = instrument
        self.strategy = strategy
        self.side = side
        self.basis = basis
        self.quantity = quantity
        self.filled = filled
        self.decision = decision
        self.arrival = arrival
        self.end = end
        self.notional = notional
        self.fees = fees
    }

    /// nil where a part is not known.
    public var total: Int64? {
        guard let delay, let trading, let opportunity else { return nil }
        return Int64(clamping: Int128(delay) + Int128(trading) + Int128(opportunity) + Int128(fees))
    }

    /// A part as bps of the notional at the decision price.
    public func bps(_ part: Int64?) -> Double? { part.flatMap { ExecutionCost.bps($0, of: notional) } }
}
