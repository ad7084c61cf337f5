internal import FairleadModel

// What happened to orders, parents and levels.

extension FillRecord: HistoryRecord {
    static let table = HistoryTable.fills
    static let blank = FillRecord(
        execution: Execution(
            id: .none,
            executionID: ExecutionID(value: 0),
            instrument: .none,
            side: .buy,
            positionSide: .both,
            price: .zero,
            quantity: .zero,
            fee: 0,
            liquidity: .maker,
            venueTime: .never
        ),
        number: .none,
        venueOrderID: .none,
        arrival: .zero,
        intended: .zero,
        realized: 0,
        isLate: false,
        isExternal: false
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.order("client_order_id", &execution.id)
        var intent = execution.id.intent
        walk.intent("intent_id", &intent)
        walk.number("execution_id", &execution.executionID.value)
        walk.number("venue_order_id", &venueOrderID.value)
        walk.symbol("symbol", &execution.instrument)
        walk.choice("side", &execution.side)
        walk.choice("position_side", &execution.positionSide)
        walk.price("price", &execution.price)
        walk.quantity("quantity", &execution.quantity)
        walk.integer("fee", &execution.fee)
        walk.choice("liquidity", &execution.liquidity)
        walk.time("venue_ts", &execution.venueTime)
        walk.price("arrival_price", orNull: &arrival)
        walk.price("intended_price", orNull: &intended)
        walk.integer("realized_pnl", &realized)
        walk.flag("is_late", &isLate)
        walk.flag("is_external", &isExternal)
    }
}

extension ParentRecord: HistoryRecord {
    static let table = HistoryTable.parents
    static let blank = ParentRecord(
        number: .none,
        intent: .none,
        instrument: .none,
        strategy: .unnamed,
        side: .buy,
        outcome: .open,
        routedAs: .taker,
        fallbackReason: .none,
        isReducing: false,
        source: .file,
        approved: .zero,
        filled: .zero,
        averagePrice: .zero,
        arrival: .zero,
        fees: 0,
        makerFilled: .zero
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.intent("intent_id", &intent)
        walk.symbol("symbol", &instrument)
        walk.strategy("strategy", &strategy)
        walk.choice("source", &source)
        walk.choice("side", &side)
        walk.flag("is_reducing", &isReducing)
        walk.choice("outcome", &outcome)
        walk.choice("routed_as", &routedAs)
        walk.choice("fallback_reason", &fallbackReason)
        walk.quantity("approved_quantity", &approved)
        walk.quantity("filled_quantity", &filled)
        walk.quantity("maker_filled_quantity", &makerFilled)
        walk.price("average_price", orNull: &averagePrice)
        walk.price("arrival_price", orNull: &arrival)
        walk.integer("fees", &fees)
    }
}

extension ProgressRecord: HistoryRecord {
    static let table = HistoryTable.progress
    static let blank = ProgressRecord(
        .planned,
        number: .none,
        intent: .none,
        instrument: .none,
        side: .buy,
        approved: .zero,
        filled: .zero,
        due: .zero,
        limitPrice: .zero
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.intent("intent_id", &intent)
        walk.symbol("symbol", &instrument)
        walk.choice("side", &side)
        walk.choice("event", &event)
        walk.count("slice", orNull: &slice, none: 0)
        walk.count("slices", orNull: &slices, none: 0)
        walk.quantity("approved_quantity", &approved)
        walk.quantity("filled_quantity", &filled)
        walk.quantity("due_quantity", &due)
        walk.quantity("carried_quantity", &carried)
        walk.price("limit_price", orNull: &limitPrice)
        walk.time("until_ts", &until)
        walk.time("deadline_ts", &deadline)
        walk.choice("algorithm", &algorithm)
    }
}

