import FairleadModel

/// The documents that `fairlead init` writes and `make run` uses: the embedded paper venue, a synthetic market of three
/// symbols, the screener at work, limits of a careful person. Every default is printed in them.
public enum InitialDocuments {
    /// Indented JSON with a line feed at the end, in the order of the table.
    public static func text(of document: ConfigurationDocument) -> String {
        var members = [JSONMember("$schema", .string("../schemas/config/\(document.schemaName)"))]
        members += DocumentText.value(document, demonstration, saysOff: false).object ?? []
        return JSONWriter.text(of: .object(members), .pretty) + "\n"
    }

    /// The three of them.
    public static var documents: ConfigurationDocuments {
        ConfigurationDocuments(
            strategy: Array(text(of: .strategy).utf8),
            risk: Array(text(of: .risk).utf8),
            runtime: Array(text(of: .runtime).utf8)
        )
    }

    static let demonstration: ConfigurationContent = {
        var content = ConfigurationContent()
        add("BTCUSDT", tick: 10_000_000, lot: 100_000, largest: 1000, smallestNotional: 100, start: 61_800, &content)
        add("ETHUSDT", tick: 1_000_000, lot: 100_000, largest: 10_000, smallestNotional: 20, start: 2680, &content)
        add("SOLUSDT", tick: 100_000, lot: 10_000_000, largest: 100_000, smallestNotional: 5, start: 160, &content)
        for index in content.engine.instruments.indices {
            let isRecorded = content.engine.instruments[index].symbol != "SOLUSDT"
            let source = isRecorded ? "tick of the recorded tape, the rest of the built-in demo" : "built-in demo"
            content.engine.instruments[index].origin = InstrumentOrigin(source: source, date: "2024-08-08").text
            content.engine.symbols[index].isScreened = true
            content.engine.symbols[index].maximumNavFraction = Rate(raw: 25_000_000)
            content.engine.symbols[index].maximumLeverage = Rate(raw: 200_000_000)
        }
        content.engine.bars.length = .seconds(5)
        content.engine.screener.isEnabled = true
        limit(&content.engine.risk)
        return content
    }()

    private static func limit(_ risk: inout RiskLimits) {
        risk.dailyLossLimit = Rate(raw: 5_000_000)
        risk.maximumNavDrawdown = Rate(raw: 8_000_000)
        risk.maximumOrderNotional = Money(whole: 10_000)
        risk.maximumTradeNavFraction = Rate(raw: 10_000_000)
        risk.maximumGrossExposure = Rate(raw: 100_000_000)
        risk.maximumLeverage = Rate(raw: 200_000_000)
        risk.maximumEffectiveLeverage = Rate(raw: 200_000_000)
        risk.maximumConcurrentPositions = 3
        risk.cooldownAfterStop = .minutes(1)
        risk.maximumTradesPerSymbolPerHour = 60
        risk.ordersPerSecond = 20
        risk.ordersPerTenSeconds = 100
        risk.ordersPerMinute = 300
        risk.repeatedExecutionCount = 20
        risk.requiresDryRun = true
    }

    /// `tick` and `lot` in units of 10^-8.
    private static func add(
        _ symbol: String,
        tick: Int64,
        lot: Int64,
        largest: Int64,
        smallestNotional: Int64,
        start: Int64,
        _ content: inout ConfigurationContent
    ) {
        let terms = InstrumentTerms(
            tick: Price(raw: tick),
            lot: Quantity(raw: lot),
            minimumQuantity: Quantity(raw: lot),
            maximumQuantity: Quantity(raw: largest * FixedPoint.one),
            minimumNotional: Money(whole: smallestNotional),
            percentPrice: Rate(raw: 5_000_000)
        )
        content.engine.add(Instrument(symbol: symbol, terms: terms, origin: " "))
        let market = SyntheticSymbolConfiguration(symbol: symbol, startPrice: Price(raw: start * FixedPoint.one))
        content.runtime.market.synthetic.symbols.append(market)
    }
}
