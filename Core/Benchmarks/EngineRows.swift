import FairleadEngine
import FairleadModel

/// An engine with every rule of the risk table configured, one venue session, and a book.
struct BenchEngine: ~Copyable {
    var engine: Engine
    var out: Outbox
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    /// Many, so that the hourly burst limit of each is on and never reached.
    static let symbols = 64
    /// The symbol whose turn it is.
    var symbol = InstrumentHandle(0)
    var signals: UInt64 = 0
    var executions: UInt64 = 0

    /// `hasTails` turns the rows about value at risk and expected shortfall on, over a full history of returns.
    init(
        capacity: Int = 32_768,
        isObserved: Bool = false,
        hasTails: Bool = false,
        trigger: TriggerReference = .mark
    ) {
        var configuration = EngineConfiguration()
        configuration.exits.triggerReference = trigger
        configuration.capacities.orders = capacity
        configuration.capacities.parents = capacity
        configuration.risk = Self.allRules()
        if hasTails {
            configuration.risk.maximumPortfolioVar = Rate(raw: 90_000_000)
            configuration.risk.maximumPositionShortfall = Rate(raw: 90_000_000)
        }
        // A full window of a day would refuse entries.
        configuration.dedupeWindow = .seconds(1)
        for index in 0..<Self.symbols {
            let symbol = "S\(index)USDT"
            var settings = SymbolConfiguration()
            settings.maximumNavFraction = Rate(raw: FixedPoint.one * 1_000)
            settings.maximumLeverage = Rate(raw: FixedPoint.one * 1_000)
            configuration.add(
                Instrument(
                    symbol: symbol,
                    terms: InstrumentTerms(
                        tick: Price(raw: 10_000_000),
                        lot: Quantity(raw: 100_000),
                        minimumQuantity: Quantity(raw: 100_000),
                        maximumQuantity: Quantity(raw: 100_000_000_000),
                        minimumNotional: Money(whole: 5)
                    ),
                    origin: "benchmark"
                ),
                settings
            )
        }
        engine = Engine(configuration: configuration)
        out = Outbox(isObserved: isObserved)
        apply(.epochOpened(Epoch(number: 1)))
        apply(.venueConnected(VenueConnection(venue: .paper, session: 1, venueTime: now)))
        apply(.reconciliationBegan(.paper))
        apply(
            .balanceReported(
                BalanceReport(
                    venue: .paper,
                    cash: 1_000_000_000 * FixedPoint.one,
                    available: 1_000_000_000 * FixedPoint.one,
                    venueTime: now
                )
            )
        )
        apply(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 1, ledgerSequence: 0, venueTime: now)
            )
        )
        for index in 0..<Self.symbols { quote(InstrumentHandle(index), bid: 600_000, ask: 600_001) }
        if hasTails { backfill(bars: configuration.returns.lookbackBars + 1, configuration.bars.length) }
    }

    /// Closed bars of each symbol, each close within one per mille of the last, another walk for each.
    private mutating func backfill(bars: Int, _ interval: TimeSpan) {
        var state: UInt64 = 1
        for index in 0..<Self.symbols {
            var close: Int64 = 600_000
            for bar in 0..<bars {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                close = close * (1_000_000 + Int64(state >> 33) % 2_001 - 1_000) / 1_000_000
                let price = Price(raw: close * 10_000_000)
                let age = TimeSpan(nanoseconds: interval.nanoseconds * Int64(bars - bar))
                apply(
                    .barReported(
                        BarReport(
                            instrument: InstrumentHandle(index),
                            openTime: Timestamp(
                                nanoseconds: (now.nanoseconds / interval.nanoseconds) * interval.nanoseconds
                            ) + -age,
                            open: price,
                            high: price,
                            low: price,
                            close: price,
                            volume: Quantity(raw: 100_000_000)
                        )
                    )
                )
            }
            guard engine.returnCount(InstrumentHandle(index)) == bars - 1 else {
                fatalError("the benchmark's own bars were refused: \(engine.returnCount(InstrumentHandle(index)))")
            }
        }
    }

    /// Every limit on but those of tails, none of them reached: the cost of asking is what is measured.
    static func allRules() -> RiskLimits {
        var limits = RiskLimits()
        limits.dailyLossLimit = Rate(raw: 90_000_000)
        limits.maximumNavDrawdown = Rate(raw: 90_000_000)
        limits.minimumNotional = Money(whole: 1)
        limits.maximumOrderNotional = Money(whole: 1_000_000_000)
        limits.maximumOrderQuantity = Quantity(raw: 1_000_000 * FixedPoint.one)
        limits.maximumTradeNavFraction = .one
        limits.maximumGrossExposure = Rate(raw: 100 * FixedPoint.one)
        limits.maximumLeverage = Rate(raw: 100 * FixedPoint.one)
        limits.maximumEffectiveLeverage = Rate(raw: 100 * FixedPoint.one)
        limits.maximumConcurrentPositions = 100_000
        limits.maximumPortfolioVar = nil
        limits.maximumPositionShortfall = nil
        limits.allowsPyramiding = true
        limits.cooldownAfterStop = .seconds(1)
        limits.maximumTradesPerSymbolPerHour = 250
        limits.ordersPerSecond = 1_000_000_000
        limits.ordersPerTenSeconds = 1_000_000_000
        limits.ordersPerMinute = 1_000_000_000
        limits.repeatedExecutionCount = nil
        limits.duplicateOrderWindow = TimeSpan(nanoseconds: 1)
        return limits
    }

    mutating func apply(_ event: Event) {
        out.clear()
        engine.apply(event, at: now, into: &out)
    }

    /// The next symbol's turn: a quarter of a second later, with the timers that are due and a fresh quote.
    mutating func moveOn() {
        now = now + .milliseconds(250)
        symbol = InstrumentHandle((Int(symbol.index) + 1) % Self.symbols)
        if engine.nextTimer <= now { apply(.timer) }
        quote(symbol, bid: 600_000, ask: 600_001)
    }

    mutating func quote(_ instrument: InstrumentHandle, bid: Int64, ask: Int64) {
        apply(
            .quoted(
                Quote(
                    instrument: instrument,
                    bid: Price(raw: bid * 10_000_000),
                    bidQuantity: Quantity(raw: 100_000_000),
                    ask: Price(raw: ask * 10_000_000),
                    askQuantity: Quantity(raw: 100_000_000),
                    venueTime: now
                )
            )
        )
    }

    /// A signal of one lot; its size varies so that it is nobody's duplicate.
    mutating func signal(
        _ instrument: InstrumentHandle,
        limit: Price = .zero,
        side: Side = .buy,
        lots: Int64? = nil
    ) -> OrderSubmission? {
        receive(nextTerms(instrument, limit: limit, side: side, lots: lots))
    }

    mutating func nextTerms(
        _ instrument: InstrumentHandle,
        limit: Price = .zero,
        side: Side = .buy,
        lots: Int64? = nil
    ) -> SignalTerms {
        signals += 1
        var terms = SignalTerms(
            number: SignalNumber(value: signals),
            digest: Digest128(high: signals &* 0x9E37_79B9_7F4A_7C15, low: signals),
            instrument: instrument,
            side: side,
            size: .quantity(Quantity(raw: 100_000 * (lots ?? Int64(1 + signals % 100))))
        )
        if limit.raw > 0 {
            terms.orderType = .limit
            terms.limitPrice = limit
        }
        return terms
    }

    mutating func receive(_ terms: SignalTerms) -> OrderSubmission? {
        engine.stage(terms)
        apply(.signalReceived)
        for command in out.commands {
            if case .submit(let order) = command { return order }
        }
        return nil
    }

    mutating func accept(_ order: OrderSubmission) {
        apply(.orderAccepted(OrderAcceptance(id: order.id, venueOrderID: VenueOrderID(value: 1), venueTime: now)))
    }

    mutating func fill(_ order: OrderSubmission) {
        executions += 1
        apply(
            .orderFilled(
                Execution(
                    id: order.id,
                    executionID: ExecutionID(value: executions),
                    instrument: order.instrument,
                    side: order.side,
                    positionSide: order.positionSide,
                    price: order.price.raw > 0 ? order.price : Price(raw: 600_000 * 10_000_000),
                    quantity: order.quantity,
                    fee: 100,
                    liquidity: .maker,
                    venueTime: now
                )
            )
        )
    }
}

