import FairleadModel

/// What trading came to, of a strategy, a symbol or a way of routing. Money is exact; costs are positive.
struct TradeTally {
    /// Parents that ended, and those with a fill.
    var parents: UInt64 = 0
    var filledParents: UInt64 = 0
    var fills: UInt64 = 0
    var notional = Money.zero
    var makerNotional = Money.zero
    var fees = Money.zero
    var slippage = Money.zero
    /// Notional at arrival of what `slippage` was measured over.
    var arrivalNotional = Money.zero
    /// Of ended parents with an arrival price, at that price: what was approved and what was filled of it.
    var approved = Money.zero
    var filled = Money.zero

    var makerShare: Double? { notional.raw > 0 ? makerNotional.double / notional.double : nil }
    var slippageBps: Double? {
        arrivalNotional.raw > 0 ? slippage.double / arrivalNotional.double * 10_000 : nil
    }
    var feeBps: Double? { notional.raw > 0 ? fees.double / notional.double * 10_000 : nil }
    var netCostBps: Double? {
        guard let slippageBps, let feeBps else { return nil }
        return slippageBps + feeBps
    }
    var fillRatio: Double? { approved.raw > 0 ? filled.double / approved.double : nil }

    /// An ended parent, by what its record says of its fills.
    mutating func add(_ parent: ParentRecord, multiplier: Int32) {
        parents += 1
        if parent.arrival.raw > 0 {
            approved += Money.notional(parent.arrival, parent.approved, multiplier: multiplier)
            filled += Money.notional(parent.arrival, parent.filled, multiplier: multiplier)
        }
        guard parent.filled.raw > 0 else { return }
        filledParents += 1
        let value = Money.notional(parent.averagePrice, parent.filled, multiplier: multiplier)
        notional += value
        makerNotional += Money.notional(parent.averagePrice, parent.makerFilled, multiplier: multiplier)
        fees += Money(raw8: parent.fees)
        guard parent.arrival.raw > 0 else { return }
        let arrival = Money.notional(parent.arrival, parent.filled, multiplier: multiplier)
        arrivalNotional += arrival
        slippage += parent.side == .buy ? value - arrival : arrival - value
    }

    /// A single fill.
    mutating func add(_ fill: FillRecord, multiplier: Int32) {
        let execution = fill.execution
        let value = Money.notional(execution.price, execution.quantity, multiplier: multiplier)
        fills += 1
        notional += value
        if execution.liquidity == .maker { makerNotional += value }
        fees += Money(raw8: execution.fee)
        guard fill.arrival.raw > 0 else { return }
        let arrival = Money.notional(fill.arrival, execution.quantity, multiplier: multiplier)
        arrivalNotional += arrival
        slippage += execution.side == .buy ? value - arrival : arrival - value
    }
}

/// A strategy's signals, and what its parents came to.
struct StrategyTally {
    var signals: UInt64 = 0
    /// In the order of `SignalDisposition`.
    var dispositions = [UInt64](repeating: 0, count: SignalDisposition.allCases.count)
    var trades = TradeTally()
}

/// How often a reason was the first to veto, and the first time with its numbers.
struct VetoTally {
    var count: UInt64 = 0
    var example: Example?

    struct Example {
        var signalID: String
        var number: SignalNumber
        var instrument: InstrumentHandle
        var time: Timestamp
        /// The row that was broken; nil where the gateway told none.
        var row: RiskRow?
    }
}

/// An order as it stands, of the first ones of a run.
struct OrderLine {
    var since: Timestamp
    var change: OrderChange
}
