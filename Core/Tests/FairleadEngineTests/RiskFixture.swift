import FairleadModel
import Testing

@testable import FairleadEngine

/// One order before the gateway: a base that passes every row with every limit set, of which a test changes one thing.
struct RiskFixture {
    var context: RiskContext
    var limits: RiskLimits

    static let now = Timestamp(milliseconds: 1_723_075_200_000 + 3_600_000 * 10)

    /// Buys 1 at a limit of 100 against a book of 99.99/100.00, mark 100; NAV and funds 10,000.
    static var entry: RiskFixture { RiskFixture(side: .buy, isReducing: false) }
    /// Sells 1 of a long position of 2 at a limit of 100 against a book of 100.00/100.01, mark 100.
    static var exit: RiskFixture {
        var fixture = RiskFixture(side: .sell, isReducing: true)
        fixture.context.order.wantsReduction = true
        fixture.context.exposure.row.position = SignedQuantity(quantity(2), side: .buy)
        fixture.context.exposure.openPositions = 1
        fixture.context.market.bid = price(100)
        fixture.context.market.ask = price(100.01)
        return fixture
    }

    private init(side: Side, isReducing: Bool) {
        let terms = InstrumentTerms(
            tick: price(0.01),
            lot: quantity(0.001),
            minimumQuantity: quantity(0.002),
            maximumQuantity: quantity(50),
            minimumNotional: money(5),
            percentPrice: Rate(bps: 1000),
            reduceOnlyExemptFromMinimum: true
        )
        var symbol = SymbolConfiguration()
        symbol.maximumNavFraction = rate(0.2)
        symbol.maximumLeverage = rate(0.4)
        symbol.tier = .core
        context = RiskContext(
            order: OrderFacts(
                number: SignalNumber(value: 7),
                instrument: InstrumentHandle(index: 0),
                side: side,
                type: .limit,
                isReducing: isReducing,
                quantity: quantity(1),
                limitPrice: price(100),
                expiresAt: Self.now + .seconds(5),
                now: Self.now,
                levelCount: 2
            ),
            terms: terms,
            symbol: SymbolFacts(symbol, Self.allLimits, groups: 1)
        )
        context.market = MarketFacts(
            bid: price(99.99),
            ask: price(100),
            bookTime: Self.now,
            mark: price(100),
            markTime: Self.now,
            last: price(100)
        )
        context.exposure.grossElsewhere = .zero
        context.account.nav = money(10_000)
        context.account.navTime = Self.now
        context.account.drawdown = .zero
        context.account.dayLoss = .zero
        context.account.weekLoss = .zero
        context.tails.portfolioEvidence = .known
        context.tails.positionEvidence = .known
        context.correlation.groupCap = rate(0.6)
        context.correlation.groupElsewhere = .zero
        context.correlation.pairEvidence = .known
        context.account.available = money(10_000)
        context.trading.isReconciled = true
        context.trading.tableRowsLeft = 100
        context.trading.levelRowsLeft = 2
        limits = Self.allLimits
    }

    private static var allLimits: RiskLimits {
        var limits = RiskLimits()
        limits.dailyLossLimit = rate(0.05)
        limits.weeklyLossLimit = rate(0.07)
        limits.maximumPairCorrelation = rate(0.8)
        limits.tiers.core.maximumNavFraction = rate(0.25)
        limits.tiers.core.blockedFrom = .defensive
        limits.maximumNavDrawdown = rate(0.08)
        limits.minimumNotional = money(10)
        limits.maximumOrderNotional = money(1000)
        limits.maximumOrderQuantity = quantity(40)
        limits.maximumTradeNavFraction = rate(0.3)
        limits.maximumGrossExposure = rate(2)
        limits.maximumLeverage = rate(0.5)
        limits.maximumEffectiveLeverage = rate(3)
        limits.maximumConcurrentPositions = 3
        limits.cooldownAfterStop = .minutes(10)
        limits.maximumTradesPerSymbolPerHour = 5
        limits.ordersPerSecond = 10
        limits.ordersPerTenSeconds = 50
        limits.ordersPerMinute = 200
        limits.repeatedExecutionCount = 3
        limits.requiresDryRun = true
        return limits
    }

    func with(_ change: (inout RiskFixture) -> Void) -> RiskFixture {
        var fixture = self
        change(&fixture)
        return fixture
    }

