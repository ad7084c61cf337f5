import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// Time and the line.
extension MatrixWorld {
    static let beat = TimeSpan.milliseconds(1000)

    /// Lets time pass until `end`, everything in its order. Ends early at a broken rule.
    mutating func run(until end: Timestamp) {
        while judge.violation == nil, !isStopped {
            settle()
            if isStopped { return }
            let wake = nextWake()
            if wake > end { break }
            clock.advance(to: max(wake, clock.now))
            while nextBeat <= clock.now { showMarket() }
            while nextStep < run.steps.count, start + run.steps[nextStep].at <= clock.now {
                nextStep += 1
                perform(run.steps[nextStep - 1].action)
            }
            server.advance(to: clock.now)
            if let asked = node?.nextWake, asked <= clock.now { needsPump = true }
        }
        if isStopped { return }
        clock.advance(to: end)
        settle()
    }

    private mutating func nextWake() -> Timestamp {
        var wake = min(server.nextTime, nextBeat)
        if nextStep < run.steps.count { wake = min(wake, start + run.steps[nextStep].at) }
        return min(wake, node?.nextWake ?? .distantFuture)
    }

    /// Does all that can be done at this moment.
    mutating func settle() {
        for _ in 0..<10_000 {
            if judge.violation != nil || isStopped { return }
            var isBusy = connect()
            if carryInward() { isBusy = true }
            if needsPump, node != nil {
                pump()
                isBusy = true
            }
            judge.look(at: server, client: Self.client)
            if !isBusy {
                _ = server.takeInputs()
                return
            }
        }
        judge.fail("S-28", "more than 10,000 rounds at one moment")
    }

    // MARK: - The line

    private mutating func connect() -> Bool {
        var isBusy = false
        if channel.isAskedToClose {
            channel.isAskedToClose = false
            dropConnection()
            isBusy = true
        }
        guard channel.isAskedToOpen else { return isBusy }
        channel.isAskedToOpen = false
        connection = server.open()
        generation += 1
        judge.connected()
        if connection != nil {
            channel.isOpen = true
            node?.channelOpened()
        } else {
            node?.channelClosed()
        }
        needsPump = true
        return true
    }

    /// Carries the first `count` of the writes that were made to the venue.
    mutating func carryWrites(_ count: Int) {
        let pieces = channel.writes[..<min(count, channel.writes.count)]
        channel.writes.removeFirst(pieces.count)
        for piece in pieces {
            carriedWrites += 1
            guard let connection else { return }
            if let allowed = kill.allowedWrites, carriedWrites > allowed { judge.mustNotIncrease(piece.bytes) }
            let passed = min(piece.bytes.count, hasStruck ? .max : fault.cutOutward - outward)
            if losesNextEntry, MatrixJudge.holdsEntry(piece.bytes) {
                losesNextEntry = false
                cut()
                return
            }
            outward += passed
            let bytes = passed == piece.bytes.count ? piece.bytes : ContiguousArray(piece.bytes[..<passed])
            judge.left(bytes)
            server.received(bytes.span, on: connection, at: clock.now)
            if outward == fault.cutOutward, !hasStruck {
                strikeCut()
                return
            }
        }
    }

    private mutating func carryInward() -> Bool {
        guard let connection else { return false }
        let output = server.output(of: connection)
        guard !output.isEmpty else {
            if server.isClosing(connection) { cut() }
            return false
        }
        let passed = min(output.count, hasStruck ? .max : fault.cutInward - inward)
        let bytes = passed == output.count ? output : ContiguousArray(output[..<passed])
        inward += passed
        server.wrote(passed, on: connection)
        if node?.channelReceived(bytes.span) == false { judge.fail("S-28", "the venue's bytes found no room") }
        needsPump = true
        if inward == fault.cutInward, !hasStruck { strikeCut() }
        return true
    }

    private mutating func strikeCut() {
        hasStruck = true
        cut()
    }

    /// Both ends lose the connection; what was on its way is gone.
    mutating func cut() {
        guard connection != nil else { return }
        cuts += 1
        channel.isOpen = false
        channel.isAskedToClose = false
        dropConnection()
        node?.channelClosed()
        needsPump = true
    }

    mutating func dropConnection() {
        channel.writes.removeAll()
        carriedWrites = channel.writeCount
        if let connection { server.closed(connection, at: clock.now) }
        connection = nil
    }

    // MARK: - The market

    private mutating func showMarket() {
        quote()
        nextBeat = nextBeat + Self.beat
    }

    /// One tick wide, five units at each side.
    mutating func quote() {
        let now = clock.now
        let size = Quantity(raw: 5 * FixedPoint.one)
        let quote = Quote(
            instrument: Self.bitcoin,
            bid: price(bid),
            bidQuantity: size,
            ask: price(bid + 1),
            askQuantity: size,
            venueTime: now
        )
        server.market(.quoted(quote), at: now)
        server.market(.marked(MarkPrice(instrument: Self.bitcoin, price: price(bid), venueTime: now)), at: now)
    }

    var tick: Int64 { configuration.engine.instruments[0].terms.tick.raw }
    var lot: Int64 { configuration.engine.instruments[0].terms.lot.raw }
    func price(_ ticks: Int64) -> Price { Price(raw: ticks * tick) }
}
