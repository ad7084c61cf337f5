public import FairleadComparison
public import FairleadModel

/// What a comparison of arms came to: recordings, and for each the sections that were measured. The same inputs give
/// the same report; how long it took stands elsewhere.
public struct ComparisonReport: Sendable {
    /// One setting of venue, fees and accounts, with a row an arm.
    public struct Section: Sendable {
        public enum Kind: String, Sendable, CaseIterable {
            case headline, fees, queue, latency
            /// Arrivals after one another in one account: the policy learns of them.
            case oneAccount = "one_account"
        }

        public var kind: Kind
        public var fees: FeePair
        public var queue: QueueModelChoice
        public var latency: TimeSpan
        /// Of each so many arrivals one was measured.
        public var stride: Int
        public var rows: [ArmStatistics]
        /// The best arm of each arrival: its cost, and what it saves.
        public var hindsight: Estimate
        public var bound: Estimate

        public init(
            _ kind: Kind,
            _ result: RecordingResult,
            fees: FeePair,
            queue: QueueModelChoice,
            latency: TimeSpan,
            stride: Int = 1
        ) {
            let statistics = result.statistics(fees)
            self.kind = kind
            self.fees = fees
            self.queue = queue
            self.latency = latency
            self.stride = stride
            rows = statistics.arms
            hindsight = statistics.hindsight
            bound = statistics.bound
        }

        /// `fees 0/1.7 bps`: what it differs by from the headline.
        public var label: String {
            switch kind {
            case .headline: "headline"
            case .fees: "fees \(fees.text)"
            case .queue: "queue \(queue.rawValue)"
            case .latency: "latency \(latency.milliseconds) ms"
            case .oneAccount: "one account"
            }
        }
    }

    public struct Part: Sendable {
        public var recording: String
        public var symbol: String
        public var first: Timestamp
        public var last: Timestamp
        public var records: Int
        public var quantity: Quantity
        public var medianTouchSize: Quantity
        public var blocks: Int
        public var sections: [Section]

        public init(_ result: RecordingResult, quantity: Quantity, sections: [Section]) {
            let recording = result.recording
            self.recording = recording.name
            symbol = recording.symbol
            first = recording.first
            last = recording.last
            records = recording.recordCount
            self.quantity = quantity
            medianTouchSize = recording.medianTouchSize
            blocks = result.blocks
            self.sections = sections
        }

        public var headline: Section? { sections.first { $0.kind == .headline } }
    }

    public var version: String
    /// Of the documents as they were given, and over all that decides the result.
    public var configurationHash: Digest128
    public var frozenHash: Digest128
    public var configurationSource: String
    public var settings: [(name: String, value: String)]
    public var tapes: [(path: String, digest: String)]
    public var arms: [(name: String, meaning: String)]
    /// What the account of an arrival does not have, or was switched off for it.
    public var notes: [String]
    public var parts: [Part]

    public init(
        version: String,
        configurationHash: Digest128,
        frozenHash: Digest128,
        configurationSource: String,
        settings: [(name: String, value: String)],
        tapes: [(path: String, digest: String)],
        arms: [(name: String, meaning: String)],
        notes: [String],
        parts: [Part]
    ) {
        self.version = version
        self.configurationHash = configurationHash
        self.frozenHash = frozenHash
        self.configurationSource = configurationSource
        self.settings = settings
        self.tapes = tapes
        self.arms = arms
        self.notes = notes
        self.parts = parts
    }

    // MARK: - Columns

    /// A column of the CSV and a member of each row's JSON.
    private static let columns: [(name: String, value: @Sendable (ArmStatistics) -> String)] = [
        ("arrivals", { "\($0.arrivals)" }), ("refused", { "\($0.refused)" }),
        ("net_bps", { number($0.net.mean) }), ("net_low", { number($0.net.low) }),
        ("net_high", { number($0.net.high) }), ("saving_bps", { number($0.saving?.mean) }),
        ("saving_low", { number($0.saving?.low) }), ("saving_high", { number($0.saving?.high) }),
        ("achieved", { number($0.achieved) }), ("slippage_bps", { number($0.slippage) }),
        ("fees_bps", { number($0.fees) }), ("deviation_bps", { number($0.deviation) }),
        ("cvar_95_bps", { number($0.tail) }), ("maker_share", { number($0.makerShare) }),
        ("started_as_maker", { number($0.startedAsMaker) }), ("maker_filled", { number($0.makerFilled) }),
        ("fallen_back", { number($0.fallenBack) }),
        ("completed", { "\($0.completed)" }), ("seconds_to_fill", { number($0.seconds) }),
    ]

