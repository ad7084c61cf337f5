/// What a person sets of one symbol's router policy (`router.overrides.SYM`); nil is left as computed.
///
/// Quality and regime stand in for what was observed, so that the rest follows from them by SPEC 7; the other fields
/// replace what was computed. A bias names its label, and a label its bias: where both are given they agree (the
/// configuration's decoder refuses others).
public struct PolicyOverride: Hashable, Sendable {
    public var quality: PolicyQuality?
    public var regime: MarketRegime?
    public var makerFirst: Bool?
    public var takerBias: TakerBias?
    /// 0 maker, 1 taker.
    public var bias: Rate?
    public var offset: Rate?

    public init(
        quality: PolicyQuality? = nil,
        regime: MarketRegime? = nil,
        makerFirst: Bool? = nil,
        takerBias: TakerBias? = nil,
        bias: Rate? = nil,
        offset: Rate? = nil
    ) {
        self.quality = quality
        self.regime = regime
        self.makerFirst = makerFirst
        self.takerBias = takerBias
        self.bias = bias
        self.offset = offset
    }

    /// Nothing is set.
    public static let none = PolicyOverride()
}

extension TakerBias {
    /// SPEC 7's label of a bias: up to 0.35 prefers makers, from 0.65 on takers.
    public init(of bias: Rate) {
        if bias.raw <= 35_000_000 {
            self = .preferMaker
        } else {
            self = bias.raw >= 65_000_000 ? .preferTaker : .balanced
        }
    }
}
