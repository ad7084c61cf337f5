import ArgumentParser
import FairleadModel
import FairleadNode
import FairleadRuntime

// What a person orders. Engaging never asks; what raises or ends exposure does.

struct HaltCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "halt",
        abstract: "No new exposure from now on; exits still go out. Shows the sends since.",
        discussion: """
            While no engine runs it waits in the home for the next start.

            EXAMPLES
              fairlead halt
              fairlead halt --frozen      exits are held too
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Hold exits too.")
    var frozen = false

    func run() throws { try Engagement.run(.halt(isFrozen: frozen), place, output) }
}

struct StopEntriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop-entries",
        abstract: "No new entries; exits, cancels and protective levels go on. Persisted.",
        discussion: """
            While no engine runs it waits in the home for the next start.

            EXAMPLES
              fairlead stop-entries
              fairlead resume             let them out again
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() throws { try Engagement.run(.stopEntries, place, output) }
}

struct KillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "The kill switch: no new exposure, entries are cancelled. Survives restarts.",
        discussion: """
            While no engine runs it waits in the home for the next start.

            EXAMPLES
              fairlead kill
              fairlead status             exit 7 while it is engaged
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() throws { try Engagement.run(.kill, place, output) }
}

/// What halt, stop-entries and kill have in common: engage, then prove it.
enum Engagement {
    static func run(_ command: ControlCommand, _ place: PlaceOptions, _ output: OutputOptions) throws {
        var running: EngineClient?
        do { running = try EngineClient.ifRunning(place) } catch let failure as CommandFailure {
            // One that is only starting reads what is noted.
            guard failure.isEngineHidden else { throw failure }
        }
        guard let client = try running ?? noted(command, place, output) else { return }
        let result = try client.ask(command)
        // An engine that began meanwhile has it now: the start after this one is not to hear of it.
        if running == nil { try forget(place) }
        if output.json { return Output.json(result) }
        if output.plain { return Output.text(PlainLines.text(result)) }
        let state = result["trading_state"]?.string ?? "?"
        let sends = result["sends_since_engage"]?.lexeme ?? "?"
        Output.text("\(output.style.paper) \(output.style.yellow(state)): \(sends) increasing sends since")
        Output.hint(Self.hint(result, "\(Program.name) resume\(place.flags)"))
    }

    /// No engine runs: the order waits in the home for the next start. Gives an engine that began to listen meanwhile,
    /// and may not have seen it.
    private static func noted(
        _ command: ControlCommand,
        _ place: PlaceOptions,
        _ output: OutputOptions
    ) throws -> EngineClient? {
        let order = EngageAtStart(home: place.paths.home)
        // Without a home there is nothing that could be started here: the reason is the client's.
        guard order.hasHome else { return try EngineClient(place) }
        let waiting: KillBits
        do throws(LiveError) {
            try order.add(bits(command))
            waiting = try order.read()
        } catch {
            throw RunCommand.failure(error, place.flags)
        }
        let names = EngageAtStart.text(waiting)
        do { if let client = try EngineClient.ifRunning(place) { return client } } catch var failure as CommandFailure {
            guard failure.isEngineHidden else { throw failure }
            let noted = "\(names.joined(separator: ", ")) waits for a start"
            failure.message = "NOT DONE in the engine that runs; \(noted). \(failure.message)"
            failure.mayBeDone = true
            throw failure
        }
        let result: JSONValue = ["environment": "paper", "engaged_at_start": .array(names.map { .string($0) })]
        output.show(result) { _ in
            "\(output.style.paper) no engine runs: \(names.joined(separator: ", ")) waits for the next start, "
                + "which obeys before anything is sent"
        }
        Output.hint("orders at a venue stay as they are; \(Program.name) resume\(place.flags) takes it back")
        return nil
    }

    private static func forget(_ place: PlaceOptions) throws {
        let order = EngageAtStart(home: place.paths.home)
        guard order.hasHome else { return }
        do throws(LiveError) { try order.remove() } catch { throw RunCommand.failure(error, place.flags) }
    }

    private static func bits(_ command: ControlCommand) -> KillBits {
        if case .halt(let isFrozen) = command { return isFrozen ? [.halt, .frozen] : .halt }
        return command == .kill ? .kill : .stopEntries
    }

    /// What goes on, and what leads back.
    static func hint(_ result: JSONValue, _ resume: String) -> String {
        result["is_frozen"]?.bool == true
            ? "positions stay and NOTHING protects them: exits, stops and take-profits are held too; "
                + "\(resume) lets everything out again"
            : "positions and their stops stay; \(resume) lets new exposure out again"
    }
}

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Trade again after halt, stop-entries or kill. Asks first.",
        discussion: """
            While no engine runs it takes back what waits for the next start.

            EXAMPLES
              fairlead resume
              fairlead resume --yes
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var confirm: ConfirmOptions

    func run() throws {
        guard let client = try EngineClient.ifRunning(place) else { return try takeBack() }
        let status = try client.ask(.status)
        let state = status["trading_state"]?.string ?? "?"
        try confirm.require("PAPER: the engine is \(state). Let new exposure out again?")
        try Report.result(try client.ask(.resume), output) { "resumed: \($0["trading_state"]?.string ?? "?")" }
    }

    /// No engine runs: what waits for the next start is taken back; what its journal holds stands.
    private func takeBack() throws {
        let order = EngageAtStart(home: place.paths.home)
        do {
            let waiting = EngageAtStart.text(try order.read())
            if waiting.isEmpty {
                _ = try EngineClient(place)
                return
            }
            let words = waiting.joined(separator: ", ")
            try confirm.require("PAPER: no engine runs; \(words) waits for the next start. Take it back?")
            try order.remove()
            let result: JSONValue = ["environment": "paper", "engaged_at_start": []]
            try Report.result(result, output) { _ in
                "taken back: \(words); the next start goes on in the state that its journal has"
            }
        } catch let error as LiveError {
            throw RunCommand.failure(error, place.flags)
        }
    }
}

