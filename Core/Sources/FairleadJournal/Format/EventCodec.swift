public import FairleadModel

/// The canonical bytes of an event: one byte for its number (`EventKind`), then its fields, little-endian and without
/// gaps. One event has one form; `docs/JOURNAL.md` lists every field's offset.
public enum EventCodec {
    /// The longest event, an execution.
    public static let maximumByteCount = 60

    /// The event's bytes, in an array of their own: for hashes and tests. The writer encodes in place.
    public static func encode(_ event: Event) -> [UInt8] {
        ByteSource.encoded(limit: maximumByteCount) { encode(event, EventKind(event), &$0) }
    }

    /// The event that these bytes are, all of them. Throws for an unknown number, another size, or a field without
    /// meaning.
    public static func decode(_ bytes: RawSpan) throws(FieldError) -> Event {
        guard bytes.byteCount > 0 else { throw FieldError(.size, 0) }
        var position = 0
        let kind: EventKind = try Field.choice(.eventNumber, bytes, &position)
        guard bytes.byteCount == 1 + kind.fieldByteCount else { throw FieldError(.size, UInt64(bytes.byteCount)) }
        return try decode(kind, bytes, &position)
    }

    public static func decode(_ bytes: [UInt8]) throws(FieldError) -> Event {
        try ByteSource.with(bytes) { (span: RawSpan) throws(FieldError) in try decode(span) }
    }
}
