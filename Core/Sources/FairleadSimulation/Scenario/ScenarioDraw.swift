import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadPaper

/// Draws a scenario. Each part has a generator of its own, so that a change of one leaves the others alone.
///
/// Swarm: each family of faults, and each kind of odd signal, is absent from a share of the seeds, so that every
/// feature is also tested without it.
struct ScenarioDraw {
    static let median = TimeSpan.minutes(30)
    static let day = TimeSpan.hours(26)
    /// One seed in so many lives over a UTC midnight.
    static let dayShare: UInt64 = 50
    static let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
    /// Thursday noon; a long seed begins the evening before a midnight anyway.
    static let start = Timestamp(milliseconds: 1_723_118_400_000)

    var scenario: Scenario
    let wishes: Scenario.Wishes
    private var symbolCount = 3

    init(seed: UInt64, wishes: Scenario.Wishes) {
        self.wishes = wishes
        var random = Self.generator(seed, 1)
        var length = TimeSpan(
            nanoseconds: random.next(in: Self.median.nanoseconds / 2...Self.median.nanoseconds * 3 / 2)
        )
        if random.chance(1, in: Self.dayShare) { length = Self.day }
        if let minutes = wishes.minutes { length = .minutes(minutes) }
        let placement: Placement = random.chance(1, in: 6) ? .embedded : .outside
        let shift = TimeSpan(nanoseconds: random.next(in: 0...TimeSpan.hours(24).nanoseconds))
        scenario = Scenario(
            seed: seed,
            placement: placement,
            length: length,
            start: Self.start + shift,
            settings: [:],
            isDurableOnDisk: random.chance(1, in: 2)
        )
        var chance = Self.generator(seed, 7)
        scenario.hasBooks = placement == .outside && chance.chance(1, in: 3)
        scenario.syncDelay = TimeSpan(nanoseconds: random.next(in: 50_000...3_000_000))
        if random.chance(2, in: 3) { scenario.wireLatency = TimeSpan(nanoseconds: random.next(in: 0...20_000_000)) }
        if random.chance(1, in: 3) { scenario.largestPiece = Int(random.next(in: 1...200)) }
        drawSettings()
        drawSignals()
        drawOperations()
        drawSlices()
        drawKelly()
        drawAdaptive()
        drawOverrides()
        drawFaults()
        drawNative()
        drawDecisions()
    }

    static func generator(_ seed: UInt64, _ stream: UInt64) -> DeterministicRandom {
        DeterministicRandom(seed: SimulationQueue.mixed(seed) ^ SimulationQueue.mixed(stream &* 0x1234_5678_9ABC_DEF1))
    }

    func moment(_ random: inout DeterministicRandom) -> TimeSpan {
        // The first seconds belong to the handshake; nothing new begins in the last.
        let latest = max(scenario.length.nanoseconds - 5_000_000_000, 3_000_000_001)
        return TimeSpan(nanoseconds: random.next(in: 3_000_000_000...latest))
    }

    /// How many there are of something of which the median seed has `count`.
    private func scaled(_ count: Int64) -> Int64 {
        let halfHours = Int128(scenario.length.nanoseconds) * Int128(count)
        return max(1, min(count * 4, FixedPoint.dividedRoundingDown(halfHours, by: Int128(Self.median.nanoseconds))))
    }

    // MARK: - What is configured

    private mutating func drawSettings() {
        var random = Self.generator(scenario.seed, 2)
        var values = [
            "runtime.capacities.orders": "512", "runtime.capacities.parents": "512",
            "runtime.capacities.signals": "4096", "runtime.capacities.executions": "4096",
            "runtime.capacities.levels": "512", "runtime.capacities.fills": "16", "runtime.capacities.markouts": "16",
            "runtime.journal.segment_bytes": "2097152",
            "runtime.queues.notices": "65536", "runtime.queues.inbox": "1024", "runtime.queues.egress": "256",
            "runtime.market.synthetic.backfill_bars": "60", "runtime.journal.snapshots_kept": "2",
            "strategy_config.screener.enabled": random.chance(1, in: 4) ? "true" : "false",
        ]
        switch scenario.placement {
        case .outside:
            values["runtime.paper.connection"] = "socket"
            values["runtime.market.source"] = "venue"
            values["runtime.journal.durability"] = scenario.isDurableOnDisk ? "disk" : "process"
        case .embedded:
            values["runtime.paper.connection"] = "embedded"
            scenario.isDurableOnDisk = false
        }
        // Absurd prices reach the venue too; closing an account is a fault of its own.
        values["runtime.paper.maintenance_margin_pct"] = "0"
        values["runtime.paper.seed"] = "\(random.next(in: 1...1_000_000))"
        values["runtime.market.synthetic.seed"] = "\(random.next(in: 1...1_000_000))"
        values["runtime.journal.snapshot_records"] = "\(random.next(in: 1_000...40_000))"
        let entry = random.next(in: 0...30)
        values["runtime.paper.order_latency.min_ms"] = "\(entry)"
        values["runtime.paper.order_latency.max_ms"] = "\(entry + random.next(in: 0...60))"
        values["runtime.paper.answer_latency.min_ms"] = "\(entry)"
        values["runtime.paper.answer_latency.max_ms"] = "\(entry + random.next(in: 0...60))"
        for symbol in Self.symbols {
            let rate = scenario.length > .hours(3) ? "0.05" : "0.\(random.next(in: 1...5))"
            values["runtime.market.synthetic.symbols.\(symbol).trades_per_second"] = rate
            values["runtime.market.synthetic.symbols.\(symbol).daily_volatility_pct"] = "0.\(random.next(in: 2...30))"
        }
        if random.chance(1, in: 5) { values["runtime.paper.hedge_mode"] = "true" }
        drawRisk(&random, &values)
        drawRouting(&random, &values)
        // Where clocks are set, most seeds trade on.
        values["risk_limits.max_clock_skew_ms"] = random.chance(1, in: 4) ? "1000" : "600000"
        scenario.settings = values
    }

