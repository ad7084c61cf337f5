import FairleadModel

/// How many orders left within the last stretch of time: one of the throttle's windows (second, ten seconds, minute).
struct RateWindow {
    let span: TimeSpan
    private(set) var limit: Int
    /// Times of the last `limit` sends; the oldest is overwritten.
    private var times: ContiguousArray<Timestamp> = []
    private var next = 0

    /// A limit of zero is off.
    init(span: TimeSpan, limit: Int) {
        precondition(limit >= 0, "Invariant: a rate limit is never negative")
        self.span = span
        self.limit = limit
        times = ContiguousArray(repeating: .never, count: limit)
    }

    /// Whether a send would leave the window with at most `limit - reserve` sends.
    func hasRoom(at now: Timestamp, reserve: Int) -> Bool { limit == 0 || freesAt(reserve: reserve) <= now }

    /// The earliest time at which a send that leaves `reserve` tokens may go.
    func freesAt(reserve: Int) -> Timestamp {
        if limit == 0 { return .never }
        let usable = limit - reserve
        guard usable > 0 else { return .distantFuture }
        // The send that is `usable` sends back must have left the window.
        let index = (next + limit - usable) % limit
        let time = times[index]
        return time == .never ? .never : time + span
    }

    mutating func count(at now: Timestamp) {
        guard limit > 0 else { return }
        times[next] = now
        next = next + 1 == limit ? 0 : next + 1
    }

    /// A new limit keeps the sends that it can hold, the newest first.
    mutating func setLimit(_ new: Int) {
        guard new != limit else { return }
        var kept = RateWindow(span: span, limit: new)
        for offset in 0..<limit {
            let time = times[(next + offset) % limit]
            if time != .never { kept.count(at: time) }
        }
        self = kept
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&limit)
        visitor.visit(&next)
        visitor.visit(&times, limit: limit, blank: .never) { $1.visit(&$0) }
    }
}

/// The throttle of one venue: three windows, of which a share is kept for orders that reduce.
struct OrderThrottle {
    private var windows: InlineArray<3, RateWindow>
    private var reserves: InlineArray<3, Int> = [0, 0, 0]

    init(_ limits: RiskLimits) {
        windows = [
            RateWindow(span: .seconds(1), limit: limits.ordersPerSecond ?? 0),
            RateWindow(span: .seconds(10), limit: limits.ordersPerTenSeconds ?? 0),
            RateWindow(span: .minutes(1), limit: limits.ordersPerMinute ?? 0),
        ]
        configure(limits)
    }

    mutating func configure(_ limits: RiskLimits) {
        windows[0].setLimit(limits.ordersPerSecond ?? 0)
        windows[1].setLimit(limits.ordersPerTenSeconds ?? 0)
        windows[2].setLimit(limits.ordersPerMinute ?? 0)
        for index in windows.indices {
            let share = Int128(windows[index].limit) * Int128(limits.reservedRateShare.raw)
            reserves[index] = Int(FixedPoint.dividedRoundingUp(share, by: Int128(FixedPoint.one)))
        }
    }

    /// The earliest time at which an order may leave; `.never` when at once.
    func freesAt(isIncreasing: Bool) -> Timestamp {
        var latest = Timestamp.never
        for index in windows.indices {
            latest = max(latest, windows[index].freesAt(reserve: isIncreasing ? reserves[index] : 0))
        }
        return latest
    }

    mutating func take(at now: Timestamp) {
        for index in windows.indices { windows[index].count(at: now) }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in windows.indices {
            windows[index].visitState(&visitor)
            visitor.visit(&reserves[index])
        }
    }
}
