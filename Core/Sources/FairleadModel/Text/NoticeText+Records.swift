// What happened to orders, positions, levels and the engine itself.

extension OrderChange: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(order: id)
        writer.field("venue_order_id", number: venueOrderID.value)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("position_side", positionSide)
        writer.field("leg", id.leg)
        writer.field("order_type", type)
        writer.field("time_in_force", timeInForce)
        writer.field("reduce_only", reduceOnly)
        writer.field("from", from)
        writer.field("to", to)
        writer.field("price", orNull: price)
        writer.field("quantity", quantity)
        writer.field("filled", filled)
        writer.field("end_reason", endReason)
        writer.field("reject_reason", rejectReason?.name)
        writer.field("venue_ts", venueTime, .exact)
        if trigger.raw > 0 { writer.field("trigger_price", trigger) }
    }
}

extension FillRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        execution.writeFields(&writer, names)
        writer.field("venue_order_id", number: venueOrderID.value)
        writer.field("arrival_price", orNull: arrival)
        writer.field("intended_price", orNull: intended)
        writer.field("realized_pnl", raw: realized)
        writer.field("is_late", isLate)
        writer.field("is_external", isExternal)
    }
}

extension Execution: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("execution_id", number: executionID.value)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("position_side", positionSide)
        writer.field("price", price)
        writer.field("quantity", quantity)
        writer.field("fee", raw: fee)
        writer.field("liquidity", liquidity)
        writer.field("origin", origin)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension PositionRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(place: instrument, names)
        writer.field("position_side", positionSide)
        writer.field("quantity", quantity)
        writer.field("average_price", orNull: averagePrice)
        writer.field("mark_price", orNull: mark)
        writer.field("realized_pnl", raw: realized)
        writer.field("unrealized_pnl", rawOrNull: unrealized)
        writer.field("fees", raw: fees)
        writer.field("funding", raw: funding)
    }
}

extension FundingRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        payment.writeFields(&writer, names)
        writer.field("total", raw: total)
    }
}

extension ProfitRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("venue", venue.name)
        writer.field("account", AccountName.only)
        writer.field("nav", rawOrNull: nav)
        writer.field("peak_nav", rawOrNull: peak)
        writer.field("drawdown_ratio", drawdown?.double)
        writer.field("cash", rawOrNull: cash)
        writer.field("realized_pnl", raw: realized)
        writer.field("unrealized_pnl", rawOrNull: unrealized)
        writer.field("fees", raw: fees)
        writer.field("funding", raw: funding)
        writer.field("result_today", raw: resultToday)
        writer.field("open_positions", openPositions)
    }
}

extension ParentRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field("intent_id", intent)
        writer.field(place: instrument, names)
        writer.field("strategy", strategy == .unnamed ? nil : names.name(of: strategy))
        writer.field("source", source)
        writer.field("side", side)
        writer.field("is_reducing", isReducing)
        writer.field("outcome", outcome)
        writer.field("routed_as", routedAs)
        writer.field("fallback_reason", fallbackReason)
        writer.field("approved_quantity", approved)
        writer.field("filled_quantity", filled)
        writer.field("maker_filled_quantity", makerFilled)
        writer.field("average_price", orNull: averagePrice)
        writer.field("arrival_price", orNull: arrival)
        writer.field("fees", raw: fees)
    }
}

extension LevelRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(place: instrument, names)
        writer.field("position_side", positionSide)
        writer.field("kind", kind)
        writer.field("change", event)
        writer.field("price", price)
        writer.field("quantity", quantity)
        writer.field("trigger_price", orNull: trigger)
    }
}

extension TradingStateRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("from", from)
        writer.field("to", to)
        writer.field("cause", cause)
        writer.field("is_frozen", isFrozen)
        writer.field("increasing_sends", increasingSends)
    }
}

extension RiskModeRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("from", from)
        writer.field("to", to)
        writer.field("dd_state_from", drawdownFrom)
        writer.field("dd_state", drawdownTo)
        writer.field("is_nav_stale", isNavStale)
        writer.field("is_router_poor", isRouterPoor)
        writer.key("drawdown_ratio")
        if let drawdown { writer.decimal(drawdown) } else { writer.null() }
    }
}

extension DivergenceRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(symbol: instrument, names)
        writer.field("position_side", positionSide)
        writer.field("ours", ours)
        writer.field("venue", venue)
    }
}

extension OperatorRefused: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(order: order)
        writer.field(place: instrument, names)
        writer.field("action", action)
        writer.field("reason", reason)
    }
}

extension Alarm: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("kind", kind)
        writer.field(place: instrument, names)
        writer.field("client_order_id", order)
        writer.field("value", value)
    }
}

extension VenueRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("venue", venue.name)
        writer.field(symbol: instrument, names)
        writer.field("condition", condition)
        writer.field("until", until)
    }
}

extension BarReport: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(symbol: instrument, names)
        writer.field("open_ts", openTime)
        writer.field("open", open)
        writer.field("high", high)
        writer.field("low", low)
        writer.field("close", close)
        writer.field("volume", volume)
    }
}

extension ProgressRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field("intent_id", intent)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("change", event)
        writer.field("algorithm", algorithm)
        writer.field("slice", slice)
        writer.field("slices", slices)
        writer.field("approved_quantity", approved)
        writer.field("filled_quantity", filled)
        writer.field("due_quantity", due)
        writer.field("carried_quantity", carried)
        writer.field("limit_price", orNull: limitPrice)
        writer.field("until_ts", until)
        writer.field("deadline_ts", deadline)
    }
}
