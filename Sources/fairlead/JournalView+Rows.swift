import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime
import FairleadStore

// What the readers ask.
extension JournalView {
    func positions() throws -> (value: JSONValue, time: Timestamp) {
        try atEnd { ["environment": "paper", "positions": .array(PositionView.rows($0, $1))] }
    }

    /// Orders that live at the journal's end.
    func liveOrders() throws -> (value: JSONValue, time: Timestamp) {
        try atEnd { engine, instruments in
            var rows: [JSONValue] = []
            engine.forEachLiveOrder { order in
                rows.append(OrderView.live(order, symbol: instruments[Int(order.instrument.index)].symbol))
            }
            return [
                "environment": "paper", "orders": .array(rows),
                "parents": .array(ParentView.rows(engine, instruments)),
            ]
        }
    }

    /// A slip in a symbol must not look like one without fills.
    func require(symbol: String) throws {
        let known = try configuration().engine.instruments.map(\.symbol)
        if known.contains(symbol) { return }
        let meant = Suggestion.nearest(to: symbol, in: known).map { "; did you mean \($0)?" } ?? ""
        let reason = "--symbol: \(LogLine.plain(symbol)) is not one of \(known.joined(separator: ", "))"
        throw CommandFailure(.invalidInput, reason + meant)
    }

    /// A sight of an order.
    private enum OrderSight {
        case held(Order)
        case changed(OrderChange, Timestamp)

        var id: ClientOrderID {
            switch self {
            case .held(let order): order.id
            case .changed(let change, _): change.id
            }
        }

        var isLive: Bool {
            switch self {
            case .held: true
            case .changed(let change, _): !change.to.isTerminal
            }
        }
    }

    /// Every live order and the newest closed ones, `limit` in all unless more are live; oldest first.
    func orders(_ filter: HistoryFilter) throws -> JSONValue {
        tellSource()
        let limit = filter.limit
        // An order's changes don't say how long it holds: what was sent does.
        var forces: [ClientOrderID: TimeInForce] = [:]
        let found = try collect { item, names -> OrderSight? in
            guard Self.passes(item, filter, names) else { return nil }
            switch item {
            case .held(let order):
                forces[order.id] = order.timeInForce
                return .held(order)
            case .sent(let order):
                forces[order.id] = order.timeInForce
                return nil
            case .heldParent: return nil
            case .notice(let entry):
                guard case .orderChanged(let change) = entry.notice else { return nil }
                return .changed(change, entry.time)
            }
        } isEnough: {
            Set($0.map(\.id)).count > limit
        }
        var places: [ClientOrderID: Int] = [:]
        var rows: [(value: JSONValue, isLive: Bool)] = []
        for sight in found.rows {
            let place = places[sight.id]
            if let place, case .held = sight { _ = place; continue }
            let created = place.flatMap { rows[$0].value["created_ts"] }
            let row = (value: Self.row(sight, created, forces[sight.id], found.names), isLive: sight.isLive)
            if let place {
                rows[place] = row
            } else {
                places[sight.id] = rows.count
                rows.append(row)
            }
        }
        var closedLeft = max(0, limit - rows.count(where: \.isLive))
        var shown: [JSONValue] = []
        for row in rows.reversed() {
            if !row.isLive, closedLeft == 0 { continue }
            if !row.isLive { closedLeft -= 1 }
            shown.append(row.value)
        }
        return [
            "environment": "paper", "orders": .array(shown.reversed()), "kept_since": Self.json(found.reach),
            "through_sequence": .null,
            "total": found.isWhole || shown.count < limit ? .integer(rows.count) : .null,
        ]
    }

    /// An order, or a change of one, of the symbol that is asked for and not before the moment.
    private static func passes(_ item: StretchItem, _ filter: HistoryFilter, _ names: RunNames) -> Bool {
        let (instrument, time): (InstrumentHandle, Timestamp)
        switch item {
        case .held(let order): (instrument, time) = (order.instrument, order.updatedAt)
        case .notice(let entry):
            guard case .orderChanged(let change) = entry.notice else { return true }
            (instrument, time) = (change.instrument, entry.time)
        case .sent, .heldParent: return true
        }
        if let symbol = filter.symbol, names.symbol(of: instrument) != symbol { return false }
        return filter.since.map { time >= $0 } ?? true
    }

