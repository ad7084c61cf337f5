import FairleadConfiguration
public import FairleadModel

/// Which queue the paper venue assumes.
public enum QueueModelChoice: String, Sendable, CaseIterable {
    case riskAverse = "risk_averse"
    case probabilistic
}

/// What the measurement is made under beside the arms: everything that a result depends on and that the configuration
/// does not say.
public struct ComparisonPlan: Sendable {
    /// Between two arrivals; at each there is a buy and a sell.
    public var interval = TimeSpan.milliseconds(500)
    /// Until then everything is filled, by force if need be.
    public var deadline = TimeSpan.seconds(10)
    /// How long the market is played to a fresh account before its arrival.
    public var warmUp = TimeSpan.seconds(2)
    /// After the deadline, for the taker that completes.
    public var grace = TimeSpan.seconds(3)
    /// Of an order to the venue, and of its answer back.
    public var latency = TimeSpan.milliseconds(20)
    /// Each order's notional at the recording's first middle, rounded down to the lot.
    public var notional = Money(whole: 500)
    /// The first is the headline.
    public var fees = [FeePair(maker: 2, taker: 5), FeePair(maker: 0, taker: 1.7), FeePair(maker: 5, taker: 5)]
    public var queue = QueueModelChoice.riskAverse
    /// Latencies that are measured beside the headline.
    public var latencies = [TimeSpan.milliseconds(1), .milliseconds(100), .milliseconds(250)]
    /// Latencies and shared accounts are measured at one of so many moments.
    public var sparseness = 4
    /// At most so many arrival times of a recording, the first ones; nil: all.
    public var limit: Int?
    public var seed: UInt64 = 1
    public var resamples = 2000
    /// Arrivals so near each other are drawn together.
    public var block = TimeSpan.seconds(30)
    /// Weights of the policy's prior that are tried where arrivals share an account.
    public var priorWeights = [20, 50, 100, 200, 500]

    public init() {}

    var twapIntervalSeconds: Int64 { max(1, deadline.milliseconds / 1000 / Int64(ComparisonArm.twapSlices)) }

    /// Every setting in words, as they enter the hash.
    public var settings: [(name: String, value: String)] {
        [
            ("interval_ms", "\(interval.milliseconds)"), ("deadline_ms", "\(deadline.milliseconds)"),
            ("warm_up_ms", "\(warmUp.milliseconds)"), ("grace_ms", "\(grace.milliseconds)"),
            ("latency_ms", "\(latency.milliseconds)"), ("notional", notional.description),
            ("fees_bps", fees.map(\.text).joined(separator: ",")), ("queue", queue.rawValue),
            ("latencies_ms", latencies.map { "\($0.milliseconds)" }.joined(separator: ",")),
            ("sparseness", "\(sparseness)"), ("limit", limit.map { "\($0)" } ?? "none"), ("seed", "\(seed)"),
            ("resamples", "\(resamples)"), ("block_ms", "\(block.milliseconds)"),
            ("prior_weights", priorWeights.map { "\($0)" }.joined(separator: ",")),
        ]
    }

    /// Arrival times of a recording whose windows fit into it; the place of each window's beginning.
    public func arrivals(of recording: Recording) -> [Arrival] {
        var arrivals: [Arrival] = []
        for (index, start) in recording.starts.enumerated() {
            let time = start.time + warmUp
            guard time + deadline + grace <= recording.last else { break }
            if let limit, arrivals.count >= 2 * limit { break }
            for side in Side.allCases { arrivals.append(Arrival(start: index, time: time, side: side)) }
        }
        return arrivals
    }

    /// Arrivals dealt to accounts: in each they are of one side and follow one another after the deadline and its
    /// grace. Every one of `count` arrivals, of which `stride` stands for one, is in one of them.
    public func chains(_ count: Int, stride sparse: Int) -> [[Int]] {
        let (span, pause) = (deadline.nanoseconds + grace.nanoseconds, interval.nanoseconds * Int64(sparse))
        let lanes = min(count, 2 * Int((span + pause - 1) / pause))
        return (0..<lanes).map { first in Array(stride(from: first, to: count, by: lanes)) }
    }

    /// What each order asks for.
    public func quantity(of recording: Recording, _ instrument: Instrument) -> Quantity {
        guard let touch = recording.touches.first else { return .zero }
        let price = Price.middle(touch.bid, touch.ask).raw
        let lot = Int128(instrument.terms.lot.raw)
        let wanted = notional.raw / (Int128(price) * Int128(instrument.terms.multiplier)) / lot * lot
        let least = max(instrument.terms.minimumQuantity.raw, instrument.terms.lot.raw)
        return Quantity(raw: max(Int64(clamping: wanted), least))
    }

    /// The documents with an arm's and the measurement's own settings over them.
    func configuration(
        _ documents: ConfigurationDocuments,
        _ overrides: [ConfigurationOverride],
        _ arm: ComparisonArm,
        _ recording: Recording,
        isChained: Bool
    ) -> Result<ResolvedConfiguration, ConfigurationErrors> {
        let small = isChained ? "4096" : "64"
        let milliseconds = "\(latency.milliseconds)"
        var settings = overrides.map { ($0.path, $0.value) }
        settings += [
            ("runtime.market.source", "tape"), ("runtime.paper.connection", "embedded"),
            ("runtime.market.tapes", "recorded"), ("runtime.market.depth", "book"),
            ("runtime.paper.queue_model", queue.rawValue), ("runtime.journal.segment_bytes", "2097152"),
            ("runtime.capacities.orders", small), ("runtime.capacities.parents", small),
            ("runtime.capacities.signals", small), ("runtime.capacities.executions", small),
            ("runtime.capacities.levels", "16"), ("runtime.capacities.markouts", small),
            ("runtime.capacities.fills", "16"), ("runtime.queues.inbox", "1024"), ("runtime.queues.egress", "64"),
            ("runtime.queues.notices", "1024"), ("strategy_config.screener.enabled", "false"),
            ("instruments.*.maker_fee_bps", FeePair.text(fees[0].maker)),
            ("instruments.*.taker_fee_bps", FeePair.text(fees[0].taker)),
        ]
        for way in ["order_latency", "answer_latency"] {
            settings += [
                ("runtime.paper.\(way).min_ms", milliseconds), ("runtime.paper.\(way).max_ms", milliseconds),
                ("runtime.paper.\(way).median_ms", "0"), ("runtime.paper.\(way).p99_ms", "0"),
                ("runtime.paper.\(way).quantiles_ms", ""),
            ]
        }
        let all =
            settings.map { ConfigurationOverride(path: $0.0, value: $0.1) } + arm.settings(recording.symbol, self)
        return ConfigurationDecoder.resolve(documents, environment: [:], overrides: all)
    }
}

/// A moment at which an order of one side is to be executed.
public struct Arrival: Hashable, Sendable, BitwiseCopyable {
    /// Which of the recording's windows it lies in.
    var start: Int
    public var time: Timestamp
    public var side: Side
}

/// A venue's fees in basis points; a rebate is negative.
public struct FeePair: Hashable, Sendable {
    public var maker: Double
    public var taker: Double
    public init(maker: Double, taker: Double) {
        self.maker = maker
        self.taker = taker
    }

    public var text: String { Self.text(maker) + "/" + Self.text(taker) }

    static func text(_ bps: Double) -> String {
        let whole = Int64(bps.rounded(.towardZero))
        return Double(whole) == bps ? "\(whole)" : "\(bps)"
    }
}
