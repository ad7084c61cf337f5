public import ArgumentParser
import FairleadConfiguration
public import FairleadModel
public import FairleadRuntime
import FairleadStore

// What a running engine is asked.

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "One screen: state, account, result today and in total by strategy, market, counts.",
        discussion: """
            Exit 7 while the kill switch is engaged, 3 while the engine is degraded.

            EXAMPLES
              fairlead status
              fairlead status --json | jq .nav
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let status = try EngineClient(place, timeoutMilliseconds: EngineClient.readerPatience).ask(.status)
        if output.json {
            Output.json(status)
        } else {
            Output.text(Screens.status(status, output.style, flags: place.flags))
        }
        try Condition.check(status)
    }
}

struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Each part and whether it works. Exit 7 when killed, 3 when degraded.",
        discussion: """
            EXAMPLES
              fairlead health
              fairlead health --check && echo well
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Say nothing; the exit code tells.")
    var check = false

    func run() throws {
        let health = try EngineClient(place, timeoutMilliseconds: EngineClient.readerPatience).ask(.health)
        if output.json {
            Output.json(health)
        } else if !check {
            Output.text(Screens.health(health, output.style))
        }
        try Condition.check(health)
    }
}

/// The exit code of what `status` and `health` found.
enum Condition {
    static func check(_ value: JSONValue) throws {
        let state = value["trading_state"]?.string ?? ""
        if state == "killed" || state == "halted" { throw CommandFailure(.killed) }
        if value["is_healthy"]?.bool == false { throw CommandFailure(.degraded) }
    }
}

struct FillsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fills",
        abstract: "Fills, newest last; the engine may run or not.",
        discussion: """
            Read from the history, else from the journal.

            EXAMPLES
              fairlead fills
              fairlead fills --symbol BTCUSDT --limit 100 --json
              fairlead fills --csv --since 7d > fills.csv
              fairlead fills --out out              a backtest's
            """
    )

    @OptionGroup var place: ReaderPlace
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: ArgumentHelp("Only this symbol.", valueName: "SYMBOL"))
    var symbol: String?

    @OptionGroup var age: SinceOption

    @Option(
        name: .long,
        help: ArgumentHelp("At most so many, the newest: 20 in a table, else all.", valueName: "N")
    )
    var limit: Int?

    @Flag(name: .long, help: "Comma-separated values with all columns, for a spreadsheet or the tax office.")
    var csv = false

    func validate() throws {
        try Limit.judge(limit)
        if csv, output.json || output.plain { throw ValidationError("--csv excludes --json and --plain") }
    }

    func run() throws {
        if let symbol { try place.view.require(symbol: symbol) }
        let shown = Limit.of(limit, csv ? nil : output, inTable: 20)
        let filter = HistoryFilter(symbol: symbol, since: age.moment, limit: shown)
        let found = try place.history()?.fills(filter) ?? place.view.fills(filter)
        if csv {
            let configuration = try place.view.configuration()
            let currency = configuration.runtime.reportingCurrency
            Output.verbatim(FillsTable.text(found, configuration.engine.instruments, feeAsset: currency))
            return Kept.tell(found.json)
        }
        if output.json { return Output.json(found.json) }
        let cut = Limit.words(shown: found.rows.count, of: found.total, limit: shown)
        Output.text(Screens.fills(found.json["fills"]?.array ?? [], output.style, cut: cut))
        Kept.tell(found.json)
    }
}

/// How many rows of a list are shown: a person's table ends early and says so, what a program reads is whole.
enum Limit {
    static func judge(_ given: Int?) throws {
        guard let given, !(1...1_000_000).contains(given) else { return }
        throw ValidationError("--limit is 1 to 1000000")
    }

    /// `output` is nil where a program reads.
    static func of(_ given: Int?, _ output: OutputOptions?, inTable standard: Int) -> Int {
        let isTable = output.map { !$0.json && !$0.plain } ?? false
        return given ?? (isTable ? standard : HistoryFilter.noLimit)
    }

    /// "20 of 43, --limit for more"; empty where nothing is left out.
    static func words(shown: Int, of total: Int?, limit: Int) -> String {
        if let total { return total > shown ? "\(shown) of \(total), --limit for more" : "" }
        return shown >= limit ? "the newest \(shown), --limit for more" : ""
    }
}

/// How far back a list goes.
struct SinceOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Not before this: 2026-01-31T08:00:00Z, or 90m, 12h, 7d ago.", valueName: "TIME")
    )
    var since: Since?

    var moment: Timestamp? { since?.moment }
}

/// A moment as a person gives it: in UTC, or so long before now.
struct Since: ExpressibleByArgument {
    let moment: Timestamp

    init?(argument: String) {
        do throws(TimestampError) {
            moment = try Timestamp(text: argument)
            return
        } catch {}
        let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()),
            (0...36_500).contains(count)
        else { return nil }
        moment = SystemClock().now + .seconds(-count * unit)
    }
}

