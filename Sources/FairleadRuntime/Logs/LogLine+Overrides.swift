import FairleadModel
import FairleadNode

extension LogLine {
    /// An override that begins or ends, a strategy that is switched, or an order that was refused.
    static func riskChanged(_ change: RiskChange, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        let strategy = change.strategy == .none ? nil : names.name(of: change.strategy)
        var text: String
        switch change.kind {
        case .strategyDisabled: text = "no entry of \(shown(strategy)) until it is enabled"
        case .strategyEnabled: text = "\(shown(strategy)) enters again"
        case .refused: text = "\(change.action.name): \(change.refusal?.explanation ?? "")"
        case .overridden, .replaced, .removed, .expired: text = limitText(change)
        }
        if change.limit != nil, let strategy { text += ", of \(shown(strategy)) alone" }
        if change.kind == .overridden {
            text += ", by uid \(change.author)"
            if let reason = names.overrideReason(change.number) { text += ": \(plain(reason))" }
        }
        var line = LogLine("override", text, at: entry.time)
        // What lets more out, or less, than the configuration says is worth a look while it lasts.
        switch change.kind {
        case .overridden, .strategyDisabled, .refused: line.level = .warning
        case .replaced, .removed, .expired, .strategyEnabled: break
        }
        line.symbol = change.instrument == .none ? nil : names.symbol(of: change.instrument)
        line.reason = change.refusal?.name ?? change.limit?.name
        return line
    }

    private static func limitText(_ change: RiskChange) -> String {
        guard let limit = change.limit else { return change.kind.name }
        let configured = change.configured.map(limit.unit.text) ?? "off"
        let value = "\(limit.name) \(limit.unit.text(change.value)) \(limit.unit.name)"
        switch change.kind {
        case .overridden: return "\(value) until \(change.until.text()), configured \(configured)"
        case .replaced: return "\(value) gives way to another override"
        case .removed: return "\(value) is removed, configured \(configured)"
        case .expired: return "\(value) has ended, configured \(configured)"
        case .strategyDisabled, .strategyEnabled, .refused: return change.kind.name
        }
    }

    private static func shown(_ strategy: String?) -> String {
        guard let strategy else { return "a strategy" }
        return strategy.isEmpty ? "the unnamed strategy" : plain(strategy)
    }
}
