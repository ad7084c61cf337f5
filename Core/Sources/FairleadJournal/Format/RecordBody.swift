public import FairleadModel

/// What a record says. The large and seldom ones are indirect, so that reading an event copies an event only.
public enum RecordBody: Hashable, Sendable {
    case event(Event)
    indirect case signalTerms(SignalTerms)
    case text(TextRecord)
    case configuration(ConfigurationRecord)
    case marketReference(MarketReference)
    indirect case manifest(RunManifest)
    case snapshotMark(SnapshotMark)
    case seal(SegmentSeal)
    case note(String)

    public static func == (a: RecordBody, b: RecordBody) -> Bool { a.payload == b.payload && a.type == b.type }
    public func hash(into hasher: inout Hasher) { hasher.combine(payload) }

    public var type: RecordType {
        switch self {
        case .event: .event
        case .signalTerms: .signalTerms
        case .text: .text
        case .configuration: .configuration
        case .marketReference: .marketReference
        case .manifest: .manifest
        case .snapshotMark: .snapshotMark
        case .seal: .seal
        case .note: .note
        }
    }

    /// The payload's canonical bytes.
    public var payload: [UInt8] { ByteSource.encoded(limit: maximumByteCount) { encode(&$0) } }

    /// An upper bound of the payload's bytes.
    var maximumByteCount: Int {
        switch self {
        case .event: EventCodec.maximumByteCount
        case .signalTerms: SignalTermsCodec.maximumByteCount
        case .text(let text): 9 + text.text.utf8.count
        case .configuration(let configuration): 32 + configuration.document.utf8.count
        case .marketReference: MarketReference.byteCount
        case .manifest: RunManifest.byteCount
        case .snapshotMark: SnapshotMark.byteCount
        case .seal: SegmentSeal.byteCount
        case .note(let text): text.utf8.count
        }
    }

    func encode(_ sink: inout ByteSink) {
        switch self {
        case .event(let event): EventCodec.encode(event, EventKind(event), &sink)
        case .signalTerms(let terms): SignalTermsCodec.encode(terms, &sink)
        case .text(let text):
            sink.put(text.kind.rawValue)
            sink.put(text.key)
            sink.put(text.text)
        case .configuration(let configuration):
            configuration.hash.encode(&sink)
            sink.put(configuration.document)
        case .marketReference(let reference):
            reference.source.encode(&sink)
            sink.put(reference.ordinal)
        case .manifest(let manifest): manifest.encode(&sink)
        case .snapshotMark(let mark):
            mark.fileHash.encode(&sink)
            mark.stateHash.encode(&sink)
        case .seal(let seal): seal.encode(&sink)
        case .note(let text): sink.put(text)
        }
    }

    static func decode(_ type: RecordType, _ bytes: RawSpan) throws(FieldError) -> RecordBody {
        switch type {
        case .event: return .event(try EventCodec.decode(bytes))
        case .signalTerms: return .signalTerms(try SignalTermsCodec.decode(bytes))
        case .text: return .text(try TextRecord.decode(bytes))
        case .configuration: return .configuration(try ConfigurationRecord.decode(bytes))
        case .marketReference: return .marketReference(try MarketReference.decode(bytes))
        case .manifest: return .manifest(try RunManifest.decode(bytes))
        case .snapshotMark: return .snapshotMark(try SnapshotMark.decode(bytes))
        case .seal: return .seal(try SegmentSeal.decode(bytes))
        case .note: return .note(try TextRecord.text(bytes, from: 0))
        }
    }

    /// A payload on its own, without the header and check sum that usually vouch for it.
    package static func decode(_ type: RecordType, _ bytes: [UInt8]) throws(FieldError) -> RecordBody {
        try ByteSource.with(bytes) { (span: RawSpan) throws(FieldError) in try decode(type, span) }
    }

    static func require(_ bytes: RawSpan, _ count: Int) throws(FieldError) {
        guard bytes.byteCount == count else { throw FieldError(.size, UInt64(bytes.byteCount)) }
    }
}

/// What a text belongs to. Raw values are part of the format.
public enum TextKind: UInt8, Sendable, CaseIterable {
    /// A signal's id; the key is its number.
    case signalID = 0
    /// A signal's `meta`, as given; the key is its number.
    case meta = 1
    /// A strategy's name; the key is the handle's index.
    case strategyName = 2
    /// What was wrong with a signal that was refused, field by field; the key is its number.
    case refusal = 3
    /// Why a person overrode a limit; the key is the order's number.
    case overrideReason = 4
}

/// A text that an event refers to by a number, journaled before the event.
public struct TextRecord: Hashable, Sendable {
    /// The longest text in bytes of UTF-8: 64 KiB.
    public static let maximumByteCount = 64 * 1024
    public var kind: TextKind
    public var key: UInt64
    public var text: String

