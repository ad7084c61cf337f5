import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

// What moves together: tails by both methods, correlation groups, tiers.
extension StateDocuments {
    /// Value at risk (99 %) and expected shortfall (95 %) of the portfolio for a day over NAV, by both methods, and the
    /// larger, which gates. With too few returns `insufficient_history`, which live trading is warned of.
    func tails(_ moment: ReplicaMoment, _ engine: borrowing Engine) -> JSONValue {
        var rows: [JSONMember] = []
        guard let risk = engine.portfolioEstimate(isShortfall: false),
            let shortfall = engine.portfolioEstimate(isShortfall: true)
        else {
            let isPriced = engine.grossExposure != nil
            rows.append("status", isPriced ? "insufficient_history" : "no_price")
            if isPriced, moment.configuration.runtime.mode == .live {
                rows.append("warning", "max_portfolio_var_pct and max_position_cvar_pct hold nothing back yet")
            }
            return .object(rows)
        }
        guard let nav = engine.nav, nav > .zero else {
            rows.append("status", "no_nav")
            return .object(rows)
        }
        func share(_ loss: Double) -> JSONValue { .statistic(loss / nav.double) }
        rows.append("status", "known")
        rows.append("scenarios", risk.scenarios)
        rows.append("var_historical_ratio", share(risk.historicalVar))
        rows.append("var_ewma_ratio", share(risk.ewmaVar))
        rows.append("var_ratio", share(risk.valueAtRisk))
        rows.append("cvar_historical_ratio", share(shortfall.historicalShortfall))
        rows.append("cvar_ewma_ratio", share(shortfall.ewmaShortfall))
        rows.append("cvar_ratio", share(shortfall.shortfall))
        return .object(rows)
    }

    /// Each group's worst-case gross over NAV beside its cap.
    func groups(_ moment: ReplicaMoment, _ engine: borrowing Engine) -> JSONValue {
        var groups: [JSONMember] = []
        for (index, group) in moment.configuration.engine.correlationGroups.enumerated() {
            var row: [JSONMember] = []
            row.append("max_nav_pct", group.maximumNavFraction)
            if let nav = engine.nav, nav > .zero, let gross = engine.groupExposure(index) {
                row.append("gross_ratio", gross.ratio(to: nav))
            }
            groups.append(group.name, .object(row))
        }
        return .object(groups)
    }

    /// Tiers with a limit: its cap, and whether the present risk mode blocks it.
    static func tiers(_ table: TierTable, _ mode: RiskMode) -> JSONValue {
        var tiers: [JSONMember] = []
        for tier in SymbolTier.allCases where table[tier] != TierLimits() {
            var row: [JSONMember] = []
            row.append("per_symbol_nav_pct", table[tier].maximumNavFraction)
            row.append("blocked_from", table[tier].blockedFrom?.name)
            row.append("is_blocked", table[tier].blockedFrom.map { mode.rawValue >= $0.rawValue } ?? false)
            tiers.append(tier.name, .object(row))
        }
        return .object(tiers)
    }
}
