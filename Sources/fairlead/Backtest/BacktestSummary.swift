import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadReport

/// The summary of a backtest, as JSON and as a screen.
enum BacktestSummary {
    /// What is known of a run beside its result.
    struct Facts {
        var paths: [String]
        var journalHash: String
        var inputsHash: Digest128
        var configurationHash: Digest128
        var startingBalance: Money
        var currency: String
    }

    /// The same inputs give the same members; the clock's stand in `timing`.
    static func json(_ result: BacktestResult, _ seen: RunCollector, _ facts: Facts) -> [JSONMember] {
        let run = result.statistics
        return [JSONMember("environment", "paper"), JSONMember("currency", .string(facts.currency))]
            + signals(run) + trading(run, seen, facts)
            + [
                JSONMember("alarms", .integer(run.alarms)), JSONMember("divergences", .integer(run.divergences)),
                JSONMember("lost_notices", .integer(run.lostNotices)),
                JSONMember("strategies", seen.strategyRows(result.strategies)),
                JSONMember("levels_and_flattens", seen.ownRow),
                JSONMember("symbols", seen.symbolRows),
            ] + run.execution.members + ends(result, facts)
    }

    private static func signals(_ run: RunStatistics) -> [JSONMember] {
        [
            JSONMember("signals", .integer(run.signals)),
            JSONMember("acknowledgements", counts(SignalDisposition.allCases.map(\.name), run.acknowledgements)),
            JSONMember("vetoes", counts(VetoReason.allCases.map(\.name), run.vetoes, leavesOutZero: true)),
            JSONMember("invalid", counts(InvalidSignalReason.allCases.map(\.name), run.invalid, leavesOutZero: true)),
        ]
    }

    private static func trading(_ run: RunStatistics, _ seen: RunCollector, _ facts: Facts) -> [JSONMember] {
        let profit = RunPage.profit(seen.profit, from: facts.startingBalance)
        let feeBps = run.notional.raw > 0 ? run.fees.double / run.notional.double * 10_000 : nil
        return [
            JSONMember("orders", .integer(run.orders)), JSONMember("rejects", .integer(run.rejects)),
            JSONMember("fills", .integer(run.fills)), JSONMember("maker_fills", .integer(run.makerFills)),
            JSONMember("maker_share", .statistic(run.makerShare)),
            JSONMember("fill_ratio", .statistic(seen.fillRatio)),
            JSONMember("filled_parents", .integer(run.filledParents)),
            JSONMember("maker_parents", .integer(run.makerParents)),
            JSONMember("fallback_parents", .integer(run.fallbackParents)),
            JSONMember("outcomes", counts(ParentOutcome.allCases.map(\.name), run.outcomes)),
            JSONMember("fallbacks", counts(FallbackReason.allCases.map(\.name), run.fallbacks, leavesOutZero: true)),
            JSONMember(
                "route_reasons",
                counts(RouteReason.allCases.map(\.name), run.routeReasons, leavesOutZero: true)
            ),
            JSONMember("take_profit_exits", .integer(run.takeProfitExits)),
            JSONMember("stop_loss_exits", .integer(run.stopLossExits)),
            JSONMember("notional", money(run.notional)), JSONMember("slippage_bps", .statistic(run.slippageBps)),
            JSONMember("fee_bps", .statistic(feeBps)), JSONMember("net_cost_bps", .statistic(run.netCostBps)),
            JSONMember("fees", money(run.fees)), JSONMember("funding", money(run.funding)),
            JSONMember("realized_pnl", money(run.realized)),
            JSONMember("result", money(run.realized - run.fees - run.funding)),
            JSONMember("unrealized_pnl", seen.profit?.unrealized.map { money(Money(raw8: $0)) } ?? .null),
            JSONMember("pnl", profit.map(money) ?? .null),
            JSONMember("starting_balance", money(facts.startingBalance)),
            JSONMember("max_drawdown_ratio", .statistic(seen.deepestDrawdown.double)),
        ]
    }

