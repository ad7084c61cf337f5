/// How large a signal wants its order.
@frozen public enum SignalSize: Hashable, Sendable, BitwiseCopyable {
    case quantity(Quantity)
    /// In the instrument's quote currency.
    case notional(Money)
    /// A fraction of NAV, 0 < x <= 1.
    case navFraction(Rate)
    /// The whole position: `intent` flatten or exit without a size.
    case wholePosition
    /// A share, 0 < x <= 1, of what Kelly's rule makes of the strategy's closed trades; entries only.
    case kelly(Rate)
}

/// A take-profit level of a signal: where, and which fraction of the position it closes.
@frozen public struct TakeProfitLevel: Hashable, Sendable, BitwiseCopyable {
    public var price: Price
    /// 0 < fraction <= 1; the fractions of a signal sum to at most 1.
    public var fraction: Rate
    @inlinable public init(price: Price, fraction: Rate) {
        self.price = price
        self.fraction = fraction
    }
}

/// Up to five take-profit levels, in the order given.
@frozen public struct TakeProfitLevels: Hashable, Sendable, BitwiseCopyable {
    public static let limit = 5
    public var count: UInt8 = 0
    @usableFromInline var first = TakeProfitLevel(price: .zero, fraction: .zero)
    @usableFromInline var second = TakeProfitLevel(price: .zero, fraction: .zero)
    @usableFromInline var third = TakeProfitLevel(price: .zero, fraction: .zero)
    @usableFromInline var fourth = TakeProfitLevel(price: .zero, fraction: .zero)
    @usableFromInline var fifth = TakeProfitLevel(price: .zero, fraction: .zero)

    @inlinable public init() {}

    @inlinable public subscript(index: Int) -> TakeProfitLevel {
        get {
            switch index {
            case 0: first
            case 1: second
            case 2: third
            case 3: fourth
            case 4: fifth
            default: preconditionFailure("Invariant: a signal has at most five take-profit levels")
            }
        }
        set {
            switch index {
            case 0: first = newValue
            case 1: second = newValue
            case 2: third = newValue
            case 3: fourth = newValue
            case 4: fifth = newValue
            default: preconditionFailure("Invariant: a signal has at most five take-profit levels")
            }
        }
    }

    @inlinable public mutating func append(_ level: TakeProfitLevel) {
        precondition(count < Self.limit, "Invariant: a signal has at most five take-profit levels")
        self[Int(count)] = level
        count += 1
    }
}

/// What a signal asks for, without its text: fixed size, decoded and bounded, ready for the engine.
///
/// Made by the signal decoder from JSON, by the screener, or by the exit scanner. The texts (`signal_id`, `meta`)
/// stand in a text record of the same `number`.
@frozen public struct SignalTerms: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    /// SHA-256 prefix of the signal id: what duplicates are found by.
    public var digest: Digest128
    public var source: SignalSource
    public var instrument: InstrumentHandle
    public var strategy: StrategyHandle
    public var side: Side
    public var positionSide: PositionSide
    public var intent: Intent
    /// As the signal says; whether an order reduces is computed, never believed.
    public var reduceOnly: Bool
    public var size: SignalSize
    /// 0...1 as a rate; absent is 1.
    public var confidence: Rate
    public var orderType: OrderType
    /// Zero when not given.
    public var limitPrice: Price
    public var timeInForce: TimeInForce
    /// The sender's time of the signal; `never` when not given.
    public var time: Timestamp
    /// `distantFuture` when it doesn't expire.
    public var expiresAt: Timestamp
    public var style: ExecutionStyle
    /// Slices, interval and jitter of style `twap`; slices and jitter of `vwap`, jitter of `iceberg`.
    public var twap: TwapTerms
    /// Meant by styles `vwap`, `pov` and `iceberg` only.
    public var algorithm: AlgorithmTerms
    /// nil: the configuration decides.
    public var makerFirst: Bool?
    /// Zero when not given: derived from the book.
    public var makerPrice: Price
    /// Zero when not given: the whole order.
    public var makerQuantity: Quantity
    public var takeProfits: TakeProfitLevels
    /// Zero when not given.
    public var stopLoss: Price
    /// How the stop moves, and what it sends.
    public var stop: StopTerms

    /// Brings a stop: one that stands, or one that trails.
    public var hasStop: Bool { stopLoss.raw != 0 || !stop.trail.isNone }
    /// The protective levels that it brings: each take-profit, and the stop.
    public var levelCount: Int { Int(takeProfits.count) + (hasStop ? 1 : 0) }

    /// A market entry with every optional field absent; the decoder fills in the rest.
    public init(
        number: SignalNumber,
        digest: Digest128,
        instrument: InstrumentHandle,
        side: Side,
        size: SignalSize,
        source: SignalSource = .file
    ) {
        self.number = number
        self.digest = digest
        self.source = source
        self.instrument = instrument
        strategy = .unnamed
        self.side = side
        positionSide = .both
        intent = .entry
        reduceOnly = false
        self.size = size
        confidence = .one
        orderType = .market
        limitPrice = .zero
        timeInForce = .gtc
        time = .never
        expiresAt = .distantFuture
        style = .auto
        twap = TwapTerms()
        algorithm = AlgorithmTerms()
        makerFirst = nil
        makerPrice = .zero
        makerQuantity = .zero
        takeProfits = TakeProfitLevels()
        stopLoss = .zero
        stop = StopTerms()
    }
}
