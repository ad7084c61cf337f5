import FairleadEngine
public import FairleadModel
public import Testing

extension FallbackReason: CustomTestStringConvertible {
    public var testDescription: String { name }
}

private let reasons = FallbackReason.allCases.filter { $0 != .none }

/// Why a maker leg gives way, in a whole engine: exactly at what the reason allows, or one step over it.
private struct FallbackScene {
    let reason: FallbackReason
    let isOver: Bool

    /// Brings an accepted maker leg of 100 at 100.0 there; gives the leg that is at the venue then.
    func play(_ bench: inout EngineBench) throws -> OrderSubmission {
        bench.signal(.buy, 100)
        var maker = try #require(bench.submissions.first)
        switch reason {
        case .none: break
        case .postOnlyRejects:
            // The second reject (`rejects_max`) is the one that counts.
            for _ in 0..<(isOver ? 2 : 1) {
                bench.reject(maker, .wouldTake)
                maker = bench.submissions.first ?? maker
            }
        case .slippage:
            // 3 bps over the arrival at 100.05 are 100.080015: exactly there is not yet against us.
            bench.accept(maker)
            let middle = Price(raw: 10_005_000_000).adjusted(by: Rate(bps: 3))
            bench.quote(around: Price(raw: middle.raw + (isOver ? 1 : 0)))
        case .makerTimeout:
            bench.accept(maker)
            bench.wait(.milliseconds(9_000))
            bench.quote(bid: 1000, ask: 1001)
            bench.wait(.milliseconds(isOver ? 1_000 : 999))
        case .makerSubmitFailed:
            // A definite refusal falls back; an answer that is lost never does.
            bench.reject(maker, isOver ? .insufficientMargin : .wouldTake)
            maker = bench.submissions.first ?? maker
        }
        return maker
    }

    /// Whether the leg must be cancelled before anything is taken.
    var awaitsCancel: Bool {
        switch reason {
        case .slippage, .makerTimeout: true
        case .none, .postOnlyRejects, .makerSubmitFailed: false
        }
    }
}

/// Goal: each reason ends the maker leg; what is left is taken within a bound after the leg's end is certain, and
/// decision and record name the reason. Method: its scene, over; 30 of 100 fill while the cancel is on its way.
@Test("fallback reasons: fire over their limit", arguments: reasons) func fallbackFires(
    reason: FallbackReason
) throws {
    let scene = FallbackScene(reason: reason, isOver: true)
    var bench = EngineBench.trading()
    let maker = try scene.play(&bench)
    var left: Int64 = 100
    if scene.awaitsCancel {
        #expect(bench.cancels.map(\.id) == [maker.id])
        #expect(bench.submissions.isEmpty)
        bench.fill(maker, 30, at: 1000)
        #expect(bench.submissions.isEmpty)
        bench.cancelled(maker, filled: 30)
        left = 70
    }
    let decision = try #require(bench.routes.last)
    #expect(decision.fallbackReason == reason)
    #expect(decision.usedFallback && decision.routedAs == .makerThenTaker)
    // A refusal came with the same event: the leg on record is the taker.
    let taker = try #require(bench.submissions.last)
    #expect(taker.type == .marketableLimit && taker.timeInForce == .ioc)
    #expect(taker.quantity == EngineBench.quantity(left))
    bench.fill(taker, left, at: 1001, .taker)
    #expect(bench.closed.count == 1)
    #expect(bench.closed.last?.fallbackReason == reason)
    #expect(bench.closed.last?.routedAs == .makerThenTaker)
    #expect(bench.closed.last?.makerFilled == EngineBench.quantity(100 - left))
    #expect(bench.position == 100)
}

/// Goal: at its limit no reason fires: the leg rests, or is quoted again. Method: the same scene, one step back;
/// nothing is taken, and the parent is filled as a maker.
@Test("fallback reasons: silent at their limit", arguments: reasons) func fallbackIsSilent(
    reason: FallbackReason
) throws {
    var bench = EngineBench.trading()
    let maker = try FallbackScene(reason: reason, isOver: false).play(&bench)
    #expect(bench.cancels.isEmpty)
    #expect(maker.type == .postOnly)
    #expect(bench.engine.order(maker.id)?.isLive == true)
    bench.fill(maker, 100, at: 1000)
    #expect(bench.closed.last?.fallbackReason == FallbackReason.none)
    #expect(bench.closed.last?.routedAs == .maker)
}

/// Goal: the taker leg is checked again: expiry, collar, reconciliation, over-send. Method: a maker's timeout, and one
/// of them broken while its cancel is on the way.
@Test("fallback: re-checks", arguments: ["expiry", "session", "book"]) func fallbackIsCheckedAgain(
    broken: String
) throws {
    var bench = EngineBench.trading { $0.routing.missingBookAction = .veto }
    let end = bench.now + .milliseconds(10_500)
    bench.signal(.buy, 100) { $0.expiresAt = end }
    let maker = try #require(bench.submissions.first)
    bench.accept(maker)
    bench.wait(.milliseconds(10_000))
    #expect(bench.cancels.count == 1)
    bench.quote(bid: 1000, ask: 1001)
    switch broken {
    case "expiry": bench.now = end
    case "session": bench.feed(.venueDisconnected(.paper))
    default: bench.quote(bid: 1000, ask: 0)
    }
    bench.cancelled(maker, filled: 0)
    #expect(bench.submissions.isEmpty)
    #expect(bench.closed.last?.outcome == (broken == "expiry" ? .expired : .rejected))
}

