public import FairleadConfiguration
import FairleadJournal
import FairleadModel
public import FairleadNode
public import FairleadPublication
import FairleadTransport
import Foundation
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// What a live engine is started with.
public struct LiveSetup: Sendable {
    public var configuration: ResolvedConfiguration
    public var files: ConfigurationFiles
    public var paths: HomePaths
    /// A file to follow, or "-" for standard input.
    public var signals: String?
    /// How long its signals wait at most for an engine that could trade them.
    public var signalWait = Duration.seconds(60)
    public var recoversFromVenue = false
    /// False where no line shall go to stdout.
    public var showsEvents = true
    public var isHuman: Bool
    public var isColored: Bool
    /// The program, as what it publishes names it.
    public var software = SoftwareIdentity(version: "unknown", build: "unknown")

    public init(configuration: ResolvedConfiguration, files: ConfigurationFiles, paths: HomePaths) {
        self.configuration = configuration
        self.files = files
        self.paths = paths
        isHuman = Descriptor.isTerminal(STDOUT_FILENO)
        isColored = isHuman
    }
}

/// Why a live engine did not start.
public enum LiveError: Error, Sendable, CustomStringConvertible {
    case node(NodeError)
    /// A file, directory or socket.
    case place(String)
    /// The same, where it belongs to somebody else.
    case permission(String)
    /// The same, where what is asked for was never made.
    case absent(String)
    /// A file of signals that can't be used.
    case input(String)

    public var description: String {
        switch self {
        case .node(let error): "\(error)"
        case .place(let reason), .permission(let reason), .absent(let reason), .input(let reason): reason
        }
    }

    /// What the system said of a path.
    public init(_ path: String, _ error: any Error) {
        let isDenied =
            switch error {
            case let disk as DiskError: disk.kind == .permissionDenied
            case let file as CocoaError: file.code == .fileWriteNoPermission || file.code == .fileReadNoPermission
            case let socket as IOError: socket.errnoCode == EACCES || socket.errnoCode == EPERM
            case UnixSocketError.permissionDenied: true
            default: false
            }
        let reason = (error as? CocoaError)?.localizedDescription ?? "\(error)"
        // A socket's error names its path itself.
        let told = error is UnixSocketError ? reason : "\(path): \(reason)"
        self = isDenied ? .permission(told) : .place(told)
    }
}

/// An engine at work: two event loops (one for the engine and its venue, one for people), the journal's threads, the
/// sinks of its lines. Started once, stopped once.
public final class LiveRun: @unchecked Sendable {
    // Unchecked: all references are set before the run is shared and never change.
    public let runID: String
    let setup: LiveSetup
    private let engineGroup: MultiThreadedEventLoopGroup
    private let controlGroup: MultiThreadedEventLoopGroup
    let host: EngineHost
    let observer: Observer
    private let service: ControlService
    private let listener: ControlListener
    let journal: Mutex<JournalThread>
    let replica: Mutex<ReplicaThread>
    let feed: SignalFeed?
    private let file: LineSink
    private let console: LineSink?
    /// What was ordered while no engine ran, and is in force now.
    public let engagedAtStart: KillBits

    /// Opens the journal, starts the clockwork, listens. Returns once the first pump was made.
    public init(_ setup: LiveSetup) throws(LiveError) {
        if let path = setup.signals { try SignalFeed.check(path) }
        self.setup = setup
        let clock = SystemClock()
        let id = Self.makeRunID(clock.now)
        runID = id.description
        let disk = try Self.disk(setup.paths.journal)
        let runtime = setup.configuration.runtime
        engineGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        controlGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (engineLoop, controlLoop) = (engineGroup.next(), controlGroup.next())
        let killSwitch = KillSwitch()
        var channel: UnixByteChannel?
        if runtime.paperConnection == .socket {
            channel = UnixByteChannel(path: setup.paths.paperSocket, on: engineLoop)
        }
        file = Self.logFile(setup, runID)
        console = setup.showsEvents ? Self.console(setup, runID) : nil
        observer = Observer(
            loop: controlLoop,
            runID: runID,
            instruments: setup.configuration.engine.instruments,
            file: file,
            console: console,
            isHuman: setup.isHuman,
            isColored: setup.isColored
        )
        host = try Self.host(setup, disk, clock, id, killSwitch, channel, engineLoop, observer)
        let early = try Self.obey(setup, host)
        service = ControlService(host: host, observer: observer, files: setup.files)
        listener = try Self.listen(setup, controlLoop, service, observer)
        // Whoever found nobody listening until now has written it down instead.
        engagedAtStart = early.union(try Self.obey(setup, host))
        let (host, observer) = (host, observer)
        guard let committer = host.node?.committer else { preconditionFailure("Invariant: a new host has its node") }
        journal = Mutex(Self.journalThread(setup, committer, host, observer))
        replica = Mutex(Self.replicaThread(setup, disk, committer, host, observer))
        host.publishing.onChange { [observer] fault in observer.log(LogLine(publishing: fault, at: SystemClock().now)) }
        feed = try Self.feed(setup, host, observer)
        Self.recallNames(setup, disk, observer)
        if !engagedAtStart.isEmpty {
            let words = EngageAtStart.text(engagedAtStart).joined(separator: ", ")
            let text = "ordered while no engine ran, in force: \(words)"
            observer.log(LogLine("engaged", text, level: .warning, at: clock.now))
        }
        if let channel { engineLoop.execute { channel.attach(host) } }
        engineLoop.execute { [weak self] in
            host.onReset = { [weak self] in self?.queueReset() }
        }
        host.wake()
        startFeed()
    }

