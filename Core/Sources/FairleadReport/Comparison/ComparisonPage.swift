import FairleadComparison
import FairleadModel

/// A comparison as a page on its own: the same bytes for the same inputs.
public struct ComparisonPage {
    private let report: ComparisonReport

    public init(_ report: ComparisonReport) { self.report = report }

    public var text: String {
        Page.text(
            title: "execution cost \(report.frozenHash.description.prefix(8))",
            isLive: false,
            heading: "What execution costs, arm by arm",
            subtitle: "Net of fees, completed at the deadline, in basis points of the notional; every arrival in an "
                + "account of its own, on the paper venue over recorded data. Intervals hold 95 % of block-bootstrap "
                + "resamples and speak of these recordings only."
        ) { page in
            for part in report.parts { put(part, into: &page) }
            putInputs(into: &page)
        }
    }

    private func put(_ part: ComparisonReport.Part, into page: inout Markup) {
        guard let headline = part.headline else { return }
        RunPage.section(part.recording, &page) { page in
            page.element(
                "p",
                [.kind("note")],
                "\(Figures.moment(part.first)) to \(Figures.moment(part.last)) UTC, \(Figures.count(part.records)) "
                    + "records; \(Figures.count(headline.rows.first?.arrivals ?? 0)) arrivals of \(part.quantity) "
                    + "(at the touch stood \(part.medianTouchSize) in the middle), \(part.blocks) blocks that do not "
                    + "overlap. Fees \(headline.fees.text) bps, queue \(headline.queue.rawValue), latency "
                    + "\(headline.latency.milliseconds) ms each way."
            )
            putSavings(headline, into: &page)
            page.element("h3", "Each arm")
            Self.table(ComparisonReport.headlineColumns, ComparisonReport.cells(headline)).put(into: &page)
            page.element("h3", "What is saved under other fees, queues and latencies")
            Self.table(ComparisonReport.gridColumns(part), ComparisonReport.gridCells(part)).put(into: &page)
            let chained = ComparisonReport.chainCells(part)
            if !chained.isEmpty {
                page.element("h3", "Arrivals after one another in one account")
                page.element(
                    "p",
                    [.kind("note")],
                    "The same arrivals, dealt to accounts in which one follows the other: the policy learns of them. "
                        + "A row for each weight of its prior."
                )
                Self.table(ComparisonReport.chainColumns, chained).put(into: &page)
            }
        }
    }

    /// Bars of what each arm saves, the best in hindsight as the longest.
    private func putSavings(_ section: ComparisonReport.Section, into page: inout Markup) {
        var table = PageTable([.word("Saves against always_taker"), .number("bps"), .number("95 %"), .bar("")])
        var bars = section.rows.compactMap { row in row.saving.map { (row.arm, $0) } }
        bars.append(("best in hindsight", section.bound))
        let largest = bars.map(\.1.mean.magnitude).max() ?? 0
        for (name, saving) in bars {
            let share = largest > 0 ? saving.mean.magnitude / largest : 0
            table.add([
                .text(name),
                .result(Figures.signed(saving.mean, 2), isGain: saving.low > 0, isLoss: saving.high < 0),
                .text(ComparisonReport.interval(saving)), .bar(share, kind: saving.mean < 0 ? "cost" : "gain"),
            ])
        }
        table.put(into: &page)
    }

    private static func table(_ columns: [ComparisonReport.Column], _ rows: [[String]]) -> PageTable {
        var table = PageTable(columns.map { $0.isNumber ? .number($0.title) : .word($0.title) })
        for row in rows { table.add(row) }
        return table
    }

    private func putInputs(into page: inout Markup) {
        RunPage.section("What it was made of", &page) { page in
            page.element("h3", "Arms")
            var arms = PageTable([.word("Arm"), .text("What it does")])
            for arm in report.arms { arms.add([arm.name, arm.meaning]) }
            arms.put(into: &page)
            page.element("h3", "What an arrival's account does not have")
            page.element("ul") { page in
                for note in report.notes { page.element("li", note) }
            }
            page.element("h3", "Settings")
            var settings = PageTable([.word("Setting"), .id("Value")])
            for setting in report.settings { settings.add([setting.name, setting.value]) }
            settings.add(["version", report.version])
            settings.add(["configuration (\(report.configurationSource))", "\(report.configurationHash)"])
            settings.add(["frozen: configuration, arms and settings", "\(report.frozenHash)"])
            for tape in report.tapes { settings.add([tape.path, "SHA-256 \(tape.digest)"]) }
            settings.put(into: &page)
        }
    }
}
