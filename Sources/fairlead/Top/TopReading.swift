import FairleadModel
import FairleadPublication

/// What one look at an engine brought, before anything is made of it: the answers of its control socket, its state
/// files, the end of its log. Whatever is missing or of another shape is nil; a model is made of the rest.
struct TopReading: Sendable {
    var time: Timestamp
    var contact = TopModel.Contact.stopped
    /// Answers of a live engine.
    var status: JSONValue?
    var positions: JSONValue?
    var orders: JSONValue?
    /// The state files as they were found; nil where nothing was looked for.
    var files: StateSnapshot?
    /// How often the state files are made.
    var publishPeriod = TimeSpan.seconds(1)
    /// The newest last.
    var events: [TopModel.Event] = []
}

extension TopModel {
    /// Alarms older than this are history.
    private static let alarmAge = TimeSpan.hours(1)

    /// `typed`: a command line as a person would type it here.
    init(_ reading: TopReading, typed: (String) -> String) {
        self.init(time: reading.time)
        contact = reading.contact
        let status = reading.contact == .live ? reading.status : nil
        let risk = reading.files?.risk
        environment = status?["environment"]?.string ?? reading.files?.engine.environment
        engine = Engine(status: status, risk, cycle: reading.files?[.riskSnapshot].cycle)
        engine.mode = reading.files?.engine.mode
        account = Account(status: status, reading.files)
        let rows = status == nil ? nil : reading.positions?["positions"]?.array?.compactMap { Position($0) }
        positions = (rows ?? reading.files?.positions.rows?.map { Position($0) })?.sorted(by: Self.isWorse)
        orders = status == nil ? nil : Self.orders(reading.orders)
        // The rows were asked for a moment after the state: the counts are theirs, where they are told.
        let (live, unknown) = (orders?.count, orders?.count { $0.isUnknown })
        liveOrders = live.map { Int64($0) } ?? risk?.liveOrders.map { Int64(clamping: $0) }
        unknownOrders = unknown.map { Int64($0) } ?? risk?.unknownOrders.map { Int64(clamping: $0) }
        openIntents = status?["open_parents"]?.integer ?? reading.files?.engine.openParents.map { Int64(clamping: $0) }
        router = reading.files.flatMap { Router($0) }
        addDiagnostics(reading.files)
        events = reading.events
        let since = reading.time.nanoseconds - Self.alarmAge.nanoseconds
        alarms = reading.events.filter { $0.isAlarm && ($0.time?.nanoseconds ?? .min) >= since }.reversed()
        files = Files(reading, sequence: status?["sequence"]?.integer)
        attention = judged(status?["attention"]?.array, typed)
        if contact != .live, let found = reading.files { attention += Self.damage(found, typed) }
    }

    private mutating func addDiagnostics(_ snapshot: StateSnapshot?) {
        guard let snapshot else { return }
        areDiagnosticsOff = snapshot[.diagnostics].value["runtime_diagnostics"]?.object?.isEmpty == true
        let diagnostics = snapshot.runtimeDiagnostics
        if diagnostics.isEmpty { return }
        exits = Exits(diagnostics.exits)
        vetoes = Vetoes(diagnostics.vetoes)
        liveness = LivenessWatch.allCases.map { Watch($0, diagnostics.liveness[$0]) }
    }

    /// What the engine told, or what there is to say of one that tells nothing.
    private func judged(_ told: [JSONValue]?, _ typed: (String) -> String) -> [Attention] {
        var rows: [Attention] = []
        let open = positions?.count ?? 0
        switch contact {
        case .live:
            return (told ?? []).compactMap { row in
                row["what"]?.string.map { Attention(what: $0, next: typed(row["next"]?.string ?? "")) }
            }
        case .silent(let reason):
            rows.append(Attention(what: "the engine gives no answer (\(reason))", next: typed("fairlead doctor")))
        case .stopped:
            rows.append(Attention(what: "no engine runs here: nothing is traded", next: typed("fairlead run")))
            if open > 0 {
                let what = "\(open) positions were open: nothing watches their stops now"
                rows.append(Attention(what: what, next: typed("fairlead positions")))
            }
            if let liveOrders, liveOrders > 0 {
                let what = "\(liveOrders) orders were live: they may still fill at the venue"
                rows.append(Attention(what: what, next: typed("fairlead orders")))
            }
        }
        if let state = engine.state, state != "active" {
            rows.append(Attention(what: "when last heard of it was \(state) (\(engine.cause ?? "?"))", next: ""))
        }
        return rows
    }

