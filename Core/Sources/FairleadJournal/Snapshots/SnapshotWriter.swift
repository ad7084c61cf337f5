public import FairleadModel

/// Takes the fields of a state, section by section, and makes a snapshot's bytes of them.
///
/// Visiting costs about a nanosecond a field and is all that the loop must do; `encoded` and writing the file may
/// happen on another thread. Grows with the state; its memory is kept by `clear`.
public struct SnapshotWriter: StateVisitor, Sendable {
    public let isReading = false
    private var words: [UInt64] = []
    private var sections: [(name: String, start: Int)] = []

    public init() {}

    /// Begins a section; `name` is 1 to 16 ASCII letters and unlike the others.
    public mutating func beginSection(_ name: String) {
        SectionName.check(name)
        precondition(!sections.contains { $0.name == name }, "Invariant: a section's name is given once")
        sections.append((name, words.count))
    }

    public mutating func visit(_ value: inout UInt64) {
        precondition(!sections.isEmpty, "Invariant: a field belongs to a section")
        words.append(value)
    }

    /// Empties it and keeps its memory.
    public mutating func clear() {
        words.removeAll(keepingCapacity: true)
        sections.removeAll(keepingCapacity: true)
    }

    /// The file's bytes.
    public func encoded(_ identity: SnapshotIdentity) -> [UInt8] {
        let size = Snapshot.headerByteCount + sections.count * (Snapshot.nameByteCount + 8) + words.count * 8
        let stateHash = self.stateHash
        let body = ByteSource.encoded(limit: size) { sink in
            sink.put(Snapshot.magic)
            sink.put(Snapshot.version)
            sink.put(identity.stateVersion)
            sink.put(identity.sequence)
            sink.put(identity.time)
            sink.put(identity.chain)
            sink.put(UInt32(sections.count))
            identity.configurationHash.encode(&sink)
            stateHash.encode(&sink)
            sink.put(identity.journalID.high)
            sink.put(identity.journalID.low)
            for index in sections.indices {
                let range = wordRange(index)
                sink.put(SectionName.bytes(sections[index].name))
                sink.put(UInt64(range.count))
                for word in words[range] { sink.put(word) }
            }
        }
        let hash = SHA256.digest(body)
        return body + ByteSource.encoded(limit: Digest256.byteCount) { hash.encode(&$0) }
    }

    private func wordRange(_ section: Int) -> Range<Int> {
        sections[section].start..<(section + 1 < sections.count ? sections[section + 1].start : words.count)
    }

    /// The same as a `StateHasher` gives over the same fields.
    public var stateHash: Digest256 {
        var hasher = StateHasher()
        for index in sections.indices {
            hasher.beginSection(sections[index].name)
            for var word in words[wordRange(index)] { hasher.visit(&word) }
        }
        return hasher.finish()
    }
}

/// Gives a section's fields back, in the order in which they were written.
public struct SnapshotReader: StateVisitor, Sendable {
    public let isReading = true
    private let words: [UInt64]
    private var position = 0
    private var hasOverrun = false

    init(words: [UInt64]) { self.words = words }

    public mutating func visit(_ value: inout UInt64) {
        guard position < words.count else {
            hasOverrun = true
            return
        }
        value = words[position]
        position += 1
    }

    /// True when exactly the section was read: ask after visiting, and drop the state otherwise.
    public var isComplete: Bool { !hasOverrun && position == words.count }
}

/// SHA-256 of a state, without a snapshot: over each section's name, its fields, and their count.
public struct StateHasher: StateVisitor {
    /// Shared by copies of the hasher: visit through one of them only.
    private final class Stream {
        var hash = SHA256()
        var buffer = HashBuffer()
        var count: UInt64 = 0

        func put(_ word: UInt64) {
            if buffer.isFull(for: 8) { buffer.flush(into: &hash) }
            buffer.append(limit: 8) { $0.put(word) }
        }
    }

    public let isReading = false
    private let stream = Stream()
    private var isInSection = false

    public init() {}

    public mutating func beginSection(_ name: String) {
        SectionName.check(name)
        endSection()
        isInSection = true
        stream.buffer.flush(into: &stream.hash)
        stream.hash.update(SectionName.bytes(name))
    }

    private mutating func endSection() {
        if isInSection { stream.put(stream.count) }
        stream.count = 0
        isInSection = false
    }

    public mutating func visit(_ value: inout UInt64) {
        precondition(isInSection, "Invariant: a field belongs to a section")
        stream.count += 1
        stream.put(value)
    }

    /// Ends the hash and starts a new one.
    public mutating func finish() -> Digest256 {
        endSection()
        stream.buffer.flush(into: &stream.hash)
        return stream.hash.finish()
    }
}

enum SectionName {
    static func check(_ name: String) {
        precondition(!name.isEmpty, "Invariant: a section has a name")
        precondition(name.utf8.count <= Snapshot.nameByteCount, "Invariant: a section's name has at most 16 bytes")
        precondition(name.utf8.allSatisfy { $0 > 32 && $0 < 127 }, "Invariant: a section's name is ASCII")
    }

    static func bytes(_ name: String) -> [UInt8] {
        let text = Array(name.utf8)
        return text + [UInt8](repeating: 0, count: Snapshot.nameByteCount - text.count)
    }
}
