import FairleadModel

/// How restless the synthetic market is: all symbols share it, as they do in life.
@frozen public enum VolatilityRegime: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case quiet = 0
    case normal
    case hot
    case panic

    /// Multiplies the configured volatility.
    var volatility: Double {
        switch self {
        case .quiet: 0.6
        case .normal: 1
        case .hot: 2
        case .panic: 4
        }
    }

    /// Multiplies the rate of trades and quotes.
    var activity: Double {
        switch self {
        case .quiet: 0.7
        case .normal: 1
        case .hot: 1.7
        case .panic: 3
        }
    }

    /// The probability of each further tick of spread.
    var widening: Double {
        switch self {
        case .quiet: 0.03
        case .normal: 0.07
        case .hot: 0.3
        case .panic: 0.7
        }
    }

    /// Mean length in market seconds.
    var meanSeconds: Double {
        switch self {
        case .quiet: 150
        case .normal: 240
        case .hot: 45
        case .panic: 10
        }
    }

    /// The regime that follows, by the share of the whole that `unit` (0..<1) falls into. Panic cools down to hot.
    func successor(_ unit: Double) -> VolatilityRegime {
        switch self {
        case .quiet: unit < 0.9 ? .normal : .hot
        case .normal: unit < 0.5 ? .quiet : unit < 0.95 ? .hot : .panic
        case .hot: unit < 0.75 ? .normal : unit < 0.9 ? .panic : .quiet
        case .panic: .hot
        }
    }
}

/// What moves all symbols at once: the regime and a common factor of their returns.
struct SyntheticClimate {
    /// Regimes that may pass between two looks; more than that in one gap makes no difference.
    static let switchLimit = 64

    private(set) var regime = VolatilityRegime.normal
    private var regimeEnds: Timestamp
    /// A random walk in units of a symbol's own deviation a root second.
    private(set) var common = 0.0
    private var lastTime: Timestamp
    private var random: DeterministicRandom

    init(seed: UInt64, at start: Timestamp, clock: MarketClock) {
        random = DeterministicRandom(seed: seed)
        lastTime = start
        regimeEnds = start
        regimeEnds = start + clock.span(seconds: regime.meanSeconds * random.nextExponential())
    }

    mutating func advance(to now: Timestamp, clock: MarketClock) {
        var switches = 0
        while regimeEnds <= now {
            switches += 1
            regime = regime.successor(random.nextUnit())
            let length = clock.span(seconds: regime.meanSeconds * random.nextExponential())
            regimeEnds = (switches < Self.switchLimit ? regimeEnds : now) + length
        }
        let elapsed = clock.seconds(from: lastTime, to: now)
        if elapsed > 0 { common += elapsed.squareRoot() * regime.volatility * random.nextNormal() }
        lastTime = now
    }

    /// Keeps the normal regime until `end`.
    mutating func settle(until end: Timestamp) {
        regime = .normal
        regimeEnds = end
    }

    /// Moves all that lies ahead by `gap`: time in which the market stood still.
    mutating func postpone(by gap: TimeSpan) {
        regimeEnds = regimeEnds + gap
        lastTime = lastTime + gap
    }

    /// Begins at `start` instead; nothing has happened yet.
    mutating func move(to start: Timestamp) { postpone(by: start - lastTime) }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&regime)
        visitor.visit(&regimeEnds)
        visitor.visit(&common)
        visitor.visit(&lastTime)
        random.visitState(&visitor)
    }
}
