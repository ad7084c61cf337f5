public import FairleadComparison

/// The report's tables as cells, for a terminal and for the page alike.
extension ComparisonReport {
    /// A heading and whether numbers stand under it.
    public typealias Column = (title: String, isNumber: Bool)

    public static let headlineColumns: [Column] = [
        ("arm", false), ("net bps", true), ("95 %", false), ("saves bps", true), ("95 %", false), ("of bound", true),
        ("slippage", true), ("fees", true), ("sd", true), ("worst 5 %", true), ("maker share", true),
        ("fell back", true), ("s to fill", true), ("mark-out 1 s", true), ("5 s", true), ("30 s", true), ("60 s", true),
    ]

    /// A row an arm, then the best arm of each arrival.
    public static func cells(_ section: Section) -> [[String]] {
        var rows = section.rows.map { row -> [String] in
            let markouts = row.makerMarkouts.map { Figures.plain($0, 2) }
            return [
                row.arm, Figures.plain(row.net.mean, 2), interval(row.net), Figures.plain(row.saving?.mean, 2),
                row.saving.map(interval) ?? "-", percent(row.achieved), Figures.plain(row.slippage, 2),
                Figures.plain(row.fees, 2), Figures.plain(row.deviation, 2), Figures.plain(row.tail, 2),
                percent(row.makerShare), percent(row.fallenBack), Figures.plain(row.seconds, 1),
            ] + markouts
        }
        var bound = [
            "(best in hindsight)", Figures.plain(section.hindsight.mean, 2), interval(section.hindsight),
            Figures.plain(section.bound.mean, 2), interval(section.bound), percent(1),
        ]
        while bound.count < headlineColumns.count { bound.append("") }
        rows.append(bound)
        return rows
    }

    public static func interval(_ estimate: Estimate) -> String {
        "[\(Figures.plain(estimate.low, 2)), \(Figures.plain(estimate.high, 2))]"
    }

    private static func percent(_ share: Double?) -> String {
        share == nil ? "-" : Figures.plain(share.map { $0 * 100 }, 0) + " %"
    }

    /// What each arm saves under each other setting: mean and interval.
    public static func gridColumns(_ part: Part) -> [Column] {
        let arms = part.headline?.rows.map(\.arm).filter { $0 != ComparisonArm.baseline } ?? []
        return [("setting", false), ("taker net", true)] + arms.map { ($0 + " saves", false) }
    }

    public static func gridCells(_ part: Part) -> [[String]] {
        let arms = part.headline?.rows.map(\.arm) ?? []
        return part.sections.filter { $0.kind != .oneAccount }.map { section in
            let sample = section.stride > 1 ? " (1 of \(section.stride))" : ""
            var cells = [section.label + sample]
            for arm in arms {
                guard let row = section.rows.first(where: { $0.arm == arm }) else {
                    cells.append("-")
                    continue
                }
                cells.append(row.saving.map { text($0) } ?? Figures.plain(row.net.mean, 2))
            }
            return cells
        }
    }

    static func text(_ estimate: Estimate) -> String { Figures.plain(estimate.mean, 2) + " " + interval(estimate) }

    /// Arrivals that share an account.
    public static let chainColumns: [Column] = [
        ("arrivals in one account", false), ("net bps", true), ("saves bps", false), ("maker share", true),
        ("started as maker", true), ("fell back", true), ("refused", true),
    ]

    public static func chainCells(_ part: Part) -> [[String]] {
        part.sections.filter { $0.kind == .oneAccount }.flatMap { section in
            section.rows.filter { $0.arm != ComparisonArm.baseline }.map { row in
                [
                    row.arm, Figures.plain(row.net.mean, 2), row.saving.map(text) ?? "-", percent(row.makerShare),
                    percent(row.startedAsMaker), percent(row.fallenBack), "\(row.refused)",
                ]
            }
        }
    }
}
