import FairleadEngine
import FairleadModel
import Testing

@Suite struct EngineOperatorTests {
    /// Goal: halt cancels working entries and lets exits pass. Method: a resting entry, a position, then halt.
    @Test func haltCancelsEntriesAndLetsExitsPass() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let entry = try #require(bench.submissions.first)
        bench.accept(entry)
        bench.fill(entry, 40, at: 1000)
        bench.feed(.operated(OperatorCommand(.halt)))
        #expect(bench.cancels.map(\.id) == [entry.id])
        bench.cancelled(entry, filled: 40)
        #expect(bench.closed.last?.outcome == .killSwitch)
        #expect(bench.submissions.isEmpty)
        bench.signal(.buy, 10)
        #expect(bench.acknowledgements.first?.vetoes.primary == .killSwitch)
        bench.signal(.sell, 40) { $0.intent = .exit }
        let exit = try #require(bench.submissions.first)
        #expect(exit.reduceOnly)
        bench.fill(exit, 40, at: 1000, .taker)
        #expect(bench.position == 0)
    }

    /// Goal: cancelling entries leaves every exit alone, and the state too. Method: an entry that is filled in part and
    /// rests, an exit that rests for that part; the entry's cancel is the only one.
    @Test func cancelEntriesKeepsExits() throws {
        var bench = EngineBench.trading()
        let entry = try bench.rest(.buy, 100, at: 998)
        bench.fill(entry, 40, at: 998)
        let exit = try bench.rest(.sell, 40, at: 1005) { $0.intent = .exit }
        #expect(entry.isIncreasing && exit.reduceOnly)
        bench.operate(.cancelEntries)
        #expect(bench.cancels.map(\.id) == [entry.id])
        bench.cancelled(entry, filled: 40)
        #expect(bench.closed.map(\.outcome) == [.partiallyFilled])
        #expect(bench.submissions.isEmpty)
        #expect(bench.engine.tradingState == .active)
    }

    /// Goal: frozen holds exits too. Method: freeze, then ask for an exit.
    @Test func frozenHoldsExits() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let entry = try #require(bench.submissions.first)
        bench.fill(entry, 100, at: 1000)
        bench.feed(.operated(OperatorCommand(.haltFrozen)))
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.vetoes.primary == .killSwitch)
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: resume never revives an ended parent, and lets new ones in. Method: halt, resume, signal.
    @Test func resumeRevivesNothing() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let entry = try #require(bench.submissions.first)
        bench.feed(.operated(OperatorCommand(.kill)))
        bench.cancelled(entry, filled: 0)
        #expect(bench.engine.tradingState == .killed)
        bench.feed(.operated(OperatorCommand(.resume)))
        #expect(bench.engine.tradingState == .active)
        #expect(bench.submissions.isEmpty)
        bench.signal(.buy, 60)
        #expect(bench.acknowledgements.first?.vetoes.all == [])
        #expect(bench.submissions.count == 1)
    }

    /// Goal: a lesser state never replaces a stricter one. Method: kill, then halt and stop-entries.
    @Test func stricterStateStays() {
        var bench = EngineBench.trading()
        bench.feed(.operated(OperatorCommand(.kill)))
        bench.feed(.operated(OperatorCommand(.halt)))
        bench.feed(.operated(OperatorCommand(.stopEntries)))
        #expect(bench.engine.tradingState == .killed)
    }

    /// Goal: stop-entries refuses entries and keeps exits. Method: one of each.
    @Test func stopEntries() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let entry = try #require(bench.submissions.first)
        bench.fill(entry, 100, at: 1000)
        bench.feed(.operated(OperatorCommand(.stopEntries)))
        bench.signal(.buy, 10) { $0.digest = Digest128(high: 9, low: 9) }
        #expect(bench.acknowledgements.first?.vetoes.primary == .killSwitch)
        bench.signal(.sell, 100) { $0.intent = .exit }
        #expect(bench.submissions.count == 1)
    }

    /// Goal: flatten closes what is open and nothing else. Method: a long position, flatten, fill.
    @Test func flattenCloses() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100)
        let entry = try #require(bench.submissions.first)
        bench.fill(entry, 100, at: 1000)
        bench.feed(.operated(OperatorCommand(.flatten)))
        let exit = try #require(bench.submissions.first)
        #expect(exit.side == .sell)
        #expect(exit.quantity == EngineBench.quantity(100))
        bench.fill(exit, 100, at: 1000, .taker)
        #expect(bench.position == 0)
        bench.feed(.operated(OperatorCommand(.flatten)))
        #expect(bench.submissions.isEmpty)
    }

    /// Goal: an amendment moves a resting order and its lost answer leaves it at the larger quantity. Method: amend
    /// down, lose the answer, report the old terms.
    @Test func amendments() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) {
            $0.orderType = .limit; $0.limitPrice = EngineBench.price(995)
        }
        let order = try #require(bench.submissions.first)
        bench.accept(order)
        bench.feed(
            .operated(
                OperatorCommand(
                    .amendOrder,
                    order: order.id,
                    price: EngineBench.price(996),
                    quantity: EngineBench.quantity(60)
                )
            )
        )
        #expect(bench.engine.order(order.id)?.state == .pendingReplace)
        #expect(bench.engine.order(order.id)?.leaves == EngineBench.quantity(100))
        bench.feed(.replaceUnanswered(order.id))
        #expect(bench.engine.order(order.id)?.state == .pendingReplace)
        bench.feed(
            .orderReplaced(
                OrderReplacement(
                    id: order.id,
                    price: EngineBench.price(996),
                    quantity: EngineBench.quantity(60),
                    venueTime: bench.now
                )
            )
        )
        #expect(bench.engine.order(order.id)?.state == .working)
        #expect(bench.engine.order(order.id)?.leaves == EngineBench.quantity(60))
        bench.fill(order, 60, at: 996)
        #expect(bench.engine.liveOrderCount == 0)
    }

    /// Goal: more than was approved can't be amended in. Method: ask for twice the quantity.
    @Test func amendNeverExceedsApproval() throws {
        var bench = EngineBench.trading()
        bench.signal(.buy, 100) {
            $0.orderType = .limit; $0.limitPrice = EngineBench.price(995)
        }
        let order = try #require(bench.submissions.first)
        bench.accept(order)
        bench.feed(.operated(OperatorCommand(.amendOrder, order: order.id, quantity: EngineBench.quantity(200))))
        #expect(bench.commands.isEmpty)
        #expect(bench.engine.order(order.id)?.state == .working)
    }
}
