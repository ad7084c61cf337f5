import FairleadModel

/// The screens of the readers: JSON values in, lines for people out. PAPER stands on each.
enum Screens {
    static func status(_ value: JSONValue, _ style: Style, flags: String = "") -> String {
        if style.isPlain { return PlainLines.text(value) }
        let state = text(value["trading_state"])
        let shown = state == "active" ? style.green(state) : style.red(state)
        var head = "\(style.paper)  \(shown) (\(text(value["trading_state_cause"])))"
        if value["is_frozen"]?.bool == true { head += ", exits held" }
        head += value["is_reconciled"]?.bool == true ? "  venue reconciled" : "  \(style.red("venue not reconciled"))"
        var lines = [head + "  epoch \(text(value["epoch"]))  up \(text(value["uptime_s"])) s"]
        let engaged = (value["engaged"]?.array ?? []).compactMap(\.string)
        if !engaged.isEmpty { lines.append(style.red("engaged: \(engaged.joined(separator: ", "))")) }
        for row in value["attention"]?.array ?? [] {
            let next = row["next"]?.string.map { $0.isEmpty ? "" : "  -> \(Program.typed($0))\(flags)" } ?? ""
            lines.append(style.red("! ") + text(row["what"]) + style.bold(next))
        }
        lines.append("")
        lines.append(
            "nav \(amount(value["nav"])) \(text(value["currency"]))"
                + "  cash \(amount(value["cash"]))  drawdown \(text(value["drawdown_ratio"]))"
                + " (\(text(value["dd_state"])))  risk mode \(text(value["risk_mode"]))"
        )
        // Today's and the total without what is open are sums of the same kind: what was realised less every fee and
        // funding, those of what is still open too. Closed trades alone come to another sum.
        lines.append(
            "booked today \(amount(value["result_today"]))  in total \(amount(value["result_closed"]))"
                + " (realised \(amount(value["realized_pnl"])), fees \(amount(value["fees"]))\(funding(value)))"
                + "  open \(amount(value["unrealized_pnl"]))  all \(amount(value["result_total"]))"
        )
        lines.append(
            "positions \(text(value["open_positions"]))  live orders \(text(value["live_orders"]))"
                + "  unknown \(text(value["unknown_orders"]))"
                + "  without stop-loss \(text(value["positions_without_stop_loss"]))"
        )
        lines += ["", strategies(value, style), "", market(value, style), "", counters(value)]
        return lines.joined(separator: "\n")
    }

    /// Only where some was paid or received: most accounts of equities never see any.
    private static func funding(_ value: JSONValue) -> String {
        guard let paid = value["funding"]?.string, paid != "0" else { return "" }
        return ", funding \(amount(value["funding"]))"
    }

    private static func strategies(_ value: JSONValue, _ style: Style) -> String {
        var table = Table([
            Table.Column("STRATEGY"), Table.Column("TODAY", isNumber: true), Table.Column("RESULT", isNumber: true),
            Table.Column("REALISED", isNumber: true), Table.Column("FEES", isNumber: true),
            Table.Column("FILLS", isNumber: true),
        ])
        for row in value["strategies"]?.array ?? [] {
            table.add([
                text(row["strategy"]), amount(row["result_today"]), amount(row["result"]),
                amount(row["realized_pnl"]), amount(row["fees"]), text(row["fills"]),
            ])
        }
        return table.text(style, empty: "no fills yet")
    }

    private static func market(_ value: JSONValue, _ style: Style) -> String {
        var table = Table([
            Table.Column("SYMBOL"), Table.Column("BID", isNumber: true), Table.Column("ASK", isNumber: true),
            Table.Column("MARK", isNumber: true), Table.Column("FROM"), Table.Column("AGE MS", isNumber: true),
        ])
        for row in value["market"]?.array ?? [] {
            table.add([
                text(row["symbol"]), text(row["bid"]), text(row["ask"]), mark(row["mark"]), text(row["mark_source"]),
                text(row["quote_age_ms"]),
            ])
        }
        return table.text(style, empty: "no market")
    }

