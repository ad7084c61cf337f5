import CMallocCount
import FairleadModel
import Testing

@testable import FairleadEngine

struct MarketAllocationTests {
    /// Goal: once warm, a quote through market, bars, triggers, route decision and levels allocates nothing. Method:
    /// count this thread's allocations over 2,000 quotes with trades, bars, policies and a level that fires and
    /// refires.
    @Test func allocatesNothingPerQuote() throws {
        var configuration = EngineConfiguration()
        configuration.add(Instrument(symbol: "AAA", terms: routingTerms, origin: "test"))
        configuration.screener.isEnabled = true
        configuration.symbols[0].isScreened = true
        configuration.bars.length = .seconds(1)
        var parts = Parts(configuration: configuration)
        let signal = ExitDesk.signal(.buy, [(110_00, 50)], stop: 99_00)
        let group = try parts.exits.register(signal, reference: cents(100_00))
        parts.exits.positionChanged(parts.one, .both, to: SignedQuantity(raw: 1_000_000), into: &parts.out)
        parts.exits.entryFilled(group, into: &parts.out)
        for step in 0..<2000 { parts.quote(step) }
        let before = malloc_count_this_thread()
        for step in 2000..<4000 { parts.quote(step) }
        #expect(malloc_count_this_thread() - before == 0)
        #expect(parts.makers > 0)
        #expect(parts.firings > 0)
        #expect(parts.bars.count(parts.one) > 100)
    }

    /// This room's parts in the order in which the engine calls them.
    private struct Parts: ~Copyable {
        let one = InstrumentHandle(0)
        var market = MarketState(instruments: 1)
        var bars: BarBuilder
        var regimes = AtrRegime(instruments: 1)
        var policies: PolicyTable
        var effectiveness: EffectivenessTable
        var screener: Screener
        var exits: ExitRegistry
        var triggers = PriceTriggers(owners: 1000, instruments: 1)
        var deadlines = DeadlineHeap(owners: 1000)
        var out = Outbox()
        var firings = 0
        var makers = 0

        init(configuration: EngineConfiguration) {
            bars = BarBuilder(configuration: configuration.bars, instruments: 1)
            policies = PolicyTable(configuration: configuration)
            effectiveness = EffectivenessTable(configuration: configuration)
            screener = Screener(configuration: configuration)
            exits = ExitRegistry(configuration: configuration)
        }

        mutating func quote(_ step: Int) {
            out.clear()
            let now = Timestamp(milliseconds: Int64(step) * 100)
            while let bar = bars.popClosed(at: now) {
                regimes.apply(bar)
                _ = screener.closed(bar, position: .zero, number: .none, at: now)
            }
            effectiveness.ended(MakerSample(isFilled: true, isFallenBack: false, slip: .zero), one, at: now)
            effectiveness.answered(one, after: .milliseconds(Int64(step % 70)), at: now)
            if policies.nextDue <= now {
                effectiveness.evaluate(at: now)
                policies.recompute(at: now, regimes: regimes, evidence: effectiveness, into: &out)
            }
            let bid = cents(98_50 + Int64(step % 61) * 5)
            let quote = Quote(
                instrument: one,
                bid: bid,
                bidQuantity: thousandths(5),
                ask: bid + cents(5),
                askQuantity: thousandths(5),
                venueTime: now
            )
            market.apply(quote, at: now)
            bars.apply(mid: market[one].mid, of: one, at: now)
            deadlines.set(step % 1000, at: now + .seconds(3))
            while let owner = deadlines.popDue(at: now) { triggers.clear(owner) }
            let trigger = PriceTrigger(instrument: one, source: .bid, direction: .atOrBelow, price: bid - cents(50))
            triggers.set(step % 1000, trigger)
            while triggers.popFired(one, .bid, at: bid) != nil {}
            watch(at: now)
            route(at: now)
        }

        private mutating func watch(at now: Timestamp) {
            if let price = market.price(one, exits.source) {
                while let fired = exits.nextFired(one, at: price, into: &out) { end(fired, at: now) }
            }
            while let fired = exits.nextRefired(at: now, into: &out) { end(fired, at: now) }
        }

        private mutating func end(_ fired: FiredLevel, at now: Timestamp) {
            firings += 1
            exits.exitEnded(fired.firing, closed: .zero, at: now, into: &out)
        }

        private mutating func route(at now: Timestamp) {
            var context = openContext()
            context.book = market.book(one, at: now, maximumAge: .milliseconds(2000))
            context.policy = policies[one]
            context.policyAge = policies.age(at: now)
            if Router.choose(context, RoutingConfiguration()).isMaker { makers += 1 }
        }
    }
}
