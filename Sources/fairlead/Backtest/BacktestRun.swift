import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadReport
import FairleadRuntime
import Foundation

/// One backtest from its inputs to its files.
struct BacktestRun {
    /// Tape records between two looks at the terminal and at Ctrl-C.
    private static let piece = 4_000

    private let inputs: BacktestInputs
    private let output: OutputOptions
    private let stop: StopRequest
    private let configuration: ResolvedConfiguration
    private let hash: Digest128
    private let out: String
    private let resumes: Bool
    private let started = SystemClock().now

    init(_ inputs: BacktestInputs, _ output: OutputOptions, _ stop: StopRequest, resumes: Bool) throws {
        self.inputs = inputs
        self.output = output
        self.stop = stop
        configuration = try inputs.resolve(0)
        hash = inputs.hash(configuration)
        // A place that is named by the inputs holds no other run: what is there is gone on with.
        self.resumes = resumes || inputs.out == nil
        out = inputs.out ?? "backtests/\(hash.description.prefix(12))"
    }

    func run() throws {
        // Before anything is made: tapes that can't be played leave no directory behind.
        let counter = BytesRead(inputs.data)
        let tape = try openTapes(counter)
        let disk = try openOut()
        let seen = RunCollector(configuration.engine.instruments)
        var setup = NodeSetup(disk: disk, configuration: configuration, clock: SystemClock())
        setup.wallTime = started
        setup.runID = Digest128(of: configuration.canonicalText)
        let signals = inputs.tape
        let played: (result: BacktestResult, isResumed: Bool)?
        do throws(NodeError) {
            played = try play(setup, tape, signals, seen, counter)
        } catch {
            throw BacktestInputs.failure(error, inputs.data)
        }
        guard let played else { throw stopped() }
        try write(played.result, seen, journal: disk, isResumed: played.isResumed)
    }

    private func openTapes(_ counter: BytesRead) throws -> TapeFeed {
        do throws(NodeError) {
            let instruments = configuration.engine.instruments
            let depth = configuration.runtime.market.depth
            let tape = try Tapes.open(inputs.data, instruments, depth: depth, digests: inputs.digests, counter: counter)
            if tape.next == nil { throw NodeError.emptyTape }
            return tape
        } catch {
            throw BacktestInputs.failure(error, inputs.data)
        }
    }

