public import FairleadModel

/// A venue made of arithmetic: matches orders at the touch of an outside market, and keeps the account's ledger.
///
/// One owner, one thread, no clock, no bytes: it moves only through the times that it is given, which never go back.
/// Requests arrive after a drawn delay, answers are due after another, both in order for each client. The owner feeds
/// the market, then drains `next(through:)`. Rules of matching: `docs/PAPER-PROTOCOL.md`, "How orders fill".
public struct PaperVenue: ~Copyable {
    public let instruments: [Instrument]
    var terms: ContiguousArray<InstrumentTerms>
    let latency: PaperLatency
    let initialMargin: Rate
    let queueModel: PaperQueueModel
    let capacities: PaperCapacities
    /// The venue's clock: the latest time that it was given.
    public internal(set) var time = Timestamp.never
    /// The account: the oracle of what happened here.
    public internal(set) var ledger: PaperLedger
    /// Market events that named no instrument of this venue, or a price or quantity out of bounds: ignored.
    public internal(set) var refusedMarketEvents: UInt64 = 0
    var random: DeterministicRandom
    var books: ContiguousArray<PaperBook>
    /// The recorded books of the instruments that have one, in the order in which they came (`PaperBook.depth`).
    var depths: ContiguousArray<PaperDepth> = []
    var orders: PaperOrderTable
    var clients: ContiguousArray<PaperClient> = []
    var arrivals = PaperQueue<PaperArrival>()
    var answers = PaperQueue<PaperAnswer>()
    var queueSequence: UInt64 = 0
    /// Ends of live good-till-date orders, the earliest first.
    var expiries: ContiguousArray<PaperExpiry> = []
    /// Reused memory for walks over lists that change under the walk.
    var scratch: ContiguousArray<UInt32> = []
    var spent: ContiguousArray<UInt32> = []
    /// The embedded form's count of its connections.
    var embeddedSession: UInt32 = 0
    /// Events of the embedded form that are due at once: a listing, a connection. Drained before anything else.
    var dueEvents: ContiguousArray<Event> = []
    var dueEventsHead = 0

    /// The client of the embedded form.
    public static let embeddedClient: UInt32 = 0

    /// At most `PaperBounds.instruments` instruments, each multiplier in 1...`PaperBounds.multiplier`.
    public init(configuration: PaperVenueConfiguration) {
        let count = configuration.instruments.count
        precondition(count <= PaperBounds.instruments, "Invariant: a paper venue has at most 4096 instruments")
        for instrument in configuration.instruments {
            let multiplier = instrument.terms.multiplier
            precondition(multiplier >= 1, "Invariant: a multiplier is positive")
            precondition(multiplier <= PaperBounds.multiplier, "Invariant: a paper multiplier is at most 1000")
        }
        instruments = configuration.instruments
        terms = ContiguousArray(configuration.instruments.map(\.terms))
        latency = configuration.latency
        initialMargin = configuration.initialMargin
        queueModel = configuration.queueModel
        capacities = configuration.capacities
        random = DeterministicRandom(seed: configuration.seed)
        books = ContiguousArray(repeating: PaperBook(), count: count)
        orders = PaperOrderTable(limit: configuration.capacities.orders)
        ledger = PaperLedger(
            instruments: count,
            cash: configuration.startingCash,
            executionLimit: configuration.capacities.executions
        )
    }

    // MARK: The market

    /// Takes a quote, trade or mark of the outside market; other events are not the venue's and are counted.
    public mutating func market(_ event: Event, at now: Timestamp) {
        switch event {
        case .quoted(let quote): quoted(quote, at: now)
        case .traded(let trade): traded(trade, at: now)
        case .marked(let mark): marked(mark, at: now)
        case .epochOpened, .configured, .timer, .operated, .barReported, .signalReceived, .signalRefused,
            .orderAccepted, .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected,
            .orderReplaced, .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .egressRefused, .neverSent, .venueConnected, .venueDisconnected, .venueThrottled,
            .venueBanned, .balanceReported, .positionReported, .reconciliationBegan, .reconciliationCompleted,
            .reconciliationFailed, .haltReported:
            refusedMarketEvents += 1
        }
    }

