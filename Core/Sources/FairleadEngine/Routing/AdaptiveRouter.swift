public import FairleadModel

/// SPEC 12.4: which arm an entry takes, by expected effective cost, within guard rails.
///
/// `EC(take) = half spread + impact + taker fee`; `EC(maker) = p (maker fee - gain) + (1 - p) (move + half spread +
/// impact + taker fee)`, in bps of the middle at the choice. `p`, `move` and `impact` are `ArmModel`'s; the gain is how
/// much better than the middle the quote stands; the fees are the instrument's.
///
/// The rails, each of which leaves an order to the static policy where it holds: mode, symbol list, risk mode, an alarm
/// of the costs, too few samples. Where none holds, the preferred arm changes only by more than the hysteresis, and the
/// share of orders that follow it moves by one step at a decision. Tries are drawn from the intent's number, at most
/// `exploration` of a symbol's decisions, and no more than the day's regret budget pays for.
public struct AdaptiveRouter: ~Copyable {
    public private(set) var settings: AdaptiveConfiguration
    /// Per instrument: `router.adaptive.symbols` names it.
    private var isListed: ContiguousArray<Bool>
    public internal(set) var model: ArmModel
    private var symbols: ContiguousArray<SymbolArms>
    /// Per instrument and cell.
    private var cells: ContiguousArray<CellArms>
    /// At each parent's slot.
    private(set) var notes: ContiguousArray<ArmNote>
    /// Days since the epoch, UTC; and what the tries of that day were expected to cost, in 10^-8.
    private var regretDay = Int64.min
    private var regret: Int64 = 0

    public init(configuration: EngineConfiguration) {
        let count = configuration.instruments.count
        settings = configuration.adaptive
        isListed = ContiguousArray(repeating: false, count: count)
        model = ArmModel(instruments: count, configuration.adaptive)
        symbols = ContiguousArray(repeating: SymbolArms(), count: count)
        cells = ContiguousArray(repeating: CellArms(), count: count * ArmFeatures.cells)
        notes = ContiguousArray(repeating: ArmNote(), count: configuration.capacities.parents)
        configure(configuration)
    }

    /// Takes new settings: they hold from the next choice on.
    public mutating func configure(_ configuration: EngineConfiguration) {
        settings = configuration.adaptive
        model.configure(settings)
        for row in isListed.indices { isListed[row] = settings.routes(configuration.instruments[row].symbol) }
    }

    @inline(__always)
    func prefetch(_ slot: ParentSlot) { notes.prefetch(Int(slot.index)) }

    var isOn: Bool { settings.mode != .off }

    /// How far the symbol's last quote stood behind its touch.
    func lastOffset(_ instrument: InstrumentHandle) -> Rate { symbols[Int(instrument.index)].lastOffset }

    /// Until when a symbol is left to the static policy, since its costs had shifted; `never` where they had not.
    public func pausedUntil(_ instrument: InstrumentHandle) -> Timestamp { symbols[Int(instrument.index)].pausedUntil }

    /// What of the day's regret budget is spent, as of the last choice.
    public var regretSpent: Money { Money(raw8: regret) }

    // MARK: The choice

    /// Chooses an arm; its costs, propensities and reasons are in what it gives.
    mutating func decide(_ question: ArmQuestion, at now: Timestamp) -> ArmDecision {
        model.decay(question.instrument, at: now)
        openDay(at: now)
        var decision = ArmDecision(
            number: question.number,
            intent: question.intent,
            instrument: question.instrument,
            side: question.side,
            standing: question.standing,
            features: question.features
        )
        let costs = expectedCosts(question, &decision)
        decision.reason = rail(question, at: now)
        if decision.reason == .none || decision.reason == .shadow {
            draw(question, costs, &decision)
        } else {
            decision.propensities[question.standing] = Int32(FixedPoint.one)
        }
        symbols[Int(question.instrument.index)].decisions += 1
        return decision
    }

    /// Every arm's expected cost in bps; infinite where there is no such arm.
    private func expectedCosts(_ question: ArmQuestion, _ decision: inout ArmDecision) -> ArmCosts {
        var costs = ArmCosts()
        let cell = question.features.cell
        let taking = question.halfSpread + model.impact(question.instrument) + question.takerFee.inBps
        for index in 0..<RouteArm.count {
            let arm = RouteArm.at(index)
            decision.samples[arm] = Int32(clamping: Int64(model.samples(question.instrument, arm)))
            if !arm.isMaker {
                costs[index] = taking
            } else if question.quote(arm).raw > 0 {
                let fill = model.fill(question.instrument, arm, cell: cell)
                let move = model.move(question.instrument, arm, cell: cell)
                let gain = question.gain(question.quote(arm))
                costs[index] = fill * (question.makerFee.inBps - gain) + (1 - fill) * (move + taking)
                decision.fills[arm] = Self.share(fill)
            }
            if costs[index] < .infinity {
                decision.costs[arm] = Int32(clamping: Int64((costs[index] * 10_000).rounded()))
            }
        }
        return costs
    }

