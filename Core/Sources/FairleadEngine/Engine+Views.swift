public import FairleadModel

/// What may be read of an engine: for screens, files and checks. Reading changes nothing.
extension Engine {
    public func position(_ key: PositionKey) -> Position { ledger[key] }
    public func order(_ id: ClientOrderID) -> Order? { orders.find(id).map { orders[$0] } }
    public var tradingState: TradingState { state }
    public var tradingStateCause: StateCause { stateCause }
    public var isFrozenNow: Bool { isFrozen }
    public var currentEpoch: Epoch { epoch }
    public var venueState: VenueState { venue }
    public var liveOrderCount: Int { orders.liveCount }
    public var openParentCount: Int { parents.openCount }
    public var openPositionCount: Int { ledger.openCount }
    public var unknownOrderCount: Int { unresolved.reduce(0, +) }
    public var nav: Money? { losses.nav }
    public var peakNav: Money? { losses.peak }
    /// The reading of NAV that jumped and waits for a transfer or a person; nil when none does.
    public var navJump: Money? { losses.jump }
    /// NAV that the day's loss is measured from, and when NAV was last read.
    public var dayStartNav: Money? { losses.dayStart }
    public var navTime: Timestamp { losses.navTime }
    /// The venue is not listed, or a position has no price: NAV stands still, and nothing is entered on it.
    public var hasNavSourceFailed: Bool { isNavSourceFailed }
    public var drawdown: Rate? { losses.drawdown }
    public var riskMode: RiskMode { stance.mode }
    public var drawdownState: DrawdownState { stance.drawdownState }
    public var cash: Money? { ledger.cash }
    public var realized: Money { ledger.realized }
    public var fees: Money { ledger.fees }
    public var funding: Money { ledger.funding }
    public var resultToday: Money { ledger.resultToday }
    public var exitCoverage: ExitCoverage { exits.coverage }
    /// When levels were scanned last, and when one of them fired; `.never` before.
    public var exitScanTime: Timestamp { lastExitScan }
    public var exitTriggerTime: Timestamp { lastExitTrigger }
    /// Position keys without a position that levels still watch over: none, unless something is wrong.
    public var staleLevelKeys: Int { exits.staleKeys }
    /// Share of the NAV at 00:00 UTC that is lost; nil when nothing is known.
    public func dayLoss(at now: Timestamp) -> Rate? { losses.dayLoss(at: now) }
    /// The drawdown circuit has latched, and waits for a person.
    public var isDrawdownLatched: Bool { losses.isCircuitLatched }
    /// Worst-case notional of positions and working orders; nil while a price of one is unknown.
    public var grossExposure: Money? { exposure.gross }
    /// A person lets nothing be entered on this side.
    public func isDisabled(_ instrument: InstrumentHandle, _ side: Side) -> Bool { guards.isDisabled(instrument, side) }
    /// What holds its entries until a person enables it.
    public func holds(_ instrument: InstrumentHandle) -> SymbolHolds { guards.holds(instrument) }
    public func isHalted(_ instrument: InstrumentHandle) -> Bool { market.isHalted(instrument) }
    /// Orders of the instrument of which nothing certain is known.
    public func unknownOrders(_ instrument: InstrumentHandle) -> Int { unresolved[Int(instrument.index)] }
    /// When the venue last said the cash.
    public var cashTime: Timestamp { ledger.cashTime }
    public func protection(of key: PositionKey) -> Protection { exits.protection(of: key) }
    /// Levels of a position at work that have a price: its stops, and all of them.
    public func levelsAtWork(of key: PositionKey) -> (stops: Int, all: Int) { exits.levelsAtWork(of: key) }
    /// True while a level that is watched is reached by the present price: one that the next scan must fire.
    public func hasReachedLevel(_ instrument: InstrumentHandle, at now: Timestamp) -> Bool {
        guard let price = levelPrice(instrument, at: now) else { return false }
        return exits.isDue(instrument, at: price)
    }
    /// True where a stop-loss that was reached closes nothing: it waits to fire again, and no order of ours, nor one
    /// that was presumed dead lately, goes on closing its position.
    public func isStopHeldBack(_ key: PositionKey) -> Bool {
        guard let held = ledger[key].quantity.side, exits.hasStopThatWaits(key) else { return false }
        var slot = parents.firstOpen(key.instrument)
        while slot != .none {
            let parent = parents[slot]
            let isClosing = parent.positionSide == key.side && parent.side != held && parent.native != .waiting
            if isClosing, parent.child != .none || parent.stage == .tombstone { return false }
            slot = parent.next
        }
        return true
    }
    public func result(of strategy: StrategyHandle) -> StrategyResult { ledger.result(of: strategy) }
    public func marketRow(_ instrument: InstrumentHandle) -> InstrumentMarket { market[instrument] }
    public func policy(_ instrument: InstrumentHandle) -> RouterPolicy { policies[instrument] }
    /// When the policies were last computed; `.never` before.
    public var policyTime: Timestamp { policies.computedAt }
    /// The evidence that an instrument's policy was last computed from.
    public func effectiveness(_ instrument: InstrumentHandle) -> Effectiveness { effectiveness[instrument] }
    public func marketRegime(_ instrument: InstrumentHandle) -> (regime: MarketRegime, isAssumed: Bool) {
        regimes.regime(instrument)
    }
    /// Mean true ranges as shares of the price, short and long; nil under 50 and 500 bars.
    public func atrRanges(_ instrument: InstrumentHandle) -> (short: Double?, long: Double?) {
        regimes.means(instrument)
    }
    /// The median true range of the last 500 bars as a share of the price; nil under so many.
    public func atrMedian(_ instrument: InstrumentHandle) -> Double? { regimes.median(instrument) }
    public func bookCondition(_ instrument: InstrumentHandle, at now: Timestamp) -> BookCondition {
        market.book(instrument, at: now, maximumAge: routing.maximumBookAge).condition
    }
    public func mark(_ instrument: InstrumentHandle) -> Price { marketFacts(instrument).valuation }

    /// Unrealised profit of all positions at their marks; nil while one has no mark.
    public var unrealized: Money? {
        var sum = Money.zero
        for index in terms.indices {
            for row in 0..<PositionSide.rows {
                let side = PositionSide(row: row)
                let position = ledger[PositionKey(InstrumentHandle(index), side)]
                guard !position.isFlat else { continue }
                let mark = marketFacts(InstrumentHandle(index)).valuation
                guard mark.raw > 0 else { return nil }
                sum += position.unrealized(mark: mark, multiplier: terms[index].multiplier)
            }
        }
        return sum
    }

    /// Every live order, instrument by instrument, newest first.
    public func forEachLiveOrder(_ body: (Order) -> Void) {
        for index in terms.indices {
            var slot = orders.firstLive(InstrumentHandle(index))
            while slot != .none {
                body(orders[slot])
                slot = orders[slot].next
            }
        }
    }

    /// Every open parent, instrument by instrument, newest first.
    public func forEachOpenParent(_ body: (Parent) -> Void) {
        for index in terms.indices {
            var slot = parents.firstOpen(InstrumentHandle(index))
            while slot != .none {
                body(parents[slot])
                slot = parents[slot].next
            }
        }
    }
}