/// Signal to command with so many orders resting: p50 and p99 in nanoseconds of wall time, the clock's cost taken off.
func signalToCommand(
    openOrders: Int,
    samples: Int,
    isObserved: Bool = false,
    hasTails: Bool = false
) -> (p50: Double, p99: Double) {
    var bench = BenchEngine(isObserved: isObserved, hasTails: hasTails)
    for index in 0..<openOrders {
        bench.moveOn()
        guard let order = bench.signal(bench.symbol, limit: Price(raw: (500_000 - Int64(index % 5_000)) * 10_000_000))
        else {
            fatalError("the benchmark's own order was vetoed: \(bench.engine.counters)")
        }
        bench.accept(order)
    }
    let cost = clockCost()
    var times: [Int64] = []
    times.reserveCapacity(samples)
    for index in 0..<samples + 2_000 {
        bench.moveOn()
        let begin = wallNanoseconds()
        let order = bench.signal(bench.symbol)
        let end = wallNanoseconds()
        guard let order else { fatalError("the benchmark's own signal was vetoed: \(bench.engine.counters)") }
        if index >= 2_000 { times.append(max(0, end - begin - cost)) }
        bench.accept(order)
        bench.fill(order)
    }
    return (quantile(times, 0.5), quantile(times, 0.99))
}

