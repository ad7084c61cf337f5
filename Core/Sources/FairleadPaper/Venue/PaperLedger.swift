public import FairleadModel

/// One position of the account, exact: a cost in 10^-16, not a rounded average.
public struct PaperPosition: Hashable, Sendable, BitwiseCopyable {
    public internal(set) var quantity = SignedQuantity.zero
    /// Signed value at which the open quantity was taken: positive long, negative short.
    public internal(set) var cost = Money.zero
    public internal(set) var realised = Money.zero
    /// Paid, in units of 10^-8; negative when rebates outweigh.
    public internal(set) var fees: Int64 = 0
    /// Paid, in units of 10^-8; negative where more was received.
    public internal(set) var funding: Int64 = 0
    /// What live orders that are not reducing may still buy and sell.
    var openBuy = Quantity.zero
    var openSell = Quantity.zero
    /// Live reducing orders.
    var reducingOrders: Int64 = 0

    /// Cost over quantity, rounded down to 10^-8; zero when flat.
    public func averagePrice(multiplier: Int32) -> Price {
        guard quantity.raw != 0 else { return .zero }
        let size = Int128(quantity.magnitude.raw) * Int128(multiplier)
        return Price(raw: FixedPoint.dividedRoundingDown(cost.magnitude.raw, by: size))
    }

    /// How much an order of `side` can close.
    func closable(by side: Side) -> Quantity {
        switch side {
        case .buy: quantity.raw < 0 ? quantity.magnitude : .zero
        case .sell: quantity.raw > 0 ? quantity.magnitude : .zero
        }
    }

    /// Books one execution; gives the profit that it realised. The division's rest stays in `cost`: nothing is lost.
    mutating func book(_ side: Side, _ price: Price, _ traded: Quantity, multiplier: Int32) -> Money {
        let closed = min(traded, closable(by: side))
        var profit = Money.zero
        if closed > .zero {
            let removed = cost(of: closed)
            let proceeds = Money.notional(price, closed, multiplier: multiplier)
            profit = side == .sell ? proceeds - removed : -proceeds - removed
            cost -= removed
            realised += profit
            quantity += SignedQuantity(closed, side: side)
        }
        let opened = traded - closed
        if opened > .zero {
            cost += Money.value(price, SignedQuantity(opened, side: side), multiplier: multiplier)
            quantity += SignedQuantity(opened, side: side)
        }
        return profit
    }

    /// The share of `cost` that belongs to `closed`, rounded down; divided first, so that no product overflows.
    private func cost(of closed: Quantity) -> Money {
        let size = Int128(quantity.magnitude.raw)
        let whole = FixedPoint.floorDivide(cost.raw, by: size)
        let rest = cost.raw - whole * size
        return Money(raw: whole * Int128(closed.raw) + rest * Int128(closed.raw) / size)
    }
}

/// An execution in the account's ledger, and whose it was.
public struct PaperExecution: Hashable, Sendable, BitwiseCopyable {
    public var execution: Execution
    public var client: UInt32
    public var venueOrderID: VenueOrderID
}

/// The venue's books: cash, positions, executions, under one increasing sequence. The oracle of every test.
public struct PaperLedger: Sendable {
    /// Counts every change of orders, executions and cash; an execution's id is the sequence of its change.
    public internal(set) var sequence: UInt64 = 0
    /// Starting cash, realised profit, fees and funding: exact.
    public internal(set) var cash: Money
    /// Paid in units of 10^-8.
    public internal(set) var fees: Int64 = 0
    /// Paid in units of 10^-8; negative where more was received.
    public internal(set) var funding: Int64 = 0
    /// Positions that are not flat.
    public internal(set) var openPositions = 0
    /// Three for each instrument, by position side.
    public internal(set) var positions: ContiguousArray<PaperPosition>
    /// The newest executions in order, a ring once it is full.
    var ring: ContiguousArray<PaperExecution> = []
    var ringHead = 0
    /// Executions that have left the ring.
    public internal(set) var forgottenExecutions: UInt64 = 0
    /// The newest execution or payment that has left its ring; 0 when none has.
    public internal(set) var lastForgotten = ExecutionID(value: 0)
    /// The newest payments of funding in order, a ring of the same size once it is full.
    var fundings: ContiguousArray<FundingPayment> = []
    var fundingHead = 0
    let executionLimit: Int

    init(instruments: Int, cash: Money, executionLimit: Int) {
        precondition(executionLimit > 0, "Invariant: the ledger keeps at least one execution")
        self.cash = cash
        self.executionLimit = executionLimit
        positions = ContiguousArray(repeating: PaperPosition(), count: instruments * 3)
    }

    /// How many executions are kept.
    public var executionCount: Int { ring.count }

    /// The kept executions, oldest first: 0 is the oldest.
    public func execution(at offset: Int) -> PaperExecution {
        let position = ringHead + offset
        return ring[position < ring.count ? position : position - ring.count]
    }

    /// The offset of the first kept execution after `id`; nil when one after it has been forgotten.
    public func offset(after id: ExecutionID) -> Int? {
        guard id >= lastForgotten else { return nil }
        var low = 0
        var high = ring.count
        while low < high {
            let middle = (low + high) / 2
            if execution(at: middle).execution.executionID <= id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func positionIndex(_ instrument: InstrumentHandle, _ side: PositionSide) -> Int {
        Int(instrument.index) * 3 + Int(side.rawValue)
    }

    mutating func nextSequence() -> UInt64 {
        sequence += 1
        return sequence
    }

    /// Books an execution that carries its fee; gives nothing back, since nothing can refuse it.
    mutating func book(_ entry: PaperExecution, multiplier: Int32) {
        let execution = entry.execution
        let index = positionIndex(execution.instrument, execution.positionSide)
        let wasFlat = positions[index].quantity.raw == 0
        let profit = positions[index].book(
            execution.side,
            execution.price,
            execution.quantity,
            multiplier: multiplier
        )
        openPositions += (wasFlat ? 0 : -1) + (positions[index].quantity.raw == 0 ? 0 : 1)
        positions[index].fees += execution.fee
        fees += execution.fee
        cash += profit - Money(raw8: execution.fee)
        if ring.count < executionLimit {
            ring.append(entry)
        } else {
            lastForgotten = max(lastForgotten, ring[ringHead].execution.executionID)
            forgottenExecutions += 1
            ring[ringHead] = entry
            ringHead = ringHead + 1 == ring.count ? 0 : ringHead + 1
        }
    }

    /// The fee of a fill in units of 10^-8, rounded up: the rest against the client, a rebate's too.
    static func fee(_ notional: Money, _ rate: Rate) -> Int64 {
        let one = Int128(FixedPoint.one)
        let whole = notional.raw / one
        let rest = notional.raw % one
        let product = whole * Int128(rate.raw)
        let quotient = FixedPoint.floorDivide(product, by: one)
        let low = (product - quotient * one) * one + rest * Int128(rate.raw)
        return Int64(clamping: quotient + Int128(FixedPoint.dividedRoundingUp(low, by: one * one)))
    }
}