    private func drawRisk(_ random: inout DeterministicRandom, _ values: inout [String: String]) {
        if random.chance(3, in: 4) { values["risk_limits.pyramiding"] = "true" }
        if random.chance(1, in: 2) { values["risk_limits.clamp"] = "true" }
        if random.chance(1, in: 3) { values["risk_limits.max_order_notional"] = "\(random.next(in: 500...9_000))" }
        if random.chance(1, in: 4) { values["risk_limits.max_gross_exposure_pct"] = "0.\(random.next(in: 2...9))" }
        if random.chance(1, in: 4) { values["risk_limits.order_rate_limit.per_1s"] = "\(random.next(in: 2...20))" }
        values["risk_limits.duplicate_order_window_s"] = "\(random.next(in: 0...3))"
        values["risk_limits.stale_venue_after_ms"] = "\(random.next(in: 2_000...15_000))"
        values["runtime.unknown.tombstone_s"] = ["20", "60", "600"][Int(random.next(below: 3))]
        values["runtime.unknown.escalate_s"] = "\(random.next(in: 30...300))"
    }

    private func drawRouting(_ random: inout DeterministicRandom, _ values: inout [String: String]) {
        let router = "strategy_config.router"
        if random.chance(1, in: 4) { values["\(router).maker_first"] = "false" }
        values["\(router).wide_spread_action"] =
            ["taker", "clamp", "defer", "veto"][Int(random.next(below: 4))]
        if random.chance(1, in: 4) { values["\(router).missing_book_action"] = "veto" }
        values["\(router).maker_reprice"] = random.chance(1, in: 2) ? "follow" : "stay"
        if random.chance(1, in: 4) { values["\(router).offset_reference"] = "mid" }
        if random.chance(1, in: 4) { values["\(router).exit_order_type"] = "market" }
        values["\(router).maker_timeout_ms"] = "\(random.next(in: 500...12_000))"
        values["\(router).answer_timeout_ms"] = "\(random.next(in: 1_000...5_000))"
        values["strategy_config.exits.trigger_reference"] = ["mark", "last", "mid"][Int(random.next(below: 3))]
    }

    // MARK: - What is asked

    private mutating func drawSignals() {
        var random = Self.generator(scenario.seed, 3)
        let isHedged = scenario.settings["runtime.paper.hedge_mode"] == "true"
        let odd = (
            duplicates: random.chance(2, in: 3), late: random.chance(1, in: 2), malformed: random.chance(1, in: 2),
            floods: random.chance(1, in: 8)
        )
        let count = Int(scaled(random.next(in: 100...300)))
        let times = (0..<count).map { _ in moment(&random) }.sorted()
        for (number, at) in times.enumerated() {
            var signal = drawSignal(number, at, &random)
            let fate = random.next(below: 100)
            if fate < 6, odd.duplicates, number > 0 {
                signal.manner = .duplicate
                signal.value = random.next(in: 0...Int64(number - 1))
            } else if fate < 9, odd.late {
                signal.manner = .late
            } else if fate < 12, odd.malformed {
                signal.manner = .malformed
            } else if fate < 13, odd.floods {
                signal.manner = .flood
                signal.value = random.next(in: 20...200)
            }
            if isHedged { signal.style = .auto }
            scenario.signals.append(signal)
        }
        drawStops()
    }

