public import FairleadModel

/// What Kelly's rule makes of a strategy's closed trades (SPEC 5; EXECUTION-QUALITY 5).
///
/// f = (p b - (1 - p)) / b with p = wins / trades and b = mean win / mean |loss|, which is
/// wins (losses * gained - (trades - wins) lost) / (trades * losses * gained) of whole numbers: its sign is exact, and
/// its value is rounded down to 10^-8. Under `min_trades` nothing is believed. A strategy that has never lost has no b,
/// and gets the base fraction; one that has never won has no edge, also where it never lost.
public struct KellyEdge: Hashable, Sendable, BitwiseCopyable {
    public var basis: SizingBasis
    /// Of NAV, before confidence and the multiplier; not positive, or nil, where there is no edge.
    public var fraction: Rate?
    /// nil without a closed trade.
    public var winRate: Rate?
    /// nil without a win or a loss.
    public var payoff: Rate?
    public var trades: Int

    public init(_ tally: TradeTally, _ configuration: KellyConfiguration) {
        trades = tally.trades
        let (wins, losses) = (Int128(tally.wins), Int128(tally.losses))
        let (gained, lost) = (Int128(tally.gained), Int128(tally.lost))
        let one = Int128(FixedPoint.one)
        if tally.trades > 0 {
            winRate = Rate(raw: FixedPoint.dividedRoundingDown(wins * one, by: Int128(tally.trades)))
        }
        if wins > 0, losses > 0, lost > 0 {
            payoff = Rate(raw: FixedPoint.dividedRoundingDown(gained * losses * one, by: lost * wins))
        }
        basis = .noEdge
        let isBelieved = tally.trades >= configuration.minimumTrades
        // A win that is no return at all, once rounded, is none.
        if isBelieved, wins == 0 || gained == 0 { return }
        guard isBelieved, losses > 0 else {
            basis = .base
            fraction = configuration.baseFraction
            return
        }
        let edge = wins * (losses * gained - (Int128(tally.trades) - wins) * lost)
        let f = Rate(raw: FixedPoint.dividedRoundingDown(edge * one, by: Int128(tally.trades) * losses * gained))
        fraction = f
        if f > .zero { basis = .edge }
    }
}

/// SPEC 5's haircut for positions that move together.
public enum CorrelationHaircut {
    public typealias Holding = (rho: Double?, isSameDirection: Bool)

    /// The sum of max(0, d * rho) over open positions, with d = +1 for one of the direction of the entry and -1 for an
    /// opposite one; `rho` is the correlation of its returns with those of the entry's instrument, -1...1. A rho that
    /// is not known is left out. Rounded up: the size that is divided by 1 and it is never too large.
    public static func load(_ positions: some Sequence<Holding>) -> Rate {
        positions.reduce(.zero) { $0 + share($1) }
    }

    /// What one position adds.
    static func share(_ position: Holding) -> Rate {
        guard let rho = position.rho, rho.isFinite else { return .zero }
        let signed = min(1, max(-1, position.isSameDirection ? rho : -rho))
        return signed > 0 ? Rate(raw: Int64((signed * 1e8).rounded(.up))) : .zero
    }
}
