import FairleadEngine
import FairleadModel
import Testing

/// What passes in which trading state, on one page: a row a state and how it came, a column what is asked for.
///
///     sent    an order, a cancel or an amendment leaves
///     exit    of a flip, only the leg that reduces leaves
///     held    the amendment doesn't leave, and the order stays what it is
///     ended   the state itself has cancelled the order: there is nothing left to ask for
///     others  the reason of the veto, or the outcome of the parent that went no further
///
/// `exit_leg` is the next piece of an exit at work, `fallback` the taker leg of a maker-first parent at work.
private let page = """
    state          entry       flip        exit        flatten     stop_loss   take_profit exit_leg
    active         sent        sent        sent        sent        sent        sent        sent
    stop_entries   kill_switch exit        sent        sent        sent        sent        sent
    stale_venue    kill_switch waits       waits       waits       waits       waits       waits
    halt           kill_switch exit        sent        sent        sent        sent        sent
    reject_storm   kill_switch exit        sent        sent        sent        sent        sent
    freeze         kill_switch kill_switch kill_switch kill_switch kill_switch kill_switch kill_switch
    halt_all       kill_switch kill_switch kill_switch kill_switch kill_switch kill_switch kill_switch
    kill           kill_switch exit        sent        sent        sent        sent        sent
    freeze_kill    kill_switch kill_switch kill_switch kill_switch kill_switch kill_switch kill_switch
    kill_all       kill_switch kill_switch kill_switch kill_switch kill_switch kill_switch kill_switch
    resumed        sent        sent        sent        sent        sent        sent        sent

    state          cancel      cancel_exit amend_up    amend_down  amend_exit  shrink_exit fallback
    active         sent        sent        sent        sent        sent        sent        sent
    stop_entries   sent        sent        held        sent        sent        sent        kill_switch
    stale_venue    sent        sent        held        held        held        held        kill_switch
    halt           ended       sent        ended       ended       sent        sent        kill_switch
    reject_storm   ended       sent        ended       ended       sent        sent        kill_switch
    freeze         ended       sent        ended       ended       held        held        kill_switch
    halt_all       ended       sent        ended       ended       held        held        kill_switch
    kill           ended       sent        ended       ended       sent        sent        kill_switch
    freeze_kill    ended       sent        ended       ended       held        held        kill_switch
    kill_all       ended       sent        ended       ended       held        held        kill_switch
    resumed        ended       sent        ended       ended       sent        sent        kill_switch
    """

/// A trading state and the way into it.
private enum Situation: String, CaseIterable {
    case active, resumed, halt, freeze, kill
    case stopEntries = "stop_entries"
    /// `reducing`, by itself: the venue was away for longer than `stale_venue` allows.
    case staleVenue = "stale_venue"
    case rejectStorm = "reject_storm"
    /// `halt_allows_reduce` is off: `halt` and `kill` hold exits as well.
    case haltAll = "halt_all"
    case killAll = "kill_all"
    case freezeKill = "freeze_kill"

    var state: TradingState {
        switch self {
        case .active, .resumed: .active
        case .stopEntries, .staleVenue: .reducing
        case .halt, .freeze, .haltAll, .rejectStorm: .halted
        case .kill, .killAll, .freezeKill: .killed
        }
    }

    func configure(_ configuration: inout EngineConfiguration) {
        configuration.risk.allowsPyramiding = true
        switch self {
        case .haltAll, .killAll: configuration.risk.haltAllowsReduce = false
        case .rejectStorm:
            configuration.risk.rejectStormCount = 1
            // Another symbol's storm: what halts is the account.
            var other = configuration.instruments[0]
            other.symbol = "ETHUSDT"
            configuration.add(other)
        case .active, .resumed, .halt, .freeze, .kill, .stopEntries, .staleVenue, .freezeKill: break
        }
    }

