import FairleadComparison
import FairleadModel
import FairleadReport

/// A comparison on a terminal.
enum ComparisonScreen {
    static func text(_ report: ComparisonReport, _ style: Style) -> String {
        var pieces: [String] = []
        for part in report.parts {
            guard let headline = part.headline else { continue }
            let count = headline.rows.first?.arrivals ?? 0
            let setting =
                "fees \(headline.fees.text) bps, queue \(headline.queue.rawValue), "
                + "latency \(headline.latency.milliseconds) ms, \(part.blocks) blocks"
            let title = "\(style.paper)  \(part.recording)  \(count) arrivals of \(part.quantity), \(setting)"
            if !style.isPlain { pieces.append(title) }
            pieces.append(table(ComparisonReport.headlineColumns, ComparisonReport.cells(headline), part, style))
            let grid = ComparisonReport.gridCells(part)
            if !grid.isEmpty { pieces.append(table(ComparisonReport.gridColumns(part), grid, part, style)) }
            let chained = ComparisonReport.chainCells(part)
            if !chained.isEmpty { pieces.append(table(ComparisonReport.chainColumns, chained, part, style)) }
        }
        if style.isPlain { return pieces.joined(separator: "\n") }
        pieces.append(
            """
              costs      bps of the notional against the mid at arrival, net of fees, completed at the deadline
              frozen     \(report.frozenHash), configuration \(report.configurationHash) (\(report.configurationSource))
              accounts   what an arrival's account does not have stands in --json and --html
            """
        )
        return pieces.joined(separator: "\n\n")
    }

    private static func table(
        _ columns: [ComparisonReport.Column],
        _ rows: [[String]],
        _ part: ComparisonReport.Part,
        _ style: Style
    ) -> String {
        // Lines for programs name their recording each.
        let first = style.isPlain ? [Table.Column("recording")] : []
        var table = Table(first + columns.map { Table.Column($0.title, isNumber: $0.isNumber) })
        for row in rows { table.add((style.isPlain ? [part.recording] : []) + row) }
        return table.text(style, empty: "no arm")
    }
}
