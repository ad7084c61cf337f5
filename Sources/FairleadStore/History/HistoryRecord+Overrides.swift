internal import FairleadModel

extension RiskChange: HistoryRecord {
    static let table = HistoryTable.riskChanges
    static let blank = RiskChange(.refused, RiskOrder(.overrideLimit), at: .never)
    /// Of the gateway, whatever signal comes.
    var signal: SignalNumber { .none }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.choice("change", &kind)
        walk.choice("action", &action)
        walk.choice("rule_limit", orNull: &limit)
        walk.integer("value", &value)
        walk.integer("configured", orNull: &configured)
        walk.symbol("symbol", &instrument)
        walk.scope("strategy", &strategy)
        walk.time("since_ts", &since)
        walk.time("until_ts", &until)
        walk.number("order_number", &number)
        walk.author("author_uid", &author)
        walk.choice("refusal", orNull: &refusal)
        // A text of the journal, not of the record: it is written, and not looked at again.
        var reason = walk.names.overrideReason(number)
        walk.text("reason", &reason)
    }
}

extension ColumnWalk {
    /// A strategy by its name, '' for the unnamed one; NULL for all of them.
    fileprivate mutating func scope(_ name: String, _ value: inout StrategyHandle) {
        var written = value == .none ? nil : names.name(of: value)
        text(name, &written)
        guard isReading else { return }
        guard let written else { return value = .none }
        guard let handle = names.strategy(named: written) else {
            return refuse(name, "no strategy is named '\(written)'")
        }
        value = handle
    }

    mutating func author(_ name: String, _ value: inout UInt32) {
        var wide = Int64(value)
        integer(name, &wide)
        guard let found = UInt32(exactly: wide) else { return refuse(name, "\(wide) is no uid") }
        value = found
    }
}
