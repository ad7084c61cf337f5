public import FairleadModel

/// The router's side of a connection with a paper venue: a state machine over bytes and time, without I/O.
///
/// The owner feeds it (`start`, `connected`, `received`, `wrote`, `disconnected`, `command`, `advance`), then drains
/// `nextAction()`, writes `output` and wakes it at `wakeAt`. The events are those of the embedded venue.
public struct PaperClientSession: Sendable {
    enum Phase: Hashable, Sendable {
        case idle
        /// Between two attempts.
        case waiting(until: Timestamp)
        case connecting
        /// `hello` is out; the venue's instruments are coming.
        case greeting
        case ready
    }

    public let configuration: PaperClientConfiguration
    var phase = Phase.idle
    /// Bytes that wait to be written to the connection.
    public internal(set) var output: ContiguousArray<UInt8> = []
    /// Counts the sessions with the venue over the whole journal.
    public internal(set) var session: UInt32
    /// Why the last connection or attempt ended; nil while one stands.
    public internal(set) var lastFault: PaperSessionFault?
    /// Frames that concerned an instrument which isn't ours: dropped.
    public internal(set) var foreignFrames: UInt64 = 0
    var actions: ContiguousArray<PaperSessionAction> = []
    var actionsHead = 0
    var reader = PaperFrameReader()
    var requests = PaperRequestTable()
    /// Cancels and questions that wait for the rate budget, oldest first.
    var held: ContiguousArray<PaperRequest> = []
    var budget = PaperRequestBudget()
    /// Until then the venue takes no entries, or nothing.
    var throttledUntil = Timestamp.never
    var bannedUntil = Timestamp.never
    /// Bytes of this connection that were put into `output`, and that were written.
    var appendedBytes: UInt64 = 0
    var writtenBytes: UInt64 = 0
    var lastReceived = Timestamp.never
    var isPingSent = false
    var handshakeDeadline = Timestamp.distantFuture
    var backoff: TimeSpan
    /// How often another one of our number took the connection, one soon after the other; and since when ours stands.
    var takeovers = 0
    var readySince = Timestamp.never
    var welcome: PaperWelcome?
    var instrumentsSeen = 0
    /// By the venue's handle, ours; and the other way round.
    var ours: ContiguousArray<InstrumentHandle> = []
    var theirs: ContiguousArray<InstrumentHandle>
    var listing: PaperListingProgress?

    /// `lastSession` is the count of the journal's last session with this venue; 0 in a new journal.
    public init(configuration: PaperClientConfiguration, lastSession: UInt32 = 0) {
        self.configuration = configuration
        session = lastSession
        backoff = configuration.firstBackoff
        theirs = ContiguousArray(repeating: .none, count: configuration.instruments.count)
    }

    public var isReady: Bool { phase == .ready }

    /// The next thing to do; nil when all is done.
    public mutating func nextAction() -> PaperSessionAction? {
        guard actionsHead < actions.count else { return nil }
        let action = actions[actionsHead]
        actionsHead += 1
        if actionsHead == actions.count {
            actions.removeAll(keepingCapacity: true)
            actionsHead = 0
        }
        return action
    }

    /// When `advance` wants to be called; `distantFuture` when nothing is waited for.
    public var wakeAt: Timestamp {
        switch phase {
        case .idle, .connecting: return handshakeDeadline
        case .waiting(let until): return until
        case .greeting: return handshakeDeadline
        case .ready:
            var wake = min(requests.nextDeadline, lastReceived + configuration.silentAfter)
            if !isPingSent { wake = min(wake, lastReceived + configuration.pingAfter) }
            if let listing { wake = min(wake, listing.deadline) }
            if !held.isEmpty { wake = min(wake, max(budget.renewal, bannedUntil)) }
            return wake
        }
    }

    // MARK: The connection

    /// Begins: asks for a connection.
    public mutating func start(at now: Timestamp) {
        guard phase == .idle else { return }
        askForConnection(at: now)
    }

    /// The connection that was asked for stands.
    public mutating func connected(at now: Timestamp) {
        guard phase == .connecting else { return }
        phase = .greeting
        reader = PaperFrameReader()
        output.removeAll(keepingCapacity: true)
        appendedBytes = 0
        writtenBytes = 0
        welcome = nil
        instrumentsSeen = 0
        lastReceived = now
        put(.hello(PaperHello(client: configuration.client, session: session + 1)))
    }

    /// The connection is gone, or the attempt failed. Ignored when the session closed it itself.
    public mutating func disconnected(at now: Timestamp) {
        switch phase {
        case .idle, .waiting: return
        case .connecting, .greeting, .ready: lose(.connectionLost, at: now)
        }
    }

    /// The owner wrote the first `count` bytes of `output`.
    public mutating func wrote(_ count: Int) {
        precondition(count <= output.count, "Invariant: no more is written than waits")
        output.removeFirst(count)
        writtenBytes += UInt64(count)
    }

