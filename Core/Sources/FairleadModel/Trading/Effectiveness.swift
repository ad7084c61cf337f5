/// How well a symbol was executed lately. Observed, it is what the evidence says, decayed; believed, it is that shrunk
/// toward the prior (SPEC 7). A nil is unknown and fires no row.
public struct Effectiveness: Hashable, Sendable, BitwiseCopyable {
    /// Of the parents that started as maker: filled by nothing but makers.
    public var makerFill: Rate?
    /// Of the same: given way to a taker.
    public var fallback: Rate?
    /// Signed cost against the intended price, in rates: `Rate(bps: 4)`. One a parent that started as maker, cut at 50
    /// bps either way.
    public var slipMedian: Rate?
    public var slip95: Rate?
    /// Median over all orders.
    public var acknowledgement: TimeSpan?
    /// n: the decayed number of parents that started as maker.
    public var starts: Double
    /// The decayed number of slips at the level of `broken`.
    public var extremeSlips: Double

    public init(
        makerFill: Rate? = nil,
        fallback: Rate? = nil,
        slipMedian: Rate? = nil,
        slip95: Rate? = nil,
        acknowledgement: TimeSpan? = nil,
        starts: Double = 0,
        extremeSlips: Double = 0
    ) {
        self.makerFill = makerFill
        self.fallback = fallback
        self.slipMedian = slipMedian
        self.slip95 = slip95
        self.acknowledgement = acknowledgement
        self.starts = starts
        self.extremeSlips = extremeSlips
    }

    /// Nothing was observed.
    public static let none = Effectiveness()

    /// The 95 % quantile, else the median.
    public var slip: Rate? { slip95 ?? slipMedian }

    /// n, rounded down.
    public var samples: Int { Int(starts) }

    /// Shrunk toward the prior: `(value n + prior weight) / (n + weight)`. Latency is as observed.
    public func believed(_ prior: PolicyPrior) -> Effectiveness {
        var believed = self
        believed.makerFill = shrunk(makerFill, prior.makerFill, prior)
        believed.fallback = shrunk(fallback, prior.fallback, prior)
        believed.slipMedian = shrunk(slipMedian, prior.slip, prior)
        believed.slip95 = shrunk(slip95, prior.slip, prior)
        return believed
    }

    private func shrunk(_ value: Rate?, _ assumed: Rate, _ prior: PolicyPrior) -> Rate? {
        guard let value, starts > 0 else { return prior.weight > 0 ? assumed : nil }
        let weight = Double(prior.weight)
        let sum = Double(value.raw) * starts + Double(assumed.raw) * weight
        return Rate(raw: Int64((sum / (starts + weight)).rounded()))
    }

    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        makerFill = Self.visit(makerFill, &visitor)
        fallback = Self.visit(fallback, &visitor)
        slipMedian = Self.visit(slipMedian, &visitor)
        slip95 = Self.visit(slip95, &visitor)
        let span = Self.visit(acknowledgement.map { Rate(raw: $0.nanoseconds) }, &visitor)
        acknowledgement = span.map { TimeSpan(nanoseconds: $0.raw) }
        visitor.visit(&starts)
        visitor.visit(&extremeSlips)
    }

    private static func visit<Visitor: StateVisitor>(_ value: Rate?, _ visitor: inout Visitor) -> Rate? {
        var raw = value?.raw ?? Int64.min
        visitor.visit(&raw)
        return raw == Int64.min ? nil : Rate(raw: raw)
    }
}