    /// What can't be told because its file is damaged, and what has it instead.
    private static func damage(_ files: StateSnapshot, _ typed: (String) -> String) -> [Attention] {
        let found = files.faults.filter { $0.fault != .missing }
        let damaged = found.map(\.file)
        func word(_ file: StateFile) -> String {
            if case .unreadable(let reason) = found.first(where: { $0.file == file })?.fault {
                return "can't be read (\(reason))"
            }
            return "is damaged"
        }
        var rows: [Attention] = []
        if damaged.contains(.riskSnapshot) {
            let what = "risk_snapshot.json \(word(.riskSnapshot)): whether it was halted is not known"
            rows.append(Attention(what: what, next: typed("fairlead state validate")))
        }
        if damaged.contains(.positionsState) {
            let what = "positions_state.json \(word(.positionsState)): the journal has the positions"
            rows.append(Attention(what: what, next: typed("fairlead positions")))
        }
        let others = damaged.filter { $0 != .riskSnapshot && $0 != .positionsState }
        if let first = others.first {
            let more = others.count > 1 ? ", and \(others.count - 1) more" : ""
            let what = "\(first.fileName) \(word(first))\(more)"
            rows.append(Attention(what: what, next: typed("fairlead state validate")))
        }
        return rows
    }

    static func time(_ value: JSONValue?) -> Timestamp? {
        guard let text = value?.string else { return nil }
        do throws(TimestampError) { return try Timestamp(text: text) } catch { return nil }
    }

    /// A ratio or an average: state files write numbers, the control socket exact texts.
    static func number(_ value: JSONValue?) -> Double? {
        number(value?.lexeme ?? value?.string)
    }

    static func number(_ text: String?) -> Double? {
        guard let text, let number = Double(text), number.isFinite else { return nil }
        return number
    }
}

extension TopModel.Engine {
    fileprivate init(status: JSONValue?, _ risk: RiskView?, cycle: UInt64?) {
        guard let status else {
            state = risk?.tradingState?.name
            cause = risk?.cause
            isFrozen = risk?.isFrozen ?? false
            sequence = cycle.map { Int64(clamping: $0) }
            return
        }
        state = status["trading_state"]?.string
        cause = status["trading_state_cause"]?.string
        isFrozen = status["is_frozen"]?.bool ?? false
        engaged = (status["engaged"]?.array ?? []).compactMap(\.string)
        isHealthy = status["is_healthy"]?.bool
        isConnected = status["is_connected"]?.bool
        isReconciled = status["is_reconciled"]?.bool
        epoch = status["epoch"]?.integer
        sequence = status["sequence"]?.integer
        uptimeSeconds = status["uptime_s"]?.integer
    }
}

extension TopModel.Account {
    fileprivate init(status: JSONValue?, _ files: StateSnapshot?) {
        let risk = files?.risk
        grossExposure = risk?.grossExposureRatio
        guard let status else {
            let account = files?.account
            nav = account?.nav?.description
            currency = account?.currency
            drawdown = account?.drawdown
            drawdownState = account?.drawdownState?.name
            riskMode = risk?.mode?.name
            resultToday = account?.resultToday?.description
            unrealized = account?.unrealized?.description
            return
        }
        nav = status["nav"]?.string
        currency = status["currency"]?.string
        drawdown = TopModel.number(status["drawdown_ratio"])
        drawdownState = status["dd_state"]?.string
        riskMode = status["risk_mode"]?.string
        resultToday = status["result_today"]?.string
        unrealized = status["unrealized_pnl"]?.string
        navJump = status["nav_jump"]?.string
    }
}

