import ArgumentParser
import FairleadConfiguration
import FairleadModel
import FairleadNode
import FairleadReport
import FairleadRuntime
import Foundation

struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Play recorded market data and signals through the engine, on the embedded paper venue.",
        discussion: """
            The same engine as in a live run, in the tape's time. Without --config the
            instruments are guessed from the tapes and everything else is the built-in
            default. --out holds the journal, which refers to the tapes, summary.json and
            report.html; a run that was stopped or killed goes on with --resume and ends
            with the same bytes. Several values of a setting make a grid: a run for each
            combination, in processes of their own; asked again, only what is missing is
            run. docs/BACKTEST.md tells the rest.

            EXAMPLES
              fairlead backtest --data btc.gz --signals signals.jsonl
              fairlead backtest --data btc.gz --data eth.gz --out out --config config
              fairlead backtest --data btc.gz --signals trend=a.jsonl --signals b.jsonl
              fairlead backtest --data btc.gz --signals s.jsonl --taker-fee-bps 4 \\
                --latency-ms 2..8 --set router.maker_timeout_ms=500,1500,5000
            """
    )

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Directory of the three documents; made from the tapes unless given.",
            valueName: "DIR"
        )
    )
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A tape of any format that `data inspect` reads. Repeatable.", valueName: "FILE")
    )
    var data: [String]

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Signals with their times (`ts`), one JSON object a line; NAME=FILE gives the strategy to those that name "
                + "none. Repeatable.",
            valueName: "FILE"
        )
    )
    var signals: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where everything goes; backtests/ and the inputs' hash unless given.",
            valueName: "DIR"
        )
    )
    var out: String?

    @Flag(name: .long, help: "Go on with a run that was stopped or killed.")
    var resume = false

    @OptionGroup(title: "SETTINGS") var settings: SettingOptions
    @OptionGroup(title: "GRID") var grid: GridOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if data.isEmpty { throw ValidationError("give at least one --data FILE") }
        if data.contains(where: { $0.contains(",") }) { throw ValidationError("--data: a path can't hold a comma") }
    }

    func run() throws {
        let stop = StopRequest()
        let inputs = try BacktestInputs(self, stop)
        if inputs.grid.isGrid {
            try BacktestGrid(inputs, grid, output, stop).run()
        } else {
            try BacktestRun(inputs, output, stop, resumes: resume).run()
        }
    }
}

/// What is set over the configuration's documents.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("maker-fee-bps"),
        parsing: .unconditional,
        help: ArgumentHelp("Fee of maker fills, of every instrument; negative: a rebate.", valueName: "BPS")
    )
    var makerFee: String?

    @Option(
        name: .customLong("taker-fee-bps"),
        parsing: .unconditional,
        help: ArgumentHelp("Fee of taker fills, of every instrument.", valueName: "BPS")
    )
    var takerFee: String?

    @Option(
        name: .customLong("latency-ms"),
        help: ArgumentHelp(
            "How long an order is under way, and its answer: fixed, or drawn evenly from A to B.",
            valueName: "MS|A..B"
        )
    )
    var latency: String?

    @Option(name: .long, help: ArgumentHelp("The account's first balance.", valueName: "AMOUNT"))
    var balance: String?

    @Option(
        name: .customLong("set"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Any key of the configuration. V,V and FROM..TO:STEP are several values: a grid. `*` stands for every "
                + "symbol: instruments.*.taker_fee_bps. Repeatable.",
            valueName: "KEY=V"
        )
    )
    var set: [String] = []

    /// Every setting as an axis, the options' own first.
    func axes() throws -> [SettingAxis] {
        do throws(SettingError) {
            var axes: [SettingAxis] = []
            if let makerFee { axes.append(try SettingAxis(key: Self.makerFeeKey, values: makerFee)) }
            if let takerFee { axes.append(try SettingAxis(key: Self.takerFeeKey, values: takerFee)) }
            if let balance { axes.append(try SettingAxis(key: "paper.starting_balance", values: balance)) }
            if let latency { axes += Self.latency(latency) }
            for text in set { axes.append(try SettingAxis(text, isList: ConfigurationDecoder.isList)) }
            return axes
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
    }

    private static let makerFeeKey = "instruments.*.maker_fee_bps"
    private static let takerFeeKey = "instruments.*.taker_fee_bps"

    /// Both ways alike: the order's to the venue, and its answer's back. A distribution of the documents gives way.
    private static func latency(_ text: String) -> [SettingAxis] {
        let ends = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return ["order_latency", "answer_latency"].flatMap { way in
            [
                SettingAxis(key: "paper.\(way).min_ms", value: ends[0]),
                SettingAxis(key: "paper.\(way).max_ms", value: ends[ends.count - 1]),
                SettingAxis(key: "paper.\(way).median_ms", value: "0"),
                SettingAxis(key: "paper.\(way).p99_ms", value: "0"),
                SettingAxis(key: "paper.\(way).quantiles_ms", value: ""),
            ]
        }
    }
}

/// How a grid is run and told.
struct GridOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Runs at a time; as many as there are cores unless given.", valueName: "N")
    )
    var jobs: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("The column that the best run is the best by.", valueName: "COLUMN")
    )
    var sort = "net_cost_bps"

    @Option(name: .customLong("configuration-source"), help: .hidden)
    var configurationSource: String?

    var column: GridColumn { GridColumn.named(sort) ?? GridColumn.all[0] }

    func validate() throws {
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is 1 to 256") }
        guard GridColumn.named(sort) == nil else { return }
        let names = GridColumn.all.map(\.name)
        let meant = Suggestion.nearest(to: sort, in: names).map { "; did you mean \($0)?" } ?? ""
        throw ValidationError("--sort \(sort) is not one of \(names.joined(separator: ", "))\(meant)")
    }
}
