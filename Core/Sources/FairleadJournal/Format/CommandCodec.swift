public import FairleadModel

/// The canonical bytes of a command, for the hash of what a run sent. Commands are computed again by a replay and are
/// not journaled, so that these bytes are only ever compared and hashed.
public enum CommandCodec {
    /// The longest command, a submission.
    public static let maximumByteCount = 96

    /// One byte for the command's number, then its fields, little-endian and without gaps; what an order waits for only
    /// where it does.
    public static func encode(_ command: Command) -> [UInt8] {
        ByteSource.encoded(limit: maximumByteCount) { encode(command, &$0) }
    }

    /// Appends the same bytes to an array; allocates nothing where its capacity has room for `maximumByteCount` more.
    public static func append(_ command: Command, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: maximumByteCount))
        var stored = 0
        unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            // SAFETY: `maximumByteCount` bytes were just appended at `start`; the sink ends with this closure.
            var sink = unsafe ByteSink(base + start, count: maximumByteCount)
            encode(command, &sink)
            stored = sink.position
        }
        bytes.removeLast(maximumByteCount - stored)
    }

    static func encode(_ command: Command, _ sink: inout ByteSink) {
        switch command {
        case .submit(let submission):
            sink.put(UInt8(0))
            encode(submission, &sink)
        case .cancel(let cancellation):
            sink.put(UInt8(1))
            sink.put(cancellation.id)
            sink.put(cancellation.venueOrderID.value)
            sink.put(cancellation.instrument)
        case .replace(let amendment):
            sink.put(UInt8(2))
            encode(amendment, &sink)
        case .query(let query):
            sink.put(UInt8(3))
            sink.put(query.id)
            sink.put(query.instrument)
        case .reconcile(let request):
            sink.put(UInt8(4))
            sink.put(request.executionsAfter.value)
            sink.put(request.venue.index)
        case .reconnect(let venue):
            sink.put(UInt8(5))
            sink.put(venue.index)
        }
    }

    private static func encode(_ submission: OrderSubmission, _ sink: inout ByteSink) {
        sink.put(submission.id)
        sink.put(submission.price)
        sink.put(submission.quantity)
        sink.put(submission.approved)
        sink.put(submission.collar)
        sink.put(submission.validUntil)
        sink.put(submission.expiresAt)
        sink.put(submission.instrument)
        sink.put(submission.side.rawValue)
        sink.put(submission.positionSide.rawValue)
        sink.put(submission.type.rawValue)
        sink.put(submission.timeInForce.rawValue)
        sink.put(submission.reduceOnly)
        sink.put(submission.isIncreasing)
        guard !submission.condition.isNone else { return }
        sink.put(submission.condition.trigger)
        sink.put(submission.condition.group)
        sink.put(submission.condition.kind.rawValue)
        sink.put(submission.condition.reference.rawValue)
    }

    private static func encode(_ amendment: OrderAmendment, _ sink: inout ByteSink) {
        sink.put(amendment.id)
        sink.put(amendment.venueOrderID.value)
        sink.put(amendment.price)
        sink.put(amendment.quantity)
        sink.put(amendment.approved)
        sink.put(amendment.collar)
        sink.put(amendment.validUntil)
        sink.put(amendment.instrument)
        sink.put(amendment.side.rawValue)
        sink.put(amendment.isIncreasing)
        if amendment.trigger.raw > 0 { sink.put(amendment.trigger) }
    }
}

/// SHA-256 over every command of a run, in order: equal for two runs that sent the same, byte for byte.
///
/// One owner. `finish` ends the sum.
public struct CommandHash: ~Copyable {
    private var hash = SHA256()
    private var pending = HashBuffer()
    /// How many commands were added.
    public private(set) var count: UInt64 = 0

    public init() {}

    public mutating func add(_ command: Command) {
        if pending.isFull(for: CommandCodec.maximumByteCount) { pending.flush(into: &hash) }
        pending.append(limit: CommandCodec.maximumByteCount) { CommandCodec.encode(command, &$0) }
        count += 1
    }

    /// Ends the sum and starts a new one.
    public mutating func finish() -> Digest256 {
        pending.flush(into: &hash)
        count = 0
        return hash.finish()
    }
}
