import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadReport
import FairleadRuntime
import Foundation

/// Everything that decides what a backtest comes to, read once: the documents, the tapes' and the signals' digests, and
/// what was set by flags.
struct BacktestInputs {
    /// A file of signals as the command line named it.
    struct Signals {
        var path: String
        var strategy: String?
        var text: [UInt8]
        var digest: FileDigest
        /// The same words again.
        var word: String { strategy.map { "\($0)=\(path)" } ?? path }
    }

    let documents: ConfigurationDocuments
    /// Where the documents came from, for people.
    let source: String
    /// They were made here, and no directory holds them yet.
    let isGuessed: Bool
    let data: [String]
    let digests: [FileDigest]
    let signals: [Signals]
    let grid: SettingGrid
    let out: String?

    init(_ command: BacktestCommand, _ stop: StopRequest) throws {
        data = command.data
        out = command.out
        let axes = try command.settings.axes()
        for axis in axes { try Self.refuseOwn(axis.key) }
        do throws(SettingError) { grid = try SettingGrid(axes) } catch { throw CommandFailure(.usage, "\(error)") }
        signals = try command.signals.map(Self.read)
        do throws(NodeError) { digests = try Tapes.digests(data) } catch { throw Self.failure(error, data) }
        if let config = command.config {
            do throws(ConfigurationErrors) {
                documents = try ConfigurationFiles(directory: config).read()
            } catch {
                throw CommandFailure(.invalidConfiguration, "the configuration can't be used:\n\(error)")
            }
            source = command.grid.configurationSource ?? config
            isGuessed = false
        } else {
            let guessed = try TapeGuess.documents(data, stop)
            documents = guessed.documents(tapes: data)
            source = "guessed from the tapes"
            isGuessed = true
            TapeGuess.tell(guessed)
        }
    }

    /// A backtest's market and venue are its own.
    private static func refuseOwn(_ key: String) throws {
        let own = ["market.source", "market.tapes", "paper.connection"]
        let path = key.lowercased().hasPrefix("runtime.") ? String(key.dropFirst(8)).lowercased() : key.lowercased()
        guard own.contains(path) else { return }
        throw CommandFailure(.usage, "\(key) can't be set: a backtest plays --data on the embedded venue")
    }

    private static func read(_ word: String) throws -> Signals {
        let files = FileManager.default
        var (path, strategy): (String, String?) = (word, nil)
        if !files.fileExists(atPath: word), let equals = word.firstIndex(of: "=") {
            let name = String(word[..<equals])
            guard !name.isEmpty, name.utf8.count <= SignalLimits.strategy, name.utf8.allSatisfy({ 0x20...0x7E ~= $0 })
            else {
                let limit = SignalLimits.strategy
                throw CommandFailure(.usage, "--signals NAME=FILE: a name has 1 to \(limit) printable ASCII characters")
            }
            (path, strategy) = (String(word[word.index(after: equals)...]), name)
        }
        guard let bytes = files.contents(atPath: path) else {
            throw CommandFailure(.invalidInput, "\(path): can't be read")
        }
        let text = Array(bytes)
        do throws(ByteSourceError) {
            let digest = try FileDigest(of: MemoryByteSource(text))
            return Signals(path: path, strategy: strategy, text: text, digest: digest)
        } catch {
            throw CommandFailure(.invalidInput, "\(path): \(error)")
        }
    }

    // MARK: - A run

    /// The documents with the market replaced by the tapes, the venue embedded, and a run's settings over them.
    func resolve(_ run: Int) throws -> ResolvedConfiguration {
        var overrides = [
            ConfigurationOverride(path: "runtime.market.source", value: "tape"),
            ConfigurationOverride(path: "runtime.paper.connection", value: "embedded"),
            ConfigurationOverride(path: "runtime.market.tapes", value: data.joined(separator: ",")),
        ]
        overrides += zip(grid.axes, grid.values(of: run)).map { ConfigurationOverride(path: $0.key, value: $1) }
        let environment = ProcessInfo.processInfo.environment
        switch ConfigurationDecoder.resolve(documents, environment: environment, overrides: overrides) {
        case .success(let configuration): return configuration
        case .failure(let errors):
            throw CommandFailure(.invalidConfiguration, "the configuration can't be used:\n\(errors)")
        }
    }

    /// What a run of this configuration is known by: the same inputs and program give the same hash.
    func hash(_ configuration: ResolvedConfiguration) -> Digest128 {
        var lines = ["fairlead.backtest.v1", Version.text, configuration.hash.description]
        lines += digests.map { "tape \($0)" }
        lines += signals.map { "signals \($0.digest) \($0.strategy ?? "")" }
        return Digest128(of: lines.joined(separator: "\n"))
    }

