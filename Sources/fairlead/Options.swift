import ArgumentParser
import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import FairleadStore
import Glibc

/// Which engine is meant: where its configuration and its files are.
struct PlaceOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Directory of the three documents.", valueName: "DIR"))
    var config = "config"

    @Option(name: .long, help: ArgumentHelp("The engine's files; the configured home unless given.", valueName: "DIR"))
    var home: String?

    /// What a command that is shown must be given to mean the same engine: `" --home run"`, or nothing.
    var flags: String {
        files.flag + (home.map { " --home \(Self.quoted($0))" } ?? "")
    }

    static func quoted(_ path: String) -> String { ConfigurationFiles.quoted(path) }

    var files: ConfigurationFiles { ConfigurationFiles(directory: config) }

    /// The configuration, or the exit code for one that can't be used.
    func resolve() throws -> ResolvedConfiguration {
        do throws(ConfigurationErrors) {
            return try files.resolve()
        } catch {
            throw CommandFailure(.invalidConfiguration, "the configuration can't be used:\n\(error)")
        }
    }

    /// Where the files are. A configuration that can't be used doesn't hide a running engine: defaults stand in.
    var paths: HomePaths {
        do throws(ConfigurationErrors) {
            return HomePaths(try files.resolve().runtime, home: home)
        } catch {
            return HomePaths(RuntimeConfiguration(), home: home)
        }
    }
}

/// Which journal a reader reads: a home's, or a backtest's.
struct ReaderPlace: ParsableArguments {
    @OptionGroup var place: PlaceOptions

    @Option(name: .long, help: ArgumentHelp("A backtest's --out, instead of a home.", valueName: "DIR"))
    var out: String?

    @Option(name: .long, help: ArgumentHelp("The journal's own directory, instead of a home.", valueName: "DIR"))
    var journal: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A tape of a backtest that is no longer where it was. Repeatable.", valueName: "FILE")
    )
    var data: [String] = []

    func validate() throws {
        if out != nil, journal != nil { throw ValidationError("give --out or --journal, not both") }
        if isHome, !data.isEmpty { throw ValidationError("--data goes with --out or --journal") }
    }

    /// No running engine is meant where a journal is named.
    var isHome: Bool { out == nil && journal == nil }

    var view: JournalView {
        if let journal { return JournalView(path: journal, tapes: data) }
        if let out {
            let history = HomePaths.under(out, HistoryConfiguration().file)
            let flags = " --out \(PlaceOptions.quoted(out))"
            return JournalView(path: HomePaths.under(out, "journal"), history: history, tapes: data, flags: flags)
        }
        return JournalView(place.paths, tapes: data, flags: place.flags)
    }

    /// What a command that is shown must be given to read the same journal: `" --out out"`, or nothing.
    var flags: String {
        place.flags + (out.map { " --out \(PlaceOptions.quoted($0))" } ?? "")
            + (journal.map { " --journal \(PlaceOptions.quoted($0))" } ?? "")
    }

    /// The history, where it can answer in the journal's stead.
    func history() throws -> HistoryView? {
        try HistoryView.open(view, isRunning: try isWritten())
    }

    /// The chain of a signal. What a running engine has only just decided comes into the history a moment later.
    func chain(of id: String) throws -> (members: [JSONMember], through: JSONValue) {
        let isRunning = try isWritten()
        let deadline = ContinuousClock.now + .seconds(isRunning ? 2 : 0)
        var wanted: UInt64?
        while let history = try HistoryView.open(view, isRunning: isRunning) {
            if let chain = history.chain(of: id) { return (chain, history.through) }
            // The newest input waits for the one after it: what only it tells is in the journal.
            let end = wanted ?? history.journalEnd
            wanted = end
            if history.reader.storedThrough + 1 >= end || ContinuousClock.now >= deadline { break }
            usleep(50_000)
        }
        return (try view.chain(of: id), .null)
    }

    /// The engine that runs in the home; nil when none does, or another journal is meant.
    func running() throws -> EngineClient? {
        isHome ? try EngineClient.ifRunning(place, timeoutMilliseconds: EngineClient.readerPatience) : nil
    }

    /// An engine writes the journal that is meant, whether it can be asked or not.
    private func isWritten() throws -> Bool {
        do { return try running() != nil } catch let failure as CommandFailure where failure.isEngineHidden {
            return true
        }
    }

    /// The engine's answer, or the journal's: none runs, or it gives none. That is told, and how old the answer is.
    func answer(
        _ command: ControlCommand,
        orElse journal: (JournalView) throws -> (value: JSONValue, time: Timestamp)
    ) throws -> JSONValue {
        var reason: String?
        do {
            if let client = try running() { return try client.ask(command) }
            if isHome { reason = "no engine runs in \(place.paths.home)" }
        } catch let failure as CommandFailure where failure.status == .unavailable {
            reason = failure.message
        }
        let found = try journal(view)
        if let reason {
            let age = Age.text(of: found.time, at: SystemClock().now)
            Output.diagnostic("fairlead: \(reason); this is what the journal says\(age)")
        }
        return found.value
    }
}

