public import FairleadModel

/// A venue made of arithmetic: matches orders at the touch of an outside market, and keeps the account's ledger.
///
/// One owner, one thread, no clock, no bytes: it moves only through the times that it is given, which never go back.
/// Requests arrive after a drawn delay, answers are due after another, both in order for each client. The owner feeds
/// the market, then drains `next(through:)`. Rules: `docs/PAPER-PROTOCOL.md`, "How orders fill" and behind it.
public struct PaperVenue: ~Copyable {
    public let instruments: [Instrument]
    var terms: ContiguousArray<InstrumentTerms>
    let entryDelay: PaperDelay
    let answerDelay: PaperDelay
    let initialMargin: Rate
    let queueModel: PaperQueueModel
    /// Zero: the venue never closes a position by itself.
    var maintenanceMargin: Rate
    let liquidationFee: Rate
    let fundingInterval: TimeSpan
    let hours: TradingHours
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
    var triggered: ContiguousArray<UInt32> = []
    /// A fault of the simulator's: nothing is triggered.
    var holdsTriggers = false
    var siblings: ContiguousArray<UInt32> = []
    /// The embedded form's count of its connections.
    var embeddedSession: UInt32 = 0
    /// Events of the embedded form that are due at once: a listing, a connection. Drained before anything else.
    var dueEvents: ContiguousArray<Event> = []
    var dueEventsHead = 0
    /// What the venue does at times of its own: funding, sessions.
    var calendar: PaperCalendar
    /// Orders that the venue made of its own to close positions.
    var liquidations: UInt32 = 0
    /// How often an instrument has stopped or begun to trade in this object's life.
    var haltChanges: UInt64 = 0
    /// The ledger sequence at the last look at the account's margin.
    var marginSequence: UInt64 = 0

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
        entryDelay = PaperDelay(configuration.latency.entry)
        answerDelay = PaperDelay(configuration.latency.answer)
        initialMargin = configuration.initialMargin
        queueModel = configuration.queueModel
        maintenanceMargin = configuration.maintenanceMargin
        liquidationFee = configuration.liquidationFee
        precondition(configuration.fundingInterval > .zero, "Invariant: funding has an interval")
        fundingInterval = configuration.fundingInterval
        hours = configuration.hours
        calendar = PaperCalendar(configuration.instruments)
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
            .reconciliationFailed, .haltReported,
            .fundingPaid, .riskOrdered, .positionOrdered:
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
            books[index].note(quote.venueTime, time)
        } else if !quotedBesideDepth(quote, updateID, index) {
            return
        }
        if books[index].liveOrders > 0 && !books[index].isHalted { matchQuote(index) }
        if books[index].mark == .zero { trigger(index, .mark) }
        watchMargin(of: index, isRevalued: books[index].mark == .zero)
    }

    public mutating func traded(_ trade: Trade, at now: Timestamp) {
        advance(to: now)
        let index = Int(trade.instrument.index)
        guard index < books.count, Self.isSane(trade.price), trade.price > .zero, trade.quantity <= .bound else {
            refusedMarketEvents += 1
            return
        }
        books[index].lastTrade = trade.price
        if books[index].isHalted {
            meetOpening(index, trade)
        } else if books[index].liveOrders > 0 {
            matchTrade(index, trade)
        }
        trigger(index, .last)
        watchMargin(of: index, isRevalued: books[index].mark == .zero)
    }

    public mutating func marked(_ mark: MarkPrice, at now: Timestamp) {
        advance(to: now)
        let index = Int(mark.instrument.index)
        guard index < books.count, Self.isSane(mark.price) else {
            refusedMarketEvents += 1
            return
        }
        books[index].mark = mark.price
        trigger(index, .mark)
        watchMargin(of: index, isRevalued: true)
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
        if !calendar.isStarted { startCalendar(at: limit) }
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
            // The embedded form tells what is due at once before time goes on.
            if dueEventsHead < dueEvents.count { return nil }
        }
        if limit.isKnown { time = max(time, limit) }
        return nil
    }

    /// Lets the venue's own time pass: requests arrive and orders expire. Due answers stay for `next(through:)`.
    public mutating func advance(to now: Timestamp) {
        if !calendar.isStarted { startCalendar(at: now) }
        while nextInternalTime <= now { performNext() }
        if time < now { time = now }
    }

    private var nextInternalTime: Timestamp {
        let arrival = min(arrivals.nextTime, calendar.next)
        guard let expiry = expiries.first else { return arrival }
        return min(arrival, expiry.time)
    }

    /// An order ends before anything else of the same nanosecond; a request that arrives in it finds what the calendar
    /// has made of it.
    private mutating func performNext() {
        if let expiry = expiries.first, expiry.time <= min(arrivals.nextTime, calendar.next) {
            time = max(time, expiry.time)
            expire(expiry.slot, .timeInForce)
            return
        }
        if calendar.next <= arrivals.nextTime {
            time = max(time, calendar.next)
            keepCalendar()
            watchMargin()
            return
        }
        guard let arrival = arrivals.pop() else { return }
        time = max(time, arrival.time)
        perform(arrival)
        watchMargin()
    }
}

/// The end of a good-till-date order.
struct PaperExpiry: BitwiseCopyable {
    var time: Timestamp
    var slot: UInt32
}
