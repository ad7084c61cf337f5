import FairleadMarketData
public import FairleadModel
public import FairleadNode

/// The report of one run: a page on its own, the same bytes for the same run.
public struct RunPage {
    /// Symbols that have charts; the others stand in the table.
    static let chartLimit = 8
    let head: ReportHead
    let result: BacktestResult
    let seen: RunCollector

    public init(_ head: ReportHead, _ result: BacktestResult, _ seen: RunCollector) {
        self.head = head
        self.result = result
        self.seen = seen
    }

    var run: RunStatistics { result.statistics }

    /// NAV at the last measurement less the first balance; nil while it was never measured.
    public static func profit(_ record: ProfitRecord?, from balance: Money) -> Money? {
        record?.nav.map { Money(raw8: $0) - balance }
    }

    public var text: String {
        Page.text(
            title: "backtest \(head.inputsHash.description.prefix(8))",
            isLive: head.isLive,
            heading: "Backtest of \(symbolsText)",
            subtitle: subtitle
        ) { page in
            putFigures(into: &page)
            putEquity(into: &page)
            putCosts(into: &page)
            putSymbolCharts(into: &page)
            putStrategies(into: &page)
            putSymbols(into: &page)
            putVetoes(into: &page)
            putRoutes(into: &page)
            putTroubles(into: &page)
            putOrders(into: &page)
            putInputs(into: &page)
        }
    }

    /// Symbols with a fill by the notional traded, largest first; where nothing was filled, those with a price.
    var chartedSymbols: [Int] {
        let traded = seen.symbols.indices.filter { seen.symbols[$0].trades.fills > 0 }
        if traded.isEmpty { return seen.symbols.indices.filter { index in hasPrice(index) } }
        return traded.sorted {
            let (a, b) = (seen.symbols[$0].trades.notional, seen.symbols[$1].trades.notional)
            return a == b ? $0 < $1 : a > b
        }
    }

    private func hasPrice(_ index: Int) -> Bool {
        (0..<seen.clock.count).contains { !seen.symbols[index].prices[$0].isEmpty }
    }

    func symbol(_ instrument: InstrumentHandle) -> String {
        let index = Int(instrument.index)
        return index < seen.instruments.count ? seen.instruments[index].symbol : Figures.unknown
    }

    private var symbolsText: String {
        let names = chartedSymbols.map { seen.instruments[$0].symbol }
        let shown = names.prefix(4).joined(separator: ", ")
        if names.isEmpty { return "no symbol" }
        return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
    }

    private var subtitle: String {
        let span = seen.lastTime - seen.firstTime
        return "\(Figures.moment(seen.firstTime)) to \(Figures.moment(seen.lastTime)) UTC, \(Figures.span(span)); "
            + "\(Figures.count(result.marketEvents)) market events, \(Figures.count(run.signals)) signals"
    }

    private func putFigures(into page: inout Markup) {
        let profit = Self.profit(seen.profit, from: head.startingBalance)
        let share = profit.map { $0.double / head.startingBalance.double }
        let accepted = run.acknowledgements[Int(SignalDisposition.accepted.rawValue)]
        let vetoed = run.acknowledgements[Int(SignalDisposition.vetoed.rawValue)]
        page.element("dl", [.kind("figures")]) { page in
            figure(
                "Profit and loss",
                profit.map { Figures.signed($0.double, 2) } ?? Figures.unknown,
                "\(head.currency), \(Figures.percent(share, 3)) of the balance",
                colour: profit.map { $0.raw } ?? 0,
                &page
            )
            figure("Net cost", bps(run.netCostBps), "slippage \(bps(run.slippageBps)), fees \(bps(feeBps))", &page)
            figure(
                "Deepest drawdown",
                Figures.percent(seen.deepestDrawdown.double, 3),
                "of the NAV's peak",
                &page
            )
            figure(
                "Filled",
                Figures.percent(seen.fillRatio),
                "of what was approved; \(Figures.count(run.fills)) fills",
                &page
            )
            figure("Maker share", Figures.percent(run.makerShare), "of \(money(run.notional)) traded", &page)
            figure(
                "Signals accepted",
                "\(Figures.count(accepted)) / \(Figures.count(run.signals))",
                "\(Figures.count(vetoed)) vetoed",
                &page
            )
        }
        page.line()
    }

    private func figure(
        _ name: String,
        _ value: String,
        _ note: String,
        colour: Int128 = 0,
        _ page: inout Markup
    ) {
        page.element("div") { page in
            page.element("dt", name)
            page.element("dd", colour > 0 ? [.kind("gain")] : colour < 0 ? [.kind("loss")] : []) { page in
                page.put(value)
                page.element("small", note)
            }
        }
    }

    var feeBps: Double? { run.notional.raw > 0 ? run.fees.double / run.notional.double * 10_000 : nil }

    func bps(_ value: Double?) -> String { value == nil ? Figures.unknown : Figures.fixed(value, 2) + "\u{202F}bps" }

    func money(_ money: Money) -> String { "\(Figures.money(money)) \(head.currency)" }

    func result(_ money: Money) -> PageTable.Cell {
        .result(Figures.signed(money.double, 2), isGain: money.raw > 0, isLoss: money.raw < 0)
    }

    static func section(_ title: String, _ page: inout Markup, _ body: (inout Markup) -> Void) {
        page.element("section") { page in
            page.element("h2", title)
            body(&page)
        }
        page.line()
    }
}
