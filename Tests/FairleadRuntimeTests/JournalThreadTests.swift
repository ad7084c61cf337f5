import Dispatch
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import Synchronization
import Testing

@testable import FairleadRuntime

/// What the threads told, and a way to wait for it.
private final class Told: Sendable {
    let wakes = Atomic<Int>(0)
    let faults = Mutex<[String]>([])
    private let turn = DispatchSemaphore(value: 0)

    func start(_ committer: JournalCommitter) -> JournalThread {
        JournalThread(
            committer,
            settings: JournalConfiguration(),
            waitsForDisk: true,
            onDurable: { [self] in
                wakes.wrappingAdd(1, ordering: .relaxed)
                turn.signal()
            },
            onFault: { [self] reason in faults.withLock { $0.append(reason) } }
        )
    }

    /// Waits, from one wake to the next, until `isSo`; false when it wasn't within a minute.
    func wait(_ isSo: () -> Bool) -> Bool {
        let deadline = DispatchTime.now() + 60
        while !isSo() {
            if turn.wait(timeout: deadline) == .timedOut { return isSo() }
        }
        return true
    }
}

@Suite struct JournalThreadTests {
    private static let segmentByteCount = 1 << 16
    private static let moment = Timestamp(nanoseconds: 1_723_118_400_000_000_000)

    private static func writer(_ disk: any Disk) throws -> JournalWriter {
        try JournalWriter(
            disk,
            options: JournalOptions(segmentByteCount: segmentByteCount, durability: .disk, preparesInline: false)
        )
    }

    /// Goal: a disk without room for a next segment holds no sync up, and its end wakes the node. Method: room for one
    /// segment; a record must become durable meanwhile; then room again.
    @Test func aFullDiskHoldsNoSyncUp() throws {
        let disk = MemoryDisk(freeByteCount: Self.segmentByteCount)
        var writer = try Self.writer(disk)
        let committer = writer.committer
        let told = Told()
        let threads = told.start(committer)
        #expect(told.wait { committer.preparationFailure != nil })
        let sequence = try writer.append(.timer, at: Self.moment)
        #expect(told.wait { committer.durableThrough == sequence })
        #expect(committer.preparationFailure != nil)
        disk.freeByteCount = 2 * Self.segmentByteCount
        #expect(told.wait { committer.preparationFailure == nil })
        #expect(Bool(writer.takesEverything))
        threads.stop(within: 60)
        #expect(threads.hasEnded)
        #expect(told.faults.withLock { $0 }.count { $0.contains("no space") } == 1)
        try writer.close()
    }

    /// Goal: syncs don't wait while a segment is being made. Method: the disk takes no end over a segment; a record
    /// must become durable meanwhile.
    @Test func aSlowSegmentHoldsNoSyncUp() throws {
        let disk = MemoryDisk()
        var writer = try Self.writer(disk)
        let committer = writer.committer
        let (isMaking, mayMake) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        disk.setHook { operation, _ in
            guard operation == .createSegment else { return nil }
            isMaking.signal()
            mayMake.wait()
            return nil
        }
        let told = Told()
        let threads = told.start(committer)
        isMaking.wait()
        let sequence = try writer.append(.timer, at: Self.moment)
        #expect(told.wait { committer.durableThrough == sequence })
        #expect(committer.needsSegment)
        mayMake.signal()
        threads.stop(within: 60)
        #expect(threads.hasEnded)
        #expect(!committer.needsSegment)
        try writer.close()
    }

    /// Goal: one writer, its syncs and its segments on three threads lose nothing and come to the same seals. Method:
    /// many small segments of records as fast as they are taken, on a real disk; then every record and seal is read.
    @Test func threadsAndWriterAgree() throws {
        let directory = try TemporaryDirectory()
        let disk = try PosixDisk(path: directory.path + "/journal")
        var writer = try Self.writer(disk)
        let committer = writer.committer
        let told = Told()
        let threads = told.start(committer)
        var count: UInt64 = 0
        while count < 20_000 {
            do throws(JournalError) {
                count = try writer.append(.timer, at: Self.moment)
                if count % 64 == 0 { try writer.appendSeals(at: Self.moment) }
            } catch {
                // The writer was faster than the segments: it waits for the next wake, as the node does.
                guard case .noSpace(nil) = error else { throw error }
                let before = told.wakes.load(ordering: .relaxed)
                try #require(told.wait { told.wakes.load(ordering: .relaxed) > before || !committer.needsSegment })
            }
        }
        #expect(told.wait { committer.durableThrough == count })
        threads.stop(within: 60)
        #expect(threads.hasEnded)
        #expect(told.faults.withLock { $0 }.isEmpty)
        while try committer.sealOne() {}
        try writer.appendSeals(at: Self.moment)
        try writer.close()
        let report = try JournalVerifier.verify(disk)
        #expect(report.lastSequence == count)
        #expect(report.isSound)
        #expect(report.segments.count > 5)
        #expect(report.segments.dropLast().allSatisfy { $0.seal == .sealed })
    }
}
