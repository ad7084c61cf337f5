import FairleadModel
import FairleadPaper

/// The way between the router's channel and the venue: bytes of both directions in order, in pieces of any size, each
/// under way for a while; it can be cut after any byte, and can swallow everything without a word.
struct SimulatedWire {
    struct Piece {
        var due: Timestamp
        var bytes: ContiguousArray<UInt8>
    }

    /// One direction. In order, like a stream.
    struct Direction {
        var pieces: ContiguousArray<Piece> = []
        var head = 0
        var lastDue = Timestamp.never

        var nextTime: Timestamp { head < pieces.count ? pieces[head].due : .distantFuture }

        mutating func put(_ bytes: ContiguousArray<UInt8>, due: Timestamp) {
            lastDue = max(lastDue, due)
            pieces.append(Piece(due: lastDue, bytes: bytes))
        }

        mutating func take(at now: Timestamp) -> ContiguousArray<UInt8>? {
            guard head < pieces.count, pieces[head].due <= now else { return nil }
            let bytes = pieces[head].bytes
            head += 1
            if head == pieces.count {
                pieces.removeAll(keepingCapacity: true)
                head = 0
            }
            return bytes
        }

        /// Puts back what could not be taken by its receiver.
        mutating func putBack(_ bytes: ContiguousArray<UInt8>, due: Timestamp) {
            if head > 0 {
                head -= 1
                pieces[head] = Piece(due: due, bytes: bytes)
            } else {
                pieces.insert(Piece(due: due, bytes: bytes), at: 0)
            }
        }

        mutating func clear() {
            pieces.removeAll(keepingCapacity: true)
            head = 0
            lastDue = .never
        }
    }

    /// How bytes travel. Faults change it for a while.
    struct Manner {
        var shortest = TimeSpan.zero
        var longest = TimeSpan.zero
        /// The largest piece in bytes; 0 where bytes stay together.
        var largestPiece = 0
    }

    var manner = Manner()
    var outward = Direction()
    var inward = Direction()
    /// The venue's number of the connection; nil while there is none.
    var connection: Int?
    /// The end of a listing has come to the router in this connection.
    private(set) var hasListed = false
    /// Reads what came to the router until then.
    private var listingReader = PaperFrameReader()
    /// Counts connections, so that what belongs to an older one is known.
    var generation: UInt32 = 0
    /// Bytes, both ways together, after which the connection is lost; `Int.max` for none.
    var bytesUntilCut = Int.max
    /// Bytes vanish and nobody is told.
    var swallowsOutward = false
    var swallowsInward = false
    private var random: DeterministicRandom

    init(seed: UInt64) { random = DeterministicRandom(seed: seed) }

    var nextTime: Timestamp { min(outward.nextTime, inward.nextTime) }
    var isInstant: Bool { manner.longest == .zero && manner.largestPiece == 0 }

    mutating func sendOutward(_ bytes: ContiguousArray<UInt8>, at now: Timestamp) {
        if swallowsOutward { return }
        if isInstant { outward.put(bytes, due: now) } else { split(bytes, at: now) { $0.outward.put($1, due: $2) } }
    }

    mutating func sendInward(_ bytes: ContiguousArray<UInt8>, at now: Timestamp) {
        if swallowsInward { return }
        if isInstant { inward.put(bytes, due: now) } else { split(bytes, at: now) { $0.inward.put($1, due: $2) } }
    }

    private mutating func split(
        _ bytes: ContiguousArray<UInt8>,
        at now: Timestamp,
        _ put: (inout SimulatedWire, ContiguousArray<UInt8>, Timestamp) -> Void
    ) {
        var start = 0
        while start < bytes.count {
            var count = bytes.count - start
            if manner.largestPiece > 0 {
                count = min(count, 1 + Int(random.next(below: UInt64(manner.largestPiece))))
            }
            let span = random.next(in: manner.shortest.nanoseconds...manner.longest.nanoseconds)
            put(&self, ContiguousArray(bytes[start..<start + count]), now + TimeSpan(nanoseconds: span))
            start += count
        }
    }

    /// What may still pass of `count` bytes before the cut.
    mutating func pass(_ count: Int) -> (count: Int, isCut: Bool) {
        guard bytesUntilCut != .max else { return (count, false) }
        let passed = min(count, bytesUntilCut)
        bytesUntilCut -= passed
        guard bytesUntilCut == 0 else { return (passed, false) }
        bytesUntilCut = .max
        return (passed, true)
    }

    /// Bytes have come to the router.
    mutating func delivered(_ bytes: ContiguousArray<UInt8>) throws(PaperFrameError) {
        if hasListed { return }
        listingReader.append(bytes.span)
        while let message = try listingReader.next() {
            if case .listingEnded = message.frame { hasListed = true }
        }
    }

    /// The connection is gone, and with it all that was under way.
    mutating func drop() {
        outward.clear()
        inward.clear()
        connection = nil
        hasListed = false
        listingReader = PaperFrameReader()
        generation &+= 1
        bytesUntilCut = .max
    }
}
