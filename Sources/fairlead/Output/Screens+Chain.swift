import FairleadModel
import FairleadRuntime

/// The chain of a signal: each decision in its order, with its numbers; then the exits of its levels, and the trades.
extension Screens {
    /// `flags`: what a command that is shown must be given to read the same journal.
    static func chain(_ value: JSONValue, _ style: Style, flags: String = "") -> String {
        var lines = ["\(style.paper)  why"]
        if let cause = value["caused_by"], !cause.isNull {
            let level = (reached(cause["level"]) ?? awaited(cause["waited_for"])).map { ": its \($0)" } ?? ""
            lines.append("\(style.bold("exit of"))  \(label(cause))\(level)  -> \(why(cause, flags))")
        }
        // A trade is told at the end, with who entered and who closed it.
        let trades = value["trades"]?.array ?? []
        lines += rows(value["events"], besides: trades, style)
        for exit in value["exits"]?.array ?? [] {
            let cause = reached(exit["level"]) ?? awaited(exit["waited_for"]) ?? "of a level"
            lines += ["", "\(style.bold("exit"))  \(cause)  \(filled(exit))  -> \(why(exit, flags))"]
            lines += rows(exit["events"], besides: trades, style)
        }
        for trade in trades { lines += [""] + told(trade, style, flags) }
        return lines.joined(separator: "\n")
    }

    private static func rows(_ events: JSONValue?, besides trades: [JSONValue], _ style: Style) -> [String] {
        (events?.array ?? []).compactMap { event in
            let name = text(event["event"])
            if name == "risk_row" { return riskRow(event, style) }
            if name == "trade_closed", trades.contains(where: { $0["sequence"] == event["sequence"] }) { return nil }
            return "\(style.dim(clock(event["ts"])))  \(style.bold(title(name)))  \(sentence(name, event))"
        }
    }

    /// `take_profit 61826, reached at 61826.25`; nil where no level is known.
    private static func reached(_ level: JSONValue?) -> String? {
        guard let level, !level.isNull else { return nil }
        return "\(text(level["kind"])) \(text(level["price"])), reached at \(text(level["trigger_price"]))"
    }

    /// `stop_loss 61826, not reached`, of a level that waits at the venue; nil where none does.
    private static func awaited(_ level: JSONValue?) -> String? {
        guard let level, !level.isNull else { return nil }
        return "\(text(level["kind"])) \(text(level["price"])), not reached"
    }

    private static func told(_ trade: JSONValue, _ style: Style, _ flags: String) -> [String] {
        var head = "\(style.dim(clock(trade["ts"])))  \(style.bold("trade"))  \(text(trade["symbol"]))"
        head += " \(text(trade["side"])) \(text(trade["quantity"])), closed by \(text(trade["exit"])):"
        head += " pnl \(text(trade["pnl"])) after fees \(text(trade["fees"])) and funding \(text(trade["funding"]))"
        func lines(_ key: String, _ title: String) -> [String] {
            (trade[key]?.array ?? []).map { row in
                let command = row["signal"]?.isNull == false ? "  -> \(why(row, flags))" : ""
                return "                  \(title)  \(label(row))  \(filled(row))\(command)"
            }
        }
        return [head] + lines("entered_by", "entered by") + lines("closed_by", "closed by ")
    }

    private static func filled(_ row: JSONValue) -> String {
        guard row["average_price"]?.isNull == false else { return "nothing filled" }
        return "\(text(row["filled_quantity"])) @ \(text(row["average_price"])), realised"
            + " \(text(row["realized_pnl"])), fees \(text(row["fees"]))"
    }

    /// What a person calls a signal: its sender's id, else its number.
    private static func label(_ row: JSONValue) -> String {
        LogLine.plain(row["signal_id"]?.string ?? row["signal"]?.string ?? "nobody's signal")
    }

    private static func why(_ row: JSONValue, _ flags: String) -> String {
        "\(Program.name) why \(PlaceOptions.quoted(label(row)))\(flags)"
    }

    private static func title(_ event: String) -> String {
        switch event {
        case "signal_received": "signal"
        case "signal_acknowledged": "acknowledged"
        case "sizing": "size"
        case "risk_decision": "risk"
        case "route_decision": "route"
        case "order_lifecycle": "order"
        case "execution_fill": "fill"
        case "position_snapshot": "position"
        case "parent_closed": "closed"
        case "level_changed": "level"
        case "parent_progress": "progress"
        case "trade_closed": "trade"
        case "operator_refused": "refused"
        default: event
        }
    }

    private static func riskRow(_ row: JSONValue, _ style: Style) -> String {
        let status = text(row["status"])
        let mark = status == "broken" ? style.red("broken ") : status == "passed" ? "passed " : style.dim(status)
        let padding = String(repeating: " ", count: max(0, 28 - text(row["rule"]).count))
        let observed = row["observed"] == .null ? "unknown" : text(row["observed"])
        return "                  \(mark)  \(text(row["rule"]))\(padding) \(observed) of"
            + " \(text(row["threshold"])) \(text(row["unit"]))"
            + (row["is_override"]?.bool == true ? " (an override)" : "") + lock(row)
    }

    /// What lets a symbol's entries out again. Where the trading state holds them the row has no flag.
    private static func lock(_ row: JSONValue) -> String {
        guard row["rule"]?.string == "kill_switch", row["status"]?.string == "broken", row["unit"]?.string == "flag"
        else { return "" }
        return " (the symbol is locked: \(Program.name) positions adopt | close | ignore where somebody else has"
            + " traded it, else \(Program.name) risk enable)"
    }

    private static func sentence(_ name: String, _ event: JSONValue) -> String {
        switch name {
        case "order_lifecycle":
            var line =
                "\(text(event["from"])) -> \(text(event["to"]))  \(text(event["side"])) \(text(event["quantity"]))"
            line += " @ \(text(event["price"])), filled \(text(event["filled"]))"
            if let trigger = event["trigger_price"]?.string { line += ", waits for \(trigger)" }
            for key in ["end_reason", "reject_reason"] where event[key]?.string != nil {
                line += " (\(text(event[key])))"
            }
            return line + "  \(text(event["client_order_id"]))"
        case "execution_fill":
            var line = "\(text(event["side"])) \(text(event["quantity"])) @ \(text(event["price"]))"
            line += " \(text(event["liquidity"])), fee \(text(event["fee"]))"
            line += ", realised \(text(event["realized_pnl"])), arrival \(text(event["arrival_price"]))"
            return line
        default: return fields(event)
        }
    }

    /// Every field that says something, but for those that stand elsewhere on the line.
    private static func fields(_ event: JSONValue) -> String {
        let left = ["event", "version", "sequence", "ts", "signal", "signal_id", "venue", "account", "caused_by"]
        var parts: [String] = []
        for member in event.object ?? [] where !left.contains(member.key) && !member.value.isNull {
            if member.value == .array([]) { continue }
            let shown = member.value.array.map { $0.map(text).joined(separator: ",") } ?? text(member.value)
            parts.append("\(member.key)=\(shown)")
        }
        return parts.joined(separator: " ")
    }
}
