import FairleadModel

/// A symbol as four words, upper byte positions zero: compared in one go, without text.
struct SymbolKey: Hashable, BitwiseCopyable {
    /// The longest symbol, in bytes.
    static let lengthLimit = 32

    var words: SIMD4<UInt64>

    /// Nil when the symbol is empty or too long.
    init?(_ symbol: Span<UInt8>) {
        guard (1...Self.lengthLimit).contains(symbol.count) else { return nil }
        words = .zero
        for index in 0..<symbol.count {
            words[index / 8] |= UInt64(symbol[index]) << UInt64(index % 8 * 8)
        }
    }

    init(words: SIMD4<UInt64>) { self.words = words }
}

/// What one line of a tape says, before its symbol is looked up.
enum TapeLine: BitwiseCopyable {
    case quote(TapeQuote)
    case trade(TapeTrade)
    case mark(TapeMark)
    /// Its levels stand in the array that the scanner was given, or were not asked for.
    case depth(TapeDepth)
    case other
    case blank
}

struct TapeQuote: BitwiseCopyable {
    var time: Timestamp
    var venueTime: Timestamp
    var symbol: SymbolKey
    /// The venue's number of the book's state; 0 where the line has none.
    var updateID: UInt64
    var bid: Price
    var bidQuantity: Quantity
    var ask: Price
    var askQuantity: Quantity
}

struct TapeTrade: BitwiseCopyable {
    var time: Timestamp
    var venueTime: Timestamp
    var symbol: SymbolKey
    var price: Price
    var quantity: Quantity
    var aggressor: Side
    /// An `aggTrade`, not a `trade`.
    var isAggregate: Bool
    /// False for the insurance fund's and other trades that never met the book.
    var isOfTheBook: Bool
}

struct TapeMark: BitwiseCopyable {
    var time: Timestamp
    var venueTime: Timestamp
    var symbol: SymbolKey
    var price: Price
}

struct TapeDepth: BitwiseCopyable {
    var time: Timestamp
    var venueTime: Timestamp
    /// Nil: not said (a snapshot in-line), or not asked for.
    var symbol: SymbolKey?
    var isSnapshot: Bool
    /// True when identifiers and levels were read.
    var isRead = false
    var firstID: UInt64 = 0
    var lastID: UInt64 = 0
    var previousID = DepthUpdate.noPrevious
    var bidCount = 0
    var askCount = 0
}
