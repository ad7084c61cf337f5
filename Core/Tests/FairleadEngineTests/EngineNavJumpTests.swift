import FairleadEngine
import FairleadModel
import Testing

/// RULES "NAV anomaly": a NAV that jumped waits for a person.
@Suite struct EngineNavJumpTests {
    /// A position whose mark has risen by more than a NAV may.
    private func jumped() throws -> EngineBench {
        var bench = EngineBench.trading { $0.risk.navJumpAbsolute = Money(whole: 1) }
        try bench.open(.buy, 100)
        bench.wait(.seconds(2))
        #expect(bench.engine.navJump == nil)
        bench.mark(1500)
        bench.wait(.seconds(2))
        return bench
    }

    /// Goal: a person's word makes the reading NAV and peak, is gone with it, and survives a snapshot.
    /// Method: a mark that lifts NAV over the bound, the alarm, the confirmation, and later readings.
    @Test func aPersonConfirms() throws {
        var bench = try jumped()
        #expect(bench.alarms.contains(.navJump))
        let (known, read) = (bench.engine.peakNav, bench.engine.navJump)
        let peak = try #require(known)
        let jump = try #require(read)
        #expect(jump > peak)
        #expect(bench.engine.nav == peak)
        bench.operate(.confirmNav)
        #expect(bench.refusals.isEmpty)
        #expect(bench.engine.navJump == nil)
        #expect(bench.engine.nav == jump)
        #expect(bench.engine.peakNav == jump)
        #expect(bench.engine.drawdown == .zero)
        bench.wait(.seconds(5))
        #expect(bench.engine.nav == jump)
        #expect(bench.alarms.filter { $0 == .navJump }.count == 1)
        bench.operate(.confirmNav)
        #expect(bench.refusals.map(\.reason) == [.noNavJump])
    }

    /// Goal: nothing is confirmed where nothing waits. Method: confirm before any jump.
    @Test func withoutAJumpItIsRefused() {
        var bench = EngineBench.trading()
        bench.wait(.seconds(2))
        let before = bench.engine.nav
        bench.operate(.confirmNav)
        #expect(bench.refusals.map(\.reason) == [.noNavJump])
        #expect(bench.refusals.first?.action == .confirmNav)
        #expect(bench.engine.nav == before)
    }
}
