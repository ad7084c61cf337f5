import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

/// The desk sets limits for a while, and switches the strategy of the scenario's signals.
extension Simulation {
    /// The one of every signal from outside; the first that is named gets the first free handle.
    static let strategy = StrategyHandle(index: 2)

    mutating func direct(_ scheduled: ScheduledRiskOrder) {
        guard node != nil else { return }
        var random = DeterministicRandom(seed: scheduled.seed)
        guard let order = riskOrder(scheduled.action, &random) else { return }
        trace.note(.text("the desk orders \(order.action.name) \(order.limit.name) \(order.value)"), at: now)
        report.operations += 1
        let isTaken = node?.offer(order, reason: "seed \(scenario.seed), \(scheduled.number)") ?? false
        if !isTaken { fail(Violation("S-28", "an order to the gateway found no room")) }
        needsPump = true
    }

    private mutating func riskOrder(_ action: RiskAction, _ random: inout DeterministicRandom) -> RiskOrder? {
        switch action {
        case .disableStrategy, .enableStrategy: return RiskOrder(action, strategy: Self.strategy)
        case .removeOverride:
            var standing: [LimitOverride] = []
            _ = withEngine { engine in engine.forEachOverride { standing.append($0) } }
            // Now and then one that isn't there.
            guard !standing.isEmpty, random.chance(7, in: 8) else {
                return RiskOrder(action, limit: .cooldown, strategy: .screener)
            }
            let row = standing[Int(random.next(below: UInt64(standing.count)))]
            return RiskOrder(action, limit: row.limit, instrument: row.instrument, strategy: row.strategy)
        case .overrideLimit: return drawnOverride(&random)
        }
    }

    private mutating func drawnOverride(_ random: inout DeterministicRandom) -> RiskOrder? {
        guard let present = node?.readClock() else { return nil }
        let limit =
            random.chance(3, in: 4) ? .orderNotional : Self.others[Int(random.next(below: UInt64(Self.others.count)))]
        let configured = withEngine { $0.configuredLimit(limit, .none) } ?? nil
        let bounds = limit.bounds
        // From an eighth to four times what is configured; where nothing is, something that may or may not bind.
        let base = configured ?? min(bounds.upperBound, 20 * limit.unit.one)
        let scaled = Int128(base) * Int128(random.next(in: 1...32)) / 8
        let value = Int64(clamping: min(max(scaled, Int128(bounds.lowerBound)), Int128(bounds.upperBound)))
        var order = RiskOrder(.overrideLimit, limit: limit, value: value, author: 1000)
        // Now and then one that ends before it begins, or lasts too long.
        let span = random.chance(1, in: 16) ? random.next(in: -1...0) : random.next(in: 1_000_000...60_000_000_000)
        order.until =
            present + TimeSpan(nanoseconds: random.chance(1, in: 32) ? span + TimeSpan.hours(25).nanoseconds : span)
        let count = UInt64(configuration.engine.instruments.count)
        if limit.scope != .account, random.chance(1, in: 2) {
            order.instrument = InstrumentHandle(Int(random.next(below: count)))
        }
        return order
    }

    /// What else is overridden: limits that leave room for the rest of the seed.
    private static let others: [OverridableLimit] = [
        .orderQuantity, .tradeShare, .symbolShare, .grossExposure, .leverage, .effectiveLeverage, .concurrentPositions,
        .tradesPerHour, .duplicateWindow, .minimumNotional, .dayLoss, .quoteAge,
    ]
}