    private static func row(
        _ sight: OrderSight,
        _ created: JSONValue?,
        _ force: TimeInForce?,
        _ names: RunNames
    ) -> JSONValue {
        switch sight {
        case .held(let order): OrderView.json(order, symbol: names.symbol(of: order.instrument) ?? "")
        case .changed(let change, let time): row(change, time, created, force, names)
        }
    }

    static func row(
        _ change: OrderChange,
        _ time: Timestamp,
        _ created: JSONValue?,
        _ force: TimeInForce?,
        _ names: RunNames
    ) -> JSONValue {
        let now = JSONValue.string(time.text(.milliseconds))
        return [
            "client_order_id": .string(change.id.description), "intent_id": .string(change.id.intent.description),
            "signal": .string(change.number.description),
            "venue_order_id": change.venueOrderID == .none ? .null : .string(String(change.venueOrderID.value)),
            "symbol": .string(names.symbol(of: change.instrument) ?? ""), "side": .string(change.side.name),
            "order_type": .string(change.type.name), "time_in_force": force.map { .string($0.name) } ?? .null,
            "leg": .string(change.id.leg.name),
            "state": .string(change.to.name), "price": change.price == .zero ? .null : .decimal(change.price),
            "quantity": .decimal(change.quantity), "filled": .decimal(change.filled),
            "reduce_only": .bool(change.reduceOnly),
            "trigger_price": change.trigger == .zero ? .null : .decimal(change.trigger),
            "created_ts": created ?? now, "updated_ts": now,
            "end_reason": change.endReason.name.isEmpty ? .null : .string(change.endReason.name),
        ]
    }

    /// The newest fills, oldest first.
    func fills(_ filter: HistoryFilter) throws -> FoundFills {
        tellSource()
        // The screener's own signals have no terms in the journal: their acknowledgement tells whose they are.
        var screened: Set<SignalNumber> = []
        var found = try collect { item, names -> NoticeEntry? in
            guard case .notice(let entry) = item else { return nil }
            if case .acknowledged(let record) = entry.notice, record.source == .screener {
                screened.insert(record.number)
            }
            guard case .filled(let fill) = entry.notice else { return nil }
            if let symbol = filter.symbol, names.symbol(of: fill.execution.instrument) != symbol { return nil }
            if let since = filter.since, entry.time < since { return nil }
            return entry
        } isEnough: {
            $0.count > filter.limit
        }
        let entries = found.rows.suffix(filter.limit)
        let total = found.isWhole || found.rows.count < filter.limit ? found.rows.count : nil
        if found.rows.count >= filter.limit { found.reach = nil }
        let numbers = Set(entries.compactMap { Self.number(of: $0.notice) })
        try addNames(of: numbers, to: &found.names)
        let strategies = try strategies(of: numbers)
        let rows = entries.map { entry in
            let number = Self.number(of: entry.notice) ?? .none
            let screener = screened.contains(number) ? found.names.name(of: .screener) : nil
            return StoredFill(
                entry: entry,
                signalID: found.names.signalID(of: number),
                strategy: strategies[number].flatMap { found.names.name(of: $0) } ?? screener
            )
        }
        return FoundFills(
            rows: rows,
            names: found.names,
            keptSince: Self.json(found.reach),
            through: .null,
            total: total
        )
    }

    /// The strategies that signals from outside named.
    private func strategies(of numbers: Set<SignalNumber>) throws -> [SignalNumber: StrategyHandle] {
        if !numbers.contains(where: { $0 != .none && !$0.isInternal }) { return [:] }
        let disk = try disk()
        return try Self.journaling { () throws(JournalError) in
            var found: [SignalNumber: StrategyHandle] = [:]
            var history = try JournalHistory(disk)
            while let record = try history.next() {
                guard case .signalTerms(let terms) = record.body, numbers.contains(terms.number) else { continue }
                if terms.strategy != .unnamed { found[terms.number] = terms.strategy }
            }
            return found
        }
    }

    /// Since when records are kept, where an answer would have gone further back; else null.
    private static func json(_ reach: JournalReach?) -> JSONValue {
        guard let reach else { return .null }
        return ["sequence": .integer(reach.sequence), "ts": .string(reach.time.text(.milliseconds))]
    }
}