    /// Takes bytes of the connection, cut anywhere.
    public mutating func received(_ bytes: Span<UInt8>, at now: Timestamp) {
        guard phase == .greeting || phase == .ready else { return }
        lastReceived = now
        isPingSent = false
        reader.append(bytes)
        while phase == .greeting || phase == .ready {
            do {
                guard let message = try reader.next() else { return }
                handle(message, at: now)
            } catch {
                giveUp(.brokenFrame(error), at: now)
            }
        }
    }

    /// Lets time pass: timeouts, signs of life, held requests, new attempts.
    public mutating func advance(to now: Timestamp) {
        switch phase {
        case .idle: return
        case .waiting(let until):
            if now >= until { askForConnection(at: now) }
        case .connecting, .greeting:
            if now >= handshakeDeadline { giveUp(.handshakeTimeout, at: now) }
        case .ready:
            if now >= lastReceived + configuration.silentAfter {
                giveUp(.silence, at: now)
                return
            }
            if !isPingSent && now >= lastReceived + configuration.pingAfter {
                isPingSent = true
                put(.ping(UInt64(bitPattern: now.nanoseconds)))
            }
            while let request = requests.takeOverdue(at: now) { tellUnanswered(request) }
            if let listing, now >= listing.deadline { failListing() }
            sendHeld(at: now)
        }
    }

    // MARK: Ends

    /// Closes the connection from our side, and tries again later.
    mutating func giveUp(_ fault: PaperSessionFault, at now: Timestamp) {
        lose(fault, at: now)
        actions.append(.close)
    }

    /// Tells what the loss of the connection leaves open. A submit of which no byte was written never left.
    private mutating func lose(_ fault: PaperSessionFault, at now: Timestamp) {
        let wasReady = phase == .ready
        lastFault = fault
        phase = .waiting(until: now + pause(after: fault, wasReady: wasReady, at: now))
        backoff = min(TimeSpan(nanoseconds: backoff.nanoseconds * 2), configuration.maximumBackoff)
        handshakeDeadline = .distantFuture
        if wasReady { deliver(.venueDisconnected(configuration.venue)) }
        if listing != nil { failListing() }
        while let request = requests.takeFirst() {
            if request.purpose == .submit && request.start >= writtenBytes {
                deliver(.neverSent(request.id))
            } else {
                tellUnanswered(request)
            }
        }
        for request in held { tellUnanswered(request) }
        held.removeAll(keepingCapacity: true)
        output.removeAll(keepingCapacity: true)
    }

    /// Whoever took the connection does as we do: it counts as peace only once ours stood for longer than it would
    /// wait.
    private mutating func pause(after fault: PaperSessionFault, wasReady: Bool, at now: Timestamp) -> TimeSpan {
        if wasReady, now - readySince > TimeSpan(nanoseconds: configuration.maximumTakeoverPause.nanoseconds * 2) {
            takeovers = 0
        }
        guard fault.isTakeover else { return backoff }
        var pause = configuration.firstTakeoverPause
        for _ in 0..<takeovers where pause < configuration.maximumTakeoverPause {
            pause = TimeSpan(nanoseconds: pause.nanoseconds * 2)
        }
        takeovers = min(takeovers + 1, 62)
        return max(backoff, min(pause, configuration.maximumTakeoverPause))
    }

    mutating func askForConnection(at now: Timestamp) {
        phase = .connecting
        handshakeDeadline = now + configuration.handshakeTimeout
        actions.append(.connect)
    }

    /// Closes and opens anew at once; the engine needs a new session for its proof.
    mutating func reconnect(at now: Timestamp) {
        switch phase {
        case .connecting: return
        case .greeting, .ready: giveUp(.connectionLost, at: now)
        case .idle, .waiting: break
        }
        askForConnection(at: now)
    }

    mutating func deliver(_ event: Event) { actions.append(.deliver(event)) }

    mutating func put(_ frame: PaperFrame, number: UInt32 = 0) {
        appendedBytes += UInt64(frame.kind.frameSize)
        frame.append(number: number, to: &output)
    }
}

/// How far a listing has come.
struct PaperListingProgress: BitwiseCopyable {
    var number: UInt32
    var head: PaperListingHead
    var ordinal: UInt32 = 0
    var deadline: Timestamp

    /// True when a row of this kind is the next one that the head announced.
    func expects(_ kind: PaperFrameKind, _ ordinal: UInt32) -> Bool {
        guard ordinal == self.ordinal else { return false }
        let executionsEnd = UInt64(head.orders) + UInt64(head.executions)
        let positionsEnd = executionsEnd + UInt64(head.positions)
        let place = UInt64(ordinal)
        if place < UInt64(head.orders) { return kind == .listedOrder }
        if place < executionsEnd { return kind == .listedExecution || kind == .listedFunding }
        if place < positionsEnd { return kind == .listedPosition }
        return place < positionsEnd + UInt64(head.accounts) && kind == .listedAccount
    }

    /// True when this end closes it with nothing missing.
    func isComplete(_ end: PaperListingEnd) -> Bool {
        let rows =
            UInt64(head.orders) + UInt64(head.executions) + UInt64(head.positions) + UInt64(head.accounts)
        return end.ledgerSequence == head.ledgerSequence && UInt64(end.rows) == rows && UInt64(ordinal) == rows
    }
}
