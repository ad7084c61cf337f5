import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

/// Limits that people set for a while, and strategies that they take out of trade.
extension EngineHost {
    func override(_ request: OverrideRequest, isTrial: Bool, author: UInt32, _ answer: @escaping Answer) {
        let scope: (InstrumentHandle, StrategyHandle)
        do throws(ControlError) { scope = try handles(request.symbol, request.strategy) } catch {
            return answer(.failure(error))
        }
        let now = node?.readClock() ?? clock.now
        let order = RiskOrder(
            .overrideLimit,
            limit: request.limit,
            value: request.value,
            instrument: scope.0,
            strategy: scope.1,
            until: request.until.moment(from: now),
            author: author
        )
        if isTrial {
            if let refusal = node?.withEngine({ $0.refusal(of: order, at: now) }) ?? nil {
                return answer(.failure(refused(refusal)))
            }
            return answer(.success(preview(order)))
        }
        direct(order, reason: request.reason, answer) { host, _ in host.overrides() }
    }

    func removeOverride(
        _ limit: OverridableLimit,
        _ symbol: String?,
        _ strategy: String?,
        author: UInt32,
        _ answer: @escaping Answer
    ) {
        do throws(ControlError) {
            let (instrument, strategy) = try handles(symbol, strategy)
            let order = RiskOrder(
                .removeOverride,
                limit: limit,
                instrument: instrument,
                strategy: strategy,
                author: author
            )
            direct(order, answer) { host, _ in host.overrides() }
        } catch {
            answer(.failure(error))
        }
    }

    func switchStrategy(_ action: RiskAction, _ name: String, author: UInt32, _ answer: @escaping Answer) {
        do throws(ControlError) {
            let (_, strategy) = try handles(nil, name)
            direct(RiskOrder(action, strategy: strategy, author: author), answer) { host, _ in
                .object(
                    host.engagement().object.map { $0 + [JSONMember("disabled_strategies", host.disabled())] } ?? []
                )
            }
        } catch {
            answer(.failure(error))
        }
    }

    /// Hands an order to the engine; `result` is made once the engine has carried it out.
    private func direct(
        _ order: RiskOrder,
        reason: String = "",
        _ answer: @escaping Answer,
        _ result: @escaping (EngineHost, OperatorReply) -> JSONValue
    ) {
        guard let ticket = offer(ticketed: order, reason: reason) else {
            return answer(.failure(ControlError(.busy, "too many commands wait; try again")))
        }
        waitingOrders[ticket] = PendingOrder(answer: answer, result: result)
        pump()
    }

    /// A slip in a name must not look like something that is done: both must be known.
    private func handles(
        _ symbol: String?,
        _ strategy: String?
    ) throws(ControlError) -> (InstrumentHandle, StrategyHandle) {
        var scope = (InstrumentHandle.none, StrategyHandle.none)
        if let symbol {
            let symbols = (node?.configuration.engine.instruments ?? []).map(\.symbol)
            guard let index = symbols.firstIndex(of: symbol) else {
                throw ControlError(
                    .unknownSymbol,
                    "is not one of \(symbols.joined(separator: ", "))",
                    field: "symbol"
                )
            }
            scope.0 = InstrumentHandle(index)
        }
        if let strategy {
            let known = strategyNames()
            guard let index = known.firstIndex(of: strategy) else {
                let names = known.filter { !$0.isEmpty }.joined(separator: ", ")
                throw ControlError(.unknownStrategy, "no signal has named it; known are \(names)", field: "strategy")
            }
            scope.1 = StrategyHandle(index: UInt16(index))
        }
        return scope
    }

    private func strategyNames() -> [String] {
        var names: [String] = []
        while names.count < PositionLedger.strategyLimit,
            let name = node?.strategyName(StrategyHandle(index: UInt16(names.count)))
        {
            names.append(name)
        }
        return names
    }

    /// With what the engine says in general, what the configuration says of it.
    func refused(_ refusal: OperatorRefusal) -> ControlError {
        var error = ControlError(refusal)
        if refusal == .untilOutOfRange, let longest = node?.configuration.engine.risk.longestOverride {
            error.message += " (\(OverrideEnd.after(longest).text), override_max_hours)"
        }
        return error
    }

    // MARK: - What is told

    /// What an override would do, before a person says yes.
    private func preview(_ order: RiskOrder) -> JSONValue {
        var row =
            LimitOverride(order, since: order.until).json(
                configured: configured(order.limit, order.instrument),
                reason: nil,
                symbol: order.instrument == .none ? nil : symbol(order.instrument),
                strategy: order.strategy == .none ? nil : node?.strategyName(order.strategy)
            ).object ?? []
        row.removeAll { ["reason", "author_uid", "since"].contains($0.key) }
        row.append(JSONMember("effect", .string(effect(order.limit, order.value, order.instrument))))
        row.append(JSONMember("meaning", .string("no entry \(order.limit.meaning)")))
        return .object(row)
    }

