import FairleadConfiguration
import FairleadModel
import Foundation
import Synchronization
import Testing

@testable import FairleadRuntime

/// A file of signals that grows, ends badly, is replaced, and is not taken.
@Suite(.serialized)
struct SignalFeedTests {
    private static let quiet = ConfigurationOverride(path: "screener.enabled", value: "false")

    private static func line(_ id: String, side: String = "BUY") -> String {
        #"{"schema":"fairlead.signal.v1","signal_id":"\#(id)","symbol":"BTCUSDT","side":"\#(side)","#
            + #""size":{"notional":"1"}}"#
    }

    /// What a feed handed on, and what it told.
    private final class Taken: Sendable {
        let lines = Mutex<[String]>([])
        let words = Mutex<[String]>([])
        var count: Int { lines.withLock { $0.count } }
    }

    private static func feed(_ path: String, _ taken: Taken, isTaken: Bool = true) throws -> SignalFeed {
        let feed = SignalFeed(path: path) { text, _ in
            taken.words.withLock { $0.append(text) }
        } submit: { line, _, done in
            taken.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
            done(isTaken)
        }
        return try #require(feed)
    }

    private static func wait(_ isDone: () -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: 30)
        while Date() < deadline {
            if isDone() { return true }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return false
    }

    /// Goal: no line of a followed file is lost: not a last one without its end, not one of a file that took the name,
    /// not one after a cut. Method: each in turn, and the lines in their order.
    @Test func noLineIsLost() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/signals.jsonl"
        try Data("a\nb".utf8).write(to: URL(fileURLWithPath: path))
        let taken = Taken()
        let feed = try Self.feed(path, taken)
        feed.start()
        #expect(Self.wait { taken.count == 2 })

        // Atomically: another file takes the name.
        try Data("c\nd\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        #expect(Self.wait { taken.count == 4 })
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("e\n".utf8))
        #expect(Self.wait { taken.count == 5 })

        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data("f\n".utf8))
        #expect(Self.wait { taken.count == 6 })
        try handle.write(contentsOf: Data("g".utf8))
        Thread.sleep(forTimeInterval: 0.4)
        #expect(feed.stop(within: 5) == 0)
        #expect(taken.lines.withLock { $0 } == ["a", "b", "c", "d", "e", "f", "g"])
        let words = taken.words.withLock { $0 }
        #expect(words.contains { $0.contains("is another file now") })
        #expect(words.contains { $0.contains("was cut") })
    }

    /// Goal: what nobody took is counted, and a silent pipe doesn't hold up the stop.
    /// Method: a feed whose signals are refused; a pipe without a writer's word.
    @Test func droppedSignalsAreCounted() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/signals.jsonl"
        try Data("a\nb\nc\n".utf8).write(to: URL(fileURLWithPath: path))
        let taken = Taken()
        let feed = try Self.feed(path, taken, isTaken: false)
        feed.start()
        #expect(Self.wait { taken.count == 3 })
        #expect(feed.stop(within: 5) == 3)

        let pipe = Pipe()
        let silent = try Self.feed("/proc/self/fd/\(pipe.fileHandleForReading.fileDescriptor)", taken)
        silent.start()
        let began = Date()
        #expect(silent.stop(within: 5) == 0)
        #expect(Date().timeIntervalSince(began) < 2)
        withExtendedLifetime(pipe) {}
    }

    /// Goal: a signal that is refused is told with its field and reason, in the log and whoever sent it; one without a
    /// line's end is taken at the stop.
    /// Method: a file with a wrong side and a last line without its end, the log's lines, and a restart.
    @Test func refusedSignalsAreTold() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        live.stop()
        let path = live.directory.path + "/signals.jsonl"
        try Data((Self.line("g-1", side: "SIDEWAYS") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        try live.start(overrides: [Self.quiet], signals: path)
        #expect(try live.waitUntil { try live.ask(.status)["counters"]?["invalid"]?.integer == 1 })
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(Self.line("g-2").utf8))
        Thread.sleep(forTimeInterval: 0.4)
        live.stop()
        let log = try String(contentsOfFile: live.paths.logs + "/fairlead.log", encoding: .utf8)
        let refused = log.split(separator: "\n").first { $0.contains(#""event":"invalid""#) && $0.contains("g-1") }
        #expect(refused?.contains("side: unknown_value") == true, "\(refused ?? "")")
        #expect(log.contains(#""signal_id":"g-2""#))
    }

    /// Goal: a restart does not use up the signals of its file: they are read once entries can leave.
    /// Method: a home that has run before, a file with two new entries, and what became of them.
    @Test func signalsWaitForTheEngine() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        #expect(try live.waitUntil { try live.ask(.status)["is_healthy"]?.bool == true })
        live.stop()
        let path = live.directory.path + "/signals.jsonl"
        let lines = ["BTCUSDT", "ETHUSDT"].map { symbol in
            #"{"schema":"fairlead.signal.v1","signal_id":"w-\#(symbol)","symbol":"\#(symbol)","side":"BUY","#
                + #""size":{"notional":"500"},"execution":{"style":"taker"}}"# + "\n"
        }
        try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: path))
        try live.start(overrides: [Self.quiet], signals: path)
        #expect(try live.waitUntil { try live.ask(.status)["counters"]?["signals"]?.integer == 2 })
        let counters = try live.ask(.status)["counters"]
        #expect(counters?["accepted"]?.integer == 2, "\(counters ?? .null)")
        #expect(counters?["vetoed"]?.integer == 0)
    }

    /// Goal: signals that wait for a venue hold up no stop, are left unread by it, and wait no longer than is said.
    /// Method: a venue that nobody serves; a stop within the wait, and a start with a short one.
    @Test func theWaitForTheEngineIsBounded() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        live.stop()
        let runtime = live.files.path(of: .runtime)
        let text = try String(contentsOfFile: runtime, encoding: .utf8)
            .replacingOccurrences(of: "\"connection\": \"embedded\"", with: "\"connection\": \"socket\"")
            .replacingOccurrences(of: "\"source\": \"synthetic\"", with: "\"source\": \"venue\"")
        try Data(text.utf8).write(to: URL(fileURLWithPath: runtime))
        try FileManager.default.removeItem(atPath: live.paths.home)
        let path = live.directory.path + "/signals.jsonl"
        try Data((Self.line("v-1") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        func log() -> String {
            let bytes = FileManager.default.contents(atPath: live.paths.logs + "/fairlead.log")
            return String(decoding: bytes ?? Data(), as: UTF8.self)
        }

        try live.start(overrides: [Self.quiet], signals: path)
        #expect(live.waitUntil { log().contains("waits, at most 60 s: the venue is not connected") })
        #expect(try live.ask(.status)["counters"]?["signals"]?.integer == 0)
        let began = Date()
        #expect(live.stop().contains("nothing of \(path) was read yet"))
        #expect(Date().timeIntervalSince(began) < 3)

        try live.start(overrides: [Self.quiet], signals: path, signalWait: .seconds(1))
        #expect(try live.waitUntil { try live.ask(.status)["counters"]?["vetoed"]?.integer == 1 })
        #expect(log().contains("is read after 1 s all the same: the venue is not connected"))
    }
}