    private func drawSignal(_ number: Int, _ at: TimeSpan, _ random: inout DeterministicRandom) -> ScheduledSignal {
        var signal = ScheduledSignal(
            number: number,
            at: at,
            manner: .plain,
            instrument: InstrumentHandle(Int(random.next(below: UInt64(symbolCount)))),
            side: random.chance(1, in: 2) ? .buy : .sell,
            intent: .entry,
            lots: random.next(in: 1...60),
            orderType: .market,
            timeInForce: .gtc,
            offsetTicks: random.next(in: -6...14),
            lifetime: .zero,
            style: .auto,
            takeProfitTicks: 0,
            stopLossTicks: 0,
            value: random.next(in: 0...1_000_000)
        )
        switch random.next(below: 12) {
        case 0: signal.intent = .exit
        case 1: signal.intent = .reduce
        case 2:
            signal.intent = .flatten
            signal.lots = 0
        default: break
        }
        switch random.next(below: 8) {
        case 0, 1: signal.orderType = .limit
        case 2: signal.orderType = .postOnly
        case 3: signal.orderType = .marketableLimit
        default: break
        }
        if signal.orderType == .limit {
            signal.timeInForce = TimeInForce.allCases[Int(random.next(below: 4))]
        } else if signal.orderType == .market, random.chance(1, in: 8) {
            signal.timeInForce = random.chance(1, in: 2) ? .ioc : .fok
        }
        if signal.timeInForce == .gtd || random.chance(1, in: 3) {
            let longest: Int64 = random.chance(1, in: 2) ? 5_000 : 120_000
            signal.lifetime = .milliseconds(random.next(in: 200...longest))
        }
        if random.chance(1, in: 4) { signal.style = random.chance(1, in: 2) ? .taker : .makerFirst }
        if signal.intent == .entry, random.chance(1, in: 2) {
            signal.stopLossTicks = random.next(in: 20...400)
            if random.chance(1, in: 2) { signal.takeProfitTicks = random.next(in: 20...400) }
        }
        return signal
    }

    private mutating func drawOperations() {
        var random = Self.generator(scenario.seed, 4)
        guard random.chance(3, in: 4) else { return }
        let count = Int(scaled(random.next(in: 1...12)))
        // What the runtime orders at its own end, and the node of its journal, is no person's; parents are held in
        // pairs, see `drawSlices`; a symbol that is disabled for good would leave the rest of the seed empty.
        let others: [OperatorAction] = [
            .cancelEntries, .pauseParent, .resumeParent, .amendParent, .disableSymbol, .disableBuys, .disableSells,
            .resetDrawdown, .journalStop,
        ]
        let actions = OperatorAction.allCases.filter { !others.contains($0) }
        for number in 0..<count {
            let action = actions[Int(random.next(below: UInt64(actions.count)))]
            let at = moment(&random)
            scenario.operations.append(
                ScheduledOperation(number: number, at: at, action: action, seed: random.next())
            )
            guard action.stopsEntries else { continue }
            // A stop that nobody ends would leave the rest of the seed empty.
            let pause = TimeSpan.milliseconds(random.next(in: 100...60_000))
            scenario.operations.append(
                ScheduledOperation(
                    number: count + number,
                    at: TimeSpan(nanoseconds: at.nanoseconds + pause.nanoseconds),
                    action: .resume,
                    seed: random.next()
                )
            )
        }
        scenario.operations.sort { ($0.at, $0.number) < ($1.at, $1.number) }
    }

    // MARK: - What goes wrong

    private mutating func drawFaults() {
        var random = Self.generator(scenario.seed, 5)
        let present = FaultRegistry.all.filter { fault in
            // Drawn for all, so that a shorter list changes no other's luck.
            let isPresent = random.chance(fault.presence, in: 100)
            guard fault.placements.contains(scenario.placement), !fault.needsDisk || scenario.isDurableOnDisk else {
                return false
            }
            return isPresent && (wishes.faults?.contains(fault.name) ?? true)
        }
        let count = Int(scaled(random.next(in: 8...32)))
        guard !present.isEmpty else { return }
        for number in 0..<count {
            // A generator for each, so that leaving one out changes no other.
            var own = DeterministicRandom(seed: random.next())
            let kind = present[Int(own.next(below: UInt64(present.count)))]
            let at = moment(&own)
            let shape = kind.shape(&own)
            let aim = Self.aim(&own)
            let left = TimeSpan(nanoseconds: scenario.length.nanoseconds - at.nanoseconds)
            scenario.faults.append(
                ScheduledFault(
                    number: number,
                    name: kind.name,
                    at: at,
                    lasts: min(shape.lasts, left),
                    value: shape.value,
                    seed: own.next(),
                    aim: aim
                )
            )
        }
        scenario.faults.sort { ($0.at, $0.number) < ($1.at, $1.number) }
    }

    /// Half of the faults wait for an order in a state: rare ones would hardly ever be met by chance.
    private static func aim(_ random: inout DeterministicRandom) -> OrderState? {
        switch random.next(below: 20) {
        case 0...2: .pendingUnknown
        case 3...5: .pendingReplace
        case 6...7: .pendingCancel
        case 8: .partiallyFilled
        case 9: .submitted
        default: nil
        }
    }
}

extension OperatorAction {
    var stopsEntries: Bool {
        switch self {
        case .stopEntries, .halt, .haltFrozen, .kill, .journalStop: true
        case .resume, .cancelAll, .cancelAllIncludingProtective, .flatten, .cancelOrder, .amendOrder, .resolveDead,
            .resolveOpen, .resolveFilled, .reconcile, .enableSymbol, .confirmNav, .cancelEntries, .pauseParent,
            .resumeParent, .amendParent, .disableSymbol, .disableBuys, .disableSells, .resetDrawdown:
            false
        }
    }
}
