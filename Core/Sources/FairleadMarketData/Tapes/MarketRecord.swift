public import FairleadModel

/// One record of market data with its time: what every tape gives, whatever its format.
public struct MarketRecord: Sendable, BitwiseCopyable {
    /// When it was received, or when it could be known; never before the record before it.
    public var time: Timestamp
    /// The record's place in the stream that it was read from, from 1.
    public var ordinal: UInt64
    public var content: MarketContent

    public init(time: Timestamp, ordinal: UInt64, content: MarketContent) {
        self.time = time
        self.ordinal = ordinal
        self.content = content
    }
}

/// What a record says.
@frozen public enum MarketContent: Sendable, BitwiseCopyable {
    /// The best bid and ask. `updateID` is the venue's number of the book's state, 0 where it says none.
    case quote(Quote, updateID: UInt64)
    case trade(Trade, conditions: TradeConditions)
    case mark(MarkPrice)
    /// A closed bar; the record's time is its end.
    case bar(BarReport, length: TimeSpan)
    /// A change of the book, or all of it; its levels stand beside the record, in `MarketTape.levels`.
    case depth(DepthUpdate)

    public var instrument: InstrumentHandle {
        switch self {
        case .quote(let quote, _): quote.instrument
        case .trade(let trade, _): trade.instrument
        case .mark(let mark): mark.instrument
        case .bar(let bar, _): bar.instrument
        case .depth(let update): update.instrument
        }
    }

    /// The venue's time of it; `never` where it says none.
    public var venueTime: Timestamp {
        switch self {
        case .quote(let quote, _): quote.venueTime
        case .trade(let trade, _): trade.venueTime
        case .mark(let mark): mark.venueTime
        case .bar: .never
        case .depth(let update): update.venueTime
        }
    }

    /// The venue's number of the book's state that a quote shows; 0 where it says none, and of other records.
    public var updateID: UInt64 {
        switch self {
        case .quote(_, let updateID): updateID
        case .trade, .mark, .bar, .depth: 0
        }
    }

    /// As the engine is told it; nil for what it takes no event of.
    public var event: Event? {
        switch self {
        case .quote(let quote, _): .quoted(quote)
        case .trade(let trade, _): .traded(trade)
        case .mark(let mark): .marked(mark)
        case .bar, .depth: nil
        }
    }
}

/// Which records a tape gives; the others are read over and counted.
@frozen public struct TapeContent: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let quotes = TapeContent(rawValue: 1)
    public static let trades = TapeContent(rawValue: 2)
    public static let marks = TapeContent(rawValue: 4)
    public static let bars = TapeContent(rawValue: 8)
    public static let depth = TapeContent(rawValue: 16)
    /// What becomes an event of the engine.
    public static let touch: TapeContent = [.quotes, .trades, .marks]
    public static let all: TapeContent = [.touch, .bars, .depth]
}

/// What the reporter of a trade said of it: the bits of the US equity tapes, 0 where there are none (Binance).
@frozen public struct TradeConditions: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt32
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let regular = TradeConditions(rawValue: 1)
    public static let cash = TradeConditions(rawValue: 1 << 1)
    public static let nextDay = TradeConditions(rawValue: 1 << 2)
    public static let seller = TradeConditions(rawValue: 1 << 3)
    public static let derivativelyPriced = TradeConditions(rawValue: 1 << 9)
    public static let outOfSequence = TradeConditions(rawValue: 1 << 14)
    public static let stockOption = TradeConditions(rawValue: 1 << 18)
    public static let averagePrice = TradeConditions(rawValue: 1 << 20)
    public static let officialClose = TradeConditions(rawValue: 1 << 24)
    public static let priorReferencePrice = TradeConditions(rawValue: 1 << 25)
    public static let officialOpen = TradeConditions(rawValue: 1 << 26)

    /// Agreed at a price that the market did not have at that moment, or a repetition of another trade: no resting
    /// order was filled by it.
    public static let pricedElsewhere: TradeConditions = [
        .cash, .nextDay, .seller, .derivativelyPriced, .outOfSequence, .stockOption, .averagePrice, .officialClose,
        .priorReferencePrice, .officialOpen,
    ]
}

/// One price level of a book. A quantity of zero in an update removes the level.
@frozen public struct DepthLevel: Hashable, Sendable, BitwiseCopyable {
    public var price: Price
    public var quantity: Quantity

    @inlinable public init(price: Price, quantity: Quantity) {
        self.price = price
        self.quantity = quantity
    }
}

/// A change of an order book with the venue's numbers of it. Its levels stand elsewhere: bids first, then asks.
@frozen public struct DepthUpdate: Hashable, Sendable, BitwiseCopyable {
    /// No `previousID`: this venue, or this stream, doesn't give it.
    @inlinable public static var noPrevious: UInt64 { UInt64.max }

    /// The first and the last change that are in it; the same for a snapshot.
    public var firstID: UInt64
    public var lastID: UInt64
    /// `lastID` of the update before it, or `noPrevious`.
    public var previousID: UInt64
    public var venueTime: Timestamp
    public var bidCount: UInt32
    public var askCount: UInt32
    public var instrument: InstrumentHandle
    /// The whole book, not a change of it.
    public var isSnapshot: Bool

    @inlinable public init(
        instrument: InstrumentHandle,
        firstID: UInt64,
        lastID: UInt64,
        previousID: UInt64 = DepthUpdate.noPrevious,
        venueTime: Timestamp,
        bidCount: Int,
        askCount: Int,
        isSnapshot: Bool = false
    ) {
        self.firstID = firstID
        self.lastID = lastID
        self.previousID = previousID
        self.venueTime = venueTime
        self.bidCount = UInt32(bidCount)
        self.askCount = UInt32(askCount)
        self.instrument = instrument
        self.isSnapshot = isSnapshot
    }

    @inlinable public var levelCount: Int { Int(bidCount) + Int(askCount) }
}
