import CMallocCount
import FairleadEngine
import FairleadModel
import Testing

@Suite struct EngineAllocationTests {
    /// Goal: once warm, the engine allocates nothing: signal, order, acknowledgement, fills, protective levels,
    /// exits, timers, NAV, policies, a lost session with its listing. Method: count this thread's allocations over
    /// 300 lives of an order after 300 lives to warm up, in one-way and in hedge mode, observed and unobserved.
    ///
    /// A debug build allocates the frame of the tables' `_modify` at each change of a row, which an optimised one
    /// inlines: it makes 70 a life, and one more is noticed.
    @Test(arguments: [(false, true), (true, true), (false, false)])
    func allocatesNothing(isHedged: Bool, isObserved: Bool) {
        var life = Life(isHedged: isHedged, isObserved: isObserved)
        life.begin()
        for step in 0..<300 { life.run(step) }
        let before = malloc_count_this_thread()
        for step in 300..<600 { life.run(step) }
        let allocations = malloc_count_this_thread() - before
        #if DEBUG
            #expect(allocations <= 71 * 300)
        #else
            #expect(allocations == 0)
        #endif
        // The lives were what they should be.
        #expect(life.entries > 500)
        #expect(life.exits > 500)
        #expect(life.cancels > 50)
        #expect(life.listings > 10)
        #expect(life.engine.counters.fills > 1000)
        #expect(life.engine.openPositionCount == 0)
        #expect(life.engine.tradingState == .active)
    }

    /// Lives of orders on an engine, one after the other, without a byte of the test's own.
    private struct Life: ~Copyable {
        let one = InstrumentHandle(0)
        let isHedged: Bool
        var engine: Engine
        var out: Outbox
        var now = Timestamp(milliseconds: 1_700_000_000_000)
        var session: UInt32 = 0
        var number: UInt64 = 0
        var execution: UInt64 = 0
        var entries = 0
        var exits = 0
        var cancels = 0
        var listings = 0
        var last: OrderSubmission?

        init(isHedged: Bool, isObserved: Bool) {
            self.isHedged = isHedged
            out = Outbox(isObserved: isObserved)
            var configuration = EngineConfiguration()
            configuration.capacities.orders = 64
            configuration.capacities.parents = 64
            configuration.capacities.signals = 64
            // So that the ids of earlier lives make room.
            configuration.dedupeWindow = .milliseconds(1)
            configuration.capacities.executions = 128
            configuration.capacities.levels = 32
            configuration.bars.length = .seconds(1)
            configuration.bars.history = 64
            configuration.risk.duplicateOrderWindow = .zero
            configuration.risk.maximumGrossExposure = .one
            configuration.risk.dailyLossLimit = Rate(raw: 50_000_000)
            configuration.risk.ordersPerMinute = 100_000
            configuration.risk.repeatedExecutionCount = 30
            configuration.screener.isEnabled = true
            // So that executions move no policy, and makers go on.
            configuration.policy.prior.weight = 10_000
            for symbol in ["AAA", "BBB", "CCC"] {
                var settings = SymbolConfiguration()
                settings.isScreened = symbol != "AAA"
                let terms = InstrumentTerms(
                    tick: Price(raw: 1_000_000),
                    lot: Quantity(raw: 100_000),
                    minimumQuantity: Quantity(raw: 100_000),
                    maximumQuantity: Quantity(raw: 100_000_000),
                    minimumNotional: Money(whole: 5),
                    isHedged: isHedged
                )
                configuration.add(Instrument(symbol: symbol, terms: terms, origin: "test"), settings)
            }
            engine = Engine(configuration: configuration)
        }

        mutating func feed(_ event: Event) {
            out.clear()
            engine.apply(event, at: now, into: &out)
            for index in out.commands.indices {
                switch out.commands[index] {
                case .submit(let order):
                    last = order
                    if order.reduceOnly { exits += 1 } else { entries += 1 }
                case .cancel: cancels += 1
                case .reconcile: listings += 1
                case .replace, .query, .reconnect: break
                }
            }
        }

        mutating func begin() {
            feed(.epochOpened(Epoch(number: 1)))
            connect()
        }

        /// A session with its listing: flat, and all of the cash.
        private mutating func connect() {
            session += 1
            feed(.venueConnected(VenueConnection(venue: .paper, session: session, venueTime: now)))
            feed(.reconciliationBegan(.paper))
            let cash = (engine.cash ?? Money(whole: 100_000)).raw8
            feed(.balanceReported(BalanceReport(venue: .paper, cash: cash, available: cash, venueTime: now)))
            feed(
                .reconciliationCompleted(
                    ReconciliationReport(venue: .paper, session: session, ledgerSequence: 0, venueTime: now)
                )
            )
        }

