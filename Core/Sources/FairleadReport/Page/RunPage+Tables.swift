import FairleadMarketData
import FairleadModel
import FairleadNode

extension RunPage {
    // MARK: - Who and what

    private static let tradeColumns: [PageTable.Column] = [
        .number("Filled"), .number("Maker"), .number("Notional"), .number("Slippage bps"), .number("Fee bps"),
        .number("Net bps"), .number("Fees"),
    ]

    /// `fees`: the ledger's, where it counts more than the tally's orders.
    private func cells(_ trades: TradeTally, filled: String, fees: Money? = nil) -> [PageTable.Cell] {
        [
            .text(filled), .text(Figures.percent(trades.makerShare)), .text(Figures.money(trades.notional)),
            .text(Figures.fixed(trades.slippageBps, 2)), .text(Figures.fixed(trades.feeBps, 2)),
            .text(Figures.fixed(trades.netCostBps, 2)), .text(Figures.money(fees ?? trades.fees)),
        ]
    }

    func putStrategies(into page: inout Markup) {
        let named = result.strategies.indices.filter { index in
            let signals = index < seen.strategies.count ? seen.strategies[index].signals : 0
            return signals > 0 || result.strategies[index].fills > 0
        }
        guard !named.isEmpty else { return }
        Self.section("Strategies", &page) { page in
            var table = PageTable(
                [.text("Strategy"), .number("Signals"), .number("Accepted"), .number("Vetoed")] + Self.tradeColumns
                    + [.number("Result")]
            )
            for index in named {
                let report = result.strategies[index]
                let tally = index < seen.strategies.count ? seen.strategies[index] : StrategyTally()
                let name = report.name.isEmpty ? "(unnamed)" : report.name
                table.add(
                    [
                        .text(name), .text(Figures.count(tally.signals)),
                        .text(Figures.count(tally.dispositions[Int(SignalDisposition.accepted.rawValue)])),
                        .text(Figures.count(tally.dispositions[Int(SignalDisposition.vetoed.rawValue)])),
                    ] + cells(tally.trades, filled: Figures.percent(tally.trades.fillRatio), fees: report.fees)
                        + [result(report.result)]
                )
            }
            if seen.ownTrades.parents > 0 {
                let trades = seen.ownTrades
                table.add(
                    [.text("(levels and flattens)"), .text(Figures.count(trades.parents)), .text(""), .text("")]
                        + cells(trades, filled: Figures.percent(trades.fillRatio)) + [.text("")]
                )
            }
            table.put(into: &page)
            page.element(
                "p",
                [.kind("note")],
                "Costs in bps are those of orders that have ended. Fees and result are of all of a strategy's fills, "
                    + "exits by its levels among them: what was realised less fees and funding; what is open is not "
                    + "in it."
            )
        }
    }

    func putSymbols(into page: inout Markup) {
        let traded = seen.symbols.indices.filter { seen.symbols[$0].trades.fills > 0 }
        guard !traded.isEmpty else { return }
        Self.section("Symbols", &page) { page in
            var table = PageTable(
                [.text("Symbol"), .number("Fills")] + Self.tradeColumns.dropFirst()
                    + [.number("Realised"), .number("Held at the end"), .number("Unrealised")]
            )
            for index in traded {
                let picture = seen.symbols[index]
                let trades = picture.trades
                let held = picture.held.compactMap(\.self).filter { $0.quantity != .zero }
                table.add(
                    [.text(seen.instruments[index].symbol)]
                        + cells(trades, filled: Figures.count(trades.fills))
                        + [
                            result(picture.realized), .text(held.map { Self.held($0) }.joined(separator: ", ")),
                            .text(held.isEmpty ? "" : Figures.money(Self.unrealized(held))),
                        ]
                )
            }
            table.put(into: &page)
            page.element(
                "p",
                [.kind("note")],
                "What is held was valued when the position changed last; the equity curve values it to the end."
            )
        }
    }

    private static func held(_ record: PositionRecord) -> String {
        let side = record.positionSide == .both ? "" : record.positionSide.name + " "
        return side + Rate(raw: record.quantity.raw).description.replacing("-", with: "\u{2212}")
    }

    /// nil where one of them has no mark.
    private static func unrealized(_ held: [PositionRecord]) -> Money? {
        var sum = Money.zero
        for record in held {
            guard let amount = record.unrealized else { return nil }
            sum += Money(raw8: amount)
        }
        return sum
    }

