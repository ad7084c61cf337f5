public import FairleadJournal
import FairleadModel

/// Reads the state files of a directory, for screens and tools; no decision of the engine is ever taken from one.
///
/// Nothing throws. A file that is missing, cut off or of another shape, and a field of another type or out of range,
/// are unknown: nil, or an empty view. What is unknown is never told as healthy. Shapes of the source systems
/// (`LegacyShapes`) are understood. Each call reads anew; the engine may write meanwhile, since it replaces each file
/// at once.
public struct StateReader: Sendable {
    /// Far more than a state file of the largest configuration has.
    static let byteLimit = 64 << 20

    private let disk: (any Disk)?
    private let fault: StateFault?

    public init(_ disk: any Disk) { (self.disk, fault) = (disk, nil) }

    /// A directory that isn't there has no files.
    public init(directory path: String) {
        do throws(DiskError) {
            (disk, fault) = (try PosixDisk(path: path, make: false), nil)
        } catch {
            disk = nil
            fault = error.kind == .notFound ? .missing : .unreadable("\(error)")
        }
    }

    // MARK: - Files

    /// The file as it stands.
    public func read(_ file: StateFile) -> StateDocument {
        let own = read(file, file.fileName)
        // Only for a file that isn't there: an old one must not stand in for one that is damaged.
        guard own.fault == .missing else { return own }
        for name in LegacyShapes.fileNames(of: file) {
            let other = read(file, name)
            if other.fault != .missing { return other }
        }
        return own
    }

    private func read(_ file: StateFile, _ name: String) -> StateDocument {
        guard let disk else { return StateDocument(file, fault ?? .missing) }
        let bytes: [UInt8]
        do throws(DiskError) {
            bytes = try disk.readAll(name, limit: Self.byteLimit)
        } catch {
            return StateDocument(file, error.kind == .notFound ? .missing : .unreadable("\(error)"))
        }
        do throws(JSONError) {
            let value = try TolerantJSON.parse(bytes)
            guard value.object != nil else { return StateDocument(file, .notAnObject) }
            return StateDocument(file, fileName: name, value: value)
        } catch {
            return StateDocument(file, .malformed(error))
        }
    }

    /// All files. Those of one cycle where that can be had: the files of a publish change their names back to back, so
    /// that a second look finds them level.
    public func snapshot() -> StateSnapshot {
        var snapshot = StateSnapshot(StateFile.allCases.map { read($0) })
        for _ in 0..<4 where !snapshot.isLevel { snapshot = StateSnapshot(StateFile.allCases.map { read($0) }) }
        return snapshot
    }

    // MARK: - The loaders of SPEC 15

    /// The router's quality over all symbols; all of it unknown where the file has none.
    public func routerGlobalQuality() -> RouterQuality { RouterQuality(global: read(.routerHealth)) }

    /// The router's quality of one symbol, whose case doesn't matter; all of it unknown where the file has none.
    public func routerSymbolQuality(_ symbol: String) -> RouterQuality {
        let rows = RouterQuality.symbols(read(.routerHealth)) ?? []
        return rows.first { $0.symbol?.uppercased() == symbol.uppercased() } ?? RouterQuality()
    }

    /// Counters, exit pipeline and liveness; empty where there is no such file.
    public func runtimeDiagnostics() -> RuntimeDiagnostics { RuntimeDiagnostics(read(.diagnostics)) }
}