    /// What the gateway said, with the rows and the decision that it wrote.
    func decide() -> (verdict: RiskVerdict, rows: [RiskRow], decision: RiskDecision?) {
        var out = Outbox(commandCapacity: 1, noticeCapacity: 64)
        let verdict = RiskGateway.decide(context, limits, into: &out)
        var rows: [RiskRow] = []
        var decision: RiskDecision?
        for notice in out.notices {
            switch notice {
            case .riskRow(let row): rows.append(row)
            case .riskDecided(let decided): decision = decided
            case .acknowledged, .sized, .routed, .armChosen, .orderChanged, .filled, .positionChanged, .parentClosed,
                .levelChanged, .tradingStateChanged, .riskModeChanged, .divergence, .alarm, .venueChanged,
                .policyComputed, .barClosed, .operatorRefused, .profitMeasured,
                .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed, .tradeClosed, .riskChanged,
                .positionDecided:
                Issue.record("the gateway wrote \(notice)")
            }
        }
        return (verdict, rows, decision)
    }

    func row(_ rule: VetoReason) -> RiskRow? { decide().rows.first { $0.rule == rule } }

    /// Refused for `rule` and nothing else, with these numbers on record.
    func expectFires(
        _ rule: VetoReason,
        _ unit: RiskUnit,
        observed: Int64,
        threshold: Int64,
        alsoBroken: [VetoReason] = [],
        at location: SourceLocation = #_sourceLocation
    ) {
        let (verdict, rows, decision) = decide()
        var expected = VetoReasons()
        for reason in [rule] + alsoBroken { expected.insert(reason) }
        #expect(verdict.vetoes.all.map(\.name) == expected.all.map(\.name), sourceLocation: location)
        #expect(verdict.approvedQuantity == .zero, sourceLocation: location)
        #expect(decision?.vetoes == verdict.vetoes, sourceLocation: location)
        let row = rows.first { $0.rule == rule }
        #expect(row?.status == .broken, sourceLocation: location)
        #expect(row?.unit == unit, sourceLocation: location)
        #expect(row?.observed == observed, sourceLocation: location)
        #expect(row?.threshold == threshold, sourceLocation: location)
    }

    /// A yes-or-no row fires.
    func expectFires(
        _ rule: VetoReason,
        alsoBroken: [VetoReason] = [],
        at location: SourceLocation = #_sourceLocation
    ) {
        expectFires(rule, .flag, observed: 1, threshold: 0, alsoBroken: alsoBroken, at: location)
    }

    /// Approved, and the row was looked at: its limit is set and holds.
    func expectPasses(
        _ rule: VetoReason,
        observed: Int64? = nil,
        at location: SourceLocation = #_sourceLocation
    ) {
        let (verdict, rows, _) = decide()
        #expect(verdict.vetoes.all.map(\.name) == [], sourceLocation: location)
        #expect(verdict.approvedQuantity == context.order.quantity, sourceLocation: location)
        let row = rows.first { $0.rule == rule }
        #expect(row?.status == .passed, sourceLocation: location)
        if let observed { #expect(row?.observed == observed, sourceLocation: location) }
    }

    /// Approved, and the row was off.
    func expectOff(_ rule: VetoReason, at location: SourceLocation = #_sourceLocation) {
        let (verdict, rows, _) = decide()
        #expect(verdict.vetoes.all.map(\.name) == [], sourceLocation: location)
        #expect(!rows.contains { $0.rule == rule }, sourceLocation: location)
    }
}

func price(_ value: Double) -> Price { Price(raw: Int64((value * 1e8).rounded())) }
func quantity(_ value: Double) -> Quantity { Quantity(raw: Int64((value * 1e8).rounded())) }
func rate(_ value: Double) -> Rate { Rate(raw: Int64((value * 1e8).rounded())) }
func money(_ value: Double) -> Money { Money(raw8: Int64((value * 1e8).rounded())) }
/// 10^-8 units, as rows show them.
func raw8(_ value: Double) -> Int64 { Int64((value * 1e8).rounded()) }

/// A small seeded generator (SplitMix64), the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Keeps state as words, or puts it back.
struct WordVisitor: StateVisitor {
    var words: [UInt64] = []
    var isReading = false
    private var position = 0

    init() {}
    init(reading words: [UInt64]) {
        self.words = words
        isReading = true
    }

    mutating func visit(_ value: inout UInt64) {
        guard isReading else { return words.append(value) }
        value = words[position]
        position += 1
    }

    var isAtEnd: Bool { position == words.count }
}
