import FairleadModel

/// Whose protective levels rest at the venue.
extension ScenarioDraw {
    /// In a third of the seeds, from a stream of their own, with the faults that concern them alone.
    mutating func drawNative() {
        var random = Self.generator(scenario.seed, 12)
        guard random.chance(1, in: 3) else { return }
        scenario.settings["strategy_config.exits.native"] = "true"
        if random.chance(2, in: 3) {
            scenario.settings["strategy_config.exits.native_grace_ms"] = "\(random.next(in: 0...5_000))"
        }
        // The venue watches no middle of its book.
        if random.chance(1, in: 2) { scenario.settings["strategy_config.exits.trigger_reference"] = "mark" }
        let kinds = FaultRegistry.ofNativeLevels.filter {
            $0.placements.contains(scenario.placement) && (wishes.faults?.contains($0.name) ?? true)
        }
        guard !kinds.isEmpty else { return }
        for _ in 0..<Int(random.next(in: 0...8)) {
            let kind = kinds[Int(random.next(below: UInt64(kinds.count)))]
            let at = moment(&random)
            let shape = kind.shape(&random)
            let left = TimeSpan(nanoseconds: scenario.length.nanoseconds - at.nanoseconds)
            scenario.faults.append(
                ScheduledFault(
                    number: scenario.faults.count,
                    name: kind.name,
                    at: at,
                    lasts: min(shape.lasts, left),
                    value: shape.value,
                    seed: random.next(),
                    aim: nil
                )
            )
        }
        scenario.faults.sort { ($0.at, $0.number) < ($1.at, $1.number) }
    }
}
