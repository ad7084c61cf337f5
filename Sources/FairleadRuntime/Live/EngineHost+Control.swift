import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode
import NIOCore

/// What a person orders, on the loop. Halt, kill and stop-entries were engaged before this is reached.
extension EngineHost {
    /// Carries a command out; `answer` is called once, on the loop. `author`: the uid of who asks.
    func perform(
        _ command: ControlCommand,
        author: UInt32,
        answer: @escaping @Sendable (Result<JSONValue, ControlError>) -> Void
    ) {
        loop.preconditionInEventLoop()
        guard node != nil else { return answer(.failure(ControlError(.stopping, "the engine is stopping"))) }
        switch command {
        case .status: answer(.success(status()))
        case .health: answer(.success(health()))
        case .orders: answer(.success(orders()))
        case .positions: answer(.success(positions()))
        case .stopEntries, .halt, .kill:
            pump()
            answer(.success(engagement()))
        case .resume: order(OperatorCommand(.resume), answer) { host, _ in host.engagement() }
        case .cancelAll(let includesProtective):
            let action: OperatorAction = includesProtective ? .cancelAllIncludingProtective : .cancelAll
            order(OperatorCommand(action), answer) { host, _ in host.orders() }
        case .flatten(let symbol): onSymbol(.flatten, symbol, answer) { $0.closing($1) }
        case .decidePosition(let request, let isTrial): decide(request, isTrial: isTrial, author: author, answer)
        case .enableSymbol, .disableSymbol, .enableStrategy, .disableStrategy, .overrideLimit, .removeOverride,
            .overrides, .resetDrawdown, .confirmNav:
            performRisk(command, author, answer)
        case .cancel(let id): onOrder(OperatorCommand(.cancelOrder, order: id), answer)
        case .amend(let id, let price, let quantity):
            onOrder(OperatorCommand(.amendOrder, order: id, price: price, quantity: quantity), answer)
        case .resolve(let id, let resolution):
            let action: OperatorAction =
                switch resolution {
                case .dead: .resolveDead
                case .open: .resolveOpen
                case .filled: .resolveFilled
                }
            onOrder(OperatorCommand(action, order: id), answer)
        case .pauseParent(let parent): onParent(.pauseParent, parent, answer)
        case .resumeParent(let parent): onParent(.resumeParent, parent, answer)
        case .cancelParent(let parent): onParent(.cancelOrder, parent, answer)
        case .amendParent(let parent, let price, let quantity):
            onParent(.amendParent, parent, price: price, quantity: quantity, answer)
        case .reconcile: reconcile(answer)
        case .paperReset:
            guard node?.configuration.runtime.paperConnection == .embedded else {
                let reason =
                    "the account is another process's: stop `fairlead venue paper` and begin it in another home"
                return answer(.failure(ControlError(.notWhileRunning, reason)))
            }
            resets.append(answer)
            onReset()
        case .fills, .reload, .signal, .notices:
            preconditionFailure("Invariant: the control service answers \(command.name) itself")
        }
    }

    /// What is ordered of the risk gateway.
    private func performRisk(_ command: ControlCommand, _ author: UInt32, _ answer: @escaping Answer) {
        switch command {
        case .enableSymbol(let symbol):
            onSymbol(.enableSymbol, symbol, answer) { host, _ in host.enabling(symbol) }
        case .disableSymbol(let symbol, let side):
            let action: OperatorAction =
                switch side {
                case nil: .disableSymbol
                case .buy: .disableBuys
                case .sell: .disableSells
                }
            onSymbol(action, symbol, answer) { host, _ in host.engagement() }
        case .enableStrategy(let name): switchStrategy(.enableStrategy, name, author: author, answer)
        case .disableStrategy(let name): switchStrategy(.disableStrategy, name, author: author, answer)
        case .overrideLimit(let request, let isTrial):
            override(request, isTrial: isTrial, author: author, answer)
        case .removeOverride(let limit, let symbol, let strategy):
            removeOverride(limit, symbol, strategy, author: author, answer)
        case .overrides: answer(.success(overrides()))
        case .resetDrawdown: order(OperatorCommand(.resetDrawdown), answer) { host, _ in host.worth() }
        case .confirmNav: order(OperatorCommand(.confirmNav), answer) { host, _ in host.worth() }
        case .status, .health, .orders, .positions, .fills, .stopEntries, .halt, .kill, .resume, .cancelAll, .flatten,
            .decidePosition, .cancel, .amend, .resolve, .pauseParent, .resumeParent, .cancelParent, .amendParent,
            .reconcile, .paperReset, .reload, .signal, .notices:
            preconditionFailure("Invariant: only orders to the risk gateway come here")
        }
    }

    typealias Answer = @Sendable (Result<JSONValue, ControlError>) -> Void

    /// Hands a command to the engine; `result` is made once the engine has carried it out.
    func order(
        _ command: OperatorCommand,
        _ answer: @escaping Answer,
        _ result: @escaping (EngineHost, OperatorReply) -> JSONValue
    ) {
        guard let ticket = offer(ticketed: command) else {
            return answer(.failure(ControlError(.busy, "too many commands wait; try again")))
        }
        waitingOrders[ticket] = PendingOrder(answer: answer, result: result)
        pump()
    }

