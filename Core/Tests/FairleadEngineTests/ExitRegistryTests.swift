import FairleadModel
import Testing

@testable import FairleadEngine

/// One registry on the routing tests' instrument, with its outbox and a clock, as a trader would drive it.
final class ExitDesk {
    var registry: ExitRegistry
    var out = Outbox()
    var now = Timestamp(milliseconds: 0)
    let one = InstrumentHandle(0)
    static let configuration: EngineConfiguration = {
        var configuration = EngineConfiguration()
        configuration.add(Instrument(symbol: "AAA", terms: routingTerms, origin: "test"))
        configuration.capacities.levels = 8
        return configuration
    }()

    init() { registry = ExitRegistry(configuration: Self.configuration) }

    /// Take-profits as (price in cents, fraction in percent); a stop-loss of 0 is none.
    static func signal(
        _ side: Side,
        _ takeProfits: [(Int64, Int64)],
        stop: Int64,
        number: UInt64 = 1,
        positionSide: PositionSide = .both
    ) -> SignalTerms {
        var signal = SignalTerms(
            number: SignalNumber(value: number),
            digest: .none,
            instrument: InstrumentHandle(0),
            side: side,
            size: .quantity(thousandths(1000))
        )
        signal.positionSide = positionSide
        for (price, percent) in takeProfits {
            let fraction = Rate(raw: percent * 1_000_000)
            signal.takeProfits.append(TakeProfitLevel(price: cents(price), fraction: fraction))
        }
        signal.stopLoss = cents(stop)
        return signal
    }

    func register(
        _ side: Side,
        _ takeProfits: [(Int64, Int64)],
        stop: Int64,
        number: UInt64 = 1,
        reference: Int64 = 100_00,
        positionSide: PositionSide = .both
    ) throws(LevelError) -> LevelGroup {
        let signal = Self.signal(side, takeProfits, stop: stop, number: number, positionSide: positionSide)
        return try registry.register(signal, reference: cents(reference))
    }

    /// The position in thousandths, as the ledger tells it.
    func position(_ quantity: Int64, _ side: PositionSide = .both) {
        let signed = SignedQuantity(raw: quantity * thousandths(1).raw)
        registry.positionChanged(one, side, to: signed, into: &out)
        registry.checkInvariants()
    }

    func filled(_ group: LevelGroup) {
        registry.entryFilled(group, into: &out)
        registry.checkInvariants()
    }

    func fired(at price: Int64) -> FiredLevel? {
        defer { registry.checkInvariants() }
        return registry.nextFired(one, at: cents(price), into: &out)
    }

    func refired(after milliseconds: Int64) -> FiredLevel? {
        now = now + .milliseconds(milliseconds)
        defer { registry.checkInvariants() }
        return registry.nextRefired(at: now, into: &out)
    }

    func ended(_ fired: FiredLevel, closed: Int64) {
        registry.exitEnded(fired.firing, closed: thousandths(closed), at: now, into: &out)
        registry.checkInvariants()
    }

    /// The kinds of the level notices since the last call.
    func events() -> [LevelEvent] {
        let events = out.notices.compactMap { notice -> LevelEvent? in
            if case .levelChanged(let record) = notice { return record.event }
            return nil
        }
        out.clear()
        return events
    }
}

struct ExitRegistryTests {
    /// Goal: levels of a long position fire at or past their price, each once, and go with the position. Method: two
    /// take-profits and a stop, walked through price by price.
    @Test func protectsALong() throws {
        let desk = ExitDesk()
        let group = try desk.register(.buy, [(101_00, 50), (102_00, 50)], stop: 99_00)
        #expect(desk.fired(at: 102_00) == nil)
        desk.position(1000)
        desk.filled(group)
        #expect(desk.events() == [.registered, .registered, .registered])
        #expect(desk.fired(at: 100_95) == nil)
        let first = try #require(desk.fired(at: 101_00))
        #expect(first.kind == .takeProfit)
        #expect(first.side == .sell)
        #expect(first.quantity == thousandths(500))
        #expect(first.trigger == cents(101_00))
        #expect(desk.fired(at: 101_50) == nil)
        desk.position(500)
        desk.ended(first, closed: 500)
        #expect(desk.fired(at: 101_50) == nil)
        let stop = try #require(desk.fired(at: 98_00))
        #expect(stop.kind == .stopLoss)
        #expect(stop.quantity == thousandths(500))
        desk.position(0)
        desk.ended(stop, closed: 500)
        desk.registry.entryEnded(group)
        desk.registry.checkInvariants()
        #expect(desk.events() == [.fired, .fired, .removed, .removed, .removed])
        #expect(desk.registry.roomLeft == 8)
    }