    /// A quote. Where no order of ours lives it costs a few nanoseconds. `updateID` is the venue's number of the book's
    /// state that it shows, by which it is told from older and newer depth; 0 where it gives none.
    public mutating func quoted(_ quote: Quote, updateID: UInt64 = 0, at now: Timestamp) {
        advance(to: now)
        let index = Int(quote.instrument.index)
        guard index < books.count, Self.isSane(quote) else {
            refusedMarketEvents += 1
            return
        }
        if books[index].depth < 0 {
            books[index].show(quote)
            books[index].shownAt = quote.venueTime.isKnown ? quote.venueTime : time
        } else if !quotedBesideDepth(quote, updateID, index) {
            return
        }
        if books[index].liveOrders > 0 && !books[index].isHalted { matchQuote(index) }
    }

    public mutating func traded(_ trade: Trade, at now: Timestamp) {
        advance(to: now)
        let index = Int(trade.instrument.index)
        guard index < books.count, Self.isSane(trade.price), trade.price > .zero, trade.quantity <= .bound else {
            refusedMarketEvents += 1
            return
        }
        books[index].lastTrade = trade.price
        if books[index].liveOrders > 0 && !books[index].isHalted { matchTrade(index, trade) }
    }

    public mutating func marked(_ mark: MarkPrice, at now: Timestamp) {
        advance(to: now)
        let index = Int(mark.instrument.index)
        guard index < books.count, Self.isSane(mark.price) else {
            refusedMarketEvents += 1
            return
        }
        books[index].mark = mark.price
    }

    /// Stops or resumes an instrument's trading: while halted nothing fills and submits are rejected; cancels work.
    public mutating func setHalted(_ isHalted: Bool, _ instrument: InstrumentHandle, at now: Timestamp) {
        advance(to: now)
        let index = Int(instrument.index)
        guard index < books.count else { return }
        if books[index].isHalted != isHalted { tellEmbedded(HaltReport(instrument: instrument, isHalted: isHalted)) }
        books[index].isHalted = isHalted
        if !isHalted && books[index].liveOrders > 0 { matchQuote(index) }
    }

    public func isHalted(_ instrument: InstrumentHandle) -> Bool {
        Int(instrument.index) < books.count && books[Int(instrument.index)].isHalted
    }

    private static func isSane(_ price: Price) -> Bool { price >= .zero && price <= .bound }

    private static func isSane(_ quote: Quote) -> Bool {
        isSane(quote.bid) && isSane(quote.ask) && quote.bidQuantity <= .bound && quote.askQuantity <= .bound
    }

    // MARK: Time

    /// When something of the venue's own is next due; `distantFuture` when it waits for nothing.
    public var nextTime: Timestamp {
        if dueEventsHead < dueEvents.count { return time }
        return min(nextInternalTime, answers.nextTime)
    }

    /// The next answer that is due at or before `limit`, in the order of time; nil when there is none.
    ///
    /// Call it at each `nextTime`, so that a client's reaction to an answer is not late. Read a `.listing` at once.
    public mutating func next(through limit: Timestamp) -> PaperDelivery? {
        while true {
            let internalTime = nextInternalTime
            let answerTime = answers.nextTime
            if answerTime <= internalTime {
                guard answerTime <= limit, let answer = answers.pop() else { break }
                time = max(time, answerTime)
                guard isHeard(answer) else { continue }
                return PaperDelivery(
                    time: answer.time,
                    client: answer.client,
                    number: answer.number,
                    response: answer.response
                )
            }
            guard internalTime <= limit else { break }
            performNext()
        }
        if limit.isKnown { time = max(time, limit) }
        return nil
    }

    /// Lets the venue's own time pass: requests arrive and orders expire. Due answers stay for `next(through:)`.
    public mutating func advance(to now: Timestamp) {
        while nextInternalTime <= now { performNext() }
        if time < now { time = now }
    }

    private var nextInternalTime: Timestamp {
        let arrival = arrivals.nextTime
        guard let expiry = expiries.first else { return arrival }
        return min(arrival, expiry.time)
    }

    /// An order ends before a request that arrives in the same nanosecond.
    private mutating func performNext() {
        if let expiry = expiries.first, expiry.time <= arrivals.nextTime {
            time = max(time, expiry.time)
            expire(expiry.slot, .timeInForce)
            return
        }
        guard let arrival = arrivals.pop() else { return }
        time = max(time, arrival.time)
        perform(arrival)
    }
}

/// The end of a good-till-date order.
struct PaperExpiry: BitwiseCopyable {
    var time: Timestamp
    var slot: UInt32
}
