import FairleadConfiguration
import FairleadModel
import FairleadReport
import FairleadRuntime
import Foundation

/// A run for each combination of settings, each in a process of its own: one that dies takes only itself down.
///
/// A run's directory is named by the hash of its inputs, so that one which is whole is never repeated, by whatever grid
/// it is asked for, and one that was stopped goes on.
struct BacktestGrid {
    /// A run of the grid before it has an outcome.
    private struct Plan {
        var index: Int
        var hash: Digest128
        /// Under the grid's directory.
        var place: String { "runs/\(hash.description.prefix(12))" }
    }

    private let inputs: BacktestInputs
    private let options: GridOptions
    private let output: OutputOptions
    private let stop: StopRequest
    private let out: String
    private let plans: [Plan]

    init(_ inputs: BacktestInputs, _ options: GridOptions, _ output: OutputOptions, _ stop: StopRequest) throws {
        self.inputs = inputs
        self.options = options
        self.output = output
        self.stop = stop
        var plans: [Plan] = []
        var known: [Digest128: Int] = [:]
        // All are checked before the first is run.
        for index in 0..<inputs.grid.runCount {
            let hash = inputs.hash(try inputs.resolve(index))
            if let other = known[hash] {
                let values = inputs.grid.values(of: index).joined(separator: ", ")
                throw CommandFailure(.usage, "runs \(other + 1) and \(index + 1) of the grid are the same (\(values))")
            }
            known[hash] = index
            plans.append(Plan(index: index, hash: hash))
        }
        self.plans = plans
        let all = Digest128(of: plans.map(\.hash.description).joined(separator: "\n"))
        out = inputs.out ?? "backtests/grid-\(all.description.prefix(12))"
    }

    func run() throws {
        try inputs.writeDocuments(to: HomePaths.under(out, "config"))
        let jobs = options.jobs ?? ProcessInfo.processInfo.activeProcessorCount
        var pool = WorkerPool(jobs: jobs, stop: stop)
        let waiting = plans.filter { finished($0) == nil }
        let kept = plans.count - waiting.count
        if kept > 0 { Output.hint("\(kept) of \(plans.count) runs are there already") }
        let began = SystemClock().now
        try pool.run(waiting.map { WorkerPool.Task(words: words($0), directory: directory($0)) })
        if stop.isAsked {
            let words = ([Program.name] + CommandLine.arguments.dropFirst().map(PlaceOptions.quoted))
                .joined(separator: " ")
            throw CommandFailure(.interrupted, "stopped; what was run is kept in \(out). It goes on with:\n  \(words)")
        }
        var failures: [Int: String] = [:]
        for (plan, failure) in zip(waiting, pool.failures) { failures[plan.index] = failure }
        let runs = plans.map { plan -> GridRun in
            let outcome: GridRun.Outcome =
                if let failure = failures[plan.index] {
                    .failed(failure)
                } else if let summary = finished(plan) {
                    .finished(summary)
                } else {
                    .failed("it left no summary")
                }
            let values = inputs.grid.values(of: plan.index)
            return GridRun(number: plan.index + 1, values: values, place: plan.place, outcome: outcome)
        }
        try tell(GridTable(inputs.grid, runs, sortedBy: options.column), (SystemClock().now - began).seconds)
    }

    private func directory(_ plan: Plan) -> String { HomePaths.under(out, plan.place) }

    /// The summary of a run that is whole; nil otherwise.
    private func finished(_ plan: Plan) -> JSONValue? {
        let files = FileManager.default
        guard let summary = OutputFile.json(HomePaths.under(directory(plan), "summary.json")),
            summary["inputs_hash"]?.string == plan.hash.description,
            files.fileExists(atPath: HomePaths.under(directory(plan), "report.html"))
        else { return nil }
        return summary
    }

    /// The command line of one run.
    private func words(_ plan: Plan) -> [String] {
        var words = ["backtest", "--config", HomePaths.under(out, "config")]
        words += ["--configuration-source", inputs.source]
        for path in inputs.data { words += ["--data", path] }
        for file in inputs.signals { words += ["--signals", file.word] }
        for (axis, value) in zip(inputs.grid.axes, inputs.grid.values(of: plan.index)) {
            words += ["--set", "\(axis.key)=\(value)"]
        }
        return words + ["--out", directory(plan), "--resume", "--quiet", "--json"]
    }

    private func tell(_ table: GridTable, _ elapsed: Double) throws {
        try OutputFile.write(table.csv, to: HomePaths.under(out, "grid.csv"))
        try OutputFile.write(table.json, to: HomePaths.under(out, "grid.json"))
        let tapes = zip(inputs.data, inputs.digests).map { "\($0), SHA-256 \($1)" }
        try OutputFile.write(
            table.page(version: Version.text, tapes: tapes),
            to: HomePaths.under(out, "report.html")
        )
        if output.json { Output.json(table.json) } else { Output.text(screen(table, elapsed)) }
        let failed = table.failures
        guard let first = failed.first, case .failed(let reason) = first.outcome else { return }
        let again = words(plans[first.number - 1]).map(PlaceOptions.quoted).joined(separator: " ")
        throw CommandFailure(
            .failure,
            "\(failed.count) of \(table.runs.count) runs failed; run \(first.number): \(reason)\n"
                + "  again: \(Program.name) \(again)"
        )
    }

    private func screen(_ table: GridTable, _ elapsed: Double) -> String {
        let (titles, rows) = table.screen
        var cells = Table(titles.map { Table.Column($0.0, isNumber: $0.isNumber) })
        for row in rows { cells.add(row) }
        let text = cells.text(output.style, empty: "no run")
        if output.style.isPlain { return text }
        let place = PlaceOptions.quoted(out)
        return """
            \(output.style.paper)  backtest grid  \(table.runs.count) runs, best \(table.sort.name) first

            \(text)

              open       \(output.style.bold("\(place)/report.html"))
              also       \(place)/grid.csv, \(place)/grid.json, a report in each \(place)/runs/...
              elapsed    \(ProgressLine.clock(elapsed))
            """
    }
}
