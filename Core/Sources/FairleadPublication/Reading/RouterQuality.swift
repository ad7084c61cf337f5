public import FairleadEngine
public import FairleadModel

/// How well the router executes, of all symbols or of one, as `router_health.json` has it. What is unknown is nil.
public struct RouterQuality: Hashable, Sendable {
    /// Beyond this no slippage is believed, in bps.
    static let slippage = -1e6...1e6
    /// Beyond a day no latency is believed, in milliseconds.
    static let latencies = 0.0...86_400_000

    /// nil where it is of all symbols.
    public var symbol: String?
    /// 0 to 1; for people.
    public var score: Double?
    public var averageSlippageBps: Double?
    public var slippageDriftBps: Double?
    public var slippageDrift: DriftBucket?
    public var averageLatencyMilliseconds: Double?
    public var latency: LatencyBucket?
    public var twapUsageRatio: Double?
    public var bucket: RouterBucket?
    public var lastOrder: Timestamp?
    public var lastFill: Timestamp?
    public var childOrders: UInt64?
    public var childFillRatio: Double?
    /// The policy in force, with the evidence of it; only of a symbol.
    public var policy = RouterPolicyView()

    /// Nothing is known.
    public init() {}

    public var isEmpty: Bool { self == RouterQuality() }

    init(global document: StateDocument) {
        self.init(document.fields.fields("router_health").fields("global"))
        policy = RouterPolicyView()
    }

    /// Of each symbol, in the order of the file; nil where it has none.
    static func symbols(_ document: StateDocument) -> [RouterQuality]? {
        LegacyShapes.routerSymbols(document.value)?.map { row in
            var quality = RouterQuality(StateFields(row.value))
            quality.symbol = row.symbol
            return quality
        }
    }

    init(_ fields: StateFields) {
        score = fields.share("quality_score")
        averageSlippageBps = fields.number("avg_slippage_bps", in: Self.slippage)
        slippageDriftBps = fields.number("slippage_drift_bps", in: Self.slippage)
        slippageDrift = fields.choice("slippage_drift_bucket") { $0.name }
        averageLatencyMilliseconds = fields.number("avg_latency_ms", in: Self.latencies)
        latency = fields.choice("latency_bucket") { $0.name }
        twapUsageRatio = fields.share("twap_usage_ratio")
        bucket = fields.choice("router_bucket") { $0.name }
        lastOrder = fields.time("last_order_ts")
        lastFill = fields.time("last_fill_ts")
        let children = fields.fields("child_orders")
        childOrders = children.count("count")
        childFillRatio = children.number("fill_ratio", in: 0...1e6)
        policy = RouterPolicyView(fields)
    }
}

/// A symbol's policy and the evidence that it was computed from. What is unknown is nil.
public struct RouterPolicyView: Hashable, Sendable {
    public var quality: PolicyQuality?
    public var makerFirst: Bool?
    public var takerBias: TakerBias?
    /// 0 maker, 1 taker.
    public var bias: Double?
    public var offsetBps: Double?
    /// "quality=good", "regime=normal": what `reason` joins.
    public var reasons: [String]?
    public var makerFillRate: Double?
    public var fallbackRate: Double?
    public var slippageMedianBps: Double?
    public var slippage95Bps: Double?
    public var acknowledgementMilliseconds: Double?
    public var samples: UInt64?
    public var updated: Timestamp?

    /// Nothing is known.
    public init() {}

    /// The engine's own policy, without its evidence.
    public init(_ policy: RouterPolicy, at time: Timestamp) {
        quality = policy.quality
        makerFirst = policy.makerFirst
        takerBias = policy.takerBias
        bias = policy.bias.double
        offsetBps = policy.offset.inBps
        reasons = LegacyShapes.reasons(policy.reason)
        updated = time
    }

    /// `fields` has evidence and policy side by side, or the policy in an object of its own.
    init(_ fields: StateFields) {
        let own = fields.fields("policy")
        func both<Value>(_ read: (StateFields) -> Value?) -> Value? { read(fields) ?? read(own) }
        quality = both { $0.choice("quality", "policy_quality") { $0.name } }
        makerFirst = both { $0.flag("maker_first") }
        takerBias = both { $0.choice("taker_bias") { $0.name } }
        bias = both { $0.share("bias") }
        offsetBps = both { $0.number("offset_bps", in: -1e4...1e4) }
        reasons = both { $0.text("reason") }.map { LegacyShapes.reasons($0) }
        let evidence = fields.fields("evidence").exists ? fields.fields("evidence") : fields
        makerFillRate = evidence.share("maker_fill_rate", "maker_fill_ratio")
        fallbackRate = evidence.share("fallback_rate", "fallback_ratio")
        slippageMedianBps = evidence.number("slippage_p50", "slip_q50", "slip_p50_bps", in: RouterQuality.slippage)
        slippage95Bps = evidence.number("slippage_p95", "slip_q95", "slip_p95_bps", in: RouterQuality.slippage)
        acknowledgementMilliseconds = evidence.number("ack_latency_ms", in: RouterQuality.latencies)
        let starts = evidence.number("maker_starts", in: 0...StateFields.largest)
        samples = evidence.count("sample_count") ?? starts.map { UInt64($0) }
        updated = fields.time("updated_ts", "updated_at")
    }
}