    // MARK: - Refused

    func putVetoes(into page: inout Markup) {
        let vetoed = VetoReason.allCases.filter { seen.vetoes[Int($0.rawValue)].count > 0 }
        guard !vetoed.isEmpty || !seen.refusals.isEmpty else { return }
        Self.section("Signals that did not trade", &page) { page in
            if !vetoed.isEmpty { putReasons(vetoed, into: &page) }
            guard !seen.refusals.isEmpty else { return }
            page.element("h3", "Could not be read")
            var table = PageTable([.word("Field"), .number("Signals"), .id("First signal"), .text("What was wrong")])
            for refusal in seen.refusals {
                table.add([refusal.field, Figures.count(refusal.count), refusal.signalID, refusal.text])
            }
            table.put(into: &page)
            if let others = seen.refusals.last?.others, others > 0 {
                page.element("p", [.kind("note")], "\(Figures.count(others)) more, of other fields.")
            }
        }
    }

    private func putReasons(_ vetoed: [VetoReason], into page: inout Markup) {
        page.element(
            "p",
            [.kind("note")],
            "Vetoed by risk, by the first rule that was broken, with the numbers of its first time. "
                + "fairlead why ID --out DIR tells every row of one signal."
        )
        let ordered = vetoed.sorted {
            let (a, b) = (seen.vetoes[Int($0.rawValue)].count, seen.vetoes[Int($1.rawValue)].count)
            return a == b ? $0.rawValue < $1.rawValue : a > b
        }
        let largest = Double(ordered.first.map { seen.vetoes[Int($0.rawValue)].count } ?? 1)
        var table = PageTable([
            .word("Rule"), .number("Vetoes"), .bar(""), .number("Observed"), .number("Limit"), .word("Symbol"),
            .word("At"), .id("First signal"),
        ])
        for reason in ordered {
            let tally = seen.vetoes[Int(reason.rawValue)]
            guard let example = tally.example else { continue }
            let row = example.row
            table.add([
                .text(reason.name), .text(Figures.count(tally.count)),
                .bar(Double(tally.count) / largest, kind: ""),
                .text(row.map { Figures.risk($0.observed, $0.unit) } ?? Figures.unknown),
                .text(row.map { Figures.risk($0.threshold, $0.unit) } ?? Figures.unknown),
                .text(symbol(example.instrument)), .text(Figures.clock(example.time)),
                .text(example.signalID.isEmpty ? example.number.description : example.signalID),
            ])
        }
        table.put(into: &page)
    }

    // MARK: - Routing

    func putRoutes(into page: inout Markup) {
        let used = RoutedAs.allCases.filter { seen.routes[Int($0.rawValue)].parents > 0 }
        guard !used.isEmpty else { return }
        Self.section("How orders were routed", &page) { page in
            var table = PageTable(
                [.word("Route"), .number("Orders"), .number("With a fill")] + Self.tradeColumns
            )
            for route in used {
                let tally = seen.routes[Int(route.rawValue)]
                table.add(
                    [
                        .text(route.name.replacing("_", with: " ")), .text(Figures.count(tally.parents)),
                        .text(Figures.count(tally.filledParents)),
                    ] + cells(tally, filled: Figures.percent(tally.fillRatio))
                )
            }
            table.put(into: &page)
            putCounts("Why a maker gave way to a taker", FallbackReason.allCases.map(\.name), run.fallbacks, &page)
            putCounts("Why an order did not start as maker", RouteReason.allCases.map(\.name), run.routeReasons, &page)
            putCounts("How orders ended", ParentOutcome.allCases.map(\.name), run.outcomes, &page)
        }
    }

