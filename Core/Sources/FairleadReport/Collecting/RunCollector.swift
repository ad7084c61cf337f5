public import FairleadMarketData
public import FairleadModel
public import FairleadNode

/// What a report shows of a run, gathered while it runs. Its memory depends on the configuration, never on the tape's
/// length: times are kept in at most `BucketClock.limit` pieces, lists up to a named length and counted beyond it.
///
/// Two runs that see the same give the same, killed and resumed or not.
public final class RunCollector: BacktestObserver {
    /// Orders told one by one; the rest is counted.
    static let orderLimit = 200
    /// Reasons of refused signals told with an example each.
    static let refusalLimit = 20

    let instruments: [Instrument]
    private(set) var clock = BucketClock()
    private(set) var equity = Buckets<EquityBucket>()
    private(set) var symbols: [SymbolPicture]
    private(set) var strategies: [StrategyTally] = []
    private(set) var vetoes = [VetoTally](repeating: VetoTally(), count: VetoReason.allCases.count)
    private(set) var refusals: [RefusalTally] = []
    /// In the order of `RoutedAs`.
    private(set) var routes = [TradeTally](repeating: TradeTally(), count: RoutedAs.allCases.count)
    private(set) var trades = TradeTally()
    private(set) var orders: [OrderLine] = []
    private(set) var orderCount: UInt64 = 0
    /// Acknowledged signals of the engine's own making: exits of levels, flattens, the screener's.
    private(set) var internalSignals: UInt64 = 0
    /// Signals that could not be read: whose they are is not known.
    private(set) var unreadSignals: UInt64 = 0
    /// Parents that no strategy asked for: levels that were reached, and flattens by a person.
    private(set) var ownTrades = TradeTally()
    /// The account as it was measured last; nil before the first time.
    public private(set) var profit: ProfitRecord?
    /// The deepest share of the NAV's peak that was lost at a measurement, and when.
    public private(set) var deepestDrawdown = Rate.zero
    private(set) var deepestDrawdownTime = Timestamp.never
    private(set) var tradingStates: [(time: Timestamp, record: TradingStateRecord)] = []
    private(set) var alarms = [UInt64](repeating: 0, count: AlarmKind.allCases.count)
    private(set) var firstTime = Timestamp.never
    private(set) var lastTime = Timestamp.never

    /// Only looked up, never walked.
    private var orderPlaces: [ClientOrderID: Int] = [:]
    private var received: ReceivedSignal?
    /// The first broken row of the decision that is being told.
    private var broken: [RiskRow] = []

    public init(_ instruments: [Instrument]) {
        self.instruments = instruments
        symbols = instruments.map { _ in SymbolPicture() }
    }

    /// How much of what was approved was filled, over ended parents that knew their price at arrival; nil without one.
    public var fillRatio: Double? { trades.fillRatio }

    // MARK: - What is seen

    public func played(_ record: MarketRecord) {
        if !firstTime.isKnown { firstTime = record.time }
        lastTime = record.time
        switch record.content {
        case .quote(let quote, _):
            guard quote.bid.raw > 0, quote.bid < quote.ask else { return }
            let index = Int(quote.instrument.index)
            symbols[index].hasQuotes = true
            let place = place(record.time)
            symbols[index].prices[place].include(Price.middle(quote.bid, quote.ask).raw)
        case .trade(let trade, let conditions):
            // A tape without quotes has its trades for a price.
            let index = Int(trade.instrument.index)
            guard !symbols[index].hasQuotes, conditions.isDisjoint(with: .pricedElsewhere) else { return }
            let place = place(record.time)
            symbols[index].prices[place].include(trade.price.raw)
        case .mark, .bar, .depth: return
        }
    }

    public func received(_ signal: ReceivedSignal) {
        received = signal
        if let refusal = signal.refusal { refuse(signal, refusal) }
    }

    public func noticed(_ notice: Notice, at time: Timestamp) {
        switch notice {
        case .acknowledged(let acknowledgement): add(acknowledgement, at: time)
        case .riskRow(let row):
            if row.status == .broken, broken.count < VetoReason.allCases.count { broken.append(row) }
        case .riskDecided: break
        case .orderChanged(let change): add(change, at: time)
        case .filled(let fill): add(fill, at: time)
        case .positionChanged(let position): add(position, at: time)
        case .profitMeasured(let profit): add(profit, at: time)
        case .parentClosed(let parent): add(parent)
        case .tradingStateChanged(let record):
            if tradingStates.count < Self.refusalLimit { tradingStates.append((time, record)) }
        case .alarm(let alarm): alarms[Int(alarm.kind.rawValue)] += 1
        case .sized, .routed, .armChosen, .levelChanged, .riskModeChanged, .divergence, .operatorRefused, .venueChanged,
            .policyComputed, .barClosed, .funded, .fillMeasured, .markoutMeasured, .shortfallMeasured,
            .progressed, .tradeClosed, .riskChanged, .positionDecided:
            break
        }
    }

    @inline(__always) private func place(_ time: Timestamp) -> Int {
        let (index, doublings) = clock.place(time)
        if doublings > 0 { for _ in 0..<min(doublings, 12) { double() } }
        return index
    }

    private func double() {
        equity.double()
        for index in symbols.indices { symbols[index].double() }
    }

    // MARK: - Signals

