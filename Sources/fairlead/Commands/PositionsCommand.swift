import ArgumentParser
import FairleadModel
import FairleadRuntime

/// The open positions, and what a person decides of those that somebody else has traded.
struct PositionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "positions",
        abstract: "List positions; adopt, close or ignore one that somebody else has traded.",
        subcommands: [List.self, Adopt.self, Close.self, Ignore.self],
        defaultSubcommand: List.self
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
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
            let value = try place.answer(.positions) { try $0.positions() }
            if output.json { return Output.json(value) }
            Output.text(Screens.positions(value["positions"]?.array ?? [], output.style))
        }
    }

    struct Adopt: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "adopt",
            abstract: "The position is ours: entries go out again, the levels given here protect it. Asks first.",
            discussion: """
                Prices take the place of the levels that there are; without any these stay,
                and a position without levels stays unprotected. Any open position can be
                given levels so. Exit 4 where the engine refuses it.

                EXAMPLES
                  fairlead positions adopt BTCUSDT --stop-loss 58000
                  fairlead positions adopt BTCUSDT --stop-loss 58000 --take-profit 66000 --yes
                  fairlead positions adopt BTCUSDT --side short --yes       in hedge mode
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions
        @OptionGroup var subject: PositionArgument

        @Option(name: .long, help: "The price that it is closed at with a profit; a plain decimal on the tick.")
        var takeProfit: Price?

        @Option(name: .long, help: "The price that it is closed at with a loss; a plain decimal on the tick.")
        var stopLoss: Price?

        func run() throws {
            // On the wire a zero is no price: it would change nothing and look as if it had.
            for (option, price) in [("--take-profit", takeProfit), ("--stop-loss", stopLoss)] {
                guard let price, price <= .zero else { continue }
                throw CommandFailure(.invalidInput, "\(option): must be greater than 0; nothing was changed")
            }
            let prices = (takeProfit ?? .zero, stopLoss ?? .zero)
            let request = subject.request(.adopt, takeProfit: prices.0, stopLoss: prices.1)
            let result = try PositionDecisions.decide(request, place, output, confirm)
            try Report.result(result, output) { value in
                let row = value["positions"]?.array?.first { subject.isMeant($0) }
                guard let row else { return "\(subject.symbol) is ours" }
                let stop = row["stop_loss"]?.string.map { "stop-loss \($0)" } ?? "WITHOUT a stop-loss"
                return "\(subject.symbol) is ours, \(stop)"
            }
        }
    }

    struct Close: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "close",
            abstract: "Close the position at the market; no entry of it until it is flat. Asks first.",
            discussion: """
                EXAMPLES
                  fairlead positions close BTCUSDT
                  fairlead positions close BTCUSDT --yes
                  fairlead positions close BTCUSDT --side long --yes
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions
        @OptionGroup var subject: PositionArgument

        func run() throws {
            let result = try PositionDecisions.decide(subject.request(.close), place, output, confirm)
            try FlattenCommand.report(result, output, place.flags)
        }
    }

    struct Ignore: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ignore",
            abstract: "The position is somebody else's: nothing trades it here until it is flat. Asks first.",
            discussion: """
                The venue nets what both trade, so entries of it stay locked; flatten closes
                it all the same. Exit 4 while a level or an order of ours is in it.

                EXAMPLES
                  fairlead positions ignore BTCUSDT
                  fairlead positions ignore BTCUSDT --yes
                  fairlead positions ignore BTCUSDT --side long --yes
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions
        @OptionGroup var subject: PositionArgument

        func run() throws {
            let result = try PositionDecisions.decide(subject.request(.ignore), place, output, confirm)
            try Report.result(result, output) { _ in "\(subject.symbol) is ignored; nothing trades it here" }
        }
    }
}

/// Which position a person decides on.
struct PositionArgument: ParsableArguments {
    enum PositionDirection: String, CaseIterable, ExpressibleByArgument {
        case long
        case short
    }

    @Option(name: .long, help: ArgumentHelp("In hedge mode: which of the two.", valueName: "long|short"))
    var side: PositionDirection?

    @Argument(help: ArgumentHelp("The symbol.", valueName: "SYMBOL"))
    var symbol: String

    /// A row of the positions that there are.
    func isMeant(_ row: JSONValue) -> Bool {
        row["symbol"]?.string == symbol
            && (side == nil || row["position_side"]?.string == side?.rawValue.uppercased())
    }

    func request(_ action: PositionAction, takeProfit: Price = .zero, stopLoss: Price = .zero) -> PositionRequest {
        let meant: PositionSide? = side.map { $0 == .long ? .long : .short }
        return PositionRequest(action, symbol, side: meant, takeProfit: takeProfit, stopLoss: stopLoss)
    }
}

/// What adopt, close and ignore have in common: show what would be done, ask, do it.
enum PositionDecisions {
    static func decide(
        _ request: PositionRequest,
        _ place: PlaceOptions,
        _ output: OutputOptions,
        _ confirm: ConfirmOptions
    ) throws -> JSONValue {
        let client = try EngineClient(place)
        // A refusal comes before the question.
        let preview = try client.ask(.decidePosition(request, isTrial: true))
        if !output.json { Output.diagnostic(text(request.action, preview)) }
        try confirm.require(question(request.action, preview))
        return try client.ask(.decidePosition(request, isTrial: false))
    }

    /// The position as it is, and what protects it afterwards.
    private static func text(_ action: PositionAction, _ preview: JSONValue) -> String {
        func field(_ key: String) -> String { Screens.text(preview[key]) }
        let side = preview["position_side"]?.string == "BOTH" ? "" : " \(field("position_side"))"
        var line = "\(field("symbol"))\(side)  \(isFlat(preview) ? "flat" : field("quantity"))"
        if preview["external"]?.string != nil {
            line += ", \(field("external_traded")) of it traded by somebody else since \(field("external_since"))"
        }
        guard action == .adopt, !isFlat(preview) else { return line }
        let stop = preview["stop_loss"]?.string ?? "NONE"
        return line + "\n  stop-loss \(stop), take-profit \(preview["take_profit"]?.string ?? "none")"
    }

    private static func question(_ action: PositionAction, _ preview: JSONValue) -> String {
        let symbol = Screens.text(preview["symbol"])
        if isFlat(preview) { return "PAPER: let entries of \(symbol) out again?" }
        switch action {
        case .adopt:
            let isBare = preview["stop_loss"]?.string == nil
            let bare = isBare ? " WITHOUT A STOP-LOSS" : ""
            if preview["external"]?.string == nil { return "PAPER: protect it so\(bare)?" }
            return "PAPER: make it ours\(bare) and let entries of \(symbol) out again?"
        case .close: return "PAPER: close this position?"
        case .ignore: return "PAPER: leave \(symbol) alone until it is flat?"
        }
    }

    private static func isFlat(_ preview: JSONValue) -> Bool { preview["quantity"]?.string == "0" }
}
