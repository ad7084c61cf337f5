public import FairleadModel

/// The trades that strategies have closed within `sizing.kelly.lookback_days`, and the positions that become trades.
///
/// A trade runs from flat to flat. Each reducing fill realises at average cost, and the fill that brings the position
/// to flat completes it; a fill that turns a position closes one trade and begins the next, its fee parted by quantity.
/// A trade is the result of the strategy whose entry opened it, whoever closed it, a liquidation too. Not counted,
/// since nobody knows what they made: positions that the venue's word began or changed, and those that somebody else's
/// fill entered.
///
/// Full: the oldest leaves early, and is counted. Tallies are kept running, so that a signal reads one in O(1).
public struct TradeLog: ~Copyable {
    /// Closed trades that are kept, over all strategies.
    public static let capacity = 8_192

    /// Per position key.
    private var open: ContiguousArray<OpenTrade>
    /// A ring, the oldest at `head`.
    private var rows: ContiguousArray<ClosedTrade>
    private var head = 0
    public private(set) var count = 0
    private var tallies: ContiguousArray<TradeTally>
    /// Closed trades that left before their time, since there was no room.
    public private(set) var dropped: UInt64 = 0
    /// Positions that came back to flat and are no trade of a strategy.
    public private(set) var unmeasured: UInt64 = 0

    public init(instruments: Int) {
        let blank = ClosedTrade(
            instrument: .none,
            side: .buy,
            exit: .signal,
            openedAt: .never,
            closedAt: .never,
            quantity: .zero,
            entryNotional: 0,
            profit: 0,
            fees: 0,
            funding: 0,
            profitRate: .zero
        )
        open = ContiguousArray(repeating: OpenTrade(), count: instruments * PositionSide.rows)
        rows = ContiguousArray(repeating: blank, count: Self.capacity)
        tallies = ContiguousArray(repeating: TradeTally(), count: PositionLedger.strategyLimit)
    }

    public func tally(of strategy: StrategyHandle) -> TradeTally { tallies[Self.row(strategy)] }

    /// A closed trade that is kept, `0` the oldest.
    public subscript(index: Int) -> ClosedTrade {
        precondition(index >= 0, "Invariant: trades are counted from 0")
        precondition(index < count, "Invariant: only trades that are kept are read")
        return rows[(head + index) % Self.capacity]
    }

    // MARK: - What happens

    /// Takes a fill that the ledger has booked: `before` is the position that it met, `realized` what it made. Gives
    /// the trade that it closed, where it is one.
    mutating func take(
        _ execution: Execution,
        before: SignedQuantity,
        realized: Money,
        multiplier: Int32,
        by author: FillAuthor,
        at now: Timestamp
    ) -> ClosedTrade? {
        let key = PositionKey(execution.instrument, execution.positionSide)
        let isReducing = before.raw != 0 && (before.raw > 0) != (execution.side == .buy)
        let closing = isReducing ? min(before.magnitude, execution.quantity) : .zero
        let opening = execution.quantity - closing
        let fee = Money(raw8: execution.fee)
        let share = Position.share(of: fee.raw, closing.raw, execution.quantity.raw)
        var closed: ClosedTrade?
        if closing > .zero {
            open[key.row].realized += realized
            open[key.row].fees += Money(raw: share)
            if closing == before.magnitude { closed = finish(key, author, at: now) }
        }
        if opening > .zero {
            open[key.row].enter(
                execution,
                opening,
                fee: Money(raw: fee.raw - share),
                multiplier: multiplier,
                opener: author.opener,
                at: now
            )
        }
        return closed
    }

    mutating func funded(_ key: PositionKey, paid: Money) { open[key.row].funding += paid }

    /// The venue says that a position has cost so much more than we thought: fills that overtook each other have
    /// realised so much more than we booked.
    mutating func recosted(_ key: PositionKey, by difference: Money) { open[key.row].realized += difference }

    /// The venue's word has replaced a position.
    mutating func replaced(_ key: PositionKey, isFlat: Bool) {
        if open[key.row].isOpen, isFlat { unmeasured += 1 }
        open[key.row] = OpenTrade()
        open[key.row].isOpen = !isFlat
    }

