import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

extension StateDocuments {
    /// What autotune would change of each symbol's policy, and what of it may be applied.
    func addSuggestions(_ members: inout [JSONMember], _ moment: ReplicaMoment, _ engine: borrowing Engine) {
        let settings = moment.configuration.engine.autotune
        let allocator = engine.allocator
        members.append("apply_enabled", settings.isApplyEnabled)
        members.append("risk_mode", allocator.mode(at: moment.time, settings).name)
        let warnings = [allocator.warning(at: moment.time, settings)?.rawValue].compactMap { $0 }
        members.append("warnings", .array(warnings.map(JSONValue.string)))
        var symbols: [JSONMember] = []
        let suggestions = engine.suggestions(at: moment.time)
        for (index, instrument) in moment.configuration.engine.instruments.enumerated() {
            let policy = engine.policy(InstrumentHandle(index))
            let row = Self.suggestion(suggestions[index], policy, isListed: settings.tunes(instrument.symbol))
            symbols.append(instrument.symbol, row)
        }
        members.append("symbols", .object(symbols))
    }

    private static func suggestion(
        _ suggestion: AutotuneSuggestion,
        _ policy: RouterPolicy,
        isListed: Bool
    ) -> JSONValue {
        let computed = policy.computed
        var proposed: [JSONMember] = []
        proposed.append("maker_first", suggestion.makerFirst)
        proposed.append("taker_bias", TakerBias(of: suggestion.bias).name)
        proposed.append("bias", suggestion.bias)
        proposed.append("offset_bps", suggestion.offset.inBps)
        var row: [JSONMember] = []
        row.append("regime", suggestion.regime.name)
        row.append("current_policy", json(computed))
        row.append("proposed_policy", .object(proposed))
        row.append("changed", suggestion.changes(computed))
        row.append("rationale", rationale(suggestion, computed))
        row.append("is_listed", isListed)
        row.append("applied", policy.tune != .none)
        return .object(row)
    }

    /// Semicolon-joined, as a policy's reason is.
    private static func rationale(_ suggestion: AutotuneSuggestion, _ computed: RouterPolicy) -> String {
        var parts = ["regime=\(suggestion.regime.name)", "quality=\(computed.quality.name)"]
        if suggestion.strength != 0 { parts.append("strength=\(suggestion.strength)") }
        parts.append("bias_signal=\(suggestion.biasSignal)")
        parts.append("offset_signal=\(suggestion.offsetSignal)")
        if suggestion.makerFirst != computed.makerFirst {
            parts.append(suggestion.makerFirst ? "maker_on" : "maker_off")
        }
        return parts.joined(separator: ";")
    }
}