/// The life of an order: signal, risk, route, acknowledgement, fill, position, notices. Median in nanoseconds.
func orderLife(isObserved: Bool) -> Double {
    var bench = BenchEngine(isObserved: isObserved)
    func life(_ bench: inout BenchEngine) {
        guard let order = bench.signal(bench.symbol) else { fatalError("the benchmark's own signal was vetoed") }
        bench.accept(order)
        bench.fill(order)
    }
    for _ in 0..<1_000 {
        bench.moveOn()
        life(&bench)
    }
    let cost = clockCost()
    var times: [Int64] = []
    for _ in 0..<10_000 {
        bench.moveOn()
        let begin = wallNanoseconds()
        life(&bench)
        times.append(max(0, wallNanoseconds() - begin - cost))
    }
    return quantile(times, 0.5)
}

/// A slice of a TWAP, everything included: its timer, its route, its order's acknowledgement and fill, position and
/// notices. Median in nanoseconds.
func twapChild(isObserved: Bool) -> Double {
    var bench = BenchEngine(isObserved: isObserved)
    let cost = clockCost()
    var times: [Int64] = []
    for _ in 0..<12 {
        // Half a second away from the engine's own housekeeping, so that a slice's timer is nothing else.
        bench.now = bench.now + .milliseconds(bench.now.nanoseconds % 1_000_000_000 == 0 ? 500 : 1_000)
        bench.quote(bench.symbol, bid: 600_000, ask: 600_001)
        var terms = bench.nextTerms(bench.symbol, lots: 1_000)
        terms.style = .twap
        terms.twap = TwapTerms(slices: 1_000, intervalMilliseconds: 1_000)
        guard var order = bench.receive(terms) else { fatalError("the benchmark's own signal was vetoed") }
        bench.accept(order)
        bench.fill(order)
        for number in 1..<1_000 {
            bench.now = bench.now + .milliseconds(500)
            bench.apply(.timer)
            bench.quote(bench.symbol, bid: 600_000, ask: 600_001)
            bench.now = bench.now + .milliseconds(500)
            let begin = wallNanoseconds()
            bench.apply(.timer)
            guard case .submit(let child) = bench.out.commands.first else { fatalError("slice \(number) sent nothing") }
            order = child
            bench.accept(order)
            bench.fill(order)
            times.append(max(0, wallNanoseconds() - begin - cost))
        }
    }
    return quantile(times.suffix(10_000).map { $0 }, 0.5)
}

