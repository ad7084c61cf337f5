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

    /// Looks until it is so, at most ten seconds.
    private static func comes(_ isSo: () -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: 10)
        while Date() < deadline {
            if isSo() { return true }
            Thread.sleep(forTimeInterval: 0.002)
        }
        return false
    }

    /// A destination that takes nothing until it is mended.
    private final class Broken: LineDestination, Sendable {
        let isMended = Atomic<Bool>(false)
        let taken = Mutex<[UInt8]>([])
        func write(_ bytes: [UInt8]) -> Bool {
            guard isMended.load(ordering: .acquiring) else { return false }
            taken.withLock { $0 += bytes }
            return true
        }
    }

    /// Goal: what was lost is said in the log itself once it can be written again, and only once.
    /// Method: lines to a destination that fails, which is mended; look at what it then took.
    @Test func lostLinesAreToldOf() {
        let broken = Broken()
        let sink = LineSink(name: "test", broken) { Array("\($0) lost\n".utf8) }
        sink.append(Array("one\ntwo\n".utf8))
        #expect(Self.comes { sink.dropped == 2 })
        #expect(sink.isFailing)
        broken.isMended.store(true, ordering: .releasing)
        sink.append(Array("three\n".utf8))
        #expect(Self.comes { !sink.isFailing })
        sink.append(Array("four\n".utf8))
        sink.close(within: 5)
        #expect(broken.taken.withLock { String(decoding: $0, as: UTF8.self) } == "2 lost\nthree\nfour\n")
        #expect(sink.dropped == 2)
    }

    /// Goal: a file never passes its size but for one line that is longer alone, no line is parted, none is lost.
    /// Method: one batch far larger than a file; read all files back in their order.
    @Test func aBatchIsSpreadOverFiles() throws {
        let directory = try TemporaryDirectory()
        let file = RotatingFile(directory: directory.path, name: "c", fileBytes: 256, filesKept: 50)
        let long = String(repeating: "y", count: 400)
        let lines = (0..<60).map { $0 == 30 ? long : "line number \($0) of the batch" }
        #expect(file.write(Array((lines.joined(separator: "\n") + "\n").utf8)))
        var names = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix("c.") }
        #expect(names.count > 7)
        names.sort { (Int($0.split(separator: ".")[1]) ?? 0) > (Int($1.split(separator: ".")[1]) ?? 0) }
        var found: [String] = []
        for name in names {
            let text = try String(contentsOfFile: "\(directory.path)/\(name)", encoding: .utf8)
            #expect(text.utf8.count <= 256 || text == long + "\n")
            found += text.split(separator: "\n").map(String.init)
        }
        #expect(found == lines)
    }

    /// Goal: fewer kept files than by the run before leave no old one behind, and a full file left there is rotated.
    /// Method: two runs on one directory, the second with a smaller limit.
    @Test func fewerKeptFilesPruneTheRest() throws {
        let directory = try TemporaryDirectory()
        let first = RotatingFile(directory: directory.path, name: "d", fileBytes: 32, filesKept: 6)
        for _ in 0..<10 { #expect(first.write(Array("a line of the first run\n".utf8))) }
        let second = RotatingFile(directory: directory.path, name: "d", fileBytes: 32, filesKept: 2)
        for _ in 0..<3 { #expect(second.write(Array("a line of the second run\n".utf8))) }
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix("d.") }
        #expect(names.sorted() == ["d.1.log", "d.2.log", "d.log"])
    }

    /// Goal: a log that somebody moved away goes on under its name.
    /// Method: write, move the file, write, remove it with its directory, write.
    @Test func aMovedLogBeginsAnew() throws {
        let directory = try TemporaryDirectory()
        let file = RotatingFile(directory: directory.path + "/logs", name: "e", fileBytes: 1000, filesKept: 2)
        #expect(file.write(Array("one\n".utf8)))
        try FileManager.default.moveItem(atPath: file.path, toPath: directory.path + "/aside")
        #expect(file.write(Array("two\n".utf8)))
        #expect(try String(contentsOfFile: directory.path + "/aside", encoding: .utf8) == "one\n")
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "two\n")
        try FileManager.default.removeItem(atPath: directory.path + "/logs")
        #expect(file.write(Array("three\n".utf8)))
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "three\n")
    }
}
