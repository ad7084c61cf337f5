public import FairleadModel

/// Risk mode and drawdown state: what RULES "Drawdown bands" makes of NAV, with hysteresis, so that neither flaps.
public struct RiskStance: Hashable, Sendable, BitwiseCopyable {
    public private(set) var mode = RiskMode.normal
    public private(set) var drawdownState = DrawdownState.normal

    public init() {}

    /// Takes what is known now. Gives the change, or nil when both stay. An unknown drawdown moves no band.
    mutating func update(
        drawdown: Rate?,
        isCircuitLatched: Bool,
        isNavStale: Bool,
        isRouterPoor: Bool = false,
        _ limits: RiskLimits
    ) -> RiskModeRecord? {
        let before = self
        if let drawdown { drawdownState = Self.band(drawdown, from: drawdownState, limits) }
        if isCircuitLatched {
            mode = .halted
        } else {
            switch drawdownState {
            case .panic: mode = .defensive
            case .warn: mode = .cautious
            case .normal: mode = isNavStale || isRouterPoor ? .cautious : .normal
            }
        }
        guard self != before else { return nil }
        return RiskModeRecord(
            from: before.mode,
            to: mode,
            drawdownFrom: before.drawdownState,
            drawdownTo: drawdownState,
            isNavStale: isNavStale,
            isRouterPoor: isRouterPoor,
            drawdown: drawdown
        )
    }

    /// A band is entered at its bound, and left when the drawdown is a fifth below it.
    static func band(_ drawdown: Rate, from state: DrawdownState, _ limits: RiskLimits) -> DrawdownState {
        let isWarned = drawdown > exit(limits.drawdownWarning)
        let isInPanic = drawdown > exit(limits.drawdownPanic)
        if drawdown >= limits.drawdownPanic { return .panic }
        switch state {
        case .panic: return isInPanic ? .panic : isWarned ? .warn : .normal
        case .warn: return isWarned ? .warn : .normal
        case .normal: return drawdown >= limits.drawdownWarning ? .warn : .normal
        }
    }

    private static func exit(_ bound: Rate) -> Rate { Rate(raw: bound.raw / 5 * 4 + bound.raw % 5 * 4 / 5) }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&mode)
        visitor.visit(&drawdownState)
    }
}

extension Engine {
    /// RULES "Drawdown bands": below 0.5. Sums of the score's decimals have errors in their last bits.
    static let poorRouterScore = 0.5 - 1e-9

    /// Looks at NAV and its age, tells a change, and lets `halted` reduce.
    mutating func watchRisk(at now: Timestamp, into out: inout Outbox) {
        let isKnown = losses.nav != nil && losses.navTime != .never
        let limits = limitsInForce(.none, at: now)
        let isNavStale = !isKnown || isNavSourceFailed || now - losses.navTime > limits.navFreshness
        let change = stance.update(
            drawdown: losses.drawdown,
            isCircuitLatched: losses.isCircuitLatched,
            isNavStale: isNavStale,
            isRouterPoor: routerScore < Self.poorRouterScore,
            limits
        )
        if let change { out.notice(.riskModeChanged(change)) }
        guard stance.mode == .halted, state == .active else { return }
        changeState(to: .reducing, .riskMode, at: now, into: &out)
    }
}
