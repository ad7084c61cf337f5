import FairleadModel
import FairleadNode

extension RunPage {
    /// A part of a cost: its name, bps and money.
    private struct Part {
        var name: String
        var bps: Double?
        var money: Money?
        /// Part of the one above it.
        var isInner = false
        var isSum = false
    }

    func putCosts(into page: inout Markup) {
        Self.section("What trading cost", &page) { page in
            page.element(
                "p",
                [.kind("note")],
                "In basis points of the notional; positive is a cost. Slippage is measured from the mid at the moment "
                    + "when the order was accepted, over the fills that had one."
            )
            put(
                [
                    Part(name: "Slippage from arrival", bps: run.slippageBps, money: run.slippage),
                    Part(name: "Fees", bps: feeBps, money: run.fees),
                    Part(name: "Net", bps: run.netCostBps, money: run.slippage + run.fees, isSum: true),
                ],
                into: &page
            )
            if run.funding != .zero {
                page.element("p", [.kind("note")], "Funding paid on top, negative if received: \(money(run.funding)).")
            }
            putShortfall(into: &page)
            putHorizons(into: &page)
        }
    }

    /// The implementation shortfall in its parts, where an order had all that it takes.
    private func putShortfall(into page: inout Markup) {
        let shortfall = run.execution.shortfall
        guard shortfall.parents > 0 else { return }
        page.element("h3", "Implementation shortfall")
        let unmeasured = shortfall.unmeasuredParents
        page.element(
            "p",
            [.kind("note")],
            "From the price at the decision to the end, in bps of the whole order at the decision price, what was "
                + "not filled judged at the price at the end; over "
                + "\(Figures.count(shortfall.parents)) orders"
                + (unmeasured > 0 ? "; \(Figures.count(unmeasured)) more lacked a price." : ".")
        )
        var parts = [
            Part(name: "Delay until arrival", bps: shortfall.bps(shortfall.delay), money: shortfall.delay),
            Part(name: "Trading", bps: shortfall.bps(shortfall.trading), money: shortfall.trading),
        ]
        // Comparable with the other parts only where every order has them.
        if shortfall.splitParents == shortfall.parents {
            let (spread, impact) = (shortfall.spread, shortfall.impact)
            parts.append(Part(name: "spread at the fills", bps: shortfall.bps(spread), money: spread, isInner: true))
            parts.append(
                Part(name: "market moved meanwhile", bps: shortfall.bps(impact), money: impact, isInner: true)
            )
        }
        let (missed, total) = (shortfall.opportunity, shortfall.total)
        parts.append(Part(name: "Missed: not filled", bps: shortfall.bps(missed), money: missed))
        parts.append(Part(name: "Fees", bps: shortfall.bps(shortfall.fees), money: shortfall.fees))
        parts.append(Part(name: "Total", bps: shortfall.bps(total), money: total, isSum: true))
        put(parts, into: &page)
    }

    private func put(_ parts: [Part], into page: inout Markup) {
        let largest = parts.compactMap { $0.bps?.magnitude }.max() ?? 0
        var table = PageTable([.text("Part"), .number("bps"), .number(head.currency), .bar("")])
        for part in parts {
            let share = largest > 0 ? (part.bps ?? 0).magnitude / largest : 0
            let indent = part.isInner ? "\u{2003}of it " : ""
            table.add(
                [
                    .text(indent + part.name), .text(Figures.fixed(part.bps, 2)), .text(Figures.money(part.money)),
                    .bar(share, kind: (part.bps ?? 0) < 0 ? "gain" : "cost"),
                ],
                isSum: part.isSum
            )
        }
        table.put(into: &page)
    }

    /// Spreads and mark-outs, where a fill had a middle to be measured by.
    private func putHorizons(into page: inout Markup) {
        let execution = run.execution
        let measured = MarkoutHorizon.allCases.filter { horizon in
            execution.horizons[Int(horizon.rawValue)].markoutBps.count > 0
        }
        guard execution.effectiveSpreadBps.value != nil || !measured.isEmpty else { return }
        page.element("h3", "Spreads and mark-outs")
        page.element(
            "p",
            [.kind("note")],
            "The effective spread paid was \(bps(execution.effectiveSpreadBps.value)), twice the distance of the fill "
                + "from the mid. Each row looks at the mid again later: what the fill was then worth (a negative "
                + "mark-out went against us), for the fills that were as old before the end, and how the spread parts "
                + "into what the other side earned and what the price moved. The venue's first word came after "
                + "\(Figures.fixed(execution.latencyMilliseconds.value, 1)) ms."
        )
        guard !measured.isEmpty else { return }
        var table = PageTable([
            .word("After"), .number("Fills"), .number("Mark-out bps"), .number("Realised spread bps"),
            .number("Price impact bps"),
        ])
        for horizon in measured {
            let summary = execution.horizons[Int(horizon.rawValue)]
            let markout = summary.markoutBps.value
            table.add([
                .text(Figures.span(horizon.span)), .text(Figures.count(summary.markoutBps.count)),
                .result(Figures.signed(markout, 2), isGain: (markout ?? 0) > 0, isLoss: (markout ?? 0) < 0),
                .text(Figures.fixed(summary.realizedSpreadBps.value, 2)),
                .text(Figures.fixed(summary.priceImpactBps.value, 2)),
            ])
        }
        table.put(into: &page)
    }
}
