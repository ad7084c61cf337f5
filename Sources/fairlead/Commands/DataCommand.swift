import ArgumentParser
import FairleadConfiguration
import FairleadMarketData
import FairleadModel
import FairleadRuntime
import Foundation

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Recorded market data: look into it, convert it, make some.",
        subcommands: [Inspect.self, Import.self, Export.self, Generate.self]
    )

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "inspect",
            abstract: "What files hold: kinds, symbols, span, rates, gaps, spreads. Exit 65 when nothing can be read.",
            discussion: """
                Reads recordings of Binance's streams (text, .gz), zips of US equity ticks and
                minutes, and tape files of our own; several files are merged by time. Depth is
                built into books, whose touch is compared with each recorded quote of the same
                update.

                EXAMPLES
                  fairlead data inspect btc.gz
                  fairlead data inspect usdm_0404.gz usdm_0405.gz --json
                  fairlead data inspect ibm_quote.zip ibm_trade.zip --silence 60
                """
        )

        @Argument(help: ArgumentHelp("Tapes of any format.", valueName: "FILE"))
        var files: [String]

        @Option(name: .long, help: "Seconds without a record that count as a silence.")
        var silence = 10

        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard (1...86_400).contains(silence) else { throw ValidationError("--silence is 1 to 86400") }
        }

        func run() throws {
            var feed = try MarketFeed(files, content: .all)
            var survey = MarketSurvey(feed.symbols, silence: .seconds(Int64(silence)))
            while let record = try feed.next() { survey.add(record, levels: feed.merger.levels) }
            let screen = SurveyScreen(files: feed.files, symbols: survey.surveys, silence: survey.silence)
            if output.json { Output.json(screen.json) } else { Output.text(screen.text(output.style)) }
            try feed.tellMalformed()
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Convert tapes to one tape file of ours, which replays several times faster.",
            discussion: """
                Several files are merged by time, equal times in their order here. The file
                has its name only when it is whole, and every part of it carries a check sum
                (docs/MARKET-DATA.md).

                EXAMPLES
                  fairlead data import btc.gz eth.gz --out day.fltape
                  fairlead data import btc.gz --only quotes,trades --out touch.fltape
                """
        )

        @Argument(help: ArgumentHelp("Tapes of any format.", valueName: "FILE"))
        var files: [String]

        @Option(name: .long, help: ArgumentHelp("The file to write.", valueName: "FILE"))
        var out: String

        @OptionGroup var selection: ContentOption
        @Flag(name: .long, help: "Replace the file when it is there.")
        var force = false
        @OptionGroup var output: OutputOptions

        func run() throws {
            var feed = try MarketFeed(files, content: try selection.content)
            var sink = try TapeSink(out, feed.symbols, force: force)
            while let record = try feed.next() { try sink.append(record, feed.merger.levels) }
            try feed.tellMalformed()
            try sink.finish(output)
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Write tapes as JSON lines or CSV, or as bars made of them.",
            discussion: """
                A CSV row a record, and a row a level of depth. --bars makes bars of trades,
                and of the middle where an interval had no trade; an interval that the tapes
                end in is no bar.

                EXAMPLES
                  fairlead data export day.fltape --format csv --only trades > trades.csv
                  fairlead data export btc.gz --bars 60 --out bars.jsonl
                """
        )

        @Argument(help: ArgumentHelp("Tapes of any format.", valueName: "FILE"))
        var files: [String]

        @Option(name: .long, help: ArgumentHelp("jsonl or csv.", valueName: "FORMAT"))
        var format = "jsonl"

        @Option(name: .long, help: ArgumentHelp("A file instead of stdout.", valueName: "FILE"))
        var out: String?

        @Option(name: .long, help: ArgumentHelp("Bars of so many seconds instead of the records.", valueName: "S"))
        var bars: Int?

        @OptionGroup var selection: ContentOption
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if MarketLines.Format(rawValue: format) == nil { throw ValidationError("--format is jsonl or csv") }
            if output.json, format == "csv" { throw ValidationError("--json and --format csv exclude each other") }
            if let bars, !(1...86_400).contains(bars) { throw ValidationError("--bars is 1 to 86400") }
        }

        func run() throws {
            let kind = MarketLines.Format(rawValue: format) ?? .jsonl
            var feed = try MarketFeed(files, content: bars == nil ? try selection.content : [.quotes, .trades])
            var lines = MarketLines(kind, feed.symbols)
            let sink = try TextSink(out)
            sink.bytes += lines.heading
            let builder = bars.map { BarFeed(seconds: $0) }
            while let record = try feed.next() {
                let levels = feed.merger.levels
                if let builder {
                    builder.add(record) { lines.append($0, [], to: &sink.bytes) }
                } else {
                    lines.append(record, levels, to: &sink.bytes)
                }
                try sink.flush(over: 65_536)
            }
            try sink.finish()
            try feed.tellMalformed()
        }
    }

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Write the synthetic market as a tape: the same seed gives the same bytes.",
            discussion: """
                Symbols, prices and rates are those of market.synthetic in the configuration.

                EXAMPLES
                  fairlead data generate --seed 7 --minutes 60 --out market.fltape
                  fairlead data generate --from 2024-01-01T00:00:00Z --out a.fltape
                """
        )

        @OptionGroup var place: PlaceOptions

        @Option(name: .long, help: "What everything is drawn from.")
        var seed: UInt64 = 1

        @Option(name: .long, help: "How long, in the market's own minutes.")
        var minutes = 60

        @Option(name: .long, help: ArgumentHelp("The first time, ISO 8601 UTC.", valueName: "TIME"))
        var from = "2024-01-01T00:00:00Z"

        @Option(name: .long, help: ArgumentHelp("The file to write.", valueName: "FILE"))
        var out: String

        @Flag(name: .long, help: "Replace the file when it is there.")
        var force = false
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard (1...100_000).contains(minutes) else { throw ValidationError("--minutes is 1 to 100000") }
        }

        func run() throws {
            let start: Timestamp
            do throws(TimestampError) {
                start = try Timestamp(text: from.utf8.span)
            } catch {
                throw CommandFailure(.usage, "--from \(error.explanation)")
            }
            let resolved = try place.resolve()
            var settings = resolved.runtime.market.synthetic
            settings.seed = seed
            let instruments = resolved.engine.instruments
            var market: SyntheticMarket
            do throws(SyntheticMarketError) {
                market = try SyntheticMarket(settings, instruments: instruments, startingAt: start)
            } catch {
                throw CommandFailure(.invalidConfiguration, "\(error)")
            }
            var sink = try TapeSink(out, TapeSymbols(instruments), force: force)
            let end = start + .minutes(Int64(minutes))
            var ordinal: UInt64 = 0
            while market.nextTime < end {
                let (time, event) = market.next()
                guard let content = MarketContent(event) else { continue }
                ordinal += 1
                try sink.append(MarketRecord(time: time, ordinal: ordinal, content: content), [])
            }
            try sink.finish(output)
        }
    }
}

/// Which kinds of records are meant.
struct ContentOption: ParsableArguments {
    static let names: [(name: String, content: TapeContent)] = [
        ("quotes", .quotes), ("trades", .trades), ("marks", .marks), ("bars", .bars), ("depth", .depth),
    ]

    @Option(
        name: .long,
        help: ArgumentHelp("quotes, trades, marks, bars, depth: these alone, by comma.", valueName: "LIST")
    )
    var only: String?

    var content: TapeContent {
        get throws {
            guard let only else { return .all }
            var content: TapeContent = []
            for word in only.split(separator: ",") {
                guard let known = Self.names.first(where: { $0.name == word }) else {
                    throw CommandFailure(.usage, "--only: there is no \(word)")
                }
                content.insert(known.content)
            }
            if content.isEmpty { throw CommandFailure(.usage, "--only names nothing") }
            return content
        }
    }
}
