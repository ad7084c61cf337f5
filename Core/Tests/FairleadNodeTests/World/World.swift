import FairleadEngine
import FairleadModel
import FairleadPaper
import Testing

/// An engine and a paper venue under one virtual clock, with seeded faults between them.
///
/// What the venue tells may be lost (the edge then says so after its timeout), late, or told twice; the connection may
/// drop, the process may restart. Everything is drawn from the seed, and the engine's invariants are checked after each
/// event.
struct World: ~Copyable {
    static let answerTimeout = TimeSpan.seconds(1)

    /// What is told later: in order of time, then of arrival.
    struct Late {
        var time: Timestamp
        var event: Event
    }

    /// What was applied, for a replay.
    struct Applied {
        var time: Timestamp
        var event: Event
        var signal: SignalTerms?
        var configuration: EngineConfiguration?
        var commands: [String] = []
    }

    let seed: UInt64
    var configuration: EngineConfiguration
    var engine: Engine
    var venue: PaperVenue
    var market: WorldMarket
    var random: DeterministicRandom
    var out = Outbox()
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    var late: [Late] = []
    var hasFaults = true
    /// A listing is told in one piece.
    var isListing = false
    var epoch: UInt16 = 1
    var judge = WorldJudge()
    /// Requests without an answer: what a lost connection leaves behind.
    var awaited: [ClientOrderID: Event] = [:]
    var signalCount: UInt64 = 0
    var digests: [Digest128] = []
    /// Filled when a replay is wanted.
    var isRecording = false
    var applied: [Applied] = []
    var staged: EngineConfiguration?

    /// `isNative`: levels rest at the venue.
    init(seed: UInt64, isNative: Bool = false) {
        WorldTrace.begin(seed)
        self.seed = seed
        random = DeterministicRandom(seed: seed)
        configuration = Self.configuration(&random)
        configuration.exits.isNative = isNative
        engine = Engine(configuration: configuration)
        venue = PaperVenue(
            configuration: PaperVenueConfiguration(
                instruments: configuration.instruments,
                startingCash: Money(whole: 1_000_000),
                latency: PaperLatency(
                    entry: LatencyConfiguration(minimum: .milliseconds(1), maximum: .milliseconds(40)),
                    answer: LatencyConfiguration(minimum: .milliseconds(1), maximum: .milliseconds(40))
                ),
                seed: seed
            )
        )
        market = WorldMarket(instruments: configuration.instruments.count)
    }

    // MARK: Telling the engine

    mutating func apply(_ event: Event, signal: SignalTerms? = nil) {
        let before = engine.tradingState
        let wasReconciled = engine.venueState.isReconciled
        if let signal {
            WorldTrace.note(.signal(now, signal))
            engine.stage(signal)
        } else {
            WorldTrace.note(.event(now, event))
        }
        out.clear()
        engine.apply(event, at: now, into: &out)
        for command in out.commands { WorldTrace.note(.command(command)) }
        // A tick that came to nothing has moved prices only; the next event's check sees it.
        if !Self.isTick(event) || !out.commands.isEmpty || !out.notices.isEmpty { engine.checkInvariants() }
        judge.look(event, out, before: before, wasReconciled: wasReconciled)
        if isRecording {
            applied.append(
                Applied(
                    time: now,
                    event: event,
                    signal: signal,
                    configuration: staged,
                    commands: out.commands.map { "\($0)" }
                )
            )
        }
        let commands = Array(out.commands)
        for command in commands { hand(command) }
    }

    mutating func configure(_ adjust: (inout EngineConfiguration) -> Void) {
        adjust(&configuration)
        staged = configuration
        engine.stage(configuration)
        apply(.configured)
        staged = nil
    }

    private static func isTick(_ event: Event) -> Bool {
        switch event {
        case .quoted, .traded, .marked: true
        default: false
        }
    }

    private mutating func hand(_ command: Command) {
        switch command {
        case .submit(let order): awaited[order.id] = .submitUnanswered(order.id)
        case .cancel(let order): awaited[order.id] = .cancelUnanswered(order.id)
        case .replace(let order): awaited[order.id] = .replaceUnanswered(order.id)
        case .query, .reconcile, .reconnect: break
        }
        venue.command(command, at: now)
    }

    // MARK: Time

