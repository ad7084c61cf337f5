import FairleadJournal
import FairleadModel
import Synchronization

/// The router's disk: a directory in memory under the active faults, kept over the lives of the process.
struct SimulatedDisk {
    /// Asked by the disk's hook, which may not touch the simulation itself.
    private final class Script: Sendable {
        let windows = Mutex<[FaultWindow]>([])

        func fate(_ operation: DiskOperation, _ file: String) -> MemoryDisk.Fault? {
            windows.withLock { windows in
                for index in windows.indices {
                    guard let fault = windows[index].kind.fate(of: operation, file, &windows[index]) else { continue }
                    windows[index].acts += 1
                    return fault
                }
                return nil
            }
        }
    }

    private(set) var files: MemoryDisk
    private let script = Script()
    /// How long a commit takes.
    var syncDelay: TimeSpan

    init(syncDelay: TimeSpan) {
        files = MemoryDisk()
        self.syncDelay = syncDelay
        install()
    }

    private func install() {
        let script = script
        files.setHook { operation, file in script.fate(operation, file) }
    }

    /// The disk as the next start finds it.
    mutating func crash(_ crash: MemoryDisk.Crash) {
        files.setHook(nil)
        files = files.crash(crash)
        install()
    }

    func add(_ window: FaultWindow) { script.windows.withLock { $0.append(window) } }

    func remove(_ number: Int) { script.windows.withLock { $0.removeAll { $0.fault.number == number } } }

    /// Runs `body` on a disk without faults: for those who only judge.
    func withoutFaults<Result>(_ body: (MemoryDisk) -> Result) -> Result {
        files.setHook(nil)
        defer { install() }
        return body(files)
    }
}
