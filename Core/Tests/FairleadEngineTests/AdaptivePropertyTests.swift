import FairleadModel
import Testing

@testable import FairleadEngine

/// Adaptive routing over random markets, fills, refusals and cancels.
@Suite struct AdaptivePropertyTests {
    /// Goal: whatever is chosen, no order passes risk's bounds: price within the collar and on tick, quantity on the
    /// lot and within what was approved, a maker never at the far touch, nor further behind its own than it may be;
    /// every parent ends; and the probabilities that are told are probabilities. Method: 30 seeds of 25 orders each.
    @Test func neverPassesTheBounds() {
        var executed = Set<RouteArm>()
        for seed in UInt64(1)...30 {
            var world = AdaptiveWorld(seed: seed)
            for _ in 0..<25 { world.order() }
            #expect(world.faults.isEmpty, "seed \(seed): \(world.faults.prefix(3))")
            #expect(world.bench.arms.count > 8, "seed \(seed)")
            executed.formUnion(world.bench.arms.map(\.executed))
        }
        #expect(executed.count == RouteArm.count, "\(executed)")
    }

    /// Goal: the same events give the same commands and the same decisions, and a snapshot in the middle changes none.
    /// Method: each seed three times, the third with the state read back from a snapshot after every order.
    @Test func theSameSeedGivesTheSameOrders() {
        for seed in UInt64(101)...108 {
            var stories: [[ArmDecision]] = []
            var orders: [[OrderSubmission]] = []
            for round in 0..<3 {
                var world = AdaptiveWorld(seed: seed)
                for _ in 0..<25 {
                    world.order()
                    if round == 2 { world.bench.restore(world.configuration) }
                }
                stories.append(world.bench.arms)
                orders.append(world.orders)
            }
            #expect(stories[0] == stories[1] && stories[0] == stories[2], "seed \(seed)")
            #expect(orders[0] == orders[1] && orders[0] == orders[2], "seed \(seed)")
        }
    }
}

/// One symbol whose market wanders, and a venue that fills, refuses and cancels as it likes.
private struct AdaptiveWorld: ~Copyable {
    var bench: EngineBench
    var random: DeterministicRandom
    var faults: [String] = []
    var orders: [OrderSubmission] = []
    let configuration: EngineConfiguration
    private var middle: Int64 = 100_000

    init(seed: UInt64) {
        random = DeterministicRandom(seed: seed)
        let (ticks, mode) = (Int(random.next(in: 1...6)), random.chance(9, in: 10))
        let reprices = random.chance(1, in: 2)
        func adjust(_ configuration: inout EngineConfiguration) {
            configuration.instruments[0].terms.tick = Price(raw: 100_000)
            configuration.adaptive.mode = mode ? .live : .shadow
            configuration.adaptive.exploration = AdaptiveConfiguration.explorationLimit
            configuration.adaptive.regretBudget = Money(whole: 1_000_000)
            configuration.adaptive.minimumSamples = 2
            configuration.adaptive.weightStep = Rate(raw: 30_000_000)
            configuration.adaptive.hysteresis = .zero
            configuration.adaptive.priorWeight = 1
            configuration.adaptive.deeperTicks = ticks
            configuration.routing.makerReprice = reprices ? .follow : .stay
            configuration.routing.maximumSpread = Rate(bps: 50)
            configuration.risk.duplicateOrderWindow = .zero
            configuration.risk.maximumTradesPerSymbolPerHour = nil
            // Random fills are dear: their score is not to make the risk mode cautious.
            configuration.quality.score.redDriftPenalty = .zero
            configuration.quality.score.twapSkipPenalty = .zero
        }
        bench = EngineBench.trading(adjust)
        configuration = bench.engine.configuration
        bench.wait(.seconds(1))
        quote()
        // Each seed has an arm that did well so far.
        let favourite = RouteArm.at(Int(seed % 5))
        for arm in RouteArm.allCases where arm.isMaker {
            let isFilled = arm == favourite
            bench.teach(arm, filled: isFilled ? 1 : 0, move: isFilled ? nil : 25, isFilled ? 30 : 10)
        }
    }

    /// Prices in thousandths.
    private mutating func quote() {
        middle += random.next(in: -15...15)
        let (under, over) = (random.next(in: 1...4), random.next(in: 1...4))
        bench.feed(
            .quoted(
                Quote(
                    instrument: EngineBench.symbol,
                    bid: Price(raw: (middle - under) * 100_000),
                    bidQuantity: EngineBench.quantity(random.next(in: 1...5_000)),
                    ask: Price(raw: (middle + over) * 100_000),
                    askQuantity: EngineBench.quantity(random.next(in: 1...5_000)),
                    venueTime: bench.now
                )
            )
        )
    }

