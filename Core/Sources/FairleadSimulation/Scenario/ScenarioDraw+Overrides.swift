import FairleadModel

/// Who sets limits for a while, and takes strategies out of trade.
extension ScenarioDraw {
    /// In a third of the seeds, from a stream of their own.
    mutating func drawOverrides() {
        var random = Self.generator(scenario.seed, 11)
        guard random.chance(1, in: 3) else { return }
        for _ in 0..<Int(random.next(in: 2...24)) {
            let at = moment(&random)
            add(.overrideLimit, at: at, random.next())
            guard random.chance(1, in: 4) else { continue }
            let pause = TimeSpan.milliseconds(random.next(in: 1...30_000))
            add(.removeOverride, at: TimeSpan(nanoseconds: at.nanoseconds + pause.nanoseconds), random.next())
        }
        guard random.chance(1, in: 2) else { return }
        for _ in 0..<Int(random.next(in: 1...4)) {
            let at = moment(&random)
            add(.disableStrategy, at: at, random.next())
            // More than once: a crash may swallow an order, and a strategy that stays disabled empties the seed.
            let pause = random.next(in: 100_000_000...20_000_000_000)
            for repeats in Int64(1)...3 {
                add(.enableStrategy, at: TimeSpan(nanoseconds: at.nanoseconds + pause * repeats), random.next())
            }
        }
        scenario.riskOrders.sort { ($0.at, $0.number) < ($1.at, $1.number) }
    }

    private mutating func add(_ action: RiskAction, at: TimeSpan, _ seed: UInt64) {
        let number = scenario.riskOrders.count
        scenario.riskOrders.append(ScheduledRiskOrder(number: number, at: at, action: action, seed: seed))
    }
}
