import FairleadConfiguration
import FairleadEngine
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadPaper

/// Those who ask: senders of signals, and the person at the desk.
extension Simulation {
    // MARK: - Signals

    mutating func send(_ signal: ScheduledSignal) {
        guard node != nil else {
            report.signalsUndelivered += 1
            return
        }
        let copies = signal.manner == .flood ? Int(signal.value) : 1
        for copy in 0..<copies {
            guard let bytes = bytes(of: signal, copy: copy) else { return }
            sent[signal.number] = bytes
            report.signals += 1
            if node?.offer(signal: bytes, source: .file, ticket: UInt64(signal.number)) == false {
                report.signalsUndelivered += 1
            }
        }
        trace.note(.text("signal \(signal.number) \(signal.manner) \(signal.side) \(signal.orderType)"), at: now)
    }

    private func bytes(of signal: ScheduledSignal, copy: Int) -> [UInt8]? {
        switch signal.manner {
        case .duplicate:
            if let earlier = sent[Int(signal.value)] { return earlier }
        case .malformed:
            return broken(encoded(signal, copy) ?? Array("{}".utf8), signal.value)
        case .plain, .late, .flood: break
        }
        return encoded(signal, copy)
    }

    /// Cut short, or one byte changed.
    private func broken(_ bytes: [UInt8], _ value: Int64) -> [UInt8] {
        var bytes = bytes
        let place = Int(value / 4) % bytes.count
        if value % 2 == 0 {
            bytes.removeLast(bytes.count - place)
        } else {
            bytes[place] ^= UInt8(1 + value % 127)
        }
        return bytes
    }

    private func encoded(_ signal: ScheduledSignal, _ copy: Int) -> [UInt8]? {
        let instrument = configuration.engine.instruments[Int(signal.instrument.index)]
        let terms = instrument.terms
        guard let touch = touch(signal) else { return nil }
        var asked = SignalTerms(
            number: .none,
            digest: .none,
            instrument: signal.instrument,
            side: signal.side,
            size: size(signal, terms, touch)
        )
        asked.intent = signal.intent
        asked.orderType = signal.orderType
        asked.timeInForce = signal.timeInForce
        asked.style = signal.style
        asked.twap = signal.twap
        asked.algorithm = signal.algorithm
        if signal.displayShare > 0, case .quantity(let quantity) = asked.size {
            let lot = terms.lot.raw
            asked.algorithm.display = Quantity(raw: max(1, quantity.raw / signal.displayShare / lot) * lot)
        }
        if terms.isHedged {
            let opens = signal.intent == .entry
            asked.positionSide = (signal.side == .buy) == opens ? .long : .short
        }
        let sign = signal.side.sign
        if signal.orderType != .market {
            asked.limitPrice = price(touch, -sign * signal.offsetTicks, terms)
        }
        if signal.lifetime > .zero { asked.expiresAt = clock.now + signal.lifetime }
        if signal.manner == .late {
            asked.time = clock.now + -TimeSpan.seconds(60)
            asked.expiresAt = clock.now + -TimeSpan.seconds(1)
        }
        if signal.stopLossTicks > 0 { asked.stopLoss = price(touch, -sign * signal.stopLossTicks, terms) }
        if signal.takeProfitTicks > 0 {
            let level = TakeProfitLevel(price: price(touch, sign * signal.takeProfitTicks, terms), fraction: .one)
            asked.takeProfits.append(level)
        }
        if let stop = signal.stop, signal.stopLossTicks > 0 { describe(stop, touch, terms, into: &asked) }
        do throws(JSONError) {
            return try SignalEncoder.encode(
                asked,
                signalID: "s\(signal.number)-\(copy)",
                symbol: instrument.symbol,
                strategy: "simulation"
            )
        } catch {
            preconditionFailure("Invariant: a signal without meta is encoded: \(error)")
        }
    }