    /// Why an order is left to the static policy; `.none` where it is not.
    private func rail(_ question: ArmQuestion, at now: Timestamp) -> AdaptiveReason {
        if !isListed[Int(question.instrument.index)] { return .symbolNotListed }
        if question.riskMode != .normal { return .riskMode }
        if now < symbols[Int(question.instrument.index)].pausedUntil { return .costAlarm }
        return settings.mode == .shadow ? .shadow : .none
    }

    /// Draws an arm: mostly the preferred one or the static one, now and then another for what it teaches.
    private mutating func draw(_ question: ArmQuestion, _ costs: ArmCosts, _ decision: inout ArmDecision) {
        let row = Int(question.instrument.index)
        let place = row * ArmFeatures.cells + Int(question.features.cell)
        let isKnown = isKnown(question.standing, decision)
        if !isKnown, decision.reason == .none { decision.reason = .fewSamples }
        decision.preferred = isKnown ? preferred(place, costs, decision) : question.standing
        let step = Int64(settings.weightStep.raw)
        let isApart = decision.preferred != decision.standing
        cells[place].weight = min(FixedPoint.one, max(0, cells[place].weight + (isApart ? step : -step)))
        cells[place].preferred = decision.preferred.rawValue
        decision.weight = Int32(cells[place].weight)
        let weight = Double(cells[place].weight) / Double(FixedPoint.one)

        let least = costs.least
        let room = Money(raw: max(0, settings.regretBudget.raw - Money(raw8: regret).raw))
        var tried = 0
        var isTry = ArmFlags()
        for index in 0..<RouteArm.count where costs[index] < .infinity && RouteArm.at(index) != decision.preferred {
            isTry[index] = Money(raw8: Self.regret(costs[index] - least, question.notional)) <= room
            if isTry[index] { tried += 1 }
        }
        let isAllowed = tried > 0 && mayExplore(row)
        let exploration = isAllowed ? Double(settings.exploration.raw) / Double(FixedPoint.one) : 0

        var random = DeterministicRandom(
            seed: UInt64(settings.seed) &* 0x9E37_79B9_7F4A_7C15
                ^ (UInt64(question.intent.epoch.number) << 32 | UInt64(question.intent.parent))
        )
        decision.isExplored = random.nextUnit() < exploration
        let isFollowed = random.nextUnit() < weight
        decision.chosen = isFollowed ? decision.preferred : decision.standing
        if decision.isExplored {
            decision.chosen = isTry.arm(number: Int(random.next(below: UInt64(tried))))
            symbols[row].explored += 1
            regret += Self.regret(costs[Int(decision.chosen.rawValue)] - least, question.notional)
        }
        tell(&decision, weight, exploration, isTry, tried)
        // A static arm that was drawn runs whatever the mode: there is nothing to hold back.
        decision.executed = decision.reason == .shadow ? decision.standing : decision.chosen
    }

    /// The static arm's own estimate rests on enough orders; taking needs none.
    private func isKnown(_ arm: RouteArm, _ decision: ArmDecision) -> Bool {
        #if MUTANTS
            if Mutant.isOn(.adaptiveActsWithoutSamples) { return true }
        #endif
        return !arm.isMaker || Int(decision.samples[arm]) >= settings.minimumSamples
    }

    /// The cheapest arm that is known, where it is cheaper than the present one by more than the hysteresis.
    private func preferred(_ place: Int, _ costs: ArmCosts, _ decision: ArmDecision) -> RouteArm {
        var best = decision.standing
        for index in 0..<RouteArm.count where costs[index] < costs[Int(best.rawValue)] {
            if isKnown(RouteArm.at(index), decision) { best = RouteArm.at(index) }
        }
        var present = RouteArm(rawValue: cells[place].preferred) ?? decision.standing
        if costs[Int(present.rawValue)] == .infinity || !isKnown(present, decision) { present = decision.standing }
        let saving = costs[Int(present.rawValue)] - costs[Int(best.rawValue)]
        return saving > settings.hysteresis.inBps ? best : present
    }

