import FairleadJournal
import FairleadPaper
import Foundation
import Glibc

/// The journal of a paper venue in a process of its own (`venue.journal`): a line of text, then the inputs as records
/// (`docs/PAPER-PROTOCOL.md`, "The venue's own journal").
///
/// Appended and synced before any answer to what it holds is written. The end that a crash tore off is cut away at the
/// next start; damage with records behind it is refused. Past `byteLimit` the state goes to a snapshot, and the journal
/// begins anew on it.
final class VenueJournal {
    /// 16 MiB: hours of the demonstration's market, replayed in a moment.
    static let byteLimit = 16 << 20
    private static let name = "venue.journal"
    private static let format = "fairlead.paper-venue.v3"
    /// Bytes before a record: its length, its checksum, and how much of the file was known to be durable before it.
    private static let prefixSize = 16
    /// No record is longer.
    private static let recordLimit = PaperInput.prefixSize + 65_536

    private let home: String
    private let configuration: String
    private let byteLimit: Int
    private let disk: PosixDisk
    private var descriptor: Int32 = -1
    private var length = 0
    private var durable = 0
    /// Clients that were connected at the end.
    private(set) var clients: [UInt32] = []

    enum Failure: Error, CustomStringConvertible {
        case otherConfiguration(String)
        /// Written by another version of the format.
        case otherFormat(String)
        case damaged(String, offset: Int)
        case snapshot(String)
        case disk(DiskError)
        case system(String, code: Int32)

        var description: String {
            switch self {
            case .otherConfiguration(let path): "\(path) was written under another configuration; use another --home"
            case .otherFormat(let path): "\(path) is no journal of this version; use another --home"
            case .damaged(let path, let offset): "\(path) is damaged at byte \(offset)"
            case .snapshot(let path): "\(path) is missing or damaged"
            case .disk(let error): "\(error)"
            case .system(let path, let code): "\(path): error \(code)"
            }
        }
    }

    /// `configuration` is the hash of what the venue runs under: another one is refused.
    init(home: String, configuration: String, byteLimit: Int = VenueJournal.byteLimit) throws(Failure) {
        self.home = home
        self.configuration = configuration
        self.byteLimit = byteLimit
        do throws(DiskError) { disk = try PosixDisk(path: home, make: false) } catch { throw .disk(error) }
    }

    deinit { close() }

    private var path: String { HomePaths.under(home, Self.name) }

    // MARK: - Reading

    /// Brings a new venue to the journal's end and changes nothing on disk: also while a venue writes. Tells where the
    /// last whole record ends; zero without a file.
    @discardableResult
    func restore(_ venue: inout PaperVenue) throws(Failure) -> Int {
        let bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
        guard !bytes.isEmpty else { return 0 }
        var end = try head(bytes, &venue)
        while end < bytes.count {
            guard let record = Self.record(bytes, at: end) else {
                if Self.provesDurable(bytes, end) { throw .damaged(path, offset: end) }
                break
            }
            do throws(PaperFrameError) {
                let input = try PaperInput(record: record.payload.span)
                note(input)
                venue.apply(input)
            } catch {
                throw .damaged(path, offset: end)
            }
            // What the venue answered then was told, or is lost with its connection: the queues stay bounded.
            while venue.next(through: venue.time) != nil {}
            end = record.end
        }
        return end
    }

    /// The first line: format, configuration, snapshot or "-", clients that were connected or "-".
    private func head(_ bytes: [UInt8], _ venue: inout PaperVenue) throws(Failure) -> Int {
        guard let end = bytes.prefix(4096).firstIndex(of: 0x0A) else { throw .otherFormat(path) }
        let words = String(decoding: bytes[0..<end], as: UTF8.self).split(separator: " ")
        guard words.count == 4, words[0] == Self.format else { throw .otherFormat(path) }
        guard words[1] == configuration else { throw .otherConfiguration(path) }
        clients = words[3].split(separator: ",").compactMap { UInt32($0) }
        if words[2] != "-" { try load(String(words[2]), into: &venue) }
        return end + 1
    }

    private func load(_ hash: String, into venue: inout PaperVenue) throws(Failure) {
        let file = Self.snapshotName(hash)
        let snapshot: Snapshot
        do {
            snapshot = try Snapshot(try disk.readAll(file, limit: 1 << 30))
        } catch {
            throw .snapshot(file)
        }
        guard "\(snapshot.fileHash)" == hash, var reader = snapshot.reader(of: "venue") else { throw .snapshot(file) }
        venue.visitState(&reader)
        guard reader.isComplete else { throw .snapshot(file) }
    }

    private static func snapshotName(_ hash: String) -> String { "venue-\(hash.prefix(16)).snapshot" }