    func engage(_ bench: inout EngineBench) throws {
        switch self {
        case .active: break
        case .stopEntries: bench.feed(.operated(OperatorCommand(.stopEntries)))
        case .halt, .haltAll: bench.feed(.operated(OperatorCommand(.halt)))
        case .freeze: bench.feed(.operated(OperatorCommand(.haltFrozen)))
        case .kill, .killAll: bench.feed(.operated(OperatorCommand(.kill)))
        case .freezeKill:
            bench.feed(.operated(OperatorCommand(.haltFrozen)))
            bench.feed(.operated(OperatorCommand(.kill)))
        case .resumed:
            bench.feed(.operated(OperatorCommand(.halt)))
            bench.feed(.operated(OperatorCommand(.resume)))
        case .staleVenue:
            bench.feed(.venueDisconnected(.paper))
            bench.wait(.milliseconds(11_000))
            bench.quote(bid: 1000, ask: 1001)
        case .rejectStorm:
            bench.quote(bid: 1000, ask: 1001, of: InstrumentHandle(1))
            bench.signal(.buy, 70) {
                $0.instrument = InstrumentHandle(1)
                $0.style = .taker
            }
            bench.reject(try #require(bench.submissions.first), .insufficientMargin)
        }
    }
}

/// What is asked for, as the page's columns.
private enum Request: String, CaseIterable {
    case entry, flip, exit, flatten, cancel, fallback
    case stopLoss = "stop_loss"
    case takeProfit = "take_profit"
    case exitLeg = "exit_leg"
    case cancelExit = "cancel_exit"
    case amendUp = "amend_up"
    case amendDown = "amend_down"
    case amendExit = "amend_exit"
    case shrinkExit = "shrink_exit"

    /// What must be there before the state is engaged; gives the order that the request is about.
    func prepare(_ bench: inout EngineBench) throws -> OrderSubmission? {
        switch self {
        case .entry: return nil
        case .flip, .exit, .flatten, .stopLoss, .takeProfit:
            try bench.openLong()
            return nil
        case .exitLeg:
            try bench.openLong()
            bench.signal(.sell, 100) { $0.intent = .exit }
            let exit = try #require(bench.submissions.first)
            return exit
        case .cancel, .amendUp, .amendDown: return try bench.rest(.buy, at: 995, .entry)
        case .cancelExit, .amendExit, .shrinkExit:
            try bench.openLong()
            return try bench.rest(.sell, at: 1008, .exit)
        case .fallback:
            bench.signal(.buy, 100)
            let maker = try #require(bench.submissions.first)
            bench.accept(maker)
            return maker
        }
    }

    /// Asks, and gives the word of the page.
    func ask(_ bench: inout EngineBench, _ order: OrderSubmission?) throws -> String {
        switch self {
        case .entry:
            bench.signal(.buy, 50)
            return bench.verdict
        case .flip:
            bench.signal(.sell, 150)
            guard let exit = bench.submissions.first else { return bench.verdict }
            #expect(exit.reduceOnly && exit.quantity == EngineBench.quantity(100))
            bench.fill(exit, 100, at: 1000, .taker)
            return bench.submissions.isEmpty ? "exit" : "sent"
        case .exit: bench.signal(.sell, 100) { $0.intent = .exit }
        case .flatten: bench.feed(.operated(OperatorCommand(.flatten)))
        case .stopLoss: bench.quote(bid: 980, ask: 981)
        case .takeProfit: bench.quote(bid: 1010, ask: 1011)
        case .exitLeg: bench.cancelled(try #require(order), filled: 0, .immediateOrCancel)
        case .cancel, .cancelExit: return try bench.asks(.cancelOrder, of: order)
        case .amendUp: return try bench.asks(.amendOrder, of: order, price: 996)
        case .amendDown: return try bench.asks(.amendOrder, of: order, lots: 60)
        case .amendExit: return try bench.asks(.amendOrder, of: order, price: 1007)
        case .shrinkExit: return try bench.asks(.amendOrder, of: order, lots: 60)
        case .fallback:
            let maker = try #require(order)
            if bench.engine.order(maker.id)?.state != .pendingCancel {
                bench.wait(.milliseconds(9_500))
                bench.quote(bid: 1000, ask: 1001)
                bench.wait(.milliseconds(500))
            }
            #expect(bench.engine.order(maker.id)?.state == .pendingCancel)
            bench.cancelled(maker, filled: 0)
        }
        // What leaves now only reduces, but for the one column that says otherwise.
        #expect(self == .fallback || bench.submissions.allSatisfy { $0.reduceOnly && !$0.isIncreasing })
        return bench.verdict
    }
}

extension EngineBench {
    /// Long 100 with a stop at 98.5 and a profit at 101.
    fileprivate mutating func openLong() throws {
        signal(.buy, 100) {
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(1010), fraction: .one))
            $0.stopLoss = EngineBench.price(985)
        }
        fill(try #require(submissions.first), 100, at: 1000)
    }

