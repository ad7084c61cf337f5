public import FairleadModel

/// The limits that people have set for a while. Each holds before its end and not at it, whether the timer that takes
/// it away has come or not.
///
/// Memory is taken at the start; with none set nobody pays for it. Full: another one is refused by name.
public struct OverrideTable: Sendable {
    /// Overrides at a time.
    public static let capacity = 64

    /// In the order in which they were set.
    public private(set) var rows: ContiguousArray<LimitOverride> = []

    public init() { rows.reserveCapacity(Self.capacity) }

    @inline(__always)
    var isEmpty: Bool { rows.isEmpty }
    var isFull: Bool { rows.count >= Self.capacity }

    /// The earliest end; `distantFuture` when there is none.
    var nextEnd: Timestamp { rows.reduce(.distantFuture) { min($0, $1.until) } }

    /// The override of the same limit and scope.
    func find(_ order: RiskOrder) -> LimitOverride? { rows.first { $0.isSameScope(as: order) } }

    /// Puts an override in place of the one of the same limit and scope, which is given back. There must be room.
    mutating func set(_ row: LimitOverride, for order: RiskOrder) -> LimitOverride? {
        let before = remove(order)
        precondition(!isFull, "Invariant: an override finds room")
        rows.append(row)
        return before
    }

    mutating func remove(_ order: RiskOrder) -> LimitOverride? {
        guard let index = rows.firstIndex(where: { $0.isSameScope(as: order) }) else { return nil }
        return rows.remove(at: index)
    }

    /// Takes the first override whose time is over; nil when none is.
    mutating func popExpired(at now: Timestamp) -> LimitOverride? {
        guard let index = rows.firstIndex(where: { $0.until <= now }) else { return nil }
        return rows.remove(at: index)
    }

    /// Puts the values that hold for these entries into `limits` and `symbol`; gives the rows that they concern. What
    /// is set for a strategy and a symbol goes before what is set for the strategy, that before what is set for the
    /// symbol, and that before what is set for all.
    func apply(
        to limits: inout RiskLimits,
        _ symbol: inout SymbolFacts,
        of instrument: InstrumentHandle,
        _ strategy: StrategyHandle,
        at now: Timestamp
    ) -> VetoReasons {
        var concerned = VetoReasons()
        for rank in 0...3 {
            for row in rows where row.rank == rank && holds(row, of: instrument, strategy, at: now) {
                row.limit.set(row.value, in: &limits, &symbol)
                concerned.insert(row.limit.rule)
            }
        }
        return concerned
    }

    @inline(__always)
    private func holds(
        _ row: LimitOverride,
        of instrument: InstrumentHandle,
        _ strategy: StrategyHandle,
        at now: Timestamp
    ) -> Bool {
        #if MUTANTS
            if Mutant.isOn(.overrideOutlivesItsEnd) { return row.concerns(instrument, strategy) }
            if Mutant.isOn(.overrideOfASymbolHoldsForAll), now < row.until {
                return row.concerns(row.instrument, strategy)
            }
        #endif
        return now < row.until && row.concerns(instrument, strategy)
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        let blank = LimitOverride(RiskOrder(.overrideLimit), since: .never)
        visitor.visit(&rows, limit: Self.capacity, blank: blank) { row, visitor in
            visitor.visit(&row.number)
            visitor.visit(&row.value)
            visitor.visit(&row.since)
            visitor.visit(&row.until)
            visitor.visit(&row.author)
            visitor.visit(&row.instrument)
            visitor.visit(&row.strategy)
            visitor.visit(&row.limit)
        }
    }

    func checkInvariants() {
        precondition(rows.count <= Self.capacity, "Invariant: there are no more overrides than there may be")
        for row in rows {
            precondition(row.limit.bounds.contains(row.value), "Invariant: an override has a value of its limit")
            precondition(row.since < row.until, "Invariant: an override ends after it began")
            let same = rows.count {
                $0.limit == row.limit && $0.instrument == row.instrument && $0.strategy == row.strategy
            }
            precondition(same == 1, "Invariant: a limit is overridden once for the same entries")
        }
    }
}

