public import FairleadModel

/// A number of a run's summary by which a grid is told and sorted.
public struct GridColumn: Hashable, Sendable {
    /// Its key in `summary.json`, and its name in the files of a grid.
    public var name: String
    /// Its heading for people.
    public var title: String
    /// Less is better: what a sort puts first.
    public var isCost: Bool
    /// Digits after the point for people.
    var digits: Int

    private init(_ name: String, _ title: String, isCost: Bool, digits: Int) {
        self.name = name
        self.title = title
        self.isCost = isCost
        self.digits = digits
    }

    public static let all: [GridColumn] = [
        GridColumn("net_cost_bps", "net bps", isCost: true, digits: 3),
        GridColumn("slippage_bps", "slip bps", isCost: true, digits: 3),
        GridColumn("fee_bps", "fee bps", isCost: true, digits: 3),
        GridColumn("fill_ratio", "filled", isCost: false, digits: 4),
        GridColumn("maker_share", "maker", isCost: false, digits: 4),
        GridColumn("fills", "fills", isCost: false, digits: 0),
        GridColumn("orders", "orders", isCost: true, digits: 0),
        GridColumn("rejects", "rejects", isCost: true, digits: 0),
        GridColumn("accepted", "accepted", isCost: false, digits: 0),
        GridColumn("vetoed", "vetoed", isCost: true, digits: 0),
        GridColumn("notional", "notional", isCost: false, digits: 0),
        GridColumn("fees", "fees", isCost: true, digits: 2),
        GridColumn("funding", "funding", isCost: true, digits: 2),
        GridColumn("pnl", "pnl", isCost: false, digits: 2),
        GridColumn("max_drawdown_ratio", "drawdown", isCost: true, digits: 6),
    ]

    public static func named(_ name: String) -> GridColumn? { all.first { $0.name == name } }

    /// The exact text of a run's number; nil where the summary has none.
    func text(_ summary: JSONValue) -> String? {
        let value = summary[name] ?? summary["acknowledgements"]?[name]
        return value?.lexeme ?? value?.string
    }

    /// For sorting and for people.
    func number(_ summary: JSONValue) -> Double? { text(summary).flatMap { Double($0) } }
}

/// One run of a grid and what came of it.
public struct GridRun: Sendable {
    public enum Outcome: Sendable {
        /// Its `summary.json`.
        case finished(JSONValue)
        /// How it ended, and the last that it said.
        case failed(String)
    }

    /// From 1, in the grid's order.
    public var number: Int
    /// Of every axis, in the grid's order.
    public var values: [String]
    /// Its directory under the grid's.
    public var place: String
    public var outcome: Outcome

    public init(number: Int, values: [String], place: String, outcome: Outcome) {
        self.number = number
        self.values = values
        self.place = place
        self.outcome = outcome
    }

    var summary: JSONValue? { if case .finished(let summary) = outcome { summary } else { nil } }
    var failure: String? { if case .failed(let reason) = outcome { reason } else { nil } }
}

/// All runs of a grid, the best first: as CSV, JSON, cells of a screen, and a page.
public struct GridTable: Sendable {
    public let grid: SettingGrid
    public let sort: GridColumn
    /// Sorted; runs without the number after the others, failed ones last, equal ones in the grid's order.
    public let runs: [GridRun]

    public init(_ grid: SettingGrid, _ runs: [GridRun], sortedBy sort: GridColumn) {
        self.grid = grid
        self.sort = sort
        self.runs = runs.sorted { a, b in
            if (a.summary == nil) != (b.summary == nil) { return a.summary != nil }
            let (x, y) = (a.summary.flatMap(sort.number), b.summary.flatMap(sort.number))
            guard let x, let y else { return (x == nil) == (y == nil) ? a.number < b.number : x != nil }
            return x == y ? a.number < b.number : (x < y) == sort.isCost
        }
    }

    public var failures: [GridRun] { runs.filter { $0.failure != nil } }

    /// Places of the axes that differ between the runs.
    private var varied: [Int] { grid.axes.indices.filter { grid.axes[$0].values.count > 1 } }

    // MARK: - For programs

