import FairleadEngine
import FairleadModel
import Testing

/// Whose level an exit closes: its acknowledgement names the entry that brought it.
@Suite struct EngineExitCauseTests {
    private static func configuration(_ configuration: inout EngineConfiguration) {
        configuration.risk.allowsPyramiding = true
        configuration.risk.duplicateOrderWindow = .zero
    }

    /// A long position of 100 lots with a take-profit and a stop; gives the entry's signal.
    private func enter(_ bench: inout EngineBench, profit: Int64, stop: Int64) throws -> SignalNumber {
        let number = bench.signal(.buy, 100) {
            $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(profit), fraction: .one))
            $0.stopLoss = EngineBench.price(stop)
        }
        let own = try #require(bench.acknowledgements.first)
        #expect(own.number == number)
        #expect(own.cause == .none, "a signal from outside has no cause")
        #expect(own.disposition == .accepted, "\(own.vetoes)")
        bench.fill(try #require(bench.submissions.first), 100, at: 1000)
        return number
    }

    /// Goal: each exit names the entry whose level it serves, the last of them and a repeated one too. Method: two
    /// entries on one position; the take-profit of the second, which ends with nothing filled and fires again; then
    /// the first's.
    @Test func eachExitNamesItsEntry() throws {
        var bench = EngineBench.trading(Self.configuration)
        let first = try enter(&bench, profit: 1030, stop: 900)
        bench.wait(.milliseconds(1))
        let second = try enter(&bench, profit: 1020, stop: 900)
        bench.quote(bid: 1020, ask: 1021)
        let exit = try #require(bench.acknowledgements.first)
        #expect(exit.disposition == .accepted)
        #expect(exit.source == .exitScanner)
        #expect(exit.cause == second)
        for _ in 0..<5 {
            let order = try #require(bench.submissions.first)
            bench.cancelled(order, filled: 0, .immediateOrCancel)
        }
        bench.quote(bid: 1018, ask: 1019)
        bench.wait(.seconds(2))
        let again = try #require(exits(bench).last)
        #expect(again.number != exit.number)
        #expect(again.cause == second)
        bench.fill(try #require(bench.submissions.first), 100, at: 1018, .taker)
        bench.quote(bid: 1030, ask: 1031)
        #expect(bench.acknowledgements.first?.cause == first)
    }

    private func answers(_ bench: borrowing EngineBench) -> [SignalAcknowledgement] {
        bench.allNotices.compactMap { if case .acknowledged(let record) = $0 { record } else { nil } }
    }

    private func entries(_ bench: borrowing EngineBench) -> [SignalAcknowledgement] {
        answers(bench).filter { $0.source != .exitScanner }
    }

    private func exits(_ bench: borrowing EngineBench) -> [SignalAcknowledgement] {
        answers(bench).filter { $0.source == .exitScanner }
    }

    /// Goal: a refused exit names its entry as well. Method: a level that is reached while exits are held, and one
    /// while no parent has room.
    @Test func refusedExitsNameTheirEntry() throws {
        var bench = EngineBench.trading(Self.configuration)
        let held = try enter(&bench, profit: 1020, stop: 980)
        bench.operate(.haltFrozen)
        bench.quote(bid: 1020, ask: 1021)
        let vetoed = try #require(exits(bench).last)
        #expect(vetoed.disposition == .vetoed)
        #expect(vetoed.vetoes.contains(.killSwitch))
        #expect(vetoed.cause == held)

        bench = EngineBench.trading {
            Self.configuration(&$0)
            $0.capacities.parents = 8
        }
        let crowded = try enter(&bench, profit: 1020, stop: 980)
        var count = 0
        while bench.engine.openParentCount < 8, count < 20 {
            count += 1
            _ = bench.signal(.sell, 1) {
                $0.intent = .exit
                $0.orderType = .limit
                $0.limitPrice = EngineBench.price(1040)
            }
        }
        #expect(bench.engine.openParentCount == 8)
        bench.quote(bid: 1020, ask: 1021)
        let refused = try #require(exits(bench).last)
        #expect(refused.vetoes.primary == .orderRateLimit)
        #expect(refused.cause == crowded)
    }

    /// Goal: orders that wait at the venue name their entry, and so does the exit that is sent where the venue doesn't
    /// trigger them. Method: a stop and a take-profit at the venue; the price at the stop, and no word of the venue.
    @Test func ordersAtTheVenueNameTheirEntry() throws {
        var bench = EngineBench.native()
        let order = try bench.enter(100, profit: 1020)
        let entry = try #require(entries(bench).first { $0.intent == order.id.intent }).number
        let stop = try #require(bench.placed.first)
        bench.accept(stop)
        bench.accept(try #require(bench.placed.first))
        #expect(exits(bench).map(\.cause) == [entry, entry])
        bench.quote(bid: 979, ask: 980)
        bench.wait(.seconds(3))
        bench.cancelled(stop, filled: 0)
        bench.wait(.seconds(3))
        #expect(exits(bench).count > 2)
        #expect(exits(bench).allSatisfy { $0.cause == entry })
    }

    /// Goal: an engine that was read from a snapshot knows it too. Method: the snapshot between entry and level.
    @Test func aRestartKeepsIt() throws {
        var configuration = EngineConfiguration()
        var bench = EngineBench.trading {
            Self.configuration(&$0)
            configuration = $0
        }
        let number = try enter(&bench, profit: 1020, stop: 980)
        bench.restore(configuration)
        bench.quote(bid: 979, ask: 980)
        #expect(bench.acknowledgements.map(\.cause) == [number])
    }

    /// Goal: what no level fires has no cause. Method: a flip, and a flatten, of a position with levels.
    @Test(arguments: [true, false]) func otherClosesHaveNone(_ isFlip: Bool) throws {
        var bench = EngineBench.trading(Self.configuration)
        _ = try enter(&bench, profit: 1020, stop: 980)
        if isFlip {
            bench.signal(.sell, 150)
        } else {
            bench.operate(.flatten)
        }
        let close = try #require(bench.acknowledgements.first)
        #expect(close.disposition == .accepted)
        #expect(close.cause == .none)
    }
}
