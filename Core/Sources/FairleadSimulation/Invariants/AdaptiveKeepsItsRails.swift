import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode

/// S-31: adaptive routing keeps its rails: probabilities that sum to one, tries within their share, the static arm
/// where a reason says so and in every risk mode but normal, and an order that is of the arm that was told.
final class AdaptiveKeepsItsRails: Invariant {
    private struct Count {
        var decisions = 0
        var tries = 0
    }

    /// Since the account's beginning; nil once a life has ended, which may have told less than it decided.
    private var counts: [InstrumentHandle: Count]? = [:]
    /// As told last; nil where nothing is known of it.
    private var mode: RiskMode? = .normal
    /// Chosen arms whose first order has not left yet.
    private var arms: [IntentID: RouteArm] = [:]

    var id: String { "S-31" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        let share = simulation.configuration.engine.adaptive.exploration
        let minimum = simulation.configuration.engine.adaptive.minimumSamples
        for index in notices.indices {
            switch notices[index].notice {
            case .armChosen(let decision): try judge(decision, share: share, minimum: minimum)
            case .orderChanged(let change) where change.from == .created: try judge(change)
            case .riskModeChanged(let record): mode = record.to
            case .parentClosed(let record): arms[record.intent] = nil
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .orderChanged, .filled, .positionChanged,
                .profitMeasured, .levelChanged, .tradingStateChanged, .divergence, .operatorRefused, .alarm,
                .venueChanged, .policyComputed, .barClosed, .fillMeasured, .markoutMeasured, .shortfallMeasured,
                .funded, .progressed, .tradeClosed, .riskChanged, .positionDecided:
                break
            }
        }
    }

    /// `share`: the largest share of a symbol's decisions that may be tries; `minimum`: what an arm's estimate must
    /// rest on.
    func judge(_ decision: ArmDecision, share: Rate, minimum: Int = 0) throws(Violation) {
        var sum: Int64 = 0
        for arm in RouteArm.allCases {
            guard decision.propensities[arm] >= 0 else { throw Violation(id, "\(decision.intent): a negative chance") }
            sum += Int64(decision.propensities[arm])
        }
        guard sum == FixedPoint.one, decision.propensities[decision.chosen] > 0 else {
            throw Violation(id, "\(decision.intent): chances of \(sum) (units of 10^-8), or none of what was chosen")
        }
        let arm = decision.executed
        if arm.isMaker, arm != decision.standing, !decision.isExplored, decision.samples[arm] < minimum {
            throw Violation(id, "\(decision.intent) rests as \(arm.name) on \(decision.samples[arm]) samples")
        }
        switch decision.reason {
        case .none: break
        case .fewSamples:
            if decision.executed != decision.standing, !decision.isExplored {
                throw Violation(id, "\(decision.intent) leaves the static arm on too few samples")
            }
        case .shadow, .symbolNotListed, .riskMode, .costAlarm:
            if decision.executed != decision.standing {
                throw Violation(id, "\(decision.intent) leaves the static arm in spite of \(decision.reason.name)")
            }
        }
        if let mode, mode != .normal, decision.reason != .riskMode, decision.reason != .symbolNotListed {
            throw Violation(id, "\(decision.intent) is not held by the risk mode \(mode.name)")
        }
        arms[decision.intent] = decision.executed
        try count(decision, share)
    }

    private func count(_ decision: ArmDecision, _ share: Rate) throws(Violation) {
        guard var count = counts?[decision.instrument, default: Count()] else { return }
        count.decisions += 1
        if decision.isExplored { count.tries += 1 }
        counts?[decision.instrument] = count
        if Int64(count.tries) * FixedPoint.one > Int64(count.decisions) * share.raw {
            throw Violation(id, "\(count.tries) tries in \(count.decisions) decisions")
        }
    }

    /// The first order of a chosen arm rests where the arm rests.
    func judge(_ change: OrderChange) throws(Violation) {
        guard let arm = arms.removeValue(forKey: change.id.intent) else { return }
        if (change.type == .postOnly) != arm.isMaker {
            throw Violation(id, "\(change.id.intent) was told as \(arm.name) and leaves as \(change.type.name)")
        }
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        counts = nil
        mode = nil
        arms.removeAll(keepingCapacity: true)
    }
}
