import FairleadModel
import Testing

@testable import FairleadEngine

/// Goal: each edge of the bands is exact, in both directions, and between them the state stays. Method: one drawdown a
/// line, in units of 10^-8, then the state; 0.03 and 0.07 are entered at, 0.024 and 0.056 left at.
@Test func bandsHaveHysteresis() {
    let script: [(Int64, DrawdownState)] = [
        (0, .normal), (2_999_999, .normal), (3_000_000, .warn), (2_999_999, .warn), (2_400_001, .warn),
        (2_400_000, .normal), (2_999_999, .normal), (3_000_000, .warn), (6_999_999, .warn), (7_000_000, .panic),
        (6_999_999, .panic), (5_600_001, .panic), (5_600_000, .warn), (6_999_999, .warn), (7_000_000, .panic),
        (2_400_001, .warn), (7_000_000, .panic), (2_400_000, .normal), (7_000_000, .panic), (0, .normal),
    ]
    var stance = RiskStance()
    for (line, (raw, expected)) in script.enumerated() {
        _ = stance.update(drawdown: Rate(raw: raw), isCircuitLatched: false, isNavStale: false, RiskLimits())
        #expect(stance.drawdownState == expected, "line \(line)")
        let mode: RiskMode = expected == .panic ? .defensive : expected == .warn ? .cautious : .normal
        #expect(stance.mode == mode, "line \(line)")
    }
}

/// Goal: the mode is the gravest of what is known, and a change is told once. Method: one fact a step.
@Test func modesFollowTheGravest() {
    var stance = RiskStance()
    let limits = RiskLimits()
    func update(_ raw: Int64?, latched: Bool = false, stale: Bool = false) -> RiskModeRecord? {
        stance.update(
            drawdown: raw.map { Rate(raw: $0) },
            isCircuitLatched: latched,
            isNavStale: stale,
            limits
        )
    }
    #expect(update(nil) == nil)
    let first = update(nil, stale: true)
    #expect(first?.from == .normal && first?.to == .cautious && first?.isNavStale == true)
    #expect(first?.drawdownTo == .normal)
    #expect(update(nil, stale: true) == nil)
    #expect(update(0)?.to == .normal)
    #expect(update(3_000_000)?.drawdownTo == .warn)
    // Nothing known moves no band.
    #expect(update(nil, stale: true) == nil)
    #expect(update(8_000_000)?.to == .defensive)
    #expect(update(12_000_000, latched: true)?.to == .halted)
    #expect(stance.drawdownState == .panic)
    #expect(update(12_000_000, latched: true) == nil)
    let last = update(0)
    #expect(last?.from == .halted && last?.to == .normal && last?.drawdownFrom == .panic)
}

