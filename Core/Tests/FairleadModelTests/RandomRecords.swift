import FairleadModel

/// Draws notices, events and commands with every field at random, the ends of its range and "none" included.
struct RandomRecords {
    var random: SeededRandom

    static let noticeKinds = 28
    static let eventKinds = 38
    static let commandKinds = 6

    // MARK: Values

    mutating func flag() -> Bool { Bool.random(using: &random) }
    mutating func choice<Choice: CaseIterable>() -> Choice {
        guard let choice = Choice.allCases.randomElement(using: &random) else {
            preconditionFailure("A choice has cases")
        }
        return choice
    }
    mutating func raw() -> Int64 { random.anyRaw() }
    mutating func price() -> Price { Price(raw: max(0, raw())) }
    mutating func quantity() -> Quantity { Quantity(raw: max(0, raw())) }
    mutating func signed() -> SignedQuantity { SignedQuantity(raw: raw()) }
    private mutating func span() -> TimeSpan { TimeSpan(nanoseconds: raw()) }
    mutating func time() -> Timestamp {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .never
        case 1: .distantFuture
        default: Timestamp(nanoseconds: Int64.random(in: 0..<Int64.max, using: &random))
        }
    }
    mutating func instrument() -> InstrumentHandle {
        flag() ? .none : InstrumentHandle(Int.random(in: 0..<9, using: &random))
    }
    mutating func number() -> SignalNumber { SignalNumber(value: UInt64(max(0, raw()))) }
    mutating func venue() -> VenueHandle { VenueHandle(index: UInt8.random(in: 0...1, using: &random)) }
    mutating func word() -> UInt64 { random.next() >> UInt64.random(in: 0...64, using: &random) }
    mutating func id() -> ClientOrderID {
        ClientOrderID(
            epoch: Epoch(number: UInt16(truncatingIfNeeded: word())),
            parent: UInt32(truncatingIfNeeded: word()),
            leg: choice(),
            slice: UInt16(truncatingIfNeeded: word()),
            attempt: UInt8(truncatingIfNeeded: word()),
            slot: UInt32.random(in: 0...ClientOrderID.slotLimit, using: &random)
        )
    }
    private mutating func vetoes() -> VetoReasons {
        var reasons = VetoReasons()
        for _ in 0..<Int.random(in: 0..<4, using: &random) { reasons.insert(choice()) }
        return reasons
    }
    private mutating func policy() -> RouterPolicy {
        RouterPolicy(
            quality: choice(),
            takerBias: choice(),
            makerFirst: flag(),
            regime: choice(),
            isRegimeAssumed: flag(),
            isBootstrap: flag(),
            isOverridden: flag(),
            bias: Rate(raw: raw() / 4),
            offset: Rate(raw: raw() / 4),
            tune: PolicyTune(bias: Rate(raw: raw() / 4), isFlipped: flag())
        )
    }
    private mutating func evidence() -> Effectiveness {
        let rate = flag() ? nil : Rate(raw: raw())
        return Effectiveness(makerFill: rate, slip95: rate, acknowledgement: rate.map { _ in span() }, starts: 0.5)
    }
    private mutating func size() -> SignalSize {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .quantity(quantity())
        case 1: .notional(Money(raw8: raw()))
        case 2: .navFraction(Rate(raw: raw()))
        case 3: .kelly(Rate(raw: raw()))
        default: .wholePosition
        }
    }

    // MARK: Notices

    mutating func notice(named name: String) -> Notice {
        for _ in 0..<100_000 {
            let notice = notice()
            if notice.name == name { return notice }
        }
        preconditionFailure("no notice of that name is drawn: noticeKinds and the switches below must know each kind")
    }

    mutating func notice() -> Notice {
        let kind = Int.random(in: 0..<Self.noticeKinds, using: &random)
        return kind < 5 ? decision(kind) : kind < 10 ? record(kind) : kind < 21 ? condition(kind) : measure(kind)
    }

    private mutating func decision(_ kind: Int) -> Notice {
        switch kind {
        case 0:
            return .acknowledged(
                SignalAcknowledgement(
                    number: number(),
                    disposition: choice(),
                    source: choice(),
                    instrument: instrument(),
                    intent: id().intent,
                    vetoes: vetoes(),
                    original: number(),
                    invalid: flag() ? nil : choice()
                )
            )
        case 1:
            return .sized(
                SizingRecord(
                    number: number(),
                    instrument: instrument(),
                    requested: size(),
                    referencePrice: price(),
                    nav: flag() ? nil : raw(),
                    requestedQuantity: quantity(),
                    sizedQuantity: quantity(),
                    factors: factors()
                )
            )
        case 2:
            return .riskRow(
                RiskRow(
                    number: number(),
                    rule: choice(),
                    status: choice(),
                    unit: choice(),
                    observed: raw(),
                    threshold: raw()
                )
            )
        case 3:
            return .riskDecided(
                RiskDecision(
                    number: number(),
                    instrument: instrument(),
                    side: choice(),
                    isReducing: flag(),
                    vetoes: vetoes(),
                    sizedQuantity: quantity(),
                    approvedQuantity: quantity()
                )
            )
        default:
            return .routed(
                RouteDecision(
                    number: number(),
                    intent: id().intent,
                    instrument: instrument(),
                    side: choice(),
                    moment: choice(),
                    policy: policy(),
                    bid: price(),
                    ask: price(),
                    price: price(),
                    effectivePrice: price(),
                    quantity: quantity(),
                    spread: flag() ? nil : Rate(raw: raw()),
                    bookAge: span(),
                    offset: Rate(raw: raw()),
                    latency: RouteLatency(
                        signalToDecision: span(),
                        decisionToSend: flag() ? nil : span(),
                        sendToAcknowledgement: flag() ? nil : span(),
                        acknowledgementToFill: flag() ? nil : span()
                    ),
                    makerStart: flag(),
                    isMakerFinal: flag(),
                    usedFallback: flag(),
                    routedAs: choice(),
                    vetoReason: choice(),
                    fallbackReason: choice()
                )
            )
        }
    }

    private mutating func record(_ kind: Int) -> Notice {
        switch kind {
        case 5:
            return .orderChanged(
                OrderChange(
                    id: id(),
                    number: number(),
                    venueOrderID: VenueOrderID(value: word()),
                    instrument: instrument(),
                    side: choice(),
                    positionSide: choice(),
                    type: choice(),
                    timeInForce: choice(),
                    price: price(),
                    quantity: quantity(),
                    filled: quantity(),
                    from: choice(),
                    to: choice(),
                    reduceOnly: flag(),
                    venueTime: time(),
                    endReason: choice(),
                    rejectReason: flag() ? nil : choice()
                )
            )
        case 6:
            return .filled(
                FillRecord(
                    execution: execution(),
                    number: number(),
                    venueOrderID: VenueOrderID(value: word()),
                    arrival: price(),
                    intended: price(),
                    realized: raw(),
                    isLate: flag(),
                    isExternal: flag()
                )
            )
        case 7:
            return .positionChanged(
                PositionRecord(
                    instrument: instrument(),
                    positionSide: choice(),
                    quantity: signed(),
                    averagePrice: price(),
                    mark: price(),
                    realized: raw(),
                    unrealized: flag() ? nil : raw(),
                    fees: raw(),
                    funding: raw()
                )
            )
        case 8:
            return .parentClosed(
                ParentRecord(
                    number: number(),
                    intent: id().intent,
                    instrument: instrument(),
                    strategy: StrategyHandle(index: flag() ? 0 : 3),
                    side: choice(),
                    outcome: choice(),
                    routedAs: choice(),
                    fallbackReason: choice(),
                    isReducing: flag(),
                    source: choice(),
                    approved: quantity(),
                    filled: quantity(),
                    averagePrice: price(),
                    arrival: price(),
                    fees: raw(),
                    makerFilled: quantity()
                )
            )
        default:
            return .levelChanged(
                LevelRecord(
                    number: number(),
                    instrument: instrument(),
                    positionSide: choice(),
                    kind: choice(),
                    event: choice(),
                    price: price(),
                    quantity: quantity(),
                    trigger: price()
                )
            )
        }
    }

    private mutating func condition(_ kind: Int) -> Notice {
        switch kind {
        case 10:
            .tradingStateChanged(
                TradingStateRecord(
                    from: choice(),
                    to: choice(),
                    cause: choice(),
                    isFrozen: flag(),
                    increasingSends: word()
                )
            )
        case 11:
            .divergence(
                DivergenceRecord(instrument: instrument(), positionSide: choice(), ours: signed(), venue: signed())
            )
        case 12: .alarm(Alarm(choice(), instrument: instrument(), order: id(), value: raw()))
        case 13:
            .venueChanged(
                VenueRecord(venue: venue(), condition: choice(), until: time(), instrument: instrument())
            )
        case 14: .policyComputed(PolicyRecord(instrument: instrument(), policy: policy(), evidence: evidence()))
        case 15: .barClosed(bar())
        case 16:
            .riskModeChanged(
                RiskModeRecord(
                    from: choice(),
                    to: choice(),
                    drawdownFrom: choice(),
                    drawdownTo: choice(),
                    isNavStale: flag(),
                    isRouterPoor: flag(),
                    drawdown: flag() ? nil : Rate(raw: raw())
                )
            )
        case 17:
            .operatorRefused(
                OperatorRefused(
                    choice(),
                    choice(),
                    order: flag() ? .none : id(),
                    number: number(),
                    instrument: instrument()
                )
            )
        case 18: .funded(FundingRecord(payment: payment(), total: raw()))
        case 19:
            .progressed(
                ProgressRecord(
                    choice(),
                    number: number(),
                    intent: id().intent,
                    instrument: instrument(),
                    side: choice(),
                    approved: quantity(),
                    filled: quantity(),
                    due: quantity(),
                    carried: quantity(),
                    limitPrice: price(),
                    slice: UInt16.random(in: 0...9, using: &random),
                    slices: UInt16.random(in: 0...9, using: &random),
                    until: time(),
                    deadline: time(),
                    algorithm: choice()
                )
            )
        default:
            .profitMeasured(
                ProfitRecord(
                    venue: venue(),
                    nav: flag() ? nil : raw(),
                    peak: flag() ? nil : raw(),
                    drawdown: flag() ? nil : Rate(raw: raw()),
                    cash: flag() ? nil : raw(),
                    realized: raw(),
                    unrealized: flag() ? nil : raw(),
                    fees: raw(),
                    funding: raw(),
                    resultToday: raw(),
                    openPositions: Int.random(in: 0..<9, using: &random)
                )
            )
        }
    }

    private mutating func measure(_ kind: Int) -> Notice {
        switch kind {
        case 21: return .fillMeasured(fillMeasure())
        case 22:
            var measure = MarkoutMeasure(fillMeasure(), at: time())
            for horizon in MarkoutHorizon.allCases where flag() {
                measure.later[horizon] = price()
                measure.reached = horizon.rawValue + 1
            }
            return .markoutMeasured(measure)
        case 23: return .tradeClosed(trade())
        case 24: return .armChosen(armDecision())
        case 25: return .riskChanged(riskChange())
        case 26: return .positionDecided(positionDecision())
        default:
            var measure = ShortfallMeasure(
                number: number(),
                intent: id().intent,
                instrument: instrument(),
                strategy: StrategyHandle(index: flag() ? 0 : 3),
                side: choice(),
                basis: choice(),
                quantity: quantity(),
                filled: quantity(),
                decision: flag() ? .zero : price(),
                arrival: flag() ? .zero : price(),
                end: flag() ? .zero : price(),
                notional: flag() ? 0 : Int64(quantity().raw),
                fees: raw()
            )
            measure.delay = flag() ? nil : raw()
            measure.trading = flag() ? nil : raw()
            measure.spread = flag() ? nil : raw()
            measure.impact = flag() ? nil : raw()
            measure.opportunity = flag() ? nil : raw()
            return .shortfallMeasured(measure)
        }
    }

    private mutating func fillMeasure() -> FillMeasure {
        FillMeasure(
            execution(),
            number: number(),
            notional: Int64(quantity().raw),
            intended: flag() ? .zero : price(),
            arrival: flag() ? .zero : price(),
            decision: flag() ? .zero : price(),
            mid: flag() ? .zero : price(),
            latency: span(),
            isTwapChild: flag(),
            isLate: flag()
        )
    }

    private mutating func payment() -> FundingPayment {
        FundingPayment(
            id: ExecutionID(value: word()),
            instrument: instrument(),
            positionSide: choice(),
            quantity: signed(),
            mark: price(),
            rate: Rate(raw: raw()),
            amount: raw(),
            venueTime: time()
        )
    }

    private mutating func bar() -> BarReport {
        BarReport(
            instrument: instrument(),
            openTime: time(),
            open: price(),
            high: price(),
            low: price(),
            close: price(),
            volume: quantity()
        )
    }

    private mutating func execution() -> Execution {
        Execution(
            id: flag() ? .none : id(),
            executionID: ExecutionID(value: word()),
            instrument: instrument(),
            side: choice(),
            positionSide: choice(),
            price: price(),
            quantity: quantity(),
            fee: raw(),
            liquidity: choice(),
            venueTime: time()
        )
    }

    // MARK: Events

    mutating func event() -> Event {
        let kind = Int.random(in: 0..<Self.eventKinds, using: &random)
        return kind < 10 ? engineEvent(kind) : kind < 25 ? orderEvent(kind) : venueEvent(kind)
    }

    private mutating func engineEvent(_ kind: Int) -> Event {
        switch kind {
        case 0: .epochOpened(Epoch(number: UInt16(truncatingIfNeeded: word())))
        case 1: .configured
        case 2: .timer
        case 3:
            .operated(
                OperatorCommand(choice(), instrument: instrument(), order: id(), price: price(), quantity: quantity())
            )
        case 4:
            .quoted(
                Quote(
                    instrument: instrument(),
                    bid: price(),
                    bidQuantity: quantity(),
                    ask: price(),
                    askQuantity: quantity(),
                    venueTime: time()
                )
            )
        case 5:
            .traded(
                Trade(
                    instrument: instrument(),
                    price: price(),
                    quantity: quantity(),
                    aggressor: choice(),
                    venueTime: time()
                )
            )
        case 6: .marked(MarkPrice(instrument: instrument(), price: price(), venueTime: time()))
        case 7: .barReported(bar())
        case 8: .signalReceived
        default: .signalRefused(SignalRefusal(number: number(), source: choice(), reason: choice()))
        }
    }

    private mutating func orderEvent(_ kind: Int) -> Event {
        switch kind {
        case 10: .orderAccepted(OrderAcceptance(id: id(), venueOrderID: VenueOrderID(value: word()), venueTime: time()))
        case 11: .orderRejected(OrderRejection(id: id(), reason: choice(), venueTime: time()))
        case 12: .orderFilled(execution())
        case 13: .orderCancelled(OrderEnd(id: id(), cumulativeFilled: quantity(), reason: choice(), venueTime: time()))
        case 14: .orderExpired(OrderEnd(id: id(), cumulativeFilled: quantity(), reason: choice(), venueTime: time()))
        case 15: .cancelRejected(OrderRejection(id: id(), reason: choice(), venueTime: time()))
        case 16: .orderReplaced(OrderReplacement(id: id(), price: price(), quantity: quantity(), venueTime: time()))
        case 17: .replaceRejected(OrderRejection(id: id(), reason: choice(), venueTime: time()))
        case 18:
            .orderReported(
                OrderReport(
                    id: id(),
                    venueOrderID: VenueOrderID(value: word()),
                    instrument: instrument(),
                    side: choice(),
                    price: price(),
                    quantity: quantity(),
                    filled: quantity(),
                    state: choice(),
                    venueTime: time()
                )
            )
        case 19:
            .orderNotFound(
                OrderAbsence(
                    id: id(),
                    venueTime: time(),
                    ledgerSequence: word(),
                    session: UInt32(truncatingIfNeeded: word())
                )
            )
        case 20: .submitUnanswered(id())
        case 21: .cancelUnanswered(id())
        case 22: .replaceUnanswered(id())
        case 23: .egressRefused(EgressRefused(id: id(), reason: choice()))
        default: .neverSent(id())
        }
    }

    private mutating func venueEvent(_ kind: Int) -> Event {
        switch kind {
        case 25: .venueConnected(VenueConnection(venue: venue(), session: 7, venueTime: time()))
        case 26: .venueDisconnected(venue())
        case 27: .venueThrottled(VenueRestriction(venue: venue(), until: time()))
        case 28: .venueBanned(VenueRestriction(venue: venue(), until: time()))
        case 29: .balanceReported(BalanceReport(venue: venue(), cash: raw(), available: raw(), venueTime: time()))
        case 30:
            .positionReported(
                PositionReport(
                    instrument: instrument(),
                    positionSide: choice(),
                    quantity: signed(),
                    averagePrice: price(),
                    venueTime: time()
                )
            )
        case 31: .reconciliationBegan(venue())
        case 32:
            .reconciliationCompleted(
                ReconciliationReport(venue: venue(), session: 7, ledgerSequence: word(), venueTime: time())
            )
        case 33: .reconciliationFailed(venue())
        case 34: .haltReported(HaltReport(instrument: instrument(), isHalted: flag()))
        case 35: .fundingPaid(payment())
        case 36: .riskOrdered(riskOrder())
        default: .positionOrdered(positionOrder())
        }
    }
}