    /// A sound record; nil where its bytes are not all there, or not what their checksum says.
    private static func record(
        _ bytes: [UInt8],
        at offset: Int
    ) -> (payload: [UInt8], durable: Int, end: Int)? {
        guard bytes.count - offset >= prefixSize else { return nil }
        let count = number(bytes, at: offset, bytes: 4)
        guard count > PaperInput.prefixSize, count <= recordLimit else { return nil }
        let end = offset + prefixSize + count
        guard end <= bytes.count else { return nil }
        let covered = Array(bytes[(offset + 8)..<end])
        guard Int(checksum(covered, at: offset)) == number(bytes, at: offset + 4, bytes: 4) else { return nil }
        return (Array(bytes[(offset + prefixSize)..<end]), number(bytes, at: offset + 8, bytes: 8), end)
    }

    /// Seeded by the place, so that bytes of an older file are never taken for a record.
    private static func checksum(_ covered: [UInt8], at offset: Int) -> UInt32 {
        CRC32C.checksum(covered, seed: UInt32(truncatingIfNeeded: offset))
    }

    private static func number(_ bytes: [UInt8], at offset: Int, bytes count: Int) -> Int {
        var value: UInt64 = 0
        for place in 0..<count { value |= UInt64(bytes[offset + place]) << UInt64(8 * place) }
        return Int(clamping: value)
    }

    /// True when a record behind `end` says that `end` was durable: what is broken there is no torn tail.
    private static func provesDurable(_ bytes: [UInt8], _ end: Int) -> Bool {
        var offset = end + 1
        while offset + prefixSize < bytes.count {
            if let record = record(bytes, at: offset), record.durable > end { return true }
            offset += 1
        }
        return false
    }

    private func note(_ input: PaperInput) {
        if case .hello = input.message.frame {
            if !clients.contains(input.client) { clients.append(input.client) }
        } else if case .goodbye = input.message.frame {
            clients.removeAll { $0 == input.client }
        }
    }

    // MARK: - Writing

    /// Brings a new venue to the journal's end, cuts a torn end away, and opens the file for appending.
    func open(_ venue: inout PaperVenue) throws(Failure) {
        let end = try restore(&venue)
        if end == 0 {
            try begin(snapshot: "-")
        } else {
            try openFile(at: end)
        }
    }

    private func begin(snapshot: String) throws(Failure) {
        let connected = clients.isEmpty ? "-" : clients.map(String.init).joined(separator: ",")
        let head = Array("\(Self.format) \(configuration) \(snapshot) \(connected)\n".utf8)
        do throws(DiskError) { try disk.replace(Self.name, head) } catch { throw .disk(error) }
        try openFile(at: head.count)
    }

    private func openFile(at end: Int) throws(Failure) {
        close()
        // SAFETY: the path is a terminated text for the call.
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0, ftruncate(descriptor, end) == 0, lseek(descriptor, off_t(end), SEEK_SET) == end else {
            throw .system(path, code: errno)
        }
        length = end
        durable = end
    }

    /// False when they could not be written.
    func append(_ inputs: ContiguousArray<PaperInput>) -> Bool {
        if inputs.isEmpty { return true }
        var bytes: [UInt8] = []
        for input in inputs {
            var record: ContiguousArray<UInt8> = []
            input.append(to: &record)
            var covered: [UInt8] = []
            for place in 0..<8 { covered.append(UInt8(truncatingIfNeeded: durable >> (8 * place))) }
            covered += record
            let checksum = Self.checksum(covered, at: length + bytes.count)
            for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: record.count >> (8 * place))) }
            for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: checksum >> UInt32(8 * place))) }
            bytes += covered
            note(input)
        }
        guard Descriptor.write(bytes, to: descriptor) else { return false }
        length += bytes.count
        return true
    }

    /// Makes all that was appended survive a loss of power. False when it can't be: the venue must fall silent.
    func sync() -> Bool {
        if durable == length { return true }
        guard fdatasync(descriptor) == 0 else { return false }
        durable = length
        return true
    }

    var isFull: Bool { length > byteLimit }

    /// Puts the venue's state into a snapshot and begins the journal anew on it: the head names the snapshot, so that a
    /// crash between leaves the old pair or the new one.
    func rotate(_ venue: inout PaperVenue) throws(Failure) {
        var writer = SnapshotWriter()
        writer.beginSection("venue")
        venue.visitState(&writer)
        let bytes = writer.encoded(
            SnapshotIdentity(
                stateVersion: 1,
                sequence: 0,
                time: venue.time,
                chain: 0,
                configurationHash: .zero,
                journalID: JournalID(high: 0, low: 0)
            )
        )
        do {
            let hash = "\(try Snapshot(bytes).fileHash)"
            try disk.replace(Self.snapshotName(hash), bytes)
            try begin(snapshot: hash)
            for old in try disk.list()
            where old.hasSuffix(".snapshot") && old.hasPrefix("venue-") && old != Self.snapshotName(hash) {
                try disk.remove(old)
            }
        } catch let failure as Failure {
            throw failure
        } catch let refusal as DiskError {
            throw .disk(refusal)
        } catch {
            throw .snapshot("\(error)")
        }
    }

    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }
}