    private func size(_ signal: ScheduledSignal, _ terms: InstrumentTerms, _ touch: Price) -> SignalSize {
        if signal.kellyShare > 0 { return .kelly(Rate(raw: signal.kellyShare * FixedPoint.one / 100)) }
        guard signal.lots > 0 else { return .wholePosition }
        return .quantity(Quantity(raw: signal.lots * terms.lot.raw * sizeStep(terms, touch) + odd(signal, terms)))
    }

    /// What a sender writes of its stop; every price on the right side of `stopLoss`.
    private func describe(
        _ stop: ScheduledStop,
        _ touch: Price,
        _ terms: InstrumentTerms,
        into asked: inout SignalTerms
    ) {
        let sign = asked.side.sign
        let base = asked.stopLoss
        let beyond = price(touch, sign * stop.ticks, terms)
        let distance = Price(raw: stop.ticks * terms.tick.raw)
        switch stop.form {
        case .limit: asked.stop.limitPrice = price(base, -sign * stop.ticks % 20, terms)
        case .trailing: asked.stop.trail = .amount(distance)
        case .activated:
            asked.stop.trail = .share(Rate(bps: 1 + stop.ticks % 20))
            asked.stop.activation = beyond
        case .adjustedToTrailing:
            asked.stop.adjustment = StopAdjustment(trigger: beyond, form: .trailing, trail: .amount(distance))
        case .adjustedToLimit:
            let limit = price(base, -sign * stop.ticks % 20, terms)
            asked.stop.adjustment = StopAdjustment(trigger: beyond, form: .stopLimit, limitPrice: limit)
        case .stepping:
            let step = price(touch, -sign, terms)
            // A touch less than a tick from the stop leaves nothing to step to.
            let isTighter = (step.raw - base.raw) * sign >= 0
            if isTighter { asked.stop.adjustment = StopAdjustment(trigger: beyond, form: .stop, price: step) }
        case .stages:
            let first = Rate(bps: 1 + stop.ticks % 10)
            asked.stop.stages.append(ProfitStage(profit: first, stop: -first))
            asked.stop.stages.append(ProfitStage(profit: first + first, stop: .zero))
        }
    }

    /// A sender knows no lots: some ask for a part of one more.
    private func odd(_ signal: ScheduledSignal, _ terms: InstrumentTerms) -> Int64 {
        signal.value % 5 == 0 ? terms.lot.raw / 3 : 0
    }

    /// Lots in one step of size: about 10 of the quote currency.
    private func sizeStep(_ terms: InstrumentTerms, _ touch: Price) -> Int64 {
        let lot = terms.notional(touch, terms.lot)
        return max(1, Int64(clamping: Money(whole: 10).raw / max(1, lot.raw)))
    }

    private func price(_ touch: Price, _ ticks: Int64, _ terms: InstrumentTerms) -> Price {
        terms.roundedDown(Price(raw: max(terms.tick.raw, touch.raw + ticks * terms.tick.raw)))
    }

    /// The price that an order of this side would join; nil before the first quote.
    private func touch(_ signal: ScheduledSignal) -> Price? {
        guard let row = withEngine({ $0.marketRow(signal.instrument) }) else { return nil }
        let price = signal.side == .buy ? row.bid : row.ask
        return price > .zero ? price : nil
    }

    // MARK: - The desk

    mutating func operate(_ operation: ScheduledOperation) {
        guard node != nil else { return }
        var random = DeterministicRandom(seed: operation.seed)
        guard let command = command(operation.action, &random) else { return }
        operate(command)
    }

    mutating func operate(_ command: OperatorCommand) {
        // Nobody is there to take it: another fault may end the process within the same moment.
        guard node != nil else { return }
        trace.note(.text("the desk orders \(command.action.name) \(command.order)"), at: now)
        report.operations += 1
        // Whoever stops is sure once the call has returned; whoever resumes, from then on.
        if command.action == .resume { isEngaged = false }
        let isTaken = node?.offer(command) ?? false
        if command.action.stopsEntries {
            isEngaged = true
            if !isTaken { fail(Violation("S-11", "engage did not settle")) }
        }
        needsPump = true
    }

