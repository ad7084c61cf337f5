internal import FairleadModel

// What orders cost, and what positions paid.

extension FillMeasure: HistoryRecord {
    static let table = HistoryTable.fillMeasures
    static let blank = FillMeasure(
        FillRecord.blank.execution,
        number: .none,
        notional: 0,
        intended: .zero,
        arrival: .zero,
        decision: .zero,
        mid: .zero,
        latency: .zero,
        isTwapChild: false,
        isLate: false
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.order("client_order_id", &id)
        walk.number("execution_id", &executionID.value)
        walk.symbol("symbol", &instrument)
        walk.choice("side", &side)
        walk.choice("liquidity", &liquidity)
        walk.flag("is_twap_child", &isTwapChild)
        walk.flag("is_late", &isLate)
        walk.price("price", &price)
        walk.quantity("quantity", &quantity)
        walk.integer("notional", &notional)
        walk.integer("fee", &fee)
        walk.price("intended_price", orNull: &intended)
        walk.price("arrival_price", orNull: &arrival)
        walk.price("decision_price", orNull: &decision)
        walk.price("mid_price", orNull: &mid)
        walk.span("latency", &latency)
    }
}

extension MarkoutMeasure: HistoryRecord {
    static let table = HistoryTable.markouts
    static let blank = MarkoutMeasure(FillMeasure.blank, at: .never)
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.order("client_order_id", &id)
        walk.number("execution_id", &executionID.value)
        walk.symbol("symbol", &instrument)
        walk.choice("side", &side)
        walk.choice("liquidity", &liquidity)
        walk.price("price", &price)
        walk.quantity("quantity", &quantity)
        walk.integer("notional", &notional)
        walk.time("fill_ts", &filledAt)
        walk.price("mid_price", orNull: &mid)
        for horizon in MarkoutHorizon.allCases { walk.price("mid_\(horizon.name)", orNull: &later[horizon]) }
        var count = Int64(reached)
        walk.integer("reached", &count)
        reached = UInt8(clamping: count)
    }
}

extension ShortfallMeasure: HistoryRecord {
    static let table = HistoryTable.shortfalls
    static let blank = ShortfallMeasure(
        number: .none,
        intent: .none,
        instrument: .none,
        strategy: .unnamed,
        side: .buy,
        basis: .received,
        quantity: .zero,
        filled: .zero,
        decision: .zero,
        arrival: .zero,
        end: .zero,
        notional: 0,
        fees: 0
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.intent("intent_id", &intent)
        walk.symbol("symbol", &instrument)
        walk.strategy("strategy", &strategy)
        walk.choice("side", &side)
        walk.choice("decision_basis", &basis)
        walk.quantity("approved_quantity", &quantity)
        walk.quantity("filled_quantity", &filled)
        walk.price("decision_price", orNull: &decision)
        walk.price("arrival_price", orNull: &arrival)
        walk.price("end_price", orNull: &end)
        walk.integer("notional", &notional)
        walk.integer("delay", orNull: &delay)
        walk.integer("trading", orNull: &trading)
        walk.integer("spread", orNull: &spread)
        walk.integer("impact", orNull: &impact)
        walk.integer("opportunity", orNull: &opportunity)
        walk.integer("fees", &fees)
    }
}

extension FundingRecord: HistoryRecord {
    static let table = HistoryTable.fundings
    static let blank = FundingRecord(
        payment: FundingPayment(
            id: ExecutionID(value: 0),
            instrument: .none,
            positionSide: .both,
            quantity: SignedQuantity(raw: 0),
            mark: .zero,
            rate: .zero,
            amount: 0,
            venueTime: .never
        ),
        total: 0
    )
    /// Of a position, whoever opened it.
    var signal: SignalNumber { .none }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.number("execution_id", &payment.id.value)
        walk.symbol("symbol", &payment.instrument)
        walk.choice("position_side", &payment.positionSide)
        walk.integer("position_quantity", &payment.quantity.raw)
        walk.price("mark_price", &payment.mark)
        walk.rate("rate", &payment.rate)
        walk.integer("amount", &payment.amount)
        walk.time("venue_ts", &payment.venueTime)
        walk.integer("total", &total)
    }
}
