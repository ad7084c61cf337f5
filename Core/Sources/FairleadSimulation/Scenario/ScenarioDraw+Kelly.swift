import FairleadModel

/// Whose sizes are Kelly's.
extension ScenarioDraw {
    /// In a quarter of the seeds, from a stream of their own, some entries ask for a share of what their strategy's
    /// closed trades are worth; few of them are enough to believe in.
    mutating func drawKelly() {
        var random = Self.generator(scenario.seed, 13)
        guard random.chance(1, in: 4) else { return }
        let keys = "strategy_config.sizing.kelly"
        scenario.settings["\(keys).min_trades"] = "\(random.next(in: 1...10))"
        scenario.settings["\(keys).base_fraction"] = "0.0\(random.next(in: 1...9))"
        scenario.settings["\(keys).max_fraction"] = "0.\(random.next(in: 10...30))"
        if random.chance(1, in: 2) { scenario.settings["\(keys).kelly_multiplier"] = "1" }
        if random.chance(1, in: 3) { scenario.settings["strategy_config.sizing.correlation_haircut"] = "false" }
        for index in scenario.signals.indices {
            let share = random.next(in: 1...100)
            // What an iceberg displays is a part of a quantity.
            guard random.chance(1, in: 3), scenario.signals[index].displayShare == 0 else { continue }
            guard scenario.signals[index].intent == .entry, scenario.signals[index].lots > 0 else { continue }
            scenario.signals[index].kellyShare = share
        }
    }
}
