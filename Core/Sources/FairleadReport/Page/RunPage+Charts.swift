import FairleadModel

extension RunPage {
    typealias Point = (x: Double, y: Double)

    // MARK: - Equity

    func putEquity(into page: inout Markup) {
        Self.section("Equity and drawdown", &page) { page in
            let rows = (0..<seen.clock.count).filter { !seen.equity[$0].nav.isEmpty }
            guard !rows.isEmpty else {
                return page.element("p", [.kind("note")], "The account was never measured: the tape is too short.")
            }
            page.element(
                "p",
                [.kind("note")],
                "NAV in \(head.currency), open positions at their marks, measured at each housekeeping; "
                    + "the dashed line is the first balance. Below: the share of the NAV's peak that was lost."
            )
            putNav(rows, into: &page)
            putDrawdown(rows, into: &page)
        }
    }

    private func putNav(_ rows: [Int], into page: inout Markup) {
        let balance = head.startingBalance.double
        var (low, high) = (balance, balance)
        for row in rows {
            low = min(low, Double(seen.equity[row].nav.low) / 1e8)
            high = max(high, Double(seen.equity[row].nav.high) / 1e8)
        }
        var plot = Plot(seen.firstTime, seen.lastTime, low...high, height: 240)
        plot.line([(0, plot.y(balance)), (Plot.width, plot.y(balance))], "base")
        let points = rows.map { row in
            (plot.x(seen.clock.start(of: row)), plot.y(Double(seen.equity[row].nav.last) / 1e8))
        }
        plot.line([(0, plot.y(balance))] + points, "equity")
        plot.put(into: &page, "NAV over time", showsTimes: false)
    }

    private func putDrawdown(_ rows: [Int], into page: inout Markup) {
        let deepest = seen.deepestDrawdown.double * 100
        guard deepest > 0 else { return }
        var plot = Plot(seen.firstTime, seen.lastTime, -deepest...0, height: 90, unit: "\u{202F}%")
        let points = rows.map { row in
            (plot.x(seen.clock.start(of: row)), plot.y(-Double(seen.equity[row].drawdown) / 1e6))
        }
        plot.area(points, from: 0, "under")
        plot.line(points, "depth")
        plot.put(into: &page, "Drawdown in per cent over time")
    }

    // MARK: - Symbols

    func putSymbolCharts(into page: inout Markup) {
        let symbols = chartedSymbols
        guard !symbols.isEmpty else { return }
        Self.section("Fills and positions", &page) { page in
            putLegend(into: &page)
            for index in symbols.prefix(Self.chartLimit) { putSymbol(index, into: &page) }
            guard symbols.count > Self.chartLimit else { return }
            page.element(
                "p",
                [.kind("note")],
                "\(symbols.count - Self.chartLimit) symbols with less traded stand in the table below."
            )
        }
    }

    private func putLegend(into page: inout Markup) {
        let marks = [
            ("buy", "b", "maker bought"), ("buy", "", "taker bought"), ("sell", "s", "maker sold"),
            ("sell", "", "taker sold"),
        ]
        page.element("div", [.kind("legend")]) { page in
            for (side, hollow, name) in marks {
                page.element("span") { page in
                    page.element("svg", [.of("viewBox", "0 0 12 12"), .of("aria-hidden", "true")]) { page in
                        page.empty("path", [.kind("fill \(side)"), .of("d", "M6 6h0")])
                        if !hollow.isEmpty { page.empty("path", [.kind("core \(hollow)"), .of("d", "M6 6h0")]) }
                    }
                    page.put(name)
                }
            }
            page.element("span", "fills of one side, liquidity and moment are one mark at their mean price")
        }
    }

    private func putSymbol(_ index: Int, into page: inout Markup) {
        let picture = seen.symbols[index]
        page.element("h3", seen.instruments[index].symbol)
        let rows = (0..<seen.clock.count).filter { !picture.prices[$0].isEmpty }
        guard let range = range(picture, rows) else {
            return page.element("p", [.kind("note")], "The tapes hold no price of it.")
        }
        let digits = Self.digits(seen.instruments[index].terms.tick)
        var plot = Plot(seen.firstTime, seen.lastTime, range, height: 260, digits: digits)
        let width = Double(seen.clock.width) / Double(max(1, (seen.lastTime - seen.firstTime).nanoseconds)) * Plot.width
        let places = rows.map { min(plot.x(seen.clock.start(of: $0)) + width / 2, Plot.width) }
        plot.band(
            zip(rows, places).map { ($1, plot.y(Double(picture.prices[$0].high) / 1e8)) },
            zip(rows, places).map { ($1, plot.y(Double(picture.prices[$0].low) / 1e8)) },
            "band"
        )
        plot.line(zip(rows, places).map { ($1, plot.y(Double(picture.prices[$0].last) / 1e8)) }, "price")
        for (kind, fills) in picture.fills.enumerated() {
            let points = (0..<seen.clock.count).compactMap { row -> Point? in
                guard let price = fills[row].price else { return nil }
                return (min(plot.x(seen.clock.start(of: row)) + width / 2, Plot.width), plot.y(price / 1e8))
            }
            let isBuy = kind < 2
            plot.dots(points, isBuy ? "fill buy" : "fill sell")
            if kind % 2 == 0 { plot.dots(points, isBuy ? "core b" : "core s") }
        }
        plot.put(into: &page, "Price of \(seen.instruments[index].symbol) with our fills", showsTimes: false)
        putPosition(picture, into: &page)
    }

    /// From the lowest to the highest of market and fills.
    private func range(_ picture: SymbolPicture, _ rows: [Int]) -> ClosedRange<Double>? {
        var (low, high) = (Double.infinity, -Double.infinity)
        for row in rows {
            low = min(low, Double(picture.prices[row].low))
            high = max(high, Double(picture.prices[row].high))
        }
        for fills in picture.fills {
            for row in 0..<seen.clock.count {
                guard let price = fills[row].price else { continue }
                low = min(low, price)
                high = max(high, price)
            }
        }
        return low <= high ? low / 1e8...high / 1e8 : nil
    }

    private func putPosition(_ picture: SymbolPicture, into page: inout Markup) {
        var (low, high) = (0.0, 0.0)
        for buckets in picture.positions.compactMap(\.self) {
            for row in 0..<seen.clock.count where !buckets[row].isEmpty {
                low = min(low, Double(buckets[row].low) / 1e8)
                high = max(high, Double(buckets[row].high) / 1e8)
            }
        }
        guard low < high else { return }
        var plot = Plot(seen.firstTime, seen.lastTime, low...high, height: 70)
        for buckets in picture.positions.compactMap(\.self) {
            var points: [Point] = [(0, plot.y(0))]
            var held = 0.0
            for row in 0..<seen.clock.count where !buckets[row].isEmpty {
                let place = plot.x(seen.clock.start(of: row))
                let bucket = buckets[row]
                points.append((place, plot.y(held)))
                // What was held in between, where it was more than before or after.
                for value in [Double(bucket.low) / 1e8, Double(bucket.high) / 1e8] {
                    points.append((place, plot.y(value)))
                }
                held = Double(bucket.last) / 1e8
                points.append((place, plot.y(held)))
            }
            points.append((Plot.width, plot.y(held)))
            plot.area(points, from: 0, "hold")
            plot.line(points, "held")
        }
        plot.put(into: &page, "Position over time")
    }

    /// Digits after the point that a price of this tick has.
    static func digits(_ tick: Price) -> Int {
        var digits = 8
        var raw = tick.raw
        while digits > 0, raw % 10 == 0 {
            raw /= 10
            digits -= 1
        }
        return digits
    }
}
