import FairleadConfiguration
public import FairleadEngine
public import FairleadModel
import FairleadNode

/// What a running engine shows: plain values, made on the loop between two pumps.
extension EngineHost {
    func symbol(_ instrument: InstrumentHandle) -> String {
        let instruments = node?.configuration.engine.instruments ?? []
        return Int(instrument.index) < instruments.count ? instruments[Int(instrument.index)].symbol : ""
    }

    // MARK: - Status

    func status() -> JSONValue {
        var members: [JSONMember] = [JSONMember("environment", "paper")]
        members += condition()
        members.append(JSONMember("attention", .array(attention().map(\.json))))
        members.append(JSONMember("currency", .string(node?.configuration.runtime.reportingCurrency ?? "")))
        members += navs() + account()
        members.append(JSONMember("strategies", .array(strategies())))
        members.append(JSONMember("overrides", .array(overrideRows())))
        members.append(JSONMember("disabled_strategies", disabled()))
        members.append(JSONMember("held_symbols", .array(heldSymbolRows())))
        members.append(JSONMember("market", .array(markets())))
        let instruments = node?.configuration.engine.instruments ?? []
        members.append(JSONMember("instruments", .array(instruments.map(\.json))))
        members.append(JSONMember("counters", counters()))
        members.append(JSONMember("losses", Self.json(observer.losses)))
        members.append(JSONMember("publishing", publishing.json))
        return .object(members)
    }

    func health() -> JSONValue {
        var members: [JSONMember] = [JSONMember("environment", "paper")]
        members += condition()
        members.append(
            JSONMember("components", .array(components().map { Self.component($0.name, $0.isWorking, $0.reason) }))
        )
        return .object(members)
    }

    /// Each part, whether it works, and a sentence of it.
    private func components() -> [(name: String, isWorking: Bool, reason: String)] {
        let fault = node?.journalFault
        let stale = staleSymbols.joined(separator: ", ")
        let losses = observer.losses
        return [
            ("journal", node != nil && fault == nil, fault.map { "\($0)" } ?? "takes everything"),
            ("venue", node?.isConnected == true && node?.isReconciled == true, venueWords),
            ("market", stale.isEmpty, stale.isEmpty ? "quotes are fresh" : "the quotes of \(stale) are too old"),
            ("symbols", latchedSymbols.isEmpty, holdWords),
            ("orders", unknownOrders == 0, "\(unknownOrders) unknown"),
            ("exits", unprotected == 0 && underwater == 0, exitWords),
            (
                "log", !losses.isLogFailing,
                losses.isLogFailing
                    ? "can't be written; \(losses.logLines) lines lost" : "\(losses.logLines) lines lost"
            ),
            ("publishing", publishing.fault == nil, publishing.fault ?? "through sequence \(publishing.sequence)"),
        ]
    }

    private static func json(_ losses: ObserverLosses) -> JSONValue {
        [
            "notices": .integer(losses.notices), "log_lines": .integer(losses.logLines),
            "console_lines": .integer(losses.consoleLines), "follower_notices": .integer(losses.followerNotices),
            "suppressed_lines": .integer(losses.suppressedLines), "signals": .integer(losses.signals),
            "requests": .integer(losses.requests), "clients": .integer(losses.clients),
        ]
    }

    private static func component(_ name: String, _ isWorking: Bool, _ reason: String) -> JSONValue {
        ["name": .string(name), "is_healthy": .bool(isWorking), "reason": .string(reason)]
    }

    private var exitWords: String {
        let words = "\(unprotected) positions without a stop-loss"
        return underwater == 0 ? words : "\(words), \(underwater) under water without any level"
    }

    private var venueWords: String {
        guard node?.isConnected == true else { return "not connected" }
        return node?.isReconciled == true ? "connected and reconciled" : "not reconciled"
    }

    var unknownOrders: Int { node?.withEngine { $0.unknownOrderCount } ?? 0 }
    var unprotected: Int { node?.withEngine { $0.managedCoverage.stopLossMissing } ?? 0 }