/// What one trailing stop costs a quote that moves it: the least of runs of 2,000 quotes, each a tick up, less the same
/// quotes without a stop; at first, and after 20,000 moves. Nanoseconds of CPU time.
func trailingStop() -> (first: Double, late: Double) {
    var plain = BenchEngine(trigger: .mid)
    var trailing = BenchEngine(trigger: .mid)
    var terms = trailing.nextTerms(trailing.symbol, lots: 1_000)
    terms.stop.trail = .share(Rate(bps: 50))
    guard let order = trailing.receive(terms) else { fatalError("the benchmark's own signal was vetoed") }
    trailing.accept(order)
    trailing.fill(order)
    let key = PositionKey(trailing.symbol, .both)
    let quotes = 2_000
    var price: Int64 = 600_000
    func run(_ bench: inout BenchEngine, from price: Int64) -> Double {
        let begin = cpuNanoseconds()
        for step in 1...Int64(quotes) { bench.quote(bench.symbol, bid: price + step, ask: price + step + 1) }
        return Double(cpuNanoseconds() - begin) / Double(quotes)
    }
    func cost(_ runs: Int) -> Double {
        var (least, without) = (Double.infinity, Double.infinity)
        for _ in 0..<runs {
            without = min(without, run(&plain, from: price))
            least = min(least, run(&trailing, from: price))
            price += Int64(quotes)
            let stop = trailing.engine.protection(of: key).stopLoss ?? .zero
            guard stop.raw > Price(raw: price * 10_000_000).raw / 1_000 * 994 else {
                fatalError("the benchmark's own stop does not trail: \(stop) at \(price)")
            }
        }
        return max(0, least - without)
    }
    let first = cost(5)
    _ = cost(5)
    return (first, cost(5))
}

/// Bytes that a place for a live order takes with all that belongs to one: rows of order and parent, timers, triggers,
/// the place in the book of our own orders. Taken at the start; the difference of two capacities.
func bytesPerLiveOrder() -> Double {
    func resident(_ capacity: Int) -> Int {
        let before = residentBytes()
        let bench = BenchEngine(capacity: capacity)
        let after = residentBytes()
        guard bench.engine.counters.sends == 0 else { fatalError("the benchmark's own engine has sent something") }
        return after - before
    }
    // As far as an order's id can name a row.
    let (least, most) = (4_096, Int(ClientOrderID.rowLimit))
    return Double(resident(most) - resident(least)) / Double(most - least)
}

/// Bytes that stay for each closed order, over and above the tables taken at start.
func bytesPerClosedOrder() -> Double {
    var bench = BenchEngine(isObserved: false)
    func lives(_ count: Int) {
        for _ in 0..<count {
            bench.moveOn()
            // In and out again: what is left over is the orders, not a growing position.
            let side: Side = bench.engine.position(PositionKey(bench.symbol, .both)).isFlat ? .buy : .sell
            guard let order = bench.signal(bench.symbol, side: side, lots: 10) else {
                fatalError("the benchmark's own signal was vetoed: \(bench.engine.counters)")
            }
            bench.accept(order)
            bench.fill(order)
        }
    }
    // Once around every ring and table, so that all of it is resident.
    lives(300_000)
    let before = residentBytes()
    lives(200_000)
    return Double(max(0, residentBytes() - before)) / 200_000
}
