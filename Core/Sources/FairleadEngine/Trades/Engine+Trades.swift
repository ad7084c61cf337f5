public import FairleadModel

/// Fills as trades: each goes to the ledger and to the log of trades together.
extension Engine {
    /// Books an execution. Gives what it realised, fee not included, and the trade that it closed. The result is of
    /// `strategy`, and of the position's own where that is nil.
    mutating func book(
        _ execution: Execution,
        strategy: StrategyHandle?,
        by author: FillAuthor,
        at now: Timestamp
    ) -> (realized: Money, closed: ClosedTrade?) {
        let before = ledger[PositionKey(execution.instrument, execution.positionSide)].quantity
        let realized = ledger.book(execution, strategy: strategy, at: now)
        let closed = trades.take(
            execution,
            before: before,
            realized: realized,
            multiplier: ledger.multiplier(execution.instrument),
            by: author,
            at: now
        )
        return (realized, closed)
    }

    /// Books a fill of our own. `parent` is its parent's slot, which may be another's by now.
    mutating func book(
        _ execution: Execution,
        _ number: SignalNumber,
        _ parent: ParentSlot,
        _ isItsParent: Bool,
        isOpen: Bool,
        at now: Timestamp
    ) -> (realized: Money, closed: ClosedTrade?) {
        let strategy = strategy(of: parent, isOpen: isOpen)
        let exit = isItsParent ? Self.exit(of: parents[parent]) : .signal
        return book(
            execution,
            strategy: strategy,
            by: FillAuthor(opener: strategy, exit: exit, number: number),
            at: now
        )
    }

    private static func exit(of parent: Parent) -> TradeExit {
        switch parent.source {
        case .exitScanner: parent.isStopLoss ? .stopLoss : .takeProfit
        case .flatten: .flatten
        case .file, .standardInput, .commandLine, .screener: .signal
        }
    }

    /// The author of a fill that no row of ours made.
    static func author(of execution: Execution) -> FillAuthor {
        let exit: TradeExit =
            switch execution.origin {
            case .order: execution.id.isNone ? .external : .signal
            case .liquidation: .liquidation
            case .deleveraging: .deleveraging
            case .settlement: .settlement
            }
        return FillAuthor(opener: nil, exit: exit, number: .none)
    }

    /// Closed trades that count: those of the last `sizing.kelly.lookback_days`.
    mutating func forgetTrades(at now: Timestamp) {
        trades.forget(before: now + -configuration.sizing.kelly.lookback)
    }

    // MARK: - Reading

    public var closedTradeCount: Int { trades.count }
    /// A closed trade that is kept, `0` the oldest.
    public func closedTrade(_ index: Int) -> ClosedTrade { trades[index] }
    public func tradeTally(of strategy: StrategyHandle) -> TradeTally { trades.tally(of: strategy) }
    /// Closed trades that left before their time, since there was no room.
    public var droppedTradeCount: UInt64 { trades.dropped }
    /// Positions that came back to flat and are no trade of a strategy.
    public var unmeasuredTradeCount: UInt64 { trades.unmeasured }
}