    private func command(_ action: OperatorAction, _ random: inout DeterministicRandom) -> OperatorCommand? {
        switch action {
        case .stopEntries, .halt, .haltFrozen, .kill, .resume, .cancelAll, .cancelAllIncludingProtective, .reconcile,
            .confirmNav, .cancelEntries, .resetDrawdown, .journalStop:
            return OperatorCommand(action)
        case .flatten, .enableSymbol, .disableSymbol, .disableBuys, .disableSells:
            let count = UInt64(configuration.engine.instruments.count)
            return OperatorCommand(action, instrument: InstrumentHandle(Int(random.next(below: count))))
        case .cancelOrder:
            guard let order = chosen(&random) else { return nil }
            return OperatorCommand(action, order: order.id)
        case .amendOrder: return amendment(&random)
        case .resolveDead, .resolveOpen, .resolveFilled: return resolution()
        case .pauseParent, .resumeParent, .amendParent: return parentOrder(action, &random)
        }
    }

    /// Of one of the parents at work; of a held one where it is to go on.
    private func parentOrder(_ action: OperatorAction, _ random: inout DeterministicRandom) -> OperatorCommand? {
        var open: [Parent] = []
        _ = withEngine { engine in
            engine.forEachOpenParent { if action != .resumeParent || $0.isHeld { open.append($0) } }
        }
        guard !open.isEmpty else { return nil }
        let parent = open[Int(random.next(below: UInt64(open.count)))]
        var command = OperatorCommand(action, order: ClientOrderID(of: parent.intent))
        guard action == .amendParent else { return command }
        let terms = configuration.engine.instruments[Int(parent.instrument.index)].terms
        let lots = parent.approved.raw / terms.lot.raw
        if random.chance(3, in: 4) {
            command.quantity = Quantity(raw: random.next(in: 1...(lots + 1)) * terms.lot.raw)
        }
        if command.quantity.raw == 0 || random.chance(1, in: 4) {
            command.price = price(parent.arrival, random.next(in: -20...20), terms)
        }
        return command
    }

    private func chosen(_ random: inout DeterministicRandom) -> Order? {
        var orders: [Order] = []
        _ = withEngine { engine in engine.forEachLiveOrder { orders.append($0) } }
        return orders.isEmpty ? nil : orders[Int(random.next(below: UInt64(orders.count)))]
    }

    private func amendment(_ random: inout DeterministicRandom) -> OperatorCommand? {
        guard let order = chosen(&random) else { return nil }
        let terms = configuration.engine.instruments[Int(order.instrument.index)].terms
        var command = OperatorCommand(.amendOrder, order: order.id)
        if order.price > .zero, random.chance(2, in: 3) {
            command.price = price(order.price, random.next(in: -5...5), terms)
        }
        if random.chance(2, in: 3) {
            let lots = order.quantity.raw / terms.lot.raw
            command.quantity = Quantity(raw: random.next(in: 1...(lots + lots / 4 + 1)) * terms.lot.raw)
        }
        return command
    }

    /// A person looks at the venue's own screen before saying what became of an order.
    private func resolution() -> OperatorCommand? {
        var unknown: [Order] = []
        _ = withEngine { engine in
            engine.forEachLiveOrder { if $0.state == .pendingUnknown { unknown.append($0) } }
        }
        let client = clientNumber
        for order in unknown {
            let told = withVenue { venue -> OperatorCommand? in
                guard venue.time > order.validUntil + .seconds(1) else { return nil }
                guard let row = venue.order(order.id, client: client) else {
                    return OperatorCommand(.resolveDead, order: order.id)
                }
                switch row.state {
                case .accepted, .working, .partiallyFilled: return OperatorCommand(.resolveOpen, order: order.id)
                case .filled: return OperatorCommand(.resolveFilled, order: order.id)
                case .rejected, .cancelled, .expired: return OperatorCommand(.resolveDead, order: order.id)
                case .created, .submitted, .pendingUnknown, .pendingCancel, .pendingReplace: return nil
                }
            }
            if let command = told ?? nil { return command }
        }
        return nil
    }
}