    private func putCounts(_ title: String, _ names: [String], _ counts: [UInt64], _ page: inout Markup) {
        let found = names.indices.filter { !names[$0].isEmpty && counts[$0] > 0 }
        let rows = found.sorted { counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1] }
        guard let largest = rows.first.map({ counts[$0] }) else { return }
        page.element("h3", title)
        var table = PageTable([.word("Reason"), .number("Orders"), .bar("")])
        for row in rows {
            table.add([
                .text(names[row].replacing("_", with: " ")), .text(Figures.count(counts[row])),
                .bar(Double(counts[row]) / Double(largest), kind: ""),
            ])
        }
        table.put(into: &page)
    }

    /// What a person should look at before they believe the rest; nothing where nothing was wrong.
    func putTroubles(into page: inout Markup) {
        var rows: [(String, String)] = []
        for state in seen.tradingStates where state.record.to != .active {
            rows.append(
                (Figures.moment(state.time), "trading became \(state.record.to.name): \(state.record.cause.name)")
            )
        }
        for kind in AlarmKind.allCases where seen.alarms[Int(kind.rawValue)] > 0 {
            rows.append(("\(Figures.count(seen.alarms[Int(kind.rawValue)])) times", "alarm: \(kind.name)"))
        }
        if run.divergences > 0 { rows.append(("\(Figures.count(run.divergences)) times", "the venue said otherwise")) }
        if run.lostNotices > 0 {
            rows.append(("\(Figures.count(run.lostNotices))", "notices were lost: the figures are lower bounds"))
        }
        if result.unusedSignalLines > 0 {
            rows.append(("\(Figures.count(result.unusedSignalLines))", "signals lie after the end of the tapes"))
        }
        let malformed = result.tapes.reduce(0) { $0 + $1.counts.malformed }
        if malformed > 0 { rows.append(("\(Figures.count(malformed))", "lines of the tapes could not be read")) }
        guard !rows.isEmpty else { return }
        Self.section("Worth a look", &page) { page in
            var table = PageTable([.word("When, how often"), .text("What")])
            for (when, what) in rows { table.add([when, what]) }
            table.put(into: &page)
        }
    }

    // MARK: - Orders

    func putOrders(into page: inout Markup) {
        guard !seen.orders.isEmpty else { return }
        Self.section("Orders", &page) { page in
            page.element("details") { page in
                let shown = seen.orders.count
                let rest = seen.orderCount > UInt64(shown) ? " of \(Figures.count(seen.orderCount))" : ""
                page.element("summary", "The first \(Figures.count(shown))\(rest) orders")
                var table = PageTable([
                    .word("Time"), .word("Symbol"), .word("Side"), .word("Type"), .number("Price"),
                    .number("Quantity"), .number("Filled"), .word("State"), .id("Intent"),
                ])
                for order in seen.orders {
                    let change = order.change
                    let end = change.rejectReason?.name ?? change.endReason.name
                    let state = change.to.name + (end.isEmpty ? "" : ": \(end)")
                    table.add([
                        Figures.clock(order.since), symbol(change.instrument), change.side == .buy ? "buy" : "sell",
                        change.type.name.replacing("_", with: " "),
                        change.price == .zero ? Figures.unknown : change.price.description,
                        change.quantity.description, change.filled.description, state.replacing("_", with: " "),
                        change.id.intent.description,
                    ])
                }
                table.put(into: &page)
            }
        }
    }

    // MARK: - Inputs

    func putInputs(into page: inout Markup) {
        Self.section("Inputs and hashes", &page) { page in
            page.element(
                "p",
                [.kind("note")],
                "The same inputs give the same hashes, and this page byte for byte, on any machine."
            )
            var table = PageTable([.word("What"), .text("Value"), .id("SHA-256")])
            table.add(["Configuration", head.configurationSource, head.configurationHash.description])
            for setting in head.settings { table.add(["Set", "\(setting.key) = \(setting.value)", ""]) }
            for (tape, report) in zip(head.tapes, result.tapes) {
                let counts = report.counts
                let text =
                    "\(tape.path): \(Figures.count(counts.quotes)) quotes, \(Figures.count(counts.trades)) trades, "
                    + "\(Figures.count(counts.marks)) marks"
                table.add(["Tape", text, tape.digest])
            }
            for file in head.signals {
                let name = file.strategy.map { ", \($0) where none is named" } ?? ""
                table.add(["Signals", file.path + name, file.digest])
            }
            table.add(["Inputs", "all of the above, and the program's version \(head.version)", "\(head.inputsHash)"])
            table.add(["Journal", "\(Figures.count(result.sequence)) inputs", head.journalHash])
            table.add(["Commands", "\(Figures.count(result.commandCount)) to the venue", "\(result.commandHash)"])
            table.add(["State", "of the engine at the end", "\(result.stateHash)"])
            table.put(into: &page)
        }
    }
}
