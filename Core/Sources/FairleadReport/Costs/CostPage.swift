import FairleadModel
import FairleadNode

extension CostReport {
    /// The report as a page on its own.
    public var page: String {
        Page.text(
            title: "execution costs",
            isLive: isLive,
            heading: "What executions cost",
            subtitle: ledger.first == .never
                ? "No order has ended."
                : "Orders that ended from \(Figures.moment(ledger.first)) to \(Figures.moment(ledger.last)) UTC.",
            footer: "Measured by the engine at each fill and at each order's end; docs/TCA.md says how to read it."
        ) { page in
            if let markoutNote { page.element("p", [.kind("note")], "Of these, \(markoutNote).") }
            putParts(into: &page)
            for dimension in CostLedger.Dimension.allCases { put(dimension, into: &page) }
        }
    }

    /// The implementation shortfall in its parts, as bars.
    private func putParts(into page: inout Markup) {
        let shortfall = ledger.total.execution.shortfall
        guard shortfall.parents > 0 else { return }
        RunPage.section("Implementation shortfall", &page) { page in
            let unmeasured = shortfall.unmeasuredParents
            page.element(
                "p",
                [.kind("note")],
                "From the price at the decision to the end, in bps of the whole order at the decision price; over "
                    + "\(Figures.count(shortfall.parents)) orders"
                    + (unmeasured > 0 ? ", \(Figures.count(unmeasured)) more lacked a price." : ".")
                    + " A negative number is a gain."
            )
            let parts: [(String, Money)] = [
                ("Delay until arrival", shortfall.delay), ("Trading", shortfall.trading),
                ("Missed: not filled", shortfall.opportunity), ("Fees", shortfall.fees),
            ]
            let largest = parts.compactMap { shortfall.bps($0.1)?.magnitude }.max() ?? 0
            var table = PageTable([.text("Part"), .number("bps"), .number(currency), .bar("")])
            for (name, money) in parts { table.add(Self.row(name, money, shortfall, largest)) }
            table.add(Self.row("Total", shortfall.total, shortfall, largest), isSum: true)
            table.put(into: &page)
        }
    }

    private static func row(
        _ name: String,
        _ money: Money,
        _ shortfall: ShortfallSummary,
        _ largest: Double
    ) -> [PageTable.Cell] {
        let bps = shortfall.bps(money) ?? 0
        let share = largest > 0 ? bps.magnitude / largest : 0
        return [
            .text(name), .text(Figures.fixed(bps, 2)), .text(Figures.money(money)),
            .bar(share, kind: bps < 0 ? "gain" : "cost"),
        ]
    }

    private func put(_ dimension: CostLedger.Dimension, into page: inout Markup) {
        let rows = cells(dimension)
        guard !rows.isEmpty else { return }
        RunPage.section(dimension == .total ? "All" : "By \(dimension.rawValue)", &page) { page in
            if dimension != .total { putBars(dimension, into: &page) }
            let headings = Self.headings(dimension)
            var table = PageTable([.word(headings[0])] + headings.dropFirst().map { .number($0) })
            for row in rows { table.add(row) }
            table.put(into: &page)
        }
    }

    /// Net costs as bars.
    private func putBars(_ dimension: CostLedger.Dimension, into page: inout Markup) {
        let rows = ledger.rows(dimension).compactMap { row in row.group.netBps.map { (row.name, $0) } }
        let largest = rows.map(\.1.magnitude).max() ?? 0
        guard rows.count > 1, largest > 0 else { return }
        var table = PageTable([.word("Net cost"), .number("bps"), .bar("")])
        for (name, bps) in rows {
            table.add([
                .text(name.isEmpty ? "(none)" : name), .text(Figures.fixed(bps, 2)),
                .bar(bps.magnitude / largest, kind: bps < 0 ? "gain" : "cost"),
            ])
        }
        table.put(into: &page)
    }
}
