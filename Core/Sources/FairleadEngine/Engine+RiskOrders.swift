public import FairleadModel

/// What a person sets of the risk gateway for a while: limits until a moment, strategies until they are enabled.
///
/// An override ends by the engine's own deadline. A parent that was approved under it lives on: it was judged by what
/// held then. A reload of the configuration leaves overrides as they are.
extension Engine {
    mutating func riskOrdered(_ order: RiskOrder, at now: Timestamp, into out: inout Outbox) {
        if let refusal = refusal(of: order, at: now) {
            counters.operatorRefusals += 1
            return out.notice(.riskChanged(RiskChange(.refused, order, at: now, refusal: refusal)))
        }
        switch order.action {
        case .overrideLimit: override(order, at: now, into: &out)
        case .removeOverride:
            guard let row = overrides.remove(order) else { preconditionFailure("Invariant: it was found before") }
            ended(row, .removed, .removeOverride, into: &out)
        case .disableStrategy:
            _ = switches.set(order.strategy, isDisabled: true)
            out.notice(.riskChanged(RiskChange(.strategyDisabled, order, at: now)))
            for index in terms.indices {
                endParents(InstrumentHandle(index), .cancelled, at: now, into: &out) {
                    !$0.isReducing && $0.strategy == order.strategy
                }
            }
        case .enableStrategy:
            _ = switches.set(order.strategy, isDisabled: false)
            out.notice(.riskChanged(RiskChange(.strategyEnabled, order, at: now)))
        }
    }

    private mutating func override(_ order: RiskOrder, at now: Timestamp, into out: inout Outbox) {
        let row = LimitOverride(order, since: now)
        let before = overrides.set(row, for: order)
        if let before { ended(before, .replaced, .overrideLimit, into: &out) }
        let configured = configuredLimit(row.limit, row.instrument)
        out.notice(.riskChanged(RiskChange(.overridden, .overrideLimit, row, configured: configured)))
        deadlines.set(overrideOwner, at: overrides.nextEnd)
    }

    /// Tells that an override no longer holds, and waits for the next end.
    private mutating func ended(
        _ row: LimitOverride,
        _ kind: RiskChangeKind,
        _ action: RiskAction,
        into out: inout Outbox
    ) {
        let configured = configuredLimit(row.limit, row.instrument)
        out.notice(.riskChanged(RiskChange(kind, action, row, configured: configured)))
        deadlines.set(overrideOwner, at: overrides.nextEnd)
    }

    /// The deadline of the earliest end has come.
    mutating func expireOverrides(at now: Timestamp, into out: inout Outbox) {
        #if MUTANTS
            if Mutant.isOn(.overrideOutlivesItsEnd) { return }
        #endif
        while let row = overrides.popExpired(at: now) { ended(row, .expired, .overrideLimit, into: &out) }
        deadlines.set(overrideOwner, at: overrides.nextEnd)
    }

    /// Why an order can't be carried out; nil when it can. Nothing is changed: whoever asks a person looks here first.
    public func refusal(of order: RiskOrder, at now: Timestamp) -> OperatorRefusal? {
        if order.instrument != .none, Int(order.instrument.index) >= terms.count { return .unknownSymbol }
        switch order.action {
        case .disableStrategy, .enableStrategy:
            return Int(order.strategy.index) < PositionLedger.strategyLimit ? nil : .unknownStrategy
        case .removeOverride: return overrides.find(order) == nil ? .noOverride : nil
        case .overrideLimit: break
        }
        if order.strategy != .none, Int(order.strategy.index) >= PositionLedger.strategyLimit {
            return .unknownStrategy
        }
        switch order.limit.scope {
        case .account: if order.instrument != .none || order.strategy != .none { return .scopeNotPossible }
        case .symbol: if order.strategy != .none { return .scopeNotPossible }
        case .any: break
        }
        guard order.limit.bounds.contains(order.value) else { return .valueOutOfRange }
        guard order.until > now, order.until - now <= limits.longestOverride else { return .untilOutOfRange }
        return overrides.isFull && overrides.find(order) == nil ? .tooManyOverrides : nil
    }

    /// The limits that hold for what no strategy brings about: latches, and what watches NAV. `.none`: the account's.
    @inline(__always)
    func limitsInForce(_ instrument: InstrumentHandle, at now: Timestamp) -> RiskLimits {
        overrides.isEmpty ? limits : overriddenLimits(instrument, at: now)
    }

    @inline(never)
    private func overriddenLimits(_ instrument: InstrumentHandle, at now: Timestamp) -> RiskLimits {
        var inForce = limits
        var symbol = SymbolFacts(SymbolConfiguration())
        _ = overrides.apply(to: &inForce, &symbol, of: instrument, .none, at: now)
        return inForce
    }

    // MARK: - What may be asked

    /// The overrides that stand, in the order in which they were set.
    public func forEachOverride(_ body: (LimitOverride) -> Void) { overrides.rows.forEach(body) }
    public var overrideCount: Int { overrides.rows.count }
    public func isDisabled(_ strategy: StrategyHandle) -> Bool { switches.isDisabled(strategy) }

    /// What the configuration says of a limit: of one instrument, or the tightest of all (`.none`); nil where it is
    /// off. Cold: a walk over the instruments.
    public func configuredLimit(_ limit: OverridableLimit, _ instrument: InstrumentHandle) -> Int64? {
        var tightest: Int64?
        for index in terms.indices where instrument == .none || Int(instrument.index) == index {
            let value = limit.value(
                in: limits,
                symbols[index],
                terms[index].assetClass,
                group: leastGroupCap(symbols[index].groups)
            )
            if value != nil, limit.isLooser(tightest, than: value) { tightest = value }
        }
        return tightest
    }

    private func leastGroupCap(_ groups: UInt32) -> Rate? {
        var least: Rate?
        eachGroup(groups) { group in
            let cap = configuration.correlationGroups[group].maximumNavFraction
            least = least.map { min($0, cap) } ?? cap
        }
        return least
    }
}
