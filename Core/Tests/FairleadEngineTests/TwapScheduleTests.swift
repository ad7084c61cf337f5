import FairleadModel
import Testing

@testable import FairleadEngine

/// The plan itself: sums, sizes and moments.
@Suite struct TwapScheduleTests {
    static let terms = InstrumentTerms(
        tick: Price(raw: 10_000_000),
        lot: Quantity(raw: 100_000),
        minimumQuantity: Quantity(raw: 100_000),
        maximumQuantity: Quantity(raw: 100_000_000_000),
        minimumNotional: Money(whole: 5)
    )

    private func plan(
        _ quantity: Quantity,
        _ asked: TwapTerms = TwapTerms(),
        jitter: Rate = .zero,
        reference: Price = Price(raw: 10_000_000_000),
        expiresAt: Timestamp = .distantFuture,
        seed: UInt64 = 1
    ) -> ParentSchedule? {
        var configuration = TwapConfiguration()
        configuration.jitter = jitter
        return TwapPlan.schedule(
            quantity,
            asked,
            configuration,
            Self.terms,
            normalSpread: Rate(bps: 8),
            reference: reference,
            expiresAt: expiresAt,
            seed: seed,
            at: Timestamp(milliseconds: 1_000)
        )
    }

    /// Goal: whatever the size, the number of slices and the price: slices sum exactly, differ by a lot at most, larger
    /// ones first, and none is under the minimum. Method: 2,000 draws from a printed seed.
    @Test func slicesSumExactlyAndNoneIsDust() {
        let seed: UInt64 = 20_260
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var planned = 0
        for _ in 0..<2_000 {
            let lots = random.next(in: 1...(random.chance(1, in: 2) ? 3_000 : 3_000_000))
            let price = Price(raw: random.next(in: 1...200_000) * 10_000_000)
            let slices = UInt16(random.next(in: 2...1000))
            let quantity = Quantity(raw: lots * 100_000)
            guard let schedule = plan(quantity, TwapTerms(slices: slices), reference: price) else { continue }
            planned += 1
            #expect(schedule.slices >= 2 && schedule.slices <= slices)
            var before = Quantity.zero
            var last: Quantity?
            for number in 0..<schedule.slices {
                let through = schedule.scheduled(through: number)
                let share = through - before
                #expect(Self.terms.isOnLot(share))
                #expect(Self.terms.notional(price, share) >= Money(whole: 25))
                if let last { #expect(share == last || share.raw == last.raw - 100_000) }
                last = share
                before = through
            }
            #expect(before == quantity)
        }
        #expect(planned > 500)
    }

    /// Goal: what lies off the grid goes to the last slice, and is never lost. Method: a quantity that is no whole lot.
    @Test func theRestOffTheGridIsTheLastSlices() throws {
        let quantity = Quantity(raw: 200_000_000 + 1)
        let schedule = try #require(plan(quantity))
        #expect(schedule.scheduled(through: 2) == Quantity(raw: 150_000_000))
        #expect(schedule.scheduled(through: 3) == quantity)
    }

    /// Goal: jitter stays between the neighbours, before the deadline, and is the same for the same parent. Method: the
    /// largest jitter, many parents.
    @Test(arguments: [Int64(10_000_000), 50_000_000, 100_000_000]) func jitterPassesNoNeighbour(_ share: Int64) throws {
        var moved = 0
        for seed in UInt64(1)...300 {
            let asked = TwapTerms(slices: 12)
            let schedule = try #require(plan(Quantity(raw: 900_000_000), asked, jitter: Rate(raw: share), seed: seed))
            let again = try #require(plan(Quantity(raw: 900_000_000), asked, jitter: Rate(raw: share), seed: seed))
            #expect(schedule.boundary(0) == schedule.begin)
            #expect(schedule.deadline == schedule.begin + .seconds(120))
            let reach = 10_000_000_000 * share / 100_000_000 / 2
            for number in UInt16(1)..<12 {
                let even = schedule.begin + .seconds(10 * Int64(number))
                let at = schedule.boundary(number)
                #expect(at == again.boundary(number))
                #expect(at > schedule.boundary(number - 1) && at < schedule.boundary(number + 1))
                #expect(abs((at - even).nanoseconds) <= reach)
                if at != even { moved += 1 }
            }
        }
        #expect(moved > 3_000)
    }

    /// Goal: a smaller total keeps what is due and shares the rest anew, or ends with the slice at work. Method: from
    /// the second of four slices of 500 lots: to every total.
    @Test func aSmallerTotalIsSharedAnew() throws {
        let lot = Int64(100_000)
        let smallest = Quantity(raw: 250 * lot)
        for lots in Int64(1)..<2000 {
            var schedule = try #require(plan(Quantity(raw: 2000 * lot)))
            _ = schedule.enter(1, filled: Quantity(raw: 500 * lot), arrival: .zero)
            schedule.shrink(to: Quantity(raw: lots * lot), smallest: smallest)
            #expect(schedule.scheduled(through: schedule.slices - 1) == Quantity(raw: lots * lot))
            #expect(schedule.slices > schedule.slice)
            if lots < 1000 + 250 {
                #expect(schedule.slice + 1 == schedule.slices)
            } else {
                #expect(schedule.scheduled(through: 1) == Quantity(raw: 1000 * lot))
                #expect(schedule.slices == (lots < 1500 ? 3 : 4))
            }
        }
    }

    /// Goal: what is carried is bounded, whatever was left. Method: nothing filled before the third of four slices.
    @Test func whatIsCarriedIsBounded() throws {
        var schedule = try #require(plan(Quantity(raw: 200_000_000)))
        let released = schedule.enter(2, filled: .zero, arrival: .zero)
        #expect(schedule.carried == Quantity(raw: 50_000_000))
        #expect(released == Quantity(raw: 100_000_000))
        schedule.catchUpSlices = 0
        #expect(schedule.enter(3, filled: .zero, arrival: .zero) == Quantity(raw: 50_000_000))
    }
}
