import FairleadEngine
import FairleadModel
import Testing

// What an entry does where the book is too wide or not there, and the limits of a good-till-date order: in a whole
// engine.

/// Goal: `wide_spread_action: taker` takes within a bound. Method: a book 20 bps wide, a default configuration.
@Test("spread_too_wide: taker") func wideSpreadTakes() throws {
    var bench = EngineBench.trading { $0.routing.wideSpreadAction = .taker }
    bench.quote(bid: 1000, ask: 1002)
    bench.signal(.buy, 100)
    let order = try #require(bench.submissions.first)
    #expect(order.type == .marketableLimit && order.timeInForce == .ioc)
    // 20 bps over the ask of 100.2 is 100.4004.
    #expect(order.price == EngineBench.price(1004))
    #expect(bench.routes.first?.vetoReason == .spreadTooWide)
}

/// Goal: `clamp` quotes as a maker, at most `router_offset_spread_clamp_bps` from the touch. Method: a policy of 20
/// bps, a clamp of 10 bps; the same on a narrow book, where the whole offset stands.
@Test("spread_too_wide: clamp") func wideSpreadIsClamped() throws {
    for (ask, price) in [(Int64(1002), Int64(999)), (1001, 998)] {
        var bench = EngineBench.trading {
            $0.routing.wideSpreadAction = .clamp
            $0.routing.offsetSpreadClamp = Rate(bps: 10)
            $0.symbols[0].policyOverride = PolicyOverride(offset: Rate(bps: 20))
        }
        bench.quote(bid: 1000, ask: ask)
        bench.signal(.buy, 100)
        let order = try #require(bench.submissions.first)
        #expect(order.type == .postOnly && order.price == EngineBench.price(price))
        #expect(bench.routes.first?.vetoReason == RouteReason.none)
    }
}

/// Goal: `defer` sends nothing while the spread is wide, keeps the exposure reserved, and goes as soon as it is narrow.
/// Method: a wide book, looks every 250 ms, then a narrow one; one decision for the wait and one for the order.
@Test("spread_too_wide: defer") func wideSpreadDefers() throws {
    var bench = EngineBench.trading {
        $0.routing.wideSpreadAction = .defer
        $0.risk.allowsPyramiding = true
        $0.risk.maximumGrossExposure = Rate(raw: 15_000)
    }
    bench.quote(bid: 1000, ask: 1002)
    bench.signal(.buy, 100)
    #expect(bench.acknowledgements.first?.disposition == .accepted)
    #expect(bench.submissions.isEmpty)
    #expect(bench.routes.map(\.vetoReason) == [.spreadTooWide])
    bench.signal(.buy, 60)
    #expect(bench.acknowledgements.first?.vetoes.primary == .portfolioCap)
    bench.wait(.milliseconds(1_000))
    #expect(bench.submissions.isEmpty)
    bench.quote(bid: 1000, ask: 1001)
    bench.wait(.milliseconds(250))
    let order = try #require(bench.submissions.first)
    #expect(order.type == .postOnly)
    let decisions = bench.allNotices.count { if case .routed = $0 { true } else { false } }
    #expect(decisions == 2)
}

/// Goal: a deferred entry doesn't outlive the state that let it in. Method: stop entries while it waits.
@Test("spread_too_wide: defer ends with the state") func aDeferredEntryEndsWithTheState() {
    var bench = EngineBench.trading { $0.routing.wideSpreadAction = .defer }
    bench.quote(bid: 1000, ask: 1002)
    bench.signal(.buy, 100)
    bench.feed(.operated(OperatorCommand(.stopEntries)))
    bench.quote(bid: 1000, ask: 1001)
    bench.wait(.milliseconds(250))
    #expect(bench.submissions.isEmpty)
    #expect(bench.closed.last?.outcome == .killSwitch)
}

