public import FairleadModel

/// How a symbol has been executed, as autotune sees it (RULES "Autotune").
@frozen public enum AutotuneRegime: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case broken = 0
    case fallbackHeavy
    case slippageHot
    case makerStrong
    case balanced

    public var name: String {
        switch self {
        case .broken: "broken"
        case .fallbackHeavy: "fallback_heavy"
        case .slippageHot: "slippage_hot"
        case .makerStrong: "maker_strong"
        case .balanced: "balanced"
        }
    }

    /// The first that holds. What is unknown fires nothing; an unknown slip doesn't weaken a strong maker.
    public init(_ health: Effectiveness) {
        func isAtLeast(_ value: Rate?, _ percent: Int64) -> Bool {
            value.map { $0.raw >= percent * 1_000_000 } ?? false
        }
        func isAtMost(_ value: Rate?, _ percent: Int64) -> Bool { value.map { $0.raw <= percent * 1_000_000 } ?? false }
        func slips(_ bps: Int64) -> Bool { health.slip95.map { $0 >= Rate(bps: bps) } ?? false }
        let isSlow = health.acknowledgement.map { $0 >= .milliseconds(3000) } ?? false
        if isAtLeast(health.fallback, 85) || isAtMost(health.makerFill, 20) || slips(25) || isSlow {
            self = .broken
        } else if isAtLeast(health.fallback, 55) {
            self = .fallbackHeavy
        } else if slips(12) {
            self = .slippageHot
        } else if isAtLeast(health.makerFill, 70), isAtMost(health.fallback, 30),
            health.slip95.map({ $0 <= Rate(bps: 5) }) ?? true
        {
            self = .makerStrong
        } else {
            self = .balanced
        }
    }
}

/// How well a symbol's trades have paid; nil where it is not known.
public struct AutotuneExpectancy: Hashable, Sendable, BitwiseCopyable {
    /// USD a trade.
    public var expectancy: Double?
    /// Share of the trades that won.
    public var hitRate: Double?
    /// The symbol's score, 0...1.
    public var score: Double?

    public init(expectancy: Double? = nil, hitRate: Double? = nil, score: Double? = nil) {
        self.expectancy = expectancy
        self.hitRate = hitRate
        self.score = score
    }

    /// Nothing is known.
    public static let none = AutotuneExpectancy()

    /// Positive where the trades have paid.
    public var strength: Double {
        var strength = 0.0
        if let expectancy {
            if expectancy >= 5 {
                strength += 1.5
            } else if expectancy >= 1 {
                strength += 0.75
            } else if expectancy <= -3 {
                strength -= 1.5
            } else if expectancy <= -1 {
                strength -= 0.75
            }
        }
        if let hitRate { strength += hitRate >= 0.65 ? 0.25 : hitRate <= 0.45 ? -0.25 : 0 }
        if let score { strength += score >= 0.7 ? 0.75 : score <= 0.3 ? -0.75 : 0 }
        return strength
    }
}

/// What autotune would change of a symbol's policy, next to the policy as computed, and why. Pure; it applies nothing.
public struct AutotuneSuggestion: Hashable, Sendable {
    /// The largest steps of a suggestion.
    public static let biasStep = Rate(raw: 5_000_000)
    public static let offsetStep = Rate(bps: 1)

    public var regime: AutotuneRegime
    public var strength: Double
    /// Sums of the signals, cut to -1...1.
    public var biasSignal: Double
    public var offsetSignal: Double
    public var bias: Rate
    public var offset: Rate
    public var makerFirst: Bool

    /// `health` is what is believed of the symbol's executions; `policy` as computed.
    public init(
        _ health: Effectiveness,
        _ expectancy: AutotuneExpectancy,
        _ policy: RouterPolicy,
        reference: OffsetReference
    ) {
        regime = AutotuneRegime(health)
        strength = expectancy.strength
        makerFirst = policy.makerFirst
        var bias = 0.0
        var offset = 0.0
        if policy.quality == .broken || regime == .broken {
            (bias, offset) = (1, 1)
            makerFirst = false
        } else if policy.quality == .degraded {
            (bias, offset) = (0.5, 0.5)
        }
        switch regime {
        case .broken, .balanced: break
        case .fallbackHeavy:
            bias += 0.75
            offset += 0.5
            let isHeavy = health.fallback.map { $0.raw >= 60_000_000 } ?? false
            if isHeavy, expectancy.expectancy == nil { makerFirst = false }
        case .slippageHot:
            bias += 0.5
            offset += 0.75
        case .makerStrong:
            bias -= 0.75
            offset -= 0.5
            if strength >= 0.5, policy.quality != .broken { makerFirst = true }
        }
        if strength >= 1.5 {
            bias -= 1
            offset -= 0.5
        } else if strength >= 0.5 {
            bias -= 0.5
        } else if strength <= -1.5 {
            bias += 1
            offset += 0.5
        } else if strength <= -0.5 {
            bias += 0.5
        }
        biasSignal = min(1, max(-1, bias))
        offsetSignal = min(1, max(-1, offset))
        self.bias = Self.stepped(policy.bias, Self.biasStep, biasSignal, in: .zero...(.one))
        self.offset = Self.stepped(policy.offset, Self.offsetStep, offsetSignal, in: PolicyRules.offsets(reference))
    }

    private static func stepped(_ value: Rate, _ step: Rate, _ signal: Double, in range: ClosedRange<Rate>) -> Rate {
        let moved = Rate(raw: value.raw + Int64((Double(step.raw) * signal).rounded()))
        return min(range.upperBound, max(range.lowerBound, moved))
    }

    /// It differs from the policy as computed.
    public func changes(_ policy: RouterPolicy) -> Bool {
        bias != policy.bias || offset != policy.offset || makerFirst != policy.makerFirst
    }
}