    public init(_ kind: TextKind, key: UInt64, text: String) {
        self.kind = kind
        self.key = key
        self.text = text
    }

    static func decode(_ bytes: RawSpan) throws(FieldError) -> TextRecord {
        guard bytes.byteCount >= 9, bytes.byteCount <= 9 + maximumByteCount else {
            throw FieldError(.size, UInt64(bytes.byteCount))
        }
        var position = 0
        let kind: TextKind = try Field.choice(.textKind, bytes, &position)
        let key = ByteSource.take(UInt64.self, bytes, &position)
        return TextRecord(kind, key: key, text: try text(bytes, from: position))
    }

    static func text(_ bytes: RawSpan, from offset: Int) throws(FieldError) -> String {
        let array = ByteSource.array(bytes.extracting(offset..<bytes.byteCount))
        guard let text = String(validating: array, as: UTF8.self) else { throw FieldError(.utf8, UInt64(offset)) }
        return text
    }
}

/// The resolved configuration, in its canonical text, with the hash of that text.
public struct ConfigurationRecord: Hashable, Sendable {
    /// SHA-256 of the document's UTF-8.
    public var hash: Digest256
    public var document: String

    public init(document: String) {
        self.document = document
        hash = SHA256.digest(Array(document.utf8))
    }

    static func decode(_ bytes: RawSpan) throws(FieldError) -> ConfigurationRecord {
        guard bytes.byteCount >= 32 else { throw FieldError(.size, UInt64(bytes.byteCount)) }
        var position = 0
        let hash = Digest256.decode(bytes, &position)
        let record = ConfigurationRecord(document: try TextRecord.text(bytes, from: position))
        guard record.hash == hash else { throw FieldError(.configurationHash, hash.first) }
        return record
    }
}

/// Market data that is not in the journal: which source, and how far it had been applied before the next input.
public struct MarketReference: Hashable, Sendable, BitwiseCopyable {
    static let byteCount = 40
    /// SHA-256 of the source file.
    public var source: Digest256
    /// How many of the source's market events had been applied, all of them from the first.
    public var ordinal: UInt64

    public init(source: Digest256, ordinal: UInt64) {
        self.source = source
        self.ordinal = ordinal
    }

    static func decode(_ bytes: RawSpan) throws(FieldError) -> MarketReference {
        try RecordBody.require(bytes, byteCount)
        var position = 0
        let source = Digest256.decode(bytes, &position)
        return MarketReference(source: source, ordinal: ByteSource.take(bytes, &position))
    }
}

/// A snapshot was completed at the record's sequence.
public struct SnapshotMark: Hashable, Sendable, BitwiseCopyable {
    static let byteCount = 64
    /// SHA-256 of the snapshot file.
    public var fileHash: Digest256
    /// SHA-256 of the state in it.
    public var stateHash: Digest256

    public init(fileHash: Digest256, stateHash: Digest256) {
        self.fileHash = fileHash
        self.stateHash = stateHash
    }

    static func decode(_ bytes: RawSpan) throws(FieldError) -> SnapshotMark {
        try RecordBody.require(bytes, byteCount)
        var position = 0
        let fileHash = Digest256.decode(bytes, &position)
        return SnapshotMark(fileHash: fileHash, stateHash: Digest256.decode(bytes, &position))
    }
}

/// What a finished segment held: proves that nothing in it changed since.
public struct SegmentSeal: Hashable, Sendable, BitwiseCopyable {
    static let byteCount = 64
    public var segment: UInt64
    public var firstSequence: UInt64
    public var lastSequence: UInt64
    /// The bytes that the hash covers, from the segment's first.
    public var coveredByteCount: UInt64
    public var hash: Digest256

    func encode(_ sink: inout ByteSink) {
        sink.put(segment)
        sink.put(firstSequence)
        sink.put(lastSequence)
        sink.put(coveredByteCount)
        hash.encode(&sink)
    }

    static func decode(_ bytes: RawSpan) throws(FieldError) -> SegmentSeal {
        try RecordBody.require(bytes, byteCount)
        var position = 0
        let segment = ByteSource.take(UInt64.self, bytes, &position)
        let first = ByteSource.take(UInt64.self, bytes, &position)
        let last = ByteSource.take(UInt64.self, bytes, &position)
        let covered = ByteSource.take(UInt64.self, bytes, &position)
        return SegmentSeal(
            segment: segment,
            firstSequence: first,
            lastSequence: last,
            coveredByteCount: covered,
            hash: Digest256.decode(bytes, &position)
        )
    }
}
