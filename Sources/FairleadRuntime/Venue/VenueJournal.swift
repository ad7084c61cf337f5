import FairleadPaper
import Foundation
import Glibc

/// The journal of a paper venue in a process of its own: a line of text that names the configuration, then each input
/// as its length in four bytes (little-endian) and its record (`PaperInput`).
///
/// Written before any answer to what it holds. A record that a crash cut off is cut away at the next start.
final class VenueJournal {
    /// No record is longer.
    private static let recordLimit = 1 << 20

    private let path: String
    private let head: [UInt8]
    private var descriptor: Int32 = -1
    /// Clients that were connected at the end.
    private(set) var clients: [UInt32] = []

    enum Failure: Error, CustomStringConvertible {
        case otherConfiguration(String)
        case damaged(String, offset: Int)
        case system(String, code: Int32)

        var description: String {
            switch self {
            case .otherConfiguration(let path): "\(path) was written under another configuration; use another --home"
            case .damaged(let path, let offset): "\(path) is damaged at byte \(offset)"
            case .system(let path, let code): "\(path): error \(code)"
            }
        }
    }

    init(path: String, hash: String) throws(Failure) {
        self.path = path
        head = Array("fairlead.paper-venue.v1 \(hash)\n".utf8)
    }

    deinit { close() }

    /// Gives each input in order and changes nothing: also while a venue writes. Tells where the last whole record
    /// ends; zero without a file.
    @discardableResult
    func read(_ body: (PaperInput) -> Void) throws(Failure) -> Int {
        let bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
        guard !bytes.isEmpty else { return 0 }
        guard bytes.starts(with: head) else { throw .otherConfiguration(path) }
        var end = head.count
        while let record = try record(bytes, at: end) {
            do throws(PaperFrameError) {
                let input = try PaperInput(record: record.span)
                note(input)
                body(input)
            } catch {
                throw .damaged(path, offset: end)
            }
            end += 4 + record.count
        }
        return end
    }

    /// Gives each input in order, then opens the file for appending.
    func replay(_ body: (PaperInput) -> Void) throws(Failure) {
        let end = try read(body)
        // SAFETY: the path is a terminated text for the call.
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(path, code: errno) }
        if end == 0 {
            guard Descriptor.write(head, to: descriptor) else { throw .system(path, code: errno) }
        } else {
            guard ftruncate(descriptor, end) == 0, lseek(descriptor, end, SEEK_SET) == end else {
                throw .system(path, code: errno)
            }
        }
    }

    /// nil at the end, and where a crash cut the last record off.
    private func record(_ bytes: [UInt8], at offset: Int) throws(Failure) -> [UInt8]? {
        guard bytes.count - offset >= 4 else { return nil }
        var count = 0
        for place in 0..<4 { count |= Int(bytes[offset + place]) << (8 * place) }
        guard count > 0, count <= Self.recordLimit else { throw .damaged(path, offset: offset) }
        guard bytes.count - offset - 4 >= count else { return nil }
        return Array(bytes[(offset + 4)..<(offset + 4 + count)])
    }

    private func note(_ input: PaperInput) {
        if case .hello = input.message.frame {
            if !clients.contains(input.client) { clients.append(input.client) }
        } else if case .goodbye = input.message.frame {
            clients.removeAll { $0 == input.client }
        }
    }

    /// False when they could not be written.
    func append(_ inputs: ContiguousArray<PaperInput>) -> Bool {
        if inputs.isEmpty { return true }
        var bytes: [UInt8] = []
        for input in inputs {
            var record: ContiguousArray<UInt8> = []
            input.append(to: &record)
            for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: record.count >> (8 * place))) }
            bytes += record
        }
        return Descriptor.write(bytes, to: descriptor)
    }

    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }
}