/// Goal: `veto` ends the entry, and an exit leaves whatever the action. Method: both on a wide book.
@Test("spread_too_wide: veto, and exits in every case", arguments: WideSpreadAction.allCases) func wideSpreadVetoes(
    action: WideSpreadAction
) throws {
    var bench = EngineBench.trading { $0.routing.wideSpreadAction = action }
    bench.signal(.sell, 100)
    bench.fill(try #require(bench.submissions.first), 100, at: 1001)
    bench.quote(bid: 1000, ask: 1002)
    bench.signal(.buy, 100) { $0.intent = .exit }
    let exit = try #require(bench.submissions.first)
    #expect(exit.reduceOnly && exit.type == .marketableLimit)
    bench.fill(exit, 100, at: 1002, .taker)
    bench.signal(.sell, 70)
    #expect(bench.acknowledgements.first?.disposition == .accepted)
    #expect(bench.submissions.isEmpty == (action == .veto || action == .defer))
    if action == .veto {
        #expect(bench.routes.first?.vetoReason == .spreadTooWide)
        #expect(bench.closed.last?.outcome == .rejected)
        #expect(bench.engine.openParentCount == 0)
    }
}

/// What a book lacks.
private enum Lack: String, CaseIterable {
    case side, freshness, order

    var reason: RouteReason {
        switch self {
        case .side: .bookMissing
        case .freshness: .bookStale
        case .order: .bookCrossed
        }
    }

    func apply(_ bench: inout EngineBench) {
        switch self {
        case .side: bench.quote(bid: 1050, ask: 0)
        case .freshness:
            bench.quote(bid: 1050, ask: 1051)
            bench.now = bench.now + .milliseconds(2_000)
        case .order: bench.quote(bid: 1051, ask: 1050)
        }
    }
}

/// Goal: without a usable book an entry takes at a bound made of the mark, never of that book; with `veto` it doesn't
/// leave, and without any reference it never does. Method: each lack, with each action, with and without a mark.
@Test("missing_book_action", arguments: [Lack.side, .freshness, .order]) private func missingBooks(lack: Lack) throws {
    for action in MissingBookAction.allCases {
        for hasMark in [true, false] {
            var bench = EngineBench.trading { $0.routing.missingBookAction = action }
            lack.apply(&bench)
            if hasMark {
                let mark = MarkPrice(
                    instrument: EngineBench.symbol,
                    price: EngineBench.price(1000),
                    venueTime: bench.now
                )
                bench.feed(.marked(mark))
            }
            bench.signal(.buy, 100) { $0.makerPrice = EngineBench.price(990) }
            guard action == .taker, hasMark else {
                #expect(bench.submissions.isEmpty, "\(action) \(hasMark)")
                continue
            }
            #expect(bench.routes.first?.vetoReason == lack.reason)
            let order = try #require(bench.submissions.first)
            // 20 bps over the mark of 100; the book stands at 105.
            #expect(order.type == .marketableLimit && order.price == EngineBench.price(1002))
        }
    }
}

/// Goal: an exit leaves without any book or mark: at the market, and says so. Method: a restart into a position, no
/// quote, an exit.
@Test("missing book: an exit leaves unbounded") func exitsNeedNoBook() throws {
    var bench = EngineBench()
    bench.feed(.epochOpened(Epoch(number: 1)))
    bench.connect(
        session: 1,
        positions: [
            PositionReport(
                instrument: EngineBench.symbol,
                positionSide: .both,
                quantity: SignedQuantity(EngineBench.quantity(100), side: .buy),
                averagePrice: EngineBench.price(1000),
                venueTime: bench.now
            )
        ]
    )
    bench.signal(.sell, 100) { $0.intent = .exit }
    let exit = try #require(bench.submissions.first)
    #expect(exit.type == .market && exit.reduceOnly)
    #expect(bench.alarms.contains(.exitUnbounded))
}

/// Goal: a good-till-date order rests until its end and no longer: its end goes to the venue, is watched by us, and one
/// that is over is refused. Method: a limit order with a second to live, just before and at its end.
@Test("GTD: rests until its end, and no longer") func goodTillDate() throws {
    var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
    let end = bench.now + .milliseconds(1_000)
    bench.signal(.buy, 100) {
        $0.orderType = .limit
        $0.limitPrice = EngineBench.price(995)
        $0.timeInForce = .gtd
        $0.expiresAt = end
    }
    let order = try #require(bench.submissions.first)
    #expect(order.timeInForce == .gtd && order.expiresAt == end)
    bench.accept(order)
    bench.wait(.milliseconds(999))
    #expect(bench.cancels.isEmpty)
    bench.wait(.milliseconds(1))
    #expect(bench.cancels.map(\.id) == [order.id])
    bench.feed(
        .orderExpired(OrderEnd(id: order.id, cumulativeFilled: .zero, reason: .timeInForce, venueTime: bench.now))
    )
    #expect(bench.closed.last?.outcome == .expired)
    bench.now = end + TimeSpan(nanoseconds: 1)
    bench.quote(bid: 1000, ask: 1001)
    bench.signal(.buy, 60) { $0.expiresAt = end }
    #expect(bench.acknowledgements.first?.vetoes.all == [.signalExpired])
}

/// Goal: the life of a signal bounds its maker leg: at its end nothing is taken. Method: an end before the maker's
/// patience is over.
@Test("GTD: a maker leg ends with its signal") func aMakerEndsWithItsSignal() throws {
    var bench = EngineBench.trading()
    let end = bench.now + .milliseconds(1_000)
    bench.signal(.buy, 100) { $0.expiresAt = end }
    let maker = try #require(bench.submissions.first)
    bench.accept(maker)
    bench.wait(.milliseconds(1_000))
    #expect(bench.cancels.map(\.id) == [maker.id])
    bench.cancelled(maker, filled: 0)
    #expect(bench.submissions.isEmpty)
    #expect(bench.closed.last?.outcome == .expired)
}

/// Goal: an exit that would trade against our own resting order cancels that first, waits for its outcome, and then
/// goes. Method: a resting buy that the exit's bound reaches; nothing leaves before the cancel is answered.
@Test("self_cross: an exit clears its way first") func exitsClearTheirWay() throws {
    var bench = EngineBench.trading { $0.risk.allowsPyramiding = true }
    bench.signal(.buy, 100)
    bench.fill(try #require(bench.submissions.first), 100, at: 1000)
    bench.signal(.buy, 60) {
        $0.orderType = .limit
        $0.limitPrice = EngineBench.price(999)
    }
    let resting = try #require(bench.submissions.first)
    bench.accept(resting)
    bench.signal(.sell, 100) { $0.intent = .exit }
    #expect(bench.acknowledgements.first?.disposition == .accepted)
    #expect(bench.cancels.map(\.id) == [resting.id])
    #expect(bench.submissions.isEmpty)
    bench.wait(.milliseconds(40))
    #expect(bench.submissions.isEmpty)
    bench.cancelled(resting, filled: 0)
    bench.wait(.milliseconds(50))
    let exit = try #require(bench.submissions.first)
    #expect(exit.reduceOnly && exit.quantity == EngineBench.quantity(100))
}
