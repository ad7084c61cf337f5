internal import FairleadModel

// What a size was made from, and what a trade came to.

extension SizingFactors {
    /// NULL in each column for a size that was given and left alone: `basis` and `volatility_regime` tell.
    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.choice("basis", &basis)
        walk.count("closed_trades", orNull: &trades, none: 0)
        walk.factor("win_rate", &winRate, none: Self.missing)
        walk.factor("payoff_ratio", &payoff, none: Self.missing)
        walk.factor("kelly_fraction", &fraction, none: Self.missing)
        walk.factor("confidence_factor", &confidenceFactor, none: .one)
        walk.factor("kelly_multiplier", &multiplier, none: .one)
        walk.count("clamps", orNull: &clamps.bits, none: 0)
        walk.factor("correlation_load", &correlationLoad, none: .zero)
        walk.choice("volatility_regime", orNull: &regime)
        walk.factor("regime_multiplier", &regimeMultiplier, none: .one)
        walk.factor("nav_fraction", &navFraction, none: Self.missing)
    }
}

extension ColumnWalk {
    /// NULL for `none`: what changes nothing, or is not there.
    fileprivate mutating func factor(_ name: String, _ value: inout Rate, none: Rate) {
        var found: Int64? = value == none ? nil : value.raw
        integer(name, orNull: &found)
        value = found.map { Rate(raw: $0) } ?? none
    }
}

extension ClosedTrade: HistoryRecord {
    static let table = HistoryTable.trades
    static let blank = ClosedTrade(
        instrument: .none,
        side: .buy,
        exit: .signal,
        openedAt: .never,
        closedAt: .never,
        quantity: .zero,
        entryNotional: 0,
        profit: 0,
        fees: 0,
        funding: 0,
        profitRate: .zero
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.symbol("symbol", &instrument)
        walk.choice("position_side", &positionSide)
        walk.strategy("strategy", &strategy)
        walk.choice("side", &side)
        walk.choice("exit", &exit)
        walk.time("opened_ts", &openedAt)
        walk.time("closed_ts", &closedAt)
        walk.quantity("quantity", &quantity)
        walk.integer("entry_notional", &entryNotional)
        walk.integer("pnl", &profit)
        walk.integer("fees", &fees)
        walk.integer("funding", &funding)
        walk.rate("return_on_notional", &profitRate)
    }
}
