internal import FairleadModel

/// The payload of each kind, field by field, in the order of the wire. `docs/PAPER-PROTOCOL.md` shows the same tables.
extension PaperFieldVisitor {
    mutating func visit(_ hello: inout PaperHello) {
        number("client", &hello.client)
        number("session", &hello.session)
    }

    mutating func visit(_ subscription: inout PaperSubscription) {
        instrument(&subscription.instrument)
        flag("is_on", &subscription.isOn)
        reserved(5)
    }

    mutating func visit(_ order: inout PaperOrder) {
        id(&order.id)
        price("price", &order.price)
        quantity("quantity", &order.quantity)
        time("valid_until", &order.validUntil)
        time("expires_at", &order.expiresAt)
        instrument(&order.instrument)
        choice("side", &order.side)
        choice("position_side", &order.positionSide)
        choice("type", &order.type)
        choice("time_in_force", &order.timeInForce)
        flag("reduce_only", &order.reduceOnly)
        reserved(1)
        if !order.condition.isNone { visitCondition(&order) }
    }

    /// Of `submitConditional`.
    private mutating func visitCondition(_ order: inout PaperOrder) {
        price("trigger", &order.condition.trigger)
        price("trail_amount", &order.trail.amount)
        rate("trail_share", &order.trail.share)
        if order.trail.share < .zero || order.trail.share >= .one { refuse() }
        number("group", &order.condition.group)
        choice("condition", &order.condition.kind)
        if order.condition.isNone { refuse() }
        choice("trigger_by", &order.condition.reference)
        reserved(4)
    }

    mutating func visit(_ amendment: inout PaperAmendment) {
        id(&amendment.id)
        price("price", &amendment.price)
        quantity("quantity", &amendment.quantity)
        time("valid_until", &amendment.validUntil)
        guard amendment.trigger != .zero else { return }
        price("trigger", &amendment.trigger)
        if amendment.trigger == .zero { refuse() }
    }

    mutating func visit(_ listing: inout PaperListingRequest) {
        number("executions_after", &listing.executionsAfter.value)
        number("scope", &listing.scope.rawValue)
        if listing.scope.rawValue & ~PaperListingScope.all.rawValue != 0 { refuse() }
        reserved(7)
    }

    mutating func visit(_ halt: inout PaperHalt) {
        instrument(&halt.instrument)
        flag("is_halted", &halt.isHalted)
        reserved(5)
    }

    mutating func visit(_ welcome: inout PaperWelcome) {
        number("session", &welcome.session)
        number("instruments", &welcome.instruments)
        reserved(2)
        time("venue_time", &welcome.venueTime)
        number("ledger_sequence", &welcome.ledgerSequence)
    }

    mutating func visit(_ row: inout PaperInstrumentRow) {
        instrument(&row.instrument)
        choice("asset_class", &row.terms.assetClass)
        flag("is_hedged", &row.terms.isHedged)
        flag("reduce_only_exempt", &row.terms.reduceOnlyExemptFromMinimum)
        reserved(3)
        price("tick", &row.terms.tick)
        if row.terms.tick == .zero && isReading { refuse() }
        quantity("lot", &row.terms.lot)
        if row.terms.lot == .zero && isReading { refuse() }
        quantity("minimum_quantity", &row.terms.minimumQuantity)
        quantity("maximum_quantity", &row.terms.maximumQuantity)
        var minimum = row.terms.minimumNotional.raw8
        signed("minimum_notional", "10^-8", &minimum)
        if minimum < 0 { refuse() }
        row.terms.minimumNotional = Money(raw8: minimum)
        var multiplier = Int64(row.terms.multiplier)
        signed("multiplier", "", &multiplier)
        if multiplier < 1 || multiplier > Int64(PaperBounds.multiplier) {
            refuse()
        } else {
            row.terms.multiplier = Int32(multiplier)
        }
        rate("percent_price", &row.terms.percentPrice)
        rate("maker_fee", &row.terms.makerFee)
        rate("taker_fee", &row.terms.takerFee)
        symbol(&row.symbol)
    }

    private mutating func symbol(_ symbol: inout PaperSymbol) {
        var first = symbol.word(0)
        var second = symbol.word(1)
        var third = symbol.word(2)
        var fourth = symbol.word(3)
        field("symbol_0", "text", size: 8, &first)
        field("symbol_8", "text", size: 8, &second)
        field("symbol_16", "text", size: 8, &third)
        field("symbol_24", "text", size: 8, &fourth)
        guard isReading else { return }
        symbol.words = (first, second, third, fourth)
        if !symbol.isCanonical { refuse() }
    }

    mutating func visit(_ acceptance: inout OrderAcceptance) {
        id(&acceptance.id)
        number("venue_order_id", &acceptance.venueOrderID.value)
        time("venue_time", &acceptance.venueTime)
    }

