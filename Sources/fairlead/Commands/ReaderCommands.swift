public import ArgumentParser
public import FairleadModel
public import FairleadRuntime

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
        let status = try EngineClient(place).ask(.status)
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
        let health = try EngineClient(place).ask(.health)
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

struct PositionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "positions",
        abstract: "Open positions with marks and results; of a stopped engine, as its journal has them.",
        discussion: """
            EXAMPLES
              fairlead positions
              fairlead positions --out out          a backtest's, at its end
              fairlead positions --plain | cut -f 1,3
            """
    )

    @OptionGroup var place: ReaderPlace
    @OptionGroup var output: OutputOptions

    func run() throws {
        let value = try place.running()?.ask(.positions) ?? place.view.positions()
        if output.json { return Output.json(value) }
        Output.text(Screens.positions(value["positions"]?.array ?? [], output.style))
    }
}

struct FillsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fills",
        abstract: "Fills, newest last, read from the journal; the engine may run or not.",
        discussion: """
            EXAMPLES
              fairlead fills
              fairlead fills --symbol BTCUSDT --limit 100 --json
              fairlead fills --out out              a backtest's
            """
    )

    @OptionGroup var place: ReaderPlace
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: ArgumentHelp("Only this symbol.", valueName: "SYMBOL"))
    var symbol: String?

    @Option(name: .long, help: ArgumentHelp("At most so many, the newest.", valueName: "N"))
    var limit = 20

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is 1 to 1000000") }
    }

    func run() throws {
        if let symbol { try place.view.require(symbol: symbol) }
        let found = try place.view.fills(symbol: symbol, limit: limit)
        if output.json { return Output.json(found) }
        Output.text(Screens.fills(found["fills"]?.array ?? [], output.style))
        Kept.tell(found)
    }
}

/// Says, beside a list that ends early, since when records are kept.
enum Kept {
    static func tell(_ found: JSONValue) {
        guard let since = found["kept_since"]?["ts"]?.string else { return }
        Output.diagnostic("older records are not retained: the list begins at \(since)")
    }
}

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "The whole chain of a signal, an intent or an order, with its numbers.",
        discussion: """
            Read from the journal; the engine may run or not.
            IDs: a signal's own id, s-12, i-0001-00000003, fl-0001-00000003-...

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
        let chain = try place.view.chain(of: id)
        let value: JSONValue = ["id": .string(id), "events": .array(chain)]
        if output.json { return Output.json(value) }
        if output.plain { return Output.text(PlainLines.text(value)) }
        Output.text(Screens.chain(chain, output.style))
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
                """
        )

        @OptionGroup var place: ReaderPlace
        @OptionGroup var output: OutputOptions

        @Flag(name: .long, help: "Closed orders too.")
        var all = false

        @Option(name: .long, help: ArgumentHelp("With --all: at most so many, the newest.", valueName: "N"))
        var limit = 1000

        func validate() throws {
            guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is 1 to 1000000") }
        }

        func run() throws {
            let found =
                all ? try place.view.orders(limit: limit) : try place.running()?.ask(.orders) ?? place.view.liveOrders()
            if output.json { return Output.json(found) }
            Output.text(Screens.orders(found["orders"]?.array ?? [], output.style))
            if let parents = Screens.parents(found["parents"]?.array ?? [], output.style) { Output.text(parents) }
            Kept.tell(found)
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
