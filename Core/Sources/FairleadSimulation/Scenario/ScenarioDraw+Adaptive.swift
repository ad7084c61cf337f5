import FairleadModel

/// Which orders are routed by expected cost.
extension ScenarioDraw {
    /// In half of the seeds, from a stream of their own. Most of them act early and try as much as they may: a seed
    /// has some hundred signals, and half an hour.
    mutating func drawAdaptive() {
        var random = Self.generator(scenario.seed, 9)
        guard random.chance(1, in: 2) else { return }
        let keys = "strategy_config.router.adaptive"
        scenario.settings["\(keys).mode"] = random.chance(1, in: 5) ? "shadow" : "live"
        if random.chance(1, in: 3) { scenario.settings["\(keys).is_default"] = "true" }
        scenario.settings["\(keys).exploration"] = random.chance(3, in: 4) ? "0.05" : "0.01"
        scenario.settings["\(keys).regret_budget"] = ["0.01", "1000", "100000"][Int(random.next(below: 3))]
        scenario.settings["\(keys).min_samples"] = "\(random.next(in: 1...10))"
        scenario.settings["\(keys).prior_weight"] = "\(random.next(in: 1...10))"
        scenario.settings["\(keys).weight_step"] = random.chance(1, in: 2) ? "1" : "0.2"
        scenario.settings["\(keys).deeper_ticks"] = "\(random.next(in: 1...20))"
        scenario.settings["\(keys).short_timeout_ms"] = "\(random.next(in: 100...6_000))"
        scenario.settings["\(keys).alarm_pause_s"] = "\(random.next(in: 10...600))"
        for index in scenario.signals.indices {
            let signal = scenario.signals[index]
            guard signal.style == .auto, signal.orderType == .market, random.chance(2, in: 3) else { continue }
            guard signal.timeInForce == .gtc || signal.timeInForce == .gtd else { continue }
            scenario.signals[index].style = .adaptive
        }
    }
}