    /// A row a run: its number, every setting, every column, its hashes, its directory.
    public var csv: String {
        let hashes = ["journal_hash", "state_hash"]
        var lines = [
            (["run"] + grid.axes.map(\.key) + GridColumn.all.map(\.name) + hashes + ["directory", "failure"])
                .map(Self.cell).joined(separator: ",")
        ]
        for run in runs {
            var cells = ["\(run.number)"] + run.values
            cells += GridColumn.all.map { column in run.summary.flatMap { column.text($0) } ?? "" }
            cells += hashes.map { run.summary?[$0]?.string ?? "" }
            cells += [run.place, run.failure ?? ""]
            lines.append(cells.map(Self.cell).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// RFC 4180; a cell that a spreadsheet would take for a formula begins with a quote.
    static func cell(_ text: String) -> String {
        let isNumber = text.first == "-" && Double(text) != nil
        let isFormula = !isNumber && (text.first.map { "=+-@\t\r".contains($0) } ?? false)
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { ",\"\n\r".contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    public var json: JSONValue {
        .object([
            JSONMember("environment", "paper"), JSONMember("sort", .string(sort.name)),
            JSONMember(
                "axes",
                .array(
                    grid.axes.map { ["key": .string($0.key), "values": .array($0.values.map { .string($0) })] }
                )
            ),
            JSONMember("runs", .array(runs.map(value))),
        ])
    }

    private func value(_ run: GridRun) -> JSONValue {
        let settings = zip(grid.axes, run.values).map { JSONMember($0.key, .string($1)) }
        return .object([
            JSONMember("run", .integer(run.number)), JSONMember("directory", .string(run.place)),
            JSONMember("settings", .object(settings)),
            JSONMember("failure", run.failure.map { .string($0) } ?? .null),
            JSONMember("summary", run.summary ?? .null),
        ])
    }

    // MARK: - For people

    /// An axis by the last part of its key, where no other one ends so.
    private func title(_ axis: Int) -> String {
        func last(_ key: String) -> Substring { key.split(separator: ".").last ?? "" }
        let name = last(grid.axes[axis].key)
        return grid.varied.count { last($0.key) == name } == 1 ? String(name) : grid.axes[axis].key
    }

    /// Columns of a screen, the sorted one first.
    private static let shown = [
        "net_cost_bps", "slippage_bps", "fee_bps", "fill_ratio", "maker_share", "fills", "vetoed", "pnl",
        "max_drawdown_ratio",
    ]

    private var columns: [GridColumn] {
        let others = Self.shown.compactMap(GridColumn.named).filter { $0 != sort }
        return [sort] + others
    }

    /// Headings and cells: which are numbers is the second.
    public var screen: (titles: [(String, isNumber: Bool)], rows: [[String]]) {
        var titles: [(String, isNumber: Bool)] = [("RUN", true)]
        titles += varied.map { (title($0), false) }
        titles += columns.map { ($0.title.uppercased(), true) }
        let rows = runs.map { run -> [String] in
            let head = ["\(run.number)"] + varied.map { run.values[$0] }
            guard let summary = run.summary else { return head + ["failed"] }
            return head + columns.map { Figures.plain($0.number(summary), $0.digits) }
        }
        return (titles, rows)
    }

    /// The page that leads to each run's report.
    public func page(version: String, tapes: [String]) -> String {
        let failed = failures.count
        let subtitle =
            "\(Figures.count(runs.count)) runs of \(grid.varied.map(\.key).joined(separator: ", ")); sorted by "
            + "\(sort.name), best first" + (failed > 0 ? "; \(failed) failed" : "")
        return Page.text(title: "backtest grid", isLive: false, heading: "Backtest grid", subtitle: subtitle) { page in
            RunPage.section("Runs", &page) { page in putRuns(into: &page) }
            if failed > 0 { RunPage.section("Failed", &page) { page in putFailures(into: &page) } }
            RunPage.section("What all runs share", &page) { page in
                var table = PageTable([.word("What"), .text("Value")])
                for axis in grid.axes where axis.values.count == 1 {
                    table.add(["Set", "\(axis.key) = \(axis.values[0])"])
                }
                for tape in tapes { table.add(["Tape", tape]) }
                table.add(["Program", version])
                table.put(into: &page)
                page.element(
                    "p",
                    [.kind("note")],
                    "The best of many runs on one tape is partly luck: choose on one day, and judge on another."
                )
            }
        }
    }

    private func putRuns(into page: inout Markup) {
        let values = runs.compactMap { $0.summary.flatMap(sort.number) }
        let largest = values.map(\.magnitude).max() ?? 0
        var table = PageTable(
            [.number("Run")] + varied.map { .word(title($0)) } + [.bar("")]
                + columns.map { .number($0.title) }
        )
        for run in runs {
            guard let summary = run.summary else { continue }
            let value = sort.number(summary)
            let share = largest > 0 ? (value ?? 0).magnitude / largest : 0
            let isGood = (value ?? 0) < 0 ? sort.isCost : !sort.isCost
            table.add(
                [.link("\(run.number)", to: run.place + "/report.html")] + varied.map { .text(run.values[$0]) }
                    + [.bar(share, kind: isGood ? "gain" : "cost")]
                    + columns.map { .text(Figures.fixed($0.number(summary), $0.digits)) }
            )
        }
        table.put(into: &page)
    }

    private func putFailures(into page: inout Markup) {
        var table = PageTable([.number("Run")] + varied.map { .word(title($0)) } + [.text("What it said")])
        for run in failures {
            table.add(["\(run.number)"] + varied.map { run.values[$0] } + [run.failure ?? ""])
        }
        table.put(into: &page)
    }
}
