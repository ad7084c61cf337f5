import FairleadJournal
import FairleadModel

/// D2: the disk is full: nothing new is made on it.
struct DiskFull: Fault {
    var name: String { "disk_full" }
    var row: String { "D2" }
    var placements: FaultPlacements { .everywhere }
    var reach: FaultReach { .disk }
    var presence: UInt64 { 40 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...180_000)))
    }

    func fate(of operation: DiskOperation, _ file: String, _ window: inout FaultWindow) -> MemoryDisk.Fault? {
        switch operation {
        case .write, .extend, .createSegment: .fail(.noSpace)
        case .list, .size, .read, .rename, .remove, .syncDirectory, .openSegment, .sync, .lock, .openDirectory: nil
        }
    }
}

/// D2: operations beside the segments' syncs are refused, or leave half of what they should have written: errors of
/// the device, a read-only mount, a permission that is gone.
struct DiskErrors: Fault {
    var name: String { "disk_error" }
    var row: String { "D2" }
    var placements: FaultPlacements { .everywhere }
    var reach: FaultReach { .disk }
    var presence: UInt64 { 40 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...120_000)), value: random.next(in: 20...600))
    }

    func fate(of operation: DiskOperation, _ file: String, _ window: inout FaultWindow) -> MemoryDisk.Fault? {
        let kinds: [DiskError.Kind] = [.inputOutput, .readOnly, .permissionDenied, .tooManyOpenFiles]
        switch operation {
        case .write, .extend, .createSegment:
            guard window.strikes() else { return nil }
            let kind = kinds[Int(window.random.next(below: 4))]
            if window.random.chance(1, in: 2) { return .fail(kind) }
            return .partial(byteCount: Int(window.random.next(below: 4_096)), kind)
        case .rename, .remove, .syncDirectory, .list, .read, .openSegment:
            return window.strikes() ? .fail(kinds[Int(window.random.next(below: 4))]) : nil
        case .size, .sync, .lock, .openDirectory: return nil
        }
    }
}