    /// One more try stays within the share of the symbol's decisions, this one among them.
    private func mayExplore(_ row: Int) -> Bool {
        #if MUTANTS
            if Mutant.isOn(.adaptiveExploresWithoutEnd) { return true }
        #endif
        let (tries, decisions) = (Int128(symbols[row].explored) + 1, Int128(symbols[row].decisions) + 1)
        return tries * Int128(FixedPoint.one) <= decisions * Int128(settings.exploration.raw)
    }

    /// Writes down the probability that each arm had; what rounding leaves over is the static arm's.
    private func tell(
        _ decision: inout ArmDecision,
        _ weight: Double,
        _ exploration: Double,
        _ isTry: ArmFlags,
        _ tried: Int
    ) {
        var sum: Int64 = 0
        for index in 0..<RouteArm.count {
            let arm = RouteArm.at(index)
            var share = isTry[index] ? exploration / Double(tried) : 0
            if arm == decision.preferred { share += (1 - exploration) * weight }
            if arm == decision.standing { share += (1 - exploration) * (1 - weight) }
            decision.propensities[arm] = Self.share(share)
            sum += Int64(decision.propensities[arm])
        }
        decision.propensities[decision.standing] += Int32(FixedPoint.one - sum)
    }

    private static func share(_ value: Double) -> Int32 { Int32(clamping: Int64((value * 1e8).rounded(.down))) }

    /// In 10^-8 of the quote currency, rounded up.
    private static func regret(_ bps: Double, _ notional: Int64) -> Int64 {
        let cost = (max(0, bps) * Double(notional) / 10_000).rounded(.up)
        return cost < 9e18 ? Int64(cost) : .max / 2
    }

    private mutating func openDay(at now: Timestamp) {
        let day = Int64(FixedPoint.floorDivide(Int128(now.nanoseconds), by: 86_400_000_000_000))
        guard day > regretDay else { return }
        regretDay = day
        regret = 0
    }
}

extension AdaptiveRouter {
    // MARK: A parent's life

    /// Keeps what a choice means for its parent until that ends.
    mutating func note(_ slot: ParentSlot, _ decision: ArmDecision, _ question: ArmQuestion, at now: Timestamp) {
        let near = question.side == .buy ? question.bid : question.ask
        let quote = question.quote(decision.executed)
        var note = ArmNote()
        note.isDecided = true
        note.isSteered = decision.executed != decision.standing
        note.arm = decision.executed
        note.cell = question.features.cell
        note.startedAt = now
        note.middle = question.mid
        note.expected = Double(decision.costs[decision.executed]) / 10_000
        note.base = question.halfSpread + question.takerFee.inBps
        if decision.executed.isMaker {
            note.depth = Price(raw: (near.raw - quote.raw) * question.side.sign)
            symbols[Int(question.instrument.index)].lastOffset = max(
                .zero,
                Rate.distance(of: near + note.depth, from: near)
            )
        }
        notes[Int(slot.index)] = note
    }

    /// How a steered parent's maker leg quotes; nil where the static policy does.
    func quote(_ slot: ParentSlot) -> ArmQuote? {
        let note = notes[Int(slot.index)]
        return note.isSteered && note.arm.isMaker ? ArmQuote(depth: note.depth) : nil
    }

    func isTaking(_ slot: ParentSlot) -> Bool {
        notes[Int(slot.index)].isSteered && notes[Int(slot.index)].arm == .take
    }

    /// How long a parent's maker leg may rest.
    func timeout(_ slot: ParentSlot, _ configured: TimeSpan) -> TimeSpan {
        let note = notes[Int(slot.index)]
        return note.isSteered && note.arm.isShort ? min(settings.shortTimeout, configured) : configured
    }

    /// A maker leg gives way, with the middle of the book where there is one. The first time counts.
    mutating func gaveWay(_ slot: ParentSlot, middle: Price?) {
        let row = Int(slot.index)
        guard notes[row].isDecided, notes[row].gaveWayAt.raw == 0, let middle else { return }
        notes[row].gaveWayAt = middle
    }

    mutating func forget(_ slot: ParentSlot) { notes[Int(slot.index)] = ArmNote() }

