import FairleadModel

/// The chain of a signal: each decision in its order, with its numbers.
extension Screens {
    static func chain(_ events: [JSONValue], _ style: Style) -> String {
        var lines = ["\(style.paper)  why"]
        for event in events {
            let name = text(event["event"])
            if name == "risk_row" {
                lines.append(riskRow(event, style))
            } else {
                lines.append("\(style.dim(clock(event["ts"])))  \(style.bold(title(name)))  \(sentence(name, event))")
            }
        }
        return lines.joined(separator: "\n")
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
        let left = ["event", "version", "sequence", "ts", "signal", "signal_id", "venue", "account"]
        var parts: [String] = []
        for member in event.object ?? [] where !left.contains(member.key) && !member.value.isNull {
            if member.value == .array([]) { continue }
            let shown = member.value.array.map { $0.map(text).joined(separator: ",") } ?? text(member.value)
            parts.append("\(member.key)=\(shown)")
        }
        return parts.joined(separator: " ")
    }
}
