/// How a signal wants its VWAP, POV or iceberg worked. What it leaves out stands in the configuration (`algorithms`).
///
/// Slices of a VWAP and jitter are `TwapTerms`': the same words mean the same.
@frozen public struct AlgorithmTerms: Hashable, Sendable, BitwiseCopyable {
    /// How long it may take, 1,000...86,400,000; zero when not given.
    public var durationMilliseconds: UInt32
    /// Of a POV, in ten-thousandths of the traded volume, its own included: 1...`participationLimit`; zero when not
    /// given.
    public var participation: UInt16
    /// Of an iceberg: what may be seen of it at a time. Zero: no iceberg.
    public var display: Quantity

    /// In seconds.
    public static let durationLimit: Int64 = 86_400
    /// Half of the volume: as much as all others together.
    public static let participationLimit: UInt16 = 5_000

    @inlinable public init(
        durationMilliseconds: UInt32 = 0,
        participation: UInt16 = 0,
        display: Quantity = Quantity(raw: 0)
    ) {
        self.durationMilliseconds = durationMilliseconds
        self.participation = participation
        self.display = display
    }

    /// nil when not given.
    public var duration: TimeSpan? {
        durationMilliseconds == 0 ? nil : .milliseconds(Int64(durationMilliseconds))
    }

    /// A share of the traded volume; nil when not given.
    public var participationRate: Rate? {
        participation == 0 ? nil : Rate(raw: Int64(participation) * (FixedPoint.one / 10_000))
    }
}
