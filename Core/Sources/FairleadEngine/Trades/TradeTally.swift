internal import FairleadModel

/// What a strategy's closed trades come to: all that Kelly's rule asks.
public struct TradeTally: Hashable, Sendable, BitwiseCopyable {
    /// A return of a million times the notional: larger ones count as this, so that sums stay within 64 bits.
    static let returnLimit: Int64 = 100_000_000_000_000

    /// Break-evens are neither won nor lost.
    public private(set) var trades = 0
    public private(set) var wins = 0
    public private(set) var losses = 0
    /// Sums of the returns of wins, and of losses without their sign, 10^-8.
    public private(set) var gained: Int64 = 0
    public private(set) var lost: Int64 = 0

    public init() {}

    mutating func add(_ trade: ClosedTrade) { count(trade, 1) }
    /// Takes back what was added.
    mutating func remove(_ trade: ClosedTrade) { count(trade, -1) }

    private mutating func count(_ trade: ClosedTrade, _ sign: Int) {
        trades += sign
        let size = min(Self.returnLimit, max(-Self.returnLimit, trade.profitRate.raw)).magnitude
        if trade.profit > 0 {
            wins += sign
            gained += Int64(sign) * Int64(size)
        } else if trade.profit < 0 {
            losses += sign
            lost += Int64(sign) * Int64(size)
        }
    }
}