    /// An accepted limit order of 100 at the venue.
    fileprivate mutating func rest(_ side: Side, at price: Int64, _ intent: Intent) throws -> OrderSubmission {
        signal(side, 100) {
            $0.intent = intent
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(price)
        }
        let order = try #require(submissions.first)
        accept(order)
        return order
    }

    /// A person asks for a cancel or an amendment of a resting order.
    fileprivate mutating func asks(
        _ action: OperatorAction,
        of order: OrderSubmission?,
        price: Int64 = 0,
        lots: Int64 = 0
    ) throws -> String {
        let order = try #require(order)
        if engine.order(order.id)?.state == .pendingCancel { return "ended" }
        feed(
            .operated(
                OperatorCommand(action, order: order.id, price: Self.price(price), quantity: Self.quantity(lots))
            )
        )
        if !commands.isEmpty { return "sent" }
        #expect(engine.order(order.id)?.state == .working)
        return "held"
    }

    /// What became of a signal or a parent.
    fileprivate var verdict: String {
        if !submissions.isEmpty { return "sent" }
        if let reason = acknowledgements.first?.vetoes.primary { return reason.name }
        if engine.openParentCount > 0 { return "waits" }
        return closed.last?.outcome.name ?? "nothing"
    }
}

/// The page with each cell as it was observed: printed where it differs, to be read or to replace it.
private func observedPage() throws -> String {
    var lines: [String] = []
    var columns: [Request] = []
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
        let words = line.split(separator: " ").map(String.init)
        guard let first = words.first, first != "state" else {
            columns = try words.dropFirst().map { try #require(Request(rawValue: $0)) }
            lines.append(String(line))
            continue
        }
        let situation = try #require(Situation(rawValue: first))
        var cells = [first.padded(14)]
        for request in columns {
            var bench = EngineBench.trading(situation.configure)
            let order = try request.prepare(&bench)
            try situation.engage(&bench)
            #expect(bench.engine.tradingState == situation.state, "\(first)")
            let sends = bench.engine.counters.increasingSends
            cells.append(try request.ask(&bench, order).padded(11))
            // The table's promise in one number: nothing that increases leaves outside of `active`.
            if situation.state != .active { #expect(bench.engine.counters.increasingSends == sends, "\(first)") }
        }
        var text = cells.joined(separator: " ")
        while text.last == " " { text.removeLast() }
        lines.append(text)
    }
    return lines.joined(separator: "\n")
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// Goal: in each trading state exactly that passes which SPEC 4 lets pass. Method: for every cell of the page an engine
/// of its own: prepare, engage the state, ask; then page and observation must be the same text.
@Test("kill_switch: each trading state and what passes, as a page") func tradingStatesAsAPage() throws {
    let observed = try observedPage()
    #expect(observed == page, "observed:\n\(observed)")
    for request in Request.allCases { #expect(page.contains(request.rawValue)) }
    for situation in Situation.allCases { #expect(page.contains("\n\(situation.rawValue) "), "\(situation.rawValue)") }
}

/// Goal: `reducing` ends by itself where the venue was its cause, and only then. Method: lose the venue for longer than
/// allowed and come back; the same after an operator's word.
@Test(arguments: [false, true]) func reducingEndsByItself(isOperatorsToo: Bool) {
    var bench = EngineBench.trading()
    bench.feed(.venueDisconnected(.paper))
    bench.wait(.milliseconds(9_000))
    #expect(bench.engine.tradingState == .active)
    bench.wait(.milliseconds(2_000))
    #expect(bench.engine.tradingState == .reducing)
    #expect(bench.engine.tradingStateCause == .staleVenue)
    if isOperatorsToo { bench.feed(.operated(OperatorCommand(.stopEntries))) }
    bench.connect(session: 2)
    #expect(bench.engine.tradingState == (isOperatorsToo ? .reducing : .active))
}

/// Goal: `killed` survives a restart, and everything but an operator's word. Method: kill, open a new epoch, reconnect
/// and reconcile, ask for an entry.
@Test func killedSurvivesARestart() {
    var bench = EngineBench.trading()
    bench.feed(.operated(OperatorCommand(.kill)))
    bench.feed(.epochOpened(Epoch(number: 2)))
    bench.connect(session: 2)
    bench.quote(bid: 1000, ask: 1001)
    #expect(bench.engine.tradingState == .killed)
    bench.signal(.buy, 100)
    #expect(bench.acknowledgements.first?.vetoes.primary == .killSwitch)
    bench.feed(.operated(OperatorCommand(.resume)))
    bench.signal(.buy, 100)
    #expect(bench.submissions.count == 1)
}
