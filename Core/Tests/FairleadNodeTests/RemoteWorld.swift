import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadPaper

@testable import FairleadNode

/// The node's end of a pipe: keeps what was written until the world carries it, and can refuse to be written to.
final class PipeChannel: ByteChannel {
    var written: ContiguousArray<UInt8> = []
    /// Bytes written over the channel's life.
    var writtenTotal = 0
    var isOpen = false
    var isAskedToOpen = false
    var isAskedToClose = false
    /// The outbound buffer is full.
    var isBlocked = false

    func open() { isAskedToOpen = true }

    func write(_ bytes: Span<UInt8>) -> WriteResult {
        guard isWritable else { return .blocked }
        for index in 0..<bytes.count { written.append(bytes[index]) }
        writtenTotal += bytes.count
        return .accepted
    }

    var isWritable: Bool { isOpen && !isBlocked }

    func close() {
        isOpen = false
        isAskedToClose = true
    }
}

/// A node and a paper venue in "another process", with a pipe between them that can be cut at any byte; the venue's
/// ledger is the oracle. The venue's process outlives the node's.
struct RemoteWorld: ~Copyable {
    var server: PaperServer
    var market: SyntheticMarket
    let clock: VirtualClock
    let configuration: ResolvedConfiguration
    var disk: MemoryDisk
    var channel: PipeChannel
    var node: Node
    var connection: Int?
    /// Bytes, both ways together, until the line is cut.
    var bytesUntilCut = Int.max
    var cuts = 0
    /// While true nothing is committed to the disk but by the test.
    var holdsCommits = false

    init(_ changes: [String: String] = [:], _ adjust: (inout Instrument) -> Void = { _ in }) throws {
        var values = ["runtime.paper.connection": "socket", "runtime.market.source": "venue"]
        values["strategy_config.screener.enabled"] = "false"
        for symbol in ["BTCUSDT", "ETHUSDT", "SOLUSDT"] {
            values["runtime.market.synthetic.symbols.\(symbol).trades_per_second"] = "0.5"
        }
        for (path, value) in changes { values[path] = value }
        let configuration = try AccountNodeTests.configuration(values, adjust)
        let clock = VirtualClock(NodeFixture.start)
        let disk = MemoryDisk()
        let channel = PipeChannel()
        let instruments = configuration.engine.instruments
        var setup = NodeFixture.setup(disk, configuration, clock)
        setup.channel = channel
        let market = try SyntheticMarket(
            configuration.runtime.market.synthetic,
            instruments: instruments,
            startingAt: clock.now
        )
        let venue = PaperVenueConfiguration(
            instruments: instruments,
            paper: configuration.runtime.paper,
            hours: configuration.engine.tradingHours
        )
        node = try Node.open(setup)
        self.market = market
        self.configuration = configuration
        self.clock = clock
        self.disk = disk
        self.channel = channel
        server = PaperServer(venue: PaperVenue(configuration: venue))
    }

    // MARK: - Time

    /// Lets `span` pass, everything in the order of time.
    mutating func run(for span: TimeSpan) {
        let end = clock.now + span
        while true {
            settle()
            let wake = min(min(node.nextWake, server.nextTime), market.nextTime)
            if wake > end { break }
            clock.advance(to: max(wake, clock.now))
            while market.nextTime <= clock.now {
                let next = market.next()
                server.market(next.event, at: next.time)
            }
            server.advance(to: clock.now)
        }
        clock.advance(to: end)
        settle()
    }

    /// Does all that can be done at this moment.
    mutating func settle() {
        for _ in 0..<10_000 {
            connect()
            var isBusy = carryOut()
            if carryIn() { isBusy = true }
            // A sync of a disk in memory compares the whole segment: only where something waits for it.
            if !holdsCommits, node.waitingCommands > 0 { commit() }
            node.pump()
            if channel.isAskedToOpen || !channel.written.isEmpty { isBusy = true }
            if !isBusy { break }
        }
        _ = server.takeInputs()
    }