    // MARK: - Making the parts

    private static func logFile(_ setup: LiveSetup, _ runID: String) -> LineSink {
        let logs = setup.configuration.runtime.logs
        return LineSink(
            name: "log",
            RotatingFile(
                directory: setup.paths.logs,
                name: "fairlead",
                fileBytes: logs.fileBytes,
                filesKept: logs.filesKept
            ),
            lossLine: lossLine(runID, isHuman: false)
        )
    }

    private static func console(_ setup: LiveSetup, _ runID: String) -> LineSink {
        LineSink(
            name: "console",
            DescriptorDestination(STDOUT_FILENO),
            lossLine: lossLine(runID, isHuman: setup.isHuman)
        )
    }

    private static func lossLine(_ runID: String, isHuman: Bool) -> @Sendable (UInt64) -> [UInt8] {
        { count in
            let text = "\(count) lines before this one could not be written"
            let line = LogLine("lines_lost", text, level: .warning, at: SystemClock().now)
            return isHuman ? line.human(isColored: false) : line.json(runID: runID)
        }
    }

    static func makeRunID(_ now: Timestamp) -> Digest128 {
        Digest128(high: UInt64(bitPattern: now.nanoseconds), low: UInt64(UInt32(bitPattern: getpid())) << 32)
    }

    static func disk(_ path: String) throws(LiveError) -> PosixDisk {
        do {
            try JournalPlace.finish(path)
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw LiveError(path, error)
        }
        do throws(DiskError) { return try PosixDisk(path: path) } catch { throw LiveError(path, error) }
    }

    private static func host(
        _ setup: LiveSetup,
        _ disk: PosixDisk,
        _ clock: SystemClock,
        _ id: Digest128,
        _ killSwitch: KillSwitch,
        _ channel: UnixByteChannel?,
        _ loop: any EventLoop,
        _ observer: Observer
    ) throws(LiveError) -> EngineHost {
        let opening = nodeSetup(setup, disk, clock, id, killSwitch, channel)
        do {
            // On the loop, since opening already calls its channel.
            let box = UncheckedBox(opening)
            return try loop.submit {
                let node =
                    setup.recoversFromVenue ? try Node.recoverFromVenue(box.value) : try Node.open(box.value)
                return EngineHost(
                    node,
                    loop: loop,
                    killSwitch: killSwitch,
                    clock: clock,
                    channel: channel,
                    observer: observer
                )
            }.wait()
        } catch let error as NodeError {
            throw .node(error)
        } catch {
            throw .place("\(error)")
        }
    }

    static func nodeSetup(
        _ setup: LiveSetup,
        _ disk: PosixDisk,
        _ clock: SystemClock,
        _ id: Digest128,
        _ killSwitch: KillSwitch,
        _ channel: UnixByteChannel?
    ) -> NodeSetup {
        var opening = NodeSetup(disk: disk, configuration: setup.configuration, clock: clock, killSwitch: killSwitch)
        opening.channel = channel
        opening.runID = id
        opening.client = UInt32(setup.configuration.runtime.paperClient)
        opening.wallTime = clock.now
        opening.capacities.notices = setup.configuration.runtime.queues.notices
        return opening
    }

    /// Engages what was ordered while no engine ran, and forgets the order once the journal has it durably: before
    /// anything is sent, since no pump was made yet.
    private static func obey(_ setup: LiveSetup, _ host: EngineHost) throws(LiveError) -> KillBits {
        let order = EngageAtStart(home: setup.paths.home)
        let bits = try order.take()
        if bits.isEmpty { return bits }
        host.killSwitch.engage(bits)
        do {
            try host.loop.submit {
                host.pump()
                try host.node?.committer.commit()
            }.wait()
        } catch let error as JournalError {
            throw .node(.journal(error))
        } catch {
            throw .place("\(error)")
        }
        try order.forget()
        return bits
    }

    private static func listen(
        _ setup: LiveSetup,
        _ loop: any EventLoop,
        _ service: ControlService,
        _ observer: Observer
    ) throws(LiveError) -> ControlListener {
        let gate = ClientGate(service, observer, limit: setup.configuration.runtime.control.clients)
        return try ControlListener(path: setup.paths.controlSocket, on: loop, gate) { text, level in
            observer.log(LogLine("control", text, level: level, at: SystemClock().now))
        }
    }