    private static func ends(_ result: BacktestResult, _ facts: Facts) -> [JSONMember] {
        [
            JSONMember("market_events", .integer(result.marketEvents)),
            JSONMember("malformed_lines", .integer(result.tapes.reduce(0) { $0 + $1.counts.malformed })),
            JSONMember("tapes", .array(zip(facts.paths, result.tapes).map { tape($0, $1) })),
            JSONMember("depth", .array(result.depth.map(depth))),
            JSONMember("signal_lines", .integer(result.signalLines)),
            JSONMember("unused_signal_lines", .integer(result.unusedSignalLines)),
            JSONMember("sequence", .integer(result.sequence)), JSONMember("end_ts", .string(result.endTime.text())),
            JSONMember("commands", .integer(result.commandCount)),
            JSONMember("configuration_hash", .string("\(facts.configurationHash)")),
            JSONMember("inputs_hash", .string("\(facts.inputsHash)")),
            JSONMember("journal_hash", .string(facts.journalHash)),
            JSONMember("command_hash", .string("\(result.commandHash)")),
            JSONMember("state_hash", .string("\(result.stateHash)")),
        ]
    }

    /// What two equal runs need not have in common.
    static func timing(_ result: BacktestResult, _ elapsed: Double, isResumed: Bool) -> JSONValue {
        [
            "elapsed_s": .statistic(elapsed), "resumed": .bool(isResumed),
            "market_events_per_s": .statistic(elapsed > 0 ? Double(result.marketEvents) / elapsed : nil),
        ]
    }

    private static func tape(_ path: String, _ tape: TapeReport) -> JSONValue {
        let counts = tape.counts
        let first = tape.firstMalformed.map { found -> JSONValue in
            [
                "line": .integer(found.line), "column": .integer(found.fault.column),
                "field": .string(found.fault.field.key), "reason": .string(found.fault.reason.explanation),
            ]
        }
        return [
            "file": .string(path), "lines": .integer(counts.lines), "quotes": .integer(counts.quotes),
            "trades": .integer(counts.trades), "marks": .integer(counts.marks),
            "unknown_symbols": .integer(counts.unknownSymbols), "malformed": .integer(counts.malformed),
            "overlong": .integer(counts.overlong), "first_malformed": first ?? .null,
        ]
    }

    private static func depth(_ report: DepthReport) -> JSONValue {
        [
            "symbol": .string(report.symbol), "applied": .integer(report.applied), "gaps": .integer(report.gaps),
            "quotes_instead": .integer(report.quotesInstead),
        ]
    }

    private static func counts(_ names: [String], _ values: [UInt64], leavesOutZero: Bool = false) -> JSONValue {
        .object(
            zip(names, values).compactMap { name, value in
                if name.isEmpty || leavesOutZero && value == 0 { return nil }
                return JSONMember(name, .integer(value))
            }
        )
    }

    private static func money(_ value: Money) -> JSONValue { .decimal(Rate(raw: value.raw8)) }

    // MARK: - The screen

    static func text(_ value: JSONValue, _ style: Style) -> String {
        if style.isPlain { return PlainLines.text(value) }
        let symbols = (value["symbols"]?.array ?? []).compactMap { $0["symbol"]?.string }.joined(separator: ", ")
        var lines = ["\(style.paper)  backtest  \(symbols.isEmpty ? "nothing traded" : symbols)", ""]
        if !symbols.isEmpty { lines += costs(value, style) }
        lines += figures(value, style)
        for (name, key) in [("vetoes", "vetoes"), ("not read", "invalid"), ("fallbacks", "fallbacks")] {
            let members = (value[key]?.object ?? []).sorted { ($0.value.integer ?? 0) > ($1.value.integer ?? 0) }
            guard !members.isEmpty else { continue }
            let shown = members.prefix(5).map { "\($0.key) \(Screens.text($0.value))" }.joined(separator: ", ")
            lines.append(row(name, shown + (members.count > 5 ? " and \(members.count - 5) more" : "")))
        }
        let strategies = value["strategies"]?.array ?? []
        if strategies.count > 1 { lines += ["", self.strategies(strategies, style)] }
        return (lines + [""] + next(value, style)).joined(separator: "\n")
    }

    private static func costs(_ value: JSONValue, _ style: Style) -> [String] {
        [
            row(
                "net cost",
                "\(style.bold(bps(value["net_cost_bps"]))) bps  = slippage \(bps(value["slippage_bps"]))"
                    + " + fees \(bps(value["fee_bps"]))"
            ),
            row(
                "shortfall",
                "\(bps(value["shortfall_bps"]?["total"])) bps  = delay \(part(value, "delay"))"
                    + " + trading \(part(value, "trading")) + missed \(part(value, "opportunity"))"
                    + " + fees \(part(value, "fees"))"
            ),
            row(
                "spread",
                "effective \(bps(value["execution"]?["effective_spread_bps"])) bps"
                    + "  realised after 5 s \(bps(value["realized_spread_bps"]?["5s"]))"
                    + "  mark-out after 5 s \(bps(value["markout_bps"]?["5s"]))"
            ),
        ]
    }