    /// The instruments that could be entered but for the age of their quotes.
    var staleSymbols: [String] {
        let now = node?.readClock() ?? clock.now
        guard let configuration = node?.configuration.engine else { return [] }
        return configuration.symbols.indices.compactMap { index in
            guard configuration.symbols[index].isWhitelisted else { return nil }
            let instrument = configuration.instruments[index]
            let limit =
                switch instrument.terms.assetClass {
                case .crypto: configuration.risk.maximumQuoteAgeCrypto
                case .equity: configuration.risk.maximumQuoteAgeEquity
                }
            let age = node?.withEngine { now - $0.marketRow(InstrumentHandle(index)).quoteTime }
            return age.map { $0 > limit } == true ? instrument.symbol : nil
        }
    }

    /// The instruments whose trading the venue has stopped.
    var haltedSymbols: [String] {
        let instruments = node?.configuration.engine.instruments ?? []
        return instruments.indices.compactMap { index in
            let isHalted = node?.withEngine { $0.marketRow(InstrumentHandle(index)).isHalted } ?? false
            return isHalted ? instruments[index].symbol : nil
        }
    }

    /// Of the whole: what `status` and `health` begin with.
    private func condition() -> [JSONMember] {
        let isWorking = components().allSatisfy(\.isWorking)
        let state = node?.withEngine { ($0.tradingState, $0.tradingStateCause, $0.isFrozenNow) }
        return [
            JSONMember("is_healthy", .bool(isWorking)),
            JSONMember("trading_state", .string(state?.0.name ?? "stopped")),
            JSONMember("trading_state_cause", .string(state?.1.name ?? "")),
            JSONMember("is_frozen", .bool(state?.2 ?? false)),
            JSONMember("engaged", .array(engagedNames)),
            JSONMember("is_connected", .bool(node?.isConnected ?? false)),
            JSONMember("is_reconciled", .bool(node?.isReconciled ?? false)),
            JSONMember("epoch", .integer(node?.epoch.number ?? 0)),
            JSONMember("sequence", .integer(node?.sequence ?? 0)),
            JSONMember("ts", Self.time(node?.time ?? .never)),
            JSONMember("started_ts", Self.time(startedAt)),
            JSONMember("uptime_s", .integer((clock.elapsed.nanoseconds - startedElapsed.nanoseconds) / 1_000_000_000)),
        ]
    }

    private var engagedNames: [JSONValue] {
        let engaged = killSwitch.engaged
        let names: [(KillBits, JSONValue)] = [
            (.stopEntries, "stop_entries"), (.halt, "halt"), (.frozen, "frozen"), (.kill, "kill"),
            (.journal, "journal"),
        ]
        return names.filter { engaged.contains($0.0) }.map(\.1)
    }

    /// After halt, kill, stop-entries, resume: the state, and the proof of it.
    func engagement() -> JSONValue {
        .object(
            condition() + [
                JSONMember("sends_since_engage", .integer(node?.releasesSinceEngage ?? 0)),
                JSONMember("increasing_sends", .integer(node?.increasingReleases ?? 0)),
            ]
        )
    }

    /// What the account counts as, and the reading that nobody has explained yet.
    func worth() -> JSONValue { .object(navs()) }

    private func navs() -> [JSONMember] {
        node?.withEngine { engine in
            [
                JSONMember("nav", Self.money(engine.nav)), JSONMember("peak_nav", Self.money(engine.peakNav)),
                JSONMember("nav_jump", Self.money(engine.navJump)),
                JSONMember("risk_mode", .string(engine.riskMode.name)),
                JSONMember("dd_state", .string(engine.drawdownState.name)),
                JSONMember("drawdown_ratio", engine.drawdown.map { .decimal($0) } ?? .null),
            ]
        } ?? []
    }

    private func account() -> [JSONMember] {
        node?.withEngine { engine in
            let result = engine.realized - engine.fees - engine.funding
            let total = engine.unrealized.map { result + $0 }
            return [
                JSONMember("cash", Self.money(engine.cash)), JSONMember("realized_pnl", Self.money(engine.realized)),
                JSONMember("unrealized_pnl", Self.money(engine.unrealized)),
                JSONMember("fees", Self.money(engine.fees)),
                JSONMember("funding", Self.money(engine.funding)),
                JSONMember("result_today", Self.money(engine.resultToday)),
                JSONMember("result_closed", Self.money(result)),
                JSONMember("result_total", Self.money(total)),
                JSONMember("open_positions", .integer(engine.openPositionCount)),
                JSONMember("live_orders", .integer(engine.liveOrderCount)),
                JSONMember("open_parents", .integer(engine.openParentCount)),
                JSONMember("unknown_orders", .integer(engine.unknownOrderCount)),
                JSONMember("positions_without_stop_loss", .integer(engine.managedCoverage.stopLossMissing)),
            ]
        } ?? []
    }

