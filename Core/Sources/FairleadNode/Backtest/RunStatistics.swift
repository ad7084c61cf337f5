public import FairleadModel

/// What a run came to, counted from its notices. Money in units of 10^-8 of the reporting currency; costs are positive.
public struct RunStatistics: Sendable {
    public var signals: UInt64 = 0
    /// In the order of `SignalDisposition`.
    public var acknowledgements = [UInt64](repeating: 0, count: SignalDisposition.allCases.count)
    /// By primary reason, in the order of `VetoReason`.
    public var vetoes = [UInt64](repeating: 0, count: VetoReason.allCases.count)
    /// By reason, in the order of `InvalidSignalReason`.
    public var invalid = [UInt64](repeating: 0, count: InvalidSignalReason.allCases.count)
    /// Orders that were handed out, and what became of them.
    public var orders: UInt64 = 0
    public var rejects: UInt64 = 0
    public var fills: UInt64 = 0
    public var makerFills: UInt64 = 0
    /// Notional of all fills, and of those that made liquidity.
    public var notional = Money.zero
    public var makerNotional = Money.zero
    /// Parents that ended with a fill; those filled by maker alone, and those that a taker finished after a fallback.
    public var filledParents: UInt64 = 0
    public var makerParents: UInt64 = 0
    public var fallbackParents: UInt64 = 0
    /// In the order of `ParentOutcome`.
    public var outcomes = [UInt64](repeating: 0, count: ParentOutcome.allCases.count)
    /// In the order of `FallbackReason`; the first is none.
    public var fallbacks = [UInt64](repeating: 0, count: FallbackReason.allCases.count)
    /// In the order of `RouteReason`: why a parent did not start as maker.
    public var routeReasons = [UInt64](repeating: 0, count: RouteReason.allCases.count)
    public var takeProfitExits: UInt64 = 0
    public var stopLossExits: UInt64 = 0
    /// Side-aware difference of fill and arrival, over the fills whose arrival is known, in money.
    public var slippage = Money.zero
    /// Notional at arrival of those fills.
    public var slippageNotional = Money.zero
    public var fees = Money.zero
    /// Paid; negative where more was received.
    public var funding = Money.zero
    public var realized = Money.zero
    /// What the executions cost, as the engine measures it.
    public var execution = ExecutionSummary()
    public var alarms: UInt64 = 0
    public var divergences: UInt64 = 0
    /// Notices that were overwritten before they were counted: not zero makes the rest a lower bound.
    public var lostNotices: UInt64 = 0

    private let multipliers: [Int32]

    public init(_ instruments: [Instrument]) { multipliers = instruments.map(\.terms.multiplier) }

    /// Share of the notional that made liquidity, 0...1; nil without fills.
    public var makerShare: Double? { notional.raw > 0 ? makerNotional.double / notional.double : nil }
    /// Slippage against arrival in bps, weighted by notional; nil without a fill whose arrival is known.
    public var slippageBps: Double? {
        slippageNotional.raw > 0 ? slippage.double / slippageNotional.double * 10_000 : nil
    }
    /// Slippage and fees together in bps.
    public var netCostBps: Double? {
        guard let slippageBps, notional.raw > 0 else { return nil }
        return slippageBps + fees.double / notional.double * 10_000
    }

    public mutating func add(_ notice: Notice) {
        switch notice {
        case .acknowledged(let acknowledgement): add(acknowledgement)
        case .orderChanged(let change): add(change)
        case .filled(let fill): add(fill)
        case .parentClosed(let parent): add(parent)
        case .routed(let decision): add(decision)
        case .levelChanged(let level): add(level)
        case .alarm: alarms += 1
        case .divergence: divergences += 1
        case .funded(let record): funding += Money(raw8: record.payment.amount)
        case .sized, .armChosen, .riskRow, .riskDecided, .positionChanged, .tradingStateChanged, .riskModeChanged,
            .venueChanged,
            .policyComputed,
            .barClosed, .operatorRefused, .profitMeasured, .progressed, .tradeClosed, .riskChanged, .positionDecided:
            break
        case .fillMeasured(let measure): execution.add(measure)
        case .markoutMeasured(let measure): execution.add(measure)
        case .shortfallMeasured(let measure): execution.add(measure)
        }
    }

    private mutating func add(_ acknowledgement: SignalAcknowledgement) {
        signals += 1
        acknowledgements[Int(acknowledgement.disposition.rawValue)] += 1
        if let reason = acknowledgement.vetoes.primary { vetoes[Int(reason.rawValue)] += 1 }
        if let reason = acknowledgement.invalid { invalid[Int(reason.rawValue)] += 1 }
    }

    private mutating func add(_ change: OrderChange) {
        if change.from == .created && change.to == .submitted { orders += 1 }
        if change.to == .rejected && change.from != .rejected { rejects += 1 }
    }

    private mutating func add(_ fill: FillRecord) {
        let execution = fill.execution
        let index = Int(execution.instrument.index)
        let multiplier = index < multipliers.count ? multipliers[index] : 1
        let value = Money.notional(execution.price, execution.quantity, multiplier: multiplier)
        fills += 1
        notional += value
        if execution.liquidity == .maker {
            makerFills += 1
            makerNotional += value
        }
        fees += Money(raw8: execution.fee)
        realized += Money(raw8: fill.realized)
        guard fill.arrival.raw > 0 else { return }
        let arrival = Money.notional(fill.arrival, execution.quantity, multiplier: multiplier)
        slippageNotional += arrival
        slippage += execution.side == .buy ? value - arrival : arrival - value
    }

    private mutating func add(_ parent: ParentRecord) {
        outcomes[Int(parent.outcome.rawValue)] += 1
        guard parent.filled.raw > 0 else { return }
        filledParents += 1
        switch parent.routedAs {
        case .maker: makerParents += 1
        case .makerThenTaker: fallbackParents += 1
        case .taker, .limit, .market, .twap, .vwap, .pov, .iceberg: break
        }
    }

    private mutating func add(_ decision: RouteDecision) {
        switch decision.moment {
        case .start: routeReasons[Int(decision.vetoReason.rawValue)] += 1
        case .fallback: if decision.usedFallback { fallbacks[Int(decision.fallbackReason.rawValue)] += 1 }
        case .requote, .end, .slice: break
        }
    }

    private mutating func add(_ level: LevelRecord) {
        guard level.event == .fired || level.event == .refired else { return }
        switch level.kind {
        case .takeProfit: takeProfitExits += 1
        case .stopLoss: stopLossExits += 1
        }
    }
}
