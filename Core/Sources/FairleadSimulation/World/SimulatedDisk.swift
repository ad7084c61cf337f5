import FairleadJournal
import FairleadModel
import Synchronization

/// The router's disk: a directory in memory under the active faults, kept over the lives of the process.
struct SimulatedDisk {
    /// What became of a file behind everyone's back.
    private struct Damage {
        var name: String
        var before: [UInt8]
        /// nil: the file is gone.
        var after: [UInt8]?
    }

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
    /// Looks at the disk before each operation, as another process may.
    private var reader: PublishedReader?
    /// Since the journal began, the oldest first.
    private var damages: [Damage] = []
    /// How long a commit takes.
    var syncDelay: TimeSpan

    init(syncDelay: TimeSpan) {
        files = MemoryDisk()
        self.syncDelay = syncDelay
        install()
    }

    private func install() {
        let script = script
        guard let reader else { return files.setHook { operation, file in script.fate(operation, file) } }
        files.setHook { [weak files] operation, file in
            if reader.isReading { return nil }
            if let files { reader.look(files) }
            return script.fate(operation, file)
        }
    }

    /// From now on `reader` sees what a process beside the router may see.
    mutating func watch(_ reader: PublishedReader) {
        self.reader = reader
        install()
    }

    /// True once after a fault of this name struck: it is over then.
    func takeDeath(of name: String) -> Bool {
        script.windows.withLock { windows in
            let count = windows.count
            windows.removeAll { $0.kind.name == name && $0.acts > 0 }
            return windows.count < count
        }
    }

    /// What would be left if the power went now and nothing unsynced were kept.
    func withoutPower() -> MemoryDisk { files.crash(.power { _, _ in false }) }

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

    // MARK: - Damage

    /// True while files of this journal are not what was written to them, or gone.
    var isDamaged: Bool { !damages.isEmpty }

    /// Lets bits rot, or takes a file or a part of it away.
    mutating func damage(_ name: String, _ change: (MemoryDisk) -> Void) {
        let (before, after) = withoutFaults { disk in
            let before = Self.content(disk, name)
            change(disk)
            return (before, Self.content(disk, name))
        }
        guard let before, before != after else { return }
        damages.append(Damage(name: name, before: before, after: after))
    }

    /// The damaged journal was put aside.
    mutating func forgetDamage() { damages.removeAll() }

    /// For the judges: the files with the damage undone wherever it still stands as it was done.
    func asWritten<Result>(_ body: (MemoryDisk) -> Result) -> Result {
        if damages.isEmpty { return withoutFaults(body) }
        let whole = withoutFaults { $0.crash(.process) }
        for damage in damages.reversed() where Self.content(whole, damage.name) == damage.after {
            whole.place(damage.name, damage.before)
        }
        return body(whole)
    }

    private static func content(_ disk: MemoryDisk, _ name: String) -> [UInt8]? {
        do throws(DiskError) { return try disk.readAll(name, limit: 1 << 30) } catch { return nil }
    }
}
