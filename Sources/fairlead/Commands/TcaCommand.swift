import ArgumentParser
import FairleadComparison
import FairleadConfiguration
import FairleadModel
import FairleadNode
import FairleadReport
import FairleadRuntime
import Foundation

struct TcaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tca",
        abstract: "Transaction cost analysis: what executions cost, and what other ways would have cost.",
        subcommands: [TcaReportCommand.self, TcaCompareCommand.self]
    )
}

struct TcaCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Execute the same arrivals on recorded data in several ways, and compare their net cost.",
        discussion: """
            Arms: always_taker, plain_twap, always_maker_stay, always_maker_follow,
            thresholds (the router as configured), thresholds_stay and adaptive. At each
            arrival a buy and a sell, each in an engine, a paper venue and an account of
            its own; everything is filled by the deadline. Costs are net of fees, against
            the mid at arrival; intervals are 95 % by a block bootstrap. Beside it: other
            fees, the other queue model, other latencies, and arrivals that share an
            account. Without --config the instruments are guessed from the tapes and
            everything else is the built-in default. The same inputs give the same report,
            whatever --jobs. docs/TCA.md tells how to read it.

            EXAMPLES
              fairlead tca compare --data btc.gz --data eth.gz --html costs.html
              fairlead tca compare --data btc.gz --headline-only --csv > costs.csv
              fairlead tca compare --data btc.gz --fees 0/1.7,2/5 --latency-ms 50
            """
    )

    @Option(
        name: .long,
        help: ArgumentHelp("A tape of any format that `data inspect` reads. Repeatable.", valueName: "FILE")
    )
    var data: [String]

    @Option(
        name: .long,
        help: ArgumentHelp("Directory of the three documents; made from the tapes unless given.", valueName: "DIR")
    )
    var config: String?

    @Option(
        name: .customLong("set"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Any key of the configuration, for all arms; an arm's own settings win.", valueName: "KEY=V")
    )
    var set: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Only these arms, between commas; always_taker is added.", valueName: "ARM,ARM")
    )
    var arms: String?

    @Flag(
        name: .customLong("headline-only"),
        help: "Only the headline and the fees: no other queue, latency or shared account."
    )
    var headlineOnly = false

    @OptionGroup(title: "THE MEASUREMENT") var measurement: TcaMeasurementOptions

    @Flag(name: .long, help: "CSV on stdout: a row for each recording, section and arm.")
    var csv = false

    @Option(name: .long, help: ArgumentHelp("Write the report as a page of its own.", valueName: "FILE"))
    var html: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Write report.json, report.csv and report.html there too.", valueName: "DIR")
    )
    var out: String?

    @Option(name: .long, help: ArgumentHelp("Threads; as many as there are cores unless given.", valueName: "N"))
    var jobs: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if data.isEmpty { throw ValidationError("give at least one --data FILE") }
        if csv, output.json || output.plain { throw ValidationError("--csv excludes --json and --plain") }
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is 1 to 256") }
        _ = try chosen()
        for text in set where !text.contains("=") { throw ValidationError("--set is KEY=VALUE, not \(text)") }
    }

    private func chosen() throws -> [ComparisonArm] {
        guard let arms else { return ComparisonArm.all }
        var wanted = arms.split(separator: ",").map(String.init)
        let names = ComparisonArm.all.map(\.name)
        for name in wanted where !names.contains(name) {
            let meant = Suggestion.nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError("--arms: \(name) is not one of \(names.joined(separator: ", "))\(meant)")
        }
        wanted.append(ComparisonArm.baseline)
        return ComparisonArm.all.filter { wanted.contains($0.name) }
    }

    func run() throws {
        let stop = StopRequest()
        let began = SystemClock().now
        let documents: ConfigurationDocuments
        if let config {
            do throws(ConfigurationErrors) { documents = try ConfigurationFiles(directory: config).read() } catch {
                throw CommandFailure(.invalidConfiguration, "the configuration can't be used:\n\(error)")
            }
        } else {
            let guessed = try TapeGuess.documents(data, stop)
            documents = guessed.documents(tapes: ["recorded"])
            TapeGuess.tell(guessed)
        }
        let comparison = ArmComparison(
            documents: documents,
            source: config ?? "guessed from the tapes",
            data: data,
            overrides: set.compactMap { text in
                text.firstIndex(of: "=").map {
                    ConfigurationOverride(path: String(text[..<$0]), value: String(text[text.index(after: $0)...]))
                }
            },
            plan: try measurement.plan(),
            arms: try chosen(),
            isQuick: headlineOnly,
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
            stop: stop
        )
        let report = try comparison.report()
        if let html { try OutputFile.write(ComparisonPage(report).text, to: html) }
        if let out {
            try OutputFile.write(report.json, to: HomePaths.under(out, "report.json"))
            try OutputFile.write(report.csv, to: HomePaths.under(out, "report.csv"))
            try OutputFile.write(ComparisonPage(report).text, to: HomePaths.under(out, "report.html"))
        }
        tell(report, (SystemClock().now - began).seconds)
    }

    private func tell(_ report: ComparisonReport, _ elapsed: Double) {
        Output.detail("measured in \(ProgressLine.clock(elapsed))")
        if output.json { return Output.json(report.json) }
        if csv { return Output.verbatim(report.csv) }
        Output.text(ComparisonScreen.text(report, output.style))
        if let html { Output.hint("open \(PlaceOptions.quoted(html))") }
    }
}

