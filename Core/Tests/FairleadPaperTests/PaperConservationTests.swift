import FairleadModel
import FairleadPaper
import Testing

/// Random orders and markets against what must hold whatever happens.
struct PaperConservationTests {
    static func order(_ random: inout DeterministicRandom, _ parent: UInt32, middle: [Int64], now: Timestamp)
        -> PaperOrder
    {
        let which = Int(random.next(below: 2))
        let side: Side = random.chance(1, in: 2) ? .buy : .sell
        let tick: Int64 = which == 0 ? 10_000_000 : 1_000_000
        let lot: Int64 = which == 0 ? 100_000 : 1_000_000
        let types: [OrderType] = [.market, .limit, .limit, .limit, .postOnly, .marketableLimit]
        let type = types[Int(random.next(below: 6))]
        let times: [TimeInForce] = [.gtc, .gtc, .ioc, .fok, .gtd]
        let offset = random.next(in: -12...12)
        return PaperOrder(
            id: identifier(parent),
            instrument: InstrumentHandle(which),
            side: side,
            type: type,
            timeInForce: times[Int(random.next(below: 5))],
            price: type == .market ? .zero : Price(raw: (middle[which] + offset) * tick),
            quantity: Quantity(raw: random.next(in: 1...4_000) * lot),
            expiresAt: now + .milliseconds(random.next(in: 1...400)),
            reduceOnly: random.chance(1, in: 5)
        )
    }

    /// Goal: cash, positions, fees and orders follow from the executions alone, each volume is used once, and no order
    /// fills past its quantity. Method: 6,000 random steps a seed, the identities after each, seeds printed.
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func ledgerFollowsFromExecutions(seed: UInt64) {
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        let range = LatencyConfiguration(minimum: .zero, maximum: .milliseconds(3))
        let configuration = paperConfiguration(
            latency: PaperLatency(entry: range, answer: range),
            seed: seed,
            cash: Money(whole: 50_000_000)
        )
        var venue = PaperVenue(configuration: configuration)
        venue.connect(client: 0, at: at(1_000))
        var middle: [Int64] = [1_000, 200_000]
        var now = at(1_000)
        var parent: UInt32 = 0
        var heard: [Execution] = []
        for step in 0..<6_000 {
            now = now + .milliseconds(random.next(in: 0...2))
            let before = venue.ledger.executionCount
            switch random.next(below: 8) {
            case 0, 1, 2:
                parent += 1
                venue.request(
                    .submit(Self.order(&random, parent, middle: middle, now: now)),
                    client: 0,
                    at: now
                )
            case 3:
                venue.request(.cancel(identifier(UInt32(random.next(below: UInt64(parent) + 2)))), client: 0, at: now)
            case 4:
                let other = Self.order(&random, 1, middle: middle, now: now)
                let id = identifier(UInt32(random.next(below: UInt64(parent) + 2)))
                let amendment = PaperAmendment(id: id, price: other.price, quantity: other.quantity)
                venue.request(.amend(amendment), client: 0, at: now)
            case 5, 6:
                let which = Int(random.next(below: 2))
                middle[which] += random.next(in: -3...3)
                venue.advance(to: now)
                venue.quoted(Self.quote(&random, which, middle[which]), at: now)
            default:
                let which = Int(random.next(below: 2))
                printTrade(Self.trade(&random, which, middle[which]), &venue, at: now, step)
            }
            #expect(venue.ledger.executionCount >= before)
            while let delivery = venue.next(through: now) {
                if case .filled(let execution) = delivery.response { heard.append(execution) }
            }
            if step % 50 == 0 { venue.checkInvariants() }
        }
        venue.checkInvariants()
        while let delivery = venue.next(through: now + .seconds(1)) {
            if case .filled(let execution) = delivery.response { heard.append(execution) }
        }
        #expect(heard.count > 300)
        check(heard, against: venue, cash: configuration.startingCash)
    }

    /// A trade reaches the venue; what it filled is at most its volume.
    func printTrade(_ trade: Trade, _ venue: inout PaperVenue, at now: Timestamp, _ step: Int) {
        venue.advance(to: now)
        let count = venue.ledger.executionCount
        venue.traded(trade, at: now)
        var filled: Int64 = 0
        for offset in count..<venue.ledger.executionCount {
            filled += venue.ledger.execution(at: offset).execution.quantity.raw
        }
        #expect(filled <= trade.quantity.raw, "a trade's volume is given out once (step \(step))")
    }

    /// The whole account worked out again from the executions that were heard.
    func check(_ heard: [Execution], against venue: borrowing PaperVenue, cash: Money) {
        #expect(heard.count == venue.ledger.executionCount)
        var flow = cash
        var fees: Int64 = 0
        var positions: [Int64] = [0, 0]
        var filled: [UInt32: Int64] = [:]
        var last = ExecutionID(value: 0)
        for execution in heard {
            #expect(execution.executionID > last, "execution ids increase")
            last = execution.executionID
            let which = Int(execution.instrument.index)
            let signed = SignedQuantity(execution.quantity, side: execution.side)
            flow -= Money.value(execution.price, signed, multiplier: venue.instruments[which].terms.multiplier)
            flow -= Money(raw8: execution.fee)
            fees += execution.fee
            positions[which] += signed.raw
            filled[execution.id.parent, default: 0] += execution.quantity.raw
        }
        #expect(fees == venue.ledger.fees)
        var cost = Money.zero
        for which in 0..<2 {
            let position = venue.position(InstrumentHandle(which), .both)
            #expect(position.quantity.raw == positions[which], "executions sum to the position")
            cost += venue.ledger.positions[which * 3].cost
        }
        // Cash paid out is either lost for good (fees, losses) or bound in what the open positions cost: to 10^-16.
        #expect(venue.ledger.cash - cost == flow)
        for (parent, quantity) in filled {
            let row = venue.order(identifier(parent))
            #expect(row?.filled.raw == quantity)
            #expect((row?.filled.raw ?? .max) <= (row?.order.quantity.raw ?? 0))
        }
    }

    static func quote(_ random: inout DeterministicRandom, _ which: Int, _ middle: Int64) -> Quote {
        let tick: Int64 = which == 0 ? 10_000_000 : 1_000_000
        let spread = random.next(in: 1...3)
        return Quote(
            instrument: InstrumentHandle(which),
            bid: Price(raw: (middle - spread) * tick),
            bidQuantity: Quantity(raw: random.next(in: 0...2_000) * 1_000_000),
            ask: Price(raw: (middle + spread) * tick),
            askQuantity: Quantity(raw: random.next(in: 0...2_000) * 1_000_000),
            venueTime: .never
        )
    }

    static func trade(_ random: inout DeterministicRandom, _ which: Int, _ middle: Int64) -> Trade {
        let tick: Int64 = which == 0 ? 10_000_000 : 1_000_000
        return Trade(
            instrument: InstrumentHandle(which),
            price: Price(raw: (middle + random.next(in: -4...4)) * tick),
            quantity: Quantity(raw: random.next(in: 1...3_000) * 1_000_000),
            aggressor: random.chance(1, in: 2) ? .buy : .sell,
            venueTime: .never
        )
    }
}
