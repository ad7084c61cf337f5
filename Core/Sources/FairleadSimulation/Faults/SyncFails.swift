import FairleadJournal
import FairleadModel

/// D2: a sync fails, and what it should have written is forgotten by the kernel: later syncs succeed and write nothing
/// of it. The router stops entries for good; at the fault's end the desk ends it and starts it again, or the power
/// goes.
struct SyncFails: Fault {
    var name: String { "sync_failed" }
    var row: String { "D2" }
    var reach: FaultReach { .disk }
    var presence: UInt64 { 40 }
    var needsDisk: Bool { true }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 500...90_000)), value: random.next(in: 0...2))
    }

    /// Once.
    func fate(of operation: DiskOperation, _ file: String, _ window: inout FaultWindow) -> MemoryDisk.Fault? {
        operation == .sync && window.acts == 0 ? .fail(.inputOutput) : nil
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        guard simulation.committer?.isFailed == true else { return }
        guard window.fault.value == 0 else { return simulation.crash(.process, downFor: .seconds(1)) }
        var random = window.random
        let kept: (String, Int) -> Bool = { _, _ in random.chance(1, in: 2) }
        withoutActuallyEscaping(kept) { keeps in
            simulation.crash(.power(keeps: keeps), downFor: .seconds(1))
        }
    }
}