/// What the measurement is made under.
struct TcaMeasurementOptions: ParsableArguments {
    @Option(name: .customLong("interval-ms"), help: ArgumentHelp("Between two arrivals.", valueName: "MS"))
    var interval: Int64 = 500

    @Option(name: .customLong("deadline-s"), help: ArgumentHelp("Until then everything is filled.", valueName: "S"))
    var deadline: Int64 = 10

    @Option(name: .long, help: ArgumentHelp("Of each order, rounded down to the lot.", valueName: "AMOUNT"))
    var notional: Int64 = 500

    @Option(
        name: .customLong("latency-ms"),
        help: ArgumentHelp("Of an order to the venue, and of its answer back.", valueName: "MS")
    )
    var latency: Int64 = 20

    @Option(
        name: .customLong("other-latencies-ms"),
        help: ArgumentHelp("Measured beside it, on every fourth arrival.", valueName: "MS,MS")
    )
    var latencies = "1,100,250"

    @Option(
        name: .long,
        help: ArgumentHelp("Maker/taker fees in bps; the first pair is the headline.", valueName: "M/T,M/T")
    )
    var fees = "2/5,0/1.7,5/5"

    @Option(
        name: .long,
        help: ArgumentHelp("Queue model of the headline: risk_averse or probabilistic.", valueName: "MODEL")
    )
    var queue = QueueModelChoice.riskAverse.rawValue

    @Option(
        name: .customLong("prior-weights"),
        help: ArgumentHelp("Tried where arrivals share an account.", valueName: "N,N")
    )
    var priorWeights = "20,50,100,200,500"

    @Option(name: .long, help: ArgumentHelp("At most so many arrival times of each recording.", valueName: "N"))
    var limit: Int?

    @Option(name: .long, help: ArgumentHelp("Of the bootstrap.", valueName: "N"))
    var seed: UInt64 = 1

    func validate() throws { _ = try plan() }

    func plan() throws -> ComparisonPlan {
        var plan = ComparisonPlan()
        plan.interval = .milliseconds(try Self.within(interval, 10...60_000, "--interval-ms"))
        plan.deadline = .seconds(try Self.within(deadline, 2...600, "--deadline-s"))
        plan.latency = .milliseconds(try Self.within(latency, 0...400, "--latency-ms"))
        plan.notional = Money(whole: try Self.within(notional, 1...1_000_000_000, "--notional"))
        plan.latencies = try latencies.split(separator: ",").map { text in
            guard let value = Int64(text) else { throw ValidationError("--other-latencies-ms: \(text) is no number") }
            return .milliseconds(try Self.within(value, 0...400, "--other-latencies-ms"))
        }
        plan.fees = try fees.split(separator: ",").map(Self.pair)
        if plan.fees.isEmpty { throw ValidationError("--fees needs a pair") }
        guard let model = QueueModelChoice(rawValue: queue) else {
            throw ValidationError("--queue is risk_averse or probabilistic")
        }
        plan.queue = model
        plan.priorWeights = try priorWeights.split(separator: ",").map { text in
            guard let value = Int64(text) else { throw ValidationError("--prior-weights: \(text) is no number") }
            return Int(try Self.within(value, 0...10_000, "--prior-weights"))
        }
        if let limit { plan.limit = Int(try Self.within(Int64(limit), 1...1_000_000, "--limit")) }
        plan.seed = seed
        return plan
    }

    private static func within(_ value: Int64, _ range: ClosedRange<Int64>, _ name: String) throws -> Int64 {
        guard range.contains(value) else {
            throw ValidationError("\(name) is \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private static func pair(_ text: Substring) throws -> FeePair {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false)
        guard ends.count == 2, let maker = Double(ends[0]), let taker = Double(ends[1]),
            (-100...1000).contains(maker), (-100...1000).contains(taker)
        else { throw ValidationError("--fees: \(text) is not MAKER/TAKER in bps") }
        return FeePair(maker: maker, taker: taker)
    }
}
