import FairleadModel
import Testing

@testable import FairleadEngine

/// Goal: a message counts in each window until that has passed, and never shorter.
/// Method: one message, looked at just inside and well outside of each window.
@Test func messagesLeaveTheirWindows() {
    var windows = RateWindows()
    let start = Timestamp(milliseconds: 5_000_050)
    windows.note(at: start)
    #expect(windows.counts(at: start) == RateCounts(second: 1, tenSeconds: 1, minute: 1))
    #expect(windows.counts(at: start + .milliseconds(1000)) == RateCounts(second: 1, tenSeconds: 1, minute: 1))
    #expect(windows.counts(at: start + .milliseconds(1100)) == RateCounts(second: 0, tenSeconds: 1, minute: 1))
    #expect(windows.counts(at: start + .milliseconds(10_000)).tenSeconds == 1)
    #expect(windows.counts(at: start + .milliseconds(10_100)) == RateCounts(second: 0, tenSeconds: 0, minute: 1))
    #expect(windows.counts(at: start + .milliseconds(60_000)).minute == 1)
    #expect(windows.counts(at: start + .milliseconds(60_100)) == RateCounts())
    windows.checkInvariants()
}

/// Goal: entries stop at their share, exits and cancels go on to the limit, and the smallest share is one.
/// Method: ten a second with a fifth reserved; one a second.
@Test func exitsHaveAReservedShare() {
    var limits = RiskLimits()
    limits.ordersPerSecond = 10
    var windows = RateWindows()
    let now = Timestamp(milliseconds: 1000)
    for sent in 0..<10 {
        #expect(windows.hasRoom(isIncreasing: true, limits, at: now) == (sent < 8))
        #expect(windows.hasRoom(isIncreasing: false, limits, at: now) == true)
        windows.note(at: now)
    }
    #expect(windows.hasRoom(isIncreasing: false, limits, at: now) == false)
    #expect(windows.hasRoom(isIncreasing: true, limits, at: now + .milliseconds(1100)) == true)
    #expect(RateWindows.entryShare(of: 1, limits) == 1)
    #expect(RateWindows.entryShare(of: 4, limits) == 3)
    limits.ordersPerSecond = nil
    limits.ordersPerTenSeconds = 10
    #expect(windows.hasRoom(isIncreasing: false, limits, at: now + .seconds(9)) == false)
    limits.ordersPerTenSeconds = nil
    limits.ordersPerMinute = 10
    #expect(windows.hasRoom(isIncreasing: false, limits, at: now + .seconds(59)) == false)
}

/// Goal: no window ever shows less than was sent in it, and at most one bucket more.
/// Method: seeded random bursts and pauses, against a list of all times.
@Test(arguments: [1, 2, 3] as [UInt64])
func windowsNeverShowLess(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var windows = RateWindows()
    var times: [Timestamp] = []
    var now = Timestamp(milliseconds: -30_000)
    for step in 0..<800 {
        let pause =
            switch Int.random(in: 0..<100, using: &generator) {
            case 0: Int64.random(in: 0...200_000, using: &generator)
            case 1..<20: Int64.random(in: 0...3000, using: &generator)
            default: Int64.random(in: 0...60, using: &generator)
            }
        now = now + .milliseconds(pause)
        let counts = windows.counts(at: now)
        for (count, length) in [(counts.second, 1), (counts.tenSeconds, 10), (counts.minute, 60)] {
            let since = now + -TimeSpan.seconds(Int64(length))
            #expect(count >= times.count { $0 > since })
            #expect(count <= times.count { $0 >= since + -RateWindows.bucket })
        }
        windows.note(at: now)
        times.append(now)
        if step % 100 == 0 { windows.checkInvariants() }
    }
}

/// Goal: a time that runs backwards adds to the present bucket and breaks nothing; a snapshot brings all back.
/// Method: a message in the past, then written and read by visitors.
@Test func windowsSurviveASnapshot() {
    var windows = RateWindows()
    windows.note(at: Timestamp(milliseconds: 10_000))
    windows.note(at: Timestamp(milliseconds: 2000))
    #expect(windows.counts(at: Timestamp(milliseconds: 10_000)).second == 2)
    var writer = WordVisitor()
    windows.visitState(&writer)
    var restored = RateWindows()
    restored.note(at: Timestamp(milliseconds: 77))
    var reader = WordVisitor(reading: writer.words)
    restored.visitState(&reader)
    #expect(reader.isAtEnd)
    restored.checkInvariants()
    #expect(restored.counts(at: Timestamp(milliseconds: 10_500)) == windows.counts(at: Timestamp(milliseconds: 10_500)))
}
