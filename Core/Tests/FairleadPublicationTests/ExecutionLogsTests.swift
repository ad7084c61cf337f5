import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import Synchronization
import Testing

@testable import FairleadPublication

@Suite struct ExecutionLogsTests {
    typealias Fixture = PublicationFixture

    /// What a journal of `sequences` inputs tells: some tell nothing, some several lines of several logs.
    static func story(_ seed: UInt64, sequences: UInt64) -> [(sequence: UInt64, log: ExecutionLog)] {
        var random = DeterministicRandom(seed: seed)
        var lines: [(sequence: UInt64, log: ExecutionLog)] = []
        for sequence in 1...sequences {
            guard random.chance(2, in: 3) else { continue }
            for _ in 0...random.next(below: 4) {
                let log = ExecutionLog.execution[Int(random.next(below: 5))]
                lines.append((sequence, log))
            }
        }
        return lines
    }

    /// One life of the logs: given the whole story from the beginning, told a moment each few sequences.
    struct Life {
        let configuration: ResolvedConfiguration
        let engine: EngineBox
        var fileBytes = 4000
        var filesKept = 100

        init() throws {
            configuration = try Fixture.configuration()
            engine = EngineBox(configuration.engine)
        }

        @discardableResult
        func play(
            _ story: [(sequence: UInt64, log: ExecutionLog)],
            _ disk: MemoryDisk,
            every step: UInt64,
            through last: UInt64 = .max,
            journal: JournalIdentity = Fixture.journal
        ) -> ExecutionLogs {
            let logs = ExecutionLogs(disk, fileBytes: fileBytes, filesKept: filesKept)
            let names = RunNames(configuration.engine.instruments)
            logs.open(journal)
            if logs.hasFailed { return logs }
            logs.begins(at: Fixture.place(configuration), names: names)
            var due = step
            for (number, line) in story.enumerated() where line.sequence <= last {
                while line.sequence > due {
                    engine.reach(logs, Fixture.moment(due, configuration), names)
                    due += step
                }
                let entry = NoticeEntry(
                    sequence: line.sequence,
                    time: Fixture.start + .seconds(Int64(line.sequence)),
                    notice: Fixture.notice(line.log, UInt64(number))
                )
                if !logs.hasFailed { logs.take(.notice(entry), names: names) }
            }
            if last == .max, let end = story.last {
                engine.reach(logs, Fixture.moment(max(due, end.sequence), configuration), names)
            }
            return logs
        }
    }

    /// Holds an engine, which can't be copied, for calls that only pass it on.
    final class EngineBox {
        private let engine: Engine
        init(_ configuration: EngineConfiguration) { engine = Engine(configuration: configuration) }
        func reach(_ observer: any ReplicaObserver, _ moment: ReplicaMoment, _ names: RunNames) {
            if !observer.hasFailed { observer.reached(moment, engine: engine, names: names) }
        }
    }

    /// Goal: each line is there once, in order, in the log that it belongs to, and no file passes its size by more than
    /// the lines of one sequence. Method: a story told in steps of several sizes, all files read back.
    @Test func eachLineIsThereOnce() throws {
        let life = try Life()
        let story = Self.story(1, sequences: 400)
        var found: [[String: String]] = []
        for step: UInt64 in [1, 7, 1000] {
            let disk = MemoryDisk()
            life.play(story, disk, every: step)
            found.append(try Fixture.files(disk))
            for log in ExecutionLog.execution {
                let lines = try Self.lines(disk, log)
                let expected = story.filter { $0.log == log }.map(\.sequence)
                #expect(lines.compactMap { $0["sequence"]?.count } == expected, "\(log.rawValue), step \(step)")
            }
        }
        #expect(found[0] == found[1])
        #expect(found[0] == found[2])
        #expect(found[0].count > 20, "nothing was put aside")
        for (name, text) in found[0] {
            #expect(text.utf8.count < life.fileBytes + 4 * 1500, "\(name) has \(text.utf8.count) bytes")
        }
    }

    /// The lines of a log over all of its files, the oldest first.
    static func lines(_ disk: MemoryDisk, _ log: ExecutionLog) throws -> [JSONValue] {
        var lines: [JSONValue] = []
        let files = try Fixture.files(disk)
        var number = 0
        var texts: [String] = []
        while let text = files[number == 0 ? log.fileName : "\(log.rawValue).\(number).jsonl"] {
            texts.append(text)
            number += 1
        }
        for text in texts.reversed() {
            for line in text.split(separator: "\n") { lines.append(try JSONParser.parse(String(line))) }
        }
        return lines
    }

