import FairleadModel
import FairleadPaper
import Testing

/// Client and server sessions against each other, over bytes that are cut, delayed and lost.
struct PaperSessionTests {
    static func wire(
        rateLimit: PaperRateLimit = PaperRateLimit(),
        change: (inout PaperClientConfiguration) -> Void = { _ in }
    ) -> PaperWire {
        // The venue has the instruments in another order than we do.
        let configuration = PaperVenueConfiguration(
            instruments: paperInstruments().reversed(),
            startingCash: Money(whole: 1_000_000)
        )
        var client = PaperClientConfiguration(client: 3, instruments: paperInstruments())
        change(&client)
        let server = PaperServer(venue: PaperVenue(configuration: configuration), rateLimit: rateLimit)
        return PaperWire(server, PaperClientSession(configuration: client), at: at(1_000))
    }

    static func open(_ wire: inout PaperWire) {
        wire.session.start(at: wire.now)
        wire.settle()
        // Bitcoin has the venue's handle 1.
        wire.market(.quoted(quote(100, 5, 100.1, 4, InstrumentHandle(1))))
    }

    /// Goal: the handshake ends in a session, market data under our handles, and orders both ways. Method: one line a
    /// step.
    @Test func speaksTheWholeProtocol() {
        var wire = Self.wire()
        Self.open(&wire)
        #expect(wire.session.isReady)
        guard case .quoted(let quote) = wire.events.last else {
            Issue.record("a quote was expected")
            return
        }
        #expect(quote.instrument == bitcoin)
        #expect(wire.lines() == ["connected 1"])
        wire.command(.submit(market(1, .buy, 1)))
        #expect(wire.lines() == ["accepted 1", "filled 1 1 @ 100.1"])
        wire.command(.submit(limit(2, .buy, 99, 2)))
        wire.command(.amend(2, 99.5, 3))
        wire.command(.query(2))
        wire.command(.query(8))
        wire.command(.cancel(2))
        wire.command(.cancel(2))
        #expect(
            wire.lines() == [
                "accepted 2", "replaced 2 3 @ 99.5", "reported 2 working 0", "notFound 8 session 1 sequence 4",
                "cancelled 2 requested", "cancelRejected 2 order_already_ended",
            ]
        )
    }

    /// What a script does to either form, and what it is told.
    static let script: [Command] = [
        .submit(market(1, .buy, 1)), .submit(limit(2, .buy, 99, 2)), .reconcile(), .query(2), .query(9),
        .amend(2, 98, 4),
        .cancel(7), .submit(limit(1, .buy, 99, 2)), .submit(market(3, .sell, 2, reduceOnly: true)),
        .reconcile(after: 3),
        .reconnect(.paper), .reconcile(), .cancel(2), .query(2),
    ]

    /// Goal: the embedded venue and the one on a wire give the engine the same events. Method: one script through both,
    /// all events compared but for the instruments' order, which is the same here.
    @Test func bothFormsTellTheSame() {
        let configuration = paperConfiguration()
        var embedded = PaperVenue(configuration: configuration)
        var told: [String] = []
        embedded.connect(at: at(1_000))
        embedded.quoted(quote(100, 5, 100.1, 4), at: at(1_000))
        while let (_, event) = embedded.nextEvent(through: at(1_000)) { told.append("\(event)") }
        for command in Self.script {
            embedded.command(command, at: at(1_000))
            while let (_, event) = embedded.nextEvent(through: at(1_000)) { told.append("\(event)") }
        }
        let client = PaperClientConfiguration(client: 0, instruments: paperInstruments())
        let server = PaperServer(venue: PaperVenue(configuration: configuration))
        var wire = PaperWire(server, PaperClientSession(configuration: client), at: at(1_000))
        wire.server.advance(to: at(1_000))
        wire.session.start(at: at(1_000))
        wire.settle()
        wire.market(.quoted(quote(100, 5, 100.1, 4)))
        for command in Self.script { wire.command(command) }
        let heard = wire.events.filter { line($0) != nil }.map { "\($0)" }
        #expect(told == heard)
        #expect(told.count > 30)
    }

    /// Goal: clients hear of halts and their ends, in the session and at its start, in both forms alike. Method: a halt
    /// before the first connection, its end, another halt told twice, and a new connection in it.
    @Test func bothFormsTellOfHalts() {
        let configuration = paperConfiguration()
        var embedded = PaperVenue(configuration: configuration)
        var told: [String] = []
        func hear(_ venue: inout PaperVenue) {
            while let (_, event) = venue.nextEvent(through: at(1_000)) { told += [line(event) ?? ""] }
        }
        embedded.setHalted(true, ether, at: at(1_000))
        embedded.connect(at: at(1_000))
        hear(&embedded)
        embedded.setHalted(false, ether, at: at(1_000))
        embedded.setHalted(true, bitcoin, at: at(1_000))
        embedded.setHalted(true, bitcoin, at: at(1_000))
        hear(&embedded)
        embedded.command(.reconnect(.paper), at: at(1_000))
        hear(&embedded)
        let client = PaperClientConfiguration(client: 0, instruments: paperInstruments())
        let server = PaperServer(venue: PaperVenue(configuration: configuration))
        var wire = PaperWire(server, PaperClientSession(configuration: client), at: at(1_000))
        wire.server.setHalted(true, ether, at: at(1_000))
        wire.session.start(at: at(1_000))
        wire.settle()
        wire.server.setHalted(false, ether, at: at(1_000))
        wire.server.setHalted(true, bitcoin, at: at(1_000))
        wire.server.setHalted(true, bitcoin, at: at(1_000))
        wire.settle()
        wire.command(.reconnect(.paper))
        #expect(told == wire.lines())
        #expect(
            told == ["connected 1", "halted 1", "resumed 1", "halted 0", "disconnected", "connected 2", "halted 0"]
        )
        #expect(wire.inputs.filter { $0.message.frame.kind == .halt }.count == 3)
    }

    /// Goal: a connection lost with requests on their way tells both forms' engines the same. Method: latency holds
    /// answers and requests back; reconnect in between.
    @Test func bothFormsLoseTheSame() {
        let range = LatencyConfiguration.fixed(.milliseconds(10))
        let configuration = paperConfiguration(latency: PaperLatency(entry: range, answer: range))
        let commands: [Command] = [.submit(limit(1, .buy, 99, 1)), .submit(limit(2, .buy, 99, 1)), .cancel(1)]
        let later: [Command] = [.submit(limit(3, .buy, 99, 1)), .amend(2, 98, 1), .reconcile(), .query(1)]
        var embedded = PaperVenue(configuration: configuration)
        embedded.connect(at: at(1_000))
        var told: [String] = []
        func hear(_ venue: inout PaperVenue, through limit: Timestamp) {
            while let (_, event) = venue.nextEvent(through: limit) { told += [line(event) ?? ""] }
        }
        for command in commands { embedded.command(command, at: at(1_000)) }
        hear(&embedded, through: at(1_015))
        for command in later { embedded.command(command, at: at(1_015)) }
        embedded.command(.reconnect(.paper), at: at(1_016))
        hear(&embedded, through: at(1_500))
        embedded.command(.reconcile(), at: at(1_500))
        hear(&embedded, through: at(1_600))
        let client = PaperClientConfiguration(client: 0, instruments: paperInstruments())
        var wire = PaperWire(
            PaperServer(venue: PaperVenue(configuration: configuration)),
            PaperClientSession(configuration: client),
            at: at(1_000)
        )
        wire.session.start(at: at(1_000))
        wire.settle()
        for command in commands { wire.command(command) }
        wire.run(to: at(1_015))
        for command in later { wire.command(command) }
        wire.run(to: at(1_016))
        wire.command(.reconnect(.paper))
        wire.run(to: at(1_500))
        wire.command(.reconcile())
        wire.run(to: at(1_600))
        #expect(told == wire.lines())
        #expect(
            told.prefix(8) == [
                "connected 1", "disconnected", "submitUnanswered 1", "submitUnanswered 2", "cancelUnanswered 1",
                "submitUnanswered 3", "replaceUnanswered 2", "failed",
            ]
        )
        #expect(told.contains("reported 3 working 0"))
    }

    /// The golden session: everything is asked once. Gives how many bytes went over the line.
    static func runGolden(_ wire: inout PaperWire) {
        Self.open(&wire)
        let commands: [Command] = [
            .submit(market(1, .buy, 1)), .submit(limit(2, .buy, 99, 2)), .amend(2, 99.5, 3), .cancel(2),
            .submit(limit(3, .sell, 101, 1)), .query(3), .reconcile(),
        ]
        for command in commands { wire.command(command) }
    }

    /// Goal: wherever the line is cut, no order is lost track of. Method: the golden session cut after each byte in
    /// either direction, in whole chunks and in single bytes; then reconnect, reconcile, and compare with the ledger.
    @Test(arguments: [Int.max, 1])
    func cutAtEveryByte(chunk: Int) {
        var cut = 0
        while true {
            cut += 1
            var wire = Self.wire()
            wire.chunk = chunk
            wire.bytesUntilCut = cut
            Self.runGolden(&wire)
            guard wire.isCut else { break }
            wire.run(to: wire.now + .seconds(8))
            #expect(wire.session.isReady, "cut at \(cut)")
            checkKnowledge(&wire, cut)
        }
        #expect(cut > 1_500)
    }

    /// Each submit has exactly one of: an answer, "unanswered", "never left"; and the truth after it agrees.
    func checkKnowledge(_ wire: inout PaperWire, _ cut: Int) {
        let before = wire.lines()
        wire.command(.reconcile())
        for parent: UInt32 in [1, 2, 3] { wire.command(.query(parent)) }
        let truth = wire.lines()
        #expect(truth.contains { $0.hasPrefix("completed") }, "cut at \(cut)")
        for parent in 1...3 {
            let outcomes = before.filter {
                ["accepted \(parent)", "submitUnanswered \(parent)", "neverSent \(parent)"].contains($0)
                    || $0 == "egressRefused \(parent) not_connected"
            }
            #expect(outcomes.count == 1, "cut at \(cut): \(outcomes)")
            let isThere = wire.server.venue.order(identifier(UInt32(parent)), client: 3) != nil
            let isAbsent = truth.contains { $0.hasPrefix("notFound \(parent) ") }
            #expect(isThere != isAbsent)
            if outcomes == ["accepted \(parent)"] { #expect(isThere) }
            if outcomes == ["neverSent \(parent)"] || outcomes == ["egressRefused \(parent) not_connected"] {
                #expect(!isThere, "cut at \(cut)")
            }
        }
        if wire.server.venue.ledger.executionCount == 1 { #expect(truth.contains("filled 1 1 @ 100.1")) }
    }

    /// Goal: on a disconnect a submit is unanswered if its first byte was written, and never left if not. Method: two
    /// submits wait in the output; every count of bytes written before the line breaks.
    @Test func firstByteDecides() {
        let size = PaperFrameKind.submit.frameSize
        for written in 0...2 * size {
            var wire = Self.wire()
            Self.open(&wire)
            _ = wire.lines()
            wire.session.command(.submit(limit(1, .buy, 99, 1)), at: wire.now)
            wire.session.command(.submit(limit(2, .buy, 99, 1)), at: wire.now)
            #expect(wire.session.output.count == 2 * size)
            wire.session.wrote(written)
            wire.session.disconnected(at: wire.now)
            _ = wire.drainActions()
            let first = written > 0 ? "submitUnanswered 1" : "neverSent 1"
            let second = written > size ? "submitUnanswered 2" : "neverSent 2"
            #expect(wire.lines() == ["disconnected", first, second], "\(written) bytes")
        }
    }

    /// Goal: lost answers become unanswered requests after the timeout, and silence ends the connection. Method: the
    /// venue's bytes are dropped on their way.
    @Test func lostAnswersAreTold() {
        var wire = Self.wire { $0.answerTimeout = .seconds(2) }
        Self.open(&wire)
        wire.command(.submit(limit(1, .buy, 99, 2)))
        _ = wire.lines()
        wire.losesAnswers = true
        for command: Command in [.submit(limit(2, .buy, 99, 2)), .cancel(1), .amend(1, 98, 2), .reconcile(), .query(1)]
        {
            wire.command(command)
        }
        wire.run(to: at(3_500))
        #expect(wire.lines() == ["submitUnanswered 2", "cancelUnanswered 1", "replaceUnanswered 1", "failed"])
        wire.run(to: at(5_999))
        #expect(wire.session.isReady)
        wire.run(to: at(6_050))
        #expect(wire.lines() == ["disconnected"])
        #expect(wire.session.lastFault == .silence)
        wire.losesAnswers = false
        wire.run(to: at(20_000))
        #expect(wire.lines() == ["connected 2"])
        wire.command(.query(2))
        #expect(wire.lines() == ["reported 2 working 0"])
    }

    /// Goal: a quiet line is kept alive. Method: a minute of silence.
    @Test func pingsKeepTheLine() {
        var wire = Self.wire()
        Self.open(&wire)
        wire.run(to: at(61_000))
        #expect(wire.lines() == ["connected 1"])
        #expect(wire.session.isReady)
    }

    /// Goal: an unreachable venue is tried again with growing pauses. Method: count the attempts of 10 s.
    @Test func triesAgainWithBackoff() {
        var wire = Self.wire()
        wire.isReachable = false
        wire.session.start(at: wire.now)
        wire.run(to: at(11_000))
        // At 0, 0.1, 0.3, 0.7, 1.5, 3.1 and 6.3 s; the next pause is bounded by 5 s.
        #expect(wire.attempts == 7)
        wire.command(.submit(limit(1, .buy, 99, 1)))
        #expect(wire.lines() == ["egressRefused 1 not_connected"])
        wire.isReachable = true
        wire.run(to: at(20_000))
        #expect(wire.lines() == ["connected 1"])
    }

    /// Goal: our own budget keeps us under the venue's limit, with room for cancels. Method: 10 requests a second with
    /// 4 kept; entries beyond 6 are refused, cancels pass, then wait for the next second.
    @Test func budgetKeepsRoomForCancels() {
        var wire = Self.wire {
            $0.requestsPerWindow = 10
            $0.reservedRequests = 4
        }
        Self.open(&wire)
        for parent: UInt32 in 1...8 { wire.command(.submit(limit(parent, .buy, 99, 1))) }
        #expect(wire.lines().suffix(2) == ["egressRefused 7 throttled", "egressRefused 8 throttled"])
        for parent: UInt32 in 1...6 { wire.command(.cancel(parent)) }
        #expect(wire.lines() == (1...4).map { "cancelled \($0) requested" })
        wire.run(to: at(2_000))
        #expect(wire.lines() == ["cancelled 5 requested", "cancelled 6 requested"])
    }

    /// Goal: throttled and banned answers reach the engine as refusals with their end, and a ban silences us. Method: a
    /// venue that takes 2 requests a second, 1 more of the reserve, and bans at the third strike.
    @Test func throttlesAndBans() {
        let limits = PaperRateLimit(requests: 2, reserved: 1, window: .seconds(1), strikes: 2, ban: .seconds(60))
        var wire = Self.wire(rateLimit: limits)
        Self.open(&wire)
        _ = wire.lines()
        for parent: UInt32 in 1...4 { wire.command(.submit(limit(parent, .buy, 99, 1))) }
        #expect(
            wire.lines() == [
                "accepted 1", "accepted 2", "throttled until 2000", "rejected 3 throttled", "egressRefused 4 throttled",
            ]
        )
        wire.command(.cancel(1))
        wire.command(.cancel(2))
        #expect(
            wire.lines() == [
                "throttled until 2000", "cancelRejected 1 throttled", "banned until 61000", "cancelRejected 2 banned",
            ]
        )
        wire.command(.cancel(2))
        wire.command(.submit(limit(5, .sell, 105, 1), isIncreasing: false))
        wire.run(to: at(60_999))
        #expect(wire.lines() == ["egressRefused 5 throttled"])
        wire.run(to: at(61_500))
        #expect(wire.lines() == ["cancelled 2 requested"])
    }

    /// Goal: a second connection of a client ends its first, and another client hears external trades. Method: three
    /// sessions at one server, by hand.
    @Test func connectionsOfOneClientReplaceEachOther() {
        var wire = Self.wire()
        Self.open(&wire)
        guard let second = wire.server.open(), let third = wire.server.open() else {
            Issue.record("connections were expected")
            return
        }
        func say(_ frames: [PaperFrame], on connection: Int) {
            var bytes = ContiguousArray<UInt8>()
            for frame in frames { frame.append(number: 5, to: &bytes) }
            wire.server.received(bytes.span, on: connection, at: wire.now)
        }
        func hear(_ connection: Int) -> [PaperFrame] {
            var reader = PaperFrameReader()
            let bytes = wire.server.output(of: connection)
            reader.append(bytes.span)
            wire.server.wrote(bytes.count, on: connection)
            var frames: [PaperFrame] = []
            while let message = (try? reader.next()) ?? nil { frames.append(message.frame) }
            return frames
        }
        say([.hello(PaperHello(client: 9, session: 1))], on: second)
        let greeting = hear(second).map(\.kind)
        #expect(greeting == [.welcome, .instrument, .instrument])
        wire.command(.submit(market(1, .buy, 1)))
        guard case .filled(let execution) = hear(second).first else {
            Issue.record("an external trade was expected")
            return
        }
        #expect(execution.id == .none)
        say([.hello(PaperHello(client: 9, session: 2))], on: third)
        let farewell = hear(second)
        #expect(farewell == [.error(PaperProtocolFault(code: PaperProtocolFault.replaced, kind: 0, offset: 0))])
        let isSecondClosing = wire.server.isClosing(second)
        #expect(isSecondClosing)
        let welcome = hear(third)
        #expect(welcome.count == 3)
        // The old connection's end must not take the new one off the venue.
        wire.server.closed(second, at: wire.now)
        say([.query(identifier(1))], on: third)
        let answer = hear(third).map(\.kind)
        #expect(answer == [.notFound])
        say([.accepted(OrderAcceptance(id: .none, venueOrderID: .none, venueTime: .never))], on: third)
        let fault = hear(third).map(\.kind)
        #expect(fault == [.error])
        let isThirdClosing = wire.server.isClosing(third)
        #expect(isThirdClosing)
    }

    /// Goal: two engines of one number don't take the connection from each other without an end, and whoever lost it
    /// knows why. Method: another one that takes it back within the second, for ten minutes.
    @Test func aTakenConnectionIsTakenBackSlowly() {
        var wire = Self.wire()
        Self.open(&wire)
        var taken = 0
        var other: Int?
        for second: Int64 in 1...600 {
            if wire.session.isReady {
                if let other { wire.server.closed(other, at: wire.now) }
                other = wire.server.open()
                var bytes = ContiguousArray<UInt8>()
                PaperFrame.hello(PaperHello(client: 3, session: 1)).append(number: 1, to: &bytes)
                if let other { wire.server.received(bytes.span, on: other, at: wire.now) }
                wire.settle()
                taken += 1
                #expect(wire.session.lastFault?.isTakeover == true)
                let text = wire.session.lastFault?.text(wire.session.configuration)
                #expect(text?.hasPrefix("another engine connected there as client 3: ") == true)
            }
            wire.run(to: at(1_000 + second * 1_000))
        }
        // Taken back after 1, 2, 4, 8, 16 and 32 s, then every minute.
        #expect((12...17).contains(taken), "\(taken)")
    }

    /// Goal: a venue whose instrument differs is not traded on. Method: another tick; a missing symbol.
    @Test func differingInstrumentsAreRefused() {
        var wire = Self.wire { $0.instruments[1].terms.tick = price(0.02) }
        wire.session.start(at: wire.now)
        wire.settle()
        #expect(!wire.session.isReady)
        #expect(wire.session.lastFault == .instrumentDiffers(1))
        var other = Self.wire { $0.instruments[0].symbol = "DOGEUSDT" }
        other.session.start(at: other.now)
        other.settle()
        #expect(other.session.lastFault == .instrumentDiffers(0))
    }

    /// Goal: executions that are no longer kept make a listing fail, not empty. Method: a ledger of two executions.
    @Test func forgottenExecutionsFailAListing() {
        var configuration = paperConfiguration()
        configuration.capacities.executions = 2
        let client = PaperClientConfiguration(client: 0, instruments: paperInstruments())
        var wire = PaperWire(
            PaperServer(venue: PaperVenue(configuration: configuration)),
            PaperClientSession(configuration: client),
            at: at(1_000)
        )
        wire.session.start(at: wire.now)
        wire.market(.quoted(quote(100, 5, 100.1, 4)))
        for parent: UInt32 in 1...3 { wire.command(.submit(market(parent, .buy, 0.1))) }
        _ = wire.lines()
        wire.command(.reconcile())
        #expect(wire.lines() == ["began", "failed"])
        let last = wire.server.venue.ledger.lastForgotten.value
        wire.command(.reconcile(after: last))
        #expect(wire.lines().last?.hasPrefix("completed") == true)
    }

    /// Goal: a listing that misses a row, changes its sequence or stops is failed. Method: a venue by hand that answers
    /// a listing wrongly in four ways.
    @Test func partialListingsFail() {
        let head = PaperListingHead(
            ledgerSequence: 5,
            venueTime: at(1),
            orders: 0,
            executions: 0,
            positions: 0,
            accounts: 1
        )
        let account = BalanceReport(venue: .paper, cash: 1, available: 1, venueTime: at(1))
        let row = PaperFrame.listedAccount(PaperListed(ordinal: 0, row: account))
        let answers: [[PaperFrame]] = [
            [.listingBegan(head), .listingEnded(PaperListingEnd(ledgerSequence: 5, rows: 1))],
            [.listingBegan(head), row, .listingEnded(PaperListingEnd(ledgerSequence: 6, rows: 1))],
            [.listingBegan(head), .listedAccount(PaperListed(ordinal: 1, row: account))],
            [.listingBegan(head), row],
        ]
        for frames in answers {
            let client = PaperClientConfiguration(client: 0, instruments: [])
            var session = PaperClientSession(configuration: client)
            session.start(at: at(0))
            session.connected(at: at(0))
            feed(&session, [.welcome(PaperWelcome(session: 1, instruments: 0, venueTime: at(0), ledgerSequence: 0))])
            session.command(.reconcile(), at: at(0))
            feed(&session, frames)
            feed(&session, [.pong(0)], at: at(4_999))
            session.advance(to: at(5_000))
            var told: [String] = []
            while let action = session.nextAction() {
                if case .deliver(let event) = action { told.append(line(event) ?? "") }
            }
            #expect(told.last == "failed")
            #expect(!told.contains { $0.hasPrefix("completed") })
        }
    }

    func feed(_ session: inout PaperClientSession, _ frames: [PaperFrame], at now: Timestamp = at(0)) {
        var bytes = ContiguousArray<UInt8>()
        for frame in frames { frame.append(number: 1, to: &bytes) }
        session.received(bytes.span, at: now)
    }

    /// Goal: a hostile peer breaks its own connection and nothing else. Method: 3,000 golden streams of a client with
    /// random damage into one server, seed printed; another client trades on.
    @Test func damagedStreamsStayAlone() {
        let seed: UInt64 = 4_711
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var wire = Self.wire()
        Self.open(&wire)
        var golden = ContiguousArray<UInt8>()
        for frame in PaperFrameTests.requests where frame.kind != .goodbye && frame.kind != .halt {
            frame.append(number: 1, to: &golden)
        }
        var ended = 0
        for _ in 0..<3_000 {
            guard let connection = wire.server.open() else { continue }
            var bytes = golden
            for _ in 0...random.next(below: 3) {
                bytes[Int(random.next(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            wire.server.received(bytes.span, on: connection, at: wire.now)
            if wire.server.isClosing(connection) { ended += 1 }
            wire.server.closed(connection, at: wire.now)
        }
        #expect(ended > 1_000)
        wire.settle()
        _ = wire.lines()
        wire.command(.submit(market(1, .buy, 1)))
        #expect(wire.lines() == ["accepted 1", "filled 1 1 @ 100.1"])
    }
}