    /// A refused commit is the journal's to remember; the node looks at it there.
    func commit() {
        do throws(JournalError) { try node.committer.commit() } catch { assert(node.committer.isFailed) }
    }

    // MARK: - The pipe

    private mutating func connect() {
        if channel.isAskedToClose {
            channel.isAskedToClose = false
            channel.written.removeAll()
            if let connection { server.closed(connection, at: clock.now) }
            connection = nil
        }
        guard channel.isAskedToOpen else { return }
        channel.isAskedToOpen = false
        connection = server.open()
        if connection != nil {
            channel.isOpen = true
            node.channelOpened()
        } else {
            node.channelClosed()
        }
    }

    private mutating func carryOut() -> Bool {
        guard let connection, !channel.written.isEmpty else { return false }
        let count = min(channel.written.count, bytesUntilCut)
        let piece = ContiguousArray(channel.written[..<count])
        channel.written.removeFirst(count)
        server.received(piece.span, on: connection, at: clock.now)
        spend(count)
        return true
    }

    private mutating func carryIn() -> Bool {
        guard let connection else { return false }
        let output = server.output(of: connection)
        guard !output.isEmpty else {
            if server.isClosing(connection) { cut() }
            return false
        }
        let count = min(output.count, bytesUntilCut)
        let piece = ContiguousArray(output[..<count])
        server.wrote(count, on: connection)
        _ = node.channelReceived(piece.span)
        spend(count)
        return true
    }

    private mutating func spend(_ count: Int) {
        guard bytesUntilCut != .max else { return }
        bytesUntilCut -= count
        guard bytesUntilCut == 0 else { return }
        bytesUntilCut = .max
        cut()
    }

    /// Both ends lose the connection; what was on its way is gone.
    mutating func cut() {
        cuts += 1
        channel.written.removeAll()
        channel.isOpen = false
        if let connection { server.closed(connection, at: clock.now) }
        connection = nil
        node.channelClosed()
    }

    // MARK: - Crashes

    /// The node's process ends here and a new one starts on what its disk holds; the venue goes on.
    mutating func crash(_ crash: MemoryDisk.Crash = .process, cutAfter sequence: UInt64? = nil) throws {
        if let connection { server.closed(connection, at: clock.now) }
        connection = nil
        let next = disk.crash(crash)
        if let sequence { try JournalCut.cut(next, after: sequence) }
        let fresh = PipeChannel()
        var setup = NodeFixture.setup(next, configuration, clock)
        setup.channel = fresh
        node = try Node.open(setup)
        disk = next
        channel = fresh
    }

    // MARK: - Questions

    mutating func give(_ signal: [UInt8]) { _ = node.offer(signal: signal, source: .file, ticket: 1) }

    /// What is wrong between engine and venue; empty when they agree on positions, fills and open orders.
    func differences() -> [String] {
        var found: [String] = []
        let instruments = configuration.engine.instruments.count
        for index in 0..<instruments {
            let handle = InstrumentHandle(index)
            let venue = server.venue.position(handle, .both).quantity
            let ours = node.withEngine { $0.position(PositionKey(handle, .both)).quantity }
            if ours != venue { found.append("position of \(index): ours \(ours.raw), venue \(venue.raw)") }
        }
        let fills = node.withEngine { $0.counters }
        if fills.externalFills > 0 { found.append("\(fills.externalFills) external fills") }
        if fills.overfills > 0 { found.append("\(fills.overfills) overfills") }
        let open = server.venue.openOrders(client: 1)
        var live = 0
        node.withEngine { $0.forEachLiveOrder { _ in live += 1 } }
        if open.count != live { found.append("\(live) orders live here, \(open.count) at the venue") }
        return found
    }

    /// Quantity that the venue filled in all, of one side.
    func venueFilled(_ side: Side) -> Int64 {
        var sum: Int64 = 0
        for offset in 0..<server.venue.ledger.executionCount {
            let execution = server.venue.ledger.execution(at: offset).execution
            if execution.side == side { sum += execution.quantity.raw }
        }
        return sum
    }

    /// Submits that the venue has ever seen under one id twice.
    var isReconciled: Bool { node.isReconciled }
}
