/// One symbol of the synthetic market.
public struct SyntheticSymbolConfiguration: Hashable, Sendable {
    /// The symbol of a configured instrument.
    public var symbol: String
    /// Positive.
    public var startPrice: Price
    /// Standard deviation of one day's return in the normal regime, a rate (0.03 is 3 %).
    public var dailyVolatility = Rate(raw: 3_000_000)
    /// The usual distance of ask from bid in ticks, at least 1.
    public var spreadTicks = 1
    /// Mean trades a second, a rate (2.5 is 250,000,000).
    public var tradesPerSecond = Rate(raw: 200_000_000)

    public init(symbol: String, startPrice: Price) {
        self.symbol = symbol
        self.startPrice = startPrice
    }
}

/// `market.synthetic` of `runtime.json`: the market that needs no file.
public struct SyntheticMarketConfiguration: Hashable, Sendable {
    public var seed: UInt64 = 1
    /// In the order of the instruments.
    public var symbols: [SyntheticSymbolConfiguration] = []
    /// Market seconds in one second of the clock: 1 is real time, 10 the soak's.
    public var speed = Rate.one
    /// Bars of `bars.seconds` made before the start, so that indicators are warm.
    public var backfillBars = 500

    public init() {}
}
