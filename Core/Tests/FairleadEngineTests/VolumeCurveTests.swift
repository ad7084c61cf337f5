import FairleadModel
import Testing

@testable import FairleadEngine

/// The volume of each time of the day.
@Suite struct VolumeCurveTests {
    static let symbol = InstrumentHandle(0)
    private static let day: Int64 = 86_400

    private static func time(_ day: Int64, _ second: Int64) -> Timestamp {
        Timestamp(nanoseconds: (day * self.day + second) * 1_000_000_000)
    }

    static func bar(_ open: Timestamp, _ lots: Int64) -> BarReport {
        let price = Price(raw: 10_000_000_000)
        return BarReport(
            instrument: symbol,
            openTime: open,
            open: price,
            high: price,
            low: price,
            close: price,
            volume: Quantity(raw: lots * 100_000)
        )
    }

    /// Goal: a bucket is the mean of its days, and forgets once it has as many as it may weigh. Method: volumes of 100,
    /// 200, 600 on three days, then 1,200 with a memory of three.
    @Test func learnsATimeOfTheDay() {
        var curve = VolumeCurve(barLength: .seconds(300), instruments: 1)
        for (day, lots) in [(Int64(1), Int64(100)), (2, 200), (3, 600), (4, 1_200)] {
            for part in Int64(0)..<3 {
                curve.apply(
                    Self.bar(Self.time(day, 36_000 + part * 300), lots / 100 * [20, 30, 50][Int(part)]),
                    days: 3
                )
            }
            // The next bucket's first bar closes it.
            curve.apply(Self.bar(Self.time(day, 36_900), 0), days: 3)
            let (mean, days) = curve.bucket(Self.symbol, at: Self.time(9, 36_001))
            #expect(days == Int(day))
            // The last one: 300 and a third of the 900 more.
            #expect(mean.raw == [100, 150, 300, 600][Int(day) - 1] * 100_000)
        }
        curve.checkInvariants()
    }

    /// Goal: what was not seen is not taken for little. Method: one bar of three, then a bar that comes too late.
    @Test func aBucketSeenInPartTeachesNothing() {
        var curve = VolumeCurve(barLength: .seconds(300), instruments: 1)
        curve.apply(Self.bar(Self.time(1, 36_600), 50), days: 3)
        curve.apply(Self.bar(Self.time(1, 36_900), 50), days: 3)
        #expect(curve.bucket(Self.symbol, at: Self.time(1, 36_000)).days == 0)
        curve.apply(Self.bar(Self.time(1, 36_600), 50), days: 3)
        curve.apply(Self.bar(Self.time(1, 37_200), 50), days: 3)
        curve.apply(Self.bar(Self.time(1, 37_800), 50), days: 3)
        let (mean, days) = curve.bucket(Self.symbol, at: Self.time(1, 36_900))
        #expect(days == 1 && mean.raw == 100 * 100_000)
    }

    /// Goal: an interval weighs what it has of each bucket, and nothing is known of one with too few days. Method: two
    /// buckets of 90 and 180, an interval over a third of the first and half of the second; a third that has no day.
    @Test func anIntervalTakesItsPartOfEachBucket() {
        var curve = VolumeCurve(barLength: .seconds(900), instruments: 1)
        curve.apply(Self.bar(Self.time(1, 0), 90), days: 3)
        curve.apply(Self.bar(Self.time(1, 900), 180), days: 3)
        let weight = curve.weight(Self.symbol, from: Self.time(5, 600), to: Self.time(5, 1_350), minimumDays: 1)
        #expect(weight == Int128(90 * 300 + 180 * 450) * 100_000 * 1_000_000_000)
        #expect(curve.weight(Self.symbol, from: Self.time(5, 600), to: Self.time(5, 1_350), minimumDays: 2) == nil)
        #expect(curve.weight(Self.symbol, from: Self.time(5, 1_700), to: Self.time(5, 1_801), minimumDays: 1) == nil)
    }

    /// Goal: a bar longer than a bucket is shared among those it covers. Method: an hour's bar of 400.
    @Test func aLongBarIsShared() {
        var curve = VolumeCurve(barLength: .hours(1), instruments: 1)
        curve.apply(Self.bar(Self.time(1, 3_600), 400), days: 3)
        for part in Int64(0)..<4 {
            #expect(curve.bucket(Self.symbol, at: Self.time(2, 3_600 + part * 900)).mean.raw == 100 * 100_000)
        }
        #expect(curve.bucket(Self.symbol, at: Self.time(2, 7_200)).days == 0)
    }
}
