import FairleadModel

extension TopModel {
    /// What `--json` prints. What is not known is left out.
    var json: JSONValue {
        var members = Members()
        members.add("environment", environment)
        members.add("ts", time)
        members.add("engine", contact.word)
        if case .silent(let reason) = contact { members.add("engine_fault", reason) }
        members.add("mode", engine.mode)
        members.add("trading_state", engine.state)
        members.add("trading_state_cause", engine.cause)
        members.add("is_frozen", engine.isFrozen)
        members.add("engaged", .array(engine.engaged.map { .string($0) }))
        members.add("is_healthy", engine.isHealthy)
        members.add("is_connected", engine.isConnected)
        members.add("is_reconciled", engine.isReconciled)
        members.add("epoch", engine.epoch)
        members.add("sequence", engine.sequence)
        members.add("uptime_s", engine.uptimeSeconds)
        members.add("account", account.json)
        members.add("attention", .array(attention.map { ["what": .string($0.what), "next": .string($0.next)] }))
        members.add("alarms", .array(alarms.map(\.json)))
        if let positions {
            members.add("positions", .array(positions.map(\.json)))
            members.add("positions_unprotected", Int64(unprotected))
            members.add("positions_without_stop_loss", Int64(withoutStop))
        }
        if let orders { members.add("orders", .array(orders.map(\.json))) }
        members.add("live_orders", liveOrders)
        members.add("unknown_orders", unknownOrders)
        members.add("open_parents", openIntents)
        if let router { members.add("router", router.json) }
        if let exits { members.add("exit_pipeline", exits.json) }
        if let vetoes { members.add("vetoes", vetoes.json) }
        members.add("diagnostics_off", areDiagnosticsOff)
        if let liveness { members.add("liveness", .array(liveness.map(\.json))) }
        members.add("events", .array(events.map(\.json)))
        members.add("files", files.json)
        return members.value
    }

    /// Members of an object; what is not known is not added.
    fileprivate struct Members {
        private var members: [JSONMember] = []

        var value: JSONValue { .object(members) }

        mutating func add(_ key: String, _ value: JSONValue) { members.append(JSONMember(key, value)) }
        mutating func add(_ key: String, _ text: String?) { if let text { add(key, .string(text)) } }
        mutating func add(_ key: String, _ flag: Bool?) { if let flag { add(key, .bool(flag)) } }
        mutating func add(_ key: String, _ count: Int64?) { if let count { add(key, .integer(count)) } }

        mutating func add(_ key: String, _ number: Double?) {
            if let number, number.isFinite { add(key, .number("\(number)")) }
        }

        mutating func add(_ key: String, _ time: Timestamp?) {
            if let time, time.isKnown { add(key, .string(time.text(.milliseconds))) }
        }
    }
}

extension TopModel.Account {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("nav", nav)
        members.add("currency", currency)
        members.add("drawdown_ratio", drawdown)
        members.add("dd_state", drawdownState)
        members.add("risk_mode", riskMode)
        members.add("result_today", resultToday)
        members.add("unrealized_pnl", unrealized)
        members.add("gross_exposure_ratio", grossExposure)
        members.add("nav_jump", navJump)
        return members.value
    }
}

extension TopModel.Position {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("symbol", symbol)
        members.add("side", side)
        members.add("quantity", quantity)
        members.add("entry_price", entry)
        members.add("mark_price", mark)
        members.add("notional", notional)
        members.add("unrealized_pnl", unrealized)
        members.add("unrealized_pct", unrealizedRatio)
        members.add("stop_loss", stopLoss)
        members.add("take_profit", takeProfit)
        members.add("pnl_at_stop_loss", resultAtStop)
        members.add("since_ts", since)
        members.add("external", external)
        return members.value
    }
}

extension TopModel.Order {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("client_order_id", id)
        members.add("symbol", symbol)
        members.add("side", side)
        members.add("order_type", type)
        members.add("condition", condition)
        members.add("trigger_price", trigger)
        members.add("state", state)
        members.add("price", price)
        members.add("quantity", quantity)
        members.add("filled", filled)
        members.add("created_ts", created)
        return members.value
    }
}

extension TopModel.Router {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("quality_score", score)
        members.add("avg_slippage_bps", slippageBps)
        members.add("avg_latency_ms", latencyMilliseconds)
        members.add("symbols", .array(symbols.map(\.json)))
        return members.value
    }
}

extension TopModel.Router.Symbol {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("symbol", symbol)
        members.add("quality_score", score)
        members.add("quality", quality)
        members.add("avg_slippage_bps", slippageBps)
        members.add("avg_latency_ms", latencyMilliseconds)
        members.add("maker_fill_rate", makerFillRate)
        members.add("fallback_rate", fallbackRate)
        members.add("maker_first", isMakerFirst)
        members.add("warnings", .array(warnings.map { .string($0) }))
        return members.value
    }
}

extension TopModel.Exits {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("tp_sl_coverage_pct", coverage)
        members.add("tp_sl_quantity_coverage_pct", quantityCoverage)
        members.add("underwater_without_tp_sl_count", underwater)
        members.add("ledger_registry_mismatch", hasMismatch)
        return members.value
    }
}

extension TopModel.Vetoes {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("total_signals", signals)
        members.add("total_vetoes", total)
        members.add("window_signals", windowSignals)
        members.add("window_vetoes", windowVetoes)
        members.add(
            "reasons",
            .array(
                reasons.map { row in
                    var reason = TopModel.Members()
                    reason.add("reason", row.name)
                    reason.add("window", row.inWindow)
                    reason.add("total", row.total)
                    return reason.value
                }
            )
        )
        return members.value
    }
}

extension TopModel.Watch {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("name", name)
        members.add("state", state.rawValue)
        members.add("age_s", ageSeconds)
        return members.value
    }
}

extension TopModel.Event {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("ts", time)
        members.add("level", level)
        members.add("event", name)
        members.add("symbol", symbol)
        members.add("msg", message)
        return members.value
    }
}

extension TopModel.Files {
    fileprivate var json: JSONValue {
        var members = TopModel.Members()
        members.add("updated_ts", updated)
        members.add("is_stale", isStale)
        return members.value
    }
}
