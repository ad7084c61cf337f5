import FairleadConfiguration
import FairleadModel

/// A way to execute that is compared: what is set over the configuration, and how its signals ask.
///
/// A further arm is a further row of `all`: nothing else knows their number.
public struct ComparisonArm: Sendable {
    public var name: String
    /// For people, one line.
    public var meaning: String
    /// It is what the configuration says, not a bound to hold it against: worth a look at what it learns.
    public var isConfigured = false
    /// The route that a signal asks for, as members of its JSON; empty: the configuration's.
    var request: [JSONMember]
    /// Of the symbol at hand.
    var settings: @Sendable (_ symbol: String, _ plan: ComparisonPlan) -> [ConfigurationOverride]

    /// The arm that savings are measured against.
    public static let baseline = "always_taker"

    public static let all: [ComparisonArm] = [
        ComparisonArm(
            name: baseline,
            meaning: "takes at once, within the collar",
            request: [JSONMember("execution", ["style": "taker"])],
            settings: { _, _ in [] }
        ),
        ComparisonArm(
            name: "plain_twap",
            meaning: "five equal slices over the deadline, each taken",
            request: [
                JSONMember("execution", ["style": "twap", "slices": .integer(twapSlices)]),
                JSONMember("maker_first", false),
            ],
            settings: { _, plan in
                [
                    ConfigurationOverride(path: "twap.interval_s", value: "\(plan.twapIntervalSeconds)"),
                    ConfigurationOverride(path: "twap.min_child_notional", value: "0"),
                ]
            }
        ),
        ComparisonArm(
            name: "always_maker_stay",
            meaning: "rests at the touch until the deadline, then takes",
            request: [JSONMember("execution", ["style": "maker_first"])],
            settings: { symbol, plan in
                makerAlways(symbol, plan) + [ConfigurationOverride(path: "router.maker_reprice", value: "stay")]
            }
        ),
        ComparisonArm(
            name: "always_maker_follow",
            meaning: "the same, quoted again at the touch whenever that moves away",
            request: [JSONMember("execution", ["style": "maker_first"])],
            settings: { symbol, plan in
                makerAlways(symbol, plan) + [
                    ConfigurationOverride(path: "router.maker_reprice", value: "follow"),
                    ConfigurationOverride(path: "router.reprice_max", value: "100"),
                ]
            }
        ),
        ComparisonArm(
            name: "thresholds",
            meaning: "the router as configured: gates, policy, maker first, bounded taker fallback",
            isConfigured: true,
            request: [],
            settings: { _, _ in [] }
        ),
        ComparisonArm(
            name: "thresholds_stay",
            meaning: "the same with router.maker_reprice stay",
            isConfigured: true,
            request: [],
            settings: { _, _ in [ConfigurationOverride(path: "router.maker_reprice", value: "stay")] }
        ),
        ComparisonArm(
            name: "adaptive",
            meaning:
                "by expected cost, learning in its account: a new account knows nothing and does what thresholds does",
            isConfigured: true,
            request: [JSONMember("execution", ["style": "adaptive"])],
            settings: { _, _ in adaptive }
        ),
    ]

    /// A tape of minutes is no week: it may differ from the static policy after a few orders, at once and for good, and
    /// tries as much as it ever may. Its regret is what is measured, so that no budget bounds it.
    private static let adaptive = [
        ConfigurationOverride(path: "router.adaptive.mode", value: "live"),
        ConfigurationOverride(path: "router.adaptive.min_samples", value: "5"),
        ConfigurationOverride(path: "router.adaptive.prior_weight", value: "5"),
        ConfigurationOverride(path: "router.adaptive.weight_step", value: "1"),
        ConfigurationOverride(path: "router.adaptive.exploration", value: "0.05"),
        ConfigurationOverride(path: "router.adaptive.regret_budget", value: "1000000"),
    ]

    static let twapSlices = 5

    /// No gate, no early fallback: only the deadline ends the maker leg.
    private static func makerAlways(_ symbol: String, _ plan: ComparisonPlan) -> [ConfigurationOverride] {
        let policy = "router.overrides.\(symbol)"
        return [
            ConfigurationOverride(path: "\(policy).quality", value: "good"),
            ConfigurationOverride(path: "\(policy).taker_bias", value: "prefer_maker"),
            ConfigurationOverride(path: "\(policy).maker_first", value: "true"),
            ConfigurationOverride(path: "\(policy).offset_bps", value: "0"),
            ConfigurationOverride(path: "router.offset_reference", value: "touch"),
            ConfigurationOverride(path: "router.max_spread_bps", value: "10000"),
            ConfigurationOverride(path: "router.rejects_max", value: "100"),
            ConfigurationOverride(path: "router.slip_max_bps", value: "10000"),
            ConfigurationOverride(path: "router.maker_timeout_ms", value: "\(plan.deadline.milliseconds)"),
        ]
    }

    /// One signal's line.
    func signal(id: String, symbol: String, side: Side, quantity: Quantity, at time: Timestamp) -> [UInt8] {
        let members =
            [
                JSONMember("schema", "fairlead.signal.v1"), JSONMember("signal_id", .string(id)),
                JSONMember("ts", .string(time.text(.milliseconds))), JSONMember("symbol", .string(symbol)),
                JSONMember("side", side == .buy ? "BUY" : "SELL"),
                JSONMember("size", ["quantity": .decimal(quantity)]),
            ] + request
        return Array((JSONWriter.text(of: .object(members)) + "\n").utf8)
    }
}
