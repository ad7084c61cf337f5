import FairleadEngine
import FairleadModel
import FairleadPaper

/// A random walk with a spread, a mark and trades, for each instrument.
struct WorldMarket {
    /// In ticks.
    var mids: [Int64]
    var spreads: [Int64]

    init(instruments: Int) {
        mids = (0..<instruments).map { 10_000 + Int64($0) * 5_000 }
        spreads = Array(repeating: 1, count: instruments)
    }
}

extension World {
    static let tick: Int64 = 10_000_000
    static let lot: Int64 = 100_000

    /// One piece of market data of one instrument: the venue hears it first.
    mutating func tick(_ index: Int, moves: Bool) {
        let instrument = InstrumentHandle(index)
        if moves {
            market.mids[index] += random.next(in: -4...4)
            if random.chance(1, in: 40) { market.mids[index] += random.next(in: -60...60) }
            if random.chance(1, in: 10) { market.spreads[index] = random.next(in: 1...3) }
            if random.chance(1, in: 60) { market.spreads[index] = 40 }
        } else {
            market.spreads[index] = 1
        }
        let bid = market.mids[index]
        let quote = Quote(
            instrument: instrument,
            bid: Price(raw: bid * Self.tick),
            bidQuantity: Quantity(raw: (moves ? random.next(in: 1...400) : 100_000) * Self.lot),
            ask: Price(raw: (bid + market.spreads[index]) * Self.tick),
            askQuantity: Quantity(raw: (moves ? random.next(in: 1...400) : 100_000) * Self.lot),
            venueTime: now
        )
        show(.quoted(quote))
        if moves, random.chance(1, in: 3) {
            let aggressor: Side = random.chance(1, in: 2) ? .buy : .sell
            let trade = Trade(
                instrument: instrument,
                price: aggressor == .buy ? quote.ask : quote.bid,
                quantity: Quantity(raw: random.next(in: 1...300) * Self.lot),
                aggressor: aggressor,
                venueTime: now
            )
            show(.traded(trade))
        }
        if !moves || random.chance(1, in: 4) {
            show(.marked(MarkPrice(instrument: instrument, price: quote.bid, venueTime: now)))
        }
    }

    private mutating func show(_ event: Event) {
        venue.market(event, at: now)
        apply(event)
    }

    // MARK: What is configured

