import FairleadModel
import FairleadPaper
import Testing

/// Conditional orders: what triggers them, what they are then, and what ends them before.
struct PaperConditionTests {
    /// An order that waits; reduce-only unless it says otherwise, a market order unless it has a limit.
    static func waiting(
        _ parent: UInt32,
        _ kind: ConditionKind,
        _ side: Side,
        _ trigger: Double,
        _ size: Double,
        limit: Double = 0,
        by reference: ConditionReference = .mark,
        group: UInt16 = 0,
        trail: TrailingDistance = .none,
        reduceOnly: Bool = true
    ) -> PaperOrder {
        PaperOrder(
            id: identifier(parent),
            instrument: bitcoin,
            side: side,
            type: limit > 0 ? .limit : .market,
            price: price(limit),
            quantity: quantity(size),
            reduceOnly: reduceOnly,
            condition: OrderCondition(kind, trigger: price(trigger), reference: reference, group: group),
            trail: trail
        )
    }

    /// A venue whose mark is 100, with a position of `size` on `side` (order 99), all answers heard.
    static func venue(_ side: Side = .buy, _ size: Double = 2) -> PaperVenue {
        var venue = openVenue()
        venue.marked(mark(100), at: venue.time)
        if size > 0 { _ = venue.place(market(99, side, size)) }
        return venue
    }

    static func mark(_ value: Double) -> MarkPrice {
        MarkPrice(instrument: bitcoin, price: price(value), venueTime: .never)
    }

    /// The answers without their fees.
    static func lines(_ responses: [PaperResponse]) -> [String] {
        responses.map { String(line($0).split(separator: " fee ")[0]) }
    }

    // MARK: - Each type, both sides, both references

    /// A row: what waits, the prices that must leave it alone, the one that triggers it, and the touch there.
    struct Row: Sendable, CustomStringConvertible {
        var description: String
        var kind: ConditionKind
        var side: Side
        var trigger: Double
        var limit = 0.0
        var before: [Double]
        var reached: Double
        var trail = TrailingDistance.none
        var told: [String]
    }

    static let rows = [
        Row(
            description: "stop, sell",
            kind: .stop,
            side: .sell,
            trigger: 99,
            before: [101, 99.1],
            reached: 99,
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 98.9 taker"]
        ),
        Row(
            description: "stop, buy",
            kind: .stop,
            side: .buy,
            trigger: 101,
            before: [99, 100.9],
            reached: 101.3,
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 101.4 taker"]
        ),
        Row(
            description: "stop-limit, sell",
            kind: .stop,
            side: .sell,
            trigger: 99,
            limit: 98.5,
            before: [99.1],
            reached: 98.8,
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 98.7 taker"]
        ),
        Row(
            description: "stop-limit that rests, buy",
            kind: .stop,
            side: .buy,
            trigger: 101,
            limit: 100.5,
            before: [100.9],
            reached: 101,
            told: ["reported 1 working 0 of 2"]
        ),
        Row(
            description: "take-profit, sell",
            kind: .takeProfit,
            side: .sell,
            trigger: 101,
            before: [98, 100.9],
            reached: 101.2,
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 101.1 taker"]
        ),
        Row(
            description: "take-profit, buy",
            kind: .takeProfit,
            side: .buy,
            trigger: 99,
            before: [102, 99.1],
            reached: 99,
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 99.1 taker"]
        ),
        Row(
            description: "take-profit-limit, sell",
            kind: .takeProfit,
            side: .sell,
            trigger: 101,
            limit: 102,
            before: [100],
            reached: 101,
            told: ["reported 1 working 0 of 2"]
        ),
        Row(
            description: "take-profit-limit, buy",
            kind: .takeProfit,
            side: .buy,
            trigger: 99,
            limit: 99.5,
            before: [100],
            reached: 98.9,
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 99 taker"]
        ),
        Row(
            description: "trailing by an amount, sell",
            kind: .trailing,
            side: .sell,
            trigger: 0,
            before: [99.5, 102, 101.1],
            reached: 101,
            trail: .amount(price(1)),
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 100.9 taker"]
        ),
        Row(
            description: "trailing by an amount, buy",
            kind: .trailing,
            side: .buy,
            trigger: 0,
            before: [100.9, 98, 98.9],
            reached: 99,
            trail: .amount(price(1)),
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 99.1 taker"]
        ),
        Row(
            description: "trailing by a share from its activation on, sell",
            kind: .trailing,
            side: .sell,
            trigger: 102,
            before: [95, 101.9, 102, 104, 103],
            reached: 102.9,
            trail: .share(Rate(bps: 100)),
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 102.8 taker"]
        ),
        Row(
            description: "trailing by a share from its activation on, buy",
            kind: .trailing,
            side: .buy,
            trigger: 98,
            before: [105, 98.1, 98, 96, 96.9],
            reached: 97,
            trail: .share(Rate(bps: 100)),
            told: ["reported 1 working 0 of 2", "filled 1 2 @ 97.1 taker"]
        ),
    ]

