public import FairleadJournal
public import FairleadMarketData
import FairleadModel

/// The tapes that a backtest plays, with the digest by which its journal names them.
public struct TapeFeed: ~Copyable {
    private var merger: TapeMerger
    private var ahead: TapeRecord?
    /// SHA-256 over the digests of the files, in their order.
    public let source: Digest256

    /// `digests` are those of the files behind `merger`, in its order.
    public init(_ merger: consuming TapeMerger, digests: [FileDigest]) throws(TapeError) {
        var bytes: [UInt8] = []
        for digest in digests {
            for index in 0..<4 {
                for shift in stride(from: 56, through: 0, by: -8) {
                    bytes.append(UInt8(truncatingIfNeeded: digest.words[index] >> UInt64(shift)))
                }
            }
        }
        source = SHA256.digest(bytes)
        self.merger = merger
        ahead = try self.merger.next()
    }

    /// The next record, not yet taken; nil at the end.
    public var next: TapeRecord? { ahead }

    /// Takes the next record.
    public mutating func take() throws(TapeError) -> TapeRecord? {
        let record = ahead
        if record != nil { ahead = try merger.next() }
        return record
    }

    public var tapeCount: Int { merger.tapeCount }
    /// What tape `index` held so far.
    public func counts(ofTape index: Int) -> TapeCounts { merger.counts(ofTape: index) }
    public func firstMalformed(ofTape index: Int) -> MalformedLine? { merger.firstMalformed(ofTape: index) }
}

extension TapeFeed? {
    /// Plays the tape into a fold up to a reference of the journal.
    mutating func play(
        through reference: MarketReference,
        sequence: UInt64,
        into fold: inout Fold,
        played: (TapeRecord) -> Void,
        _ body: (borrowing Fold) -> Void
    ) throws(NodeError) {
        guard var feed = self.take() else { throw .tapesMissing(sequence: sequence) }
        guard feed.source == reference.source else {
            throw .otherTapes(expected: reference.source, found: feed.source)
        }
        while fold.tapeOrdinal < reference.ordinal {
            guard let record = try feed.taken() else { throw .tapesMissing(sequence: sequence) }
            if record.ordinal <= fold.tapeOrdinal { continue }
            fold.replayTape(record, cause: sequence)
            body(fold)
            played(record)
        }
        self = consume feed
    }
}

extension TapeFeed {
    /// `take` with the node's error.
    mutating func taken() throws(NodeError) -> TapeRecord? {
        do throws(TapeError) { return try take() } catch { throw .tape(error) }
    }
}