extension LevelRecord: HistoryRecord {
    static let table = HistoryTable.levels
    static let blank = LevelRecord(
        number: .none,
        instrument: .none,
        positionSide: .both,
        kind: .takeProfit,
        event: .registered,
        price: .zero,
        quantity: .zero,
        trigger: .zero
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.symbol("symbol", &instrument)
        walk.choice("position_side", &positionSide)
        walk.choice("kind", &kind)
        walk.choice("change", &event)
        walk.price("price", &price)
        walk.quantity("quantity", &quantity)
        walk.price("trigger_price", orNull: &trigger)
    }
}

extension OperatorRefused: HistoryRecord {
    static let table = HistoryTable.refusals
    static let blank = OperatorRefused(.halt, .unknownOrder, order: .none, number: .none, instrument: .none)
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.order("client_order_id", &order)
        walk.symbol("symbol", &instrument)
        walk.choice("action", &action)
        walk.choice("reason", &reason)
    }
}

// MARK: - Orders

/// What stays the same over an order's life: the first half of its row.
struct OrderIdentity {
    var id = ClientOrderID.none
    var number = SignalNumber.none
    var instrument = InstrumentHandle.none
    var side = Side.buy
    var positionSide = PositionSide.both
    var type = OrderType.limit
    var timeInForce = TimeInForce.gtc
    var reduceOnly = false

    init() {}

    init(_ change: OrderChange) {
        id = change.id
        number = change.number
        instrument = change.instrument
        side = change.side
        positionSide = change.positionSide
        type = change.type
        timeInForce = change.timeInForce
        reduceOnly = change.reduceOnly
    }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.order("client_order_id", &id)
        var intent = id.intent
        walk.intent("intent_id", &intent)
        var leg = id.leg
        walk.choice("leg", &leg)
        walk.symbol("symbol", &instrument)
        walk.choice("side", &side)
        walk.choice("position_side", &positionSide)
        walk.choice("order_type", &type)
        walk.choice("time_in_force", &timeInForce)
        walk.flag("reduce_only", &reduceOnly)
    }
}

/// How an order stands after a change: the second half of its row, and what an event of it holds.
struct OrderStanding {
    var state = OrderState.created
    var price = Price.zero
    var quantity = Quantity.zero
    var filled = Quantity.zero
    var venueOrderID = VenueOrderID.none
    var endReason = EndReason.none
    var rejectReason: RejectReason?
    /// Of an order that waits at the venue.
    var trigger = Price.zero

    init() {}

    init(_ change: OrderChange) {
        trigger = change.trigger
        state = change.to
        price = change.price
        quantity = change.quantity
        filled = change.filled
        venueOrderID = change.venueOrderID
        endReason = change.endReason
        rejectReason = change.rejectReason
    }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.choice("state", &state)
        walk.price("price", orNull: &price)
        walk.quantity("quantity", &quantity)
        walk.quantity("filled", &filled)
        walk.number("venue_order_id", &venueOrderID.value)
        walk.choice("end_reason", &endReason)
        walk.choice("reject_reason", orNull: &rejectReason)
        walk.price("trigger_price", orNull: &trigger)
    }
}

/// What an event of an order holds beside its standing.
struct OrderStep {
    var from = OrderState.created
    var venueTime = Timestamp.never

    init() {}

    init(_ change: OrderChange) {
        from = change.from
        venueTime = change.venueTime
    }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.choice("state_before", &from)
        walk.time("venue_ts", &venueTime)
    }
}

extension OrderChange {
    init(_ identity: OrderIdentity, _ standing: OrderStanding, _ step: OrderStep) {
        self.init(
            id: identity.id,
            number: identity.number,
            venueOrderID: standing.venueOrderID,
            instrument: identity.instrument,
            side: identity.side,
            positionSide: identity.positionSide,
            type: identity.type,
            timeInForce: identity.timeInForce,
            price: standing.price,
            quantity: standing.quantity,
            filled: standing.filled,
            from: step.from,
            to: standing.state,
            reduceOnly: identity.reduceOnly,
            venueTime: step.venueTime,
            endReason: standing.endReason,
            rejectReason: standing.rejectReason,
            trigger: standing.trigger
        )
    }
}
