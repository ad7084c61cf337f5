import FairleadModel

/// Equal pieces of time from a first moment on. When time runs past the last one, all become twice as long: a tape of
/// any length takes the same memory, and is told as finely as a screen can show.
struct BucketClock {
    /// Even, so that pairs become one.
    static let limit = 1024
    /// A millisecond at first.
    private(set) var width: Int64 = 1_000_000
    private(set) var origin = Timestamp.never
    /// The bucket that was asked for last, and where it begins and ends: most records are in the one before them.
    private var last = 0
    private var begin = Int64.max
    private var end = Int64.min
    /// Buckets in use.
    private(set) var count = 0

    /// The bucket of a moment, and how often the width was doubled to have it. Before the first moment is the first.
    @inline(__always) mutating func place(_ time: Timestamp) -> (index: Int, doublings: Int) {
        if time.nanoseconds >= begin, time.nanoseconds < end { return (last, 0) }
        return find(time)
    }

    private mutating func find(_ time: Timestamp) -> (index: Int, doublings: Int) {
        if !origin.isKnown { origin = time }
        let distance = max(0, (time - origin).nanoseconds)
        var doublings = 0
        while distance / width >= Int64(Self.limit) {
            width *= 2
            doublings += 1
        }
        if doublings > 0 { count = doublings < 11 ? (count + (1 << doublings) - 1) >> doublings : min(count, 1) }
        last = Int(distance / width)
        begin = origin.nanoseconds + Int64(last) * width
        end = begin.addingReportingOverflow(width).overflow ? Int64.max : begin + width
        count = max(count, last + 1)
        return (last, doublings)
    }

    /// When a bucket begins.
    func start(of index: Int) -> Timestamp { origin + TimeSpan(nanoseconds: Int64(index) * width) }
}

/// What is kept of one piece of time.
protocol Bucket {
    /// Nothing was seen.
    static var empty: Self { get }
    /// Takes up the piece of time right after this one.
    mutating func merge(_ later: Self)
}

/// A bucket for each piece of a `BucketClock`.
struct Buckets<Content: Bucket> {
    private(set) var rows = [Content](repeating: .empty, count: BucketClock.limit)

    subscript(index: Int) -> Content {
        get { rows[index] }
        _modify { yield &rows[index] }
    }

    /// Follows a doubling of the clock.
    mutating func double() {
        for index in 0..<BucketClock.limit / 2 {
            var merged = rows[2 * index]
            merged.merge(rows[2 * index + 1])
            rows[index] = merged
        }
        for index in BucketClock.limit / 2..<BucketClock.limit { rows[index] = .empty }
    }
}

/// The lowest, highest and last of some number.
struct RangeBucket: Bucket {
    var low = Int64.max
    var high = Int64.min
    var last: Int64 = 0

    static var empty: Self { Self() }
    var isEmpty: Bool { low > high }

    @inline(__always) mutating func include(_ value: Int64) {
        if value < low { low = value }
        if value > high { high = value }
        last = value
    }

    mutating func merge(_ later: Self) {
        guard !later.isEmpty else { return }
        low = min(low, later.low)
        high = max(high, later.high)
        last = later.last
    }
}

/// The account within one piece of time: NAV in 10^-8, and the deepest share of its peak that was lost.
struct EquityBucket: Bucket {
    var nav = RangeBucket()
    var drawdown: Int64 = 0

    static var empty: Self { Self() }

    mutating func merge(_ later: Self) {
        nav.merge(later.nav)
        drawdown = max(drawdown, later.drawdown)
    }
}

/// Fills of one piece of time, side and liquidity.
struct FillBucket: Bucket {
    private(set) var count = 0
    private var quantity: Int128 = 0
    /// Price times quantity.
    private var value: Int128 = 0

    static var empty: Self { Self() }

    mutating func include(_ execution: Execution) {
        count += 1
        quantity += Int128(execution.quantity.raw)
        value += Int128(execution.price.raw) * Int128(execution.quantity.raw)
    }

    mutating func merge(_ later: Self) {
        count += later.count
        quantity += later.quantity
        value += later.value
    }

    /// The quantity-weighted price in 10^-8; nil without fills.
    var price: Double? { quantity > 0 ? Double(value) / Double(quantity) : nil }
}