extension OverridableLimit {
    /// Puts a value in force.
    func set(_ value: Int64, in limits: inout RiskLimits, _ symbol: inout SymbolFacts) {
        let rate = Rate(raw: value)
        let span = TimeSpan(nanoseconds: value)
        switch self {
        case .quoteAge:
            limits.maximumQuoteAgeCrypto = span
            limits.maximumQuoteAgeEquity = span
        case .navAge: limits.navFreshness = span
        case .drawdownCircuit: limits.maximumPortfolioDrawdown = rate
        case .dayLoss: limits.dailyLossLimit = rate
        case .weekLoss: limits.weeklyLossLimit = rate
        case .navDrawdown: limits.maximumNavDrawdown = rate
        case .groupShare: symbol.groupNavFraction = rate
        case .pairCorrelation: limits.maximumPairCorrelation = rate
        case .portfolioVar: limits.maximumPortfolioVar = rate
        case .positionShortfall: limits.maximumPositionShortfall = rate
        case .minimumNotional: limits.minimumNotional = Money(raw8: value)
        case .orderNotional: limits.maximumOrderNotional = Money(raw8: value)
        case .orderQuantity: limits.maximumOrderQuantity = Quantity(raw: value)
        case .tradeShare: limits.maximumTradeNavFraction = rate
        case .symbolShare: symbol.maximumNavFraction = rate
        case .tierShare: symbol.tierNavFraction = rate
        case .grossExposure: limits.maximumGrossExposure = rate
        case .leverage:
            limits.maximumLeverage = rate
            symbol.maximumLeverage = nil
        case .effectiveLeverage: limits.maximumEffectiveLeverage = rate
        case .concurrentPositions: limits.maximumConcurrentPositions = Int(value)
        case .cooldown: limits.cooldownAfterStop = span
        case .tradesPerHour: limits.maximumTradesPerSymbolPerHour = Int(value)
        case .repeatedExecutions: limits.repeatedExecutionCount = Int(value)
        case .duplicateWindow: limits.duplicateOrderWindow = span
        case .rejects: limits.rejectStormCount = Int(value)
        }
    }

    /// What stands in `limits` and `symbol`; nil for a limit that is off. `group` is the least cap of the symbol's
    /// correlation groups.
    func value(in limits: RiskLimits, _ symbol: SymbolFacts, _ assetClass: AssetClass, group: Rate?) -> Int64? {
        switch self {
        case .quoteAge: limits.maximumQuoteAge(of: assetClass).nanoseconds
        case .navAge: limits.failClosedOnNavStale ? limits.navFreshness.nanoseconds : nil
        case .drawdownCircuit: limits.maximumPortfolioDrawdown?.raw
        case .dayLoss: limits.dailyLossLimit?.raw
        case .weekLoss: limits.weeklyLossLimit?.raw
        case .navDrawdown: limits.maximumNavDrawdown?.raw
        case .groupShare: group?.raw
        case .pairCorrelation: limits.maximumPairCorrelation?.raw
        case .portfolioVar: limits.maximumPortfolioVar?.raw
        case .positionShortfall: limits.maximumPositionShortfall?.raw
        case .minimumNotional: limits.minimumNotional?.raw8
        case .orderNotional: limits.maximumOrderNotional?.raw8
        case .orderQuantity: limits.maximumOrderQuantity?.raw
        case .tradeShare: limits.maximumTradeNavFraction?.raw
        case .symbolShare: symbol.maximumNavFraction?.raw
        case .tierShare: symbol.tierNavFraction?.raw
        case .grossExposure: limits.maximumGrossExposure?.raw
        case .leverage:
            switch (symbol.maximumLeverage?.raw, limits.maximumLeverage?.raw) {
            case (let own?, let global?): min(own, global)
            case (let own, let global): own ?? global
            }
        case .effectiveLeverage: limits.maximumEffectiveLeverage?.raw
        case .concurrentPositions: limits.maximumConcurrentPositions.map(Int64.init)
        case .cooldown: limits.cooldownAfterStop?.nanoseconds
        case .tradesPerHour: limits.maximumTradesPerSymbolPerHour.map(Int64.init)
        case .repeatedExecutions: limits.repeatedExecutionCount.map(Int64.init)
        case .duplicateWindow: limits.duplicateOrderWindow.nanoseconds
        case .rejects: limits.rejectStormCount.map(Int64.init)
        }
    }
}
