import FairleadModel

/// Who slices orders over time, and who holds them back.
extension ScenarioDraw {
    /// Most of a TWAP's seeds end within the time that liveness gives every parent.
    private static let longestInterval: Int64 = 8_000

    mutating func drawSlices() {
        var random = Self.generator(scenario.seed, 6)
        drawPlan(&random)
        guard random.chance(5, in: 6) else { return }
        drawAsked(&random)
        drawHolds(&random)
    }

    private mutating func drawPlan(_ random: inout DeterministicRandom) {
        let twap = "strategy_config.twap"
        if random.chance(1, in: 3) { scenario.settings["\(twap).enabled"] = "true" }
        scenario.settings["\(twap).min_notional_usd"] = "\(random.next(in: 60...500))"
        scenario.settings["\(twap).slices"] = "\(random.next(in: 2...8))"
        scenario.settings["\(twap).interval_s"] = "\(random.next(in: 1...8))"
        scenario.settings["\(twap).min_child_notional"] = "\(random.next(in: 0...40))"
        scenario.settings["\(twap).catch_up_slices"] = "\(random.next(in: 0...2))"
        scenario.settings["\(twap).jitter"] = ["0", "0.3", "1"][Int(random.next(below: 3))]
        // The synthetic market's spread is a few bps: some seeds pause often, some hardly ever.
        scenario.settings["\(twap).spread_pause_factor"] = ["0.1", "0.3", "1.5"][Int(random.next(below: 3))]
    }

    /// Some of the plain signals ask to be sliced.
    private mutating func drawAsked(_ random: inout DeterministicRandom) {
        for index in scenario.signals.indices {
            guard random.chance(1, in: 6) else { continue }
            let terms = TwapTerms(
                slices: random.chance(1, in: 4) ? 0 : UInt16(random.next(in: 2...8)),
                jitter: random.chance(1, in: 2) ? TwapTerms.jitterAbsent : UInt16(random.next(in: 0...10_000)),
                intervalMilliseconds: UInt32(random.next(in: 1_000...Self.longestInterval))
            )
            let signal = scenario.signals[index]
            let isImmediate = signal.timeInForce == .ioc || signal.timeInForce == .fok
            guard signal.orderType != .postOnly, !isImmediate else { continue }
            scenario.signals[index].style = .twap
            scenario.signals[index].twap = terms
            if scenario.signals[index].lots > 0 { scenario.signals[index].lots = max(signal.lots, 8) }
        }
    }

    /// People hold parents, let each go on again, and make some of them smaller.
    private mutating func drawHolds(_ random: inout DeterministicRandom) {
        var number = 10_000
        func operation(_ action: OperatorAction, at: TimeSpan, _ seed: UInt64) -> ScheduledOperation {
            number += 1
            return ScheduledOperation(number: number, at: at, action: action, seed: seed)
        }
        for _ in 0..<Int(random.next(in: 0...20)) {
            let at = moment(&random)
            scenario.operations.append(operation(.pauseParent, at: at, random.next()))
            let pause = random.next(in: 100_000_000...20_000_000_000)
            for repeats in Int64(1)...3 {
                let end = TimeSpan(nanoseconds: at.nanoseconds + pause * repeats)
                scenario.operations.append(operation(.resumeParent, at: end, random.next()))
            }
        }
        for _ in 0..<Int(random.next(in: 0...20)) {
            scenario.operations.append(operation(.amendParent, at: moment(&random), random.next()))
        }
        scenario.operations.sort { ($0.at, $0.number) < ($1.at, $1.number) }
    }
}
