import FairleadModel
import FairleadPaper

/// A client session and a server with bytes carried between them, cut and lost as a test asks. No I/O, no clock.
struct PaperWire: ~Copyable {
    var server: PaperServer
    var session: PaperClientSession
    var connection: Int?
    var now: Timestamp
    /// What the engine would have heard.
    var events: [Event] = []
    /// Every chunk is cut into pieces of at most this size.
    var chunk = Int.max
    /// Bytes that are still carried before the line is cut, in either direction together.
    var bytesUntilCut = Int.max
    var isCut = false
    /// While true the venue's bytes are lost on their way.
    var losesAnswers = false
    /// False while no connection can be made.
    var isReachable = true
    var inputs: [PaperInput] = []
    /// How often a connection was asked for.
    var attempts = 0

    init(_ server: consuming PaperServer, _ session: PaperClientSession, at now: Timestamp) {
        self.server = server
        self.session = session
        self.now = now
    }

    /// Does all that can be done at this moment.
    mutating func settle() {
        for _ in 0..<200_000 {
            var isBusy = drainActions()
            if carryOut() { isBusy = true }
            if carryIn() { isBusy = true }
            if !isBusy { break }
        }
        inputs.append(contentsOf: server.takeInputs())
    }

    mutating func drainActions() -> Bool {
        var isBusy = false
        while let action = session.nextAction() {
            isBusy = true
            switch action {
            case .deliver(let event): events.append(event)
            case .connect:
                attempts += 1
                connection = isReachable ? server.open() : nil
                if connection != nil { session.connected(at: now) } else { session.disconnected(at: now) }
            case .close:
                if let connection { server.closed(connection, at: now) }
                connection = nil
            }
        }
        return isBusy
    }

    /// From the client to the venue.
    mutating func carryOut() -> Bool {
        guard let connection, !session.output.isEmpty else { return false }
        let count = min(chunk, session.output.count, bytesUntilCut)
        let piece = ContiguousArray(session.output[..<count])
        session.wrote(count)
        server.received(piece.span, on: connection, at: now)
        spend(count)
        return true
    }

    /// From the venue to the client.
    mutating func carryIn() -> Bool {
        guard let connection else { return false }
        let output = server.output(of: connection)
        guard !output.isEmpty else {
            if server.isClosing(connection) { drop() }
            return false
        }
        let count = min(chunk, output.count, bytesUntilCut)
        let piece = ContiguousArray(output[..<count])
        server.wrote(count, on: connection)
        if !losesAnswers { session.received(piece.span, at: now) }
        spend(count)
        return true
    }

    mutating func spend(_ count: Int) {
        guard bytesUntilCut != .max else { return }
        bytesUntilCut -= count
        if bytesUntilCut == 0 {
            isCut = true
            bytesUntilCut = .max
            drop()
        }
    }

    /// The line breaks: both ends hear of it.
    mutating func drop() {
        guard let connection else { return }
        self.connection = nil
        server.closed(connection, at: now)
        session.disconnected(at: now)
    }

    /// Lets time pass up to `limit`, waking both at their times.
    mutating func run(to limit: Timestamp) {
        settle()
        for _ in 0..<1_000_000 {
            let next = min(session.wakeAt, server.nextTime)
            guard next <= limit else { break }
            now = max(now, next)
            server.advance(to: now)
            session.advance(to: now)
            settle()
        }
        now = max(now, limit)
        server.advance(to: now)
        session.advance(to: now)
        settle()
    }

    mutating func command(_ command: Command) {
        session.command(command, at: now)
        settle()
    }

    mutating func market(_ event: Event) {
        server.market(event, at: now)
        settle()
    }

    /// The events since the last call, as lines; market data left out.
    mutating func lines() -> [String] {
        defer { events.removeAll() }
        return events.compactMap(line)
    }
}

