import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadPaper

/// Time: everything that is due, in the order of the true time, ties by the seed.
extension Simulation {
    static let upkeepPeriod = TimeSpan.milliseconds(250)
    /// Rounds at one moment after which something turns in circles.
    static let roundLimit = 20_000

    mutating func run(until end: Timestamp) {
        while report.violation == nil {
            settle()
            let wake = nextWake()
            if wake > end { break }
            move(to: wake)
            performDue()
        }
        if report.violation == nil {
            move(to: end)
            settle()
        }
    }

    private mutating func nextWake() -> Timestamp {
        var wake = min(queue.nextTime, wire.nextTime)
        if scenario.placement == .outside { wake = min(wake, server.server.nextTime) }
        wake = min(wake, market?.nextTime ?? .distantFuture)
        if let delay = node?.wakeDelay() { wake = min(wake, clock.truth(of: clock.now + delay)) }
        return max(wake, now)
    }

    private mutating func move(to time: Timestamp) {
        now = max(now, time)
        clock.follow(now)
    }

    /// Who goes first at a moment is the seed's to say.
    private mutating func performDue() {
        let isMarketFirst = SimulationQueue.mixed(scenario.seed ^ UInt64(bitPattern: now.nanoseconds)) & 1 == 0
        if isMarketFirst { performMarket() }
        while report.violation == nil, let task = queue.pop(through: now) { perform(task) }
        if !isMarketFirst { performMarket() }
        if scenario.placement == .outside { server.server.advance(to: now) }
        if node?.wakeDelay() == .zero { needsPump = true }
    }

    private mutating func performMarket() {
        while let due = market?.nextTime, due <= now {
            guard let next = market?.next() else { return }
            report.marketEvents += 1
            guard let event = seen(next.event) else { continue }
            server.server.market(event, at: now)
            if case .traded(let trade) = event { note(trade) }
            if case .quoted(let quote) = event { showBook(quote) }
        }
    }

    /// A trade of the market has left for the router.
    mutating func note(_ trade: Trade) {
        let sum = (trades.last { $0.instrument == trade.instrument }?.sum ?? 0) + trade.quantity.raw
        trades.append(TradedSum(instrument: trade.instrument, at: now, sum: sum))
    }

    /// What an instrument has traded in all up to so long ago; nil where the router makes its market itself.
    func traded(_ instrument: InstrumentHandle, before span: TimeSpan) -> Int64? {
        guard scenario.placement == .outside else { return nil }
        let limit = now + -span
        return trades.last { $0.instrument == instrument && $0.at <= limit }?.sum ?? 0
    }

    /// The book behind a quote, in seeds whose venue has books.
    private mutating func showBook(_ quote: Quote) {
        guard let next = books?.next(quote, at: now) else { return }
        if reach.contains(.market) {
            for index in windows.indices where windows[index].kind.reach.contains(.market) {
                if windows[index].kind.loses(next.update, &windows[index]) { return }
            }
        }
        server.server.shown(next.update, next.levels, at: now)
    }

    /// What the venue and its feed make of a market event under the active faults.
    private mutating func seen(_ event: Event) -> Event? {
        guard reach.contains(.market) else { return event }
        var event = event
        for index in windows.indices where windows[index].kind.reach.contains(.market) {
            guard let next = windows[index].kind.seen(event, &windows[index], at: now) else { return nil }
            event = next
        }
        return event
    }

    private mutating func perform(_ task: SimulationTask) {
        needsPump = true
        switch task {
        case .signal(let place): send(scenario.signals[place])
        case .operation(let place): operate(scenario.operations[place])
        case .riskOrder(let place): direct(scenario.riskOrders[place])
        case .decision(let place): decide(scenario.decisions[place])
        case .faultBegins(let place): fallDue(place)
        case .faultLosesPatience(let place): beginAimed(place)
        case .faultEnds(let number): end(number)
        case .faultTurns(let number): turn(number)
        case .restart: if node == nil { startProcess() }
        case .kill: if quietSince == .distantFuture { crash(.process, downFor: .zero) }
        case .resume: if node != nil { operate(OperatorCommand(.resume)) }
        case .commit: commit()
        case .upkeep:
            keepUp()
            nudge()
            queue.push(.upkeep, at: now + Self.upkeepPeriod)
        case .lateAnswer(let place): deliverLateAnswer(place)
        case .lateRequest(let place): deliverLateRequest(place)
        }
    }

    // MARK: - One moment