    /// Answers those whose command the engine has had.
    func settleOrders() {
        for reply in node?.takeOperatorReplies() ?? [] {
            guard let waiting = waitingOrders.removeValue(forKey: reply.ticket) else { continue }
            if let refusal = reply.refusal {
                waiting.answer(.failure(refused(refusal)))
            } else if !reply.isJournaled {
                let reason = "the journal does not take it; nothing was changed"
                waiting.answer(.failure(ControlError(.journalUnavailable, reason)))
            } else {
                waiting.answer(.success(waiting.result(self, reply)))
            }
        }
    }

    private func onSymbol(
        _ action: OperatorAction,
        _ symbol: String?,
        _ answer: @escaping Answer,
        _ result: @escaping (EngineHost, OperatorReply) -> JSONValue
    ) {
        guard let symbol else { return order(OperatorCommand(action), answer, result) }
        let instruments = node?.configuration.engine.instruments ?? []
        guard let index = instruments.firstIndex(where: { $0.symbol == symbol }) else {
            let known = instruments.map(\.symbol).joined(separator: ", ")
            return answer(.failure(ControlError(.unknownSymbol, "is not one of \(known)", field: "symbol")))
        }
        order(OperatorCommand(action, instrument: InstrumentHandle(index)), answer, result)
    }

    private func onOrder(_ command: OperatorCommand, _ answer: @escaping Answer) {
        guard let found = node?.withEngine({ $0.order(command.order) }) ?? nil else {
            return answer(.failure(ControlError(.unknownOrder, "is no order of this engine", field: "order")))
        }
        var meant = command
        meant.instrument = found.instrument
        order(meant, answer) { host, _ in host.order(command.order) }
    }

    // MARK: - Reconciliation

    private func reconcile(_ answer: @escaping Answer) {
        guard offer(OperatorCommand(.reconcile)) else {
            return answer(.failure(ControlError(.busy, "too many commands wait; try again")))
        }
        let before = node?.withEngine { $0.counters.divergences } ?? 0
        let deadline = TimeSpan(nanoseconds: clock.elapsed.nanoseconds + TimeSpan.seconds(20).nanoseconds)
        reconciliations.append(
            PendingReconciliation(divergences: before, deadline: deadline) { answer(.success($0)) }
        )
        _ = loop.scheduleTask(in: .seconds(21)) { self.settleReconciliations([]) }
        pump()
    }

    /// Answers those who wait, once the venue was listed whole or the time is up.
    func settleReconciliations(_ notices: [NoticeEntry]) {
        if reconciliations.isEmpty { return }
        let isDone = notices.contains {
            if case .venueChanged(let record) = $0.notice { return record.condition == .reconciled }
            return false
        }
        let now = clock.elapsed
        let found = node?.withEngine { $0.counters.divergences } ?? 0
        reconciliations.removeAll { waiting in
            guard isDone || now >= waiting.deadline else { return false }
            waiting.answer(
                ["is_reconciled": .bool(isDone), "divergences": .integer(found - waiting.divergences)]
            )
            return true
        }
    }

    // MARK: - Configuration

    /// Takes a configuration that was resolved elsewhere: all of its changes or none. What is told as changed is in
    /// force, and in the journal.
    func reload(_ configuration: ResolvedConfiguration) -> Result<ConfigurationReload, ReloadFault> {
        loop.preconditionInEventLoop()
        guard let running = node?.configuration else { return .failure(.stopping) }
        switch configuration.reload(over: running) {
        case .failure(let errors): return .failure(.invalid(errors))
        case .success(let changes):
            if !changes.isEmpty {
                node?.offer(configuration: configuration)
                pump()
                guard node?.configuration == configuration else {
                    return .failure(.notJournaled(node?.journalFault.map { "\($0)" } ?? "it is lost"))
                }
            }
            let warnings = configuration.warnings + reloadNotes()
            return .success(ConfigurationReload(changes: changes, warnings: warnings))
        }
    }

    /// Before the end: cancels the entries that work or wait, at first and whenever one waits. Exits stay. Gives how
    /// many are left.
    func cancelEntries(isFirst: Bool) -> Int {
        if isFirst || waitingEntries > 0, offer(OperatorCommand(.cancelEntries)) { pump() }
        return liveEntries + waitingEntries
    }

    /// Entries that have no order yet.
    private var waitingEntries: Int {
        var count = 0
        node?.withEngine { engine in
            engine.forEachOpenParent { parent in
                if parent.child == .none, parent.stage != .tombstone, !parent.isReducing { count += 1 }
            }
        }
        return count
    }

    /// Live orders that can raise exposure.
    var liveEntries: Int {
        var count = 0
        node?.withEngine { engine in engine.forEachLiveOrder { if $0.isIncreasing { count += 1 } } }
        return count
    }

    var liveOrders: Int { node?.withEngine { $0.liveOrderCount } ?? 0 }
}