    /// What an override does to those concerned whose configured limit is the tightest.
    private func effect(_ limit: OverridableLimit, _ value: Int64, _ instrument: InstrumentHandle) -> String {
        let configured = configured(limit, instrument)
        if limit.isLooser(value, than: configured) { return "loosens" }
        return value == configured ? "keeps" : "tightens"
    }

    private func configured(_ limit: OverridableLimit, _ instrument: InstrumentHandle) -> Int64? {
        node?.withEngine { $0.configuredLimit(limit, instrument) } ?? nil
    }

    /// The overrides that stand, in the order in which they were set.
    func overrides() -> JSONValue {
        ["environment": "paper", "overrides": .array(overrideRows()), "disabled_strategies": disabled()]
    }

    func overrideRows() -> [JSONValue] {
        var rows: [LimitOverride] = []
        node?.withEngine { engine in engine.forEachOverride { rows.append($0) } }
        return rows.map { row in
            var members =
                row.json(
                    configured: configured(row.limit, row.instrument),
                    reason: node?.overrideReason(row.number),
                    symbol: row.instrument == .none ? nil : symbol(row.instrument),
                    strategy: row.strategy == .none ? nil : node?.strategyName(row.strategy)
                ).object ?? []
            members.append(JSONMember("effect", .string(effect(row.limit, row.value, row.instrument))))
            return .object(members)
        }
    }

    /// What is not as configured while it lasts.
    func overrideAttention() -> [Attention] {
        var list = overrideRows().map { row in
            func text(_ key: String) -> String { row[key]?.string ?? "" }
            let whose = [row["symbol"]?.string, row["strategy"]?.string].compactMap { $0 }.joined(separator: ", ")
            let place = whose.isEmpty ? "" : " of \(whose)"
            let configured = row["configured"]?.string ?? "off"
            let what =
                "\(text("limit"))\(place) is \(text("value")) until \(text("until")), configured \(configured)"
            return Attention(what: what, next: "fairlead risk override list")
        }
        for name in (disabled().array ?? []).compactMap(\.string) {
            let next = "fairlead risk enable --strategy \(name)"
            list.append(Attention(what: "no entry of strategy \(name): a person has disabled it", next: next))
        }
        return list
    }

    // MARK: - Symbols

    /// The symbols whose entries wait for a person: latched, or disabled by one.
    private var heldSymbols: [(symbol: String, holds: SymbolHolds)] {
        let instruments = node?.configuration.engine.instruments ?? []
        return instruments.indices.compactMap { index in
            let holds = node?.withEngine { $0.holds(InstrumentHandle(index)) }
            return holds.flatMap { $0.isEmpty ? nil : (instruments[index].symbol, $0) }
        }
    }

    var latchedSymbols: [String] { heldSymbols.filter { !$0.holds.latches.isEmpty }.map(\.symbol) }

    func heldSymbolRows() -> [JSONValue] {
        heldSymbols.map { row in
            [
                "symbol": .string(row.symbol), "latches": .array(row.holds.latches.map(JSONValue.string)),
                "is_buy_disabled": .bool(row.holds.isBuyDisabled), "is_sell_disabled": .bool(row.holds.isSellDisabled),
            ]
        }
    }

    /// A latch holds both sides; what a person has disabled may be one of them.
    func symbolAttention() -> [Attention] {
        heldSymbols.map { row in
            Attention(what: Self.words(row.symbol, row.holds), next: "fairlead risk enable \(row.symbol)")
        }
    }

    /// Every symbol that is held, and by what, in a few words.
    var holdWords: String {
        let held = heldSymbols.map { Self.words($0.symbol, $0.holds) }
        return held.isEmpty ? "none is latched or disabled" : held.joined(separator: "; ")
    }

    private static func words(_ symbol: String, _ holds: SymbolHolds) -> String {
        let disabled =
            switch (holds.isBuyDisabled, holds.isSellDisabled) {
            case (true, true): "a person has disabled it"
            case (true, false): "a person has disabled its buys"
            case (false, true): "a person has disabled its sells"
            case (false, false): ""
            }
        if holds.latches.isEmpty {
            let side = holds.isBuyDisabled && holds.isSellDisabled ? "entry" : holds.isBuyDisabled ? "buy" : "sell"
            return "no \(side) of \(symbol): \(disabled)"
        }
        let latched = "no entry of \(symbol): latched by \(holds.latches.joined(separator: ", "))"
        return disabled.isEmpty ? latched : "\(latched); \(disabled)"
    }

    /// The strategies that a person lets nothing be entered of.
    func disabled() -> JSONValue {
        let names = strategyNames()
        let disabled = names.indices.filter { index in
            node?.withEngine { $0.isDisabled(StrategyHandle(index: UInt16(index))) } ?? false
        }
        return .array(disabled.map { .string(names[$0].isEmpty ? "unnamed" : names[$0]) })
    }

    /// A reload changes what is configured, and no override: each that stands is named.
    func reloadNotes() -> [ConfigurationWarning] {
        overrideRows().map { row in
            func text(_ key: String) -> String { row[key]?.string ?? "" }
            let reason = "overridden with \(text("value")) until \(text("until")), which the reload leaves as it is"
            return ConfigurationWarning(.risk, text("key"), reason)
        }
    }
}
