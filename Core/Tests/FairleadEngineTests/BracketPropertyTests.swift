import FairleadEngine
import FairleadModel
import Testing

/// Brackets under a venue that answers in any order.
@Suite struct BracketPropertyTests {
    /// Goal: whatever happens in whatever order, the exits at the venue never ask for more than the position, no level
    /// has two exits, and once all is quiet each position has its stop. Method: 1,500 random steps from a printed seed:
    /// entries with every form of stop, manual exits, prices, and a venue that accepts, fills in parts, refuses and
    /// ends orders in random order; then all orders are brought to an end.
    @Test(arguments: [401, 402, 403] as [UInt64]) func protectsWhatIsHeld(seed: UInt64) {
        print("bracket seed \(seed)")
        var world = BracketWorld(seed: seed)
        for step in 0..<1500 {
            world.step()
            world.judge("seed \(seed), step \(step)")
        }
        world.settle()
        world.judge("seed \(seed), settled")
        #expect(world.bench.engine.exitCoverage.stopLossMissing == 0, "seed \(seed)")
        #expect(world.bench.engine.staleLevelKeys == 0, "seed \(seed)")
        #expect(world.entries > 20)
        #expect(world.exitFills > 20)
    }
}

private struct BracketWorld: ~Copyable {
    struct Live {
        var order: OrderSubmission
        var filled: Int64 = 0
        var isAccepted = false
        var isCancelAsked = false
        var leaves: Int64 { order.quantity.raw / 100_000 - filled }
        var isImmediate: Bool { order.timeInForce == .ioc || order.timeInForce == .fok || order.type == .market }
    }

    var bench = EngineBench.trading {
        $0.instruments[0].terms.minimumNotional = .zero
        $0.risk.duplicateOrderWindow = .zero
    }
    var random: DeterministicRandom
    var live: [Live] = []
    var middle: Int64 = 1000
    var entries = 0
    var exitFills = 0

    init(seed: UInt64) { random = DeterministicRandom(seed: seed) }

    mutating func step() {
        switch random.next(below: 10) {
        case 0, 1, 2:
            middle = max(600, min(1600, middle + random.next(in: -12...12)))
            bench.quote(bid: middle, ask: middle + 1)
        case 3: enter()
        case 4: if random.chance(1, in: 2) { leave() }
        case 5: bench.wait(.milliseconds(random.next(in: 100...3000)))
        default: answer()
        }
        note()
    }

    private mutating func enter() {
        // Entries against the position, or against each other, would fill what its exits close: another story.
        let drawn: Side = random.chance(1, in: 2) ? .buy : .sell
        let waiting = live.first { !$0.order.reduceOnly }?.order.side
        let side = bench.position == 0 ? waiting ?? drawn : bench.position > 0 ? .buy : .sell
        if let waiting, waiting != side { return }
        let sign = side.sign
        let distance = random.next(in: 5...60)
        let form = random.next(below: 6)
        let (stop, middle) = (self.middle - sign * distance, self.middle)
        let isLimit = random.chance(1, in: 3)
        let isGiven = form < 4 || random.chance(1, in: 2)
        let hasProfit = random.chance(2, in: 3)
        bench.signal(side, random.next(in: 10...80)) {
            if isLimit {
                $0.orderType = .limit
                $0.limitPrice = EngineBench.price(middle - sign)
            }
            if isGiven { $0.stopLoss = EngineBench.price(stop) }
            if hasProfit {
                let level = TakeProfitLevel(price: EngineBench.price(middle + sign * distance), fraction: .one)
                $0.takeProfits.append(level)
            }
            switch form {
            case 0: break
            case 1: $0.stop.limitPrice = EngineBench.price(stop - sign * 2)
            case 2:
                $0.stop.adjustment = StopAdjustment(
                    trigger: EngineBench.price(middle + sign * 10),
                    form: .trailing,
                    trail: .share(Rate(bps: 80))
                )
            case 3: $0.stop.stages.append(ProfitStage(profit: Rate(bps: 150), stop: Rate(bps: 20)))
            default: $0.stop.trail = .amount(EngineBench.price(distance))
            }
        }
        if bench.acknowledgements.first?.disposition == .accepted { entries += 1 }
    }

    private mutating func leave() {
        let held = bench.position
        guard held != 0 else { return }
        let isLimit = random.chance(1, in: 2)
        let price = middle + held.signum() * random.next(in: 2...20)
        bench.signal(held > 0 ? .sell : .buy, random.next(in: 1...abs(held))) {
            $0.intent = .exit
            if isLimit {
                $0.orderType = .limit
                $0.limitPrice = EngineBench.price(price)
            }
        }
    }

    /// One order gets one answer.
    private mutating func answer() {
        guard !live.isEmpty else { return }
        let place = Int(random.next(below: UInt64(live.count)))
        let row = live[place]
        if !row.isAccepted {
            if random.chance(1, in: 10) {
                live.remove(at: place)
                return bench.reject(row.order, .insufficientMargin)
            }
            if random.chance(1, in: 2) {
                live[place].isAccepted = true
                return bench.accept(row.order)
            }
        }
        let allowed = fillable(row)
        if allowed == 0 { return end(place) }
        if row.isImmediate || row.isCancelAsked, random.chance(1, in: 3) { return end(place) }
        fill(place, random.next(in: 1...allowed))
    }

    /// What the venue lets an order trade: a reduce-only one never opens.
    private func fillable(_ row: Live) -> Int64 {
        guard row.order.reduceOnly else { return row.leaves }
        let held = bench.position
        let closes = (row.order.side == .sell) == (held > 0) && held != 0
        return closes ? min(row.leaves, abs(held)) : 0
    }

    private mutating func fill(_ place: Int, _ lots: Int64) {
        let row = live[place]
        live[place].filled += lots
        live[place].isAccepted = true
        if row.order.reduceOnly { exitFills += 1 }
        if live[place].leaves == 0 { live.remove(at: place) }
        bench.fill(row.order, lots, at: middle, .taker)
    }

    private mutating func end(_ place: Int) {
        let row = live.remove(at: place)
        bench.cancelled(row.order, filled: row.filled, row.isCancelAsked ? .requested : .immediateOrCancel)
    }

    private mutating func note() {
        for cancel in bench.cancels {
            if let place = live.firstIndex(where: { $0.order.id == cancel.id }) { live[place].isCancelAsked = true }
        }
        for order in bench.submissions { live.append(Live(order: order)) }
        bench.forget()
    }

    /// Brings every order to an end, and waits for what follows from it.
    mutating func settle() {
        for _ in 0..<400 {
            if live.isEmpty {
                bench.wait(.seconds(6))
                bench.quote(bid: middle, ask: middle + 1)
                note()
                if live.isEmpty { return }
            }
            let allowed = fillable(live[0])
            if allowed > 0 { fill(0, allowed) } else { end(0) }
            note()
        }
        Issue.record("orders never come to an end")
    }

    func judge(_ place: String) {
        let held = bench.position
        var closing: Int64 = 0
        bench.engine.forEachLiveOrder { order in
            if order.reduceOnly, (order.side == .sell) == (held > 0) { closing += order.leaves.raw / 100_000 }
        }
        #expect(held == 0 || closing <= abs(held), "\(place): exits of \(closing) for a position of \(held)")
        var firings: Set<LevelFiring> = []
        bench.engine.forEachOpenParent { parent in
            if !parent.firing.isNone, !firings.insert(parent.firing).inserted {
                Issue.record("\(place): a level has two exits")
            }
        }
    }
}
