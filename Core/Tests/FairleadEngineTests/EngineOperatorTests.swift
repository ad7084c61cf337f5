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
        bench.signal(.buy, 90)
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
        bench.signal(.buy, 90) { $0.digest = Digest128(high: 9, low: 9) }
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

    /// Goal: resuming after a halt forgets no drawdown: only a latched circuit begins anew. Method: lose 4 %, halt,
    /// resume, lose as much again; the limit of 5 % must hold.
    @Test func resumeKeepsThePeak() throws {
        var bench = EngineBench.trading {
            $0.risk.maximumNavDrawdown = Rate(raw: 5_000_000)
            $0.risk.allowsPyramiding = true
        }
        try bench.open(.buy, 500_000)
        bench.operate(.halt)
        bench.quote(bid: 938, ask: 939)
        bench.wait(.seconds(1))
        bench.operate(.resume)
        let drawdown = bench.engine.drawdown
        #expect((drawdown ?? .zero) > Rate(raw: 3_000_000))
        bench.quote(bid: 890, ask: 891)
        bench.wait(.seconds(1))
        bench.signal(.buy, 100)
        #expect(bench.acknowledgements.first?.vetoes.primary == .navDrawdownLimit)
    }

    /// Goal: the guard's collar is risk's own bound, whatever the order's price (SPEC 4: the guard looks at it again).
    /// Method: a maker, its taker, an exit, an amendment; a reference of 100.1, then of 100.0.
    @Test func everyOrderCarriesRisksCollar() throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        bench.signal(.buy, 100)
        let maker = try #require(bench.submissions.first)
        #expect(maker.price == EngineBench.price(1000) && maker.collar == EngineBench.price(1011))
        bench.accept(maker)
        bench.wait(.seconds(10))
        bench.quote(bid: 1000, ask: 1001)
        bench.cancelled(maker, filled: 0)
        let taker = try #require(bench.submissions.first)
        #expect(taker.price == EngineBench.price(1003) && taker.collar == EngineBench.price(1011))
        bench.fill(taker, 100, at: 1001, .taker)
        bench.signal(.sell, 60) { $0.intent = .exit }
        // 5 % below 100.0.
        let exit = try #require(bench.submissions.first)
        #expect(exit.collar == EngineBench.price(950))
        bench.fill(exit, 60, at: 1000, .taker)
        let resting = try bench.rest(.buy, 60, at: 990)
        #expect(resting.collar == EngineBench.price(1011))
        bench.amend(resting, price: 991)
        let amendments = bench.commands.compactMap { if case .replace(let amendment) = $0 { amendment } else { nil } }
        #expect(amendments.map(\.price) == [EngineBench.price(991)])
        #expect(amendments.map(\.collar) == [EngineBench.price(1011)])
    }

    /// Goal: levels the wrong way round are refused by a row with their numbers, and the decision says so too. Method:
    /// a stop-loss above the market, a take-profit below it.
    @Test func wrongLevelsAreARowOfTheDecision() throws {
        for (stop, profit, price) in [(1010, 0, 1010), (0, 990, 990)] as [(Int64, Int64, Int64)] {
            var bench = EngineBench.trading()
            bench.signal(.buy, 100) {
                $0.stopLoss = EngineBench.price(stop)
                guard profit > 0 else { return }
                $0.takeProfits.append(TakeProfitLevel(price: EngineBench.price(profit), fraction: .one))
            }
            #expect(bench.acknowledgements.first?.vetoes.primary == .invalidOrder)
            let rows = bench.notices.compactMap { if case .riskRow(let row) = $0 { row } else { nil } }
            let row = try #require(rows.first { $0.rule == .invalidOrder })
            #expect(row.status == .broken && row.unit == .price)
            #expect(row.observed == EngineBench.price(price).raw && row.threshold == EngineBench.price(1001).raw)
            let approved = bench.notices.compactMap {
                if case .riskDecided(let decision) = $0 { decision.approvedQuantity } else { nil }
            }
            #expect(approved == [.zero])
        }
    }

    /// Goal: while the venue has throttled us no entry is approved that the guard would refuse; exits are. Method: a
    /// throttle of five seconds, an entry, an exit, and an entry after it.
    @Test func aThrottleVetoesEntries() throws {
        var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
        try bench.open(.buy, 100)
        bench.feed(.venueThrottled(VenueRestriction(venue: .paper, until: bench.now + .seconds(5))))
        bench.signal(.buy, 90)
        #expect(bench.acknowledgements.first?.vetoes.primary == .orderRateLimit)
        bench.signal(.sell, 60) { $0.intent = .exit }
        #expect(bench.acknowledgements.first?.disposition == .accepted)
        bench.wait(.seconds(5))
        bench.quote(bid: 1000, ask: 1001)
        bench.signal(.buy, 90)
        #expect(bench.acknowledgements.first?.disposition == .accepted)
    }
}
