// Overrides of limits and switches of strategies as JSON: the event that orders them and the notice of what became.

extension RiskOrder: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("action", action)
        let isLimit = action == .overrideLimit || action == .removeOverride
        writer.field(limit: isLimit ? limit : nil)
        writer.field("value", action == .overrideLimit ? limit.unit.text(value) : nil)
        writer.field(symbol: instrument, names)
        writer.field(strategy: strategy, names)
        writer.field("until", until)
        writer.field("number", number: number)
        writer.field("author_uid", author)
    }
}

extension RiskChange: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("change", kind)
        writer.field("action", action)
        writer.field(limit: limit)
        // A removal that is refused had no value.
        writer.field("value", limit.flatMap { value == 0 && number == 0 ? nil : $0.unit.text(value) })
        writer.field("configured", limit.flatMap { limit in configured.map(limit.unit.text) })
        writer.field(symbol: instrument, names)
        writer.field(strategy: strategy, names)
        writer.field("since", since)
        writer.field("until", until)
        writer.field("number", number: number)
        writer.field("author_uid", author)
        writer.field("refusal", refusal?.name)
    }
}

extension JSONWriter {
    fileprivate mutating func field(limit: OverridableLimit?) {
        field("limit", limit?.name)
        field("unit", limit?.unit.name)
    }

    fileprivate mutating func field(strategy: StrategyHandle, _ names: some NameTable) {
        field("strategy", strategy == .none ? nil : names.name(of: strategy))
    }
}

extension LimitOverride {
    /// As screens and files have it. `configured`: what holds without it; null where it is off.
    public func json(configured: Int64?, reason: String?, symbol: String?, strategy: String?) -> JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        return [
            "limit": .string(limit.name), "key": .string(limit.key), "unit": .string(limit.unit.name),
            "value": .string(limit.unit.text(value)), "configured": text(configured.map(limit.unit.text)),
            "symbol": text(symbol), "strategy": text(strategy), "reason": text(reason),
            "author_uid": .integer(Int64(author)), "since": .string(since.text()), "until": .string(until.text()),
        ]
    }
}
