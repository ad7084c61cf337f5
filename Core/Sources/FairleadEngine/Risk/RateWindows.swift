public import FairleadModel

/// Messages sent to one venue in the last 1 s, 10 s and 60 s, in buckets of 100 ms.
///
/// Conservative: the bucket that a window cuts counts whole, so that a window never shows less than there was. Fixed
/// size; a count is O(1), moving on costs at most one step a bucket.
public struct RateWindows: Sendable {
    /// Length of a bucket.
    public static let bucket = TimeSpan.milliseconds(100)
    /// A minute, and the bucket that is being filled.
    static let bucketCount = 601

    private var counts = ContiguousArray<UInt32>(repeating: 0, count: RateWindows.bucketCount)
    /// Number of the newest bucket since 1970; `Int64.min` before the first message.
    private var newest = Int64.min
    private var second = 0
    private var tenSeconds = 0
    private var minute = 0

    public init() {}

    /// Counts one message.
    public mutating func note(at now: Timestamp) {
        advance(to: now)
        counts[slot(newest)] += 1
        second += 1
        tenSeconds += 1
        minute += 1
    }

    /// The counts at `now`. A time before the last one known counts as the last one.
    public mutating func counts(at now: Timestamp) -> RateCounts {
        advance(to: now)
        return RateCounts(second: second, tenSeconds: tenSeconds, minute: minute)
    }

    /// Whether one more message may go. Entries leave the reserved share alone; exits and cancels may use all of it,
    /// and are queued by the caller while there is none, never denied.
    public mutating func hasRoom(isIncreasing: Bool, _ limits: RiskLimits, at now: Timestamp) -> Bool {
        let counts = counts(at: now)
        func fits(_ count: Int, _ limit: Int?) -> Bool {
            guard let limit else { return true }
            return count < (isIncreasing ? Self.entryShare(of: limit, limits) : limit)
        }
        return fits(counts.second, limits.ordersPerSecond) && fits(counts.tenSeconds, limits.ordersPerTenSeconds)
            && fits(counts.minute, limits.ordersPerMinute)
    }

    /// What entries may use of a rate: all but the reserved share, and at least one.
    @inlinable public static func entryShare(of limit: Int, _ limits: RiskLimits) -> Int {
        let open = FixedPoint.one - min(max(0, limits.reservedRateShare.raw), FixedPoint.one)
        let bounded = min(Int64(limit), Int64(Int32.max))
        return max(1, Int(bounded * open / FixedPoint.one))
    }

    private func slot(_ bucket: Int64) -> Int {
        let remainder = Int(bucket % Int64(Self.bucketCount))
        return remainder < 0 ? remainder + Self.bucketCount : remainder
    }

    /// Most messages fall in the newest bucket.
    @inline(__always)
    private mutating func advance(to now: Timestamp) {
        let whole = now.nanoseconds / Self.bucket.nanoseconds
        let current = whole * Self.bucket.nanoseconds > now.nanoseconds ? whole - 1 : whole
        if current != newest { moveOn(to: current) }
    }

    private mutating func moveOn(to current: Int64) {
        guard newest != Int64.min, current - newest < Int64(Self.bucketCount) else {
            if newest == Int64.min || current > newest { restart(at: current) }
            return
        }
        var place = slot(newest)
        while newest < current {
            newest += 1
            place = place + 1 == Self.bucketCount ? 0 : place + 1
            // The new bucket takes the place of the one that leaves the minute.
            minute -= Int(counts[place])
            counts[place] = 0
            second -= Int(counts[Self.place(11, before: place)])
            tenSeconds -= Int(counts[Self.place(101, before: place)])
        }
    }

    private static func place(_ buckets: Int, before place: Int) -> Int {
        place >= buckets ? place - buckets : place - buckets + bucketCount
    }

    private mutating func restart(at bucket: Int64) {
        for index in counts.indices { counts[index] = 0 }
        newest = bucket
        second = 0
        tenSeconds = 0
        minute = 0
    }

    /// Writes, reads or hashes all of it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&newest)
        visitor.visit(&second)
        visitor.visit(&tenSeconds)
        visitor.visit(&minute)
        for index in counts.indices { visitor.visit(&counts[index]) }
    }

    /// Recomputes the three sums. Slow: for tests and the simulator.
    public func checkInvariants() {
        guard newest != Int64.min else {
            precondition(minute == 0, "Invariant: nothing was counted before the first message")
            return
        }
        // After each event of a test: a plain loop, since closures cost most of a debug build's time.
        func sum(_ buckets: Int64) -> Int {
            var (sum, bucket) = (0, Int64(0))
            while bucket < buckets {
                sum += Int(counts[slot(newest - bucket)])
                bucket += 1
            }
            return sum
        }
        precondition(second == sum(11), "Invariant: a second is its eleven buckets")
        precondition(tenSeconds == sum(101), "Invariant: ten seconds are their 101 buckets")
        precondition(minute == sum(601), "Invariant: a minute is its 601 buckets")
    }
}
