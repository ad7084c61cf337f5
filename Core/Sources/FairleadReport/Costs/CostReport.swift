public import FairleadModel
import FairleadNode

/// A cost ledger as JSON, CSV, cells of a terminal's tables, and a page.
public struct CostReport {
    let ledger: CostLedger
    let isLive: Bool
    let currency: String

    public init(_ ledger: CostLedger, currency: String, isLive: Bool = false) {
        self.ledger = ledger
        self.currency = currency
        self.isLive = isLive
    }

    /// A column: its name to programs, its title to people (nil: not on a screen), and its text.
    private typealias Column = (name: String, title: String?, value: @Sendable (CostGroup) -> String)

    private static func number(_ value: Double?, _ digits: Int = 4) -> String { Figures.plain(value, digits) }

    private static func money(_ money: Money) -> String { Rate(raw: money.raw8).description }

    private static let columns: [Column] = {
        var columns: [Column] = [
            ("parents", "orders", { "\($0.parents)" }), ("filled_parents", nil, { "\($0.filled)" }),
            ("fills", "fills", { "\($0.fills)" }), ("notional", nil, { money($0.notional) }),
            ("fees", nil, { money($0.fees) }), ("fill_rate", "filled", { number($0.fillRate) }),
            ("maker_share", "maker share", { number($0.makerShare) }),
            ("fallback_ratio", "fell back", { number($0.fallbackRatio) }),
            ("net_cost_bps", "net bps", { number($0.netBps) }),
            ("arrival_slippage_bps", "slippage", { number($0.execution.arrivalSlippageBps.value) }),
            ("fee_bps", "fees", { number($0.execution.feeBps.value) }),
            ("effective_spread_bps", "eff. spread", { number($0.execution.effectiveSpreadBps.value) }),
            ("latency_ms", nil, { number($0.execution.latencyMilliseconds.value) }),
            ("shortfall_bps", "shortfall", { part($0) { $0.total } }),
            ("shortfall_delay_bps", "delay", { part($0) { $0.delay } }),
            ("shortfall_trading_bps", "trading", { part($0) { $0.trading } }),
            ("shortfall_opportunity_bps", "missed", { part($0) { $0.opportunity } }),
            ("shortfall_fees_bps", nil, { part($0) { $0.fees } }),
            ("shortfall_parents", nil, { "\($0.execution.shortfall.parents)" }),
            ("shortfall_unmeasured", nil, { "\($0.execution.shortfall.unmeasuredParents)" }),
        ]
        for horizon in MarkoutHorizon.allCases {
            let index = Int(horizon.rawValue)
            let isShown = horizon == .seconds1 || horizon == .seconds5 || horizon == .seconds60
            columns.append(
                (
                    "markout_\(horizon.name)_bps", isShown ? "mark-out \(horizon.name)" : nil,
                    { number($0.execution.horizons[index].markoutBps.value) }
                )
            )
            // Fills are measured at this horizon once the last is reached: fewer than there are.
            columns.append(
                (
                    "markout_\(horizon.name)_fills", isShown ? "of" : nil,
                    { "\($0.execution.horizons[index].markoutBps.count)" }
                )
            )
        }
        for horizon in MarkoutHorizon.allCases {
            let index = Int(horizon.rawValue)
            columns.append(
                (
                    "realized_spread_\(horizon.name)_bps", horizon == .seconds5 ? "realised 5s" : nil,
                    { number($0.execution.horizons[index].realizedSpreadBps.value) }
                )
            )
        }
        return columns
    }()

    private static func part(_ group: CostGroup, _ part: (ShortfallSummary) -> Money) -> String {
        number(group.execution.shortfall.bps(part(group.execution.shortfall)))
    }

    /// Of how many fills the mark-outs are, where that is not all of them.
    public var markoutNote: String? {
        let total = ledger.total
        let measured = total.execution.horizons.map(\.markoutBps.count).max() ?? 0
        guard measured < total.fills else { return nil }
        return "mark-outs are of \(measured) of \(total.fills) fills: those for which the last horizon, "
            + "\(MarkoutHorizon.allCases.last?.name ?? ""), was reached"
    }

    // MARK: - For programs

    public var csv: String {
        var lines = [(["by", "name"] + Self.columns.map(\.name)).joined(separator: ",")]
        for dimension in CostLedger.Dimension.allCases {
            for row in ledger.rows(dimension) {
                let cells = [dimension.rawValue, Self.quoted(row.name)] + Self.columns.map { $0.value(row.group) }
                lines.append(cells.map { $0 == "-" ? "" : $0 }.joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A strategy's name may hold anything that can be printed.
    private static func quoted(_ text: String) -> String {
        text.contains { $0 == "," || $0 == "\"" } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    public var json: JSONValue {
        let since: JSONValue = ledger.first == .never ? .null : .string(ledger.first.text(.milliseconds))
        let through: JSONValue = ledger.last == .never ? .null : .string(ledger.last.text(.milliseconds))
        var members: [JSONMember] = [
            JSONMember("schema", "fairlead.tca.report.v1"), JSONMember("environment", isLive ? "live" : "paper"),
            JSONMember("currency", .string(currency)), JSONMember("first", since), JSONMember("last", through),
            JSONMember("open_fills", .integer(ledger.openFills)),
        ]
        for dimension in CostLedger.Dimension.allCases {
            let rows = ledger.rows(dimension).map { row -> JSONValue in
                .object([JSONMember("name", .string(row.name))] + Self.members(row.group))
            }
            members.append(JSONMember("by_\(dimension.rawValue)", .array(rows)))
        }
        return .object(members)
    }

    private static func members(_ group: CostGroup) -> [JSONMember] {
        columns.map { column in
            let text = column.value(group)
            let isMoney = column.name == "notional" || column.name == "fees"
            return JSONMember(column.name, text == "-" ? .null : isMoney ? .string(text) : .number(text))
        }
    }

    // MARK: - For people

    /// Headings, and a row of cells for each group of a dimension.
    public static func headings(_ dimension: CostLedger.Dimension) -> [String] {
        [dimension.rawValue] + columns.compactMap(\.title)
    }

    public func cells(_ dimension: CostLedger.Dimension) -> [[String]] {
        ledger.rows(dimension).map { row in
            let name = dimension == .total ? "all" : row.name.isEmpty ? "(none)" : row.name
            return [name]
                + Self.columns.filter { $0.title != nil }.map { column in
                    let text = column.value(row.group)
                    return text.contains(".") ? Self.shortened(text) : text
                }
        }
    }

    /// To two digits after the point.
    private static func shortened(_ text: String) -> String { Double(text).map { number($0, 2) } ?? text }
}