        private mutating func wait(_ span: TimeSpan) {
            let end = now + span
            while engine.nextTimer <= end {
                now = max(now, engine.nextTimer)
                feed(.timer)
            }
            now = end
        }

        private mutating func quote(_ cents: Int64) {
            for index in 0..<3 {
                let bid = Price(raw: (cents + Int64(index)) * 1_000_000)
                feed(
                    .quoted(
                        Quote(
                            instrument: InstrumentHandle(index),
                            bid: bid,
                            bidQuantity: Quantity(raw: 500_000_000),
                            ask: Price(raw: bid.raw + 1_000_000),
                            askQuantity: Quantity(raw: 500_000_000),
                            venueTime: now
                        )
                    )
                )
            }
            let price = Price(raw: cents * 1_000_000)
            let size = Quantity(raw: 100_000)
            feed(.traded(Trade(instrument: one, price: price, quantity: size, aggressor: .buy, venueTime: now)))
            feed(.marked(MarkPrice(instrument: one, price: price, venueTime: now)))
        }

        private mutating func accept(_ order: OrderSubmission) {
            feed(.orderAccepted(OrderAcceptance(id: order.id, venueOrderID: VenueOrderID(value: 1), venueTime: now)))
        }

        private mutating func fill(_ order: OrderSubmission, _ quantity: Quantity, _ cents: Int64) {
            execution += 1
            feed(
                .orderFilled(
                    Execution(
                        id: order.id,
                        executionID: ExecutionID(value: execution),
                        instrument: order.instrument,
                        side: order.side,
                        positionSide: order.positionSide,
                        price: Price(raw: cents * 1_000_000),
                        quantity: quantity,
                        fee: 100,
                        liquidity: .maker,
                        venueTime: now
                    )
                )
            )
        }

        private mutating func signal(_ side: Side, _ lots: Int64, _ intent: Intent) {
            number += 1
            var terms = SignalTerms(
                number: SignalNumber(value: number),
                digest: Digest128(high: 5, low: number),
                instrument: one,
                side: side,
                size: .quantity(Quantity(raw: lots * 100_000))
            )
            terms.intent = intent
            if isHedged { terms.positionSide = (side == .buy) == (intent == .entry) ? .long : .short }
            if intent == .entry {
                let away = side == .buy ? Int64(1) : -1
                terms.takeProfits.append(
                    TakeProfitLevel(price: Price(raw: (10_000 + 200 * away) * 1_000_000), fraction: .one)
                )
                terms.stopLoss = Price(raw: (10_000 - 200 * away) * 1_000_000)
            }
            engine.stage(terms)
            last = nil
            feed(.signalReceived)
        }

        /// A life: an entry that makes, one that is cancelled and falls back, an exit by a signal, a take-profit or a
        /// stop-loss.
        mutating func run(_ step: Int) {
            quote(10_000)
            let side = step % 2 == 0 ? Side.buy : .sell
            signal(side, 900 + Int64(step % 7), .entry)
            guard let entry = last else { return }
            accept(entry)
            if step % 3 == 0 {
                wait(.seconds(10))
                quote(10_000)
                last = nil
                feed(
                    .orderCancelled(
                        OrderEnd(id: entry.id, cumulativeFilled: .zero, reason: .requested, venueTime: now)
                    )
                )
            }
            guard let working = last else { return }
            let part = Quantity(raw: 30_000_000)
            fill(working, part, 10_000)
            wait(.milliseconds(1_100))
            fill(working, working.quantity - part, 10_000)
            leave(side, step)
            wait(.milliseconds(2_300))
            if step % 10 == 9 {
                feed(.venueDisconnected(.paper))
                wait(.seconds(12))
                connect()
            }
        }

        /// Out of the position: by a signal, the take-profit or the stop-loss.
        private mutating func leave(_ side: Side, _ step: Int) {
            last = nil
            let away: Int64 = side == .buy ? 1 : -1
            var price: Int64 = 10_000
            if step % 4 < 2 {
                signal(side.opposite, 2_000, .exit)
            } else {
                price += step % 4 == 2 ? 250 * away : -250 * away
                quote(price)
            }
            while let exit = last {
                last = nil
                accept(exit)
                fill(exit, exit.quantity, price)
            }
            quote(10_000)
        }
    }
}
