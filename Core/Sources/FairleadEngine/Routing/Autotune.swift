public import FairleadModel

/// How much risk is wanted, as the allocator last said it.
public struct AllocatorState: Hashable, Sendable, BitwiseCopyable {
    /// nil where it left the mode out.
    public var mode: RiskMode?
    /// `.never` where there is no such state.
    public var time: Timestamp

    public init(mode: RiskMode? = nil, time: Timestamp = .never) {
        self.mode = mode
        self.time = time
    }

    public enum Warning: String, Sendable, CaseIterable {
        case missing = "allocator_state_missing"
        case stale = "allocator_state_stale"
    }

    /// Why the mode is not believed; nil where it is. A time to come has age 0.
    public func warning(at now: Timestamp, _ settings: AutotuneConfiguration) -> Warning? {
        guard mode != nil, time != .never else { return .missing }
        return now - time > settings.modeStaleAfter ? .stale : nil
    }

    /// What is not known, or was said too long ago, counts as cautious.
    public func mode(at now: Timestamp, _ settings: AutotuneConfiguration) -> RiskMode {
        warning(at: now, settings) == nil ? mode ?? .cautious : .cautious
    }
}

/// Applies suggestions to policies, in bounded steps from the policy as computed: they can't add up (RULES
/// "Autotune"). Pure.
public enum Autotune {
    /// The policy with what may be applied of a suggestion. A symbol or quality that is not listed, a mode of
    /// `defensive` or `halted`, and a policy that a person has set, get nothing. maker_first is turned only in
    /// `normal`, where that is allowed.
    public static func applied(
        _ suggestion: AutotuneSuggestion,
        to policy: RouterPolicy,
        _ settings: AutotuneConfiguration,
        isListed: Bool,
        mode: RiskMode,
        reference: OffsetReference
    ) -> RouterPolicy {
        guard settings.isApplyEnabled, isListed, !policy.isOverridden else { return policy }
        guard settings.qualities.contains(policy.quality.name) else { return policy }
        switch mode {
        case .normal, .cautious: break
        case .defensive, .halted: return policy
        }
        var tuned = policy
        tuned.bias = stepped(policy.bias, toward: suggestion.bias, settings.maximumBiasDelta, in: .zero...(.one))
        let range = PolicyRules.offsets(reference)
        // Never past the largest offset; one that was computed beyond it stays where it is.
        let most = min(range.upperBound, max(settings.maximumOffset, policy.offset))
        tuned.offset = stepped(
            policy.offset,
            toward: suggestion.offset,
            settings.maximumOffsetStep,
            in: min(range.lowerBound, most)...most
        )
        if settings.allowsMakerFlip, mode == .normal { tuned.makerFirst = suggestion.makerFirst }
        if tuned.bias != policy.bias { tuned.takerBias = TakerBias(of: tuned.bias) }
        tuned.tune = PolicyTune(
            bias: tuned.bias - policy.bias,
            offset: tuned.offset - policy.offset,
            isFlipped: tuned.makerFirst != policy.makerFirst
        )
        return tuned
    }

    private static func stepped(_ value: Rate, toward goal: Rate, _ step: Rate, in range: ClosedRange<Rate>) -> Rate {
        let bounded = min(value + step, max(value - step, goal))
        return min(range.upperBound, max(range.lowerBound, bounded))
    }
}
