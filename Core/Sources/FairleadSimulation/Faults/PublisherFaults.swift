import FairleadJournal
import FairleadModel

/// D2 under the publisher: its disk is full.
struct PublisherFull: Fault {
    var name: String { "publisher_full" }
    var row: String { "D2" }
    var placements: FaultPlacements { .everywhere }
    var reach: FaultReach { .published }
    var presence: UInt64 { 30 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...180_000)))
    }

    func fate(of operation: DiskOperation, _ file: String, _ window: inout FaultWindow) -> MemoryDisk.Fault? {
        DiskFull().fate(of: operation, file, &window)
    }
}

/// D2 under the publisher: operations are refused, or done in part.
struct PublisherErrors: Fault {
    var name: String { "publisher_error" }
    var row: String { "D2" }
    var placements: FaultPlacements { .everywhere }
    var reach: FaultReach { .published }
    var presence: UInt64 { 30 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...180_000)), value: random.next(in: 20...600))
    }

    func fate(of operation: DiskOperation, _ file: String, _ window: inout FaultWindow) -> MemoryDisk.Fault? {
        DiskErrors().fate(of: operation, file, &window)
    }
}

/// P1 in the midst of a publish: after so many operations of the publisher's disk none is done any more, and the
/// process dies.
struct PublisherKilled: Fault {
    var name: String { "publisher_killed" }
    var row: String { "P1" }
    var placements: FaultPlacements { .everywhere }
    var reach: FaultReach { .published }
    var presence: UInt64 { 30 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...60_000)), value: random.next(in: 1...60))
    }

    func fate(of operation: DiskOperation, _ file: String, _ window: inout FaultWindow) -> MemoryDisk.Fault? {
        // Those that pass are counted here, those that don't by whoever asks.
        if window.passed < window.fault.value {
            window.passed += 1
            return nil
        }
        guard window.acts == 0 else { return .fail(.inputOutput) }
        switch operation {
        case .write, .extend: return .partial(byteCount: Int(window.random.next(below: 2_000)), .inputOutput)
        case .list, .size, .read, .rename, .remove, .syncDirectory, .createSegment, .openSegment, .sync, .lock,
            .openDirectory:
            return .fail(.inputOutput)
        }
    }
}
