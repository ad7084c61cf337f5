import FairleadModel

/// Market data: what a tick moves, nearest trigger first.
extension Engine {
    mutating func quoted(_ quote: Quote, at now: Timestamp, into out: inout Outbox) {
        closeBars(at: now, into: &out)
        resolveMarkouts(at: now, into: &out)
        guard market.apply(quote, at: now) == nil else {
            counters.refusedQuotes += 1
            return
        }
        let row = market[quote.instrument]
        if row.isTwoSided {
            bars.apply(mid: row.mid, of: quote.instrument, at: now)
            exposure.setPrice(quote.instrument, marketFacts(quote.instrument).valuation)
            fireTriggers(quote.instrument, at: now, into: &out)
        }
        checkExits(quote.instrument, at: now, into: &out)
    }

    mutating func traded(_ trade: Trade, at now: Timestamp, into out: inout Outbox) {
        closeBars(at: now, into: &out)
        guard market.apply(trade, at: now) == nil else {
            counters.refusedQuotes += 1
            return
        }
        bars.apply(trade, at: now)
        if participants > 0 { participate(trade, at: now, into: &out) }
        exposure.setPrice(trade.instrument, marketFacts(trade.instrument).valuation)
        checkExits(trade.instrument, at: now, into: &out)
    }

    mutating func marked(_ mark: MarkPrice, at now: Timestamp, into out: inout Outbox) {
        closeBars(at: now, into: &out)
        guard market.apply(mark, at: now) == nil else {
            counters.refusedQuotes += 1
            return
        }
        exposure.setPrice(mark.instrument, marketFacts(mark.instrument).valuation)
        checkExits(mark.instrument, at: now, into: &out)
    }

    mutating func barReported(_ report: BarReport, at now: Timestamp, into out: inout Outbox) {
        guard bars.accept(report) else { return }
        regimes.apply(report)
        volatilities.apply(report)
        volumes.apply(report, days: configuration.algorithms.vwapDays)
        keepReturn(report)
        screener.warm(report)
    }

    /// Closes the bars whose time is over, and lets the screener see each.
    mutating func closeBars(at now: Timestamp, into out: inout Outbox) {
        var hasClosed = false
        while let bar = bars.popClosed(at: now) {
            hasClosed = true
            regimes.apply(bar)
            volatilities.apply(bar)
            volumes.apply(bar, days: configuration.algorithms.vwapDays)
            keepReturn(bar)
            out.notice(.barClosed(bar))
            screen(bar, at: now, into: &out)
        }
        if hasClosed { portfolio.follow(&exposure) }
    }

    /// The reference strategy's look at a closed bar; what it wants goes the way of every signal.
    private mutating func screen(_ bar: BarReport, at now: Timestamp, into out: inout Outbox) {
        var position = SignedQuantity.zero
        for row in 0..<PositionSide.rows {
            position += ledger[PositionKey(bar.instrument, PositionSide(row: row))].quantity
        }
        let number = SignalNumber(value: 1 << 63 | (internalSignals + 1))
        guard let signal = screener.closed(bar, position: position, number: number, at: now) else { return }
        internalSignals += 1
        signalReceived(signal, at: now, into: &out)
    }

    /// A maker's slippage bound and the touch that it follows.
    private mutating func fireTriggers(_ instrument: InstrumentHandle, at now: Timestamp, into out: inout Outbox) {
        let row = market[instrument]
        while let owner = triggers.popFired(instrument, .mid, at: row.mid) {
            abandonMaker(ParentSlot(index: UInt32(owner)), .slippage, at: now, into: &out)
        }
        while let owner = triggers.popFired(instrument, .bid, at: row.bid) {
            followTouch(ParentSlot(index: UInt32(owner - parents.capacity)), at: now, into: &out)
        }
        while let owner = triggers.popFired(instrument, .ask, at: row.ask) {
            followTouch(ParentSlot(index: UInt32(owner - parents.capacity)), at: now, into: &out)
        }
    }

    // MARK: Exits

    /// How long the order of a triggered stop-limit may rest before a market exit takes its place (SPEC 9).
    static let stopLimitLife = TimeSpan.seconds(5)

    /// Fires every level that the present price has reached.
    mutating func checkExits(_ instrument: InstrumentHandle, at now: Timestamp, into out: inout Outbox) {
        guard let price = levelPrice(instrument, at: now) else { return }
        while exits.isDue(instrument, at: price),
            let fired = exits.nextFired(instrument, at: price, now: now, into: &out)
        {
            fire(fired, at: now, into: &out)
        }
    }

    /// The price that levels are watched by; nil while there is none. What an old trade had reached fired when it came:
    /// it reaches nothing of a position that was entered since.
    func levelPrice(_ instrument: InstrumentHandle, at now: Timestamp) -> Price? {
        guard let price = market.price(instrument, exits.source) else { return nil }
        let isOld = exits.source == .last && now - market[instrument].lastTime > MarketState.markPatience
        return isOld ? nil : price
    }

    /// The scan of the second: the same look at every instrument, for those without a tick.
    mutating func scanExits(at now: Timestamp, into out: inout Outbox) {
        lastExitScan = now
        exits.forgetKept(at: now)
        for index in terms.indices { checkExits(InstrumentHandle(index), at: now, into: &out) }
    }

    /// Sends the exit of a level that was reached. Where it is vetoed the level learns of it, and fires again later.
    mutating func fire(_ fired: FiredLevel, at now: Timestamp, into out: inout Outbox) {
        lastExitTrigger = now
        // Where exits are held the level can't go either: it leaves the others what they are.
        if !holdsExits {
            let key = PositionKey(fired.instrument, fired.positionSide)
            let isStop = fired.kind == .stopLoss
            endEntries(of: key, closedBy: fired.number, fired.side, isStop: isStop, at: now, into: &out)
            if isStop { endExits(of: key, fired.side, at: now, into: &out) }
        }
        var signal = internalSignal(
            fired.instrument,
            side: fired.side,
            size: .quantity(fired.quantity),
            source: .exitScanner
        )
        signal.positionSide = fired.positionSide
        signal.intent = .exit
        if fired.limit.raw > 0 {
            signal.orderType = .limit
            signal.limitPrice = fired.limit
            signal.expiresAt = now + Self.stopLimitLife
        }
        let parent = consider(
            signal,
            firing: fired.firing,
            isStopLoss: fired.kind == .stopLoss,
            at: now,
            into: &out
        )
        if parent == nil { exits.exitEnded(fired.firing, closed: .zero, at: now, into: &out) }
        #if MUTANTS
            if Mutant.isOn(.exitIsSentTwice), let parent, parents[parent].isOpen {
                let quantity = parents[parent].reservedClosing
                exposure.release(
                    fired.instrument,
                    fired.positionSide,
                    side: fired.side,
                    quantity: quantity,
                    isClosing: true
                )
                parents[parent].reservedClosing = .zero
                consider(signal, at: now, into: &out)
            }
        #endif
    }

    /// What risk sees of an instrument's market. A mark made of the book's middle is no mark: it would pass a stale
    /// book.
    @inline(__always)
    func marketFacts(_ instrument: InstrumentHandle) -> MarketFacts {
        let row = market[instrument]
        return MarketFacts(
            bid: row.bid,
            ask: row.ask,
            bookTime: row.quoteTime,
            mark: row.markSource == .mark ? row.mark : .zero,
            markTime: row.markSource == .mark ? row.markTime : .never,
            last: row.last
        )
    }
}
