public import FairleadModel
public import FairleadNode

/// What the router's executions came to, by symbol, strategy, hour and route: told the notices of a history or a
/// journal in their order.
///
/// A fill, and its mark-outs, count where their order ended: with its route and strategy, in the hour of its end (UTC).
/// Fills of orders that are still at work wait for that and are counted apart. Memory grows with the parents.
public struct CostLedger {
    public enum Dimension: String, CaseIterable, Sendable {
        case total, symbol, strategy, route, hour
    }

    /// What a parent is counted under.
    private struct Place {
        var symbol: String
        var strategy: String
        var route: String
        var hour: String

        func name(_ dimension: Dimension) -> String {
            switch dimension {
            case .total: ""
            case .symbol: symbol
            case .strategy: strategy
            case .route: route
            case .hour: hour
            }
        }
    }

    private var places: [SignalNumber: Place] = [:]
    private var waitingFills: [SignalNumber: [FillMeasure]] = [:]
    private var waitingMarkouts: [SignalNumber: [MarkoutMeasure]] = [:]
    private var groups: [Dimension: [String: CostGroup]] = [:]
    private let only: String?
    private let since: Timestamp?
    public private(set) var first = Timestamp.never
    public private(set) var last = Timestamp.never

    /// Only orders of a symbol, and only those that ended at or after a moment.
    public init(symbol: String? = nil, since: Timestamp? = nil) {
        only = symbol
        self.since = since
    }

    /// Fills of orders that have not ended.
    public var openFills: Int { waitingFills.values.reduce(0) { $0 + $1.count } }

    public mutating func add(_ entry: NoticeEntry, _ names: RunNames) {
        if case .fillMeasured(let fill) = entry.notice {
            guard let place = places[fill.number] else {
                waitingFills[fill.number, default: []].append(fill)
                return
            }
            change(place) { $0.add(fill) }
        }
        if case .markoutMeasured(let measure) = entry.notice {
            guard let place = places[measure.number] else {
                waitingMarkouts[measure.number, default: []].append(measure)
                return
            }
            change(place) { $0.execution.add(measure) }
        }
        if case .parentClosed(let record) = entry.notice { end(record, at: entry.time, names) }
        if case .shortfallMeasured(let measure) = entry.notice, let place = places[measure.number] {
            change(place) { $0.add(measure) }
        }
    }

    private mutating func end(_ record: ParentRecord, at time: Timestamp, _ names: RunNames) {
        let place = Place(
            symbol: names.symbol(of: record.instrument) ?? "",
            strategy: names.name(of: record.strategy) ?? "",
            route: record.routedAs.name,
            hour: String(time.text(.milliseconds).dropFirst(11).prefix(2))
        )
        let fills = waitingFills.removeValue(forKey: record.number) ?? []
        let markouts = waitingMarkouts.removeValue(forKey: record.number) ?? []
        if let only, place.symbol != only { return }
        if let since, time < since { return }
        places[record.number] = place
        if first == .never { first = time }
        last = max(last, time)
        change(place) { group in
            group.add(record)
            for fill in fills { group.add(fill) }
            for measure in markouts { group.execution.add(measure) }
        }
    }

    private mutating func change(_ place: Place, _ body: (inout CostGroup) -> Void) {
        for dimension in Dimension.allCases {
            body(&groups[dimension, default: [:]][place.name(dimension), default: CostGroup()])
        }
    }

    /// The groups of a dimension by name.
    public func rows(_ dimension: Dimension) -> [(name: String, group: CostGroup)] {
        (groups[dimension] ?? [:]).sorted { $0.key < $1.key }.map { (name: $0.key, group: $0.value) }
    }

    public var total: CostGroup { groups[.total]?[""] ?? CostGroup() }
}

/// Parents and fills that are summed up together.
public struct CostGroup: Sendable {
    /// Orders that have ended, those of them that were filled at all, and those that were filled wholly.
    public private(set) var parents = 0
    public private(set) var traded = 0
    public private(set) var filled = 0
    /// Started as maker and gave way to a taker.
    public private(set) var fallbacks = 0
    public private(set) var fills = 0
    public private(set) var notional = Money.zero
    public private(set) var makerNotional = Money.zero
    public private(set) var fees = Money.zero
    /// At the decision prices: approved, and filled of it.
    private var approved = 0.0
    private var done = 0.0
    public var execution = ExecutionSummary()

    public init() {}

    mutating func add(_ fill: FillMeasure) {
        fills += 1
        let amount = Money(raw8: fill.notional)
        notional += amount
        if fill.liquidity == .maker { makerNotional += amount }
        fees += Money(raw8: fill.fee)
        execution.add(fill)
    }

    mutating func add(_ record: ParentRecord) {
        parents += 1
        if record.filled.raw > 0 { traded += 1 }
        if record.filled.raw > 0, record.filled >= record.approved { filled += 1 }
        if record.fallbackReason != .none { fallbacks += 1 }
    }

    mutating func add(_ measure: ShortfallMeasure) {
        execution.add(measure)
        guard measure.quantity.raw > 0, measure.notional > 0 else { return }
        let amount = Double(measure.notional)
        approved += amount
        done += amount * min(1, Double(measure.filled.raw) / Double(measure.quantity.raw))
    }

    /// Of the approved notional that was filled; nil where nothing has a price.
    public var fillRate: Double? { approved > 0 ? done / approved : nil }
    public var makerShare: Double? { notional.raw > 0 ? makerNotional.double / notional.double : nil }
    public var fallbackRatio: Double? { parents > 0 ? Double(fallbacks) / Double(parents) : nil }
    /// Slippage from the mid at arrival, and fees.
    public var netBps: Double? {
        guard let slippage = execution.arrivalSlippageBps.value, let fee = execution.feeBps.value else { return nil }
        return slippage + fee
    }
}