    /// Goal: a short position is the mirror. Method: the same walk upside down.
    @Test func protectsAShort() throws {
        let desk = ExitDesk()
        let group = try desk.register(.sell, [(99_00, 100)], stop: 101_00)
        desk.position(-1000)
        desk.filled(group)
        #expect(desk.fired(at: 100_95) == nil)
        #expect(desk.fired(at: 99_05) == nil)
        let profit = try #require(desk.fired(at: 99_00))
        #expect(profit.side == .buy)
        #expect(profit.quantity == thousandths(1000))
        let stop = try #require(desk.fired(at: 101_00))
        #expect(stop.kind == .stopLoss)
        #expect(stop.side == .buy)
    }

    /// Goal: levels the wrong way round and impossible fractions are refused by name, and take no row. Method: each
    /// error for a buy, and the mirror of two for a sell.
    @Test func refusesWhatCannotProtect() throws {
        let desk = ExitDesk()
        #expect(throws: LevelError.takeProfitWrongWay) { try desk.register(.buy, [(100_00, 100)], stop: 99_00) }
        #expect(throws: LevelError.stopLossWrongWay) { try desk.register(.buy, [(101_00, 100)], stop: 100_00) }
        #expect(throws: LevelError.takeProfitWrongWay) { try desk.register(.sell, [(100_05, 100)], stop: 101_00) }
        #expect(throws: LevelError.stopLossWrongWay) { try desk.register(.sell, [(99_00, 100)], stop: 99_95) }
        #expect(throws: LevelError.priceOutOfRange) { try desk.register(.buy, [(-5, 100)], stop: 0) }
        #expect(throws: LevelError.priceOutOfRange) { try desk.register(.buy, [], stop: -1) }
        #expect(throws: LevelError.fractionOutOfRange) { try desk.register(.buy, [(101_00, 0)], stop: 0) }
        #expect(throws: LevelError.fractionOutOfRange) {
            try desk.register(.buy, [(101_00, 60), (102_00, 41)], stop: 0)
        }
        #expect(throws: LevelError.takeProfitWrongWay) {
            try desk.register(.buy, [(98_00, 100)], stop: 99_00, reference: 0)
        }
        #expect(desk.registry.roomLeft == 8)
        let none = try desk.register(.buy, [], stop: 0)
        #expect(none.isNone)
    }

    /// Goal: a full table refuses the signal whole. Method: fill seven of eight rows and ask for two.
    @Test func refusesWhenFull() throws {
        let desk = ExitDesk()
        let levels: [(Int64, Int64)] = [(101_00, 20), (102_00, 20), (103_00, 20), (104_00, 20), (105_00, 20)]
        let first = try desk.register(.buy, levels, stop: 99_00, number: 1)
        _ = try desk.register(.buy, [(101_00, 100)], stop: 0, number: 2)
        #expect(throws: LevelError.tableFull) { try desk.register(.buy, [(101_00, 100)], stop: 99_00, number: 3) }
        #expect(desk.registry.roomLeft == 1)
        desk.registry.entryEnded(first)
        desk.registry.checkInvariants()
        #expect(desk.registry.roomLeft == 7)
        desk.registry.entryEnded(first)
        #expect(desk.registry.roomLeft == 7)
    }

    /// Goal: shares of fractions that sum to 1 close the whole position on the lot grid. Method: thirds of quantities
    /// that thirds don't divide.
    @Test(arguments: [1, 2, 7, 100, 1000, 999_999] as [Int64]) func sharesSumExactly(quantity: Int64) throws {
        let desk = ExitDesk()
        let group = try desk.register(.buy, [(101_00, 33), (102_00, 33), (103_00, 34)], stop: 0)
        desk.position(quantity)
        desk.filled(group)
        var sum = Quantity.zero
        while let fired = desk.fired(at: 103_00) {
            #expect(routingTerms.isOnLot(fired.quantity))
            sum += fired.quantity
        }
        #expect(sum == thousandths(quantity))
    }

    /// Goal: levels grow with the fills of their entry, and one that has closed its share is armed again for the rest.
    /// Method: an entry in two fills with a take-profit between them.
    @Test func armsAgainWhenThePositionGrows() throws {
        let desk = ExitDesk()
        let group = try desk.register(.buy, [(101_00, 50)], stop: 99_00)
        desk.position(400)
        desk.filled(group)
        let first = try #require(desk.fired(at: 101_00))
        #expect(first.quantity == thousandths(200))
        desk.position(200)
        desk.ended(first, closed: 200)
        #expect(desk.fired(at: 101_00) == nil)
        _ = desk.events()
        desk.position(800)
        desk.filled(group)
        #expect(desk.events() == [.rearmed])
        // Half of the 1.000 that were entered, less the 0.200 that were closed.
        #expect(desk.fired(at: 101_00)?.quantity == thousandths(300))
    }

    /// Goal: a flat position takes its levels away, but not those of an entry that may still fill. Method: stop out of
    /// a part, then fill the rest.
    @Test func protectsTheRestOfAnOpenEntry() throws {
        let desk = ExitDesk()
        let group = try desk.register(.buy, [], stop: 99_00)
        desk.position(300)
        desk.filled(group)
        let stop = try #require(desk.fired(at: 99_00))
        desk.position(0)
        desk.ended(stop, closed: 300)
        #expect(desk.registry.roomLeft == 7)
        desk.position(200)
        desk.filled(group)
        #expect(desk.fired(at: 98_95)?.quantity == thousandths(200))
        desk.registry.entryEnded(group)
        desk.position(0)
        #expect(desk.registry.roomLeft == 8)
    }

    /// Goal: a position that was turned over loses the old direction's levels and gets the new one's. Method: long with
    /// a stop, then a sell entry through zero.
    @Test func followsAFlip() throws {
        let desk = ExitDesk()
        let long = try desk.register(.buy, [], stop: 99_00, number: 1)
        desk.position(500)
        desk.filled(long)
        desk.registry.entryEnded(long)
        let short = try desk.register(.sell, [], stop: 101_00, number: 2)
        desk.filled(short)
        #expect(desk.fired(at: 101_00) == nil)
        desk.position(-300)
        desk.filled(short)
        #expect(desk.fired(at: 98_00) == nil)
        #expect(desk.fired(at: 101_00)?.quantity == thousandths(300))
        #expect(desk.registry.roomLeft == 7)
    }

    /// Goal: an exit that leaves something fires again after a pause that doubles up to 32 times. Method: nothing is
    /// ever closed; the pauses one by one, with an alarm each.
    @Test func firesAgainWithAGrowingPause() throws {
        let desk = ExitDesk()
        let group = try desk.register(.buy, [], stop: 99_00)
        desk.position(1000)
        desk.filled(group)
        var fired = try #require(desk.fired(at: 99_00))
        for seconds in [1, 2, 4, 8, 16, 32, 32] as [Int64] {
            desk.out.clear()
            desk.ended(fired, closed: 0)
            let alarms = desk.out.notices.count { notice in
                if case .alarm(let alarm) = notice { return alarm.kind == .exitFailed }
                return false
            }
            #expect(alarms == 1)
            #expect(desk.registry.nextRefire == desk.now + .seconds(seconds))
            #expect(desk.fired(at: 90_00) == nil)
            #expect(desk.refired(after: seconds * 1000 - 1) == nil)
            fired = try #require(desk.refired(after: 1))
            #expect(fired.quantity == thousandths(1000))
            #expect(fired.trigger == cents(99_00))
        }
        desk.position(400)
        desk.ended(fired, closed: 600)
        #expect(desk.refired(after: 32_000)?.quantity == thousandths(400))
    }

    /// Goal: while a stop-loss closes the position nothing else of it fires. Method: a second stop and a take-profit of
    /// another signal, a price that crosses all, and a take-profit that was live before.
    @Test func aStopHoldsTheOthers() throws {
        let desk = ExitDesk()
        let first = try desk.register(.buy, [(101_00, 50)], stop: 99_00, number: 1)
        let second = try desk.register(.buy, [(101_05, 100)], stop: 98_00, number: 2)
        desk.position(1000)
        desk.filled(first)
        desk.filled(second)
        let profit = try #require(desk.fired(at: 101_00))
        let stop = try #require(desk.fired(at: 97_00))
        #expect(stop.number == SignalNumber(value: 1))
        #expect(desk.fired(at: 97_00) == nil)
        #expect(desk.fired(at: 103_00) == nil)
        desk.ended(profit, closed: 0)
        #expect(desk.registry.nextRefire == .distantFuture)
        desk.position(300)
        desk.ended(stop, closed: 700)
        #expect(desk.fired(at: 90_00) == nil)
        let again = try #require(desk.refired(after: 1000))
        #expect(again.kind == .stopLoss)
        #expect(again.quantity == thousandths(300))
        #expect(desk.registry.coverage.registered == 1)
        desk.position(0)
        #expect(desk.registry.coverage.positions == 0)
    }

    /// Goal: an end that comes late, or twice, changes nothing. Method: end a firing of a position that is gone, whose
    /// row another signal has by then.
    @Test func ignoresLateEnds() throws {
        let desk = ExitDesk()
        let group = try desk.register(.buy, [], stop: 99_00)
        desk.position(1000)
        desk.filled(group)
        desk.registry.entryEnded(group)
        let old = try #require(desk.fired(at: 99_00))
        desk.position(0)
        let next = try desk.register(.buy, [], stop: 99_00, number: 2)
        desk.position(500)
        desk.filled(next)
        let new = try #require(desk.fired(at: 99_00))
        desk.ended(old, closed: 1000)
        #expect(desk.registry.nextRefire == .distantFuture)
        desk.ended(new, closed: 0)
        desk.ended(new, closed: 0)
        #expect(desk.registry.nextRefire == desk.now + .seconds(1))
        desk.filled(group)
    }

    /// Goal: coverage counts positions, not symbols, and a take-profit stops no loss. Method: hedge sides with a
    /// take-profit only, a stop, and nothing.
    @Test func countsCoverage() throws {
        let desk = ExitDesk()
        #expect(desk.registry.coverage == ExitCoverage())
        let long = try desk.register(.buy, [(101_00, 100)], stop: 0, number: 1, positionSide: .long)
        let short = try desk.register(.sell, [], stop: 101_00, number: 2, positionSide: .short)
        desk.position(100, .long)
        desk.position(-100, .short)
        #expect(desk.registry.coverage.missing == 2)
        desk.filled(long)
        desk.filled(short)
        var coverage = desk.registry.coverage
        #expect(coverage.positions == 2)
        #expect(coverage.registered == 2)
        #expect(coverage.stopLossMissing == 1)
        let profit = try #require(desk.fired(at: 101_00))
        #expect(profit.positionSide == .long)
        desk.position(50, .long)
        desk.ended(profit, closed: 100)
        coverage = desk.registry.coverage
        #expect(coverage.missing == 1)
    }

    /// Goal: levels survive a restart as they are, and go on in the same way. Method: copy a registry with an armed, a
    /// fired, a paused and a waiting level; both then give the same answers.
    @Test func survivesASnapshot() throws {
        let desk = ExitDesk()
        let first = try desk.register(.buy, [(101_00, 40), (102_00, 40), (103_00, 20)], stop: 99_00, number: 1)
        _ = try desk.register(.buy, [(104_00, 100)], stop: 0, number: 2)
        desk.position(1000)
        desk.filled(first)
        let live = try #require(desk.fired(at: 101_00))
        let paused = try #require(desk.fired(at: 102_00))
        desk.ended(paused, closed: 100)
        var writer = VisitedWords()
        desk.registry.visitState(&writer)
        let copy = ExitDesk()
        var reader = VisitedWords(reading: writer.words)
        copy.registry.visitState(&reader)
        #expect(reader.isAtEnd)
        copy.registry.checkInvariants()
        let expected = desk.refired(after: 1000)
        #expect(copy.refired(after: 1000) == expected)
        #expect(expected?.quantity == thousandths(300))
        desk.ended(live, closed: 400)
        copy.ended(live, closed: 400)
        #expect(desk.fired(at: 103_00) == copy.fired(at: 103_00))
        #expect(desk.fired(at: 99_00) == copy.fired(at: 99_00))
        var after = VisitedWords()
        desk.registry.visitState(&after)
        var same = VisitedWords()
        copy.registry.visitState(&same)
        #expect(after.words == same.words)
    }

    /// Goal: another reference price watches the same levels. Method: reload from mark to last and look at the source.
    @Test func watchesAnotherReference() throws {
        let desk = ExitDesk()
        let group = try desk.register(.buy, [], stop: 99_00)
        desk.position(1000)
        desk.filled(group)
        #expect(desk.registry.source == .mark)
        var exits = ExitConfiguration()
        exits.triggerReference = .last
        desk.registry.configure(exits)
        #expect(desk.registry.source == .last)
        #expect(desk.fired(at: 99_00)?.kind == .stopLoss)
    }

    /// Goal: whatever happens, each position's exits never ask for more than it has, and the rows stay whole. Method:
    /// 3,000 random steps from a printed seed with the invariants checked after each.
    @Test(arguments: [201, 202] as [UInt64]) func neverAsksForTooMuch(seed: UInt64) throws {
        print("exit registry seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        let desk = ExitDesk()
        var groups: [LevelGroup] = []
        var live: [FiredLevel] = []
        var held: Int64 = 0
        var firings = 0
        for step in 0..<3000 {
            switch random.next(below: 7) {
            case 0:
                let side: Side = random.chance(1, in: 2) ? .buy : .sell
                let sign = side.sign
                let levels: [(Int64, Int64)] = [(100_00 + sign * 100, 30), (100_00 + sign * 200, 70)]
                let group = try? desk.register(side, levels, stop: 100_00 - sign * 100, number: UInt64(step + 1))
                if let group { groups.append(group) }
            case 1, 2:
                held += random.next(in: -300...300)
                desk.position(held)
                if let group = groups.last { desk.filled(group) }
            case 3:
                if groups.count > 1 { desk.registry.entryEnded(groups.removeFirst()) }
            case 4, 5:
                let price = 100_00 + random.next(in: -50...50) * 5
                while let fired = random.chance(1, in: 3) ? desk.refired(after: 500) : desk.fired(at: price) {
                    firings += 1
                    if fired.quantity > thousandths(abs(held)) { Issue.record("Exit over the position at \(step)") }
                    if (fired.side == .sell) != (held > 0) { Issue.record("Exit that opens at \(step)") }
                    live.append(fired)
                }
            default:
                guard !live.isEmpty else { continue }
                let fired = live.removeFirst()
                let closed = min(abs(held), random.next(in: 0...(fired.quantity.raw / thousandths(1).raw)))
                let isStillHeld = (fired.side == .sell) == (held > 0) && held != 0
                if isStillHeld { held -= held.signum() * closed }
                desk.position(held)
                desk.ended(fired, closed: isStillHeld ? closed : 0)
            }
            desk.registry.checkInvariants()
            desk.out.clear()
        }
        #expect(firings > 50)
    }
}