    private func strategies() -> [JSONValue] {
        var rows: [JSONValue] = []
        for index in 0..<PositionLedger.strategyLimit {
            let handle = StrategyHandle(index: UInt16(index))
            guard let name = node?.strategyName(handle) else { break }
            guard let result = node?.withEngine({ $0.result(of: handle) }), result.fills > 0 else { continue }
            rows.append(
                [
                    "strategy": .string(name.isEmpty ? "unnamed" : name), "realized_pnl": Self.money(result.realized),
                    "fees": Self.money(result.fees), "funding": Self.money(result.funding),
                    "result_today": Self.money(result.today),
                    "result": Self.money(result.total),
                    "fills": .integer(result.fills),
                ]
            )
        }
        return rows
    }

    private func markets() -> [JSONValue] {
        let instruments = node?.configuration.engine.instruments ?? []
        let now = node?.readClock() ?? clock.now
        return instruments.indices.compactMap { index in
            node?.withEngine { engine in
                let handle = InstrumentHandle(index)
                let row = engine.marketRow(handle)
                let age = row.quoteTime.isKnown ? JSONValue.integer((now - row.quoteTime).milliseconds) : .null
                return [
                    "symbol": .string(instruments[index].symbol), "bid": Self.price(row.bid),
                    "ask": Self.price(row.ask),
                    "last": Self.price(row.last), "mark": Self.price(engine.mark(handle)),
                    "mark_source": .string(row.markSource.name), "quote_age_ms": age,
                    "is_halted": .bool(row.isHalted),
                    "policy": .string(engine.policy(handle).reason),
                ]
            }
        }
    }

    private func counters() -> JSONValue {
        guard let counted = node?.withEngine({ $0.counters }), let node = node?.counters else { return .object([]) }
        let rows: [(String, UInt64)] = [
            ("signals", counted.signals), ("own_signals", counted.ownSignals), ("accepted", counted.accepted),
            ("vetoed", counted.vetoed),
            ("duplicates", counted.duplicates), ("invalid", counted.invalid), ("sends", counted.sends),
            ("increasing_sends", counted.increasingSends), ("fills", counted.fills), ("rejects", counted.rejects),
            ("late_fills", counted.lateFills), ("external_fills", counted.externalFills),
            ("overfills", counted.overfills), ("out_of_order", counted.outOfOrder),
            ("divergences", counted.divergences), ("egress_refusals", counted.egressRefusals),
            ("operator_refusals", counted.operatorRefusals),
            ("signals_refused", node.signalsRefused), ("operators_refused", node.operatorsRefused),
            ("market_events_dropped", node.marketEventsDropped), ("unjournaled_inputs", node.unjournaledInputs),
        ]
        return .object(rows.map { JSONMember($0.0, .integer($0.1)) })
    }

    // MARK: - Orders and positions

    func orders() -> JSONValue {
        var rows: [JSONValue] = []
        var live: [Order] = []
        node?.withEngine { engine in engine.forEachLiveOrder { live.append($0) } }
        for order in live { rows.append(OrderView.live(order, symbol: symbol(order.instrument))) }
        return ["environment": "paper", "orders": .array(rows), "parents": .array(works())]
    }

    func order(_ id: ClientOrderID) -> JSONValue {
        guard let found = node?.withEngine({ $0.order(id) }) ?? nil else { return .null }
        return OrderView.json(found, symbol: symbol(found.instrument))
    }

    func positions() -> JSONValue {
        let instruments = node?.configuration.engine.instruments ?? []
        let rows = node?.withEngine { PositionView.rows($0, instruments) } ?? []
        return ["environment": "paper", "positions": .array(rows)]
    }