    static func journalThread(
        _ setup: LiveSetup,
        _ committer: JournalCommitter,
        _ host: EngineHost,
        _ observer: Observer
    ) -> JournalThread {
        let runtime = setup.configuration.runtime
        return JournalThread(
            committer,
            settings: runtime.journal,
            waitsForDisk: runtime.journal.durability == .disk && runtime.paperConnection == .socket,
            onDurable: { host.wake() },
            onFault: { reason in
                observer.log(LogLine("journal", reason, level: .error, at: SystemClock().now))
                host.wake()
            }
        )
    }

    /// Follows the journal beside the loop, for snapshots and for all that is published.
    static func replicaThread(
        _ setup: LiveSetup,
        _ disk: PosixDisk,
        _ committer: JournalCommitter,
        _ host: EngineHost,
        _ observer: Observer
    ) -> ReplicaThread {
        let runtime = setup.configuration.runtime
        let places = PublishingPlaces(runtime, home: setup.paths.home, software: setup.software) { text in
            observer.log(LogLine("history", text, level: .warning, at: SystemClock().now))
        }
        return ReplicaThread(
            committer,
            disk: disk,
            runtime: runtime,
            status: host.publishing,
            making: { places.observers() },
            onSnapshot: { mark in
                host.loop.execute {
                    host.node?.offer(snapshot: mark)
                    host.queuePump()
                }
            }
        )
    }

    // MARK: - While it runs

    /// SIGHUP: reads the configuration again and says what came of it.
    public func reload() {
        let observer = observer
        observer.loop.execute { [service] in
            service.reload { outcome in
                let now = SystemClock().now
                switch outcome {
                case .success(let reload):
                    for warning in reload.warnings {
                        observer.log(LogLine("reload", "\(warning)", level: .warning, at: now))
                    }
                    observer.log(LogLine("reload", reload.text, at: now))
                case .failure(let fault): observer.log(LogLine("reload", "\(fault)", level: .error, at: now))
                }
            }
        }
    }

    // MARK: - The end

    /// Stops as `on_stop` says, within 5 s: takes no more input, closes the journal, writes what waits to be written.
    /// Gives the sentence for the person who stopped it.
    public func stop() -> String {
        let dropped = feed?.stop(within: 1) ?? 0
        listener.close()
        var sentence = settleOrders()
        if dropped > 0 { sentence += "; \(dropped) signals of \(setup.signals ?? "") were not taken" }
        if feed?.hasStarted == false { sentence += "; nothing of \(setup.signals ?? "") was read yet" }
        journal.withLock { $0.stop(within: 1) }
        let host = host
        var fault: String?
        do {
            try host.loop.submit { try host.close(wallTime: SystemClock().now) }.wait()
        } catch {
            fault = "\(error)"
        }
        replica.withLock { $0.finish(within: 1.5) }
        observer.log(LogLine("stopped", sentence, at: SystemClock().now))
        do {
            let observer = observer
            try observer.loop.submit { observer.report(isLast: true) }.wait()
            try engineGroup.syncShutdownGracefully()
            try controlGroup.syncShutdownGracefully()
        } catch {
            fault = "\(error)"
        }
        file.close(within: 0.5)
        console?.close(within: 0.5)
        return fault.map { "\(sentence); \($0)" } ?? sentence
    }

    private func settleOrders() -> String {
        // As of the last reload, not of the start.
        let onStop = onLoop { $0.node?.configuration.runtime.onStop } ?? setup.configuration.runtime.onStop
        switch onStop {
        case .leave:
            let left = onLoop { $0.liveOrders }
            return left == 0 ? "no order was working" : "\(left) working orders stay at the venue (on_stop: leave)"
        case .cancelEntries:
            // Until the end no entry leaves any more; the next start knows nothing of it.
            host.killSwitch.engage(.stopping)
            let deadline = ContinuousClock.now + .seconds(2.5)
            var left = onLoop { $0.cancelEntries(isFirst: true) }
            while left > 0, ContinuousClock.now < deadline {
                Thread.sleep(forTimeInterval: 0.02)
                left = onLoop { $0.cancelEntries(isFirst: false) }
            }
            let exits = onLoop { $0.liveOrders } - onLoop { $0.liveEntries }
            let stay = exits > 0 ? "; \(exits) exits stay at the venue" : ""
            return left == 0
                ? "entries are cancelled (on_stop: cancel_entries)\(stay)"
                : "\(left) entries did not confirm their cancel in time (on_stop: cancel_entries)\(stay)"
        }
    }

    private func onLoop<Result: Sendable>(_ body: @escaping @Sendable (EngineHost) -> Result) -> Result {
        let host = host
        do { return try host.loop.submit { body(host) }.wait() } catch {
            preconditionFailure("Invariant: the loop runs until the end of stop")
        }
    }
}

/// Carries a value to the loop that alone uses it from then on.
struct UncheckedBox<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
