public import FairleadModel

/// What a snapshot is of: the place in the journal, and what it was made under.
public struct SnapshotIdentity: Hashable, Sendable {
    /// The layout of the state's sections; the engine counts it up when a part visits other fields.
    public var stateVersion: UInt32
    /// The last input that the state holds.
    public var sequence: UInt64
    /// The engine's time at it.
    public var time: Timestamp
    /// The checksum of that input's record (`JournalWriter.inputChain`): ties the snapshot to this very journal.
    public var chain: UInt32
    public var configurationHash: Digest256
    public var journalID: JournalID

    public init(
        stateVersion: UInt32,
        sequence: UInt64,
        time: Timestamp,
        chain: UInt32,
        configurationHash: Digest256,
        journalID: JournalID
    ) {
        self.stateVersion = stateVersion
        self.sequence = sequence
        self.time = time
        self.chain = chain
        self.configurationHash = configurationHash
        self.journalID = journalID
    }
}

/// Why a snapshot is not used. The journal is replayed from further back instead.
public enum SnapshotRejection: Error, Hashable, Sendable, CustomStringConvertible {
    case notASnapshot
    case containerVersion(found: UInt32)
    case stateVersion(found: UInt32)
    /// Too short, too long, or not what its hash says.
    case damaged
    case otherJournal
    /// The journal ends before it: it lost its tail, or was cut back.
    case beyondJournal(sequence: UInt64)
    /// The journal holds another record at its sequence.
    case otherHistory

    public var description: String {
        switch self {
        case .notASnapshot: "not a snapshot"
        case .containerVersion(let found): "snapshot format \(found) is unknown to this build"
        case .stateVersion(let found): "state layout \(found) is not this build's"
        case .damaged: "damaged"
        case .otherJournal: "of another journal"
        case .beyondJournal(let sequence): "of sequence \(sequence), which the journal doesn't reach"
        case .otherHistory: "of another history"
        }
    }
}

/// A snapshot that was read and whose hash is right.
public struct Snapshot: Sendable {
    static let magic: UInt64 = 0x4853_5041_4E53_4C46
    static let version: UInt32 = 1
    static let headerByteCount = 120
    static let nameByteCount = 16
    /// The largest file that is read.
    static let byteLimit = 1 << 30

    struct Section: Sendable {
        var name: String
        var words: [UInt64]
    }

    public let identity: SnapshotIdentity
    /// SHA-256 of the sections: equal for equal states.
    public let stateHash: Digest256
    /// SHA-256 of the file, as its last 32 bytes say.
    public let fileHash: Digest256
    let sections: [Section]

    /// The names of the sections, in the order of the writing.
    public var sectionNames: [String] { sections.map(\.name) }

    /// A visitor that gives a section's fields back; nil when there is no such section.
    public func reader(of name: String) -> SnapshotReader? {
        sections.first { $0.name == name }.map { SnapshotReader(words: $0.words) }
    }

    /// Reads a file's bytes and checks all of them before any is believed.
    public init(_ bytes: [UInt8]) throws(SnapshotRejection) {
        guard bytes.count >= Self.headerByteCount + Digest256.byteCount else { throw .notASnapshot }
        let (magic, version) = ByteSource.with(bytes) {
            (ByteSource.load($0, at: 0, as: UInt64.self), ByteSource.load($0, at: 8, as: UInt32.self))
        }
        guard magic == Self.magic else { throw .notASnapshot }
        guard version == Self.version else { throw .containerVersion(found: version) }
        let body = Array(bytes.dropLast(Digest256.byteCount))
        let hash = SHA256.digest(body)
        guard hash == Digest256(Array(bytes.suffix(Digest256.byteCount))) else { throw .damaged }
        fileHash = hash
        (identity, stateHash) = ByteSource.with(body) { Self.header($0) }
        sections = try ByteSource.with(body) { (span: RawSpan) throws(SnapshotRejection) in try Self.sections(span) }
    }

    private static func header(_ bytes: RawSpan) -> (SnapshotIdentity, Digest256) {
        var position = 40
        let configurationHash = Digest256.decode(bytes, &position)
        let stateHash = Digest256.decode(bytes, &position)
        let identity = SnapshotIdentity(
            stateVersion: ByteSource.load(bytes, at: 12),
            sequence: ByteSource.load(bytes, at: 16),
            time: Timestamp(nanoseconds: ByteSource.load(bytes, at: 24)),
            chain: ByteSource.load(bytes, at: 32),
            configurationHash: configurationHash,
            journalID: JournalID(high: ByteSource.load(bytes, at: 104), low: ByteSource.load(bytes, at: 112))
        )
        return (identity, stateHash)
    }

    private static func sections(_ bytes: RawSpan) throws(SnapshotRejection) -> [Section] {
        let count = Int(ByteSource.load(bytes, at: 36, as: UInt32.self))
        var sections: [Section] = []
        var position = headerByteCount
        for _ in 0..<count {
            guard bytes.byteCount - position >= nameByteCount + 8 else { throw .damaged }
            let name = ByteSource.array(bytes.extracting(position..<position + nameByteCount)).prefix { $0 != 0 }
            position += nameByteCount
            let wordCount = ByteSource.take(UInt64.self, bytes, &position)
            guard wordCount <= UInt64((bytes.byteCount - position) / 8) else { throw .damaged }
            var words: [UInt64] = []
            words.reserveCapacity(Int(wordCount))
            for _ in 0..<wordCount { words.append(ByteSource.take(bytes, &position)) }
            sections.append(Section(name: String(decoding: name, as: UTF8.self), words: words))
        }
        guard position == bytes.byteCount else { throw .damaged }
        return sections
    }
}
