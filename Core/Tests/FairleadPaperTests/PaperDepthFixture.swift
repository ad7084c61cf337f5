import FairleadMarketData
import FairleadModel
import FairleadPaper

typealias Levels = [(price: Double, quantity: Double)]

extension PaperVenue {
    /// Shows bitcoin's book an update of one number, or a snapshot. `previous` is the number before it.
    mutating func show(
        _ number: UInt64,
        previous: UInt64? = nil,
        bids: Levels = [],
        asks: Levels = [],
        isSnapshot: Bool = false,
        stamp: Timestamp = .never,
        at now: Timestamp? = nil
    ) {
        let update = DepthUpdate(
            instrument: bitcoin,
            firstID: number,
            lastID: number,
            previousID: previous ?? number - 1,
            venueTime: stamp,
            bidCount: bids.count,
            askCount: asks.count,
            isSnapshot: isSnapshot
        )
        let levels = (bids + asks).map { DepthLevel(price: price($0.price), quantity: quantity($0.quantity)) }
        shown(update, ContiguousArray(levels), at: now ?? time)
    }

    /// Answers of an order that is sent, as lines.
    mutating func lines(_ order: PaperOrder) -> [String] { place(order).map(line) }

    /// What a trade fills. Its moment is later than any change's unless a test says otherwise.
    mutating func trade(
        _ tradePrice: Double,
        _ volume: Double,
        _ aggressor: Side,
        stamp: Timestamp = at(9_000_000)
    ) -> [String] {
        var printed = FairleadPaperTests.trade(tradePrice, volume, aggressor)
        printed.venueTime = stamp
        traded(printed, at: time)
        return drain().map(line)
    }

    func ahead(_ parent: UInt32) -> Quantity? { order(identifier(parent))?.queueAhead }
}

/// A venue whose bitcoin has a book: 100.0 x 5, 99.9 x 6, 99.8 x 7 against 100.1 x 4, 100.2 x 3, 100.3 x 8; the number
/// of its state is 11.
func bookVenue(_ model: PaperQueueModel = .riskAverse) -> PaperVenue {
    var configuration = paperConfiguration()
    configuration.queueModel = model
    var venue = openVenue(configuration)
    venue.show(
        10,
        bids: [(100, 5), (99.9, 6), (99.8, 7)],
        asks: [(100.1, 4), (100.2, 3), (100.3, 8)],
        isSnapshot: true
    )
    venue.show(11)
    return venue
}
