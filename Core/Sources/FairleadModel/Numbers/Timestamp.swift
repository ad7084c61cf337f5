/// A moment in integer nanoseconds since 1970-01-01T00:00:00Z.
///
/// Inside the engine time only comes with an event; nothing in Core's engine reads a clock.
@frozen public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    @inlinable public init(milliseconds: Int64) { nanoseconds = milliseconds * 1_000_000 }

    /// No time is known. Before every real moment.
    @inlinable public static var never: Timestamp { Timestamp(nanoseconds: Int64.min) }
    /// A deadline that doesn't come.
    @inlinable public static var distantFuture: Timestamp { Timestamp(nanoseconds: Int64.max) }

    /// Times that are read from outside come before it, 2262-01-01: what counts on from them meets no end.
    @inlinable public static var limit: Timestamp { Timestamp(nanoseconds: 9_214_646_400_000_000_000) }

    @inlinable public var isKnown: Bool { self != Timestamp.never && self != Timestamp.distantFuture }
    @inlinable @inline(__always) public var milliseconds: Int64 { nanoseconds / 1_000_000 }
    /// Days since the epoch in UTC, rounded down: the risk day.
    @inlinable public var utcDay: Int64 {
        Int64(FixedPoint.floorDivide(Int128(nanoseconds), by: 86_400_000_000_000))
    }

    /// Weeks since the Monday before the epoch (a Thursday) in UTC, rounded down: the risk week, from Monday 00:00.
    @inlinable public var utcWeek: Int64 { Int64(FixedPoint.floorDivide(Int128(utcDay) + 3, by: 7)) }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
    /// Saturates: a deadline past the end of time never comes.
    @inlinable public static func + (a: Self, b: TimeSpan) -> Self {
        let sum = a.nanoseconds.addingReportingOverflow(b.nanoseconds)
        return sum.overflow ? (b.nanoseconds > 0 ? .distantFuture : .never) : Self(nanoseconds: sum.partialValue)
    }
    /// Saturates at the ends of `TimeSpan`.
    @inlinable public static func - (a: Self, b: Self) -> TimeSpan {
        let difference = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
        if difference.overflow { return TimeSpan(nanoseconds: a < b ? Int64.min : Int64.max) }
        return TimeSpan(nanoseconds: difference.partialValue)
    }
}

/// A length of time in integer nanoseconds.
@frozen public struct TimeSpan: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    @inlinable public static var zero: TimeSpan { TimeSpan(nanoseconds: 0) }
    @inlinable public static func milliseconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000_000) }
    @inlinable public static func seconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000_000_000) }
    @inlinable public static func minutes(_ count: Int64) -> Self { seconds(count * 60) }
    @inlinable public static func hours(_ count: Int64) -> Self { seconds(count * 3600) }

    @inlinable @inline(__always) public var milliseconds: Int64 { nanoseconds / 1_000_000 }
    @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
    @inlinable public static prefix func - (a: Self) -> Self { Self(nanoseconds: -a.nanoseconds) }
}