/// One event as a line; nil for market data.
func line(_ event: Event) -> String? {
    switch event {
    case .orderAccepted(let it): "accepted \(it.id.parent)"
    case .orderRejected(let it): "rejected \(it.id.parent) \(it.reason.name)"
    case .orderFilled(let it): "filled \(it.id.parent) \(text(it.quantity.raw)) @ \(text(it.price.raw))"
    case .orderCancelled(let it): "cancelled \(it.id.parent) \(it.reason.name)"
    case .orderExpired(let it): "expired \(it.id.parent) \(it.reason.name)"
    case .cancelRejected(let it): "cancelRejected \(it.id.parent) \(it.reason.name)"
    case .orderReplaced(let it): "replaced \(it.id.parent) \(text(it.quantity.raw)) @ \(text(it.price.raw))"
    case .replaceRejected(let it): "replaceRejected \(it.id.parent) \(it.reason.name)"
    case .orderReported(let it): "reported \(it.id.parent) \(it.state) \(text(it.filled.raw))"
    case .orderNotFound(let it): "notFound \(it.id.parent) session \(it.session) sequence \(it.ledgerSequence)"
    case .submitUnanswered(let id): "submitUnanswered \(id.parent)"
    case .cancelUnanswered(let id): "cancelUnanswered \(id.parent)"
    case .replaceUnanswered(let id): "replaceUnanswered \(id.parent)"
    case .egressRefused(let it): "egressRefused \(it.id.parent) \(it.reason.name)"
    case .neverSent(let id): "neverSent \(id.parent)"
    case .venueConnected(let it): "connected \(it.session)"
    case .venueDisconnected: "disconnected"
    case .venueThrottled(let it): "throttled until \(it.until.milliseconds)"
    case .venueBanned(let it): "banned until \(it.until.milliseconds)"
    case .balanceReported(let it): "balance \(text(it.cash)) \(text(it.available))"
    case .positionReported(let it):
        "position \(it.instrument.index) \(text(it.quantity.raw)) @ \(text(it.averagePrice.raw))"
    case .reconciliationBegan: "began"
    case .reconciliationCompleted(let it): "completed session \(it.session) sequence \(it.ledgerSequence)"
    case .reconciliationFailed: "failed"
    case .haltReported(let it): "\(it.isHalted ? "halted" : "resumed") \(it.instrument.index)"
    case .fundingPaid(let it): "funded \(it.instrument.index) \(text(it.amount)) on \(text(it.quantity.raw))"
    case .quoted, .traded, .marked: nil
    case .epochOpened, .configured, .timer, .operated, .riskOrdered, .positionOrdered, .barReported,
        .signalReceived, .signalRefused:
        "unexpected"
    }
}

extension Command {
    static func submit(_ order: PaperOrder, isIncreasing: Bool = true) -> Command {
        .submit(
            OrderSubmission(
                id: order.id,
                instrument: order.instrument,
                side: order.side,
                positionSide: order.positionSide,
                type: order.type,
                timeInForce: order.timeInForce,
                price: order.price,
                quantity: order.quantity,
                approved: order.quantity,
                collar: .zero,
                validUntil: order.validUntil,
                expiresAt: order.expiresAt,
                reduceOnly: order.reduceOnly,
                isIncreasing: isIncreasing,
                condition: order.condition
            )
        )
    }

    static func cancel(_ parent: UInt32) -> Command {
        .cancel(OrderCancellation(id: identifier(parent), venueOrderID: .none, instrument: bitcoin))
    }

    static func query(_ parent: UInt32) -> Command {
        .query(OrderQuery(id: identifier(parent), instrument: bitcoin))
    }

    static func reconcile(after id: UInt64 = 0) -> Command {
        .reconcile(ReconciliationRequest(venue: .paper, executionsAfter: ExecutionID(value: id)))
    }

    static func amend(_ parent: UInt32, _ newPrice: Double, _ total: Double, trigger: Double = 0) -> Command {
        .replace(
            OrderAmendment(
                id: identifier(parent),
                venueOrderID: .none,
                instrument: bitcoin,
                side: .buy,
                price: price(newPrice),
                quantity: quantity(total),
                approved: quantity(total),
                collar: .zero,
                validUntil: .distantFuture,
                isIncreasing: true,
                trigger: FairleadPaperTests.price(trigger)
            )
        )
    }
}
