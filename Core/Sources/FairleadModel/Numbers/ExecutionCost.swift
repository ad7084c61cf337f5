/// The measures of what an execution cost, in basis points, as pure functions (EXECUTION-QUALITY 1).
///
/// Positive is a cost, except for a mark-out, where positive is favourable. A reference that is not known (zero) gives
/// nil, never a made-up 0; every number is finite.
public enum ExecutionCost {
    /// `side * (price - reference) / reference * 10^4`: slippage against the price that was intended, or at arrival.
    @inlinable public static func slippageBps(_ side: Side, _ price: Price, against reference: Price) -> Double? {
        guard price.raw > 0, reference.raw > 0 else { return nil }
        return signed(side, price, from: reference) / Double(reference.raw) * 10_000
    }

    /// `2 * side * (price - mid) / mid * 10^4`, with the middle at the fill.
    @inlinable public static func effectiveSpreadBps(_ side: Side, _ price: Price, mid: Price) -> Double? {
        slippageBps(side, price, against: mid).map { 2 * $0 }
    }

    /// `2 * side * (price - later) / mid * 10^4`: what is left of the effective spread when the middle has moved.
    @inlinable public static func realizedSpreadBps(_ side: Side, _ price: Price, mid: Price, later: Price) -> Double? {
        guard price.raw > 0, mid.raw > 0, later.raw > 0 else { return nil }
        return 2 * signed(side, price, from: later) / Double(mid.raw) * 10_000
    }

    /// `2 * side * (later - mid) / mid * 10^4`: effective spread less realised spread.
    @inlinable public static func priceImpactBps(_ side: Side, mid: Price, later: Price) -> Double? {
        slippageBps(side, later, against: mid).map { 2 * $0 }
    }

    /// `side * (later - price) / price * 10^4`: negative where the market moved against the fill.
    @inlinable public static func markoutBps(_ side: Side, _ price: Price, later: Price) -> Double? {
        slippageBps(side, later, against: price)
    }

    /// `amount / notional * 10^4`; nil without a notional. Both in the same unit.
    @inlinable public static func bps(_ amount: Int64, of notional: Int64) -> Double? {
        notional > 0 ? Double(amount) / Double(notional) * 10_000 : nil
    }

    /// `side * (price - reference)` in 10^-8.
    @inlinable static func signed(_ side: Side, _ price: Price, from reference: Price) -> Double {
        Double(price.raw - reference.raw) * Double(side.sign)
    }
}
