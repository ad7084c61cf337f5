internal import FairleadModel

/// What a symbol's score looks at; nil where nothing is known.
public struct SymbolScoreInput: Hashable, Sendable {
    /// In the quote currency, of a trade.
    public var expectancy: Double?
    public var hitRate: Double?
    /// The published quality of its executions, 0...1.
    public var quality: Double?
    /// Shares of the parents that started as maker.
    public var makerFill: Double?
    public var fallback: Double?
    /// Median slippage in bps.
    public var slippageBps: Double?
    /// What its closed trades paid and made, in the quote currency.
    public var fees: Double?
    public var profit: Double?
    /// Short volatility over long; 1 is as ever.
    public var volatilityScale: Double?

    public init() {}
}

/// RULES' symbol score: how much a symbol deserves, as one number in [0, 1], with its parts. For autotune's signals and
/// for people; no order is sized by it.
public struct SymbolScore: Hashable, Sendable {
    /// E: 0.5 where nothing is known.
    public var expectancy: Double
    /// R: the same.
    public var router: Double
    /// Subtracted; 0 where nothing is known.
    public var slippage: Double
    public var fees: Double
    public var volatility: Double
    public var score: Double

    public init(_ input: SymbolScoreInput) {
        expectancy = 0.5 + 0.5 * DeterministicMath.tanh((input.expectancy ?? 0) / 10)
        if let hitRate = input.hitRate { expectancy = 0.7 * expectancy + 0.3 * hitRate }
        if let quality = input.quality {
            router = quality
        } else if let makerFill = input.makerFill, let fallback = input.fallback {
            router = 0.5 + 0.5 * DeterministicMath.tanh(makerFill - fallback)
        } else {
            router = 0.5
        }
        slippage = min(0.4, max(0, input.slippageBps ?? 0) / 20)
        fees = 0
        if let profit = input.profit, profit != 0, let paid = input.fees {
            fees = min(0.4, 0.2 * paid.magnitude / profit.magnitude)
        }
        volatility = input.volatilityScale.map { min(0.5, ($0 - 1).magnitude) } ?? 0
        let sum = 0.55 * expectancy + 0.35 * router - slippage - fees - 0.3 * volatility
        score = min(1, max(0, sum))
    }
}
