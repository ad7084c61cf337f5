internal import FairleadModel

/// A fill as a symbol's window keeps it. Prices and money are exact; what follows from them is computed when asked.
struct FillSample: MeasuredRow {
    var time = Timestamp.never
    var price = Price.zero
    var intended = Price.zero
    var arrival = Price.zero
    var mid = Price.zero
    /// 10^-8.
    var notional: Int64 = 0
    var fee: Int64 = 0
    var latency = TimeSpan.zero
    var later = HorizonPrices()
    var side = Side.buy
    var isTwapChild = false
    /// Its order was large enough for a TWAP, or was one.
    var isEligible = false

    init() {}

    init(_ measure: FillMeasure, isEligible: Bool, at now: Timestamp) {
        time = now
        price = measure.price
        intended = measure.intended
        arrival = measure.arrival
        mid = measure.mid
        notional = measure.notional
        fee = measure.fee
        latency = measure.latency
        side = measure.side
        isTwapChild = measure.isTwapChild
        self.isEligible = isEligible || measure.isTwapChild
    }

    /// What it counts by: its size.
    var weight: Double { Double(notional.magnitude) }
    var slippageBps: Double? { ExecutionCost.slippageBps(side, price, against: intended) }
    var arrivalSlippageBps: Double? { ExecutionCost.slippageBps(side, price, against: arrival) }
    var effectiveSpreadBps: Double? { ExecutionCost.effectiveSpreadBps(side, price, mid: mid) }
    var feeBps: Double? { ExecutionCost.bps(fee, of: notional) }
    var costBps: Double? {
        guard let slippageBps, let feeBps else { return nil }
        return slippageBps + feeBps
    }
    var latencyMilliseconds: Double { Double(latency.nanoseconds) / 1e6 }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&time)
        visitor.visit(&price)
        visitor.visit(&intended)
        visitor.visit(&arrival)
        visitor.visit(&mid)
        visitor.visit(&notional)
        visitor.visit(&fee)
        visitor.visit(&latency)
        later.visitState(&visitor)
        visitor.visit(&side)
        visitor.visit(&isTwapChild)
        visitor.visit(&isEligible)
    }
}

extension HorizonPrices {
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        var next: MarkoutHorizon? = .first
        while let horizon = next {
            var price = self[horizon]
            visitor.visit(&price)
            if visitor.isReading { self[horizon] = price }
            next = horizon.next
        }
    }
}

/// A TWAP's child order: what it was to be, and what was filled of it, both at its intended price. 10^-8.
struct ChildSample: MeasuredRow {
    /// When it was handed out.
    var time = Timestamp.never
    var intended: Int64 = 0
    var filled: Int64 = 0

    init() {}

    init(intended: Int64, at now: Timestamp) {
        time = now
        self.intended = intended
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&time)
        visitor.visit(&intended)
        visitor.visit(&filled)
    }
}

/// An ended parent whose shortfall is known. 10^-8.
struct ShortfallSample: MeasuredRow {
    /// When it ended.
    var time = Timestamp.never
    /// At the decision price.
    var notional: Int64 = 0
    var delay: Int64 = 0
    var trading: Int64 = 0
    var spread: Int64 = 0
    var impact: Int64 = 0
    var opportunity: Int64 = 0
    var fees: Int64 = 0
    /// Every fill had a middle: `spread` and `impact` are known.
    var isSplit = false

    init() {}

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&time)
        visitor.visit(&notional)
        visitor.visit(&delay)
        visitor.visit(&trading)
        visitor.visit(&spread)
        visitor.visit(&impact)
        visitor.visit(&opportunity)
        visitor.visit(&fees)
        visitor.visit(&isSplit)
    }
}