struct CancelAllCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-all",
        abstract: "Cancel every working order but those of a take-profit or stop-loss.",
        discussion: """
            EXAMPLES
              fairlead cancel-all
              fairlead orders            what is left
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Those too, with their levels: positions stay unprotected.")
    var protective = false

    func run() throws {
        let result = try EngineClient(place).ask(.cancelAll(includesProtective: protective))
        try Report.result(result, output) { _ in
            "cancelling; \(Program.name) orders\(place.flags) shows what is left"
        }
    }
}

struct FlattenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flatten",
        abstract: "Close positions at the market: all, or one symbol's. Shows them first and asks.",
        discussion: """
            EXAMPLES
              fairlead flatten
              fairlead flatten --symbol BTCUSDT --yes
              fairlead flatten --dry-run
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var confirm: ConfirmOptions

    @Option(name: .long, help: ArgumentHelp("Only this symbol.", valueName: "SYMBOL"))
    var symbol: String?

    @Flag(name: .customLong("dry-run"), help: "Show what would be closed, and do nothing.")
    var dryRun = false

    func run() throws {
        let client = try EngineClient(place)
        if let symbol { try known(symbol, client) }
        let all = try client.ask(.positions)["positions"]?.array ?? []
        let rows = all.filter { symbol == nil || $0["symbol"]?.string == symbol }
        if rows.isEmpty { return try endEntries(client) }
        if dryRun || !output.json { Output.diagnostic(Screens.positions(rows, output.style)) }
        if dryRun { return }
        try confirm.require("PAPER: close \(rows.count == 1 ? "this position" : "these \(rows.count) positions")?")
        let result = try client.ask(.flatten(symbol: symbol))
        try Self.report(result, output, place.flags)
    }

    /// Flat: what is at work can only open a position, and ends as it does beside one.
    private func endEntries(_ client: EngineClient) throws {
        let work = try client.ask(.orders)
        func rows(_ name: String) -> [JSONValue] {
            (work[name]?.array ?? []).filter { symbol == nil || $0["symbol"]?.string == symbol }
        }
        let (orders, parents) = (rows("orders"), rows("parents"))
        if orders.isEmpty, parents.isEmpty {
            return try Report.result(["closing": []], output) { _ in "no position to close, no entry at work" }
        }
        if dryRun || !output.json {
            Output.diagnostic(Screens.orders(orders, output.style))
            if let shown = Screens.parents(parents, output.style) { Output.diagnostic(shown) }
        }
        if dryRun { return }
        try confirm.require("PAPER: no position to close; end these entries?")
        try Report.result(try client.ask(.flatten(symbol: symbol)), output) { _ in
            "no position to close; ending entries: \(Program.name) orders\(place.flags) shows what is left"
        }
    }

    /// What is being closed, and what stays because risk vetoed its close: then the command ends with 4.
    static func report(_ result: JSONValue, _ output: OutputOptions, _ flags: String) throws {
        let vetoed = result["vetoed"]?.array ?? []
        let isClosing = vetoed.isEmpty || (result["positions"]?.array?.count ?? 0) > vetoed.count
        if isClosing || output.json || output.plain {
            let isConnected = result["is_connected"]?.bool != false
            try Report.result(result, output) { _ in
                let begun = isConnected ? "closing" : "the venue is not connected: the close goes when it is"
                return "\(begun); \(Program.name) positions\(flags) shows what is left"
            }
        }
        if let refusal = refusal(vetoed, flags) { throw CommandFailure(.vetoed, refusal) }
    }

    /// Which positions stay, why, and what leads on; nil when none was refused.
    static func refusal(_ vetoed: [JSONValue], _ flags: String) -> String? {
        guard let first = vetoed.first else { return nil }
        let stays = vetoed.map { row in
            let reasons = (row["reasons"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
            return "\(Screens.text(row["symbol"])) stays: \(reasons)"
        }
        let isHeld = vetoed.contains { $0["reasons"]?.array?.contains("kill_switch") == true }
        let next = isHeld ? "\(Program.name) resume\(flags) lets exits out again; " : ""
        let why = "\(Program.name) why\(flags) \(Screens.text(first["signal"])) shows the rows"
        return "refused: \(stays.joined(separator: "; ")). \(next)\(why)"
    }

    /// A slip in a symbol must not look like a position that is closed.
    private func known(_ symbol: String, _ client: EngineClient) throws {
        let names = (try client.ask(.status)["market"]?.array ?? []).compactMap { $0["symbol"]?.string }
        if names.contains(symbol) { return }
        let reason = "--symbol: \(LogLine.plain(symbol)) is not one of \(names.joined(separator: ", "))"
        throw CommandFailure(.invalidInput, reason + "; nothing was closed")
    }
}

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Ask the venue for everything and compare. Exit 5 on a difference, 69 without an answer.",
        discussion: """
            EXAMPLES
              fairlead reconcile
              fairlead reconcile || echo "exit 5: the venue said otherwise"
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let result = try EngineClient(place, timeoutMilliseconds: 30_000).ask(.reconcile)
        guard result["is_reconciled"]?.bool == true else {
            if output.json { Output.json(result) }
            throw CommandFailure(
                .unavailable,
                "not reconciled: the venue did not list everything within 20 s; no entry leaves until it has. "
                    + "\(Program.name) health\(place.flags) names the part"
            )
        }
        try Report.result(result, output) { value in
            let differences = value["divergences"]?.lexeme ?? "?"
            return differences == "0"
                ? "reconciled: no difference" : "\(differences) differences; the venue's truth was taken"
        }
        if let count = result["divergences"]?.integer, count > 0 { throw CommandFailure(.reconciliationMismatch) }
    }
}

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Read the configuration again: all changes or none. SIGHUP does the same.",
        discussion: """
            EXAMPLES
              fairlead config validate && fairlead reload
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let result = try EngineClient(place).ask(.reload)
        for warning in (result["warnings"]?.array ?? []).compactMap(\.string) { Output.hint("warning: \(warning)") }
        try Report.result(result, output) { value in
            let changes = (value["changes"]?.array ?? []).compactMap(\.string)
            return changes.isEmpty ? "nothing changed" : changes.joined(separator: "\n")
        }
    }
}

