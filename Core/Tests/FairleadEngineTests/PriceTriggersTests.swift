import FairleadModel
import Testing

@testable import FairleadEngine

struct PriceTriggersTests {
    private let instrument = InstrumentHandle(1)

    private func trigger(_ direction: TriggerDirection, _ price: Int64) -> PriceTrigger {
        PriceTrigger(instrument: instrument, source: .mark, direction: direction, price: Price(raw: price))
    }

    /// Goal: a trigger fires at its price and past it, nearest first. Method: two rises and a fall, walked up to.
    @Test func firesAtOrPastItsPriceNearestFirst() {
        var triggers = PriceTriggers(owners: 4, instruments: 2)
        triggers.set(0, trigger(.atOrAbove, 110))
        triggers.set(1, trigger(.atOrAbove, 105))
        triggers.set(2, trigger(.atOrBelow, 90))
        #expect(triggers.popFired(instrument, .mark, at: Price(raw: 104)) == nil)
        #expect(triggers.popFired(instrument, .mark, at: Price(raw: 91)) == nil)
        #expect(triggers.isDue(instrument, .mark, at: Price(raw: 104)) == false)
        #expect(triggers.isDue(instrument, .mark, at: Price(raw: 105)) == true)
        #expect(triggers.popFired(instrument, .last, at: Price(raw: 120)) == nil)
        #expect(triggers.popFired(InstrumentHandle(0), .mark, at: Price(raw: 120)) == nil)
        #expect(triggers.popFired(instrument, .mark, at: Price(raw: 120)) == 1)
        #expect(triggers.popFired(instrument, .mark, at: Price(raw: 120)) == 0)
        #expect(triggers.popFired(instrument, .mark, at: Price(raw: 90)) == 2)
        #expect(triggers.count == 0)
    }

    /// Goal: the trees fire what a plain table would, in the same order. Method: 6,000 random steps over two
    /// instruments, sources and directions against a dictionary, with invariants and a snapshot copy along the way.
    @Test(arguments: [11, 12, 13] as [UInt64])
    func agreesWithAPlainTable(seed: UInt64) {
        print("price triggers seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var triggers = PriceTriggers(owners: 60, instruments: 2)
        var model: [Int: PriceTrigger] = [:]
        for step in 0..<6000 {
            let owner = Int(random.next(below: 60))
            let place = InstrumentHandle(Int(random.next(below: 2)))
            let source: PriceSource = random.chance(1, in: 2) ? .bid : .mid
            switch random.next(below: 5) {
            case 0, 1, 2:
                let rises = random.chance(1, in: 2)
                let new = PriceTrigger(
                    instrument: place,
                    source: source,
                    direction: rises ? .atOrAbove : .atOrBelow,
                    price: Price(raw: random.next(in: rises ? 100...140 : 60...100))
                )
                triggers.set(owner, new)
                model[owner] = new
            case 3:
                triggers.clear(owner)
                model[owner] = nil
            default:
                let price = Price(raw: random.next(in: 75...125))
                let expected = Self.fired(model, place, source, price)
                #expect(triggers.isDue(place, source, at: price) == (expected != nil))
                #expect(triggers.popFired(place, source, at: price) == expected)
                if let expected { model[expected] = nil }
            }
            #expect(triggers.count == model.count)
            #expect(triggers.trigger(of: owner) == model[owner])
            if step % 200 == 0 {
                triggers.checkInvariants()
                triggers = copied(&triggers)
                triggers.checkInvariants()
            }
        }
    }

    /// The answer by looking at every row: falls first, then the nearest price, then the lowest owner.
    private static func fired(
        _ model: [Int: PriceTrigger],
        _ place: InstrumentHandle,
        _ source: PriceSource,
        _ price: Price
    ) -> Int? {
        let rows = model.filter { $0.value.instrument == place && $0.value.source == source }
        let falls = rows.filter { $0.value.direction == .atOrBelow && price <= $0.value.price }
        if let first = falls.min(by: { ($1.value.price.raw, $0.key) < ($0.value.price.raw, $1.key) }) {
            return first.key
        }
        let rises = rows.filter { $0.value.direction == .atOrAbove && price >= $0.value.price }
        return rises.min { ($0.value.price.raw, $0.key) < ($1.value.price.raw, $1.key) }?.key
    }

    private func copied(_ triggers: inout PriceTriggers) -> PriceTriggers {
        var writer = VisitedWords()
        triggers.visitState(&writer)
        var reader = VisitedWords(reading: writer.words)
        var copy = PriceTriggers(owners: triggers.owners, instruments: 2)
        copy.set(5, trigger(.atOrAbove, 1))
        copy.visitState(&reader)
        #expect(reader.isAtEnd)
        return copy
    }
}
