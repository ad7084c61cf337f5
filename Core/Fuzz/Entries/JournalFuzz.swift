import FairleadJournal
import FairleadModel

/// The journal's files.
enum JournalFuzz {
    private static let segmentName = "journal-00000000000000000001.segment"

    static func record(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let types = RecordType.allCases
        let type = types[Int(first) % types.count]
        do throws(FieldError) {
            let body = try RecordBody.decode(type, Array(bytes.dropFirst()))
            FuzzEntry.require(body.type == type, "a record is of its type")
        } catch {
            FuzzEntry.require(!error.description.isEmpty, "a refusal has a reason")
        }
    }

    static func segment(_ bytes: [UInt8]) {
        let disk = MemoryDisk()
        disk.place(segmentName, bytes)
        do throws(JournalError) {
            let report = try JournalVerifier.verify(disk)
            var reader = try JournalReader(disk)
            var count = 0
            while try reader.next() != nil { count += 1 }
            FuzzEntry.require(report.damage == nil || count == 0 || bytes.count > 0, "damage is told of bytes")
        } catch {
            FuzzEntry.require(!error.description.isEmpty, "a refusal has a reason")
        }
        open(disk)
    }

    /// A journal that was opened takes records, and reads to its end afterwards.
    private static func open(_ disk: MemoryDisk) {
        do throws(JournalError) {
            var writer = try JournalWriter(disk, options: JournalOptions(segmentByteCount: 8192))
            let sequence = try writer.append(.timer, at: Timestamp(nanoseconds: 1))
            var reader = try JournalReader(disk, from: sequence)
            let record = try reader.next()
            FuzzEntry.require(record?.header.sequence == sequence, "what is appended is read")
        } catch {
            FuzzEntry.require(!error.description.isEmpty, "a refusal has a reason")
        }
    }

    static func snapshot(_ bytes: [UInt8]) {
        read(bytes)
        // As it is, a changed byte ends at the hash: with its own hash behind it, what is inside is looked at.
        read(bytes + sealed(bytes))
    }

    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let hash = SHA256.digest(bytes)
        var seal: [UInt8] = []
        for word in [hash.first, hash.second, hash.third, hash.fourth] {
            for shift in stride(from: 56, through: 0, by: -8) { seal.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return seal
    }

    private static func read(_ bytes: [UInt8]) {
        do throws(SnapshotRejection) {
            let snapshot = try Snapshot(bytes)
            for name in snapshot.sectionNames {
                guard var reader = snapshot.reader(of: name) else {
                    preconditionFailure("Invariant: a section that is named is there")
                }
                var word: UInt64 = 0
                for _ in 0..<bytes.count { reader.visit(&word) }
            }
        } catch {
            FuzzEntry.require(!error.description.isEmpty, "a refusal has a reason")
        }
    }
}
