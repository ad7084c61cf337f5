import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadRuntime
import Foundation

struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Play recorded market data and signals through the engine, on the embedded paper venue.",
        discussion: """
            The same engine as in a live run, in the tape's time. The journal in --out
            refers to the tapes; a run that was killed goes on with --resume and ends
            with the same hashes.

            EXAMPLES
              fairlead backtest --data btc.gz --signals signals.jsonl --out out --json
              fairlead backtest --data btc.gz --data eth.gz --out out
              fairlead backtest --data btc.gz --out out --resume
            """
    )

    @Option(name: .long, help: ArgumentHelp("Directory of the three documents.", valueName: "DIR"))
    var config = "config"

    @Option(
        name: .long,
        help: ArgumentHelp("A tape of any format that `data inspect` reads. Repeatable.", valueName: "FILE")
    )
    var data: [String]

    @Option(
        name: .long,
        help: ArgumentHelp("Signals with their times (`ts`), one JSON object a line.", valueName: "FILE")
    )
    var signals: String?

    @Option(name: .long, help: ArgumentHelp("Where journal, summary.json, state files and logs go.", valueName: "DIR"))
    var out: String

    @Flag(name: .long, help: "Go on with a run that was killed.")
    var resume = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if data.isEmpty { throw ValidationError("give at least one --data FILE") }
        if data.contains(where: { $0.contains(",") }) { throw ValidationError("--data: a path can't hold a comma") }
    }

    func run() throws {
        let started = SystemClock().now
        let configuration = try resolve()
        let text = try readSignals()
        // Before anything is made: tapes that can't be played leave no directory behind.
        let tape = try openTapes(configuration)
        let disk = try openOut()
        var setup = NodeSetup(disk: disk, configuration: configuration, clock: SystemClock())
        setup.wallTime = started
        setup.runID = Digest128(of: configuration.canonicalText)
        let summary: JSONValue
        do throws(NodeError) {
            summary = try play(setup, tape, SignalTape(text), started)
        } catch {
            throw Self.failure(error, data)
        }
        let line = JSONWriter.text(of: summary, .pretty) + "\n"
        do {
            try Data(line.utf8).write(to: URL(fileURLWithPath: HomePaths.under(out, "summary.json")), options: .atomic)
        } catch {
            throw CommandFailure(.failure, "\(out): \(error.localizedDescription)")
        }
        Output.text(output.json ? JSONWriter.text(of: summary) : BacktestScreen.text(summary, output.style))
    }

    /// The documents with the market replaced by the tapes: the venue embedded, the screener as configured.
    private func resolve() throws -> ResolvedConfiguration {
        let overrides = [
            ConfigurationOverride(path: "runtime.market.source", value: "tape"),
            ConfigurationOverride(path: "runtime.paper.connection", value: "embedded"),
            ConfigurationOverride(path: "runtime.market.tapes", value: data.joined(separator: ",")),
        ]
        do throws(ConfigurationErrors) {
            return try ConfigurationFiles(directory: config).resolve(overrides: overrides)
        } catch {
            throw CommandFailure(.invalidConfiguration, "the configuration can't be used:\n\(error)")
        }
    }

    private func readSignals() throws -> [UInt8] {
        guard let signals else { return [] }
        guard let bytes = FileManager.default.contents(atPath: signals) else {
            throw CommandFailure(.invalidInput, "\(signals): can't be read")
        }
        return Array(bytes)
    }

    private func openTapes(_ configuration: ResolvedConfiguration) throws -> TapeFeed {
        do throws(NodeError) {
            let tape = try Tapes.open(data, configuration.engine.instruments)
            if tape.next == nil { throw NodeError.emptyTape }
            return tape
        } catch {
            throw Self.failure(error, data)
        }
    }

    private func openOut() throws -> PosixDisk {
        let path = HomePaths.under(out, "journal")
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let disk = try PosixDisk(path: path)
            let hasJournal = try disk.list().contains { $0.hasPrefix("journal-") }
            if hasJournal, !resume {
                throw CommandFailure(.failure, "\(path) holds a run already; --resume goes on with it")
            }
            return disk
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw RunCommand.failure(LiveError(path, error), "")
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

    private func play(
        _ setup: NodeSetup,
        _ tape: consuming TapeFeed,
        _ signals: SignalTape,
        _ started: Timestamp
    ) throws(NodeError) -> JSONValue {
        let runtime = setup.configuration.runtime
        let publishing = PublishingPlaces(runtime, backtest: out, software: Version.identity).observers()
        var backtest = try Backtest(setup, tape: tape, signals: signals, observers: publishing.observers)
        let isResumed = backtest.isResumed
        let showsProgress = Descriptor.isTerminal(2)
        while try backtest.run(records: 200_000) {
            if showsProgress { Output.hint("played \(backtest.played) market events") }
        }
        let result = try backtest.finish()
        publishing.complaints.forEach(Output.diagnostic)
        let elapsed = (SystemClock().now - started).seconds
        for (path, tape) in zip(data, result.tapes) {
            guard let first = tape.firstMalformed else { continue }
            Output.diagnostic(
                "\(path): \(tape.counts.malformed) of \(tape.counts.lines) lines are malformed and were left out; "
                    + "the first: \(first)"
            )
        }
        return BacktestScreen.json(
            result,
            paths: data,
            journalHash: try Self.hash(setup.disk),
            elapsed,
            isResumed: isResumed
        )
    }

    private static func hash(_ disk: any Disk) throws(NodeError) -> Digest256 {
        do throws(JournalError) { return try JournalVerifier.verify(disk).hash } catch { throw .journal(error) }
    }
}