    private static func counters(_ value: JSONValue) -> String {
        func told(_ names: [String]) -> String {
            names.map { "\($0) \(text(value["counters"]?[$0]))" }.joined(separator: "  ")
        }
        // What came from outside and what the engine gave itself: together they are what was answered.
        return told(["signals"]) + "  and own \(text(value["counters"]?["own_signals"])): "
            + told(["accepted", "vetoed", "duplicates", "invalid"]) + "   " + told(["sends", "fills", "rejects"])
    }

    static func health(_ value: JSONValue, _ style: Style) -> String {
        if style.isPlain { return PlainLines.text(value) }
        var lines = ["\(style.paper)  \(text(value["trading_state"]))"]
        for row in value["components"]?.array ?? [] {
            let isHealthy = row["is_healthy"]?.bool == true
            let mark = isHealthy ? style.green("ok  ") : style.red("FAIL")
            lines.append("\(mark)  \(text(row["name"])): \(text(row["reason"]))")
        }
        return lines.joined(separator: "\n")
    }

    static func positions(_ rows: [JSONValue], _ style: Style) -> String {
        // Scripts find a column in its place; a person's screen has no room for an empty one.
        let hasExternal = style.isPlain || rows.contains { $0["external"]?.string != nil }
        var columns = [
            Table.Column("SYMBOL"), Table.Column("SIDE"), Table.Column("QUANTITY", isNumber: true),
            Table.Column("AVERAGE", isNumber: true), Table.Column("MARK", isNumber: true),
            Table.Column("NOTIONAL", isNumber: true), Table.Column("UNREALISED", isNumber: true),
            Table.Column("STOP", isNumber: true), Table.Column("AT STOP", isNumber: true),
            Table.Column("TARGET", isNumber: true),
            Table.Column("REALISED", isNumber: true), Table.Column("FEES", isNumber: true),
            Table.Column("FUNDING", isNumber: true),
        ]
        if hasExternal { columns.append(Table.Column("EXTERNAL")) }
        var table = Table(columns)
        for row in rows {
            let cells = [
                text(row["symbol"]), text(row["position_side"]), text(row["quantity"]), text(row["average_price"]),
                style.isPlain ? text(row["mark_price"]) : mark(row["mark_price"]), amount(row["notional"]),
                amount(row["unrealized_pnl"]), row["stop_loss"]?.string ?? (style.isPlain ? "-" : "NONE"),
                amount(row["pnl_at_stop_loss"]), text(row["take_profit"]), amount(row["realized_pnl"]),
                amount(row["fees"]), amount(row["funding"]),
            ]
            table.add(cells + (hasExternal ? [external(row)] : []))
        }
        return titled("positions", table.text(style, empty: "no open position"), style)
    }

    /// "undecided +0.5": what somebody else has traded of a position, and what a person has decided of it.
    private static func external(_ row: JSONValue) -> String {
        guard let state = row["external"]?.string else { return "-" }
        let traded = text(row["external_traded"])
        return "\(state) \(traded.hasPrefix("-") || traded == "0" ? "" : "+")\(traded)"
    }

    static func orders(_ rows: [JSONValue], _ style: Style, cut: String = "") -> String {
        var table = Table([
            Table.Column("ORDER"), Table.Column("SYMBOL"), Table.Column("SIDE"), Table.Column("TYPE"),
            Table.Column("STATE"), Table.Column("PRICE", isNumber: true), Table.Column("TRIGGER", isNumber: true),
            Table.Column("QUANTITY", isNumber: true),
            Table.Column("FILLED", isNumber: true), Table.Column("SINCE"),
        ])
        for row in rows {
            table.add([
                text(row["client_order_id"]), text(row["symbol"]), text(row["side"]), type(row),
                text(row["state"]), text(row["price"]), text(row["trigger_price"]), text(row["quantity"]),
                text(row["filled"]),
                clock(row["created_ts"]),
            ])
        }
        return titled("orders", table.text(style, empty: "no live order"), style, cut)
    }

    /// "stop market": what it waits for, and what it is then.
    private static func type(_ row: JSONValue) -> String {
        let type = text(row["order_type"])
        return row["condition"]?.string.map { "\($0) \(type)" } ?? type
    }