    private func add(_ acknowledgement: SignalAcknowledgement, at time: Timestamp) {
        defer { broken.removeAll(keepingCapacity: true) }
        var signalID = ""
        if let received, received.number == acknowledgement.number {
            signalID = received.signalID
            guard received.refusal == nil else {
                unreadSignals += 1
                return
            }
            let row = strategy(received.strategy)
            strategies[row].signals += 1
            strategies[row].dispositions[Int(acknowledgement.disposition.rawValue)] += 1
        } else {
            internalSignals += 1
        }
        guard let reason = acknowledgement.vetoes.primary else { return }
        let index = Int(reason.rawValue)
        vetoes[index].count += 1
        guard vetoes[index].example == nil else { return }
        vetoes[index].example = VetoTally.Example(
            signalID: signalID,
            number: acknowledgement.number,
            instrument: acknowledgement.instrument,
            time: time,
            row: broken.first { $0.rule == reason && $0.number == acknowledgement.number }
        )
    }

    private func strategy(_ handle: StrategyHandle) -> Int {
        let index = Int(handle.index)
        while strategies.count <= index { strategies.append(StrategyTally()) }
        return index
    }

    /// By the first fault's field, as in `size.kelly: is not supported`.
    private func refuse(_ signal: ReceivedSignal, _ refusal: String) {
        let field = String(refusal.prefix { $0 != ":" })
        if let at = refusals.firstIndex(where: { $0.field == field }) {
            refusals[at].count += 1
        } else if refusals.count < Self.refusalLimit {
            refusals.append(RefusalTally(field: field, count: 1, signalID: signal.signalID, text: refusal))
        } else {
            refusals[Self.refusalLimit - 1].others += 1
        }
    }

    // MARK: - Trading

    private func multiplier(_ instrument: InstrumentHandle) -> Int32 {
        let index = Int(instrument.index)
        return index < instruments.count ? instruments[index].terms.multiplier : 1
    }

    private func add(_ change: OrderChange, at time: Timestamp) {
        if let at = orderPlaces[change.id] {
            orders[at].change = change
            return
        }
        guard change.from == .created else { return }
        orderCount += 1
        guard orders.count < Self.orderLimit else { return }
        orderPlaces[change.id] = orders.count
        orders.append(OrderLine(since: time, change: change))
    }

    private func add(_ fill: FillRecord, at time: Timestamp) {
        let index = Int(fill.execution.instrument.index)
        guard index < symbols.count else { return }
        let place = place(time)
        symbols[index].trades.add(fill, multiplier: multiplier(fill.execution.instrument))
        symbols[index].realized += Money(raw8: fill.realized)
        symbols[index].include(fill.execution, place)
    }

    private func add(_ position: PositionRecord, at time: Timestamp) {
        let index = Int(position.instrument.index)
        guard index < symbols.count else { return }
        let place = place(time)
        symbols[index].include(position, place)
    }

    private func add(_ record: ProfitRecord, at time: Timestamp) {
        profit = record
        guard let nav = record.nav else { return }
        let place = place(time)
        equity[place].nav.include(nav)
        guard let drawdown = record.drawdown, drawdown > .zero else { return }
        equity[place].drawdown = max(equity[place].drawdown, drawdown.raw)
        if drawdown > deepestDrawdown { (deepestDrawdown, deepestDrawdownTime) = (drawdown, time) }
    }

    private func add(_ parent: ParentRecord) {
        let multiplier = multiplier(parent.instrument)
        trades.add(parent, multiplier: multiplier)
        routes[Int(parent.routedAs.rawValue)].add(parent, multiplier: multiplier)
        switch parent.source {
        case .file, .standardInput, .commandLine, .screener:
            let row = strategy(parent.strategy)
            strategies[row].trades.add(parent, multiplier: multiplier)
        case .exitScanner, .flatten: ownTrades.add(parent, multiplier: multiplier)
        }
    }
}

/// Signals that could not be decoded, by the field of their first fault.
struct RefusalTally {
    var field: String
    var count: UInt64
    /// Of the first one.
    var signalID: String
    var text: String
    /// With fields that found no room in the list; only in its last row.
    var others: UInt64 = 0
}

/// A symbol over the run: its price, our fills on it, our position.
struct SymbolPicture {
    var hasQuotes = false
    var prices = Buckets<RangeBucket>()
    /// Made with the first fill: buy maker, buy taker, sell maker, sell taker.
    private(set) var fills: [Buckets<FillBucket>] = []
    /// By position side, in 10^-8, made with the first change.
    private(set) var positions: [Buckets<RangeBucket>?] = [nil, nil, nil]
    /// What is held at the end, by position side.
    private(set) var held = [PositionRecord?](repeating: nil, count: 3)
    var trades = TradeTally()
    var realized = Money.zero

    mutating func include(_ execution: Execution, _ place: Int) {
        if fills.isEmpty { fills = (0..<4).map { _ in Buckets<FillBucket>() } }
        fills[Int(execution.side.rawValue) * 2 + Int(execution.liquidity.rawValue)][place].include(execution)
    }

    mutating func include(_ record: PositionRecord, _ place: Int) {
        let row = Int(record.positionSide.rawValue)
        held[row] = record
        var buckets = positions[row] ?? Buckets<RangeBucket>()
        positions[row] = nil
        buckets[place].include(record.quantity.raw)
        positions[row] = buckets
    }

    mutating func double() {
        prices.double()
        for index in fills.indices { fills[index].double() }
        for row in positions.indices { positions[row]?.double() }
    }
}