    /// Goal: each type waits for its price, on either side and by either reference, and is then its market or limit
    /// order under the same id. Method: a position on the other side; prices that leave it alone, then the one that
    /// reaches it, with a touch 0.1 around each.
    @Test(arguments: rows, ConditionReference.allCases)
    func waitsForItsPrice(_ row: Row, _ reference: ConditionReference) {
        var venue = Self.venue(row.side.opposite)
        venue.traded(trade(100, 0.001, .buy), at: venue.time)
        let order = Self.waiting(
            1,
            row.kind,
            row.side,
            row.trigger,
            2,
            limit: row.limit,
            by: reference,
            trail: row.trail
        )
        #expect(Self.lines(venue.place(order)) == ["accepted 1"])
        func show(_ value: Double) -> [String] {
            venue.quoted(quote(value - 0.1, 5, value + 0.1, 5), at: venue.time)
            switch reference {
            // The other price has no say, wherever it stands.
            case .mark:
                venue.traded(trade(row.reached, 0.001, .buy), at: venue.time)
                venue.marked(Self.mark(value), at: venue.time)
            case .last:
                venue.marked(Self.mark(row.reached), at: venue.time)
                venue.traded(trade(value, 0.001, .buy), at: venue.time)
            }
            return Self.lines(venue.drain())
        }
        for value in row.before {
            #expect(show(value).isEmpty, "\(value)")
            #expect(venue.order(identifier(1))?.isWaiting == true)
        }
        #expect(show(row.reached) == row.told)
        #expect(venue.order(identifier(1))?.isWaiting == false)
    }

    /// Goal: a venue that gives no mark triggers by the middle of its touch, as the router sees it. Method: quotes.
    @Test func withoutAMarkTheMiddleCounts() {
        var venue = openVenue()
        _ = venue.place(market(99, .buy, 2))
        _ = venue.place(Self.waiting(1, .stop, .sell, 99, 2))
        venue.quoted(quote(99, 5, 99.2, 5), at: venue.time)
        #expect(venue.drain().isEmpty)
        venue.quoted(quote(98.9, 5, 99.1, 5), at: venue.time)
        #expect(Self.lines(venue.drain()) == ["reported 1 working 0 of 2", "filled 1 2 @ 98.9 taker"])
    }

    // MARK: - Refusals

