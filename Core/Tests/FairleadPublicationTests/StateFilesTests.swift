import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Synchronization
import Testing

@testable import FairleadPublication

@Suite struct StateFilesTests {
    typealias Fixture = PublicationFixture
    typealias EngineBox = ExecutionLogsTests.EngineBox

    /// State files on a disk, opened and at their place.
    struct Publisher {
        let files: StateFiles
        let configuration: ResolvedConfiguration
        let engine: EngineBox
        let names: RunNames

        init(_ disk: MemoryDisk, journal: JournalIdentity = Fixture.journal, place: ReplicaPlace? = nil) throws {
            configuration = try Fixture.configuration()
            engine = EngineBox(configuration.engine)
            names = RunNames(configuration.engine.instruments)
            files = StateFiles(disk, software: Fixture.software)
            files.open(journal)
            if !files.hasFailed { files.begins(at: place ?? Fixture.place(configuration), names: names) }
        }

        func reach(_ sequence: UInt64) { engine.reach(files, Fixture.moment(sequence, configuration), names) }

        func veto(_ sequence: UInt64) {
            let notice = VetoMetricsTests.acknowledged(sequence, .vetoed, [.cooldown])
            let entry = NoticeEntry(sequence: sequence, time: VetoMetricsTests.time(Int64(sequence)), notice: notice)
            files.take(.notice(entry), names: names)
        }
    }

    static func cycles(_ disk: MemoryDisk) throws -> [UInt64] {
        try StateFile.allCases.map { try Fixture.document(disk, $0)["cycle"]?.count ?? 0 }
    }

    static func vetoes(_ disk: MemoryDisk) throws -> UInt64? {
        let diagnostics = try Fixture.document(disk, .diagnostics)["runtime_diagnostics"]
        return diagnostics?["veto_counters"]?["total_vetoes"]?.count
    }

    /// Goal: all files of a publish carry its cycle, and keys are sorted. Method: two publishes read back.
    @Test func filesCarryOneCycle() throws {
        let disk = MemoryDisk()
        let publisher = try Publisher(disk)
        publisher.reach(10)
        #expect(Set(try Self.cycles(disk)) == [10])
        publisher.reach(25)
        #expect(Set(try Self.cycles(disk)) == [25])
        #expect(publisher.files.storedThrough == 25)
        for file in StateFile.allCases {
            let keys = try Fixture.document(disk, file).object?.map(\.key) ?? []
            #expect(keys == keys.sorted())
            #expect(try Fixture.schema(file).violation(of: try Fixture.document(disk, file)) == nil, "\(file.fileName)")
        }
        let leftovers = try disk.list().filter { !$0.hasSuffix(".json") && $0 != StateFiles.checkpointName }
        #expect(leftovers == [])
    }

    /// Goal: whatever is killed when, each file is whole, no cycle goes back, and counting goes on.
    /// Method: the disk ends at each operation of a publish; every file is read, and the next life publishes.
    @Test(arguments: [false, true])
    func aKillAnywhereLeavesWholeFiles(isPower: Bool) throws {
        for at in 1... {
            let disk = MemoryDisk()
            let publisher = try Publisher(disk)
            publisher.veto(3)
            publisher.reach(10)
            publisher.veto(12)
            let left = Mutex(at)
            disk.setHook { operation, _ in
                let count = left.withLock { left in
                    left -= 1
                    return left
                }
                if count > 0 { return nil }
                return count == 0 && operation == .write ? .partial(byteCount: 20, .inputOutput) : .fail(.inputOutput)
            }
            publisher.reach(20)
            disk.setHook(nil)
            let isOver = left.withLock { $0 } > 0
            let next = disk.crash(isPower ? .power { _, _ in false } : .process)
            let found = try Self.cycles(next)
            #expect(Set(found).isSubset(of: [10, 20]), "\(found) after \(at) operations")
            #expect((publisher.files.health.fault == nil) == isOver)
            #expect(publisher.files.health.failures == (isOver ? 0 : 1))
            let again = try Publisher(next)
            again.veto(3)
            again.reach(9)
            again.reach(10)
            #expect(zip(try Self.cycles(next), found).allSatisfy { $0 >= $1 }, "after \(at) operations")
            again.veto(12)
            again.veto(27)
            again.reach(30)
            #expect(Set(try Self.cycles(next)) == [30])
            #expect(try Self.vetoes(next) == 3, "after \(at) operations")
            if isOver { break }
        }
    }