    /// What is open after a flatten, and which closes risk vetoed: those positions stay.
    func closing(_ reply: OperatorReply) -> JSONValue {
        let vetoed = reply.vetoedCloses.map { record -> JSONValue in
            [
                "symbol": .string(symbol(record.instrument)), "signal": .string(record.number.description),
                "reasons": .array(record.vetoes.all.map { .string($0.name) }),
            ]
        }
        let isConnected = JSONMember("is_connected", .bool(node?.isConnected ?? false))
        return .object((positions().object ?? []) + [JSONMember("vetoed", .array(vetoed)), isConnected])
    }

    static func money(_ amount: Money?) -> JSONValue { amount.map { .decimal(Rate(raw: $0.raw8)) } ?? .null }
    static func price(_ price: Price) -> JSONValue { price == .zero ? .null : .decimal(price) }
    static func time(_ time: Timestamp) -> JSONValue { time.isKnown ? .string(time.text(.milliseconds)) : .null }
}

/// An order as every reader shows it.
public enum OrderView {
    /// With what it waits for at the venue: `stop`, `take_profit` or `trailing`. What a journal tells of a change
    /// doesn't say.
    public static func live(_ order: Order, symbol: String) -> JSONValue {
        let condition = order.isWaiting ? order.condition.kind : .none
        let told = JSONMember("condition", condition == .none ? .null : .string(condition.name))
        return .object((json(order, symbol: symbol).object ?? []) + [told])
    }

    public static func json(_ order: Order, symbol: String) -> JSONValue {
        [
            "client_order_id": .string(order.id.description), "intent_id": .string(order.id.intent.description),
            "signal": .string(order.number.description),
            "venue_order_id": order.venueOrderID == .none ? .null : .string(String(order.venueOrderID.value)),
            "symbol": .string(symbol), "side": .string(order.side.name), "order_type": .string(order.type.name),
            "time_in_force": .string(order.timeInForce.name), "leg": .string(order.id.leg.name),
            "state": .string(order.state.name), "price": EngineHost.price(order.price),
            "quantity": .decimal(order.quantity), "filled": .decimal(order.filled),
            "reduce_only": .bool(order.reduceOnly),
            "trigger_price": EngineHost.price(order.isWaiting ? order.condition.trigger : .zero),
            "created_ts": EngineHost.time(order.createdAt),
            "updated_ts": EngineHost.time(order.updatedAt),
            "end_reason": order.endReason.name.isEmpty ? .null : .string(order.endReason.name),
        ]
    }
}

/// Open positions as every reader shows them.
public enum PositionView {
    public static func rows(_ engine: borrowing Engine, _ instruments: [Instrument]) -> [JSONValue] {
        var rows: [JSONValue] = []
        for index in instruments.indices {
            let handle = InstrumentHandle(index)
            for side in PositionSide.allCases {
                let key = PositionKey(handle, side)
                let position = engine.position(key)
                if position.isFlat { continue }
                let protection = engine.protection(of: key)
                let mark = engine.mark(handle)
                let multiplier = instruments[index].terms.multiplier
                let unrealized = mark.raw > 0 ? position.unrealized(mark: mark, multiplier: multiplier) : nil
                let notional = Money.value(mark, position.quantity, multiplier: multiplier)
                let atStop = protection.stopLoss.map { position.unrealized(mark: $0, multiplier: multiplier) }
                let external = engine.external(key)
                rows.append(
                    [
                        "symbol": .string(instruments[index].symbol), "position_side": .string(side.name),
                        "quantity": .decimal(position.quantity),
                        "average_price": .decimal(position.averagePrice(multiplier: multiplier)),
                        "mark_price": EngineHost.price(mark), "notional": EngineHost.money(notional),
                        "unrealized_pnl": EngineHost.money(unrealized),
                        "stop_loss": EngineHost.price(protection.stopLoss ?? .zero),
                        "take_profit": EngineHost.price(protection.takeProfit ?? .zero),
                        "pnl_at_stop_loss": EngineHost.money(atStop),
                        "realized_pnl": EngineHost.money(position.realized), "fees": EngineHost.money(position.fees),
                        "funding": EngineHost.money(position.funding),
                        "since_ts": EngineHost.time(position.createdAt),
                        "external": external.state == .none ? .null : .string(external.state.name),
                        "external_traded": external.state == .none ? .null : .decimal(external.traded),
                        "external_since": EngineHost.time(external.since),
                    ]
                )
            }
        }
        return rows
    }
}
