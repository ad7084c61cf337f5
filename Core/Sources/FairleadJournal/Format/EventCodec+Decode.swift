internal import FairleadModel

extension EventCodec {
    /// Reads the fields that follow the event's number; the size was compared before.
    @inline(__always) static func decode(
        _ kind: EventKind,
        _ bytes: RawSpan,
        _ position: inout Int
    ) throws(FieldError) -> Event {
        switch kind {
        case .configured: .configured
        case .timer: .timer
        case .signalReceived: .signalReceived
        case .epochOpened: .epochOpened(Epoch(number: ByteSource.take(bytes, &position)))
        case .operated: .operated(try operatorCommand(bytes, &position))
        case .quoted: .quoted(try quote(bytes, &position))
        case .traded: .traded(try trade(bytes, &position))
        case .marked: .marked(mark(bytes, &position))
        case .barReported: .barReported(try bar(bytes, &position))
        case .signalRefused: .signalRefused(try signalRefusal(bytes, &position))
        case .orderAccepted: .orderAccepted(try acceptance(bytes, &position))
        case .orderRejected: .orderRejected(try rejection(bytes, &position))
        case .orderFilled: .orderFilled(try execution(bytes, &position))
        case .orderCancelled: .orderCancelled(try end(bytes, &position))
        case .orderExpired: .orderExpired(try end(bytes, &position))
        case .cancelRejected: .cancelRejected(try rejection(bytes, &position))
        case .orderReplaced: .orderReplaced(try replacement(bytes, &position))
        case .replaceRejected: .replaceRejected(try rejection(bytes, &position))
        case .orderReported: .orderReported(try report(bytes, &position))
        case .orderNotFound: .orderNotFound(try absence(bytes, &position))
        case .submitUnanswered: .submitUnanswered(try Field.order(bytes, &position))
        case .cancelUnanswered: .cancelUnanswered(try Field.order(bytes, &position))
        case .replaceUnanswered: .replaceUnanswered(try Field.order(bytes, &position))
        case .egressRefused: .egressRefused(try egressRefusal(bytes, &position))
        case .neverSent: .neverSent(try Field.order(bytes, &position))
        case .venueConnected: .venueConnected(connection(bytes, &position))
        case .venueDisconnected: .venueDisconnected(Field.venue(bytes, &position))
        case .venueThrottled: .venueThrottled(restriction(bytes, &position))
        case .venueBanned: .venueBanned(restriction(bytes, &position))
        case .balanceReported: .balanceReported(balance(bytes, &position))
        case .positionReported: .positionReported(try positionReport(bytes, &position))
        case .reconciliationBegan: .reconciliationBegan(Field.venue(bytes, &position))
        case .reconciliationCompleted: .reconciliationCompleted(reconciliation(bytes, &position))
        case .reconciliationFailed: .reconciliationFailed(Field.venue(bytes, &position))
        case .haltReported: .haltReported(try haltReport(bytes, &position))
        case .fundingPaid: .fundingPaid(try funding(bytes, &position))
        case .riskOrdered: .riskOrdered(try riskOrder(bytes, &position))
        case .positionOrdered: .positionOrdered(try positionOrder(bytes, &position))
        }
    }

