import FairleadModel
import Testing

@testable import FairleadEngine

/// The executions booked lately, and from where a listing is asked.
struct ExecutionWindowTests {
    private static let instrument = InstrumentHandle(0)
    private static let begin = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    private static func window(through last: UInt64) -> ExecutionWindow {
        var window = ExecutionWindow(capacity: 256)
        for value in 1...last { _ = window.insert(ExecutionID(value: value), instrument, at: begin) }
        window.listed(at: begin)
        return window
    }

    /// Goal: a fill that is minutes late when its connection is lost is listed again (seed 31 of the simulator).
    /// Method: execution 11 stays under way while later ones are booked for five minutes; look from where is asked.
    @Test func aLateFillIsListedAgain() {
        var window = Self.window(through: 10)
        for second in 1...300 {
            let now = Self.begin + .seconds(Int64(second))
            if second % 10 == 0 {
                _ = window.insert(ExecutionID(value: UInt64(11 + second / 10)), Self.instrument, at: now)
            }
            window.settle(at: now)
        }
        #expect(window.highWater.value == 41)
        #expect(window.listedFrom.value <= 10)
        window.checkInvariants()
    }

    /// Goal: a listing never starts from the beginning of a long day, nor before what the window remembers.
    /// Method: an hour of executions, and more executions than the window holds.
    @Test func listingsStayShort() {
        var window = Self.window(through: 10)
        for second in 1...3_600 {
            let now = Self.begin + .seconds(Int64(second))
            if second % 30 == 0 {
                _ = window.insert(ExecutionID(value: UInt64(11 + second / 30)), Self.instrument, at: now)
            }
            window.settle(at: now)
        }
        let span = window.highWater.value - window.listedFrom.value
        #expect((20...41).contains(span), "\(span)")

        var full = Self.window(through: 300)
        #expect(full.listedFrom.value == 300)
        full = ExecutionWindow(capacity: 256)
        for value in 1...300 { _ = full.insert(ExecutionID(value: UInt64(value)), Self.instrument, at: Self.begin) }
        #expect(full.listedFrom.value == 44)
    }

    /// Goal: an execution counts once, however often it is told. Method: tell one three times, and on another symbol.
    @Test func eachCountsOnce() {
        var window = Self.window(through: 10)
        let again = (0..<3).map { _ in window.insert(ExecutionID(value: 7), Self.instrument, at: Self.begin) }
        #expect(again == [false, false, false])
        let other = window.insert(ExecutionID(value: 7), InstrumentHandle(1), at: Self.begin)
        #expect(other)
        #expect(window.highWater.value == 10)
    }
}
