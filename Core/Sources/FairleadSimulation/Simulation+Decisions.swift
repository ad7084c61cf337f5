import FairleadEngine
import FairleadModel
import FairleadNode

/// The desk decides about positions that somebody else has traded.
extension Simulation {
    mutating func decide(_ scheduled: ScheduledDecision) {
        guard node != nil else { return }
        var random = DeterministicRandom(seed: scheduled.seed)
        let order = drawnDecision(&random)
        let place = "\(order.instrument.index) \(order.positionSide)"
        trace.note(
            .text("the desk orders \(order.action.name) of \(place) \(order.takeProfit) \(order.stopLoss)"),
            at: now
        )
        report.operations += 1
        let isTaken = node?.offer(order) ?? false
        if !isTaken { fail(Violation("S-28", "a decision about a position found no room")) }
        needsPump = true
    }

    /// One of what waits for a decision; now and then, and where nothing does, any position at all.
    private mutating func drawnDecision(_ random: inout DeterministicRandom) -> PositionOrder {
        var waiting: [PositionKey] = []
        _ = withEngine { engine in engine.forEachExternal { key, _ in waiting.append(key) } }
        let instruments = configuration.engine.instruments
        let key: PositionKey
        if waiting.isEmpty || random.chance(1, in: 8) {
            let index = Int(random.next(below: UInt64(instruments.count)))
            let isHedged = instruments[index].terms.isHedged
            let side: PositionSide = !isHedged ? .both : random.chance(1, in: 2) ? .long : .short
            key = PositionKey(InstrumentHandle(index), side)
        } else {
            key = waiting[Int(random.next(below: UInt64(waiting.count)))]
        }
        let action = PositionAction.allCases[Int(random.next(below: UInt64(PositionAction.allCases.count)))]
        var order = PositionOrder(action, instrument: key.instrument, positionSide: key.side, author: 1000)
        guard action == .adopt, let market = withEngine({ $0.marketRow(key.instrument) }) else { return order }
        let terms = instruments[Int(key.instrument.index)].terms
        let isShort = (position(key)?.raw ?? 0) < 0
        // Now and then on the wrong side, and off the tick: those are refused.
        let profit = distance(&random, terms) * (isShort ? -1 : 1)
        let loss = distance(&random, terms) * (isShort ? -1 : 1)
        if market.bid.raw > 0, random.chance(1, in: 2) { order.takeProfit = Price(raw: market.bid.raw + profit) }
        if market.bid.raw > 0, random.chance(3, in: 4) { order.stopLoss = Price(raw: market.bid.raw - loss) }
        return order
    }

    private func distance(_ random: inout DeterministicRandom, _ terms: InstrumentTerms) -> Int64 {
        let ticks = random.next(in: 2...200) * (random.chance(1, in: 12) ? -1 : 1)
        return ticks * terms.tick.raw + (random.chance(1, in: 24) ? 1 : 0)
    }
}