/// How old an answer is that no engine gave.
enum Age {
    /// What an engine publishes every second is never this old.
    static let fresh = TimeSpan.seconds(10)

    /// nil for a text that is no moment.
    static func moment(_ text: String) -> Timestamp? {
        do throws(TimestampError) { return try Timestamp(text: text) } catch { return nil }
    }

    /// `, as of 2026-01-31T08:00:00.000Z, 3 h ago`; nothing where the moment is not known.
    static func text(of moment: Timestamp, at now: Timestamp) -> String {
        guard moment.isKnown else { return "" }
        let seconds = max(0, (now - moment).milliseconds / 1000)
        let (count, unit) =
            switch seconds {
            case ..<120: (seconds, "s")
            case ..<7_200: (seconds / 60, "min")
            case ..<172_800: (seconds / 3_600, "h")
            default: (seconds / 86_400, "days")
            }
        return ", as of \(moment.text(.milliseconds)), \(count) \(unit) ago"
    }
}

/// How a command shows what it found, and how much it says beside it.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "JSON on stdout, stable for scripts.")
    var json = false

    @Flag(name: .long, help: "For cut and awk: a row a line, tabs between cells, no colours.")
    var plain = false

    @Flag(name: .customLong("no-color"), help: "No colours. NO_COLOR in the environment does the same.")
    var noColor = false

    @Flag(name: .shortAndLong, help: "Only what was asked for, and errors: no hints, warnings or progress.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say on stderr where the answer comes from and how long it took.")
    var verbose = false

    var style: Style { Style(noColor: noColor, isPlain: plain) }

    /// A value as it was asked for: JSON, a line a value with `--plain` (nothing where it is empty), else the screen.
    func show(_ value: JSONValue, _ screen: (JSONValue) -> String) {
        if json { return Output.json(value) }
        let text = plain ? PlainLines.text(value) : screen(value)
        if !text.isEmpty { Output.text(text) }
    }

    func validate() throws {
        if json, plain { throw ValidationError("--json and --plain exclude each other") }
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
        Output.verbosity = verbose ? .verbose : quiet ? .quiet : .normal
    }
}

/// How a command that raises or ends exposure is confirmed.
struct ConfirmOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do it without asking.")
    var yes = false

    @Flag(name: .customLong("no-input"), help: "Never ask: without --yes nothing is done.")
    var noInput = false

    /// `word`: what has to be typed; more than yes where the answer lets more out.
    func require(_ question: String, word: String = "yes") throws {
        if yes || Output.confirm(question, word: word, isInteractive: !noInput) { return }
        throw CommandFailure(.failure, "not confirmed; nothing was done (--yes confirms)")
    }
}