    static func configuration(_ random: inout DeterministicRandom) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.capacities.orders = 64
        configuration.capacities.parents = 48
        configuration.capacities.signals = 64
        configuration.capacities.executions = 256
        configuration.capacities.levels = 24
        configuration.bars.history = 16
        configuration.unknownOrders.tombstone = .seconds(20)
        let isHedged = random.chance(1, in: 4)
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            var settings = SymbolConfiguration()
            if random.chance(1, in: 8) { settings.policyOverride = PolicyOverride(quality: .degraded) }
            configuration.add(
                Instrument(
                    symbol: symbol,
                    terms: InstrumentTerms(
                        tick: Price(raw: tick),
                        lot: Quantity(raw: lot),
                        minimumQuantity: Quantity(raw: lot),
                        maximumQuantity: Quantity(raw: 300 * lot),
                        minimumNotional: Money(whole: 5),
                        isHedged: isHedged
                    ),
                    origin: "test"
                ),
                settings
            )
        }
        configuration.risk.allowsPyramiding = random.chance(2, in: 3)
        configuration.risk.duplicateOrderWindow = .milliseconds(100)
        configuration.risk.rejectStormCount = random.chance(1, in: 3) ? 5 : nil
        configuration.risk.clampsToLimits = random.chance(1, in: 3)
        if random.chance(1, in: 3) { configuration.risk.maximumOrderQuantity = Quantity(raw: 60 * lot) }
        if random.chance(1, in: 4) { configuration.risk.maximumGrossExposure = Rate(raw: FixedPoint.one / 5) }
        if random.chance(1, in: 4) { configuration.risk.ordersPerSecond = 8 }
        if random.chance(1, in: 6) { configuration.risk.haltAllowsReduce = false }
        configuration.routing.makerReprice = random.chance(1, in: 2) ? .follow : .stay
        configuration.routing.makerTimeout = .milliseconds(random.next(in: 500...5_000))
        configuration.routing.offsetReference = random.chance(1, in: 4) ? .mid : .touch
        let actions = WideSpreadAction.allCases
        configuration.routing.wideSpreadAction = actions[Int(random.next(below: UInt64(actions.count)))]
        if random.chance(1, in: 4) { configuration.routing.missingBookAction = .veto }
        configuration.sizing.kelly.minimumTrades = Int(random.next(in: 1...6))
        configuration.sizing.regimeAppliesToAll = random.chance(1, in: 2)
        if random.chance(1, in: 4) { configuration.routing.exitOrderType = .market }
        return configuration
    }

    // MARK: What is asked

    mutating func randomSignal() {
        let instrument = InstrumentHandle(Int(random.next(below: UInt64(configuration.instruments.count))))
        let isHedged = configuration.instruments[0].terms.isHedged
        let side: Side = random.chance(1, in: 2) ? .buy : .sell
        signalCount += 1
        var digest = Digest128(high: 77, low: signalCount)
        if random.chance(1, in: 20), let old = digests.last { digest = old }
        digests.append(digest)
        var terms = SignalTerms(
            number: SignalNumber(value: signalCount),
            digest: digest,
            instrument: instrument,
            side: side,
            size: .quantity(Quantity(raw: random.next(in: 1...120) * Self.lot))
        )
        if isHedged {
            terms.positionSide = random.chance(1, in: 2) ? .long : .short
            if random.chance(1, in: 30) { terms.positionSide = .both }
        }
        describe(&terms)
        apply(.signalReceived, signal: terms)
    }

    private mutating func describe(_ terms: inout SignalTerms) {
        let mid = market.mids[Int(terms.instrument.index)]
        switch random.next(below: 10) {
        case 0: terms.intent = .exit
        case 1: terms.intent = .reduce
        case 2:
            terms.intent = .flatten
            terms.size = .wholePosition
        case 3: terms.size = .notional(Money(whole: random.next(in: 1...20_000)))
        case 4: terms.reduceOnly = true
        case 5:
            terms.size = .kelly(Rate(raw: random.next(in: 1...FixedPoint.one)))
            terms.confidence = Rate(raw: random.next(in: 0...FixedPoint.one))
        default: break
        }
        switch random.next(below: 8) {
        case 0, 1:
            terms.orderType = .limit
            terms.timeInForce = TimeInForce.allCases[Int(random.next(below: 4))]
        case 2: terms.orderType = .postOnly
        case 3: terms.orderType = .marketableLimit
        default: break
        }
        if terms.orderType != .market {
            terms.limitPrice = Price(raw: (mid + random.next(in: -12...12)) * Self.tick)
        } else if random.chance(1, in: 8) {
            terms.timeInForce = random.chance(1, in: 2) ? .ioc : .fok
        }
        if terms.timeInForce == .gtd || random.chance(1, in: 4) {
            terms.expiresAt = now + .milliseconds(random.next(in: 1...8_000))
        }
        if random.chance(1, in: 6) { terms.style = random.chance(1, in: 2) ? .taker : .makerFirst }
        if random.chance(1, in: 6) { terms.makerQuantity = Quantity(raw: random.next(in: 1...40) * Self.lot) }
        guard random.chance(1, in: 2) else { return }
        let sign = terms.side.sign
        let count = random.next(in: 0...3)
        for step in 0..<count {
            let price = Price(raw: (mid + sign * (20 + 10 * step)) * Self.tick)
            terms.takeProfits.append(TakeProfitLevel(price: price, fraction: Rate(raw: FixedPoint.one / count)))
        }
        if random.chance(2, in: 3) { terms.stopLoss = Price(raw: (mid - sign * 30) * Self.tick) }
    }

    /// A person does something.
    mutating func randomOperation() {
        var orders: [Order] = []
        engine.forEachLiveOrder { orders.append($0) }
        let chosen = orders.isEmpty ? nil : orders[Int(random.next(below: UInt64(orders.count)))]
        switch random.next(below: 12) {
        case 0: operate(OperatorCommand(.halt))
        case 1: operate(OperatorCommand(.kill))
        case 2: operate(OperatorCommand(.stopEntries))
        case 3: operate(OperatorCommand(.cancelAll))
        case 4: operate(OperatorCommand(.flatten))
        case 5: operate(OperatorCommand(.reconcile))
        case 6:
            operate(OperatorCommand(random.chance(1, in: 3) ? .haltFrozen : .cancelAllIncludingProtective))
        case 7: operate(OperatorCommand(.enableSymbol, instrument: InstrumentHandle(0)))
        case 8: if let chosen { operate(OperatorCommand(.cancelOrder, order: chosen.id)) }
        case 9, 10: if let chosen { amend(chosen) }
        case 11: resolve(orders)
        default: break
        }
        if engine.tradingState != .active, random.chance(2, in: 3) { operate(OperatorCommand(.resume)) }
    }

    mutating func operate(_ command: OperatorCommand) { apply(.operated(command)) }

    private mutating func amend(_ order: Order) {
        var command = OperatorCommand(.amendOrder, order: order.id)
        if random.chance(2, in: 3) {
            command.price = Price(raw: order.price.raw + random.next(in: -5...5) * Self.tick)
        }
        if random.chance(2, in: 3) {
            command.quantity = Quantity(raw: random.next(in: 1...(order.quantity.raw / Self.lot + 10)) * Self.lot)
        }
        operate(command)
    }

    /// A person looks at the venue's own screen before saying what became of an order.
    private mutating func resolve(_ orders: [Order]) {
        for order in orders where order.state == .pendingUnknown && now > order.validUntil + .seconds(1) {
            guard let row = venue.order(order.id) else {
                return operate(OperatorCommand(.resolveDead, order: order.id))
            }
            switch row.state {
            case .working, .partiallyFilled: return operate(OperatorCommand(.resolveOpen, order: order.id))
            case .filled: return operate(OperatorCommand(.resolveFilled, order: order.id))
            case .rejected, .cancelled, .expired: return operate(OperatorCommand(.resolveDead, order: order.id))
            case .created, .submitted, .pendingUnknown, .accepted, .pendingCancel, .pendingReplace: continue
            }
        }
    }
}
