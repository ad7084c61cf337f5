public import FairleadMarketData
public import FairleadModel

/// A paper venue on a wire, without the wire: several connections over one venue, a rate limit, and the record of
/// everything that changed it. The owner moves bytes and time.
///
/// After each call the owner journals `takeInputs()`, and only then writes the outputs: what a client was told is then
/// always in the venue's own journal.
public struct PaperServer: ~Copyable {
    public internal(set) var venue: PaperVenue
    private var sessions: ContiguousArray<PaperServerSession?> = []
    private var inputs: ContiguousArray<PaperInput> = []
    var meters: ContiguousArray<PaperRateMeter> = []
    var rateLimit: PaperRateLimit
    private let connectionLimit: Int
    /// Per instrument: clients have been told that it is halted.
    private var toldHalts: ContiguousArray<Bool>
    private var toldHaltChanges: UInt64 = 0

    /// `connectionLimit` connections at a time; one more is not opened.
    public init(venue: consuming PaperVenue, rateLimit: PaperRateLimit = PaperRateLimit(), connectionLimit: Int = 32) {
        toldHalts = ContiguousArray(repeating: false, count: venue.instruments.count)
        for index in toldHalts.indices { toldHalts[index] = venue.isHalted(InstrumentHandle(index)) }
        self.venue = venue
        self.rateLimit = rateLimit
        self.connectionLimit = connectionLimit
    }

    // MARK: Connections

    /// Opens a connection and gives its number; nil when there are too many.
    public mutating func open() -> Int? {
        let session = PaperServerSession(instruments: venue.instruments.count)
        if let free = sessions.firstIndex(where: { $0 == nil }) {
            sessions[free] = session
            return free
        }
        guard sessions.count < connectionLimit else { return nil }
        sessions.append(session)
        return sessions.count - 1
    }

    /// Takes bytes of a connection. Bytes of one that is not open are ignored.
    public mutating func received(_ bytes: Span<UInt8>, on connection: Int, at now: Timestamp) {
        guard isOpen(connection) else { return }
        deliver(through: now)
        sessions[connection]?.received(bytes)
        while let action = sessions[connection]?.nextAction() {
            switch action {
            case .greet(let hello): greet(hello, on: connection, at: now)
            case .request(let request, let number): take(request, number: number, on: connection, at: now)
            }
        }
        deliver(through: now)
        dropEnded(at: now)
    }

    /// The connection is gone: its client's orders live on.
    public mutating func closed(_ connection: Int, at now: Timestamp) {
        guard isOpen(connection) else { return }
        leave(connection, at: now)
        sessions[connection] = nil
    }

    /// The bytes that wait to be written to a connection; empty for one that is not open.
    public func output(of connection: Int) -> ContiguousArray<UInt8> {
        isOpen(connection) ? sessions[connection]?.output ?? [] : []
    }

    public mutating func wrote(_ count: Int, on connection: Int) {
        if isOpen(connection) { sessions[connection]?.wrote(count) }
    }

    /// True when the owner shall write the output, close the connection and say `closed`.
    public func isClosing(_ connection: Int) -> Bool {
        isOpen(connection) ? sessions[connection]?.isClosing ?? true : true
    }

    /// Lends the venue to what keeps its state; nothing may be asked of it there.
    public mutating func withVenue<Result, Failure: Error>(
        _ body: (inout PaperVenue) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(&venue)
    }

    // MARK: Market and time

    /// Feeds the venue and its subscribers. Events that are not the market's are counted by the venue and go nowhere.
    public mutating func market(_ event: Event, at now: Timestamp) {
        deliver(through: now)
        let refused = venue.refusedMarketEvents
        venue.market(event, at: now)
        if venue.refusedMarketEvents == refused, let frame = Self.frame(of: event), let instrument = frame.instrument {
            inputs.append(PaperInput(time: venue.time, frame))
            for connection in sessions.indices where sessions[connection]?.isSubscribed(instrument) == true {
                sessions[connection]?.send(frame)
            }
        }
        deliver(through: now)
        dropEnded(at: now)
    }

    /// Feeds the venue a snapshot or a change of a book, with its levels. Clients hear of quotes alone; whoever shows a
    /// recorded book has it, so that it is no input of the venue's journal.
    public mutating func shown(_ update: DepthUpdate, _ levels: ContiguousArray<DepthLevel>, at now: Timestamp) {
        deliver(through: now)
        venue.shown(update, levels, at: now)
        deliver(through: now)
        dropEnded(at: now)
    }

    /// Stops or resumes an instrument's trading, and tells every client. An unknown instrument changes nothing.
    public mutating func setHalted(_ isHalted: Bool, _ instrument: InstrumentHandle, at now: Timestamp) {
        deliver(through: now)
        let wasHalted = venue.isStoppedByWord(instrument)
        venue.setHalted(isHalted, instrument, at: now)
        guard venue.isStoppedByWord(instrument) != wasHalted else { return }
        let halt = PaperFrame.halt(PaperHalt(instrument: instrument, isHalted: isHalted))
        inputs.append(PaperInput(time: venue.time, halt))
        deliver(through: now)
    }

