public import FairleadConfiguration
import FairleadMarketData
public import FairleadModel
import FairleadNode
import FairleadPaper
import FairleadTransport
import Foundation
import NIOCore
import NIOPosix

/// The paper venue in a process of its own: several clients, a synthetic market, and a journal of everything that was
/// done to it, from which a restart rebuilds the ledger.
public final class PaperVenueRun: @unchecked Sendable {
    // Unchecked: the server, the market and the connections are read and written on the loop alone.
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let clock = SystemClock()
    /// Set back or not, the market goes on.
    private var time: SteadyTime
    private let journal: VenueJournal
    private var server: PaperServer
    private var market: SyntheticMarket
    private var connections: [Int: VenueConnectionHandler] = [:]
    private var listener: SocketListener?
    private var scheduled: Scheduled<Void>?
    private var isEnded = false
    private let onFailure: @Sendable (String) -> Void

    /// Replays the venue's journal in `home`, starts its market, and listens. `onFailure` is told once, on the venue's
    /// loop, when its journal can't go on: nothing is answered from then on.
    public init(
        _ configuration: ResolvedConfiguration,
        socket: String,
        home: String,
        onFailure: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(LiveError) {
        self.onFailure = onFailure
        let instruments = configuration.engine.instruments
        let settings = PaperVenueConfiguration(
            instruments: instruments,
            paper: configuration.runtime.paper,
            hours: configuration.engine.tradingHours
        )
        var venue = PaperVenue(configuration: settings)
        do {
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
            journal = try VenueJournal(home: home, configuration: configuration.hash.description)
            try journal.open(&venue)
            time = SteadyTime(clock, notBefore: venue.time)
            let start = time.now
            // Clients of an earlier life are gone; they greet again.
            for client in journal.clients {
                let goodbye = PaperInput(time: start, client: client, .goodbye)
                guard journal.append([goodbye]), journal.sync() else {
                    throw LiveError.place("the venue's journal can't be written")
                }
                venue.apply(goodbye)
            }
            market = try SyntheticMarket(
                configuration.runtime.market.synthetic,
                instruments: instruments,
                startingAt: start
            )
        } catch {
            throw LiveError(home, error)
        }
        server = PaperServer(venue: venue)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        do {
            listener = try SocketListener.bind(path: socket, on: loop) { [weak self] in self?.open() }
        } catch {
            throw .place("\(error)")
        }
        loop.execute { self.turn() }
    }

    // MARK: - Connections, on the loop

    private func open() -> VenueConnectionHandler? {
        guard let number = server.open() else { return nil }
        let handler = VenueConnectionHandler(self, number)
        connections[number] = handler
        return handler
    }

    fileprivate func received(_ bytes: [UInt8], on connection: Int) {
        server.received(bytes.span, on: connection, at: time.read(clock))
        turn()
    }

    fileprivate func closed(_ connection: Int) {
        guard connections.removeValue(forKey: connection) != nil else { return }
        server.closed(connection, at: time.read(clock))
        turn()
    }

    // MARK: - Time

    /// Lets the market and the venue come up to now, journals what was done, and only then writes the answers.
    private func turn() {
        if isEnded { return }
        let now = time.read(clock)
        if now - market.nextTime > .seconds(10) { market.resume(at: now) }
        var left = 10_000
        while market.nextTime <= now, left > 0 {
            let due = market.next()
            server.market(due.event, at: max(due.time, server.venue.time))
            left -= 1
        }
        server.advance(to: now)
        guard journal.append(server.takeInputs()) else { return fail("the journal can't be written") }
        if hasOutput, !journal.sync() { return fail("the journal can't be synced") }
        write()
        if journal.isFull { rotate() }
        if isEnded { return }
        scheduled?.cancel()
        let next = min(market.nextTime, server.nextTime)
        _ = time.read(clock)
        let delay = max(left == 0 ? 0 : 100_000, time.span(until: next).nanoseconds)
        scheduled = loop.scheduleTask(in: .nanoseconds(delay)) { self.turn() }
    }

    private var hasOutput: Bool { connections.keys.contains { !server.output(of: $0).isEmpty } }

    /// Takes as long as writing the state down; a day's market comes between two of them.
    private func rotate() {
        do throws(VenueJournal.Failure) {
            try server.withVenue { (venue: inout PaperVenue) throws(VenueJournal.Failure) in try journal.rotate(&venue)
            }
        } catch {
            fail("\(error)")
        }
    }

    /// What a client is told must be in the journal: without one the venue tells nobody anything any more, and ends.
    private func fail(_ reason: String) {
        isEnded = true
        for handler in connections.values { handler.close() }
        onFailure(reason)
    }

    private func write() {
        for (number, handler) in connections {
            let output = server.output(of: number)
            if !output.isEmpty, handler.isWritable {
                handler.write(output)
                server.wrote(output.count, on: number)
            }
            if server.isClosing(number), server.output(of: number).isEmpty { handler.close() }
        }
    }

    // MARK: - The end

    /// Stops and gives the ledger.
    public func stop() -> JSONValue {
        do {
            let ledger = try loop.submit { () -> JSONValue in
                self.scheduled?.cancel()
                self.isEnded = true
                for handler in self.connections.values { handler.close() }
                self.listener?.close()
                _ = self.journal.sync()
                self.journal.close()
                return self.ledger()
            }.wait()
            try group.syncShutdownGracefully()
            return ledger
        } catch {
            return ["error": .string("\(error)")]
        }
    }

    private func ledger() -> JSONValue {
        let ledger = server.venue.ledger
        var positions: [JSONValue] = []
        let instruments = server.venue.instruments
        server.venue.forEachPosition { report in
            if report.quantity == .zero { return }
            positions.append(
                [
                    "symbol": .string(instruments[Int(report.instrument.index)].symbol),
                    "quantity": .decimal(report.quantity), "average_price": .decimal(report.averagePrice),
                ]
            )
        }
        return [
            "ledger_sequence": .integer(ledger.sequence), "cash": EngineHost.money(ledger.cash),
            "executions": .integer(ledger.executionCount), "live_orders": .integer(server.venue.liveOrderCount),
            "positions": .array(positions),
        ]
    }
}

/// One client's connection: bytes in, bytes out.
private final class VenueConnectionHandler: ChannelInboundHandler, @unchecked Sendable {
    // Unchecked: used on the loop alone.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let owner: PaperVenueRun
    private let number: Int
    private var context: ChannelHandlerContext?

    init(_ owner: PaperVenueRun, _ number: Int) {
        self.owner = owner
        self.number = number
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        guard let bytes = buffer.readBytes(length: buffer.readableBytes) else { return }
        owner.received(bytes, on: number)
    }

    func channelInactive(context: ChannelHandlerContext) { owner.closed(number) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ bytes: ContiguousArray<UInt8>) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: bytes.count)
        buffer.writeBytes(bytes)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func close() { context?.close(promise: nil) }
}
