import FairleadModel
import FairleadRuntime
import Foundation
import Synchronization
import Testing

struct LineSinkTests {
    /// A destination that is stuck until it is let go.
    private final class Stuck: LineDestination, Sendable {
        let gate = DispatchSemaphore(value: 0)
        let written = Atomic<Int>(0)
        func write(_ bytes: [UInt8]) -> Bool {
            gate.wait()
            written.wrappingAdd(bytes.count, ordering: .relaxed)
            return true
        }
    }

    /// Goal: a stuck terminal blocks nobody, memory stays bounded, and what was lost is counted.
    /// Method: append far more than the bound to a sink whose destination hangs, then let it go.
    @Test func aStuckDestinationBlocksNobody() {
        let stuck = Stuck()
        let sink = LineSink(name: "test", stuck)
        let line = [UInt8](repeating: 0x61, count: 1023) + [0x0A]
        let started = Date()
        for _ in 0..<20_000 { sink.append(line) }
        #expect(Date().timeIntervalSince(started) < 10)
        #expect(sink.dropped >= 20_000 - 2 * UInt64(LineSink.byteLimit / 1024) - 1)
        for _ in 0..<8 { stuck.gate.signal() }
        sink.close(within: 5)
        #expect(stuck.written.load(ordering: .relaxed) + Int(sink.dropped) * 1024 == 20_000 * 1024)
    }

    /// Goal: an unwritable log loses lines, counted, and nothing else.
    /// Method: a log under a path that is a file; then a log that is rotated by size keeps so many files.
    @Test func logsRotateAndFailQuietly() throws {
        let directory = try TemporaryDirectory()
        let blocked = directory.path + "/file"
        try Data("x".utf8).write(to: URL(fileURLWithPath: blocked))
        let broken = LineSink(
            name: "broken",
            RotatingFile(directory: blocked, name: "a", fileBytes: 1000, filesKept: 2)
        )
        broken.append(Array("one\n".utf8))
        broken.close(within: 5)
        #expect(broken.dropped == 1)

        let file = RotatingFile(directory: directory.path, name: "b", fileBytes: 100, filesKept: 2)
        for number in 0..<20 { #expect(file.write(Array("line number \(number) of the log\n".utf8))) }
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix("b.") }
        #expect(names.sorted() == ["b.1.log", "b.2.log", "b.log"])
    }

    /// Goal: outside text can't reach the terminal as a command, nor break a JSON line.
    /// Method: a message with escape codes and line feeds in both forms.
    @Test func controlCharactersAreTakenOut() throws {
        let line = LogLine("fill", "a\u{1B}[31mb\nc", at: Timestamp(milliseconds: 0))
        #expect(!line.human(isColored: false).dropLast().contains { $0 < 0x20 })
        let json = try JSONParser.parse(Array(line.json(runID: "r").dropLast()))
        #expect(json["msg"]?.string == "a\u{1B}[31mb\nc")
        #expect(json["ts"]?.string == "1970-01-01T00:00:00.000Z")
    }
}
