import FairleadModel
import FairleadNode

extension LogLine {
    /// A person has decided on a position, or was refused.
    static func positionDecided(_ decision: PositionDecision, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        var text = decision.action.name
        if decision.positionSide != .both { text += " \(decision.positionSide.name)" }
        if let refusal = decision.refusal {
            text += ": \(refusal.explanation)"
        } else {
            text += " \(decision.quantity)"
            if decision.traded != .zero { text += ", \(decision.traded) of it traded by somebody else" }
            if decision.stopLoss != .zero { text += ", stop-loss \(decision.stopLoss)" }
            if decision.takeProfit != .zero { text += ", take-profit \(decision.takeProfit)" }
        }
        text += ", by uid \(decision.author)"
        var line = LogLine("decided", text, level: .warning, at: entry.time)
        line.symbol = decision.instrument == .none ? nil : names.symbol(of: decision.instrument)
        line.signal = decision.number == .none ? nil : names.label(of: decision.number)
        line.reason = decision.refusal?.name
        return line
    }
}
