import FairleadJournal
import FairleadModel
import FairleadPublication
import Synchronization

/// Whoever reads the state files at any moment, as another process may: at each operation of the publisher's disk.
final class PublishedReader: Sendable {
    private struct Seen {
        var bytes: [UInt8] = []
        var journal = ""
        var cycle: UInt64 = 0
    }

    private struct State {
        var isReading = false
        var seen = [Seen](repeating: Seen(), count: StateFile.allCases.count)
        /// The NAV that a file of the newest cycles said, by the cycle's text.
        var worth: [String: JSONValue] = [:]
        var fault: String?
        var reads: UInt64 = 0
    }

    private let state = Mutex(State())

    /// The first thing that no reader may see; nil while there is none.
    var fault: String? { state.withLock { $0.fault } }
    /// New files that were read.
    var reads: UInt64 { state.withLock { $0.reads } }
    /// The newest cycle of a file.
    func cycle(_ index: Int) -> UInt64 { state.withLock { $0.seen[index].cycle } }

    /// Reads all files. Its own reading is nobody's operation.
    func look(_ disk: MemoryDisk) {
        let isFirst = state.withLock { state in
            defer { state.isReading = true }
            return !state.isReading
        }
        guard isFirst else { return }
        for (index, file) in StateFile.allCases.enumerated() { look(disk, file, index) }
        state.withLock { $0.isReading = false }
    }

    /// The machine went down, and the reader with it.
    func forget() {
        state.withLock { state in
            for index in state.seen.indices { state.seen[index] = Seen() }
            state.worth = [:]
        }
    }

    var isReading: Bool { state.withLock { $0.isReading } }

    private func look(_ disk: MemoryDisk, _ file: StateFile, _ index: Int) {
        let bytes: [UInt8]
        do throws(DiskError) { bytes = try disk.readAll(file.fileName, limit: 1 << 26) } catch { return }
        state.withLock { state in
            if bytes == state.seen[index].bytes { return }
            state.seen[index].bytes = bytes
            state.reads += 1
            guard let document = Self.parsed(bytes), let cycle = document["cycle"]?.integer, cycle >= 0,
                let journal = document["journal_id"]?.string
            else {
                state.fault = state.fault ?? "\(file.fileName) is no whole document: \(bytes.count) bytes"
                return
            }
            let before = state.seen[index]
            if journal == before.journal, UInt64(cycle) < before.cycle {
                state.fault = state.fault ?? "\(file.fileName) went back from cycle \(before.cycle) to \(cycle)"
            }
            (state.seen[index].journal, state.seen[index].cycle) = (journal, UInt64(cycle))
            guard file == .nav || file == .navState || file == .riskSnapshot else { return }
            let (key, nav) = ("\(journal) \(cycle)", document["nav"] ?? .null)
            if let known = state.worth[key], known != nav {
                state.fault = state.fault ?? "files of cycle \(cycle) say different NAVs"
            }
            if state.worth.count > 64 { state.worth.removeAll() }
            state.worth[key] = nav
        }
    }

    private static func parsed(_ bytes: [UInt8]) -> JSONValue? {
        do throws(JSONError) { return try JSONParser.parse(bytes) } catch { return nil }
    }
}
