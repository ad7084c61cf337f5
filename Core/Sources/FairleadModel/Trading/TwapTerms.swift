/// How a signal wants its TWAP sliced. What it leaves out stands in the configuration (`twap`).
@frozen public struct TwapTerms: Hashable, Sendable, BitwiseCopyable {
    /// 2...`sliceLimit`; zero when not given.
    public var slices: UInt16
    /// In ten-thousandths of the interval, at most 10,000; `jitterAbsent` when not given.
    public var jitter: UInt16
    /// From one slice to the next, 1,000...86,400,000; zero when not given.
    public var intervalMilliseconds: UInt32

    public static let sliceLimit: Int64 = 1000
    /// Of a VWAP, whose slices each have a size of their own.
    public static let curveLimit: Int64 = 32
    /// In seconds.
    public static let intervalLimit: Int64 = 86_400
    /// One is the whole interval.
    public static let jitterLimit: UInt16 = 10_000
    public static let jitterAbsent = UInt16.max

    @inlinable public init(slices: UInt16 = 0, jitter: UInt16 = UInt16.max, intervalMilliseconds: UInt32 = 0) {
        self.slices = slices
        self.jitter = jitter
        self.intervalMilliseconds = intervalMilliseconds
    }

    /// nil when not given.
    public var interval: TimeSpan? {
        intervalMilliseconds == 0 ? nil : .milliseconds(Int64(intervalMilliseconds))
    }

    /// A share of the interval; nil when not given.
    public var jitterShare: Rate? {
        jitter == Self.jitterAbsent ? nil : Rate(raw: Int64(jitter) * (FixedPoint.one / Int64(Self.jitterLimit)))
    }
}
