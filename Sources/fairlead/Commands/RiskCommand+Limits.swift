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
                throw CommandFailure(.unavailable, "\(file) can't be read: \(error)")
            }
            output.show(value) { "\(output.style.paper)\n\(PlainLines.text($0))" }
        }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "No entry of a symbol, or of one direction, until it is enabled. Exits go on.",
            discussion: """
                Working entries of it are cancelled. Survives restarts.

                EXAMPLES
                  fairlead risk disable BTCUSDT
                  fairlead risk disable BTCUSDT --side sell
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

        @Argument(help: ArgumentHelp("The symbol.", valueName: "SYMBOL"))
        var symbol: String

        func run() throws {
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
            abstract: "Let a symbol be entered again; clears its latches too. Asks first.",
            discussion: """
                EXAMPLES
                  fairlead risk enable BTCUSDT
                  fairlead risk enable BTCUSDT --yes
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
            try Report.result(try client.ask(.enableSymbol(symbol)), output) { _ in "\(symbol) is enabled" }
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
}
