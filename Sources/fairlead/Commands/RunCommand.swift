import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime
import Glibc
import Synchronization

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Trade on paper until Ctrl-C.",
        discussion: """
            A second start in the same home goes on with the same positions and orders.
            Ctrl-C ends it with 0; what becomes of working orders is `on_stop` of
            runtime.json. SIGHUP reads the configuration again.

            EXAMPLES
              fairlead run
              fairlead run --home run --signals signals.jsonl
              make-signals | fairlead run --signals -
              fairlead run --recover-from-venue      the journal is damaged: a fresh one
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Signals to follow, one JSON object a line; - is stdin.", valueName: "FILE")
    )
    var signals: String?

    @Flag(name: .customLong("recover-from-venue"), help: "Put a damaged journal aside and ask the venue what is.")
    var recover = false

    func run() throws {
        let process = ProcessSignals()
        let configuration = try place.resolve()
        for warning in configuration.warnings { Output.hint("warning: \(warning)") }
        try Self.refuseDebugBuild(configuration.runtime.mode)
        let paths = HomePaths(configuration.runtime, home: place.home)
        if let fault = paths.socketFault(configuration.runtime) {
            throw CommandFailure(.invalidConfiguration, "\(fault): a shorter --home")
        }
        var setup = LiveSetup(configuration: configuration, files: place.files, paths: paths)
        setup.software = Version.identity
        setup.signals = signals
        setup.recoversFromVenue = recover
        // With --quiet the log alone has the events.
        setup.showsEvents = !output.quiet
        if output.json { setup.isHuman = false }
        if output.plain { setup.isHuman = true }
        setup.isColored = setup.isHuman && output.style.isColored
        let live: LiveRun
        do throws(LiveError) { live = try LiveRun(setup) } catch {
            var failure = Self.failure(error, place.flags)
            if case .node(.journal(let reason)) = error, reason.isLackOfSpace {
                let needed = 2 * configuration.runtime.journal.segmentBytes >> 20
                failure.message += "; a start needs \(needed) MiB free in \(paths.journal)"
            }
            throw failure
        }
        let screen = StartScreen.text(configuration, paths, place, output.style)
        if setup.isHuman { Output.text(screen) } else { Output.diagnostic(screen) }
        if !live.engagedAtStart.isEmpty {
            let words = EngageAtStart.text(live.engagedAtStart).joined(separator: ", ")
            let resume = "\(Program.name) resume\(place.flags)"
            Output.diagnostic("PAPER: ordered while no engine ran, in force: \(words); \(resume) takes it back")
        }
        wait(process, live)
        let sentence = live.stop()
        Output.diagnostic("PAPER: stopped; \(sentence)")
    }

    /// Until SIGINT or SIGTERM; a second one ends the process at once.
    private func wait(_ process: ProcessSignals, _ live: LiveRun) {
        let ended = StopLatch()
        // `timeout` and some supervisors signal the process and its group: the same order twice, not a second one.
        let began = Mutex<ContinuousClock.Instant?>(nil)
        process.start { number in
            if number == SIGHUP {
                live.reload()
                return true
            }
            if ended.open() {
                began.withLock { $0 = .now }
            } else if let first = began.withLock({ $0 }), .now - first > .milliseconds(300) {
                Glibc.exit(ExitStatus.interrupted.rawValue)
            }
            return true
        }
        ended.wait()
    }

    /// Money is never moved by a build that was not optimised and tested as such.
    static func refuseDebugBuild(_ mode: RunMode) throws {
        #if DEBUG
            if mode == .live {
                throw CommandFailure(.permission, "mode live needs a release build (make release); this is a debug one")
            }
        #endif
    }

    /// The exit code of an engine that did not start.
    static func failure(_ error: LiveError, _ flags: String) -> CommandFailure {
        switch error {
        case .node(let reason):
            if case .market = reason { return CommandFailure(.invalidConfiguration, "\(reason)") }
            if case .journal(.disk(let refusal)) = reason, refusal.kind == .locked {
                let next = "\(Program.name) status\(flags) shows it; another --home runs a second one"
                return CommandFailure(.failure, "another engine runs on this journal (\(refusal)); \(next)")
            }
            if case .diverged = reason {
                let next = "\(Program.name) run\(flags) --recover-from-venue puts the journal aside and starts anew"
                return CommandFailure(.failure, "\(reason); \(next)")
            }
            return JournalView.failure(reason)
        case .place(let reason): return CommandFailure(.failure, reason)
        case .permission(let reason): return CommandFailure(.permission, reason)
        case .absent(let reason): return CommandFailure(.unavailable, reason)
        case .input(let reason): return CommandFailure(.invalidInput, reason)
        }
    }
}

extension JournalError {
    /// The file system is full, or a quota is.
    fileprivate var isLackOfSpace: Bool {
        switch self {
        case .disk(let refusal): refusal.kind == .noSpace
        case .noSpace: true
        case .failed, .recordTooLarge, .quarantined, .unsupportedVersion, .unsupportedRecord, .notRetained,
            .noSuchSequence, .noJournal:
            false
        }
    }
}

/// Opens once: what the main thread waits for.
private final class StopLatch: Sendable {
    private let isOpen = Atomic<Bool>(false)

    /// False when it was open already.
    func open() -> Bool { !isOpen.exchange(true, ordering: .acquiringAndReleasing) }

    func wait() {
        while !isOpen.load(ordering: .acquiring) { usleep(20_000) }
    }
}

/// What `run` says first: one screen.
enum StartScreen {
    static func text(
        _ configuration: ResolvedConfiguration,
        _ paths: HomePaths,
        _ place: PlaceOptions,
        _ style: Style
    ) -> String {
        let runtime = configuration.runtime
        let symbols = configuration.engine.instruments.map(\.symbol).joined(separator: ", ")
        let venue =
            switch runtime.paperConnection {
            case .embedded: "embedded paper venue, \(runtime.paper.startingBalance) \(runtime.reportingCurrency)"
            case .socket: "paper venue at \(paths.paperSocket)"
            }
        let market =
            switch runtime.market.source {
            case .synthetic: "synthetic market, seed \(runtime.market.synthetic.seed)"
            case .tape: "recorded market"
            case .venue: "the venue's market"
            }
        let screener = configuration.engine.screener.isEnabled ? "built-in screener on" : "screener off"
        let (program, flags) = (Program.name, place.flags)
        let stop =
            switch runtime.onStop {
            case .leave: "working orders stay (on_stop: leave)"
            case .cancelEntries: "entries are cancelled (on_stop: cancel_entries)"
            }
        return """
            \(style.paper)  fairlead \(Version.text)  no real money is at risk

              trades   \(symbols)
              venue    \(venue); \(market); \(screener)
              journal  \(paths.journal)
              logs     \(paths.logs)
              control  \(paths.controlSocket)

              send     \(program) signal send\(flags) FILE
              look     \(program) status\(flags)   also: orders, positions, fills, why ID, health
              halt     \(program) halt\(flags)     and: resume, flatten, kill
              stop     Ctrl-C; \(stop)

            """
    }
}
