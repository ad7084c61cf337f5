import ArgumentParser
import FairleadModel
import FairleadRuntime

extension RiskCommand {
    /// One limit for a bounded time. Without a word it sets one.
    struct Override: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "override",
            abstract: "Set one limit for a bounded time, for all or for a symbol or strategy. Shows it and asks.",
            subcommands: [SetOverride.self, ListOverrides.self, RemoveOverride.self],
            defaultSubcommand: SetOverride.self
        )
    }

    /// Whose entries a limit is set for.
    struct OverrideScope: ParsableArguments {
        @Option(name: .long, help: ArgumentHelp("Only entries of this symbol.", valueName: "SYMBOL"))
        var symbol: String?

        @Option(name: .long, help: ArgumentHelp("Only entries of this strategy.", valueName: "NAME"))
        var strategy: String?
    }

    struct SetOverride: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Set one limit until a moment. Shows both values and asks.",
            discussion: """
                RULE is the row's name as decisions have it (max_order_notional, ...) or
                its key in risk_limits.json; a row of two numbers has two names. The word
                set may be left out. Exits are judged by the configured limits. It ends by
                itself, over restarts and reloads too; override_max_hours (24) bounds it.
                Asks for yes, or for the word loosen where more is let out than configured.

                EXAMPLES
                  fairlead risk override set max_order_notional 5000 --until 2h --reason "size"
                  fairlead risk override day_loss_limit 0.02 --until 90m --reason "feed" --yes
                  fairlead risk override symbol_cap 0.1 --symbol BTCUSDT --until 1d --reason "x"
                  fairlead risk override set burst_limit 40 --until 1h --reason "y" --dry-run
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions
        @OptionGroup var scope: OverrideScope

        @Option(name: .long, help: ArgumentHelp("Why, 1 to 200 characters; it is kept.", valueName: "TEXT"))
        var reason: String

        @Option(name: .long, help: ArgumentHelp("When it ends: 90m, 2h, 1d, or a UTC time.", valueName: "WHEN"))
        var until: String

        @Flag(name: .customLong("dry-run"), help: "Show what it would do, and do nothing.")
        var dryRun = false

        @Argument(help: ArgumentHelp("The limit.", valueName: "RULE"))
        var rule: String

        @Argument(help: ArgumentHelp("The new value: 0.10 is 10 %; times in the key's unit.", valueName: "VALUE"))
        var value: String

        func run() throws {
            let request = try asked()
            let client = try EngineClient(place)
            let preview = try client.ask(.overrideLimit(request, isTrial: true))
            if dryRun { return output.show(preview) { "\(output.style.paper)\n\(OverrideScreens.preview($0))" } }
            if !output.json { Output.diagnostic(OverrideScreens.preview(preview)) }
            let isLooser = preview["effect"]?.string == "loosens"
            let question = "PAPER: \(isLooser ? "let more out" : "set it") until \(Screens.text(preview["until"]))?"
            try confirm.require(question, word: isLooser ? "loosen" : "yes")
            let result = try client.ask(.overrideLimit(request, isTrial: false))
            try Report.result(result, output) { value in
                let name = request.limit.name
                let row = OverrideScreens.find(value["overrides"]?.array ?? [], request.limit, scope) ?? preview
                let removal =
                    "\(Program.name) risk override remove\(place.flags) \(name)\(OverrideScreens.flags(scope))"
                return
                    "\(name) is \(Screens.text(row["value"])) until \(Screens.text(row["until"])); \(removal) ends it"
            }
        }

        private func asked() throws -> OverrideRequest {
            do throws(ControlError) {
                let limit = try OverrideRequest.limit(rule)
                return OverrideRequest(
                    limit,
                    value: try OverrideRequest.value(value, of: limit),
                    until: try OverrideEnd(text: until),
                    reason: try OverrideRequest.reason(reason),
                    symbol: scope.symbol,
                    strategy: scope.strategy
                )
            } catch {
                throw CommandFailure(.invalidInput, "\(error); nothing was changed")
            }
        }
    }

    struct ListOverrides: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "The limits that are set for a while: value, configured value, why, by whom, until when.",
            discussion: """
                EXAMPLES
                  fairlead risk override list
                  fairlead risk override list --json
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            output.show(try EngineClient(place).ask(.overrides)) {
                "\(output.style.paper)\n\(OverrideScreens.list($0, output.style))"
            }
        }
    }

    struct RemoveOverride: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "End an override before its time: the limit holds as configured. Asks first.",
            discussion: """
                The same --symbol and --strategy as it was set with. Exit 4 when there is none.

                EXAMPLES
                  fairlead risk override remove max_order_notional
                  fairlead risk override remove symbol_cap --symbol BTCUSDT --yes
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions
        @OptionGroup var scope: OverrideScope

        @Argument(help: ArgumentHelp("The limit.", valueName: "RULE"))
        var rule: String

        func run() throws {
            let limit: OverridableLimit
            do throws(ControlError) { limit = try OverrideRequest.limit(rule) } catch {
                throw CommandFailure(.invalidInput, "\(error); nothing was changed")
            }
            let client = try EngineClient(place)
            let rows = try client.ask(.overrides)["overrides"]?.array ?? []
            let standing = OverrideScreens.find(rows, limit, scope)
            if let standing {
                if !output.json { Output.diagnostic(OverrideScreens.preview(standing)) }
                // Without what tightens more is let out again.
                let isLooser = standing["effect"]?.string == "tightens"
                try confirm.require(
                    "PAPER: \(isLooser ? "let more out again" : "end it now")?",
                    word: isLooser ? "loosen" : "yes"
                )
            }
            let removal = ControlCommand.removeOverride(limit, symbol: scope.symbol, strategy: scope.strategy)
            try Report.result(try client.ask(removal), output) { _ in
                "\(limit.name) holds as configured"
                    + (standing?["configured"]?.string.map { ": \($0)" } ?? "")
            }
        }
    }
}

/// Overrides for a person.
enum OverrideScreens {
    /// One limit: as configured, as it is to be, what it means, and when it ends.
    static func preview(_ row: JSONValue) -> String {
        func text(_ key: String) -> String { Screens.text(row[key]) }
        let configured = row["configured"]?.string ?? "off"
        let effect = row["effect"]?.string ?? ""
        var lines = ["\(text("limit"))  \(configured) -> \(text("value")) \(text("unit"))  (\(effect), \(text("key")))"]
        if let meaning = row["meaning"]?.string { lines.append("  \(meaning)") }
        lines.append("  of \(scope(row)), until \(text("until"))")
        return lines.joined(separator: "\n")
    }

    static func list(_ value: JSONValue, _ style: Style) -> String {
        let rows = value["overrides"]?.array ?? []
        let disabled = (value["disabled_strategies"]?.array ?? []).compactMap(\.string)
        var lines = rows.map { row in
            let why = Screens.text(row["reason"])
            let by = "uid \(row["author_uid"]?.lexeme ?? "?") since \(Screens.text(row["since"]))"
            return "\(preview(row))\n  \(why)  \(style.dim("(\(by))"))"
        }
        if rows.isEmpty { lines.append("no limit is overridden") }
        if !disabled.isEmpty {
            lines.append("disabled strategies: \(disabled.map(LogLine.plain).joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }

    /// The override of a limit for just these entries.
    static func find(
        _ rows: [JSONValue],
        _ limit: OverridableLimit,
        _ scope: RiskCommand.OverrideScope
    ) -> JSONValue? {
        rows.first { row in
            row["limit"]?.string == limit.name && row["symbol"]?.string == scope.symbol
                && row["strategy"]?.string == scope.strategy
        }
    }

    static func flags(_ scope: RiskCommand.OverrideScope) -> String {
        (scope.symbol.map { " --symbol \($0)" } ?? "") + (scope.strategy.map { " --strategy \($0)" } ?? "")
    }

    private static func scope(_ row: JSONValue) -> String {
        var parts: [String] = []
        if let symbol = row["symbol"]?.string { parts.append(LogLine.plain(symbol)) }
        if let strategy = row["strategy"]?.string { parts.append("strategy \(LogLine.plain(strategy))") }
        return parts.isEmpty ? "every symbol and strategy" : parts.joined(separator: ", ")
    }
}
