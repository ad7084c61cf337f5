import ArgumentParser
import FairleadConfiguration
import FairleadModel
import FairleadNode
import FairleadReport
import FairleadRuntime

struct TcaReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "What the router's executions cost, by symbol, strategy, route and hour.",
        discussion: """
            Orders that have ended, with their fills: net cost against the mid at arrival,
            implementation shortfall in its parts, effective and realised spread, mark-outs,
            share filled and filled by makers. Read from the history, else from the journal;
            the engine may run or not. Hours are UTC, of an order's end.

            EXAMPLES
              fairlead tca report
              fairlead tca report --symbol BTCUSDT --since 7d --html costs.html
              fairlead tca report --out out --csv > costs.csv     a backtest's
            """
    )

    @OptionGroup var place: ReaderPlace
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: ArgumentHelp("Only this symbol.", valueName: "SYMBOL"))
    var symbol: String?

    @OptionGroup var age: SinceOption

    @Flag(name: .long, help: "CSV on stdout: a row for each symbol, strategy, route and hour.")
    var csv = false

    @Option(name: .long, help: ArgumentHelp("Write the report as a page of its own.", valueName: "FILE"))
    var html: String?

    func validate() throws {
        if csv, output.json || output.plain { throw ValidationError("--csv excludes --json and --plain") }
    }

    func run() throws {
        if let symbol { try place.view.require(symbol: symbol) }
        var ledger = CostLedger(symbol: symbol, since: age.moment)
        if let history = try place.history(), let entries = history.costs() {
            let names = history.names()
            for entry in entries { ledger.add(entry, names) }
        } else {
            place.view.tellSource()
            _ = try place.view.replay { item, names in
                if case .notice(let entry) = item { ledger.add(entry, names) }
            }
        }
        let report = CostReport(ledger, currency: try place.view.configuration().runtime.reportingCurrency)
        if let html { try OutputFile.write(report.page, to: html) }
        if output.json { return Output.json(report.json) }
        if csv { return Output.verbatim(report.csv) }
        Output.text(screen(report, ledger))
        if let html { Output.hint("open \(PlaceOptions.quoted(html))") }
    }

    private func screen(_ report: CostReport, _ ledger: CostLedger) -> String {
        let style = output.style
        var pieces: [String] = style.isPlain ? [] : ["\(style.paper)  costs of execution, in bps unless said"]
        for dimension in CostLedger.Dimension.allCases {
            let headings = CostReport.headings(dimension)
            let first = style.isPlain ? ["by", "name"] : [headings[0]]
            var table = Table(
                first.map { Table.Column($0) } + headings.dropFirst().map { Table.Column($0, isNumber: true) }
            )
            for row in report.cells(dimension) { table.add((style.isPlain ? [dimension.rawValue] : []) + row) }
            if style.isPlain, dimension != .total {
                pieces.append(
                    contentsOf: table.text(style, empty: "").split(separator: "\n").dropFirst().map(String.init)
                )
            } else {
                pieces.append(table.text(style, empty: dimension == .total ? "no order has ended" : ""))
            }
        }
        if style.isPlain { return pieces.joined(separator: "\n") }
        if let note = report.markoutNote { pieces.append("  \(note)") }
        if ledger.openFills > 0 {
            pieces.append("  \(ledger.openFills) fills of orders that are still at work left out")
        }
        return pieces.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