    var tape: SignalTape { SignalTape(signals.map { SignalFile(strategy: $0.strategy, $0.text) }) }

    /// What `--resume` compares: `inputs.json` of a run's directory.
    func description(_ configuration: ResolvedConfiguration) -> JSONValue {
        [
            "version": .string(Version.text), "inputs_hash": .string(hash(configuration).description),
            "configuration_hash": .string(configuration.hash.description),
            "tapes": .array(zip(data, digests).map { ["file": .string($0), "sha256": .string("\($1)")] }),
            "signals": .array(
                signals.map {
                    [
                        "file": .string($0.path), "strategy": $0.strategy.map { .string($0) } ?? .null,
                        "sha256": .string("\($0.digest)"),
                    ]
                }
            ),
        ]
    }

    /// Puts documents that were made here where `--config` finds them.
    func writeDocuments(to directory: String) throws {
        for document in ConfigurationDocument.allCases {
            try OutputFile.write(documents[document], to: HomePaths.under(directory, document.fileName))
        }
    }

    /// The end of a run whose tapes or journal can't be used, with the tape's own name.
    static func failure(_ error: NodeError, _ tapes: [String]) -> CommandFailure {
        if case .tape(.unreadable(let tape, let reason)) = error, tape < tapes.count {
            return CommandFailure(.invalidInput, "\(tapes[tape]): \(reason)")
        }
        if case .emptyTape = error {
            return CommandFailure(.invalidInput, "\(tapes.joined(separator: ", ")): \(error)")
        }
        return JournalView.failure(error)
    }
}

/// The instruments of tapes that nobody has configured.
enum TapeGuess {
    static func documents(_ data: [String], _ stop: StopRequest) throws -> TapeDocuments {
        var feed = try MarketFeed(data, content: [.quotes, .trades, .depth], showsProgress: false)
        var survey = MarketSurvey(feed.symbols)
        var equities: Set<String> = []
        var progress = ProgressLine()
        var count = 0
        while let record = try feed.next() {
            survey.add(record, levels: feed.levels)
            count += 1
            guard count % 50_000 == 0 else { continue }
            progress.show(nil) { "looking at the tapes for their symbols  \(count) records" }
            if stop.isAsked { throw CommandFailure(.interrupted, "stopped before anything was played") }
        }
        progress.clear()
        for survey in survey.surveys where EquityFile.holds(survey.symbol, feed) { equities.insert(survey.symbol) }
        let guessed = TapeDocuments(survey.surveys, equities: equities)
        guard !guessed.rows.isEmpty else {
            throw CommandFailure(.invalidInput, "\(data.joined(separator: ", ")): no market event is in it")
        }
        return guessed
    }

    static func tell(_ guessed: TapeDocuments) {
        let rows = guessed.rows.prefix(6).map { "\($0.symbol) tick \($0.tick) lot \($0.lot)" }
        let more = guessed.rows.count > 6 ? " and \(guessed.rows.count - 6) more" : ""
        let unused = FileManager.default.fileExists(atPath: "config/runtime.json") ? "; --config config uses yours" : ""
        Output.hint("instruments guessed from the tapes: \(rows.joined(separator: ", "))\(more)\(unused)")
    }
}

/// Which symbols came from tapes of US equities.
private enum EquityFile {
    /// Such a tape holds one symbol, which its name tells.
    static func holds(_ symbol: String, _ feed: borrowing MarketFeed) -> Bool {
        for (index, path) in feed.paths.enumerated() {
            guard feed.format(ofTape: index) == .equityRows else { continue }
            let name = path.split(separator: "/").last ?? ""
            if name.uppercased().contains(symbol) { return true }
        }
        return false
    }
}

/// Files that have their name when they are whole.
enum OutputFile {
    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure(.failure, "\(path): \(error.localizedDescription)")
        }
    }

    static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

    static func write(_ value: JSONValue, to path: String) throws {
        try write(JSONWriter.text(of: value, .pretty) + "\n", to: path)
    }

    /// A JSON file of ours; nil where there is none, or one that is not whole.
    static func json(_ path: String) -> JSONValue? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        let limits = JSONLimits(bytes: 64 << 20, depth: 40, values: 1 << 20)
        do throws(JSONError) { return try JSONParser.parse(Array(bytes), limits: limits) } catch { return nil }
    }
}
