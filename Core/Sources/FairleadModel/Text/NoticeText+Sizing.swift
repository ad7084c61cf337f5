// What a size was made from, and what a trade came to.

extension SizingBasis: NamedChoice {}
extension SizingRegime: NamedChoice {}
extension TradeExit: NamedChoice {}

extension SizingRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(place: instrument, names)
        writer.key("requested")
        writer.value(requested.json)
        writer.field("reference_price", orNull: referencePrice)
        writer.field("nav", rawOrNull: nav)
        writer.field("requested_quantity", requestedQuantity)
        writer.field("sized_quantity", sizedQuantity)
        factors.writeFields(&writer)
    }
}

extension SizingFactors {
    /// Kelly's factors are null where the signal gave its size.
    fileprivate func writeFields(_ writer: inout JSONWriter) {
        let isKelly = basis != .given
        writer.field("basis", basis)
        writer.key("closed_trades")
        if isKelly { writer.integer(trades) } else { writer.null() }
        writer.field("win_rate", Self.known(winRate))
        writer.field("payoff_ratio", Self.known(payoff))
        writer.field("kelly_fraction", Self.known(fraction))
        writer.field("confidence_factor", isKelly ? confidenceFactor.double : nil)
        writer.field("kelly_multiplier", isKelly ? multiplier.double : nil)
        writer.key("clamps")
        writer.beginArray()
        for name in clamps.names { writer.string(name) }
        writer.endArray()
        writer.field("correlation_load", isKelly ? correlationLoad.double : nil)
        writer.field("volatility_regime", regime?.name)
        writer.field("regime_multiplier", regime == nil ? nil : regimeMultiplier.double)
        writer.field("nav_fraction", Self.known(navFraction))
    }

    private static func known(_ rate: Rate) -> Double? { rate == missing ? nil : rate.double }
}

extension ClosedTrade: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(place: instrument, names)
        writer.field("position_side", positionSide)
        writer.field("strategy", strategy == .unnamed ? nil : names.name(of: strategy))
        writer.field("side", side)
        writer.field("exit", exit)
        writer.field("opened_ts", openedAt)
        writer.field("closed_ts", closedAt)
        writer.field("quantity", quantity)
        writer.field("entry_notional", raw: entryNotional)
        writer.field("pnl", raw: profit)
        writer.field("fees", raw: fees)
        writer.field("funding", raw: funding)
        writer.field("return_on_notional", profitRate.double)
    }
}