    /// Parents that send over time or are paused; nil where there is none.
    static func parents(_ rows: [JSONValue], _ style: Style) -> String? {
        if rows.isEmpty { return nil }
        var table = Table([
            Table.Column("INTENT"), Table.Column("SYMBOL"), Table.Column("SIDE"), Table.Column("SLICE"),
            Table.Column("NEXT"), Table.Column("QUANTITY", isNumber: true), Table.Column("FILLED", isNumber: true),
            Table.Column("DUE", isNumber: true), Table.Column("WAITS FOR"),
        ])
        for row in rows {
            let isSliced = row["slices"]?.lexeme != nil
            table.add([
                text(row["intent_id"]), text(row["symbol"]), text(row["side"]),
                isSliced ? "\(text(row["slice"])) of \(text(row["slices"]))" : "-", clock(row["next_ts"]),
                text(row["approved_quantity"]), text(row["filled_quantity"]), text(row["due_quantity"]),
                text(row["waits_for"]),
            ])
        }
        return titled("parents", table.text(style, empty: "none"), style)
    }

    static func fills(_ rows: [JSONValue], _ style: Style, cut: String = "") -> String {
        var table = Table([
            Table.Column("TIME"), Table.Column("SYMBOL"), Table.Column("SIDE"),
            Table.Column("QUANTITY", isNumber: true),
            Table.Column("PRICE", isNumber: true), Table.Column("LIQUIDITY"), Table.Column("FEE", isNumber: true),
            Table.Column("REALISED", isNumber: true), Table.Column("INTENT"),
        ])
        for row in rows {
            table.add([
                clock(row["ts"]), text(row["symbol"]), text(row["side"]), text(row["quantity"]), text(row["price"]),
                text(row["liquidity"]), amount(row["fee"]), amount(row["realized_pnl"]), text(row["intent_id"]),
            ])
        }
        return titled("fills", table.text(style, empty: "no fill"), style, cut)
    }

    // MARK: - Cells

    /// `cut` is what a person is told of rows that are left out.
    private static func titled(_ title: String, _ body: String, _ style: Style, _ cut: String = "") -> String {
        let more = cut.isEmpty || style.isPlain ? "" : "  \(style.yellow(cut))"
        return "\(style.paper)\(style.isPlain ? "\t" : "  ")\(title)\(more)\n\(body)"
    }

    /// A value as a cell: a dash where nothing is known.
    static func text(_ value: JSONValue?) -> String {
        guard let value else { return "-" }
        switch value {
        case .null: return "-"
        case .string(let text): return text.isEmpty ? "-" : text
        case .number(let lexeme): return lexeme
        case .bool(let flag): return flag ? "yes" : "no"
        case .array, .object: return JSONWriter.text(of: value)
        }
    }

    /// An amount of money, rounded to two digits after the point (half a cent away from zero); exact where it is
    /// smaller than a cent. JSON has all digits.
    static func amount(_ value: JSONValue?) -> String {
        guard let exact = value?.string else { return "-" }
        let parts = exact.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return exact + ".00" }
        let digits = parts[1].prefix(2) + String(repeating: "0", count: max(0, 2 - parts[1].count))
        let isTiny = (parts[0] == "0" || parts[0] == "-0") && digits == "00"
        let whole = parts[0].drop { $0 == "-" }
        guard !isTiny, let cents = Int128(whole + digits) else { return exact }
        let third = parts[1].dropFirst(2).first ?? "0"
        let (units, rest) = (cents + (third >= "5" ? 1 : 0)).quotientAndRemainder(dividingBy: 100)
        return "\(exact.hasPrefix("-") ? "-" : "")\(units).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// A mark for the eye: as many digits after the point as leave seven in all, at least two. JSON has them all.
    static func mark(_ value: JSONValue?) -> String {
        let exact = text(value)
        let parts = exact.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return exact }
        return parts[0] + "." + parts[1].prefix(max(2, 7 - parts[0].count))
    }

    /// The time of day of an ISO 8601 text.
    static func clock(_ value: JSONValue?) -> String {
        guard let moment = value?.string, moment.count >= 19 else { return "-" }
        return String(moment.dropFirst(5).prefix(14)).replacing("T", with: " ")
    }
}
