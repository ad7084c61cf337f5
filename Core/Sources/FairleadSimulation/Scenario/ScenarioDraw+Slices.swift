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
        drawAlgorithms()
    }

    /// In a third of the seeds, from a stream of their own, some plain signals ask for another algorithm. In half of
    /// them a day of bars was seen before: a curve is known.
    private mutating func drawAlgorithms() {
        var random = Self.generator(scenario.seed, 8)
        guard random.chance(1, in: 3) else { return }
        let keys = "strategy_config.algorithms"
        scenario.settings["\(keys).pov.child_timeout_s"] = "\(random.next(in: 1...8))"
        scenario.settings["\(keys).vwap.slices"] = "\(random.next(in: 2...12))"
        if random.chance(1, in: 2) {
            scenario.settings["\(keys).vwap.min_history_days"] = "1"
            scenario.settings["runtime.bars.seconds"] = "900"
            scenario.settings["runtime.market.synthetic.backfill_bars"] = "110"
        }
        for index in scenario.signals.indices {
            let signal = scenario.signals[index]
            guard signal.style == .auto, signal.lots > 0, random.chance(1, in: 3) else { continue }
            guard signal.timeInForce == .gtc || signal.timeInForce == .gtd else { continue }
            drawAlgorithm(index, &random)
        }
    }

    private mutating func drawAlgorithm(_ index: Int, _ random: inout DeterministicRandom) {
        let signal = scenario.signals[index]
        var terms = AlgorithmTerms(
            durationMilliseconds: UInt32(random.next(in: 2_000...8 * Self.longestInterval))
        )
        switch random.next(below: 3) {
        case 0 where signal.orderType != .postOnly:
            scenario.signals[index].style = .vwap
            if random.chance(3, in: 4) { scenario.signals[index].twap.slices = UInt16(random.next(in: 2...8)) }
        case 1 where signal.orderType != .postOnly:
            scenario.signals[index].style = .pov
            if random.chance(1, in: 2) { terms.participation = UInt16(random.next(in: 100...5_000)) }
        default:
            guard signal.orderType == .limit || signal.orderType == .postOnly else { return }
            scenario.signals[index].style = .iceberg
            scenario.signals[index].displayShare = random.next(in: 2...9)
            if random.chance(1, in: 2) { scenario.signals[index].twap.jitter = UInt16(random.next(in: 0...5_000)) }
        }
        scenario.signals[index].algorithm = terms
        scenario.signals[index].lots = max(signal.lots, 8)
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
