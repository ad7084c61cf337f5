import FairleadEngine
import FairleadModel
import Testing

/// Limits that a person sets for a while: what they hold, and when they end.
@Suite struct EngineOverrideTests {
    private static let hour = TimeSpan.hours(1)

    private static func configure(_ configuration: inout EngineConfiguration) {
        configuration.risk.allowsPyramiding = true
        configuration.risk.duplicateOrderWindow = .zero
        configuration.risk.maximumOrderNotional = Money(whole: 100)
        var other = configuration.instruments[0]
        other.symbol = "ETHUSDT"
        configuration.add(other)
    }

    private func bench() -> EngineBench {
        var bench = EngineBench.trading(Self.configure)
        bench.quote(bid: 1000, ask: 1001, of: InstrumentHandle(1))
        return bench
    }

    private func money(_ whole: Int64) -> Int64 { whole * FixedPoint.one }

    private func reasons(_ bench: inout EngineBench, _ lots: Int64, _ adjust: (inout SignalTerms) -> Void = { _ in })
        -> [VetoReason]
    {
        bench.signal(.buy, lots, adjust)
        return bench.acknowledgements.first?.vetoes.all ?? []
    }

    /// Goal: a looser limit lets out what the configured one refuses, its row says the threshold and that it is an
    /// override, and what is over it is refused. Method: 150 against 100, then against 160, then 170.
    @Test func aLimitIsLoosened() throws {
        var bench = bench()
        #expect(reasons(&bench, 1_498) == [.maxOrderNotional])
        #expect(bench.row(.maxOrderNotional)?.isOverride == false)
        bench.override(.orderNotional, money(160), for: Self.hour)
        let change = try #require(bench.riskChanges.last)
        #expect(change.kind == .overridden)
        #expect(change.value == money(160))
        #expect(change.configured == money(100))
        #expect(change.until == bench.now + Self.hour)
        #expect(reasons(&bench, 1_498) == [])
        let found = bench.row(.maxOrderNotional)
        let row = try #require(found)
        #expect(row.threshold == money(160))
        #expect(row.isOverride)
        #expect(bench.row(.buyingPower)?.isOverride == false)
        #expect(reasons(&bench, 1_699) == [.maxOrderNotional])
    }

    /// Goal: a tighter limit holds as well, and a limit that is off can be set. Method: 50 of a configured 100; a
    /// number of positions where none is configured.
    @Test func aLimitIsTightened() {
        var bench = bench()
        bench.override(.orderNotional, money(50), for: Self.hour)
        #expect(reasons(&bench, 600) == [.maxOrderNotional])
        #expect(reasons(&bench, 400) == [])
        bench.override(.tradeShare, 20_000, for: Self.hour)
        #expect(bench.riskChanges.last?.configured == nil)
        #expect(reasons(&bench, 210) == [.perTradeNav])
    }

    /// Goal: an override holds until the nanosecond before its end, and no longer at it: whether its timer has come
    /// or not. Method: an entry a nanosecond before the end, and one at the end before the timer is fed; then the
    /// timer's notice.
    @Test func itEndsAtItsNanosecond() throws {
        var bench = bench()
        let end = bench.now + .seconds(1)
        bench.override(.orderNotional, money(160), for: .seconds(1))
        #expect(bench.engine.nextTimer <= end)
        bench.wait(.milliseconds(999))
        bench.now = end + TimeSpan(nanoseconds: -1)
        bench.quote(bid: 1000, ask: 1001)
        #expect(reasons(&bench, 1_490) == [])
        bench.now = end
        #expect(reasons(&bench, 1_480) == [.maxOrderNotional])
        #expect(bench.row(.maxOrderNotional)?.isOverride == false)
        #expect(bench.engine.overrideCount == 1)
        bench.feed(.timer)
        #expect(bench.engine.overrideCount == 0)
        let change = try #require(bench.riskChanges.last)
        #expect(change.kind == .expired)
        #expect(change.until == end)
        #expect(change.value == money(160))
    }

    /// Goal: overrides that end together or one after the other each tell it once. Method: three ends, the clock past
    /// all of them.
    @Test func eachEndIsTold() {
        var bench = bench()
        bench.override(.orderNotional, money(160), for: .seconds(2))
        bench.override(.concurrentPositions, 3, for: .seconds(1))
        bench.override(.tradesPerHour, 9, for: .seconds(2))
        bench.wait(.seconds(3))
        let ended = bench.allRiskChanges.filter { $0.kind == .expired }
        #expect(ended.map(\.limit) == [.concurrentPositions, .orderNotional, .tradesPerHour])
        #expect(bench.engine.overrideCount == 0)
    }

