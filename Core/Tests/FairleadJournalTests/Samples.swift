import FairleadModel

@testable import FairleadJournal

/// A small generator with a seed: the same numbers on every machine.
struct SeededRandom {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func int64() -> Int64 { Int64(bitPattern: next()) }
    mutating func choice<Choice: CaseIterable>(_ type: Choice.Type = Choice.self) -> Choice {
        let all = Array(Choice.allCases)
        return all[below(all.count)]
    }
}

/// Values of every kind, anywhere in their range.
struct Samples {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func price() -> Price { Price(raw: random.int64()) }
    mutating func quantity() -> Quantity { Quantity(raw: random.int64() & Int64.max) }
    mutating func time() -> Timestamp { Timestamp(nanoseconds: random.int64()) }
    mutating func instrument() -> InstrumentHandle {
        InstrumentHandle(index: UInt16(truncatingIfNeeded: random.next()))
    }
    mutating func venue() -> VenueHandle { VenueHandle(index: UInt8(truncatingIfNeeded: random.next())) }
    mutating func word() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }

    mutating func order() -> ClientOrderID {
        ClientOrderID(
            epoch: Epoch(number: UInt16(truncatingIfNeeded: random.next())),
            parent: word(),
            leg: random.choice(),
            slice: UInt16(truncatingIfNeeded: random.next()),
            attempt: UInt8(truncatingIfNeeded: random.next()),
            slot: word() & 0xFF_FFFF
        )
    }

    mutating func event(_ kind: EventKind) -> Event {
        switch kind {
        case .epochOpened: .epochOpened(Epoch(number: UInt16(truncatingIfNeeded: random.next())))
        case .operated:
            .operated(
                OperatorCommand(
                    random.choice(),
                    instrument: instrument(),
                    order: order(),
                    price: price(),
                    quantity: quantity()
                )
            )
        case .quoted:
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
        case .traded:
            .traded(
                Trade(
                    instrument: instrument(),
                    price: price(),
                    quantity: quantity(),
                    aggressor: random.choice(),
                    venueTime: time()
                )
            )
        case .marked: .marked(MarkPrice(instrument: instrument(), price: price(), venueTime: time()))
        case .barReported:
            .barReported(
                BarReport(
                    instrument: instrument(),
                    openTime: time(),
                    open: price(),
                    high: price(),
                    low: price(),
                    close: price(),
                    volume: quantity()
                )
            )
        case .signalRefused:
            .signalRefused(
                SignalRefusal(
                    number: SignalNumber(value: random.next()),
                    source: random.choice(),
                    reason: random.choice()
                )
            )
        default: orderEvent(kind)
        }
    }

    private mutating func rejection() -> OrderRejection {
        OrderRejection(id: order(), reason: random.choice(), venueTime: time())
    }

    private mutating func end() -> OrderEnd {
        OrderEnd(id: order(), cumulativeFilled: quantity(), reason: random.choice(), venueTime: time())
    }

    private mutating func orderEvent(_ kind: EventKind) -> Event {
        switch kind {
        case .orderAccepted:
            .orderAccepted(
                OrderAcceptance(id: order(), venueOrderID: VenueOrderID(value: random.next()), venueTime: time())
            )
        case .orderRejected: .orderRejected(rejection())
        case .orderFilled:
            .orderFilled(
                Execution(
                    id: order(),
                    executionID: ExecutionID(value: random.next()),
                    instrument: instrument(),
                    side: random.choice(),
                    positionSide: random.choice(),
                    price: price(),
                    quantity: quantity(),
                    fee: random.int64(),
                    liquidity: random.choice(),
                    venueTime: time(),
                    origin: random.choice()
                )
            )
        case .orderCancelled: .orderCancelled(end())
        case .orderExpired: .orderExpired(end())
        case .cancelRejected: .cancelRejected(rejection())
        case .orderReplaced:
            .orderReplaced(OrderReplacement(id: order(), price: price(), quantity: quantity(), venueTime: time()))
        case .replaceRejected: .replaceRejected(rejection())
        case .orderReported:
            .orderReported(
                OrderReport(
                    id: order(),
                    venueOrderID: VenueOrderID(value: random.next()),
                    instrument: instrument(),
                    side: random.choice(),
                    price: price(),
                    quantity: quantity(),
                    filled: quantity(),
                    state: random.choice(),
                    venueTime: time()
                )
            )
        case .orderNotFound:
            .orderNotFound(
                OrderAbsence(id: order(), venueTime: time(), ledgerSequence: random.next(), session: word())
            )
        case .submitUnanswered: .submitUnanswered(order())
        case .cancelUnanswered: .cancelUnanswered(order())
        case .replaceUnanswered: .replaceUnanswered(order())
        case .egressRefused: .egressRefused(EgressRefused(id: order(), reason: random.choice()))
        case .neverSent: .neverSent(order())
        default: venueEvent(kind)
        }
    }

    private mutating func venueEvent(_ kind: EventKind) -> Event {
        switch kind {
        case .venueConnected:
            .venueConnected(VenueConnection(venue: venue(), session: word(), venueTime: time()))
        case .venueDisconnected: .venueDisconnected(venue())
        case .venueThrottled: .venueThrottled(VenueRestriction(venue: venue(), until: time()))
        case .venueBanned: .venueBanned(VenueRestriction(venue: venue(), until: time()))
        case .balanceReported:
            .balanceReported(
                BalanceReport(venue: venue(), cash: random.int64(), available: random.int64(), venueTime: time())
            )
        case .positionReported:
            .positionReported(
                PositionReport(
                    instrument: instrument(),
                    positionSide: random.choice(),
                    quantity: SignedQuantity(raw: random.int64()),
                    averagePrice: price(),
                    venueTime: time()
                )
            )
        case .configured: .configured
        case .timer: .timer
        case .signalReceived: .signalReceived
        case .reconciliationBegan: .reconciliationBegan(venue())
        case .reconciliationCompleted:
            .reconciliationCompleted(
                ReconciliationReport(venue: venue(), session: word(), ledgerSequence: random.next(), venueTime: time())
            )
        case .reconciliationFailed: .reconciliationFailed(venue())
        case .haltReported:
            .haltReported(HaltReport(instrument: instrument(), isHalted: random.below(2) == 1))
        case .fundingPaid:
            .fundingPaid(
                FundingPayment(
                    id: ExecutionID(value: random.next()),
                    instrument: instrument(),
                    positionSide: random.choice(),
                    quantity: SignedQuantity(raw: random.int64()),
                    mark: price(),
                    rate: Rate(raw: random.int64()),
                    amount: random.int64(),
                    venueTime: time()
                )
            )
        case .riskOrdered:
            .riskOrdered(
                RiskOrder(
                    random.choice(),
                    limit: random.choice(),
                    value: random.int64(),
                    instrument: instrument(),
                    strategy: StrategyHandle(index: UInt16(truncatingIfNeeded: random.next())),
                    until: time(),
                    number: random.next(),
                    author: word()
                )
            )
        case .positionOrdered:
            .positionOrdered(
                PositionOrder(
                    random.choice(),
                    instrument: instrument(),
                    positionSide: random.choice(),
                    takeProfit: price(),
                    stopLoss: price(),
                    author: word()
                )
            )
        default: preconditionFailure("Invariant: every event kind has a sample")
        }
    }

    mutating func terms() -> SignalTerms {
        let size: SignalSize =
            switch random.below(5) {
            case 0: .quantity(quantity())
            case 1: .notional(Money(raw: Int128(random.int64()) << 60 | Int128(random.below(1 << 30))))
            case 2: .navFraction(Rate(raw: random.int64()))
            case 3: .kelly(Rate(raw: random.int64()))
            default: .wholePosition
            }
        var terms = SignalTerms(
            number: SignalNumber(value: random.next()),
            digest: Digest128(high: random.next(), low: random.next()),
            instrument: instrument(),
            side: random.choice(),
            size: size,
            source: random.choice()
        )
        terms.strategy = StrategyHandle(index: UInt16(truncatingIfNeeded: random.next()))
        terms.positionSide = random.choice()
        terms.intent = random.choice()
        terms.reduceOnly = random.below(2) == 1
        terms.confidence = Rate(raw: random.int64())
        terms.orderType = random.choice()
        terms.limitPrice = price()
        terms.timeInForce = random.choice()
        terms.time = time()
        terms.expiresAt = time()
        terms.style = random.choice()
        terms.makerFirst = [nil, false, true][random.below(3)]
        terms.makerPrice = price()
        terms.makerQuantity = quantity()
        for _ in 0..<random.below(6) {
            terms.takeProfits.append(TakeProfitLevel(price: price(), fraction: Rate(raw: random.int64())))
        }
        terms.stopLoss = price()
        if terms.style.isScheduled {
            terms.twap = TwapTerms(
                slices: UInt16(truncatingIfNeeded: random.next()),
                jitter: UInt16(truncatingIfNeeded: random.next()),
                intervalMilliseconds: UInt32(truncatingIfNeeded: random.next())
            )
        }
        if random.below(2) == 0 { terms.stop = stopTerms() }
        if terms.style.isScheduled, terms.style != .twap {
            terms.algorithm = AlgorithmTerms(
                durationMilliseconds: UInt32(truncatingIfNeeded: random.next()),
                participation: UInt16(truncatingIfNeeded: random.next()),
                display: quantity()
            )
        }
        return terms
    }

    private mutating func stopTerms() -> StopTerms {
        var stop = StopTerms()
        stop.limitPrice = price()
        stop.trail = TrailingDistance(amount: price(), share: Rate(raw: random.int64()))
        stop.activation = price()
        stop.adjustment = StopAdjustment(
            trigger: price(),
            form: StopForm.allCases[Int(random.below(3))],
            price: price(),
            limitPrice: price(),
            trail: TrailingDistance(amount: price(), share: Rate(raw: random.int64()))
        )
        for _ in 0..<random.below(6) {
            stop.stages.append(ProfitStage(profit: Rate(raw: random.int64()), stop: Rate(raw: random.int64())))
        }
        return stop
    }

    /// Fields without meaning at random: names, documents and hashes for the records that aren't events.
    mutating func digest() -> Digest256 {
        Digest256(first: random.next(), second: random.next(), third: random.next(), fourth: random.next())
    }

    mutating func body(_ type: RecordType) -> RecordBody {
        switch type {
        case .event: .event(event(random.choice()))
        case .signalTerms: .signalTerms(terms())
        case .text:
            .text(
                TextRecord(random.choice(), key: random.next(), text: String(repeating: "é", count: random.below(99)))
            )
        case .configuration: .configuration(ConfigurationRecord(document: "{\"seed\":\(random.next())}"))
        case .marketReference: .marketReference(MarketReference(source: digest(), ordinal: random.next()))
        case .manifest:
            .manifest(
                RunManifest(
                    runID: Digest128(high: random.next(), low: 1),
                    binaryHash: digest(),
                    configurationHash: digest(),
                    seed: random.next(),
                    status: random.choice(),
                    wallTime: time()
                )
            )
        case .snapshotMark: .snapshotMark(SnapshotMark(fileHash: digest(), stateHash: digest()))
        case .seal:
            .seal(
                SegmentSeal(
                    segment: random.next(),
                    firstSequence: random.next(),
                    lastSequence: random.next(),
                    coveredByteCount: random.next(),
                    hash: digest()
                )
            )
        case .note: .note("a note of \(random.below(1000))")
        }
    }
}

/// Small segments, so that a test rotates soon.
func smallOptions(_ byteCount: Int = 8192, _ durability: Durability = .process) -> JournalOptions {
    JournalOptions(
        segmentByteCount: byteCount,
        reserveByteCount: 512,
        durability: durability,
        journalID: JournalID(high: 7, low: 9)
    )
}

/// Every record of a journal, in order, and how it ended.
func readAll(_ disk: any Disk, from sequence: UInt64 = 0) throws(JournalError) -> (
    records: [JournalRecord], end: JournalEnd?
) {
    var reader = try JournalReader(disk, from: sequence)
    var records: [JournalRecord] = []
    while let record = try reader.next() { records.append(record) }
    return (records, reader.end)
}
