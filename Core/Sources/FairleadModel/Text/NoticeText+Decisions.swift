// What was decided about a signal: acknowledgement, risk, route; how large it asks to be.

extension SignalAcknowledgement: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field("source", source)
        writer.field(place: instrument, names)
        writer.field("disposition", disposition)
        writer.field("intent_id", intent)
        writer.field("reason", vetoes.primary?.name ?? invalid?.name)
        writer.field("reasons", vetoes)
        writer.field("duplicate_of", original)
        writer.field("duplicate_of_signal_id", original == .none ? nil : names.signalID(of: original))
        writer.field("caused_by", cause)
        writer.field("caused_by_signal_id", cause == .none ? nil : names.signalID(of: cause))
    }
}

extension SignalSize {
    /// `{"quantity": "1"}`, in the words of a signal; null for the whole position.
    var json: JSONValue {
        switch self {
        case .quantity(let quantity): ["quantity": .decimal(quantity)]
        case .notional(let money): ["notional": .decimal(money)]
        case .navFraction(let rate): ["nav_pct": .decimal(rate)]
        case .wholePosition: .null
        case .kelly(let share): ["kelly": .decimal(share)]
        }
    }
}

extension RiskRow: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field("rule", rule)
        writer.field("status", status)
        writer.field("unit", unit)
        writeNumber("observed", observed, &writer)
        writeNumber("threshold", threshold, &writer)
        writer.field("is_override", isOverride)
    }

    /// What was not observed is null, never a made-up number.
    private func writeNumber(_ key: String, _ value: Int64, _ writer: inout JSONWriter) {
        guard value != Self.missing else {
            writer.key(key)
            return writer.null()
        }
        switch unit {
        case .flag: writer.field(key, value != 0)
        case .money, .quantity, .price, .rate: writer.field(key, raw: value)
        case .count, .milliseconds: writer.field(key, value)
        }
    }
}

extension RiskDecision: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("is_reducing", isReducing)
        writer.field("approved", vetoes.isEmpty)
        writer.field("reason", vetoes.primary?.name)
        writer.field("reasons", vetoes)
        writer.field("sized_quantity", sizedQuantity)
        writer.field("approved_quantity", approvedQuantity)
    }
}

extension RouteDecision: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field("intent_id", intent)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("moment", moment)
        writer.field("route", makerStart ? ExecutionStyle.makerFirst.name : routedAs.name)
        writer.field("routed_as", routedAs)
        writer.field("maker_start", makerStart)
        writer.field("is_maker_final", isMakerFinal)
        writer.field("used_fallback", usedFallback)
        writer.field("veto_reason", vetoReason)
        writer.field("fallback_reason", fallbackReason)
        writer.field("price", orNull: price)
        writer.field("effective_px", orNull: effectivePrice)
        writer.field("quantity", quantity)
        writer.field("bid", orNull: bid)
        writer.field("ask", orNull: ask)
        writer.field("spread_bps", spread?.inBps)
        // The age of a book that isn't there is no number.
        writer.field("book_age_ms", milliseconds: spread == nil ? nil : bookAge)
        writer.key("offset_bps")
        writer.beginObject()
        writer.field("suggested", policy.computed.offset.inBps)
        writer.field("autotuned", policy.offset.inBps)
        writer.field("applied", offset.inBps)
        writer.endObject()
        writer.field("policy", policy)
        writer.key("autotune")
        writer.beginObject()
        writer.field(tuned: "before", policy.computed)
        writer.field(tuned: "after", policy)
        writer.field("changed", policy.tune != .none)
        writer.endObject()
        writer.key("latency_ms")
        writer.beginObject()
        writer.field("signal_to_decision", milliseconds: latency.signalToDecision)
        writer.field("decision_to_send", milliseconds: latency.decisionToSend)
        writer.field("send_to_ack", milliseconds: latency.sendToAcknowledgement)
        writer.field("ack_to_fill", milliseconds: latency.acknowledgementToFill)
        writer.endObject()
    }
}

extension PolicyRecord: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(symbol: instrument, names)
        writer.field("policy", policy)
        writer.key("evidence")
        writer.beginObject()
        writer.field("maker_starts", evidence.starts)
        writer.field("maker_fill_ratio", evidence.makerFill?.double)
        writer.field("fallback_ratio", evidence.fallback?.double)
        writer.field("slip_p50_bps", evidence.slipMedian?.inBps)
        writer.field("slip_p95_bps", evidence.slip95?.inBps)
        writer.field("ack_latency_ms", milliseconds: evidence.acknowledgement)
        writer.endObject()
    }
}

extension JSONWriter {
    /// All reasons in table order, as an array of names.
    mutating func field(_ key: String, _ reasons: VetoReasons) {
        self.key(key)
        beginArray()
        for reason in reasons.all { string(reason.name) }
        endArray()
    }

    /// What autotune may move of a policy.
    fileprivate mutating func field(tuned key: String, _ policy: RouterPolicy) {
        self.key(key)
        beginObject()
        field("maker_first", policy.makerFirst)
        field("taker_bias", policy.takerBias)
        field("bias", policy.bias.double)
        field("offset_bps", policy.offset.inBps)
        endObject()
    }

    /// SPEC 7's policy, under the names of its state file.
    mutating func field(_ key: String, _ policy: RouterPolicy) {
        self.key(key)
        beginObject()
        field("maker_first", policy.makerFirst)
        field("taker_bias", policy.takerBias)
        field("bias", policy.bias.double)
        field("quality", policy.quality)
        field("regime", policy.regime)
        field("reason", policy.reason)
        field("offset_bps", policy.offset.inBps)
        endObject()
    }
}