    /// Goal: a publish that failed is made good by the next, and told. Method: a full disk for one moment.
    @Test func theNextPublishMakesGood() throws {
        let disk = MemoryDisk()
        let publisher = try Publisher(disk)
        publisher.reach(1)
        disk.setHook { operation, _ in operation == .write ? .fail(.noSpace) : nil }
        publisher.veto(2)
        publisher.reach(5)
        #expect(publisher.files.health.fault?.contains("no space left") == true)
        #expect(publisher.files.storedThrough == 1)
        disk.setHook(nil)
        publisher.reach(5)
        #expect(publisher.files.health.fault == nil)
        #expect(Set(try Self.cycles(disk)) == [5])
        #expect(try Self.vetoes(disk) == 1)
    }

    /// Goal: counters that can't be complete say since when they count. Method: the checkpoint is lost, and the replica
    /// begins at a snapshot.
    @Test func countersSaySinceWhen() throws {
        let disk = MemoryDisk()
        let first = try Publisher(disk)
        first.veto(3)
        first.reach(10)
        disk.vanish(StateFiles.checkpointName)
        let configuration = try Fixture.configuration()
        let place = ReplicaPlace(
            sequence: 8,
            time: VetoMetricsTests.time(8),
            isWhole: false,
            configuration: configuration
        )
        let later = try Publisher(disk, place: place)
        later.veto(11)
        later.reach(20)
        let counters = try Fixture.document(disk, .diagnostics)["runtime_diagnostics"]?["veto_counters"]
        #expect(counters?["total_vetoes"] == 1)
        #expect(counters?["is_complete"] == false)
        #expect(counters?["since"]?.string == VetoMetricsTests.time(8).text(.milliseconds))
    }

    /// Goal: a new journal counts its cycles anew, and its files say whose they are. Method: the same directory under
    /// another journal.
    @Test func anotherJournalBeginsAnew() throws {
        let disk = MemoryDisk()
        let first = try Publisher(disk)
        first.veto(3)
        first.reach(100)
        let other = JournalIdentity(id: JournalID(high: 9, low: 9), durableThrough: .max)
        let second = try Publisher(disk, journal: other)
        second.reach(2)
        #expect(Set(try Self.cycles(disk)) == [2])
        #expect(try Self.vetoes(disk) == 0)
        #expect(try Fixture.document(disk, .nav)["journal_id"]?.string == other.id.description)
    }

    /// Goal: garbage in a state file is no input: it is overwritten. Method: every file and the checkpoint replaced by
    /// bytes of all kinds.
    @Test func garbageIsOverwritten() throws {
        for garbage in [[], [0, 1, 2], Array("{".utf8), Array("{\"cycle\":-1,\"counters\":[]}".utf8)] as [[UInt8]] {
            let disk = MemoryDisk()
            for file in StateFile.allCases { disk.place(file.fileName, garbage) }
            disk.place(StateFiles.checkpointName, garbage)
            let publisher = try Publisher(disk)
            publisher.reach(4)
            #expect(Set(try Self.cycles(disk)) == [4])
        }
    }

    /// Goal: diagnostics that are turned off are not computed. Method: the flag off; the block is empty.
    @Test func diagnosticsCanBeTurnedOff() throws {
        let disk = MemoryDisk()
        let publisher = try Publisher(disk)
        let off = try Fixture.configuration(["strategy_config.diagnostics.enabled": "false"])
        publisher.engine.reach(publisher.files, Fixture.moment(4, off), publisher.names)
        let document = try Fixture.document(disk, .diagnostics)
        #expect(document["runtime_diagnostics"] == .object([]))
        #expect(try Fixture.schema(.diagnostics).violation(of: document) == nil)
    }
}