    /// Lets the world run: venue, engine timers and late news in the order of time.
    mutating func run(_ span: TimeSpan) {
        let end = now + span
        while true {
            let lateTime = late.first?.time ?? .distantFuture
            let next = min(venue.nextTime, min(lateTime, engine.nextTimer))
            guard next <= end else { break }
            now = max(now, next)
            if venue.nextTime <= now, let told = venue.nextEvent(through: now) {
                deliver(told.event)
            } else if lateTime <= now {
                apply(late.removeFirst().event)
            } else if engine.nextTimer <= now {
                apply(.timer)
            }
        }
        now = end
        judge.compare(venue)
    }

    private mutating func deliver(_ event: Event) {
        noteAnswer(event)
        switch event {
        case .reconciliationBegan: isListing = true
        case .reconciliationCompleted, .reconciliationFailed: isListing = false
        default: break
        }
        guard hasFaults, !isListing, let id = Self.subject(event) else { return apply(event) }
        let fate = random.next(below: 100)
        if fate < 5, let lost = Self.unanswered(event, id) {
            if let lost { tellLater(lost, in: Self.answerTimeout) }
        } else if fate < 20 {
            tellLater(event, in: TimeSpan(nanoseconds: random.next(in: 1_000_000...600_000_000)))
        } else {
            apply(event)
            if fate < 30 { tellLater(event, in: TimeSpan(nanoseconds: random.next(in: 0...2_000_000_000))) }
        }
    }

    mutating func tellLater(_ event: Event, in span: TimeSpan) {
        let time = now + span
        var place = late.count
        while place > 0, late[place - 1].time > time { place -= 1 }
        late.insert(Late(time: time, event: event), at: place)
    }

    private mutating func noteAnswer(_ event: Event) {
        guard let id = Self.subject(event) else { return }
        switch event {
        case .orderReported, .orderNotFound, .orderFilled: break
        default: awaited[id] = nil
        }
    }

    /// The order of an event that a venue tells of an order of ours.
    static func subject(_ event: Event) -> ClientOrderID? {
        switch event {
        case .orderAccepted(let it): it.id
        case .orderRejected(let it), .cancelRejected(let it), .replaceRejected(let it): it.id
        case .orderFilled(let it): it.id
        case .orderCancelled(let it), .orderExpired(let it): it.id
        case .orderReplaced(let it): it.id
        case .orderReported(let it): it.id
        case .orderNotFound(let it): it.id
        default: nil
        }
    }

    /// What the edge says when an answer is lost; nil inside where it says nothing, nil where it can't be lost alone.
    static func unanswered(_ event: Event, _ id: ClientOrderID) -> Event?? {
        switch event {
        case .orderAccepted, .orderRejected: .some(.submitUnanswered(id))
        case .orderCancelled(let end): end.reason == .requested ? .some(.cancelUnanswered(id)) : nil
        case .cancelRejected: .some(.cancelUnanswered(id))
        case .orderReplaced, .replaceRejected: .some(.replaceUnanswered(id))
        case .orderReported, .orderNotFound: .some(.none)
        default: nil
        }
    }

    // MARK: The connection

    mutating func connect() { venue.connect(at: now) }

    /// The connection breaks: news on their way are lost, and what has no answer never gets one.
    mutating func disconnect() {
        guard venue.isConnected(client: PaperVenue.embeddedClient) else { return }
        venue.disconnect(client: PaperVenue.embeddedClient, at: now)
        isListing = false
        late.removeAll()
        apply(.venueDisconnected(.paper))
        let lost = awaited.sorted { ($0.key.parent, $0.key.slice) < ($1.key.parent, $1.key.slice) }
        awaited.removeAll()
        for (_, event) in lost { apply(event) }
    }

    /// The process dies and starts again over its journal: nobody tells it what was unanswered.
    mutating func restart() {
        venue.disconnect(client: PaperVenue.embeddedClient, at: now)
        isListing = false
        late.removeAll()
        awaited.removeAll()
        epoch += 1
        apply(.epochOpened(Epoch(number: epoch)))
    }

    var stateWords: [UInt64] {
        mutating get {
            var visitor = WorldWords()
            engine.visitState(&visitor)
            return visitor.words
        }
    }
}

/// A state as words.
struct WorldWords: StateVisitor {
    private(set) var words: [UInt64] = []
    private var next = 0
    let isReading: Bool

    init() { isReading = false }

    init(reading words: [UInt64]) {
        self.words = words
        isReading = true
    }

    mutating func visit(_ value: inout UInt64) {
        guard isReading else { return words.append(value) }
        value = words[next]
        next += 1
    }
}
