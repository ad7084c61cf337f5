import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct SteadyTimeTests {
    static let start = Timestamp(milliseconds: 1_723_118_400_000)

    /// Goal: an undisturbed clock is followed to the nanosecond, and one that is set forward at once.
    /// Method: readings of a clock that only advances, then of one that was set forward by ten minutes.
    @Test func followsTheWallForward() {
        let clock = VirtualClock(Self.start)
        var time = SteadyTime(clock)
        for step in [1, 17, 999_999_937, 3] as [Int64] {
            clock.advance(to: clock.now + TimeSpan(nanoseconds: step))
            let found = time.read(clock)
            #expect(found == clock.now)
        }
        var hasShifted = time.takeShift()
        #expect(!hasShifted)
        clock.step(to: clock.now + .minutes(10))
        let found = time.read(clock)
        #expect(found == clock.now)
        hasShifted = time.takeShift()
        #expect(hasShifted)
        hasShifted = time.takeShift()
        #expect(!hasShifted, "told once")
        #expect(time.lead == .zero)
    }

    /// Goal: a clock that is set back never stops time, and is met again.
    /// Method: ten minutes back, then an uneven walk; each reading goes on by nine tenths of what passed, the lead
    /// shrinks to nothing after 100 minutes, and from then on both are the same.
    @Test func neverStandsStill() {
        let clock = VirtualClock(Self.start)
        var time = SteadyTime(clock)
        var random = DeterministicRandom(seed: 6)
        clock.step(to: Self.start + .minutes(-10))
        var passed: Int64 = 0
        while passed < TimeSpan.minutes(99).nanoseconds {
            let step = random.next(in: 1...20_000_000_000)
            let before = time.now
            clock.advance(to: clock.now + TimeSpan(nanoseconds: step))
            passed += step
            let gone = (time.read(clock) - before).nanoseconds
            #expect(gone <= step)
            #expect(gone >= step - step / 10)
        }
        #expect(time.lead > .zero)
        clock.advance(to: clock.now + .minutes(2))
        let found = time.read(clock)
        #expect(found == clock.now)
        #expect(time.lead == .zero)
    }

    /// Goal: a start whose clock is behind what the journal holds goes on from there.
    /// Method: a clock an hour behind; a second passes.
    @Test func beginsAtTheJournalsTime() {
        let clock = VirtualClock(Self.start)
        let journal = Self.start + .hours(1)
        var time = SteadyTime(clock, notBefore: journal)
        #expect(time.now == journal)
        clock.advance(to: Self.start + .seconds(1))
        let found = time.read(clock)
        #expect(found == journal + .milliseconds(900))
    }

    /// Goal: whoever sleeps as long as it says finds the time come, and not long gone.
    /// Method: leads of all sizes, spans of all sizes; advance by the span and read.
    @Test func spansAreKept() {
        var random = DeterministicRandom(seed: 7)
        for _ in 0..<2_000 {
            let clock = VirtualClock(Self.start)
            var time = SteadyTime(clock)
            clock.step(to: Self.start + TimeSpan(nanoseconds: -random.next(in: 0...3_000_000_000)))
            _ = time.read(clock)
            #expect(time.span(until: time.now) == .zero)
            #expect(time.span(until: Self.start + .seconds(-1)) == .zero)
            let wanted = time.now + TimeSpan(nanoseconds: random.next(in: 0...40_000_000_000))
            let span = time.span(until: wanted)
            clock.advance(to: clock.now + span)
            let found = time.read(clock)
            #expect(found >= wanted)
            #expect(found - wanted <= .milliseconds(1))
        }
    }
}