    /// Goal: what would be triggered at once is refused by a name of its own, exactly at its price too, on both sides,
    /// and so is such an amendment; a trailing order begins instead. Method: mark 100, one order a row.
    @Test(arguments: [
        (ConditionKind.stop, Side.sell, 100.0, true), (.stop, .sell, 99.9, false), (.stop, .buy, 100, true),
        (.stop, .buy, 100.1, false), (.takeProfit, .sell, 100, true), (.takeProfit, .sell, 100.1, false),
        (.takeProfit, .buy, 100, true), (.takeProfit, .buy, 99.9, false),
    ])
    func refusesWhatWouldTrigger(_ kind: ConditionKind, _ side: Side, _ trigger: Double, _ isRefused: Bool) {
        var venue = Self.venue(side.opposite)
        let placed = Self.lines(venue.place(Self.waiting(1, kind, side, trigger, 1)))
        #expect(placed == [isRefused ? "rejected 1 would_trigger" : "accepted 1"])
        // Far away at first, then amended to the same price.
        let isBelow = (side == .sell) == (kind == .stop)
        _ = venue.place(Self.waiting(2, kind, side, isBelow ? 95 : 105, 1))
        let amendment = PaperAmendment(id: identifier(2), price: .zero, quantity: quantity(1), trigger: price(trigger))
        venue.request(.amend(amendment), client: 0, at: venue.time)
        let amended = isRefused ? "replaceRejected 2 would_trigger" : "replaced 2 1 @ \(text(price(trigger).raw))"
        #expect(Self.lines(venue.drain()) == [amended])
        _ = venue.place(Self.waiting(3, .trailing, side, 100, 1, trail: .amount(price(1))))
        #expect(venue.order(identifier(3))?.best == price(100))
    }

    /// Goal: conditions that can't be are refused by name. Method: one fault a row.
    @Test(arguments: [
        (waiting(1, .stop, .sell, 0, 1), RejectReason.malformed),
        (waiting(1, .stop, .sell, 99.95, 1), .offTick),
        (waiting(1, .takeProfit, .sell, 101, 1, trail: .amount(price(1))), .malformed),
        (waiting(1, .trailing, .sell, 0, 1), .malformed),
        (waiting(1, .trailing, .sell, 0, 1, trail: .amount(price(0.05))), .offTick),
        (waiting(1, .trailing, .sell, 0, 1, trail: .share(.one)), .malformed),
        (waiting(1, .stop, .sell, 99, 0), .quantityOutOfRange),
        (waiting(1, .stop, .buy, 101, 1), .reduceOnlyRejected),
        (waiting(1, .stop, .buy, 101, 900, reduceOnly: false), .insufficientMargin),
    ])
    func refusesByName(_ order: PaperOrder, _ reason: RejectReason) {
        var venue = Self.venue()
        if reason == .insufficientMargin {
            venue = openVenue(paperConfiguration(cash: Money(whole: 4_000)))
            venue.marked(Self.mark(100), at: venue.time)
        }
        #expect(Self.lines(venue.place(order)) == ["rejected 1 \(reason.name)"])
        var other = order
        other.id = identifier(2)
        other.type = .postOnly
        other.price = price(99)
        other.condition.trigger = price(98)
        #expect(Self.lines(venue.place(other)).first?.hasPrefix("rejected 2") == true)
    }

    // MARK: - The position bounds it

