public import FairleadModel

/// Compares a book's touch with the quotes that the venue sent of the same update, whichever of the two comes first.
///
/// Both streams name the state they show by the venue's update number. Cold: it looks numbers up in dictionaries, of
/// the newest `window` states and quotes.
public struct BookAudit: Sendable {
    /// A quote that says something else than the book.
    public struct Disagreement: Hashable, Sendable {
        public var updateID: UInt64
        public var quoted: BookTop
        public var booked: BookTop
    }

    public static let window = 16_384
    /// Disagreements that are kept; all are counted.
    public static let keptLimit = 32

    private var booked = Window()
    private var quoted = Window()
    public private(set) var compared: UInt64 = 0
    public private(set) var disagreeing: UInt64 = 0
    public private(set) var disagreements: [Disagreement] = []

    public init() {}

    /// The book has reached a state.
    public mutating func add(_ top: BookTop) {
        booked.add(top)
        if let quote = quoted.find(top.lastID) { compare(quote, top) }
    }

    /// The venue has sent a quote; without a number there is nothing to compare.
    public mutating func add(_ quote: Quote, updateID: UInt64) {
        guard updateID > 0 else { return }
        let top = BookTop(
            lastID: updateID,
            bid: DepthLevel(price: quote.bid, quantity: quote.bidQuantity),
            ask: DepthLevel(price: quote.ask, quantity: quote.askQuantity)
        )
        quoted.add(top)
        if let state = booked.find(updateID) { compare(top, state) }
    }

    private mutating func compare(_ quote: BookTop, _ book: BookTop) {
        compared += 1
        guard quote != book else { return }
        disagreeing += 1
        guard disagreements.count < Self.keptLimit else { return }
        disagreements.append(Disagreement(updateID: quote.lastID, quoted: quote, booked: book))
    }

    /// The newest tops by their numbers.
    private struct Window: Sendable {
        private var tops: [UInt64: BookTop] = [:]
        private var order: [UInt64] = []
        private var oldest = 0

        mutating func add(_ top: BookTop) {
            if tops.updateValue(top, forKey: top.lastID) != nil { return }
            if order.count < BookAudit.window {
                order.append(top.lastID)
                return
            }
            tops.removeValue(forKey: order[oldest])
            order[oldest] = top.lastID
            oldest = (oldest + 1) % BookAudit.window
        }

        func find(_ number: UInt64) -> BookTop? { tops[number] }
    }
}