/// Says, beside a list that ends early, since when records are kept.
enum Kept {
    static func tell(_ found: JSONValue) {
        if let through = found["through_sequence"]?.integer {
            Output.hint("through sequence \(through) of the journal")
        }
        guard let since = found["kept_since"]?["ts"]?.string else { return }
        Output.diagnostic("older records are not retained: the list begins at \(since)")
    }
}

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "The whole chain of a signal, an intent or an order, with its numbers.",
        discussion: """
            Read from the history, else from the journal; the engine may run or not.
            IDs: a signal's own id, s-12, i-0001-00000003, fl-0001-00000003-...
            Of an entry the exits of its levels and its trade too; an exit names its entry.

            EXAMPLES
              fairlead why my-signal-1
              fairlead why i-0001-00000003 --json
              fairlead why my-signal-1 --out out    of a backtest
            """
    )

    @OptionGroup var place: ReaderPlace
    @OptionGroup var output: OutputOptions

    @Argument(help: ArgumentHelp("Signal, intent or order.", valueName: "ID"))
    var id: String

    func run() throws {
        let chain = try place.chain(of: id)
        let value = JSONValue.object(
            [JSONMember("id", .string(id))] + chain.members + [JSONMember("through_sequence", chain.through)]
        )
        if output.json { return Output.json(value) }
        if output.plain { return Output.text(PlainLines.text(value)) }
        Output.text(Screens.chain(value, output.style, flags: place.flags))
        Kept.tell(value)
    }
}

struct OrdersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders",
        abstract: "List, cancel, amend, pause, resume and resolve orders.",
        subcommands: [List.self, Cancel.self, Amend.self, Pause.self, Resume.self, Resolve.self],
        defaultSubcommand: List.self
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Live orders; with --all the closed ones of the journal too.",
            discussion: """
                EXAMPLES
                  fairlead orders
                  fairlead orders list --all --json
                  fairlead orders --all --symbol BTCUSDT --since 12h
                """
        )

        @OptionGroup var place: ReaderPlace
        @OptionGroup var output: OutputOptions

        @Flag(name: .long, help: "Closed orders too.")
        var all = false

        @Option(name: .long, help: ArgumentHelp("Only this symbol.", valueName: "SYMBOL"))
        var symbol: String?

        @OptionGroup var age: SinceOption

        @Option(
            name: .long,
            help: ArgumentHelp("With --all: at most so many, the newest: 1000 in a table, else all.", valueName: "N")
        )
        var limit: Int?

        func validate() throws {
            try Limit.judge(limit)
            if !all, age.since != nil { throw ValidationError("--since goes with --all") }
        }

        func run() throws {
            if let symbol { try place.view.require(symbol: symbol) }
            let shown = Limit.of(limit, output, inTable: 1000)
            let filter = HistoryFilter(symbol: symbol, since: age.moment, limit: shown)
            let found = try all ? place.history()?.orders(filter) ?? place.view.orders(filter) : live()
            if output.json { return Output.json(found) }
            let rows = found["orders"]?.array ?? []
            let total = found["total"]?.integer.map { Int($0) }
            let cut = all ? Limit.words(shown: rows.count, of: total, limit: shown) : ""
            Output.text(Screens.orders(rows, output.style, cut: cut))
            if let parents = Screens.parents(found["parents"]?.array ?? [], output.style) { Output.text(parents) }
            Kept.tell(found)
        }

        /// What lives, of the symbol that is asked for.
        private func live() throws -> JSONValue {
            let found = try place.answer(.orders) { try $0.liveOrders() }
            guard let symbol, let rows = found["orders"]?.array else { return found }
            let chosen = JSONValue.array(rows.filter { $0["symbol"]?.string == symbol })
            return .object((found.object ?? []).map { $0.key == "orders" ? JSONMember("orders", chosen) : $0 })
        }
    }

    struct Resolve: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resolve",
            abstract: "Decide by hand what became of an order of which nothing certain is known. Asks first.",
            discussion: """
                EXAMPLES
                  fairlead orders resolve fl-0001-0000000c-01-0000-00-000003 --as dead
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions

        @Argument(help: ArgumentHelp("fl-...", valueName: "ORDER"))
        var order: ClientOrderID

        @Option(name: .customLong("as"), help: "dead, open or filled.")
        var resolution: Resolution

        func run() throws {
            let client = try EngineClient(place)
            try confirm.require("PAPER: count \(order) as \(resolution.rawValue)? The venue is not asked again.")
            let result = try client.ask(.resolve(order, resolution))
            try Report.result(result, output) { _ in "\(order) counts as \(resolution.rawValue)" }
        }
    }
}

extension Resolution: ExpressibleByArgument {}

extension ClientOrderID: @retroactive ExpressibleByArgument {
    public init?(argument: String) {
        do throws(IdentifierError) { try self.init(text: argument) } catch { return nil }
    }
}

extension Price: @retroactive ExpressibleByArgument {
    public init?(argument: String) {
        do throws(DecimalError) { try self.init(text: argument) } catch { return nil }
    }
}

extension Quantity: @retroactive ExpressibleByArgument {
    public init?(argument: String) {
        do throws(DecimalError) { try self.init(text: argument) } catch { return nil }
    }
}
