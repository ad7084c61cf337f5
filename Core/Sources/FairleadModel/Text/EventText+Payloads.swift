// What the events carry. `Execution` and `BarReport` are written with the notices that carry them too.

extension OperatorCommand: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("action", action)
        writer.field(symbol: instrument, names)
        writer.field("client_order_id", order)
        writer.field("price", orNull: price)
        writer.key("quantity")
        if quantity == .zero { writer.null() } else { writer.decimal(quantity) }
    }
}

extension Quote: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(symbol: instrument, names)
        writer.field("bid", bid)
        writer.field("bid_quantity", bidQuantity)
        writer.field("ask", ask)
        writer.field("ask_quantity", askQuantity)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension Trade: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(symbol: instrument, names)
        writer.field("price", price)
        writer.field("quantity", quantity)
        writer.field("aggressor", aggressor)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension MarkPrice: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(symbol: instrument, names)
        writer.field("price", price)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension SignalRefusal: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field("source", source)
        writer.field("reason", reason)
    }
}

extension OrderAcceptance: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("venue_order_id", number: venueOrderID.value)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension OrderRejection: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("reason", reason)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension OrderEnd: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("cumulative_filled", cumulativeFilled)
        writer.field("reason", reason)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension OrderReplacement: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("price", orNull: price)
        writer.field("quantity", quantity)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension OrderReport: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("venue_order_id", number: venueOrderID.value)
        writer.field(symbol: instrument, names)
        writer.field("side", side)
        writer.field("state", state)
        writer.field("price", orNull: price)
        writer.field("quantity", quantity)
        writer.field("filled", filled)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension OrderAbsence: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("ledger_sequence", ledgerSequence)
        writer.field("session", session)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension VenueConnection: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("venue", venue.name)
        writer.field("session", session)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension BalanceReport: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("venue", venue.name)
        writer.field("cash", raw: cash)
        writer.field("available", raw: available)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension PositionReport: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(symbol: instrument, names)
        writer.field("position_side", positionSide)
        writer.field("quantity", quantity)
        writer.field("average_price", orNull: averagePrice)
        writer.field("venue_ts", venueTime, .exact)
    }
}

extension FundingPayment: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("payment_id", number: id.value)
        writer.field(symbol: instrument, names)
        writer.field("position_side", positionSide)
        writer.field("quantity", quantity)
        writer.field("mark_price", mark)
        writer.key("rate_ratio")
        writer.decimal(rate)
        writer.field("amount", raw: amount)
        writer.field("venue_ts", venueTime)
    }
}

extension ReconciliationReport: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("venue", venue.name)
        writer.field("session", session)
        writer.field("ledger_sequence", ledgerSequence)
        writer.field("venue_ts", venueTime, .exact)
    }
}
