import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

/// Something that a person should look at: what it is, what it means, and what to type.
struct Attention {
    var what: String
    /// A command line; empty where nothing is to be typed.
    var next: String

    var json: JSONValue { ["what": .string(what), "next": .string(next)] }

    /// A risk mode with its reason, in the order in which the engine asks; nil for the normal one.
    static func riskMode(
        _ mode: RiskMode,
        _ state: DrawdownState,
        drawdown: Rate?,
        isNavStale: Bool,
        routerScore: Double
    ) -> Attention? {
        if mode == .normal { return nil }
        let head = "risk mode \(mode.name)"
        if mode == .halted {
            return Attention(what: "\(head): the drawdown circuit has latched", next: "fairlead risk reset")
        }
        switch state {
        case .warn, .panic:
            let ratio = drawdown.map { " of \($0)" } ?? ""
            return Attention(what: "\(head): a drawdown\(ratio) is \(state.name)", next: "fairlead risk show")
        case .normal: break
        }
        if isNavStale {
            return Attention(what: "\(head): NAV is not fresh", next: "fairlead reconcile")
        }
        let what = "\(head): the quality of all routes is \(routerScore), under 0.5 when last looked at"
        return Attention(what: what, next: "fairlead tca report")
    }
}

/// What is wrong, the gravest first: the part of `status` for the person who was woken by it.
extension EngineHost {
    func attention() -> [Attention] {
        var list: [Attention] = []
        if let fault = node?.journalFault {
            let what = "the journal takes nothing (\(fault)): no entry leaves"
            list.append(Attention(what: what, next: "fairlead doctor"))
        }
        if let divergence = publishing.divergence {
            let what = "the journal can't be replayed (\(divergence)): only run --recover-from-venue starts again"
            list.append(Attention(what: what, next: "fairlead doctor"))
        }
        list += stateAttention()
        if node?.isConnected != true {
            let cause = node?.venueFault.map { " (\($0))" } ?? ""
            let what = "the venue is not connected: orders there go on without us\(cause)"
            list.append(Attention(what: what, next: "fairlead health"))
        } else if node?.isReconciled != true {
            list.append(Attention(what: "the venue was not compared yet: no entry leaves", next: "fairlead reconcile"))
        }
        if let jump = node?.withEngine({ $0.navJump }) ?? nil, let nav = node?.withEngine({ $0.nav }) ?? nil {
            let what = "nav_jump: NAV reads \(jump) and counts as \(nav) until a transfer or a person explains it"
            list.append(Attention(what: what, next: "fairlead risk confirm-nav"))
        }
        list += modeAttention() + symbolAttention() + positionAttention()
        let unknown = unknownOrders
        if unknown > 0 {
            let what = "\(unknown) orders without an answer: reserved in full, being asked for at the venue"
            list.append(Attention(what: what, next: "fairlead orders"))
        }
        let bare = unprotected
        if bare > 0 {
            let what = "\(bare) of \(node?.withEngine { $0.openPositionCount } ?? 0) positions without a stop-loss"
            list.append(Attention(what: what, next: "fairlead positions"))
        }
        let stale = staleSymbols
        if !stale.isEmpty {
            let what = "the quotes of \(stale.joined(separator: ", ")) are too old: no entry there"
            list.append(Attention(what: what, next: "fairlead health"))
        }
        let halted = haltedSymbols
        if !halted.isEmpty {
            let what = "\(halted.joined(separator: ", ")) halted by the venue: no entry there, exits wait for the end"
            list.append(Attention(what: what, next: "fairlead orders"))
        }
        let losses = observer.losses
        if losses.isLogFailing {
            let what = "the log can't be written, \(losses.logLines) lines lost; trading goes on, the journal has all"
            list.append(Attention(what: what, next: "fairlead doctor"))
        }
        if let fault = publishing.fault, publishing.divergence == nil {
            let what = "not everything is published (\(fault)); trading goes on, the journal has all"
            list.append(Attention(what: what, next: "fairlead doctor"))
        }
        list += decidedAttention() + overrideAttention()
        return list
    }

    /// Why the risk mode is not normal.
    private func modeAttention() -> [Attention] {
        let now = node?.readClock() ?? clock.now
        guard let freshness = node?.configuration.engine.risk.navFreshness else { return [] }
        let found = node?.withEngine { engine in
            Attention.riskMode(
                engine.riskMode,
                engine.drawdownState,
                drawdown: engine.drawdown,
                isNavStale: engine.nav == nil || engine.hasNavSourceFailed || now - engine.navTime > freshness,
                routerScore: engine.globalRouterScore
            )
        }
        return [found ?? nil].compactMap(\.self)
    }

    /// A state that holds something back, in words.
    private func stateAttention() -> [Attention] {
        guard let state = node?.withEngine({ ($0.tradingState, $0.tradingStateCause, $0.isFrozenNow) }) else {
            return [Attention(what: "the engine is stopping", next: "")]
        }
        let holdsExits = state.0 == .halted && node?.configuration.engine.risk.haltAllowsReduce == false
        let exits = state.2 || holdsExits ? "exits are held too" : "exits go out"
        switch state.0 {
        case .active: return []
        case .reducing:
            let what = "reducing (\(state.1.name)): no new exposure, \(exits)"
            // What the venue or the clock began ends by itself; what a person or the journal began does not.
            let endsItself = state.1 == .staleVenue || state.1 == .clockSkew
            return [Attention(what: what, next: endsItself ? "fairlead health" : "fairlead resume")]
        case .halted:
            return [Attention(what: "halted (\(state.1.name)): no new exposure, \(exits)", next: "fairlead resume")]
        case .killed:
            return [Attention(what: "killed (\(state.1.name)): no new exposure, \(exits)", next: "fairlead resume")]
        }
    }
}