    private static func number(_ value: Double?) -> String { Figures.plain(value, 4) }

    private static func json(_ text: String) -> JSONValue { text == "-" ? .null : .number(text) }

    private static func json(_ estimate: Estimate) -> JSONValue {
        ["mean": json(number(estimate.mean)), "low": json(number(estimate.low)), "high": json(number(estimate.high))]
    }

    public var csv: String {
        var names = ["recording", "section", "maker_fee_bps", "taker_fee_bps", "queue", "latency_ms", "stride", "arm"]
        names += Self.columns.map(\.name)
        for horizon in ArmStatistics.horizons { names.append("maker_markout_\(horizon.name)") }
        for horizon in ArmStatistics.horizons { names.append("taker_markout_\(horizon.name)") }
        var lines = [names.joined(separator: ",")]
        for part in parts {
            for section in part.sections {
                for row in section.rows {
                    var cells = [
                        part.recording, section.kind.rawValue, Self.number(section.fees.maker),
                        Self.number(section.fees.taker), section.queue.rawValue, "\(section.latency.milliseconds)",
                        "\(section.stride)", row.arm,
                    ]
                    cells += Self.columns.map { $0.value(row) }
                    cells += row.makerMarkouts.map(Self.number) + row.takerMarkouts.map(Self.number)
                    lines.append(cells.map { $0 == "-" ? "" : $0 }.joined(separator: ","))
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    public var json: JSONValue {
        [
            "schema": "fairlead.tca.compare.v1", "version": .string(version),
            "configuration_hash": .string("\(configurationHash)"), "frozen_hash": .string("\(frozenHash)"),
            "configuration_source": .string(configurationSource),
            "settings": .object(settings.map { JSONMember($0.name, .string($0.value)) }),
            "tapes": .array(tapes.map { ["file": .string($0.path), "sha256": .string($0.digest)] }),
            "arms": .object(arms.map { JSONMember($0.name, .string($0.meaning)) }),
            "notes": .array(notes.map { .string($0) }), "recordings": .array(parts.map(Self.json)),
        ]
    }

    private static func json(_ part: Part) -> JSONValue {
        [
            "recording": .string(part.recording), "symbol": .string(part.symbol),
            "first": .string(part.first.text(.milliseconds)), "last": .string(part.last.text(.milliseconds)),
            "records": .integer(part.records), "order_quantity": .decimal(part.quantity),
            "median_touch_quantity": .decimal(part.medianTouchSize), "independent_blocks": .integer(part.blocks),
            "sections": .array(part.sections.map(json)),
        ]
    }

    private static func json(_ section: Section) -> JSONValue {
        [
            "section": .string(section.kind.rawValue), "maker_fee_bps": json(number(section.fees.maker)),
            "taker_fee_bps": json(number(section.fees.taker)), "queue": .string(section.queue.rawValue),
            "latency_ms": .integer(section.latency.milliseconds), "stride": .integer(section.stride),
            "hindsight_net_bps": json(section.hindsight), "hindsight_saving_bps": json(section.bound),
            "arms": .array(section.rows.map(json)),
        ]
    }

    private static func json(_ row: ArmStatistics) -> JSONValue {
        var members = [JSONMember("arm", .string(row.arm))]
        members += columns.map { JSONMember($0.name, json($0.value(row))) }
        for (name, markouts) in [("maker", row.makerMarkouts), ("taker", row.takerMarkouts)] {
            let pairs = zip(ArmStatistics.horizons, markouts).map { JSONMember($0.name, json(number($1))) }
            members.append(JSONMember("\(name)_markout_bps", .object(pairs)))
        }
        return .object(members)
    }
}