extension TopModel.Files {
    /// Files may be so many periods old (OPERATIONS: the stale banner).
    private static let stalePeriods: Int64 = 3

    fileprivate init(_ reading: TopReading, sequence: Int64?) {
        let shown: [StateFile] = [.diagnostics, .routerHealth, .riskSnapshot, .nav]
        let documents = shown.compactMap { reading.files?[$0] }.filter { $0.fault == nil }
        guard let oldest = documents.compactMap(\.updated).min() else { return }
        updated = oldest
        guard let sequence else { return }
        // A quiet engine publishes nothing new: what stands at its own sequence is its present.
        let isPresent = documents.allSatisfy { $0.cycle.map { Int64(clamping: $0) } == sequence }
        let limit = reading.publishPeriod.nanoseconds * Self.stalePeriods
        isStale = !isPresent && reading.time.nanoseconds - oldest.nanoseconds > limit
    }
}

// MARK: - Positions and orders

extension TopModel {
    /// Those in danger first: without a stop, then by what they lose.
    fileprivate static func isWorse(_ a: Position, _ b: Position) -> Bool {
        let (isBare, isOtherBare) = (a.stopLoss == nil && !a.isIgnored, b.stopLoss == nil && !b.isIgnored)
        if isBare != isOtherBare { return isBare }
        let (first, second) = (number(a.unrealized) ?? 0, number(b.unrealized) ?? 0)
        return first == second ? (a.symbol, a.side) < (b.symbol, b.side) : first < second
    }

    fileprivate static func orders(_ answer: JSONValue?) -> [Order]? {
        guard let rows = answer?["orders"]?.array else { return nil }
        return rows.compactMap { Order($0) }.sorted { a, b in
            let first = (a.isUnknown ? 0 : 1, a.created?.nanoseconds ?? .max)
            let second = (b.isUnknown ? 0 : 1, b.created?.nanoseconds ?? .max)
            return first == second ? a.id < b.id : first < second
        }
    }
}

extension TopModel.Position {
    /// A row of the control socket's answer.
    fileprivate init?(_ row: JSONValue) {
        guard let symbol = row["symbol"]?.string, let quantity = row["quantity"]?.string else { return nil }
        self.symbol = symbol
        side = Self.side(row["position_side"]?.string, quantity)
        self.quantity = Self.size(quantity)
        entry = row["average_price"]?.string
        mark = row["mark_price"]?.string
        notional = row["notional"]?.string
        unrealized = row["unrealized_pnl"]?.string
        unrealizedRatio = Self.ratio(unrealized, notional)
        stopLoss = row["stop_loss"]?.string
        takeProfit = row["take_profit"]?.string
        resultAtStop = row["pnl_at_stop_loss"]?.string
        since = TopModel.time(row["since_ts"])
        external = row["external"]?.string
    }

    /// A row of positions_state.json.
    fileprivate init(_ row: PositionView) {
        let quantity = row.quantity?.description ?? "?"
        symbol = row.symbol ?? "?"
        side = Self.side(row.side?.name, quantity)
        self.quantity = Self.size(quantity)
        entry = row.entryPrice?.description
        mark = row.markPrice?.description
        notional = row.notional?.description
        unrealized = row.unrealized?.description
        unrealizedRatio = row.unrealizedShare
        stopLoss = row.stopLoss?.description
        takeProfit = row.takeProfit?.description
        since = row.created
        external = row.external?.name
    }

    private static func side(_ name: String?, _ quantity: String) -> String {
        name == "SHORT" || quantity.hasPrefix("-") ? "short" : "long"
    }

    private static func size(_ quantity: String) -> String { String(quantity.drop { $0 == "-" }) }

