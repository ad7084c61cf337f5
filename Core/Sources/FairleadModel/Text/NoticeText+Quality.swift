// What executions cost: each fill, the market after it, and each parent at its end.

extension MarkoutHorizon: NamedChoice {}
extension DecisionBasis: NamedChoice {}

extension FillMeasure: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(order: id)
        writer.field("execution_id", number: executionID.value)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("liquidity", liquidity)
        writer.field("is_twap_child", isTwapChild)
        writer.field("is_late", isLate)
        writer.field("price", price)
        writer.field("quantity", quantity)
        writer.field("notional", raw: notional)
        writer.field("fee", raw: fee)
        writer.field("intended_price", orNull: intended)
        writer.field("arrival_price", orNull: arrival)
        writer.field("decision_price", orNull: decision)
        writer.field("mid_price", orNull: mid)
        writer.field("slippage_bps", slippageBps)
        writer.field("arrival_slippage_bps", arrivalSlippageBps)
        writer.field("effective_spread_bps", effectiveSpreadBps)
        writer.field("fee_bps", feeBps)
        writer.field("cost_bps", costBps)
        writer.field("latency_ms", Double(latency.nanoseconds) / 1e6)
    }
}

extension MarkoutMeasure: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(order: id)
        writer.field("execution_id", number: executionID.value)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("liquidity", liquidity)
        writer.field("price", price)
        writer.field("quantity", quantity)
        writer.field("notional", raw: notional)
        writer.field("fill_ts", filledAt)
        writer.field("mid_price", orNull: mid)
        writer.field("horizons_reached", reached)
        writer.key("horizons")
        writer.beginArray()
        for horizon in MarkoutHorizon.allCases {
            writer.beginObject()
            writer.field("horizon", horizon)
            writer.field("horizon_ms", horizon.span.milliseconds)
            writer.field("mid_price", orNull: later[horizon])
            writer.field("markout_bps", markoutBps(horizon))
            writer.field("realized_spread_bps", realizedSpreadBps(horizon))
            writer.field("price_impact_bps", priceImpactBps(horizon))
            writer.endObject()
        }
        writer.endArray()
    }
}

extension ShortfallMeasure: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field("intent_id", intent)
        writer.field(place: instrument, names)
        writer.field("strategy", strategy == .unnamed ? nil : names.name(of: strategy))
        writer.field("side", side)
        writer.field("approved_quantity", quantity)
        writer.field("filled_quantity", filled)
        writer.field("decision_price", orNull: decision)
        writer.field("decision_basis", basis)
        writer.field("arrival_price", orNull: arrival)
        writer.field("end_price", orNull: end)
        writer.field("notional", rawOrNull: notional > 0 ? notional : nil)
        writePart("delay", delay, &writer)
        writePart("trading", trading, &writer)
        writePart("spread", spread, &writer)
        writePart("impact", impact, &writer)
        writePart("opportunity", opportunity, &writer)
        writePart("fees", fees, &writer)
        writePart("total", total, &writer)
    }

    private func writePart(_ name: String, _ amount: Int64?, _ writer: inout JSONWriter) {
        writer.field(name, rawOrNull: amount)
        writer.field("\(name)_bps", bps(amount))
    }
}
