public import FairleadModel

/// The key of a position: an instrument and, in hedge mode, a side.
@frozen public struct PositionKey: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var side: PositionSide
    @inlinable public init(_ instrument: InstrumentHandle, _ side: PositionSide) {
        self.instrument = instrument
        self.side = side
    }
    /// Rows of a table with one row a key.
    @inlinable public var row: Int { Int(instrument.index) * 3 + Int(side.rawValue) }
}

extension PositionSide {
    static let rows = 3

    /// By its row; `allCases` would make an array at each walk.
    init(row: Int) {
        switch row {
        case 0: self = .both
        case 1: self = .long
        case 2: self = .short
        default: preconditionFailure("Invariant: a position side has one of three rows")
        }
    }
}

/// One position, exact: what it cost is kept instead of an average, so that nothing is lost to rounding.
public struct Position: BitwiseCopyable, Sendable {
    public var quantity = SignedQuantity.zero
    /// Signed: what the open quantity was bought for, negative for a short one.
    public var cost = Money.zero
    public var realized = Money.zero
    public var fees = Money.zero
    /// Paid; negative where more was received.
    public var funding = Money.zero
    public var createdAt = Timestamp.never
    public var updatedAt = Timestamp.never
    /// The venue's time of its latest fill.
    public var tradedAt = Timestamp.never
    /// Whose entry was the last: exits that no strategy asked for are its result.
    public var strategy = StrategyHandle.unnamed

    public init() {}

    public var isFlat: Bool { quantity.raw == 0 }

    /// Average entry price, rounded down; zero when flat.
    public func averagePrice(multiplier: Int32) -> Price {
        guard quantity.raw != 0 else { return .zero }
        let units = Int128(quantity.magnitude.raw) * Int128(multiplier)
        return Price(raw: FixedPoint.dividedRoundingDown(cost.magnitude.raw, by: units))
    }

    public func unrealized(mark: Price, multiplier: Int32) -> Money {
        isFlat ? .zero : Money.value(mark, quantity, multiplier: multiplier) - cost
    }

    /// Books a trade and gives the profit that it realised, fee not included.
    ///
    /// Closing takes the cost in proportion, rounded down; the rest stays with what is left, so that at every moment
    /// `cash flow = realized - cost`, to the last unit.
    mutating func book(_ trade: SignedQuantity, at price: Price, multiplier: Int32) -> Money {
        let value = Money.value(price, trade, multiplier: multiplier)
        let isOpening = quantity.raw == 0 || (quantity.raw > 0) == (trade.raw > 0)
        guard !isOpening else {
            quantity += trade
            cost += value
            return .zero
        }
        let closing = min(quantity.magnitude.raw, abs(trade.raw))
        let closed = SignedQuantity(raw: quantity.raw > 0 ? closing : -closing)
        // Two steps, so that the product of a cost and a quantity can't overflow: 10^35 * 10^18 would.
        let share = Self.share(of: cost.raw, closing, quantity.magnitude.raw)
        let profit = Money.value(price, closed, multiplier: multiplier) - Money(raw: share)
        cost -= Money(raw: share)
        quantity = quantity - closed
        realized += profit
        let rest = trade + closed
        if rest.raw != 0 {
            quantity = rest
            cost = Money.value(price, rest, multiplier: multiplier)
        }
        return profit
    }

    /// `cost * part / whole`, rounded down, as the paper venue's ledger does; all of it when `part == whole`.
    static func share(of cost: Int128, _ part: Int64, _ whole: Int64) -> Int128 {
        precondition(part >= 0, "Invariant: a part is not negative")
        precondition(part <= whole, "Invariant: a part is not larger than its whole")
        if part == whole { return cost }
        let quotient = FixedPoint.floorDivide(cost, by: Int128(whole))
        let remainder = cost - quotient * Int128(whole)
        return quotient * Int128(part) + remainder * Int128(part) / Int128(whole)
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&quantity)
        visitor.visit(&cost)
        visitor.visit(&realized)
        visitor.visit(&fees)
        visitor.visit(&funding)
        visitor.visit(&createdAt)
        visitor.visit(&updatedAt)
        visitor.visit(&tradedAt)
        visitor.visit(&strategy)
    }
}