    /// The result over the cost: what it is worth at the mark less what it has made. For the eye only.
    private static func ratio(_ unrealized: String?, _ notional: String?) -> Double? {
        guard let result = TopModel.number(unrealized), let worth = TopModel.number(notional), worth != result else {
            return nil
        }
        return result / abs(worth - result)
    }
}

extension TopModel.Order {
    fileprivate init?(_ row: JSONValue) {
        guard let id = row["client_order_id"]?.string, let state = row["state"]?.string else { return nil }
        self.id = id
        self.state = state
        symbol = row["symbol"]?.string ?? "?"
        side = row["side"]?.string ?? "?"
        type = row["order_type"]?.string ?? "?"
        condition = row["condition"]?.string
        trigger = row["trigger_price"]?.string
        price = row["price"]?.string
        quantity = row["quantity"]?.string ?? "?"
        filled = row["filled"]?.string ?? "?"
        created = TopModel.time(row["created_ts"])
    }
}

// MARK: - State files

extension TopModel.Router {
    fileprivate init?(_ files: StateSnapshot) {
        let global = files.routerGlobalQuality
        guard !global.isEmpty || files.routerSymbolQualities != nil else { return nil }
        score = global.score
        slippageBps = global.averageSlippageBps
        latencyMilliseconds = global.averageLatencyMilliseconds
        let warnings = files.health.symbols ?? []
        // The worst first; those without a score have nothing to tell yet.
        symbols = (files.routerSymbolQualities ?? []).map { row in
            Symbol(row, warnings: warnings.first { $0.symbol == row.symbol }?.warnings ?? [])
        }.sorted { a, b in (a.score ?? .infinity, a.symbol) < (b.score ?? .infinity, b.symbol) }
    }
}

extension TopModel.Router.Symbol {
    fileprivate init(_ row: RouterQuality, warnings: [String]) {
        symbol = row.symbol ?? "?"
        score = row.score
        quality = row.policy.quality?.name
        slippageBps = row.averageSlippageBps
        latencyMilliseconds = row.averageLatencyMilliseconds
        makerFillRate = row.policy.makerFillRate
        fallbackRate = row.policy.fallbackRate
        isMakerFirst = row.policy.makerFirst
        self.warnings = warnings
    }
}

extension TopModel.Exits {
    fileprivate init?(_ view: ExitPipelineView) {
        if view == ExitPipelineView() { return nil }
        coverage = view.coverage
        quantityCoverage = view.quantityCoverage
        underwater = view.underwaterWithoutLevels.map { Int64(clamping: $0) }
        hasMismatch = view.hasMismatch
    }
}

extension TopModel.Vetoes {
    fileprivate init?(_ view: VetoCountersView) {
        if view == VetoCountersView() { return nil }
        signals = view.signals.map { Int64(clamping: $0) }
        total = view.vetoes.map { Int64(clamping: $0) }
        windowSignals = view.windowSignals.map { Int64(clamping: $0) }
        windowVetoes = view.windowVetoes.map { Int64(clamping: $0) }
        reasons = (view.byReason ?? []).map { row in
            let inWindow = view.windowByReason.map { rows in rows.first { $0.name == row.name }?.count ?? 0 }
            return Reason(
                name: row.name,
                inWindow: inWindow.map { Int64(clamping: $0) },
                total: row.count.map { Int64(clamping: $0) }
            )
        }
        reasons.sort { a, b in (b.inWindow ?? 0, b.total ?? 0, a.name) < (a.inWindow ?? 0, a.total ?? 0, b.name) }
    }
}

extension TopModel.Watch {
    fileprivate init(_ watch: LivenessWatch, _ row: LivenessView.Row) {
        name = watch.rawValue
        state =
            if row.isMissing == true {
                .never
            } else if row.isSkewed == true || row.isInvalid == true {
                .skewed
            } else {
                switch row.isIdle {
                case true?: .idle
                case false?: row.ageSeconds == nil ? .off : .ok
                case nil: .unknown
                }
            }
        // A missing time counts as the bound and a second: no age of anything.
        ageSeconds = state == .never ? nil : row.ageSeconds
    }
}