    /// Forgets trades that were closed before a time.
    @inline(__always)
    mutating func forget(before time: Timestamp) {
        while count > 0, rows[head].closedAt < time { removeOldest() }
    }

    private mutating func finish(_ key: PositionKey, _ author: FillAuthor, at now: Timestamp) -> ClosedTrade? {
        let trade = open[key.row]
        open[key.row] = OpenTrade()
        let profit = trade.realized - trade.fees - trade.funding
        guard trade.isMeasured, let rate = profit.ratio(to: trade.entryNotional) else {
            unmeasured += 1
            return nil
        }
        let closed = ClosedTrade(
            number: author.number,
            instrument: key.instrument,
            positionSide: key.side,
            strategy: trade.strategy,
            side: trade.side,
            exit: author.exit,
            openedAt: trade.openedAt,
            closedAt: now,
            quantity: trade.quantity,
            entryNotional: trade.entryNotional.raw8,
            profit: profit.raw8,
            fees: trade.fees.raw8,
            funding: trade.funding.raw8,
            profitRate: rate
        )
        append(closed)
        return closed
    }

    // MARK: - The ring

    mutating func append(_ trade: ClosedTrade) {
        if count == Self.capacity {
            removeOldest()
            dropped += 1
        }
        rows[(head + count) % Self.capacity] = trade
        count += 1
        tallies[Self.row(trade.strategy)].add(trade)
    }

    private mutating func removeOldest() {
        tallies[Self.row(rows[head].strategy)].remove(rows[head])
        head = (head + 1) % Self.capacity
        count -= 1
    }

    /// Strategies past the ledger's limit share its last row there and here.
    private static func row(_ strategy: StrategyHandle) -> Int {
        min(Int(strategy.index), PositionLedger.strategyLimit - 1)
    }

    // MARK: - State

    public func checkInvariants() {
        precondition(Self.tallied(rows, head, count) == tallies, "Invariant: tallies equal the trades that are kept")
        for index in 1..<max(1, count) {
            precondition(self[index - 1].closedAt <= self[index].closedAt, "Invariant: trades are kept in their order")
        }
    }

    /// True while a position is told as open.
    func isOpen(_ key: PositionKey) -> Bool { open[key.row].isOpen }

    private static func tallied(_ rows: ContiguousArray<ClosedTrade>, _ head: Int, _ count: Int)
        -> ContiguousArray<TradeTally>
    {
        var tallies = ContiguousArray(repeating: TradeTally(), count: PositionLedger.strategyLimit)
        for index in 0..<count {
            let trade = rows[(head + index) % capacity]
            tallies[row(trade.strategy)].add(trade)
        }
        return tallies
    }

    /// The tallies follow from the trades.
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in open.indices { open[index].visitState(&visitor) }
        visitor.visit(&count)
        visitor.visit(&dropped)
        visitor.visit(&unmeasured)
        if visitor.isReading {
            head = 0
            count = max(0, min(count, Self.capacity))
        }
        for index in 0..<count { rows[(head + index) % Self.capacity].visitState(&visitor) }
        if visitor.isReading { tallies = Self.tallied(rows, head, count) }
    }
}

/// Who made a fill, as far as trades ask.
struct FillAuthor: BitwiseCopyable {
    /// The strategy that an entry is of; nil where none of our parents made the fill.
    var opener: StrategyHandle?
    /// Why the position ended, should the fill end it.
    var exit: TradeExit
    /// `.none` where none of our signals did.
    var number: SignalNumber
}

extension ClosedTrade {
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&number)
        visitor.visit(&openedAt)
        visitor.visit(&closedAt)
        visitor.visit(&quantity)
        visitor.visit(&entryNotional)
        visitor.visit(&profit)
        visitor.visit(&fees)
        visitor.visit(&funding)
        visitor.visit(&profitRate)
        visitor.visit(&instrument)
        visitor.visit(&strategy)
        visitor.visit(&positionSide)
        visitor.visit(&side)
        visitor.visit(&exit)
    }
}
