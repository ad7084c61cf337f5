import FairleadModel

/// How the stops of signals move.
extension ScenarioDraw {
    mutating func drawStops() {
        var random = Self.generator(scenario.seed, 10)
        // Stages for all stops that bring none, in some seeds.
        if random.chance(1, in: 5) {
            scenario.settings["strategy_config.exits.profit_stages.profit"] = "0.0005,0.002"
            scenario.settings["strategy_config.exits.profit_stages.stop"] = "-0.0002,0.001"
        }
        for index in scenario.signals.indices where scenario.signals[index].stopLossTicks > 0 {
            // Drawn for all, so that a signal more changes no other's stop.
            let form = random.next(below: 12)
            let ticks = random.next(in: 5...200)
            guard form < UInt64(ScheduledStop.Form.allCases.count) else { continue }
            let kind = ScheduledStop.Form.allCases[Int(form)]
            scenario.signals[index].stop = ScheduledStop(form: kind, ticks: ticks)
        }
    }
}