    /// Goal: an override survives a restart, with its end. Method: put away and read in the middle of its hour; an
    /// entry before the end and one after it.
    @Test func itSurvivesARestart() throws {
        var settings = EngineConfiguration()
        var bench = EngineBench.trading {
            Self.configure(&$0)
            settings = $0
        }
        bench.override(.orderNotional, money(160), for: .seconds(60), number: 77, author: 501)
        bench.feed(.riskOrdered(RiskOrder(.disableStrategy, strategy: StrategyHandle(index: 200))))
        bench.restore(settings)
        var rows: [LimitOverride] = []
        bench.engine.forEachOverride { rows.append($0) }
        #expect(rows.map(\.number) == [77])
        #expect(rows.first?.author == 501)
        let isDisabled = bench.engine.isDisabled(StrategyHandle(index: 200))
        #expect(isDisabled)
        bench.quote(bid: 1000, ask: 1001)
        #expect(reasons(&bench, 1_490) == [])
        bench.wait(.seconds(60))
        bench.quote(bid: 1000, ask: 1001)
        #expect(reasons(&bench, 1_480) == [.maxOrderNotional])
        #expect(bench.riskChanges.isEmpty)
        #expect(bench.allRiskChanges.last?.kind == .expired)
    }

    /// Goal: what names more holds against what names less, whichever came first. Method: one limit set four times,
    /// for all, a symbol, a strategy, and both; entries of each kind.
    @Test func theNarrowestHolds() {
        let strategy = StrategyHandle(index: 3)
        for isReversed in [false, true] {
            var bench = bench()
            let orders: [(value: Int64, instrument: InstrumentHandle, strategy: StrategyHandle)] = [
                (10, .none, .none), (20, EngineBench.symbol, .none), (30, .none, strategy),
                (40, EngineBench.symbol, strategy),
            ]
            for order in isReversed ? orders.reversed() : orders {
                bench.override(
                    .orderNotional,
                    money(order.value),
                    for: Self.hour,
                    instrument: order.instrument,
                    strategy: order.strategy
                )
            }
            let other = InstrumentHandle(1)
            let cases: [(Int64, InstrumentHandle, StrategyHandle)] = [
                (10, other, .unnamed), (20, EngineBench.symbol, .unnamed), (30, other, strategy),
                (40, EngineBench.symbol, strategy),
            ]
            for (value, instrument, named) in cases {
                _ = reasons(&bench, 500) {
                    $0.instrument = instrument
                    $0.strategy = named
                }
                #expect(bench.row(.maxOrderNotional)?.threshold == money(value))
            }
        }
    }

    /// Goal: an exit is judged by the configured limits: a tighter override splits it no finer. Method: a position of
    /// 90 closed under an override of 20 for its size, its share of NAV, and with its strategy disabled.
    @Test func exitsAreLeftAlone() throws {
        var bench = bench()
        try bench.open(.buy, 900)
        bench.override(.orderNotional, money(20), for: Self.hour)
        bench.override(.tradeShare, 1, for: Self.hour)
        bench.override(.minimumNotional, money(1_000), for: Self.hour)
        bench.feed(.riskOrdered(RiskOrder(.disableStrategy, strategy: .unnamed)))
        bench.signal(.sell, 900) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        #expect(bench.submissions.first?.quantity == EngineBench.quantity(900))
        #expect(bench.row(.maxOrderNotional)?.isOverride == false)
        #expect(bench.row(.maxOrderNotional)?.threshold == money(100))
    }

