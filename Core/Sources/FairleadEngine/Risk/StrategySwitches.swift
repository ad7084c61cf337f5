public import FairleadModel

/// The strategies that a person lets nothing be entered of, until they are enabled. One bit each.
public struct StrategySwitches: Hashable, Sendable, BitwiseCopyable {
    private static let limit = PositionLedger.strategyLimit
    /// Strategies 0...63, 64...127, and so on.
    private var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))

    public init() { precondition(Self.limit == 256, "Invariant: a bit a strategy") }

    /// False for a handle that no strategy can have: nothing was switched.
    mutating func set(_ strategy: StrategyHandle, isDisabled: Bool) -> Bool {
        guard Int(strategy.index) < Self.limit else { return false }
        let bit = UInt64(1) << UInt64(strategy.index % 64)
        switch strategy.index / 64 {
        case 0: Self.put(bit, isDisabled, &words.0)
        case 1: Self.put(bit, isDisabled, &words.1)
        case 2: Self.put(bit, isDisabled, &words.2)
        default: Self.put(bit, isDisabled, &words.3)
        }
        return true
    }

    @inline(__always)
    public func isDisabled(_ strategy: StrategyHandle) -> Bool {
        if words.0 | words.1 | words.2 | words.3 == 0 { return false }
        let word: UInt64 =
            switch strategy.index / 64 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            case 3: words.3
            default: 0
            }
        return word & UInt64(1) << UInt64(strategy.index % 64) != 0
    }

    private static func put(_ bit: UInt64, _ isOn: Bool, _ word: inout UInt64) {
        if isOn { word |= bit } else { word &= ~bit }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&words.0)
        visitor.visit(&words.1)
        visitor.visit(&words.2)
        visitor.visit(&words.3)
    }

    public static func == (a: Self, b: Self) -> Bool { a.words == b.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