struct EnableSymbolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable-symbol",
        abstract: "Clear a symbol's latch (reject storm, over-send, repeated execution).",
        discussion: """
            EXAMPLES
              fairlead enable-symbol BTCUSDT --yes
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var confirm: ConfirmOptions

    @Argument(help: ArgumentHelp("The symbol.", valueName: "SYMBOL"))
    var symbol: String

    func run() throws {
        let client = try EngineClient(place)
        try confirm.require("PAPER: let \(symbol) trade again?")
        try Self.report(try client.ask(.enableSymbol(symbol)), symbol, output, place.flags)
    }

    /// A latch is cleared; what somebody else has traded is not decided by it.
    static func report(_ result: JSONValue, _ symbol: String, _ output: OutputOptions, _ flags: String) throws {
        try Report.result(result, output) { value in
            guard let row = value["locked"]?[0] else { return "\(symbol) is enabled" }
            let side = row["position_side"]?.string ?? "BOTH"
            let hedged = side == "BOTH" ? "" : " --side \(side.lowercased())"
            return "\(symbol) is enabled, and its entries stay locked: somebody else has traded it. "
                + "\(Program.name) positions\(flags) adopt | close | ignore \(symbol)\(hedged)"
        }
    }
}

/// How a command that did something reports: the engine's answer, or a sentence.
enum Report {
    static func result(_ value: JSONValue, _ output: OutputOptions, _ sentence: (JSONValue) -> String) throws {
        output.show(value) { "\(output.style.paper) \(sentence($0))" }
    }
}