    private func openOut() throws -> PosixDisk {
        let path = HomePaths.under(out, "journal")
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let disk = try PosixDisk(path: path)
            if try disk.list().contains(where: { $0.hasPrefix("journal-") }) {
                if !resumes { throw CommandFailure(.failure, "\(path) holds a run already; --resume goes on with it") }
                try refuseOtherInputs()
            }
            try OutputFile.write(inputs.description(configuration), to: HomePaths.under(out, "inputs.json"))
            if inputs.isGuessed { try inputs.writeDocuments(to: HomePaths.under(out, "config")) }
            return disk
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw RunCommand.failure(LiveError(path, error), "")
        }
    }

    /// A run goes on with what it began with; the part that differs is told.
    private func refuseOtherInputs() throws {
        guard let there = OutputFile.json(HomePaths.under(out, "inputs.json")) else { return }
        let here = inputs.description(configuration)
        guard there["inputs_hash"] != here["inputs_hash"] else { return }
        let parts = ["version", "configuration_hash", "tapes", "signals"].filter { there[$0] != here[$0] }
        let named = parts.map { $0 == "configuration_hash" ? "configuration" : $0 }.joined(separator: ", ")
        throw CommandFailure(.failure, "\(out) holds a run of other inputs (\(named)); give another --out")
    }

    // MARK: - Playing

    /// nil when it was stopped before the end.
    private func play(
        _ setup: NodeSetup,
        _ tape: consuming TapeFeed,
        _ signals: SignalTape,
        _ seen: RunCollector,
        _ counter: BytesRead
    ) throws(NodeError) -> (result: BacktestResult, isResumed: Bool)? {
        var progress = ProgressLine()
        let publishing = PublishingPlaces(configuration.runtime, backtest: out, software: Version.identity).observers()
        var backtest = try Backtest(
            setup,
            tape: tape,
            signals: signals,
            watchers: [seen],
            observers: publishing.observers
        )
        let isResumed = backtest.isResumed
        while try backtest.run(records: Self.piece) {
            if stop.isAsked {
                progress.clear()
                try backtest.pause()
                return nil
            }
            let elapsed = progress.elapsed
            progress.show(counter.share) {
                let rate = ProgressLine.rate(elapsed > 0 ? Double(backtest.played) / elapsed : 0)
                let clock = backtest.time.text(.milliseconds).dropFirst(5).prefix(14).replacing("T", with: " ")
                return "\(clock)  \(rate)/s  \(backtest.orders) orders"
            }
        }
        progress.clear()
        let result = try backtest.finish()
        publishing.complaints.forEach(Output.diagnostic)
        return (result, isResumed)
    }

    private func stopped() -> CommandFailure {
        var words = [Program.name] + CommandLine.arguments.dropFirst().map(PlaceOptions.quoted)
        if inputs.out != nil, !words.contains("--resume") { words.append("--resume") }
        return CommandFailure(
            .interrupted,
            "stopped; what was played is kept in \(out). It goes on with:\n  \(words.joined(separator: " "))"
        )
    }

    // MARK: - Telling

    private func write(
        _ result: BacktestResult,
        _ seen: RunCollector,
        journal disk: PosixDisk,
        isResumed: Bool
    ) throws {
        for (path, tape) in zip(inputs.data, result.tapes) {
            guard let first = tape.firstMalformed else { continue }
            Output.diagnostic(
                "\(path): \(tape.counts.malformed) of \(tape.counts.lines) lines are malformed and were left out; "
                    + "the first: \(first)"
            )
        }
        let journalHash: Digest256
        do throws(JournalError) { journalHash = try JournalVerifier.verify(disk).hash } catch {
            throw BacktestInputs.failure(.journal(error), inputs.data)
        }
        let report = RunPage(head("\(journalHash)"), result, seen)
        try OutputFile.write(report.text, to: HomePaths.under(out, "report.html"))
        let elapsed = (SystemClock().now - started).seconds
        let timing = BacktestSummary.timing(result, elapsed, isResumed: isResumed)
        try OutputFile.write(timing, to: HomePaths.under(out, "timing.json"))
        let facts = BacktestSummary.Facts(
            paths: inputs.data,
            journalHash: "\(journalHash)",
            inputsHash: hash,
            configurationHash: configuration.hash,
            startingBalance: configuration.runtime.paper.startingBalance,
            currency: configuration.runtime.reportingCurrency
        )
        let summary = BacktestSummary.json(result, seen, facts)
        // The last file: where it stands, the run is whole.
        try OutputFile.write(.object(summary), to: HomePaths.under(out, "summary.json"))
        let told = JSONValue.object(summary + [JSONMember("out", .string(out)), JSONMember("timing", timing)])
        if output.json { return Output.json(told) }
        Output.text(BacktestSummary.text(told, output.style))
    }

    /// As they are told: a list that was emptied says nothing.
    private var settings: [ReportHead.Setting] {
        zip(inputs.grid.axes, inputs.grid.values(of: 0)).compactMap { axis, value in
            value.isEmpty ? nil : ReportHead.Setting(axis.key, value)
        }
    }

    private func head(_ journalHash: String) -> ReportHead {
        ReportHead(
            version: Version.text,
            configurationHash: configuration.hash,
            configurationSource: inputs.source,
            settings: settings,
            currency: configuration.runtime.reportingCurrency,
            startingBalance: configuration.runtime.paper.startingBalance,
            tapes: zip(inputs.data, inputs.digests).map { ReportHead.Tape(path: $0, digest: "\($1)") },
            signals: inputs.signals.map {
                ReportHead.Signals(path: $0.path, strategy: $0.strategy, digest: "\($0.digest)")
            },
            journalHash: journalHash,
            inputsHash: hash
        )
    }
}