    /// Goal: an override is removed by its limit and scope, replaced by another of the same, and each is told.
    /// Method: set, set again, removed in another scope, removed.
    @Test func itIsReplacedAndRemoved() {
        var bench = bench()
        bench.override(.orderNotional, money(160), for: Self.hour, number: 5)
        bench.override(.orderNotional, money(170), for: Self.hour, number: 6)
        #expect(bench.riskChanges.map(\.kind) == [.replaced, .overridden])
        #expect(bench.riskChanges.map(\.number) == [5, 6])
        #expect(bench.engine.overrideCount == 1)
        let elsewhere = RiskOrder(.removeOverride, limit: .orderNotional, instrument: EngineBench.symbol)
        bench.feed(.riskOrdered(elsewhere))
        #expect(bench.riskChanges.map(\.refusal) == [.noOverride])
        bench.feed(.riskOrdered(RiskOrder(.removeOverride, limit: .orderNotional)))
        #expect(bench.riskChanges.map(\.kind) == [.removed])
        #expect(bench.riskChanges.map(\.number) == [6])
        #expect(reasons(&bench, 1_490) == [.maxOrderNotional])
        bench.wait(Self.hour)
        #expect(!bench.allRiskChanges.contains { $0.kind == .expired })
    }

    /// Goal: a reload leaves overrides in force and says what is configured now; without it the reloaded limit holds.
    /// Method: a reload to 200 under an override of 160, removed afterwards.
    @Test func aReloadKeepsIt() throws {
        var settings = EngineConfiguration()
        var bench = EngineBench.trading {
            Self.configure(&$0)
            settings = $0
        }
        bench.override(.orderNotional, money(160), for: Self.hour)
        settings.risk.maximumOrderNotional = Money(whole: 200)
        bench.engine.stage(settings)
        bench.feed(.configured)
        #expect(reasons(&bench, 1_690) == [.maxOrderNotional])
        let configured = bench.engine.configuredLimit(.orderNotional, .none)
        #expect(configured == money(200))
        bench.feed(.riskOrdered(RiskOrder(.removeOverride, limit: .orderNotional)))
        #expect(bench.riskChanges.last?.configured == money(200))
        #expect(reasons(&bench, 1_690) == [])
    }

    /// Goal: what can't be set is refused by its reason, is counted, and changes nothing. Method: one order for each
    /// reason; a table that is full takes one of the same scope, and no other.
    @Test func eachRefusal() {
        var bench = bench()
        let now = bench.now
        let day = TimeSpan.hours(24)
        func order(
            _ limit: OverridableLimit,
            _ value: Int64,
            until: Timestamp? = nil,
            _ instrument: InstrumentHandle = .none,
            _ strategy: StrategyHandle = .none
        ) -> RiskOrder {
            RiskOrder(
                .overrideLimit,
                limit: limit,
                value: value,
                instrument: instrument,
                strategy: strategy,
                until: until ?? now + Self.hour
            )
        }
        let nanosecond = TimeSpan(nanoseconds: 1)
        let beyond = InstrumentHandle(2)
        let unknown = StrategyHandle(index: 256)
        let refused: [(RiskOrder, OperatorRefusal)] = [
            (order(.orderNotional, 0), .valueOutOfRange), (order(.orderNotional, -1), .valueOutOfRange),
            (order(.tradeShare, FixedPoint.one + 1), .valueOutOfRange), (order(.rejects, 33), .valueOutOfRange),
            (order(.orderNotional, 1, until: now), .untilOutOfRange),
            (order(.orderNotional, 1, until: .never), .untilOutOfRange),
            (order(.orderNotional, 1, until: now + day + nanosecond), .untilOutOfRange),
            (order(.orderNotional, 1, until: .distantFuture), .untilOutOfRange),
            (order(.orderNotional, 1, beyond), .unknownSymbol),
            (order(.orderNotional, 1, .none, unknown), .unknownStrategy),
            (order(.drawdownCircuit, 1, EngineBench.symbol), .scopeNotPossible),
            (order(.drawdownCircuit, 1, .none, .screener), .scopeNotPossible),
            (order(.rejects, 5, .none, .screener), .scopeNotPossible),
            (RiskOrder(.removeOverride, limit: .orderNotional), .noOverride),
            (RiskOrder(.disableStrategy, strategy: unknown), .unknownStrategy),
            (RiskOrder(.enableStrategy, strategy: .none), .unknownStrategy),
        ]
        for (index, (order, reason)) in refused.enumerated() {
            bench.feed(.riskOrdered(order))
            #expect(bench.riskChanges.map(\.refusal) == [reason])
            #expect(bench.riskChanges.map(\.kind) == [.refused])
            #expect(bench.engine.counters.operatorRefusals == UInt64(index + 1))
            #expect(bench.engine.overrideCount == 0)
        }
        bench.feed(.riskOrdered(order(.orderNotional, 1, until: now + day)))
        #expect(bench.riskChanges.map(\.kind) == [.overridden])
        for index in 1..<OverrideTable.capacity {
            bench.feed(.riskOrdered(order(.tradeShare, 1, .none, StrategyHandle(index: UInt16(index)))))
        }
        bench.feed(.riskOrdered(order(.tradeShare, 1)))
        #expect(bench.riskChanges.map(\.refusal) == [.tooManyOverrides])
        bench.feed(.riskOrdered(order(.orderNotional, 2)))
        #expect(bench.riskChanges.map(\.kind) == [.replaced, .overridden])
    }

