import FairleadModel
import Foundation
import Testing

@testable import FairleadRuntime

struct LogLimiterTests {
    private static func line(_ event: String, _ level: LogLevel = .info) -> LogLine {
        LogLine(event, "x", level: level, at: .never)
    }

    /// Goal: a storm of one event is cut and counted, and the others pass untouched.
    /// Method: a thousand lines of one event within a second, with one of another among them; then the next second.
    @Test func aStormIsCutAndCounted() {
        var limiter = LogLimiter()
        let start = Timestamp(milliseconds: 1_000)
        var written = 0
        for index in 0..<1_000 {
            let level: LogLevel = index == 900 ? .error : .info
            written += limiter.take(Self.line("rejected", level), at: start + .milliseconds(Int64(index / 2))).count
        }
        #expect(written == LogLimiter.linesPerSecond)
        #expect(limiter.suppressed == 1_000 - UInt64(LogLimiter.linesPerSecond))
        #expect(limiter.take(Self.line("fill"), at: start + .milliseconds(600)).count == 1)
        #expect(limiter.reports(at: start + .milliseconds(999)).isEmpty)
        let after = limiter.take(Self.line("rejected"), at: start + .seconds(1))
        #expect(after.map(\.event) == [LogLimiter.event, "rejected"])
        #expect(after[0].message == "900 more lines of rejected")
        #expect(after[0].level == .error && after[0].reason == "rejected")
        #expect(!limiter.hasUntold)
    }

    /// Goal: nothing that was suppressed goes unsaid, also when no line of the event follows.
    /// Method: suppress some, ask for reports before and after the second's end, and at the end of the run.
    @Test func whatWasSuppressedIsSaid() {
        var limiter = LogLimiter()
        let start = Timestamp(milliseconds: 1_000)
        for _ in 0..<LogLimiter.linesPerSecond + 3 { _ = limiter.take(Self.line("alarm"), at: start) }
        #expect(limiter.hasUntold)
        #expect(limiter.reports(at: start + .seconds(1)).map(\.message) == ["3 more lines of alarm"])
        #expect(limiter.reports(at: start + .seconds(2)).isEmpty)
        for _ in 0..<LogLimiter.linesPerSecond + 1 { _ = limiter.take(Self.line("alarm"), at: start + .seconds(3)) }
        #expect(limiter.reports(at: start + .seconds(3), isLast: true).map(\.message) == ["1 more lines of alarm"])
    }

    /// Goal: memory stays bounded and a clock that is set back holds nothing up.
    /// Method: more events than are told apart; then a second that begins an hour before the last.
    @Test func eventsAndClocksAreBounded() {
        var limiter = LogLimiter()
        let start = Timestamp(milliseconds: 10_000_000)
        var written = 0
        for number in 0..<LogLimiter.eventLimit + 500 {
            written += limiter.take(Self.line("e\(number)"), at: start).count
        }
        #expect(written == LogLimiter.eventLimit - 1 + LogLimiter.linesPerSecond)
        for _ in 0..<LogLimiter.linesPerSecond + 1 { _ = limiter.take(Self.line("e1"), at: start) }
        let earlier = Timestamp(milliseconds: 6_400_000)
        #expect(limiter.take(Self.line("e1"), at: earlier).last?.event == "e1")
    }
}