    /// Goal: a reduce-only order closes what there is and no more, and ends with its position, waiting or not. Method:
    /// a stop for five on a position of two; a position that is closed by another order.
    @Test func closesNoMoreThanThePosition() {
        var venue = Self.venue()
        _ = venue.place(Self.waiting(1, .stop, .sell, 99, 5))
        _ = venue.place(Self.waiting(2, .takeProfit, .sell, 105, 5))
        venue.quoted(quote(98.8, 9, 99, 9), at: venue.time)
        venue.marked(Self.mark(98.9), at: venue.time)
        #expect(
            Self.lines(venue.drain()) == [
                "reported 1 working 0 of 5", "filled 1 2 @ 98.8 taker", "cancelled 1 venue 2", "cancelled 2 venue 0",
            ]
        )
        #expect(venue.position(bitcoin, .both).quantity == .zero)
        var other = Self.venue()
        _ = other.place(Self.waiting(1, .stop, .sell, 99, 2))
        #expect(Self.lines(other.place(market(2, .sell, 2))).last == "cancelled 1 venue 0")
        #expect(other.liveOrderCount == 0)
    }

    /// Goal: a hedged position's closing side needs no flag, and touches its own side only. Method: long and short, a
    /// stop of each; the fall closes the long.
    @Test func hedgedSidesAreApart() {
        var venue = openVenue(paperConfiguration(isHedged: true))
        venue.marked(Self.mark(100), at: venue.time)
        _ = venue.place(market(98, .buy, 1, positionSide: .long))
        _ = venue.place(market(99, .sell, 1, positionSide: .short))
        var long = Self.waiting(1, .stop, .sell, 99, 3, reduceOnly: false)
        long.positionSide = .long
        var short = Self.waiting(2, .stop, .buy, 101, 3, reduceOnly: false)
        short.positionSide = .short
        _ = venue.place(long)
        _ = venue.place(short)
        venue.marked(Self.mark(99), at: venue.time)
        #expect(
            Self.lines(venue.drain()) == [
                "reported 1 working 0 of 3", "filled 1 1 @ 100 taker", "cancelled 1 venue 1",
            ]
        )
        #expect(venue.position(bitcoin, .short).quantity.raw == -quantity(1).raw)
        #expect(venue.order(identifier(2))?.isWaiting == true)
    }

    // MARK: - One cancels the other

    /// Goal: a stop that is triggered ends the others of its group and nobody else, also one that was triggered before
    /// and rests. Method: a stop, a take-profit that waits, one that rests, one of another group.
    @Test func aStopEndsItsGroup() {
        var venue = Self.venue()
        _ = venue.place(Self.waiting(1, .stop, .sell, 99, 2, group: 7))
        _ = venue.place(Self.waiting(2, .takeProfit, .sell, 105, 1, group: 7))
        _ = venue.place(Self.waiting(3, .takeProfit, .sell, 101, 1, limit: 103, group: 7))
        _ = venue.place(Self.waiting(4, .takeProfit, .sell, 105, 1, group: 8))
        venue.marked(Self.mark(101), at: venue.time)
        #expect(Self.lines(venue.drain()) == ["reported 3 working 0 of 1"])
        venue.quoted(quote(98.8, 1, 99, 9), at: venue.time)
        venue.marked(Self.mark(98.9), at: venue.time)
        #expect(
            Self.lines(venue.drain()) == [
                "reported 1 working 0 of 2", "cancelled 2 venue 0", "cancelled 3 venue 0", "filled 1 1 @ 98.8 taker",
            ]
        )
        #expect(venue.order(identifier(4))?.isWaiting == true)
    }

    /// Goal: what a take-profit fills is taken from the group's stop and from no other take-profit; a stop with nothing
    /// left ends. Method: two shares of one and a stop for three on a position of three; the first fills in parts.
    @Test func aTakeProfitTakesFromTheStop() {
        var venue = Self.venue(.buy, 3)
        _ = venue.place(Self.waiting(1, .stop, .sell, 95, 3, group: 7))
        _ = venue.place(Self.waiting(2, .takeProfit, .sell, 101, 1, group: 7))
        _ = venue.place(Self.waiting(3, .takeProfit, .sell, 102, 1, group: 7))
        venue.quoted(quote(101, 0.4, 101.2, 9), at: venue.time)
        venue.marked(Self.mark(101), at: venue.time)
        #expect(
            Self.lines(venue.drain()) == [
                "reported 2 working 0 of 1", "filled 2 0.4 @ 101 taker", "reported 1 accepted 0 of 2.6",
            ]
        )
        venue.quoted(quote(101, 9, 101.2, 9), at: venue.time)
        #expect(Self.lines(venue.drain()) == ["filled 2 0.6 @ 101 taker", "reported 1 accepted 0 of 2"])
        _ = venue.place(market(4, .sell, 1))
        venue.quoted(quote(102, 9, 102.2, 9), at: venue.time)
        venue.marked(Self.mark(102), at: venue.time)
        #expect(
            Self.lines(venue.drain()) == [
                "reported 3 working 0 of 1", "filled 3 1 @ 102 taker", "reported 1 accepted 0 of 1",
                "cancelled 1 venue 0",
            ]
        )
    }

    /// Goal: one price that reaches several of a group triggers the oldest, and its end is not forgotten. Method: two
    /// stops of one group, and one of none, reached by one mark.
    @Test func onePriceForSeveral() {
        var venue = Self.venue(.buy, 3)
        _ = venue.place(Self.waiting(1, .stop, .sell, 99, 1, group: 7))
        _ = venue.place(Self.waiting(2, .trailing, .sell, 0, 1, group: 7, trail: .amount(price(1))))
        _ = venue.place(Self.waiting(3, .stop, .sell, 98, 1))
        venue.marked(Self.mark(97.9), at: venue.time)
        #expect(
            Self.lines(venue.drain()) == [
                "reported 1 working 0 of 1", "cancelled 2 venue 0", "filled 1 1 @ 100 taker",
                "reported 3 working 0 of 1", "filled 3 1 @ 100 taker",
            ]
        )
    }

    // MARK: - While it waits

    /// Goal: an order that waits is listed with its trigger, amended, expires and is cancelled as others are, and
    /// touches nobody's queue; once triggered, its trigger can't be amended. Method: one of each, and the reports.
    @Test func isListedAmendedAndEnded() {
        var venue = Self.venue()
        _ = venue.place(Self.waiting(1, .stop, .sell, 99, 2, limit: 98))
        var listed = venue.openOrders(client: 0)
        #expect(listed.map(\.state) == [.accepted])
        #expect(listed.map(\.price) == [price(99)])
        let amendment = PaperAmendment(
            id: identifier(1),
            price: price(97),
            quantity: quantity(1),
            trigger: price(98.5)
        )
        venue.request(.amend(amendment), client: 0, at: venue.time)
        #expect(Self.lines(venue.drain()) == ["replaced 1 1 @ 98.5"])
        venue.quoted(quote(97, 5, 97.2, 5), at: venue.time)
        venue.traded(trade(97, 5, .sell), at: venue.time)
        #expect(venue.drain().isEmpty, "it is not in the book")
        venue.request(.cancel(identifier(1)), client: 0, at: venue.time)
        #expect(Self.lines(venue.drain()) == ["cancelled 1 requested 0"])

        var dated = Self.waiting(2, .stop, .sell, 95, 1)
        dated.timeInForce = .gtd
        dated.expiresAt = venue.time + .seconds(1)
        _ = venue.place(dated)
        #expect(Self.lines(venue.drain(through: venue.time + .seconds(2))) == ["expired 2 time_in_force 0"])

        _ = venue.place(Self.waiting(3, .stop, .sell, 96, 1, limit: 97.5))
        venue.marked(Self.mark(96), at: venue.time)
        #expect(Self.lines(venue.drain()) == ["reported 3 working 0 of 1"])
        listed = venue.openOrders(client: 0)
        #expect(listed.map(\.price) == [price(97.5)])
        let late = PaperAmendment(id: identifier(3), price: price(97), quantity: quantity(1), trigger: price(95))
        venue.request(.amend(late), client: 0, at: venue.time)
        #expect(Self.lines(venue.drain()) == ["replaceRejected 3 already_triggered"])
    }

    /// Goal: nothing is triggered while its instrument is stopped, and what was passed is triggered when it resumes;
    /// a limit that has fallen out of the price band ends. Method: a halt over a fall, with a stop and a stop-limit
    /// 20 % away from where the mark ends.
    @Test func aHaltHoldsTriggers() {
        var venue = Self.venue()
        _ = venue.place(Self.waiting(1, .stop, .sell, 99, 1))
        _ = venue.place(Self.waiting(2, .stop, .sell, 98, 1, limit: 98))
        venue.setHalted(true, bitcoin, at: venue.time)
        venue.marked(Self.mark(80), at: venue.time)
        #expect(venue.drain().isEmpty)
        venue.setHalted(false, bitcoin, at: venue.time)
        #expect(
            Self.lines(venue.drain()) == [
                "reported 1 working 0 of 1", "filled 1 1 @ 100 taker", "reported 2 working 0 of 1",
                "cancelled 2 venue 0",
            ]
        )
    }

    // MARK: - Restart, wire, memory

    /// Goal: waiting orders survive the venue: it goes on from its state as it would have. Method: 4,000 random steps
    /// with orders of all kinds and groups; at 40 moments a copy from the state, both driven on and compared, the
    /// venue's invariants after each. Seed printed.
    @Test func survivesARestart() {
        let seed: UInt64 = 4_711
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var venue = openVenue()
        var parent: UInt32 = 0
        var triggered = 0
        for _ in 0..<40 {
            for _ in 0..<60 {
                triggered += Self.step(&random, &venue, &parent).filter { $0.hasSuffix("working") }.count
            }
            var writer = WordVisitor()
            venue.visitState(&writer)
            var copy = openVenue()
            var reader = writer.rewound
            copy.visitState(&reader)
            #expect(reader.position == writer.words.count)
            var twin = random
            var twinParent = parent
            for _ in 0..<40 {
                #expect(Self.step(&random, &venue, &parent) == Self.step(&twin, &copy, &twinParent))
            }
            let (left, right) = (copy.words(), venue.words())
            #expect(left == right)
        }
        #expect(triggered > 100)
    }

    /// One random step; what was told, in short.
    static func step(
        _ random: inout DeterministicRandom,
        _ venue: inout PaperVenue,
        _ parent: inout UInt32
    ) -> [String] {
        let middle = 100 + Double(random.next(in: -30...30)) / 10
        switch random.next(below: 6) {
        case 0:
            parent += 1
            let side: Side = random.chance(1, in: 2) ? .buy : .sell
            venue.request(.submit(market(parent, side, 1)), client: 0, at: venue.time)
        case 1, 2:
            parent += 1
            let kinds: [ConditionKind] = [.stop, .takeProfit, .trailing]
            let kind = kinds[Int(random.next(below: 3))]
            let order = waiting(
                parent,
                kind,
                random.chance(1, in: 2) ? .buy : .sell,
                100 + Double(random.next(in: -40...40)) / 10,
                Double(random.next(in: 1...5)),
                limit: random.chance(1, in: 3) ? middle : 0,
                by: random.chance(1, in: 2) ? .mark : .last,
                group: UInt16(random.next(below: 4)),
                trail: kind == .trailing ? .amount(price(Double(random.next(in: 1...20)) / 10)) : .none,
                reduceOnly: random.chance(3, in: 4)
            )
            venue.request(.submit(order), client: 0, at: venue.time)
        case 3:
            let id = identifier(UInt32(random.next(below: UInt64(parent) + 1)))
            if random.chance(1, in: 2) {
                venue.request(.cancel(id), client: 0, at: venue.time)
            } else {
                let size = quantity(Double(random.next(in: 1...5)))
                let amendment = PaperAmendment(id: id, price: .zero, quantity: size, trigger: price(middle))
                venue.request(.amend(amendment), client: 0, at: venue.time)
            }
        case 4: venue.quoted(quote(middle - 0.1, 3, middle + 0.1, 3), at: venue.time)
        default:
            venue.marked(mark(middle), at: venue.time)
            venue.traded(trade(middle, 2, random.chance(1, in: 2) ? .buy : .sell), at: venue.time)
        }
        return venue.drain().map {
            if case .reported(let it) = $0 { "\(it.id.parent) \(it.state)" } else { line($0) }
        }
    }

    /// Goal: the same over a wire: sent, triggered and told with its fills, listed while it waits. Method: the whole
    /// chain of client, frames and server.
    @Test func goesOverTheWire() {
        var wire = PaperSessionTests.wire()
        PaperSessionTests.open(&wire)
        // Bitcoin has the venue's handle 1.
        func show(_ value: Double) {
            wire.market(.marked(MarkPrice(instrument: InstrumentHandle(1), price: price(value), venueTime: .never)))
        }
        show(100)
        wire.command(.submit(market(9, .buy, 2)))
        _ = wire.lines()
        wire.command(.submit(Self.waiting(1, .stop, .sell, 99, 2, group: 3)))
        wire.command(.submit(Self.waiting(2, .takeProfit, .sell, 105, 2, group: 3)))
        wire.command(.query(1))
        #expect(wire.lines() == ["accepted 1", "accepted 2", "reported 1 accepted 0"])
        wire.command(.amend(1, 0, 2, trigger: 99.5))
        #expect(wire.lines() == ["replaced 1 2 @ 99.5"])
        show(99.5)
        #expect(wire.lines() == ["reported 1 working 0", "cancelled 2 venue", "filled 1 2 @ 100"])
    }
}