/// Goal: `follow` requotes at the touch each time that it has moved away, awaits each cancel, and stays after
/// `reprice_max`. Method: move the touch a tick more often than allowed, then time out.
@Test("follow: at most reprice_max times") func followsTheTouch() throws {
    var bench = EngineBench.trading {
        $0.routing.makerReprice = .follow
        $0.routing.maximumMakerSlip = Rate(bps: 100)
    }
    bench.signal(.buy, 100)
    var maker = try #require(bench.submissions.first)
    bench.accept(maker)
    for step in 1...5 as ClosedRange<Int64> {
        bench.quote(bid: 1000 + step, ask: 1001 + step)
        #expect(bench.cancels.map(\.id) == [maker.id])
        #expect(bench.submissions.isEmpty)
        bench.cancelled(maker, filled: 0)
        let next = try #require(bench.submissions.first)
        #expect(next.type == .postOnly && next.price == EngineBench.price(1000 + step))
        #expect(next.id.attempt == UInt8(step))
        maker = next
        bench.accept(maker)
    }
    bench.quote(bid: 1010, ask: 1011)
    #expect(bench.commands.isEmpty)
    // The patience is the parent's: following doesn't prolong it.
    bench.wait(.milliseconds(9_999))
    #expect(bench.commands.isEmpty)
    bench.quote(bid: 1010, ask: 1011)
    bench.wait(.milliseconds(1))
    #expect(bench.cancels.map(\.id) == [maker.id])
    bench.cancelled(maker, filled: 0)
    #expect(bench.submissions.first?.type == .marketableLimit)
    #expect(bench.closed.isEmpty)
}

/// Goal: a touch that comes back moves nothing, and `stay` never follows. Method: the book moves to our better side
/// with `follow`, and away with `stay`.
@Test func followsOnlyWhatMovedAway() throws {
    for (reprice, bid) in [(MakerReprice.follow, Int64(998)), (.stay, 1003)] {
        var bench = EngineBench.trading {
            $0.routing.makerReprice = reprice
            $0.routing.maximumMakerSlip = Rate(bps: 100)
        }
        bench.signal(.buy, 100)
        bench.accept(try #require(bench.submissions.first))
        bench.quote(bid: bid, ask: bid + 1)
        #expect(bench.commands.isEmpty)
    }
}

/// Goal: a quote that stands away from the touch on purpose is measured by the touch, keeps its place while a new quote
/// would come to the same price, and moves when it comes to another. Method: 50 bps below a bid that rises by one tick,
/// by none, and by nine.
@Test func followsByTheTouchNotByItself() throws {
    var bench = EngineBench.trading {
        $0.routing.makerReprice = .follow
        $0.routing.maximumMakerSlip = Rate(bps: 200)
        $0.symbols[0].policyOverride = PolicyOverride(offset: Rate(bps: 50))
    }
    bench.signal(.buy, 100)
    let maker = try #require(bench.submissions.first)
    #expect(maker.price == EngineBench.price(995))
    bench.accept(maker)
    for bid in [1000, 1001, 1001] as [Int64] {
        bench.quote(bid: bid, ask: bid + 1)
        #expect(bench.commands.isEmpty)
    }
    bench.quote(bid: 1010, ask: 1011)
    #expect(bench.cancels.map(\.id) == [maker.id])
    bench.cancelled(maker, filled: 0)
    #expect(bench.submissions.first?.price == EngineBench.price(1004))
}

/// Goal: a maker at a price of the signal's own follows nothing. Method: `maker_price`, and the touch leaves it.
@Test func followsNothingFromAPriceOfItsOwn() throws {
    var bench = EngineBench.trading {
        $0.routing.makerReprice = .follow
        $0.routing.maximumMakerSlip = Rate(bps: 200)
    }
    bench.signal(.buy, 100) { $0.makerPrice = EngineBench.price(998) }
    bench.accept(try #require(bench.submissions.first))
    bench.quote(bid: 1005, ask: 1006)
    #expect(bench.commands.isEmpty)
}

/// Goal: a maker is not quoted again where the market has moved against it beyond `slip_max_bps`: it falls back at
/// once. Method: follow a tick, and let the market run away before the cancel's outcome.
@Test func followStopsAtTheSlippage() throws {
    var bench = EngineBench.trading {
        $0.routing.makerReprice = .follow
        $0.routing.maximumMakerSlip = Rate(bps: 15)
    }
    bench.signal(.buy, 100)
    let maker = try #require(bench.submissions.first)
    bench.accept(maker)
    bench.quote(bid: 1001, ask: 1002)
    #expect(bench.cancels.map(\.id) == [maker.id])
    bench.quote(bid: 1005, ask: 1006)
    bench.cancelled(maker, filled: 0)
    #expect(bench.submissions.first?.type == .marketableLimit)
    #expect(bench.routes.last?.fallbackReason == .slippage)
}

extension EngineBench {
    /// A book two hundredths of a tick wide around a middle: finer than the grid, as a middle is.
    fileprivate mutating func quote(around middle: Price) {
        let half = Int64(100_000)
        feed(
            .quoted(
                Quote(
                    instrument: Self.symbol,
                    bid: Price(raw: middle.raw - half),
                    bidQuantity: Self.quantity(10_000),
                    ask: Price(raw: middle.raw + half),
                    askQuantity: Self.quantity(10_000),
                    venueTime: now
                )
            )
        )
    }
}