    /// Does all that can be done now.
    mutating func settle() {
        var rounds = 0
        while report.violation == nil {
            var isBusy = connect()
            if carryOutward() { isBusy = true }
            if collectAnswers() { isBusy = true }
            if carryInward() { isBusy = true }
            if needsPump, node != nil {
                pump()
                isBusy = true
            }
            if scenario.placement == .outside { look() }
            if !isBusy { break }
            rounds += 1
            if rounds > Self.roundLimit {
                fail(Violation("S-28", "more than \(Self.roundLimit) rounds at one moment"))
            }
        }
        if scenario.placement == .outside { _ = server.server.takeInputs() }
    }

    private mutating func pump() {
        needsPump = false
        node?.pump()
        report.pumps += 1
        readNotices()
        takeWritten()
        if scenario.placement == .embedded { look() }
        beginAimed()
        if node?.isJournalLost == true {
            // As the runtime does: what can't be journaled any more must not go on.
            trace.note(.text("the journal is lost"), at: now)
            return crash(.process, downFor: .seconds(1))
        }
        if node?.nextWake == .never { needsPump = true }
        if scenario.isDurableOnDisk, !commitIsDue, (node?.waitingCommands ?? 0) > 0 {
            commitIsDue = true
            queue.push(.commit, at: now + disk.syncDelay)
        }
        if let committer, committer.needsSegment, committer.preparationFailure == nil { prepareSegment() }
    }

    // MARK: - The wire

    /// The router's wish for a connection, and the end of one.
    private mutating func connect() -> Bool {
        var isBusy = false
        if channel.isAskedToClose {
            channel.isAskedToClose = false
            isBusy = true
            dropConnection()
        }
        if !channel.isAskedToOpen { return isBusy }
        channel.isAskedToOpen = false
        needsPump = true
        if !isVenueDown, let connection = server.open() {
            report.connections += 1
            wire.connection = connection
            writeReader = PaperFrameReader()
            truth.connected()
            channel.isOpen = true
            node?.channelOpened()
        } else {
            node?.channelClosed()
        }
        return true
    }

    /// Both ends lose the connection, and what was on its way is gone.
    mutating func cutConnection() {
        guard wire.connection != nil else { return }
        trace.note(.text("the connection is cut"), at: now)
        dropConnection()
        channel.isOpen = false
        channel.isAskedToClose = false
        node?.channelClosed()
        needsPump = true
    }

    mutating func dropConnection() {
        channel.written.removeAll(keepingCapacity: true)
        if let connection = wire.connection { server.server.closed(connection, at: now) }
        wire.drop()
    }

    private mutating func carryOutward() -> Bool {
        guard let connection = wire.connection, let piece = wire.outward.take(at: now) else { return false }
        let (count, isCut) = wire.pass(piece.count)
        let bytes = count == piece.count ? piece : ContiguousArray(piece[..<count])
        let isJudged = reach.contains(.requests)
        var active = windows
        let time = now
        let held = server.received(bytes, on: connection, isJudged: isJudged, at: now) { message in
            Self.fate(ofRequest: message, &active, at: time)
        }
        if isJudged { takeBack(active) }
        for (message, span) in held {
            server.late.append(FaultyServer.Late(message: message, generation: wire.generation))
            queue.push(.lateRequest(server.late.count - 1), at: now + span)
            lastHeldBack = max(lastHeldBack, now + span)
        }
        if isCut { cutConnection() }
        return true
    }

    private mutating func collectAnswers() -> Bool {
        guard let connection = wire.connection else { return false }
        let bytes = server.takeOutput(of: connection)
        guard !bytes.isEmpty else {
            if server.server.isClosing(connection) { cutConnection() }
            return false
        }
        if truth.awaitsArrival { noteRefusals(bytes) }
        if reach.contains(.answers) { judgeAnswers(bytes) } else { wire.sendInward(bytes, at: now) }
        return true
    }

    private mutating func noteDelivered(_ bytes: ContiguousArray<UInt8>) {
        do throws(PaperFrameError) {
            try wire.delivered(bytes)
        } catch {
            fail(Violation("S-15", "bytes that are no frames came to the router: \(error)"))
        }
    }

    private mutating func carryInward() -> Bool {
        guard wire.connection != nil, let piece = wire.inward.take(at: now) else { return false }
        let (count, isCut) = wire.pass(piece.count)
        let bytes = count == piece.count ? piece : ContiguousArray(piece[..<count])
        if node?.channelReceived(bytes.span) == false {
            // Its inbox is full until it has been pumped.
            wire.inward.putBack(bytes, due: now)
        } else {
            noteDelivered(bytes)
        }
        needsPump = true
        if isCut { cutConnection() }
        return true
    }
}

/// What an instrument has traded in all, up to and with one trade.
struct TradedSum {
    var instrument: InstrumentHandle
    var at: Timestamp
    var sum: Int64
}