    /// An adaptive entry, from its signal to its end.
    mutating func order() {
        let side: Side = bench.position > 0 ? .sell : bench.position < 0 ? .buy : random.chance(1, in: 2) ? .buy : .sell
        let lots = random.next(in: 50...400)
        let ended = bench.closed.count
        // What would turn a position round is a flip, which is routed otherwise: it is left first.
        if bench.position != 0 {
            bench.signal(side, abs(bench.position)) { $0.intent = .exit }
            settle(lots, from: ended)
        }
        bench.wait(.milliseconds(2_100))
        // NAV stays known, and with it the risk mode normal.
        let cash = 100_000 * FixedPoint.one
        bench.feed(
            .balanceReported(BalanceReport(venue: .paper, cash: cash, available: cash, venueTime: bench.now))
        )
        quote()
        let before = bench.closed.count
        bench.adaptive(random.chance(1, in: 2) ? .buy : .sell, lots)
        settle(lots, from: before)
    }

    /// An order that risk refused has no end.
    private mutating func settle(_ lots: Int64, from ended: Int) {
        guard bench.acknowledgements.first?.disposition == .accepted else { return bench.forget() }
        var steps = 0
        while bench.closed.count == ended {
            steps += 1
            if steps > 400 {
                return faults.append("a parent has not ended: \(bench.state(of: orders[orders.count - 1]) as Any)")
            }
            let (submissions, cancels) = (bench.submissions, bench.cancels)
            bench.forget()
            for order in submissions {
                judge(order, lots)
                answer(order)
            }
            for cancel in cancels { cancelled(cancel) }
            guard submissions.isEmpty, cancels.isEmpty else { continue }
            bench.wait(.milliseconds(random.next(in: 50...700)))
            if bench.submissions.isEmpty, bench.cancels.isEmpty { keepQuoting() }
        }
        bench.forget()
    }

    /// A quote that leaves alone what the engine has just asked for.
    private mutating func keepQuoting() {
        quote()
        let asked = (bench.submissions, bench.cancels)
        guard asked.0.isEmpty, asked.1.isEmpty, random.chance(1, in: 3), let live = orders.last,
            let state = bench.state(of: live), state == .working
        else { return }
        fill(live)
    }

    private mutating func answer(_ order: OrderSubmission) {
        if order.type == .postOnly {
            if random.chance(1, in: 12) { return bench.reject(order, .wouldTake) }
            return bench.accept(order)
        }
        fill(order)
    }

    private mutating func cancelled(_ cancel: OrderCancellation) {
        guard let order = orders.last(where: { $0.id == cancel.id }), let row = bench.engine.order(order.id),
            !row.state.isTerminal
        else { return }
        bench.feed(
            .orderCancelled(
                OrderEnd(id: order.id, cumulativeFilled: row.filled, reason: .requested, venueTime: bench.now)
            )
        )
    }

    private mutating func fill(_ order: OrderSubmission) {
        guard let row = bench.engine.order(order.id), !row.state.isTerminal else { return }
        let left = row.quantity.raw - row.filled.raw
        let isMaker = order.type == .postOnly
        let part = isMaker && random.chance(1, in: 3) ? max(1, left / 200_000) * 100_000 : left
        var execution = bench.execution(
            order,
            1,
            at: 1,
            isMaker ? .maker : .taker,
            number: UInt64(orders.count) << 20
                | random.next(below: 1 << 20)
        )
        execution.price = order.price.raw > 0 ? order.price : Price(raw: middle * 100_000)
        execution.quantity = Quantity(raw: min(part, left))
        bench.feed(.orderFilled(execution))
    }

    private mutating func judge(_ order: OrderSubmission, _ lots: Int64) {
        orders.append(order)
        let sign = order.side.sign
        let market = bench.engine.marketBook(EngineBench.symbol, at: bench.now)
        if order.price.raw % 100_000 != 0 { faults.append("price off tick") }
        if order.quantity.raw % 100_000 != 0 || order.quantity.raw <= 0 { faults.append("quantity off lot") }
        if order.quantity > order.approved { faults.append("more than approved") }
        if order.price.raw == 0, !order.reduceOnly { faults.append("no bound") }
        if order.collar.raw > 0, order.price.raw > 0, (order.price.raw - order.collar.raw) * sign > 0 {
            faults.append("past the collar")
        }
        guard order.type == .postOnly else { return }
        let (near, far) = (market.near(order.side), market.far(order.side))
        if (order.price.raw - far.raw) * sign >= 0 { faults.append("a maker at the far touch") }
        let depth = (near.raw - order.price.raw) * sign
        if depth < 0 { faults.append("a maker before its touch") }
        if Int128(depth) * 10_000 > Int128(near.raw) * 10 { faults.append("further behind than it may be") }
    }
}
