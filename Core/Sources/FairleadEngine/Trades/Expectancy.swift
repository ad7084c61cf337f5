public import FairleadModel

/// What closed trades of one kind (of a symbol, a strategy, an hour) came to: RULES' expectancy. Sums are exact; money
/// is in the quote currency, net of fees and funding. What no trade tells is nil.
public struct Expectancy: Hashable, Sendable {
    /// Under so many trades it says little: `mature` is false.
    public static let matureCount = 30

    public private(set) var count = 0
    public private(set) var wins = 0
    public private(set) var losses = 0
    /// Of profits, 10^-8.
    private var won: Int128 = 0
    private var lost: Int128 = 0
    private var paid: Int128 = 0
    /// Of returns on notional, 10^-8.
    private var returns: Int128 = 0
    /// The running sum from 0, its highest, and how far it fell from there at most.
    private var highest: Int128 = 0
    private var deepest: Int128 = 0

    public init() {}

    /// Takes trades in the order in which they were closed.
    public mutating func add(_ trade: ClosedTrade) {
        count += 1
        returns += Int128(trade.profitRate.raw)
        paid += Int128(trade.fees)
        if trade.profit > 0 {
            wins += 1
            won += Int128(trade.profit)
        } else if trade.profit < 0 {
            losses += 1
            lost += Int128(trade.profit)
        }
        highest = max(highest, won + lost)
        deepest = max(deepest, highest - (won + lost))
    }

    public var isMature: Bool { count >= Self.matureCount }
    /// Wins over all trades, break-evens among them.
    public var hitRate: Double? { count > 0 ? Double(wins) / Double(count) : nil }
    /// On notional.
    public var averageReturn: Double? { mean(returns, count) }
    public var averageWin: Double? { mean(won, wins) }
    /// Negative.
    public var averageLoss: Double? { mean(lost, losses) }
    /// What all of them made.
    public var profit: Double { Double(won + lost) / 1e8 }
    public var fees: Double { Double(paid) / 1e8 }

    /// What was won for each unit that was lost; nil without a loss.
    public var profitFactor: Double? { lost < 0 ? Double(won) / -Double(lost) : nil }

    /// hit_rate avg_win + (1 - hit_rate) avg_loss, of a trade; an average without a trade adds nothing.
    public var expectancy: Double? {
        guard let hitRate else { return nil }
        return hitRate * (averageWin ?? 0) + (1 - hitRate) * (averageLoss ?? 0)
    }

    /// Of each unit of the average loss; the expectancy itself where there is no loss.
    public var expectancyPerRisk: Double? {
        guard let expectancy else { return nil }
        return expectancy / (averageLoss.map { -$0 } ?? 1)
    }

    /// The largest fall of the running sum of profits from its highest, which begins at 0.
    public var maximumDrawdown: Double { Double(deepest) / 1e8 }
    public var drawdownAdjusted: Double? { expectancy.map { $0 - maximumDrawdown / Double(count) } }

    private func mean(_ sum: Int128, _ count: Int) -> Double? { count > 0 ? Double(sum) / 1e8 / Double(count) : nil }
}

/// The closed trades that are kept, in each of their kinds.
public struct ExpectancyTables: Sendable {
    /// By instrument.
    public private(set) var symbols: [Expectancy]
    /// By handle.
    public private(set) var strategies: [Expectancy]
    /// By the hour of the day, UTC, at which a trade was opened.
    public private(set) var hours: [Expectancy]
    public private(set) var all = Expectancy()

    public init(instruments: Int) {
        symbols = Array(repeating: Expectancy(), count: instruments)
        strategies = Array(repeating: Expectancy(), count: PositionLedger.strategyLimit)
        hours = Array(repeating: Expectancy(), count: 24)
    }

    public mutating func add(_ trade: ClosedTrade) {
        all.add(trade)
        symbols[Int(trade.instrument.index)].add(trade)
        strategies[min(Int(trade.strategy.index), strategies.count - 1)].add(trade)
        let hour = FixedPoint.floorDivide(Int128(trade.openedAt.nanoseconds), by: 3_600_000_000_000)
        hours[Int(hour - FixedPoint.floorDivide(hour, by: 24) * 24)].add(trade)
    }
}
