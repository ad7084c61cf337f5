/// `autotune` of `strategy_config.json`: what of the suggestions is applied to the policies (SPEC 8).
public struct AutotuneConfiguration: Hashable, Sendable {
    public var isApplyEnabled = false
    /// The largest step of the bias, from the policy as computed.
    public var maximumBiasDelta = Rate(raw: 5_000_000)
    /// The largest step of the offset, from the policy as computed.
    public var maximumOffsetStep = Rate(bps: 2)
    /// The largest offset that a step may lead to.
    public var maximumOffset = Rate(bps: 10)
    /// maker_first may be turned, in the risk mode `normal` only.
    public var allowsMakerFlip = false
    /// Symbols that may be tuned; `*` is all, none is none.
    public var symbols: [String] = []
    /// Qualities that may be tuned, by their names.
    public var qualities = [PolicyQuality.good.name, PolicyQuality.ok.name]
    /// The risk mode counts as `cautious` where it was last known longer ago.
    public var modeStaleAfter = TimeSpan.seconds(1800)

    public init() {}

    /// In `symbols` that stands for every symbol.
    public static let everySymbol = "*"

    public func tunes(_ symbol: String) -> Bool { symbols.contains { $0 == Self.everySymbol || $0 == symbol } }
}