    /// Tells every client which instruments stopped or trade again since it was last told, whoever or whatever did it.
    private mutating func tellHalts() {
        guard venue.haltChanges != toldHaltChanges else { return }
        toldHaltChanges = venue.haltChanges
        for index in toldHalts.indices {
            let instrument = InstrumentHandle(index)
            let isHalted = venue.isHalted(instrument)
            guard isHalted != toldHalts[index] else { continue }
            toldHalts[index] = isHalted
            let halt = PaperFrame.halt(PaperHalt(instrument: instrument, isHalted: isHalted))
            for connection in sessions.indices where sessions[connection]?.client != nil {
                sessions[connection]?.send(halt)
            }
        }
    }

    public var nextTime: Timestamp { venue.nextTime }

    /// Lets time pass and sends what is due.
    public mutating func advance(to now: Timestamp) {
        deliver(through: now)
        dropEnded(at: now)
    }

    /// What was done to the venue since the last call, in order: to be journaled before any output is written.
    public mutating func takeInputs() -> ContiguousArray<PaperInput> {
        defer { inputs.removeAll(keepingCapacity: true) }
        return inputs
    }

    // MARK: Inside

    private func isOpen(_ connection: Int) -> Bool {
        sessions.indices.contains(connection) && sessions[connection] != nil
    }

    private mutating func greet(_ hello: PaperHello, on connection: Int, at now: Timestamp) {
        for other in sessions.indices where other != connection && sessions[other]?.client == hello.client {
            guard sessions[other]?.isClosing == false else { continue }
            sessions[other]?.end(PaperProtocolFault.replaced)
        }
        guard venue.connect(client: hello.client, at: now) else {
            sessions[connection]?.end(PaperProtocolFault.tooManyClients, kind: .hello)
            return
        }
        inputs.append(PaperInput(time: venue.time, client: hello.client, .hello(hello)))
        sessions[connection]?.welcome(hello, venue)
    }

    private mutating func take(_ request: PaperRequest, number: UInt32, on connection: Int, at now: Timestamp) {
        guard let client = sessions[connection]?.client else { return }
        switch meters[meterIndex(client)].admit(request, rateLimit, at: now) {
        case .taken:
            guard venue.request(request, number: number, client: client, at: now) else { return }
            inputs.append(PaperInput(time: venue.time, client: client, number: number, request.frame))
        case .throttled(let until):
            let restriction = PaperRestriction(until: until, retryAfter: until - now)
            sessions[connection]?.send(.throttled(restriction), number: number)
        case .banned(let until):
            let restriction = PaperRestriction(until: until, retryAfter: until - now)
            sessions[connection]?.send(.banned(restriction), number: number)
        }
    }

    /// Bounded by the venue's table of clients: only a client that is in it gets here.
    mutating func meterIndex(_ client: UInt32) -> Int {
        if let index = meters.firstIndex(where: { $0.client == client }) { return index }
        meters.append(PaperRateMeter(client: client))
        return meters.count - 1
    }

    private mutating func deliver(through now: Timestamp) {
        tellHalts()
        defer { tellHalts() }
        while let delivery = venue.next(through: now) {
            guard
                let connection = sessions.firstIndex(where: {
                    $0?.client == delivery.client && $0?.isClosing == false
                })
            else { continue }
            if case .listing(let request) = delivery.response {
                sendListing(request, number: delivery.number, to: connection)
            } else if let frame = PaperFrame(delivery.response) {
                sessions[connection]?.send(frame, number: delivery.number)
            } else {
                sessions[connection]?.end(PaperProtocolFault.tooSlow)
            }
        }
    }

    private mutating func sendListing(_ request: PaperListingRequest, number: UInt32, to connection: Int) {
        guard var session = sessions[connection] else { return }
        // Taken out while it is written, so that its bytes are not copied.
        sessions[connection] = nil
        session.sendListing(request, number: number, venue)
        sessions[connection] = session
    }

    /// Takes clients of connections that ended by our side off the venue.
    private mutating func dropEnded(at now: Timestamp) {
        for connection in sessions.indices where sessions[connection]?.isClosing == true {
            leave(connection, at: now)
        }
    }

    private mutating func leave(_ connection: Int, at now: Timestamp) {
        guard let client = sessions[connection]?.client else { return }
        let isServedElsewhere = sessions.indices.contains {
            $0 != connection && sessions[$0]?.client == client && sessions[$0]?.isClosing == false
        }
        guard !isServedElsewhere, venue.isConnected(client: client) else { return }
        venue.disconnect(client: client, at: now)
        inputs.append(PaperInput(time: venue.time, client: client, .goodbye))
    }

    private static func frame(of event: Event) -> PaperFrame? {
        if case .quoted(let quote) = event { return .quote(quote) }
        if case .traded(let trade) = event { return .trade(trade) }
        if case .marked(let mark) = event { return .mark(mark) }
        return nil
    }
}
