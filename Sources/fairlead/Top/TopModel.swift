import FairleadModel

/// What `fairlead top` shows, as data: `--json` prints it, `TopScreen` draws it. What is not known is nil, and left out
/// of the JSON; decimals are the exact texts that the engine gave.
struct TopModel: Hashable, Sendable {
    /// How the engine was met.
    enum Contact: Hashable, Sendable {
        case live
        /// It takes connections and gives no answer; the sentence says why.
        case silent(String)
        /// None runs there.
        case stopped

        var word: String {
            switch self {
            case .live: "live"
            case .silent: "silent"
            case .stopped: "stopped"
            }
        }
    }

    struct Engine: Hashable, Sendable {
        /// `dry_run`, `live` or `shadow`.
        var mode: String?
        var state: String?
        var cause: String?
        var isFrozen = false
        /// What people and triggers hold: `halt`, `stop_entries`, ...
        var engaged: [String] = []
        /// All of its parts work, as `health` tells them.
        var isHealthy: Bool?
        var isConnected: Bool?
        var isReconciled: Bool?
        var epoch: Int64?
        var sequence: Int64?
        var uptimeSeconds: Int64?
    }

    struct Account: Hashable, Sendable {
        var nav: String?
        var currency: String?
        /// Share of the peak that is lost.
        var drawdown: Double?
        var drawdownState: String?
        var riskMode: String?
        var resultToday: String?
        var unrealized: String?
        /// Worst case, positions and working orders, to NAV.
        var grossExposure: Double?
        /// A NAV that nobody has explained yet.
        var navJump: String?
    }

    /// Something that a person should look at, and what to type.
    struct Attention: Hashable, Sendable {
        var what: String
        /// Empty where nothing is to be typed.
        var next: String
    }

    struct Position: Hashable, Sendable {
        var symbol: String
        /// `long` or `short`.
        var side: String
        var quantity: String
        var entry: String?
        var mark: String?
        var notional: String?
        var unrealized: String?
        /// Of the cost; negative is a loss.
        var unrealizedRatio: Double?
        var stopLoss: String?
        var takeProfit: String?
        /// What the position comes to at its stop.
        var resultAtStop: String?
        var since: Timestamp?
        /// What a person has to decide, or has decided, of what somebody else has traded; nil where nobody has.
        var external: String?
        /// A person has said that it is nobody's here.
        var isIgnored: Bool { external == "ignored" }
    }

    struct Order: Hashable, Sendable {
        var id: String
        var symbol: String
        var side: String
        var type: String
        /// What it waits for at the venue: `stop`, `take_profit` or `trailing`, at `trigger`.
        var condition: String?
        var trigger: String?
        var state: String
        var price: String?
        var quantity: String
        var filled: String
        var created: Timestamp?

        var isUnknown: Bool { state == "pending_unknown" }
    }

    struct Router: Hashable, Sendable {
        var score: Double?
        var slippageBps: Double?
        var latencyMilliseconds: Double?
        var symbols: [Symbol] = []

        struct Symbol: Hashable, Sendable {
            var symbol: String
            /// nil before its first fill of the window.
            var score: Double?
            /// Of its policy: good, ok, degraded or broken.
            var quality: String?
            var slippageBps: Double?
            var latencyMilliseconds: Double?
            var makerFillRate: Double?
            var fallbackRate: Double?
            var isMakerFirst: Bool?
            /// `slow_ack`, `stale_book`, ...
            var warnings: [String] = []
        }
    }

    struct Vetoes: Hashable, Sendable {
        struct Reason: Hashable, Sendable {
            var name: String
            var inWindow: Int64?
            var total: Int64?
        }

        var signals: Int64?
        var total: Int64?
        var windowSignals: Int64?
        var windowVetoes: Int64?
        /// The most frequent of the window first.
        var reasons: [Reason] = []
    }

    /// How well the open positions are protected, as the engine itself counts.
    struct Exits: Hashable, Sendable {
        /// Share of the positions that have a level.
        var coverage: Double?
        /// What levels would close of the positions, by cost.
        var quantityCoverage: Double?
        /// Positions under water with no level at all.
        var underwater: Int64?
        /// Ledger and registry of levels say differently.
        var hasMismatch: Bool?
    }

    /// One watch of the liveness card.
    struct Watch: Hashable, Sendable {
        enum State: String, Sendable {
            case ok, idle
            /// It has not happened once.
            case never
            /// Its time lies in the future, or can't be.
            case skewed
            case off
            /// The file doesn't say.
            case unknown
        }

        var name: String
        var state: State
        var ageSeconds: Double?
    }

    struct Event: Hashable, Sendable {
        var time: Timestamp?
        var level: String
        var name: String
        var symbol: String?
        var message: String

        var isAlarm: Bool { level == "error" }
    }

    /// The state files: whatever the control socket doesn't tell comes from them.
    struct Files: Hashable, Sendable {
        var updated: Timestamp?
        var isStale = true
    }

    var time: Timestamp
    /// "paper", "testnet", "production"; nil: nobody has said. Unknown is not paper.
    var environment: String?
    var contact = Contact.stopped
    var engine = Engine()
    var account = Account()
    var attention: [Attention] = []
    /// Errors of the log's last hour, the newest first.
    var alarms: [Event] = []
    /// nil where nothing tells them. Those in danger first: without a stop, then by what they lose.
    var positions: [Position]?
    /// Of those, the ones with neither take-profit nor stop-loss.
    /// Those that are ours to protect.
    var managed: [Position] { (positions ?? []).filter { !$0.isIgnored } }
    var unprotected: Int { managed.count { $0.stopLoss == nil && $0.takeProfit == nil } }
    var withoutStop: Int { managed.count { $0.stopLoss == nil } }
    /// nil while the engine doesn't tell: no file holds the orders. The unknown ones first, then the oldest.
    var orders: [Order]?
    var liveOrders: Int64?
    var unknownOrders: Int64?
    /// Signals at work: each has an order, or will have one.
    var openIntents: Int64?
    var router: Router?
    var exits: Exits?
    var vetoes: Vetoes?
    /// Diagnostics are off in the configuration.
    var areDiagnosticsOff = false
    var liveness: [Watch]?
    /// The newest last.
    var events: [Event] = []
    var files = Files()

    /// Whether what stands in the model is the engine's word of now; otherwise it is what the files had.
    var isLive: Bool { contact == .live }
}
