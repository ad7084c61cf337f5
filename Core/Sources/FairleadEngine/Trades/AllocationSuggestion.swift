public import FairleadModel

/// What of a strategy's or a symbol's size its closed trades would have changed. For people: no order is sized by it.
///
/// The strength of its expectancy, on the scale of autotune's signals, says which step: half and three quarters
/// downwards, a tenth and a quarter upwards. What is not known to pay is never raised: under 30 trades nothing is
/// suggested, and outside of the normal risk mode no step leads up.
public struct AllocationSuggestion: Hashable, Sendable {
    public enum Action: String, Sendable, CaseIterable {
        /// Too few trades to say anything.
        case wait
        case keep
        case raise
        case lower
    }

    public var action: Action
    public var strength: Double
    /// Of the present size.
    public var multiplier: Rate

    /// `score`: a symbol's; a strategy has none.
    public init(_ expectancy: Expectancy, score: Double? = nil, mode: RiskMode) {
        strength = 0
        multiplier = .one
        action = .wait
        guard expectancy.isMature else { return }
        let known = AutotuneExpectancy(expectancy: expectancy.expectancy, hitRate: expectancy.hitRate, score: score)
        strength = known.strength
        let mayRise = mode == .normal
        let percent: Int64
        switch strength {
        case ...(-1.5): percent = 50
        case ...(-0.5): percent = 75
        case 1.5...: percent = mayRise ? 125 : 100
        case 0.5...: percent = mayRise ? 110 : 100
        default: percent = 100
        }
        multiplier = Rate(raw: percent * 1_000_000)
        action = percent == 100 ? .keep : percent > 100 ? .raise : .lower
    }
}