    private static func figures(_ value: JSONValue, _ style: Style) -> [String] {
        let currency = Screens.text(value["currency"])
        let fills = "\(Screens.text(value["fills"])) fills of \(Screens.text(value["orders"])) orders"
        let signals = value["acknowledgements"]
        return [
            row(
                "pnl",
                "\(amount(value["pnl"], style)) \(currency)  realised \(Screens.amount(value["realized_pnl"]))"
                    + ", fees \(Screens.amount(value["fees"]))"
                    + ", funding \(Screens.amount(value["funding"])), open \(Screens.amount(value["unrealized_pnl"]))"
            ),
            row("drawdown", "\(percent(value["max_drawdown_ratio"], 3)) % of the NAV's peak"),
            row(
                "fills",
                "\(fills)  filled \(percent(value["fill_ratio"], 1)) %  maker \(percent(value["maker_share"], 1)) %"
                    + "  notional \(Screens.amount(value["notional"])) \(currency)"
            ),
            row(
                "signals",
                "\(Screens.text(value["signals"]))  accepted \(Screens.text(signals?["accepted"]))"
                    + "  vetoed \(Screens.text(signals?["vetoed"]))"
                    + "  duplicates \(Screens.text(signals?["duplicate"]))"
                    + "  invalid \(Screens.text(signals?["invalid"]))"
            ),
        ]
    }

    private static func strategies(_ rows: [JSONValue], _ style: Style) -> String {
        var table = Table([
            Table.Column("STRATEGY"), Table.Column("SIGNALS", isNumber: true),
            Table.Column("ACCEPTED", isNumber: true), Table.Column("FILLED %", isNumber: true),
            Table.Column("MAKER %", isNumber: true), Table.Column("NET BPS", isNumber: true),
            Table.Column("FEES", isNumber: true), Table.Column("RESULT", isNumber: true),
        ])
        for row in rows {
            let name = row["strategy"]?.string ?? ""
            table.add([
                name.isEmpty ? "(unnamed)" : name, Screens.text(row["signals"]), Screens.text(row["accepted"]),
                percent(row["fill_ratio"], 1), percent(row["maker_share"], 1), bps(row["net_cost_bps"]),
                Screens.amount(row["fees"]), Screens.amount(row["result"]),
            ])
        }
        return table.text(style, empty: "")
    }

    private static func next(_ value: JSONValue, _ style: Style) -> [String] {
        let out = PlaceOptions.quoted(value["out"]?.string ?? "")
        let timing = value["timing"]
        let rate = ProgressLine.rate(double(timing?["market_events_per_s"]) ?? 0)
        let seconds = fixed(double(timing?["elapsed_s"]), 1)
        return [
            row("open", style.bold("\(out)/report.html")),
            row("look", "\(Program.name) fills --out \(out)   also: orders, why ID, journal replay"),
            style.dim(
                row("played", "\(Screens.text(value["market_events"])) market events in \(seconds) s, \(rate)/s")
            ),
        ]
    }

    private static func row(_ name: String, _ text: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 11 - name.count)) + text
    }

    private static func amount(_ value: JSONValue?, _ style: Style) -> String {
        let text = Screens.amount(value)
        return text.hasPrefix("-") && text != "-" ? style.red(text) : style.green(text)
    }

    private static func double(_ value: JSONValue?) -> Double? { value?.lexeme.flatMap { Double($0) } }
    private static func part(_ value: JSONValue, _ name: String) -> String { bps(value["shortfall_bps"]?[name]) }
    private static func bps(_ value: JSONValue?) -> String { fixed(double(value), 2) }
    private static func percent(_ value: JSONValue?, _ digits: Int) -> String {
        fixed(double(value).map { $0 * 100 }, digits)
    }

    private static func fixed(_ value: Double?, _ digits: Int) -> String {
        guard let value, value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let whole = Int64((value.magnitude * scale).rounded(.toNearestOrAwayFromZero))
        let digitsText = String(whole)
        let padded = String(repeating: "0", count: max(0, digits + 1 - digitsText.count)) + digitsText
        let sign = value < 0 && whole != 0 ? "-" : ""
        guard digits > 0 else { return sign + padded }
        return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
