import FairleadEngine
import FairleadModel
import Testing

/// What the engine tells observers: everything that it knows, and nothing that it doesn't.
@Suite struct EngineNoticeTests {
    /// Goal: a change, a fill and a submission say where they belong. Method: an accepted order that is filled.
    @Test func ordersSayWhereTheyBelong() throws {
        var bench = EngineBench.hedged()
        bench.signal(.buy, 100) {
            $0.positionSide = .long
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(995)
        }
        let sent = bench.submissions
        let order = try #require(sent.first)
        #expect(order.number == SignalNumber(value: 1))
        bench.accept(order)
        let changes = bench.notices.compactMap { if case .orderChanged(let change) = $0 { change } else { nil } }
        let change = try #require(changes.last)
        #expect(change.positionSide == .long)
        #expect(change.timeInForce == order.timeInForce)
        bench.fill(order, 100, at: 995)
        let fills = bench.notices.compactMap { if case .filled(let fill) = $0 { fill } else { nil } }
        #expect(fills.first?.venueOrderID == VenueOrderID(value: 1))
    }

    /// Goal: without a mark there is no unrealised result, neither of the position nor of the account; without a
    /// balance no NAV in a size. Method: a position that the venue reports before any price; a signal before the first
    /// balance.
    @Test func whatIsUnknownIsNotZero() throws {
        var bench = EngineBench()
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.signal(.buy, 100)
        let sizes = bench.notices.compactMap { if case .sized(let size) = $0 { size } else { nil } }
        #expect(sizes.allSatisfy { $0.nav == nil })
        #expect(sizes.count == 1)
        bench.connect(session: 1, positions: [EngineBench.held(100, at: 1000, bench.now)])
        let positions = bench.notices.compactMap { if case .positionChanged(let found) = $0 { found } else { nil } }
        let position = try #require(positions.first)
        #expect(position.mark == .zero)
        #expect(position.unrealized == nil)
        bench.wait(.seconds(2))
        let before = Self.profits(bench.allNotices)
        let early = try #require(before.last)
        #expect(early.unrealized == nil)
        #expect(early.openPositions == 1)
        bench.quote(bid: 1000, ask: 1001)
        bench.wait(.seconds(2))
        let after = Self.profits(bench.allNotices)
        let profit = try #require(after.last)
        #expect(profit.unrealized != nil)
        #expect(profit.cash == 100_000 * FixedPoint.one)
        #expect(profit.nav != nil)
    }

    private static func profits(_ notices: [Notice]) -> [ProfitRecord] {
        notices.compactMap { if case .profitMeasured(let record) = $0 { record } else { nil } }
    }
}
