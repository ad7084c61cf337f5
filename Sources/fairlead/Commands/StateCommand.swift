import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadPublication
import FairleadRuntime

struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Check, show and watch the state files and logs, which are never written.",
        subcommands: [Validate.self, Show.self, Watch.self, History.self]
    )

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "validate",
            abstract: "Check files and logs against schemas, manifest and each other. Exit 65 on a finding.",
            discussion: """
                Each file of v7_manifest.json is there and keeps its schema, its keys are
                sorted, all stand at one cycle and agree. Of each log the last 8 MiB.
                A finding names the file, the field and what is wrong. The engine may run.

                EXAMPLES
                  fairlead state validate
                  fairlead state validate --home run --json
                  fairlead state validate --out out          a backtest's
                """
        )

        /// More findings of one run are counted only.
        static let shownFindings = 100

        @OptionGroup var place: StatePlace
        @OptionGroup var output: OutputOptions

        func run() throws {
            let found = try ContractSurvey(place)
            output.show(found.json(limit: Self.shownFindings)) { _ in found.text(limit: Self.shownFindings) }
            if !found.findings.isEmpty { throw CommandFailure(.invalidInput) }
        }
    }

    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "history",
            abstract: "How the router's policies changed, by symbol, with the evidence that made them.",
            discussion: """
                From logs/router_health.jsonl; with --sqlite from the history, which has the
                policies that decisions were made under, without the evidence.

                EXAMPLES
                  fairlead state history
                  fairlead state history --symbol BTCUSDT --limit 5
                  fairlead state history --sqlite --json
                """
        )

        @OptionGroup var place: StatePlace
        @OptionGroup var output: OutputOptions

        @Option(name: .long, help: ArgumentHelp("Only this symbol.", valueName: "SYMBOL"))
        var symbol: String?

        @Option(
            name: .long,
            help: ArgumentHelp("At most so many, the newest: 50 in a table, else all.", valueName: "N")
        )
        var limit: Int?

        @Flag(name: .long, help: "From the SQLite history instead of the log.")
        var sqlite = false

        func validate() throws {
            try Limit.judge(limit)
        }

        func run() throws {
            let shown = Limit.of(limit, output, inTable: 50)
            // One more than is shown: whether the list is cut.
            let all = try sqlite ? place.routerHistory(symbol, shown + 1) : fromLog(shown + 1)
            let found = Array(all.suffix(shown))
            if output.json { return Output.json(["entries": .array(found.map(\.json))]) }
            Output.text(RouterHistoryTable.text(found, output.style))
            if all.count > shown { Output.hint(Limit.words(shown: shown, of: nil, limit: shown)) }
        }

        private func fromLog(_ limit: Int) throws -> [RouterHistoryEntry] {
            let history = RouterHistory(directory: place.places.health, symbol: symbol, limit: limit)
            if let fault = history.fault { throw CommandFailure(.failure, "\(fault)") }
            if history.skippedLines > 0 { Output.hint("\(history.skippedLines) lines can't be read") }
            return history.entries
        }
    }
}
