public import FairleadModel

/// How many requests a client may send, and what happens to one that sends more.
public struct PaperRateLimit: Hashable, Sendable {
    /// Requests in one window; each later one of it is answered `throttled`.
    public var requests: Int
    /// What cancels, reduce-only orders and questions may use beyond that.
    public var reserved: Int
    public var window: TimeSpan
    /// Throttled requests in one window before the client is banned.
    public var strikes: Int
    public var ban: TimeSpan

    public init(
        requests: Int = 1_000,
        reserved: Int = 250,
        window: TimeSpan = .seconds(1),
        strikes: Int = 200,
        ban: TimeSpan = .minutes(2)
    ) {
        precondition(requests > 0, "Invariant: a rate limit lets something pass")
        precondition(window > .zero && ban > .zero, "Invariant: windows and bans last")
        self.requests = requests
        self.reserved = reserved
        self.window = window
        self.strikes = strikes
        self.ban = ban
    }
}

/// Whether a request is taken.
enum PaperAdmission: Hashable {
    case taken
    case throttled(until: Timestamp)
    case banned(until: Timestamp)
}

/// One client's use of the limit. Kept over its connections: coming back doesn't help.
struct PaperRateMeter: BitwiseCopyable {
    var client: UInt32
    private var windowEnd = Timestamp.never
    private var count = 0
    private var strikes = 0
    private var bannedUntil = Timestamp.never

    init(client: UInt32) { self.client = client }

    /// Until then nothing of this client is taken.
    mutating func ban(until: Timestamp) { bannedUntil = max(bannedUntil, until) }

    mutating func admit(_ request: PaperRequest, _ limit: PaperRateLimit, at now: Timestamp) -> PaperAdmission {
        if now < bannedUntil { return .banned(until: bannedUntil) }
        if now >= windowEnd {
            windowEnd = now + limit.window
            count = 0
            strikes = 0
        }
        count += 1
        if count <= limit.requests + (request.mayUseReserve ? limit.reserved : 0) { return .taken }
        strikes += 1
        if strikes <= limit.strikes { return .throttled(until: windowEnd) }
        bannedUntil = now + limit.ban
        return .banned(until: bannedUntil)
    }
}

extension PaperRequest {
    /// True for what must still pass when entries no longer do.
    var mayUseReserve: Bool {
        switch self {
        case .submit(let order): order.reduceOnly
        case .amend: false
        case .cancel, .query, .list, .time: true
        }
    }
}