/// Goal: a whole engine publishes both and keeps them in its state. Method: a position whose mark falls to each band
/// and back, the notices, and a snapshot in between.
@Test func theEnginePublishesItsMode() throws {
    var configuration: EngineConfiguration?
    var bench = EngineBench.trading {
        $0.risk.maximumPortfolioDrawdown = nil
        configuration = $0
    }
    // 100 of 100,000: each unit of the price is a thousandth.
    bench.signal(.buy, 100_000) { $0.style = .taker }
    bench.fill(try #require(bench.submissions.first), 100_000, at: 1000, .taker)
    func price(_ tenths: Int64) {
        bench.feed(
            .marked(
                MarkPrice(instrument: EngineBench.symbol, price: EngineBench.price(tenths), venueTime: bench.now)
            )
        )
        bench.wait(.seconds(1))
    }
    #expect(bench.engine.riskMode == .normal && bench.engine.drawdownState == .normal)
    price(690)
    #expect(bench.engine.riskMode == .cautious && bench.engine.drawdownState == .warn)
    price(290)
    #expect(bench.engine.riskMode == .defensive && bench.engine.drawdownState == .panic)
    bench.restore(try #require(configuration))
    #expect(bench.engine.riskMode == .defensive && bench.engine.drawdownState == .panic)
    price(350)
    #expect(bench.engine.drawdownState == .panic)
    price(500)
    #expect(bench.engine.riskMode == .cautious && bench.engine.drawdownState == .warn)
    price(1000)
    #expect(bench.engine.riskMode == .normal)
    #expect(bench.modes.map(\.to) == [.cautious, .defensive, .cautious, .normal])
    // Bands alone change no trading state.
    #expect(bench.engine.tradingState == .active)
}

/// Goal: poor router quality makes cautious and nothing graver, and is said in the record. Method: alone, under a band,
/// and gone.
@Test func aPoorRouterMakesCautious() {
    var stance = RiskStance()
    func update(_ raw: Int64, _ isRouterPoor: Bool) -> RiskModeRecord? {
        stance.update(
            drawdown: Rate(raw: raw),
            isCircuitLatched: false,
            isNavStale: false,
            isRouterPoor: isRouterPoor,
            RiskLimits()
        )
    }
    let first = update(0, true)
    #expect(first?.to == .cautious && first?.isRouterPoor == true && first?.drawdownTo == .normal)
    #expect(update(8_000_000, true)?.to == .defensive)
    #expect(update(0, false)?.to == .normal)
}

/// Goal: a whole engine is cautious from the policy's timer on while its fills are far from what they intended. Method:
/// fills 1 % worse than intended, ten seconds, then a window without them.
@Test func poorFillsMakeTheEngineCautious() throws {
    var bench = EngineBench.trading { $0.risk.duplicateOrderWindow = .zero }
    #expect(bench.engine.globalRouterScore == 0.8)
    bench.signal(.buy, 60) { $0.style = .taker }
    bench.fill(try #require(bench.submissions.first), 60, at: 1011, .taker)
    bench.wait(.seconds(10))
    // C_LOW's 0.65, less RED, less the unused TWAP.
    #expect(isClose(bench.engine.globalRouterScore, 0.43))
    bench.wait(.seconds(1))
    #expect(bench.engine.riskMode == .cautious)
    #expect(bench.modes.last?.isRouterPoor == true)
}

/// Goal: a stale NAV makes cautious, and a fresh one lets go. Method: the venue is lost for a moment.
@Test func aStaleNavMakesCautious() {
    var bench = EngineBench.trading()
    bench.wait(.seconds(1))
    #expect(bench.engine.riskMode == .normal)
    bench.feed(.venueDisconnected(.paper))
    bench.wait(.seconds(1))
    #expect(bench.engine.riskMode == .cautious && bench.engine.drawdownState == .normal)
    #expect(bench.modes.last?.isNavStale == true)
    bench.connect(session: 2)
    #expect(bench.engine.riskMode == .normal)
}

/// Goal: the circuit's mode is halted, and it reduces where nothing stricter holds. Method: the circuit kills; with the
/// state put back to active while it is latched, the next second reduces.
@Test func aHaltedModeReduces() throws {
    var bench = EngineBench.trading()
    bench.signal(.buy, 100_000) { $0.style = .taker }
    bench.fill(try #require(bench.submissions.first), 100_000, at: 1000, .taker)
    bench.feed(.marked(MarkPrice(instrument: EngineBench.symbol, price: EngineBench.price(1), venueTime: bench.now)))
    bench.feed(
        .marked(MarkPrice(instrument: EngineBench.symbol, price: EngineBench.price(101), venueTime: bench.now))
    )
    bench.engine.limits.maximumPortfolioDrawdown = Rate(raw: 5_000_000)
    bench.wait(.seconds(1))
    #expect(bench.engine.riskMode == .halted)
    #expect(bench.engine.tradingState == .killed)
    bench.engine.state = .active
    bench.wait(.seconds(1))
    #expect(bench.engine.tradingState == .reducing)
    #expect(bench.engine.tradingStateCause == .riskMode)
}

extension EngineBench {
    var modes: [RiskModeRecord] {
        allNotices.compactMap { if case .riskModeChanged(let record) = $0 { record } else { nil } }
    }
}
