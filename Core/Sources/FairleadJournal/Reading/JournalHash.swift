/// SHA-256 of what the engine was told: type, sequence, time, size and payload of each event, signal, text and market
/// reference. Run ids, wall times, seals, notes and the configuration (which has a hash of its own, and may name
/// directories) are outside, so that two runs of the same inputs have the same hash.
///
/// About 0.15 us a record. One owner.
public struct JournalHash: ~Copyable {
    private var hash = SHA256()
    private var buffer = HashBuffer()
    /// How many records were added.
    public private(set) var count: UInt64 = 0

    public init() {}

    /// Adds a record that the hash covers; others change nothing.
    public mutating func add(_ record: JournalRecord) {
        guard record.header.type.isHashed else { return }
        if case .event(let event) = record.body {
            // Nearly all records are events: these are encoded in place, without an array of their own.
            let kind = EventKind(event)
            begin(record.header, payloadByteCount: 1 + kind.fieldByteCount)
            buffer.append(limit: 1 + kind.fieldByteCount) { EventCodec.encode(event, kind, &$0) }
            return
        }
        let payload = record.body.payload
        ByteSource.with(payload) { add(record.header, $0) }
    }

    mutating func add(_ header: RecordHeader, _ payload: RawSpan) {
        guard header.type.isHashed else { return }
        begin(header, payloadByteCount: payload.byteCount)
        if payload.byteCount <= 1024 {
            buffer.append(limit: payload.byteCount) { $0.put(payload) }
        } else {
            buffer.flush(into: &hash)
            hash.update(payload)
        }
    }

    /// What stands before each payload; leaves room for one of up to 1024 bytes.
    @inline(__always) private mutating func begin(_ header: RecordHeader, payloadByteCount: Int) {
        count += 1
        let fixed = 21
        if buffer.isFull(for: fixed + min(payloadByteCount, 1024)) { buffer.flush(into: &hash) }
        buffer.append(limit: fixed) { sink in
            sink.put(header.type.rawValue)
            sink.put(header.sequence)
            sink.put(header.time)
            sink.put(UInt32(payloadByteCount))
        }
    }

    /// Ends the hash and starts a new one.
    public mutating func finish() -> Digest256 {
        buffer.flush(into: &hash)
        count = 0
        return hash.finish()
    }
}
