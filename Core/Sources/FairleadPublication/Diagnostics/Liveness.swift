import FairleadConfiguration
import FairleadModel

/// What is watched: its key in `details`, `missing` and the like, and its flag.
public enum LivenessWatch: String, CaseIterable, Sendable {
    case signals, orders, exits
    case exitScans = "exit_scans"
    case router

    /// "idle_signals".
    public var flag: String { "idle_" + rawValue }
}

/// Whether what should happen now and then has happened lately (SPEC 13).
struct Liveness: Hashable, Sendable {
    typealias Watch = LivenessWatch

    private(set) var idle: Set<Watch> = []
    /// Ages in seconds.
    private(set) var details: [Watch: Double] = [:]
    private(set) var missing: Set<Watch> = []
    private(set) var skewed: Set<Watch> = []
    /// Those whose time can't be: before 1970, or past what a date can say.
    private(set) var invalid: Set<Watch> = []
    private var routerAge: Double?

    /// Judges the newest time of each at `now`.
    init(_ times: [Watch: Timestamp], at now: Timestamp, _ settings: LivenessConfiguration) {
        guard settings.isEnabled else { return }
        for watch in Watch.allCases { judge(watch, times[watch] ?? .never, now, settings.limit(watch)) }
    }

    private mutating func judge(_ watch: Watch, _ time: Timestamp, _ now: Timestamp, _ limit: TimeSpan) {
        let isWatched = limit.nanoseconds > 0
        let isInvalid = time != .never && !time.isPossible
        if isInvalid { invalid.insert(watch) }
        guard time.isPossible else {
            guard isWatched else { return }
            idle.insert(watch)
            if !isInvalid { missing.insert(watch) }
            details[watch] = limit.seconds + 1
            return
        }
        var age = now - time
        if age.nanoseconds < 0 {
            age = .zero
            skewed.insert(watch)
        }
        if watch == .router { routerAge = age.seconds }
        guard isWatched else { return }
        details[watch] = age.seconds
        if age.nanoseconds >= limit.nanoseconds { idle.insert(watch) }
    }

    /// As `liveness` of a state file has it.
    var json: JSONValue {
        var members: [JSONMember] = Watch.allCases.map { JSONMember($0.flag, .bool(idle.contains($0))) }
        var ages = Watch.allCases.compactMap { watch in
            details[watch].map { JSONMember(watch.rawValue, .statistic($0)) }
        }
        if let routerAge { ages.append("router_idle_seconds", .statistic(routerAge)) }
        members.append("details", .object(ages))
        members.append("missing", Self.flags(missing))
        members.append("clock_skew", Self.flags(skewed))
        members.append("invalid", Self.flags(invalid))
        return .object(members)
    }

    private static func flags(_ set: Set<Watch>) -> JSONValue {
        .object(Watch.allCases.filter(set.contains).map { JSONMember($0.rawValue, true) })
    }
}

extension LivenessConfiguration {
    /// From which age on it is idle; zero: not judged.
    func limit(_ watch: Liveness.Watch) -> TimeSpan {
        switch watch {
        case .signals: maximumIdleSignals
        case .orders: maximumIdleOrders
        case .exits: maximumIdleExits
        case .exitScans: maximumIdleExitScans
        case .router: maximumIdleRouterEvents
        }
    }
}