    private static func haltReport(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> HaltReport {
        let instrument = Field.instrument(bytes, &position)
        return HaltReport(instrument: instrument, isHalted: try Field.boolean(bytes, &position))
    }

    private static func operatorCommand(
        _ bytes: RawSpan,
        _ position: inout Int
    ) throws(FieldError) -> OperatorCommand {
        let order = try Field.order(bytes, &position)
        let price = Field.price(bytes, &position)
        let quantity = try Field.quantity(bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let action: OperatorAction = try Field.choice(.action, bytes, &position)
        return OperatorCommand(action, instrument: instrument, order: order, price: price, quantity: quantity)
    }

    private static func riskOrder(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> RiskOrder {
        let number = ByteSource.take(UInt64.self, bytes, &position)
        let value = ByteSource.take(Int64.self, bytes, &position)
        let until = Field.time(bytes, &position)
        let author = ByteSource.take(UInt32.self, bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let strategy = StrategyHandle(index: ByteSource.take(bytes, &position))
        let limit: OverridableLimit = try Field.choice(.limit, bytes, &position)
        let action: RiskAction = try Field.choice(.riskAction, bytes, &position)
        return RiskOrder(
            action,
            limit: limit,
            value: value,
            instrument: instrument,
            strategy: strategy,
            until: until,
            number: number,
            author: author
        )
    }

    private static func positionOrder(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> PositionOrder {
        let takeProfit = Field.price(bytes, &position)
        let stopLoss = Field.price(bytes, &position)
        let author = ByteSource.take(UInt32.self, bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let positionSide: PositionSide = try Field.choice(.positionSide, bytes, &position)
        let action: PositionAction = try Field.choice(.positionAction, bytes, &position)
        return PositionOrder(
            action,
            instrument: instrument,
            positionSide: positionSide,
            takeProfit: takeProfit,
            stopLoss: stopLoss,
            author: author
        )
    }

    @inline(__always) private static func quote(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> Quote {
        let bid = Field.price(bytes, &position)
        let bidQuantity = try Field.quantity(bytes, &position)
        let ask = Field.price(bytes, &position)
        let askQuantity = try Field.quantity(bytes, &position)
        let venueTime = Field.time(bytes, &position)
        return Quote(
            instrument: Field.instrument(bytes, &position),
            bid: bid,
            bidQuantity: bidQuantity,
            ask: ask,
            askQuantity: askQuantity,
            venueTime: venueTime
        )
    }

    private static func trade(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> Trade {
        let price = Field.price(bytes, &position)
        let quantity = try Field.quantity(bytes, &position)
        let venueTime = Field.time(bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let aggressor: Side = try Field.choice(.side, bytes, &position)
        return Trade(
            instrument: instrument,
            price: price,
            quantity: quantity,
            aggressor: aggressor,
            venueTime: venueTime
        )
    }

    private static func mark(_ bytes: RawSpan, _ position: inout Int) -> MarkPrice {
        let price = Field.price(bytes, &position)
        let venueTime = Field.time(bytes, &position)
        return MarkPrice(instrument: Field.instrument(bytes, &position), price: price, venueTime: venueTime)
    }

    private static func bar(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> BarReport {
        let openTime = Field.time(bytes, &position)
        let open = Field.price(bytes, &position)
        let high = Field.price(bytes, &position)
        let low = Field.price(bytes, &position)
        let close = Field.price(bytes, &position)
        let volume = try Field.quantity(bytes, &position)
        return BarReport(
            instrument: Field.instrument(bytes, &position),
            openTime: openTime,
            open: open,
            high: high,
            low: low,
            close: close,
            volume: volume
        )
    }

    private static func signalRefusal(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> SignalRefusal {
        let number = SignalNumber(value: ByteSource.take(bytes, &position))
        let source: SignalSource = try Field.choice(.source, bytes, &position)
        let reason: InvalidSignalReason = try Field.choice(.invalidSignalReason, bytes, &position)
        return SignalRefusal(number: number, source: source, reason: reason)
    }

    private static func acceptance(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> OrderAcceptance {
        let id = try Field.order(bytes, &position)
        let venueOrderID = VenueOrderID(value: ByteSource.take(bytes, &position))
        return OrderAcceptance(id: id, venueOrderID: venueOrderID, venueTime: Field.time(bytes, &position))
    }

    private static func rejection(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> OrderRejection {
        let id = try Field.order(bytes, &position)
        let venueTime = Field.time(bytes, &position)
        let reason: RejectReason = try Field.choice(.rejectReason, bytes, &position)
        return OrderRejection(id: id, reason: reason, venueTime: venueTime)
    }

    private static func execution(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> Execution {
        let id = try Field.order(bytes, &position)
        let executionID = ExecutionID(value: ByteSource.take(bytes, &position))
        let price = Field.price(bytes, &position)
        let quantity = try Field.quantity(bytes, &position)
        let fee = ByteSource.take(Int64.self, bytes, &position)
        let venueTime = Field.time(bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let side: Side = try Field.choice(.side, bytes, &position)
        let positionSide: PositionSide = try Field.choice(.positionSide, bytes, &position)
        let (liquidity, origin) = try Field.making(bytes, &position)
        return Execution(
            id: id,
            executionID: executionID,
            instrument: instrument,
            side: side,
            positionSide: positionSide,
            price: price,
            quantity: quantity,
            fee: fee,
            liquidity: liquidity,
            venueTime: venueTime,
            origin: origin
        )
    }

    private static func funding(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> FundingPayment {
        let id = ExecutionID(value: ByteSource.take(bytes, &position))
        let quantity = SignedQuantity(raw: ByteSource.take(bytes, &position))
        let mark = Field.price(bytes, &position)
        let rate = Field.rate(bytes, &position)
        let amount = ByteSource.take(Int64.self, bytes, &position)
        let venueTime = Field.time(bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let positionSide: PositionSide = try Field.choice(.positionSide, bytes, &position)
        return FundingPayment(
            id: id,
            instrument: instrument,
            positionSide: positionSide,
            quantity: quantity,
            mark: mark,
            rate: rate,
            amount: amount,
            venueTime: venueTime
        )
    }

    private static func end(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> OrderEnd {
        let id = try Field.order(bytes, &position)
        let filled = try Field.quantity(bytes, &position)
        let venueTime = Field.time(bytes, &position)
        let reason: EndReason = try Field.choice(.endReason, bytes, &position)
        return OrderEnd(id: id, cumulativeFilled: filled, reason: reason, venueTime: venueTime)
    }

    private static func replacement(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> OrderReplacement {
        let id = try Field.order(bytes, &position)
        let price = Field.price(bytes, &position)
        let quantity = try Field.quantity(bytes, &position)
        return OrderReplacement(id: id, price: price, quantity: quantity, venueTime: Field.time(bytes, &position))
    }

    private static func report(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> OrderReport {
        let id = try Field.order(bytes, &position)
        let venueOrderID = VenueOrderID(value: ByteSource.take(bytes, &position))
        let price = Field.price(bytes, &position)
        let quantity = try Field.quantity(bytes, &position)
        let filled = try Field.quantity(bytes, &position)
        let venueTime = Field.time(bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let side: Side = try Field.choice(.side, bytes, &position)
        let state: OrderState = try Field.choice(.state, bytes, &position)
        return OrderReport(
            id: id,
            venueOrderID: venueOrderID,
            instrument: instrument,
            side: side,
            price: price,
            quantity: quantity,
            filled: filled,
            state: state,
            venueTime: venueTime
        )
    }

    private static func absence(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> OrderAbsence {
        let id = try Field.order(bytes, &position)
        let venueTime = Field.time(bytes, &position)
        let ledger = ByteSource.take(UInt64.self, bytes, &position)
        let session = ByteSource.take(UInt32.self, bytes, &position)
        return OrderAbsence(id: id, venueTime: venueTime, ledgerSequence: ledger, session: session)
    }

    private static func egressRefusal(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> EgressRefused {
        let id = try Field.order(bytes, &position)
        let reason: EgressRefusal = try Field.choice(.egressRefusal, bytes, &position)
        return EgressRefused(id: id, reason: reason)
    }

    private static func connection(_ bytes: RawSpan, _ position: inout Int) -> VenueConnection {
        let venueTime = Field.time(bytes, &position)
        let session = ByteSource.take(UInt32.self, bytes, &position)
        return VenueConnection(venue: Field.venue(bytes, &position), session: session, venueTime: venueTime)
    }

    private static func restriction(_ bytes: RawSpan, _ position: inout Int) -> VenueRestriction {
        let until = Field.time(bytes, &position)
        return VenueRestriction(venue: Field.venue(bytes, &position), until: until)
    }

    private static func balance(_ bytes: RawSpan, _ position: inout Int) -> BalanceReport {
        let cash = ByteSource.take(Int64.self, bytes, &position)
        let available = ByteSource.take(Int64.self, bytes, &position)
        let venueTime = Field.time(bytes, &position)
        return BalanceReport(
            venue: Field.venue(bytes, &position),
            cash: cash,
            available: available,
            venueTime: venueTime
        )
    }

    private static func positionReport(
        _ bytes: RawSpan,
        _ position: inout Int
    ) throws(FieldError) -> PositionReport {
        let quantity = SignedQuantity(raw: ByteSource.take(bytes, &position))
        let averagePrice = Field.price(bytes, &position)
        let venueTime = Field.time(bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let positionSide: PositionSide = try Field.choice(.positionSide, bytes, &position)
        return PositionReport(
            instrument: instrument,
            positionSide: positionSide,
            quantity: quantity,
            averagePrice: averagePrice,
            venueTime: venueTime
        )
    }

    private static func reconciliation(_ bytes: RawSpan, _ position: inout Int) -> ReconciliationReport {
        let venueTime = Field.time(bytes, &position)
        let ledger = ByteSource.take(UInt64.self, bytes, &position)
        let session = ByteSource.take(UInt32.self, bytes, &position)
        return ReconciliationReport(
            venue: Field.venue(bytes, &position),
            session: session,
            ledgerSequence: ledger,
            venueTime: venueTime
        )
    }
}
