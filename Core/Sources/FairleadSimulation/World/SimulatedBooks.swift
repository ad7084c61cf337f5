import FairleadMarketData
import FairleadModel

/// Books of a few levels behind the quotes of the synthetic market, told to the venue as a real one tells them: a
/// snapshot now and then, and the changes in between, numbered without a hole.
struct SimulatedBooks {
    static let levelsASide = 5
    /// After a hole the venue has no book until the next snapshot.
    static let snapshotEvery = TimeSpan.seconds(20)

    private struct Book {
        var lastID: UInt64 = 0
        var snapshotAt: Timestamp?
        var bids: ContiguousArray<DepthLevel> = []
        var asks: ContiguousArray<DepthLevel> = []
    }

    private var books: ContiguousArray<Book>
    private let terms: ContiguousArray<InstrumentTerms>
    private var random: DeterministicRandom

    init(_ terms: ContiguousArray<InstrumentTerms>, seed: UInt64) {
        self.terms = terms
        books = ContiguousArray(repeating: Book(), count: terms.count)
        random = DeterministicRandom(seed: seed)
    }

    /// The change that makes a quote the touch, or the whole book; nil for a quote that no book can have.
    mutating func next(
        _ quote: Quote,
        at now: Timestamp
    ) -> (update: DepthUpdate, levels: ContiguousArray<DepthLevel>)? {
        let index = Int(quote.instrument.index)
        guard quote.bid > .zero, quote.ask > quote.bid else { return nil }
        guard quote.bidQuantity > .zero, quote.askQuantity > .zero else { return nil }
        let bids = side(quote.bid, quote.bidQuantity, step: -terms[index].tick.raw, terms[index].lot)
        let asks = side(quote.ask, quote.askQuantity, step: terms[index].tick.raw, terms[index].lot)
        let isSnapshot = books[index].snapshotAt.map { now >= $0 + Self.snapshotEvery } ?? true
        let (shownBids, shownAsks) =
            isSnapshot
            ? (bids, asks) : (Self.change(books[index].bids, bids), Self.change(books[index].asks, asks))
        let previous = books[index].lastID
        books[index].lastID = previous + 1
        (books[index].bids, books[index].asks) = (bids, asks)
        if isSnapshot { books[index].snapshotAt = now }
        let update = DepthUpdate(
            instrument: quote.instrument,
            firstID: previous + 1,
            lastID: previous + 1,
            previousID: isSnapshot ? DepthUpdate.noPrevious : previous,
            venueTime: quote.venueTime,
            bidCount: shownBids.count,
            askCount: shownAsks.count,
            isSnapshot: isSnapshot
        )
        return (update, shownBids + shownAsks)
    }

    /// From the touch outward, with holes between the levels.
    private mutating func side(
        _ touch: Price,
        _ quantity: Quantity,
        step: Int64,
        _ lot: Quantity
    ) -> ContiguousArray<DepthLevel> {
        var levels: ContiguousArray = [DepthLevel(price: touch, quantity: quantity)]
        var price = touch
        for _ in 1..<Self.levelsASide {
            price = Price(raw: price.raw + step * random.next(in: 1...3))
            guard price > .zero else { break }
            levels.append(DepthLevel(price: price, quantity: Quantity(raw: lot.raw * random.next(in: 1...40))))
        }
        return levels
    }

    /// What is gone, with no quantity, and what is new or has changed.
    private static func change(
        _ old: ContiguousArray<DepthLevel>,
        _ new: ContiguousArray<DepthLevel>
    ) -> ContiguousArray<DepthLevel> {
        var levels: ContiguousArray<DepthLevel> = []
        for level in old where !new.contains(where: { $0.price == level.price }) {
            levels.append(DepthLevel(price: level.price, quantity: .zero))
        }
        for level in new where !old.contains(level) { levels.append(level) }
        return levels
    }
}