    mutating func visit(_ rejection: inout OrderRejection) {
        id(&rejection.id)
        time("venue_time", &rejection.venueTime)
        choice("reason", &rejection.reason)
        reserved(7)
    }

    mutating func visit(_ execution: inout Execution) {
        id(&execution.id)
        number("execution_id", &execution.executionID.value)
        price("price", &execution.price)
        quantity("quantity", &execution.quantity)
        signed("fee", "10^-8, signed", &execution.fee)
        time("venue_time", &execution.venueTime)
        instrument(&execution.instrument)
        choice("side", &execution.side)
        choice("position_side", &execution.positionSide)
        choice("liquidity", &execution.liquidity)
        choice("origin", &execution.origin)
        reserved(2)
    }

    mutating func visit(_ payment: inout FundingPayment) {
        number("payment_id", &payment.id.value)
        quantity("quantity", &payment.quantity)
        price("mark", &payment.mark)
        rate("rate", &payment.rate)
        signed("amount", "10^-8, signed", &payment.amount)
        time("venue_time", &payment.venueTime)
        instrument(&payment.instrument)
        choice("position_side", &payment.positionSide)
        reserved(5)
    }

    mutating func visit(_ end: inout OrderEnd) {
        id(&end.id)
        quantity("filled", &end.cumulativeFilled)
        time("venue_time", &end.venueTime)
        choice("reason", &end.reason)
        reserved(7)
    }

    mutating func visit(_ replacement: inout OrderReplacement) {
        id(&replacement.id)
        price("price", &replacement.price)
        quantity("quantity", &replacement.quantity)
        time("venue_time", &replacement.venueTime)
    }

    mutating func visit(_ report: inout OrderReport) {
        id(&report.id)
        number("venue_order_id", &report.venueOrderID.value)
        price("price", &report.price)
        quantity("quantity", &report.quantity)
        quantity("filled", &report.filled)
        time("venue_time", &report.venueTime)
        instrument(&report.instrument)
        choice("side", &report.side)
        choice("state", &report.state)
        reserved(4)
    }

    mutating func visit(_ absence: inout OrderAbsence) {
        id(&absence.id)
        time("venue_time", &absence.venueTime)
        number("ledger_sequence", &absence.ledgerSequence)
    }

    mutating func visit(_ head: inout PaperListingHead) {
        number("ledger_sequence", &head.ledgerSequence)
        time("venue_time", &head.venueTime)
        number("orders", &head.orders)
        number("executions", &head.executions)
        number("positions", &head.positions)
        number("accounts", &head.accounts)
    }

    mutating func ordinal(_ ordinal: inout UInt32) {
        number("ordinal", &ordinal)
        reserved(4)
    }

    mutating func visit(_ report: inout PositionReport) {
        quantity("quantity", &report.quantity)
        price("average_price", &report.averagePrice)
        time("venue_time", &report.venueTime)
        instrument(&report.instrument)
        choice("position_side", &report.positionSide)
        reserved(5)
    }

    mutating func visit(_ report: inout BalanceReport) {
        signed("cash", "10^-8, signed", &report.cash)
        signed("available", "10^-8, signed", &report.available)
        time("venue_time", &report.venueTime)
    }

    mutating func visit(_ end: inout PaperListingEnd) {
        number("ledger_sequence", &end.ledgerSequence)
        number("rows", &end.rows)
        reserved(4)
    }

    mutating func visit(_ restriction: inout PaperRestriction) {
        time("until", &restriction.until)
        signed("retry_after", "ns", &restriction.retryAfter.nanoseconds)
        if restriction.retryAfter < .zero { refuse() }
    }

    mutating func visit(_ quote: inout Quote) {
        price("bid", &quote.bid)
        quantity("bid_quantity", &quote.bidQuantity)
        price("ask", &quote.ask)
        quantity("ask_quantity", &quote.askQuantity)
        time("venue_time", &quote.venueTime)
        instrument(&quote.instrument)
        reserved(6)
    }

    mutating func visit(_ trade: inout Trade) {
        price("price", &trade.price)
        quantity("quantity", &trade.quantity)
        time("venue_time", &trade.venueTime)
        instrument(&trade.instrument)
        choice("aggressor", &trade.aggressor)
        reserved(5)
    }

    mutating func visit(_ mark: inout MarkPrice) {
        price("price", &mark.price)
        time("venue_time", &mark.venueTime)
        instrument(&mark.instrument)
        reserved(6)
    }

    mutating func visit(_ fault: inout PaperProtocolFault) {
        number("code", &fault.code)
        number("kind", &fault.kind)
        reserved(1)
        number("offset", &fault.offset)
    }
}
