import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// The script of a golden run, and its end.
extension MatrixWorld {
    /// Plays the script, then waits until nothing is under way; then judges.
    mutating func play() {
        run(until: start + run.length)
        guard judge.violation == nil, !isStopped else { return }
        (scriptPumps, scriptAsks, scriptOutward, scriptInward) = (pumps, channel.asks, outward, inward)
        if fault.kill != nil { endKill() }
        if judge.violation == nil { quiesce() }
    }

    mutating func perform(_ action: GoldenAction) {
        needsPump = true
        switch action {
        case .signal(let signal):
            let bytes = encoded(signal)
            sent.append(bytes)
            give(bytes)
        case .price(let ticks):
            bid = Self.firstBid + ticks
            quote()
        case .trade(let ticks, let lots):
            let trade = Trade(
                instrument: Self.bitcoin,
                price: price(bid + ticks),
                quantity: Quantity(raw: lots * lot),
                aggressor: .sell,
                venueTime: clock.now
            )
            server.market(.traded(trade), at: clock.now)
        case .operate(let action): operate(OperatorCommand(action))
        case .amend(let lots, let ticks): amend(lots, ticks)
        case .cancel: if let order = newest() { operate(OperatorCommand(.cancelOrder, order: order.id)) }
        case .halted(let isHalted): server.setHalted(isHalted, Self.bitcoin, at: clock.now)
        case .cut: cut()
        case .loseNextEntry: losesNextEntry = true
        case .restart: crash(on: nil)
        }
    }

    private mutating func give(_ bytes: [UInt8]) {
        if node?.offer(signal: bytes, source: .file, ticket: 1) == false {
            judge.fail("L-08", "a signal found no room")
        }
    }

    mutating func operate(_ command: OperatorCommand) {
        if node?.offer(command) == false { judge.fail("S-28", "an operator's word found no room") }
        needsPump = true
    }

    /// The order that an operator sees first.
    private func newest() -> Order? {
        var found: Order?
        _ = withEngine { engine in
            engine.forEachLiveOrder { if found == nil { found = $0 } }
        }
        return found
    }

    private mutating func amend(_ lots: Int64, _ ticks: Int64) {
        guard let order = newest() else { return }
        var command = OperatorCommand(.amendOrder, order: order.id)
        command.quantity = Quantity(raw: lots * lot)
        command.price = Price(raw: order.price.raw + ticks * tick)
        operate(command)
    }

    private func encoded(_ signal: GoldenSignal) -> [UInt8] {
        let size: SignalSize = signal.lots > 0 ? .quantity(Quantity(raw: signal.lots * lot)) : .wholePosition
        var terms = SignalTerms(
            number: .none,
            digest: .none,
            instrument: Self.bitcoin,
            side: signal.side,
            size: size
        )
        terms.intent = signal.intent
        terms.orderType = signal.type
        terms.timeInForce = signal.timeInForce
        terms.makerFirst = signal.makerFirst
        if signal.type != .market { terms.limitPrice = price(bid + signal.offsetTicks) }
        if signal.stopLossTicks > 0 { terms.stopLoss = price(bid - signal.side.sign * signal.stopLossTicks) }
        if signal.lifetime > .zero { terms.expiresAt = clock.now + signal.lifetime }
        let symbol = configuration.engine.instruments[0].symbol
        do throws(JSONError) {
            return try SignalEncoder.encode(terms, signalID: signal.id, symbol: symbol)
        } catch {
            preconditionFailure("Invariant: a golden signal is encoded: \(error)")
        }
    }

    // MARK: - The end

    /// Senders who don't know send again; a person cancels what rests; then the books must be one.
    mutating func quiesce() {
        settle()
        if fault.kill == nil {
            run(until: clock.now + .seconds(1))
            for bytes in sent { give(bytes) }
            needsPump = true
            run(until: clock.now + .seconds(4))
        }
        let limit = clock.now + .seconds(60)
        while judge.violation == nil {
            operate(OperatorCommand(.cancelAll))
            run(until: clock.now + .seconds(1))
            guard judge.violation == nil, let missing = missing() else { break }
            if clock.now >= limit { judge.fail("L-01", "never quiet: \(missing)") }
        }
        if judge.violation == nil { verify() }
    }

    /// What is still under way, or differs from the venue (L-01, L-02, L-03, L-05); nil when all is quiet.
    func missing() -> String? {
        if let difference = difference() { return difference }
        let text = withEngine { engine -> String? in
            if !engine.venueState.isReconciled { return "not reconciled" }
            if engine.unknownOrderCount > 0 { return "\(engine.unknownOrderCount) orders are unknown" }
            if engine.liveOrderCount > 0 { return "\(engine.liveOrderCount) orders are live" }
            if engine.openParentCount > 0 { return "\(engine.openParentCount) parents are open" }
            return nil
        }
        return text ?? "the router is down"
    }

    /// What our books and the venue's say differently, to the last unit (theorem, d).
    func difference() -> String? {
        let venue = MatrixBooks(server)
        guard let ours = withEngine({ MatrixBooks($0, configuration.engine.instruments.count) }) else {
            return "the router is down"
        }
        if ours != venue { return "our books are \(ours), the venue's \(venue)" }
        let open = server.venue.openOrders(client: Self.client).count
        let live = withEngine { $0.liveOrderCount } ?? 0
        return open == live ? nil : "\(live) live orders here, \(open) at the venue"
    }

    private mutating func verify() {
        node?.checkInvariants()
        readNotices()
        let state = node?.stateHash()
        let commands = node?.commandHash
        let story = JournalStory(disk)
        judge.verify(story, server, state: state, commands: commands)
    }
}