    /// A decided parent has ended, with so much of it filled as maker (0 to 1). `cost` is what all of it came to, in
    /// bps of the middle at the choice, fees included; nil where a part was left.
    mutating func ended(
        _ slot: ParentSlot,
        _ instrument: InstrumentHandle,
        _ side: Side,
        filled: Double,
        cost: Double?,
        at now: Timestamp
    ) {
        let note = notes[Int(slot.index)]
        if note.arm.isMaker {
            var sample = ArmSample(arm: note.arm, cell: note.cell, filled: filled, isFilledEarly: false)
            sample.isFilledEarly = filled == 1 && now - note.startedAt <= settings.shortTimeout
            if note.gaveWayAt.raw > 0 {
                sample.move = Double((note.gaveWayAt.raw - note.middle.raw) * side.sign) / Double(note.middle.raw) * 1e4
            }
            model.learn(sample, instrument)
        }
        guard let cost else { return }
        if note.arm == .take { model.taken(instrument, extraBps: cost - note.base) }
        watch(instrument, residual: min(ArmModel.moveLimit, max(-ArmModel.moveLimit, cost - note.expected)), at: now)
    }

    /// Watches what orders cost over what they were expected to. An alarm leaves the symbol to the static policy for a
    /// while, whatever was preferred is forgotten, and the detector learns anew: it can't stay in alarm for ever.
    private mutating func watch(_ instrument: InstrumentHandle, residual: Double, at now: Timestamp) {
        let row = Int(instrument.index)
        symbols[row].drift.add(residual)
        guard symbols[row].drift.isAlarmed else { return }
        symbols[row].drift = CostDrift()
        symbols[row].pausedUntil = now + settings.alarmPause
        for place in row * ArmFeatures.cells..<(row + 1) * ArmFeatures.cells { cells[place] = CellArms() }
    }

    // MARK: State

    /// Writes, reads or hashes the whole state; settings are not part of it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        model.visitState(&visitor)
        for row in symbols.indices { symbols[row].visitState(&visitor) }
        for row in cells.indices {
            visitor.visit(&cells[row].preferred)
            visitor.visit(&cells[row].weight)
        }
        for row in notes.indices { notes[row].visitState(&visitor) }
        visitor.visit(&regretDay)
        visitor.visit(&regret)
    }

    public func checkInvariants() {
        model.checkInvariants()
        for row in symbols {
            precondition(row.explored <= row.decisions, "Invariant: a try is a decision")
        }
        for cell in cells {
            precondition((0...FixedPoint.one).contains(cell.weight), "Invariant: a weight is a share")
        }
        for note in notes where note.isDecided {
            precondition(note.middle.raw > 0, "Invariant: an arm is chosen on a book")
        }
    }
}

/// A symbol's counts over the whole journal, and what watches its costs.
private struct SymbolArms: BitwiseCopyable, Sendable {
    var decisions: UInt64 = 0
    var explored: UInt64 = 0
    var drift = CostDrift()
    var pausedUntil = Timestamp.never
    var lastOffset = Rate.zero

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&decisions)
        visitor.visit(&explored)
        drift.visitState(&visitor)
        visitor.visit(&pausedUntil)
        visitor.visit(&lastOffset)
    }
}

/// What a cell prefers: a raw `RouteArm`, or none yet; and the share of its orders that follow, in 10^-8.
private struct CellArms: BitwiseCopyable, Sendable {
    var preferred = UInt8.max
    var weight: Int64 = 0
}

extension RouteArm {
    static func at(_ index: Int) -> RouteArm {
        guard let arm = RouteArm(rawValue: UInt8(truncatingIfNeeded: index)) else {
            preconditionFailure("Invariant: the arms are numbered without a gap")
        }
        return arm
    }
}

/// Expected costs in bps, by arm; infinite where there is none.
struct ArmCosts: BitwiseCopyable, Sendable {
    private var values: InlineArray<5, Double> = InlineArray(repeating: .infinity)

    subscript(index: Int) -> Double {
        get { values[index] }
        set { values[index] = newValue }
    }

    var least: Double {
        var least = values[0]
        for index in 1..<RouteArm.count { least = min(least, values[index]) }
        return least
    }
}

/// Which arms may be tried.
private struct ArmFlags: BitwiseCopyable, Sendable {
    private var bits: UInt8 = 0

    subscript(index: Int) -> Bool {
        get { bits & (1 << UInt8(index)) != 0 }
        set { bits = newValue ? bits | 1 << UInt8(index) : bits & ~(1 << UInt8(index)) }
    }

    /// The arm of the nth flag that is set.
    func arm(number: Int) -> RouteArm {
        var left = number
        for index in 0..<RouteArm.count where self[index] {
            if left == 0 { return RouteArm.at(index) }
            left -= 1
        }
        preconditionFailure("Invariant: as many arms may be tried as were counted")
    }
}