/// What a strategy has earned and paid.
public struct StrategyResult: BitwiseCopyable, Sendable {
    public var realized = Money.zero
    public var fees = Money.zero
    public var funding = Money.zero
    public var fills: UInt64 = 0
    /// `total` at 00:00 UTC.
    public var dayStart = Money.zero
    public init() {}

    /// Realised less fees and funding since the start.
    public var total: Money { realized - fees - funding }
    /// Realised less fees and funding since 00:00 UTC.
    public var today: Money { total - dayStart }
}

/// Positions, cash, and what each strategy made. The venue's reports win over it; each correction is a divergence.
public struct PositionLedger: ~Copyable {
    public static let strategyLimit = 256

    private var rows: ContiguousArray<Position>
    private var multipliers: ContiguousArray<Int32>
    private var strategies: ContiguousArray<StrategyResult>
    /// Cash without unrealised profit; nil until the venue has said it.
    public private(set) var cash: Money?
    public private(set) var cashTime = Timestamp.never
    public private(set) var realized = Money.zero
    public private(set) var fees = Money.zero
    /// Paid; negative where more was received.
    public private(set) var funding = Money.zero
    /// Realised less fees and funding at 00:00 UTC: today's result is measured from it.
    public private(set) var dayStartResult = Money.zero
    private var day: Int64 = Int64.min
    public private(set) var openCount = 0

    public init(instruments: [Instrument]) {
        rows = ContiguousArray(repeating: Position(), count: instruments.count * 3)
        multipliers = ContiguousArray(instruments.map(\.terms.multiplier))
        strategies = ContiguousArray(repeating: StrategyResult(), count: Self.strategyLimit)
    }

    public subscript(key: PositionKey) -> Position { rows[key.row] }
    public var instrumentCount: Int { multipliers.count }
    public func result(of strategy: StrategyHandle) -> StrategyResult { strategies[Int(strategy.index)] }
    public func multiplier(_ instrument: InstrumentHandle) -> Int32 { multipliers[Int(instrument.index)] }
    /// Realised less fees and funding since 00:00 UTC.
    public var resultToday: Money { realized - fees - funding - dayStartResult }

    /// Books one execution; gives the profit that it realised, fee not included. It is the result of `strategy`; of the
    /// position's own where that is nil.
    public mutating func book(_ execution: Execution, strategy: StrategyHandle?, at now: Timestamp) -> Money {
        let key = PositionKey(execution.instrument, execution.positionSide)
        let trade = SignedQuantity(execution.quantity, side: execution.side)
        let wasFlat = rows[key.row].isFlat
        let profit = rows[key.row].book(trade, at: execution.price, multiplier: multiplier(execution.instrument))
        let fee = Money(raw8: execution.fee)
        rows[key.row].fees += fee
        rows[key.row].updatedAt = now
        rows[key.row].tradedAt = max(rows[key.row].tradedAt, execution.venueTime)
        if wasFlat {
            rows[key.row].createdAt = now
            rows[key.row].strategy = strategy ?? .unnamed
        }
        openCount += (wasFlat ? 0 : -1) + (rows[key.row].isFlat ? 0 : 1)
        realized += profit
        fees += fee
        if let before = cash { cash = before + profit - fee }
        #if MUTANTS
            if Mutant.isOn(.feeIsForgotten), let after = cash { cash = after + fee }
        #endif
        let row = min(Int((strategy ?? rows[key.row].strategy).index), Self.strategyLimit - 1)
        strategies[row].realized += profit
        strategies[row].fees += fee
        strategies[row].fills += 1
        return profit
    }

    /// Books funding: cash moves by what was paid, and it is a result of the position's strategy. The position stays.
    public mutating func book(_ payment: FundingPayment, at now: Timestamp) {
        let row = PositionKey(payment.instrument, payment.positionSide).row
        let paid = Money(raw8: payment.amount)
        rows[row].funding += paid
        rows[row].updatedAt = now
        funding += paid
        if let before = cash { cash = before - paid }
        strategies[min(Int(rows[row].strategy.index), Self.strategyLimit - 1)].funding += paid
    }