/// The summary of a backtest, as JSON and as a screen.
enum BacktestScreen {
    static func json(
        _ result: BacktestResult,
        paths: [String],
        journalHash: Digest256,
        _ elapsed: Double,
        isResumed: Bool
    ) -> JSONValue {
        let run = result.statistics
        return .object([
            JSONMember("environment", "paper"),
            JSONMember("signals", .integer(run.signals)),
            JSONMember("acknowledgements", counts(SignalDisposition.allCases.map(\.name), run.acknowledgements)),
            JSONMember("vetoes", counts(VetoReason.allCases.map(\.name), run.vetoes, leavesOutZero: true)),
            JSONMember("invalid", counts(InvalidSignalReason.allCases.map(\.name), run.invalid, leavesOutZero: true)),
            JSONMember("orders", .integer(run.orders)), JSONMember("rejects", .integer(run.rejects)),
            JSONMember("fills", .integer(run.fills)), JSONMember("maker_fills", .integer(run.makerFills)),
            JSONMember("maker_share", number(run.makerShare)),
            JSONMember("filled_parents", .integer(run.filledParents)),
            JSONMember("maker_parents", .integer(run.makerParents)),
            JSONMember("fallback_parents", .integer(run.fallbackParents)),
            JSONMember("outcomes", counts(ParentOutcome.allCases.map(\.name), run.outcomes)),
            JSONMember("fallbacks", counts(FallbackReason.allCases.map(\.name), run.fallbacks, leavesOutZero: true)),
            JSONMember(
                "route_reasons",
                counts(RouteReason.allCases.map(\.name), run.routeReasons, leavesOutZero: true)
            ),
            JSONMember("take_profit_exits", .integer(run.takeProfitExits)),
            JSONMember("stop_loss_exits", .integer(run.stopLossExits)),
            JSONMember("notional", money(run.notional)), JSONMember("slippage_bps", number(run.slippageBps)),
            JSONMember("net_cost_bps", number(run.netCostBps)), JSONMember("fees", money(run.fees)),
            JSONMember("realized_pnl", money(run.realized)), JSONMember("result", money(run.realized - run.fees)),
            JSONMember("alarms", .integer(run.alarms)), JSONMember("divergences", .integer(run.divergences)),
            JSONMember("lost_notices", .integer(run.lostNotices)),
            JSONMember("market_events", .integer(result.marketEvents)),
            JSONMember("malformed_lines", .integer(result.tapes.reduce(0) { $0 + $1.counts.malformed })),
            JSONMember("tapes", .array(zip(paths, result.tapes).map { tape($0, $1) })),
            JSONMember("signal_lines", .integer(result.signalLines)),
            JSONMember("unused_signal_lines", .integer(result.unusedSignalLines)),
            JSONMember("sequence", .integer(result.sequence)), JSONMember("end_ts", .string(result.endTime.text())),
            JSONMember("commands", .integer(result.commandCount)),
            JSONMember("journal_hash", .string("\(journalHash)")),
            JSONMember("command_hash", .string("\(result.commandHash)")),
            JSONMember("state_hash", .string("\(result.stateHash)")),
            JSONMember(
                "timing",
                [
                    "elapsed_s": number(elapsed), "resumed": .bool(isResumed),
                    "market_events_per_s": number(elapsed > 0 ? Double(result.marketEvents) / elapsed : nil),
                ]
            ),
        ])
    }

    private static func tape(_ path: String, _ tape: TapeReport) -> JSONValue {
        let counts = tape.counts
        let first = tape.firstMalformed.map { found -> JSONValue in
            [
                "line": .integer(found.line), "column": .integer(found.fault.column),
                "field": .string(found.fault.field.key), "reason": .string(found.fault.reason.explanation),
            ]
        }
        return [
            "file": .string(path), "lines": .integer(counts.lines), "quotes": .integer(counts.quotes),
            "trades": .integer(counts.trades), "marks": .integer(counts.marks),
            "unknown_symbols": .integer(counts.unknownSymbols), "malformed": .integer(counts.malformed),
            "overlong": .integer(counts.overlong), "first_malformed": first ?? .null,
        ]
    }

    private static func counts(_ names: [String], _ values: [UInt64], leavesOutZero: Bool = false) -> JSONValue {
        .object(
            zip(names, values).compactMap { name, value in
                if name.isEmpty || leavesOutZero && value == 0 { return nil }
                return JSONMember(name, .integer(value))
            }
        )
    }

    private static func number(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number("\(value)")
    }

    private static func money(_ value: Money) -> JSONValue { .decimal(Rate(raw: value.raw8)) }

    static func text(_ value: JSONValue, _ style: Style) -> String {
        if style.isPlain { return PlainLines.text(value) }
        var lines = ["\(style.paper)  backtest"]
        for member in value.object ?? [] where member.key != "environment" {
            let padding = String(repeating: " ", count: max(1, 22 - member.key.count))
            if let members = member.value.object {
                let shown = members.map { "\($0.key) \(Screens.text($0.value))" }.joined(separator: ", ")
                lines.append("\(member.key)\(padding)\(shown.isEmpty ? "none" : shown)")
            } else {
                lines.append("\(member.key)\(padding)\(Screens.text(member.value))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
