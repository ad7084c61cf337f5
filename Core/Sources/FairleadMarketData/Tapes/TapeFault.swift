public import FairleadModel

/// Which part of a tape's line a fault concerns. Binance's own key, or a column's name, stands in `key`.
@frozen public enum TapeField: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case line = 0
    case receiveTime
    case stream
    case data
    case kind
    case symbol
    case bid
    case bidQuantity
    case ask
    case askQuantity
    case price
    case quantity
    case buyerIsMaker
    case tradeType
    case transactionTime
    case eventTime
    case updateID
    case firstUpdateID
    case previousUpdateID
    case snapshotID
    case bids
    case asks
    case url
    // Columns of files of rows.
    case millisecond
    case open
    case high
    case low
    case close
    case volume
    case exchange
    case condition
    case suspicious

    /// As it stands in the line.
    public var key: String {
        switch self {
        case .line: "line"
        case .receiveTime: "receive time"
        case .stream: "stream"
        case .data: "data"
        case .kind: "e"
        case .symbol: "s"
        case .bid: "b"
        case .bidQuantity: "B"
        case .ask: "a"
        case .askQuantity: "A"
        case .price: "p"
        case .quantity: "q"
        case .buyerIsMaker: "m"
        case .tradeType: "X"
        case .transactionTime: "T"
        case .eventTime: "E"
        case .updateID: "u"
        case .firstUpdateID: "U"
        case .previousUpdateID: "pu"
        case .snapshotID: "lastUpdateId"
        case .bids: "bids"
        case .asks: "asks"
        case .url: "url"
        case .millisecond: "millisecond of the day"
        case .open: "open"
        case .high: "high"
        case .low: "low"
        case .close: "close"
        case .volume: "volume"
        case .exchange: "exchange"
        case .condition: "condition"
        case .suspicious: "suspicious"
        }
    }
}

/// Why a line of a tape is refused.
@frozen public enum TapeFaultReason: Hashable, Sendable, BitwiseCopyable {
    /// Not JSON, cut off, or with something behind its end.
    case syntax
    case missing
    case repeated
    /// Not 16 digits (microseconds), 19 (nanoseconds) or 10 with a fraction and a colon (seconds).
    case notATime
    /// A price, quantity or whole number beyond its bound.
    case outOfRange
    /// Zero where only a positive number makes sense.
    case notPositive
    /// A bar whose high or low is not its extreme.
    case notABar
    case tooLong
    case decimal(DecimalError)

    public var explanation: String {
        switch self {
        case .syntax: "is not well-formed"
        case .missing: "is missing"
        case .repeated: "stands twice"
        case .notATime: "is not a receive time of 16 (microseconds), 19 (nanoseconds) or 10 digits (seconds)"
        case .outOfRange: "is out of range"
        case .notPositive: "must be positive"
        case .notABar: "is not the extreme of its bar"
        case .tooLong: "is too long"
        case .decimal(let error): error.explanation
        }
    }
}

/// What is wrong with one line.
public struct TapeFault: Error, Hashable, Sendable, BitwiseCopyable {
    public var field: TapeField
    public var reason: TapeFaultReason
    /// Byte of the line at which it showed, from 1.
    public var column: Int

    init(_ field: TapeField, _ reason: TapeFaultReason, column: Int = 0) {
        self.field = field
        self.reason = reason
        self.column = column
    }
}

/// The first line of a tape that was refused: the others are only counted.
public struct MalformedLine: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// From 1.
    public var line: UInt64
    public var fault: TapeFault

    public var description: String {
        "line \(line), column \(fault.column): \(fault.field.key) \(fault.reason.explanation)"
    }
}

/// Why a tape can't be played any further. `tape` is its place among the merged ones, from 0.
public enum TapeError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(tape: Int, ByteSourceError)
    /// The instrument's configured tick is not the one that the tape was recorded with: whatever followed would be
    /// wrong, so the run ends.
    case offTick(tape: Int, line: UInt64, field: TapeField, instrument: InstrumentHandle, price: Price, tick: Price)
    /// A file of our own format is damaged, or is of another version.
    case damaged(tape: Int, CacheFault)

    public var description: String {
        switch self {
        case .unreadable(let tape, let error): "tape \(tape + 1): \(error)"
        case .offTick(let tape, let line, let field, let instrument, let price, let tick):
            "tape \(tape + 1), line \(line): \(field.key) \(DecimalText.text(raw: price.raw)) of instrument "
                + "\(instrument.index) is off its tick \(DecimalText.text(raw: tick.raw))"
        case .damaged(let tape, let fault): "tape \(tape + 1): \(fault)"
        }
    }
}

/// What a tape held so far, by kind of line. `lines` is the sum of all others but `offTickTrades`, `offTickLevels` and
/// the last three.
public struct TapeCounts: Hashable, Sendable, BitwiseCopyable {
    public var lines: UInt64 = 0
    public var quotes: UInt64 = 0
    public var trades: UInt64 = 0
    public var marks: UInt64 = 0
    /// Depth updates and snapshots, delivered or not.
    public var depthUpdates: UInt64 = 0
    public var snapshots: UInt64 = 0
    /// Well-formed lines of other streams: klines, liquidations and so on.
    public var others: UInt64 = 0
    public var blankLines: UInt64 = 0
    public var bars: UInt64 = 0
    /// First rows of pairs: each is part of the quote that its second row makes.
    public var halfQuotes: UInt64 = 0
    /// Rows of a quote whose other row is missing; no quote is made of them.
    public var unpairedRows: UInt64 = 0
    /// Rows that the recorder itself marks as suspicious; not delivered.
    public var suspicious: UInt64 = 0
    /// Snapshots that don't say whose they are, on a tape of several symbols.
    public var unattributedSnapshots: UInt64 = 0
    /// Trades off their instrument's tick, which midpoint trades of equities are; delivered.
    public var offTickTrades: UInt64 = 0
    /// Levels of depth off their instrument's tick: orders that rest since the tick was a finer one; delivered.
    public var offTickLevels: UInt64 = 0
    /// Quotes, trades and marks of a symbol that is not configured.
    public var unknownSymbols: UInt64 = 0
    /// Trades of the insurance fund and the like, which never met the book.
    public var tradesOutsideTheBook: UInt64 = 0
    /// `trade` lines of a symbol whose trades come as `aggTrade`, or the other way: the same trades once more.
    public var repeatedTrades: UInt64 = 0
    public var malformed: UInt64 = 0
    public var overlong: UInt64 = 0
    /// Records whose receive time stepped back and was set to the time before it.
    public var clampedTimes: UInt64 = 0
    /// Quotes whose bid was not below their ask; delivered as they stand.
    public var crossedQuotes: UInt64 = 0

    public init() {}
}