    /// Goal: no override lasts longer than the configuration lets it; one that stands keeps its end when a reload
    /// shortens that. Method: an hour at most, exactly and a nanosecond more; a reload to half of it.
    @Test func theLongestTimeIsConfigured() {
        var settings = EngineConfiguration()
        var bench = EngineBench.trading {
            Self.configure(&$0)
            $0.risk.longestOverride = Self.hour
            settings = $0
        }
        bench.override(.orderNotional, money(160), for: TimeSpan(nanoseconds: Self.hour.nanoseconds + 1))
        #expect(bench.riskChanges.map(\.refusal) == [.untilOutOfRange])
        bench.override(.orderNotional, money(160), for: Self.hour)
        #expect(bench.riskChanges.map(\.kind) == [.overridden])
        settings.risk.longestOverride = .minutes(30)
        bench.engine.stage(settings)
        bench.feed(.configured)
        bench.wait(.minutes(59))
        #expect(bench.engine.overrideCount == 1)
        bench.override(.orderNotional, money(170), for: .minutes(31))
        #expect(bench.riskChanges.map(\.refusal) == [.untilOutOfRange])
    }

    /// Goal: every limit that may be overridden is what its row says then, with its mark; an override of another row
    /// marks nothing else. Method: each limit at a value of its own, an entry, the row's threshold.
    @Test(arguments: OverridableLimit.allCases) func eachLimitReachesItsRow(_ limit: OverridableLimit) throws {
        var bench = EngineBench.trading {
            Self.configure(&$0)
            let group = CorrelationGroup(name: "majors", symbols: ["BTCUSDT"], maximumNavFraction: .one)
            $0.correlationGroups = [group]
            $0.symbols[0].tier = .core
            $0.symbols[0].maximumLeverage = Rate(raw: 7)
            $0.instruments[0].terms.minimumNotional = Money(raw8: 1)
        }
        let value = limit.unit.one > 1_000 ? limit.bounds.lowerBound + limit.unit.one / 4 : 9
        bench.override(limit, value, for: Self.hour)
        #expect(bench.riskChanges.map(\.kind) == [.overridden])
        bench.signal(.buy, 60)
        let found = bench.row(limit.rule)
        let row = try #require(found)
        #expect(row.isOverride)
        let marked = bench.notices.compactMap {
            if case .riskRow(let row) = $0, row.isOverride { row.rule } else { nil }
        }
        #expect(marked == [limit.rule])
        switch limit {
        // A flag has no threshold, and of correlations the group's row is told first.
        case .duplicateWindow, .pairCorrelation: break
        case .quoteAge, .navAge, .cooldown: #expect(row.threshold == value / 1_000_000)
        default: #expect(row.threshold == value)
        }
        let standing = limit.value(bench)
        #expect(standing == value)
    }

    /// Goal: the drawdown circuit latches at the override, not at the configured drawdown. Method: a fall of 11 % with
    /// the circuit at 12 %, then at 10.5 %.
    @Test func theCircuitLatchesAtTheOverride() throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        try bench.open(.buy, 500_000)
        bench.override(.drawdownCircuit, 12_000_000, for: Self.hour)
        bench.quote(bid: 780, ask: 781)
        bench.wait(.seconds(2))
        #expect(bench.engine.isDrawdownLatched == false)
        bench.override(.drawdownCircuit, 10_500_000, for: Self.hour)
        bench.wait(.seconds(2))
        #expect(bench.engine.isDrawdownLatched == true)
        #expect(bench.engine.tradingState == .killed)
    }

    /// Goal: a latch of a symbol counts by the override of that symbol. Method: two rejects with a storm of two for
    /// the other symbol, and then for this one.
    @Test func aLatchCountsByTheOverride() throws {
        for (instrument, isLatched) in [(InstrumentHandle(1), false), (EngineBench.symbol, true)] {
            var bench = bench()
            bench.override(.rejects, 2, for: Self.hour, instrument: instrument)
            for lots in [60, 61] as [Int64] {
                bench.signal(.buy, lots)
                bench.reject(try #require(bench.submissions.first), .insufficientMargin)
            }
            #expect(bench.alarms.contains(.rejectStorm) == isLatched)
        }
    }
}

