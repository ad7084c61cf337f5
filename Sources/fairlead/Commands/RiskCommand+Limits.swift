import ArgumentParser
import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import Foundation

extension RiskCommand {
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Losses, tails, groups, tiers and the limits in force, as published last.",
            discussion: """
                Reads risk_snapshot.json: the engine may run or not.

                EXAMPLES
                  fairlead risk show
                  fairlead risk show --json
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let directory = HomePaths.under(place.paths.home, try place.resolve().runtime.state.directory)
            let file = directory + "/risk_snapshot.json"
            guard let bytes = FileManager.default.contents(atPath: file) else {
                throw CommandFailure(.unavailable, "\(file) is not there: no engine has published yet")
            }
            let value: JSONValue
            do throws(JSONError) {
                value = try JSONParser.parse(Array(bytes))
            } catch {
                let all = "\(Program.name) state validate\(place.flags)"
                throw CommandFailure(
                    .invalidInput,
                    "\(file) is damaged (\(error)): an engine writes it anew, \(Program.name) run\(place.flags) starts "
                        + "one; \(all) shows all files"
                )
            }
            output.show(value) { "\(output.style.paper)\n\(PlainLines.text($0))" }
            try tellAge(value, file)
        }

        /// It looks the same whether it is of this second or of yesterday.
        private func tellAge(_ value: JSONValue, _ file: String) throws {
            let time = value["updated_ts"]?.string.flatMap { Age.moment($0) } ?? .never
            let now = SystemClock().now
            let reason: String
            do {
                let patience = EngineClient.readerPatience
                let isRunning = try EngineClient.ifRunning(place, timeoutMilliseconds: patience) != nil
                if isRunning, now - time < Age.fresh { return }
                reason = isRunning ? "the engine publishes nothing" : "no engine runs in \(place.paths.home)"
            } catch let failure as CommandFailure where failure.status == .unavailable {
                reason = failure.message
            }
            Output.diagnostic("fairlead: \(reason); this is what \(file) says\(Age.text(of: time, at: now))")
        }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "No entry of a symbol, a direction or a strategy until it is enabled. Exits go on.",
            discussion: """
                Working entries of it are cancelled. Survives restarts.

                EXAMPLES
                  fairlead risk disable BTCUSDT
                  fairlead risk disable BTCUSDT --side sell
                  fairlead risk disable --strategy momentum
                """
        )

        enum Direction: String, CaseIterable, ExpressibleByArgument {
            case buy
            case sell
        }

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        @Option(name: .long, help: ArgumentHelp("Only this direction.", valueName: "buy|sell"))
        var side: Direction?

        @Option(name: .long, help: ArgumentHelp("A strategy, in place of a symbol.", valueName: "NAME"))
        var strategy: String?

        @Argument(help: ArgumentHelp("The symbol.", valueName: "SYMBOL"))
        var symbol: String?

        func validate() throws { try RiskCommand.judge(symbol, strategy, side: side != nil) }

        func run() throws {
            if let strategy {
                let result = try EngineClient(place).ask(.disableStrategy(strategy))
                return try Report.result(result, output) { _ in "strategy \(LogLine.plain(strategy)) is disabled" }
            }
            guard let symbol else { return }
            let meant: Side? = side.map { $0 == .buy ? .buy : .sell }
            let result = try EngineClient(place).ask(.disableSymbol(symbol, side: meant))
            try Report.result(result, output) { _ in
                "\(symbol) \(side.map { "\($0.rawValue)s are" } ?? "is") disabled"
            }
        }
    }

    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable",
            abstract: "Let a symbol or a strategy be entered again; clears a symbol's latches. Asks first.",
            discussion: """
                A position that somebody else has traded stays locked: positions adopt, close
                or ignore decides it.

                EXAMPLES
                  fairlead risk enable BTCUSDT
                  fairlead risk enable BTCUSDT --yes
                  fairlead risk enable --strategy momentum
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions

        @Option(name: .long, help: ArgumentHelp("A strategy, in place of a symbol.", valueName: "NAME"))
        var strategy: String?

        @Argument(help: ArgumentHelp("The symbol.", valueName: "SYMBOL"))
        var symbol: String?

        func validate() throws { try RiskCommand.judge(symbol, strategy, side: false) }

        func run() throws {
            let client = try EngineClient(place)
            if let strategy {
                let name = LogLine.plain(strategy)
                try confirm.require("PAPER: let strategy \(name) enter again?")
                let result = try client.ask(.enableStrategy(strategy))
                return try Report.result(result, output) { _ in "strategy \(name) is enabled" }
            }
            guard let symbol else { return }
            try confirm.require("PAPER: let \(symbol) trade again?")
            try EnableSymbolCommand.report(try client.ask(.enableSymbol(symbol)), symbol, output, place.flags)
        }
    }

    struct Reset: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset",
            abstract: "Begin the drawdown circuit anew at the present NAV. Asks first.",
            discussion: """
                The trading state stays as it is; resume goes on from there. Exit 4 when the
                circuit has not latched.

                EXAMPLES
                  fairlead risk reset
                  fairlead risk reset --yes
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions

        func run() throws {
            let client = try EngineClient(place)
            try confirm.require("PAPER: measure the drawdown from the present NAV?")
            try Report.result(try client.ask(.resetDrawdown), output) {
                "reset: the peak is \(Screens.amount($0["peak_nav"] ?? .null))"
            }
        }
    }

    /// A symbol or a strategy is named, not both; a direction is a symbol's.
    static func judge(_ symbol: String?, _ strategy: String?, side hasSide: Bool) throws {
        guard (symbol == nil) != (strategy == nil) else {
            throw ValidationError("Give a SYMBOL or --strategy NAME.")
        }
        if hasSide, strategy != nil { throw ValidationError("--side is of a symbol, not of a strategy.") }
    }
}