    /// True for a fill that later fills of its position have overtaken: booked in another order than the venue's, they
    /// realise another profit and leave another cost, though their sum is the same.
    public func isOvertaken(_ execution: Execution) -> Bool {
        execution.venueTime < rows[PositionKey(execution.instrument, execution.positionSide).row].tradedAt
    }

    /// Takes the venue's word for a position.
    public mutating func adopt(_ key: PositionKey, _ quantity: SignedQuantity, averagePrice: Price, at now: Timestamp) {
        let wasFlat = rows[key.row].isFlat
        rows[key.row].quantity = quantity
        rows[key.row].cost = Money.value(averagePrice, quantity, multiplier: multiplier(key.instrument))
        rows[key.row].updatedAt = now
        if wasFlat { rows[key.row].createdAt = now }
        openCount += (wasFlat ? 0 : -1) + (rows[key.row].isFlat ? 0 : 1)
    }

    /// Takes the venue's word for what a position of the same quantity cost, where the averages differ by more than
    /// their rounding; gives by how much it cost more than we thought.
    public mutating func adoptCost(_ key: PositionKey, _ quantity: SignedQuantity, averagePrice: Price) -> Money {
        guard quantity.raw != 0, rows[key.row].quantity == quantity else { return .zero }
        let multiplier = multiplier(key.instrument)
        guard abs(rows[key.row].averagePrice(multiplier: multiplier).raw - averagePrice.raw) > 1 else { return .zero }
        let cost = Money.value(averagePrice, quantity, multiplier: multiplier)
        let difference = cost - rows[key.row].cost
        rows[key.row].cost = cost
        return difference
    }

    /// Takes the venue's word for the cash; gives what it differs from ours (a transfer), zero at first.
    public mutating func adopt(cash reported: Money, at now: Timestamp) -> Money {
        cashTime = now
        // A report has 8 decimals: what is equal in them is equal, and ours is the more exact.
        if let cash, cash.raw8 == reported.raw8 { return .zero }
        let difference = cash.map { reported - $0 } ?? .zero
        cash = reported
        return difference
    }

    /// Starts a new result day at 00:00 UTC.
    public mutating func roll(to now: Timestamp) {
        guard now.utcDay != day else { return }
        day = now.utcDay
        dayStartResult = realized - fees - funding
        for index in strategies.indices { strategies[index].dayStart = strategies[index].total }
    }

    public func checkInvariants() {
        var open = 0
        var realizedSum = Money.zero
        var feeSum = Money.zero
        var fundingSum = Money.zero
        for row in rows {
            if !row.isFlat { open += 1 }
            precondition(!row.isFlat || row.cost == .zero, "Invariant: a flat position has no cost")
            realizedSum += row.realized
            feeSum += row.fees
            fundingSum += row.funding
        }
        precondition(open == openCount, "Invariant: the count of open positions equals the rows")
        precondition(realizedSum == realized, "Invariant: realised profit equals the sum over positions")
        precondition(feeSum == fees, "Invariant: fees equal the sum over positions")
        precondition(fundingSum == funding, "Invariant: funding equals the sum over positions")
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&rows, limit: rows.count, blank: Position()) { $0.visitState(&$1) }
        visitor.visit(&strategies, limit: Self.strategyLimit, blank: StrategyResult()) {
            $1.visit(&$0.realized)
            $1.visit(&$0.fees)
            $1.visit(&$0.funding)
            $1.visit(&$0.fills)
            $1.visit(&$0.dayStart)
        }
        var isCashKnown = cash != nil
        var known = cash ?? .zero
        visitor.visit(&isCashKnown)
        visitor.visit(&known)
        if visitor.isReading { cash = isCashKnown ? known : nil }
        visitor.visit(&cashTime)
        visitor.visit(&realized)
        visitor.visit(&fees)
        visitor.visit(&funding)
        visitor.visit(&dayStartResult)
        visitor.visit(&day)
        visitor.visit(&openCount)
    }
}