/// A strategy that a person takes out of trade.
@Suite struct EngineStrategySwitchTests {
    /// Goal: a disabled strategy enters nothing and what it still opens is ended; its exits and the other strategies go
    /// on; enabled it enters again. Method: resting buys of two strategies, one disabled.
    @Test func aStrategyIsDisabled() throws {
        let strategy = StrategyHandle(index: 5)
        var bench = EngineBench.trading {
            $0.risk.allowsPyramiding = true
            $0.risk.duplicateOrderWindow = .zero
        }
        try bench.open(.buy, 100) { $0.strategy = strategy }
        let own = try bench.rest(.buy, 60, at: 900) { $0.strategy = strategy }
        let other = try bench.rest(.buy, 61, at: 900)
        bench.feed(.riskOrdered(RiskOrder(.disableStrategy, strategy: strategy, author: 9)))
        #expect(bench.cancels.map(\.id) == [own.id])
        #expect(bench.riskChanges.map(\.kind) == [.strategyDisabled])
        #expect(bench.riskChanges.map(\.strategy) == [strategy])
        bench.cancelled(own, filled: 0)
        #expect(bench.state(of: other) != .cancelled)
        bench.signal(.buy, 62) { $0.strategy = strategy }
        #expect(bench.acknowledgements.first?.vetoes.all == [.strategyDisabled])
        bench.signal(.buy, 63)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.signal(.sell, 40) {
            $0.strategy = strategy
            $0.intent = .exit
        }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.feed(.riskOrdered(RiskOrder(.enableStrategy, strategy: strategy)))
        #expect(bench.riskChanges.map(\.kind) == [.strategyEnabled])
        bench.signal(.buy, 64) { $0.strategy = strategy }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }

    /// Goal: each of the 256 strategies has its own switch. Method: the ends of each word, one at a time.
    @Test(arguments: [0, 1, 63, 64, 127, 128, 191, 192, 255] as [UInt16]) func eachHasItsOwn(_ index: UInt16) {
        var bench = EngineBench.trading()
        bench.feed(.riskOrdered(RiskOrder(.disableStrategy, strategy: StrategyHandle(index: index))))
        for other in 0..<UInt16(256) {
            let isDisabled = bench.engine.isDisabled(StrategyHandle(index: other))
            #expect(isDisabled == (other == index))
        }
        bench.feed(.riskOrdered(RiskOrder(.enableStrategy, strategy: StrategyHandle(index: index))))
        let isDisabled = bench.engine.isDisabled(StrategyHandle(index: index))
        #expect(!isDisabled)
    }
}

extension EngineBench {
    mutating func override(
        _ limit: OverridableLimit,
        _ value: Int64,
        for span: TimeSpan,
        instrument: InstrumentHandle = .none,
        strategy: StrategyHandle = .none,
        number: UInt64 = 1,
        author: UInt32 = 0
    ) {
        feed(
            .riskOrdered(
                RiskOrder(
                    .overrideLimit,
                    limit: limit,
                    value: value,
                    instrument: instrument,
                    strategy: strategy,
                    until: now + span,
                    number: number,
                    author: author
                )
            )
        )
    }

    /// Of the last event.
    var riskChanges: [RiskChange] {
        notices.compactMap { if case .riskChanged(let change) = $0 { change } else { nil } }
    }
    var allRiskChanges: [RiskChange] {
        allNotices.compactMap { if case .riskChanged(let change) = $0 { change } else { nil } }
    }

    /// A row of the last event's decision.
    func row(_ rule: VetoReason) -> RiskRow? {
        notices.compactMap { if case .riskRow(let row) = $0, row.rule == rule { row } else { nil } }.first
    }
}

extension OverridableLimit {
    /// What stands in the table.
    fileprivate func value(_ bench: borrowing EngineBench) -> Int64? {
        var value: Int64?
        bench.engine.forEachOverride { if $0.limit == self { value = $0.value } }
        return value
    }
}