    /// Goal: killed anywhere and started again, the logs end as if nothing had happened, byte for byte.
    /// Method: the process or the power ends at each of some hundred disk operations, the operation itself done in
    /// part; the next life is given the story again.
    @Test(arguments: [false, true])
    func aKillAnywhereLeavesEachLineOnce(isPower: Bool) throws {
        var life = try Life()
        // Small files, so that many of the operations put one aside.
        life.fileBytes = 2000
        let story = Self.story(2, sequences: 80)
        let reference = MemoryDisk()
        life.play(story, reference, every: 9)
        let expected = try Fixture.files(reference)
        var random = DeterministicRandom(seed: 3)
        var kills = 0
        for at in stride(from: 1, to: 400, by: isPower ? 3 : 1) {
            let first = MemoryDisk()
            let left = Mutex(at)
            let part = Int(random.next(below: 900))
            first.setHook { operation, _ in
                let count = left.withLock { left in
                    left -= 1
                    return left
                }
                if count > 0 { return nil }
                let isWrite = operation == .extend || operation == .write
                if count == 0, isWrite { return .partial(byteCount: part, .inputOutput) }
                return .fail(.inputOutput)
            }
            life.play(story, first, every: 9)
            first.setHook(nil)
            if left.withLock({ $0 }) > 0 { break }
            kills += 1
            let next = first.crash(isPower ? .power { _, sector in sector % 2 == 0 } : .process)
            let logs = life.play(story, next, every: 9)
            #expect(!logs.hasFailed)
            #expect(try Fixture.files(next) == expected, "killed at operation \(at)")
        }
        #expect(kills > 30)
    }

    /// Goal: while the disk takes nothing lines wait, and none is lost; past the limit the observer gives up, and takes
    /// everything anew once it is opened again. Method: every extension refused for a while.
    @Test func aFullDiskLosesNothing() throws {
        let life = try Life()
        let story = Self.story(4, sequences: 200)
        let disk = MemoryDisk()
        let logs = ExecutionLogs(disk, fileBytes: 1 << 20, filesKept: 3)
        let names = RunNames(life.configuration.engine.instruments)
        logs.open(Fixture.journal)
        logs.begins(at: Fixture.place(life.configuration), names: names)
        for (number, line) in story.enumerated() {
            if number == 50 { disk.setHook { operation, _ in operation == .extend ? .fail(.noSpace) : nil } }
            if number == 150 { disk.setHook(nil) }
            let notice = Fixture.notice(line.log, UInt64(number))
            let entry = NoticeEntry(sequence: line.sequence, time: Fixture.start, notice: notice)
            logs.take(.notice(entry), names: names)
            if number % 10 == 0 {
                life.engine.reach(logs, Fixture.moment(line.sequence - 1, life.configuration), names)
            }
            if number == 120 {
                #expect(logs.health.fault == "extend \(ExecutionLog.routeDecisions.fileName): no space left")
                #expect(logs.storedThrough < 60)
            }
        }
        life.engine.reach(logs, Fixture.moment(200, life.configuration), names)
        #expect(logs.health.fault == nil)
        #expect(!logs.hasFailed)
        for log in ExecutionLog.execution {
            let expected = story.filter { $0.log == log }.map(\.sequence)
            #expect(try Self.lines(disk, log).compactMap { $0["sequence"]?.count } == expected)
        }
    }

    /// Goal: what people do to the files is seen, and what the journal still tells is made again. Method: a log is
    /// removed, cut, or filled with something else between two lives.
    @Test func aDamagedLogIsMadeAgain() throws {
        let life = try Life()
        let story = Self.story(5, sequences: 60)
        var wide = life
        wide.fileBytes = 1 << 20
        let reference = MemoryDisk()
        wide.play(story, reference, every: 10)
        let expected = try Fixture.files(reference)
        let changes: [(String, (MemoryDisk) -> Void)] = [
            ("removed", { $0.vanish("fills.jsonl") }),
            ("cut", { $0.truncate("fills.jsonl", to: 700) }),
            ("half a line added", { $0.place("fills.jsonl", Self.bytes($0, "fills.jsonl") + [0x7B, 0x22, 0x65]) }),
            ("the checkpoint removed", { $0.vanish(ExecutionLogs.checkpointName) }),
            ("the checkpoint unreadable", { $0.place(ExecutionLogs.checkpointName, [1, 2, 3]) }),
        ]
        for (what, change) in changes {
            let disk = MemoryDisk()
            wide.play(story, disk, every: 10)
            change(disk)
            wide.play(story, disk, every: 10)
            #expect(try Fixture.files(disk) == expected, "\(what)")
        }
    }

    private static func bytes(_ disk: MemoryDisk, _ name: String) -> [UInt8] {
        do throws(DiskError) { return try disk.readAll(name, limit: 1 << 20) } catch { return [] }
    }

    /// Goal: the lines of one journal never continue those of another. Method: the same story under another journal's
    /// id; the old lines stand put aside, the new ones are all there.
    @Test func anotherJournalBeginsAnew() throws {
        var life = try Life()
        life.fileBytes = 1 << 20
        let story = Self.story(6, sequences: 60)
        let disk = MemoryDisk()
        life.play(story, disk, every: 10)
        let first = try Fixture.files(disk)
        let other = JournalIdentity(id: JournalID(high: 7, low: 7), durableThrough: .max)
        life.play(story, disk, every: 10, journal: other)
        let second = try Fixture.files(disk)
        for log in ExecutionLog.execution {
            #expect(second[log.fileName] == first[log.fileName])
            #expect(second["\(log.rawValue).1.jsonl"] == first[log.fileName])
        }
    }

    /// Goal: only so many files stay. Method: two kept of a long story.
    @Test func oldFilesGo() throws {
        var life = try Life()
        life.filesKept = 2
        let disk = MemoryDisk()
        life.play(Self.story(7, sequences: 400), disk, every: 10)
        let names = try disk.list().filter { $0.hasPrefix("fills") }
        #expect(names == ["fills.1.jsonl", "fills.2.jsonl", "fills.jsonl"])
    }
}
