public import FairleadConfiguration
import FairleadJournal
public import FairleadNode
public import FairleadPublication
import FairleadStore
import Foundation

/// Those who publish, and why some of them could not be made.
public struct Publishers {
    public var observers: [any ReplicaObserver]
    public var faults: [String]
    /// The directories that they write to.
    var disks: [PosixDisk] = []

    /// Somebody removed one of the directories: what is written there is lost.
    var isRemoved: Bool { disks.contains { $0.isRemoved } }

    /// What was not published in full, for a person; a run that is resumed makes it good.
    public var complaints: [String] {
        faults
            + observers.compactMap { observer in
                observer.health.fault.map { "\(observer.name) can't be written: \($0); --resume makes them good" }
            }
    }
}

/// Where a run publishes: the directories of its state files and logs, and its history.
public struct PublishingPlaces: Sendable {
    public let state: String
    public let logs: String
    /// Of `router_health.jsonl`.
    public let health: String
    let fileBytes: Int
    let filesKept: Int
    let software: SoftwareIdentity
    /// nil where no history is kept.
    private var history: @Sendable () -> HistoryWriter?

    /// A backtest's, under its own directory whatever the configuration says of a live run's.
    public init(_ runtime: RuntimeConfiguration, backtest directory: String, software: SoftwareIdentity) {
        var runtime = runtime
        runtime.state.directory = StateConfiguration().directory
        runtime.logs.directory = LogConfiguration().directory
        self.init(runtime, home: directory, software: software)
        history = { HistoryPlace.writer(backtest: directory) }
    }

    /// `tell` gets what people should know of the history.
    public init(
        _ runtime: RuntimeConfiguration,
        home: String,
        software: SoftwareIdentity,
        tell: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        state = HomePaths.under(home, runtime.state.directory)
        health = HomePaths.under(home, runtime.logs.directory)
        logs = HomePaths.under(health, "execution")
        fileBytes = runtime.logs.fileBytes
        filesKept = runtime.logs.filesKept
        self.software = software
        history = { HistoryPlace.writer(runtime, home: home, tell: tell) }
    }

    /// The observers that publish there. What can't be opened is left out, and told.
    public func observers() -> Publishers {
        var observers: [any ReplicaObserver] = []
        var faults: [String] = []
        var disks: [PosixDisk] = []
        func add(_ path: String, _ make: (PosixDisk) -> any ReplicaObserver) {
            do throws(LiveError) {
                let disk = try Self.disk(path)
                disks.append(disk)
                observers.append(make(disk))
            } catch {
                faults.append("\(error)")
            }
        }
        add(state) { StateFiles($0, software: software) }
        add(logs) { ExecutionLogs($0, fileBytes: fileBytes, filesKept: filesKept) }
        add(health) { ExecutionLogs(health: $0, fileBytes: fileBytes, filesKept: filesKept) }
        if let writer = history() { observers.append(writer) }
        return Publishers(observers: observers, faults: faults, disks: disks)
    }

    private static func disk(_ path: String) throws(LiveError) -> PosixDisk {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            return try PosixDisk(path: path)
        } catch {
            throw LiveError(path, error)
        }
    }
}
