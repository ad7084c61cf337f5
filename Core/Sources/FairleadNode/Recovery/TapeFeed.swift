public import FairleadConfiguration
public import FairleadJournal
public import FairleadMarketData
import FairleadModel

extension MarketDepth {
    /// What of a tape is read for it. A journal's ordinals count these records alone.
    public var content: TapeContent {
        switch self {
        case .touch: .touch
        case .book: [.touch, .depth]
        }
    }
}

/// The tapes that a backtest plays, with the digest by which its journal names them.
public struct TapeFeed: ~Copyable {
    private var merger: TapeMerger
    private var ahead: MarketRecord?
    private var aheadLevels: ContiguousArray<DepthLevel> = []
    /// SHA-256 over the digests of the files, in their order.
    public let source: Digest256
    /// What the tapes were opened for.
    public let depth: MarketDepth
    /// The levels of the depth record that was taken last: bids first. Valid until the next is taken.
    public private(set) var levels: ContiguousArray<DepthLevel> = []

    /// `digests` are those of the files behind `merger`, in its order; `depth` is what they were opened for.
    public init(
        _ merger: consuming TapeMerger,
        digests: [FileDigest],
        depth: MarketDepth
    ) throws(TapeError) {
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
        self.depth = depth
        try read()
    }

    /// The next record, not yet taken; nil at the end. Events of the engine, and depth where it was asked for.
    public var next: MarketRecord? { ahead }

    /// Takes the next record.
    public mutating func take() throws(TapeError) -> MarketRecord? {
        let record = ahead
        if record == nil { return nil }
        swap(&levels, &aheadLevels)
        try read()
        return record
    }

    /// Reads one record ahead. Its levels are copied, since the tape's own are gone with its next record.
    private mutating func read() throws(TapeError) {
        while let record = try merger.nextRecord() {
            switch record.content {
            case .quote, .trade, .mark: break
            case .bar: continue
            case .depth:
                guard depth == .book else { continue }
                aheadLevels.removeAll(keepingCapacity: true)
                aheadLevels.append(contentsOf: merger.levels)
            }
            ahead = record
            return
        }
        ahead = nil
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
        played: (MarketRecord) -> Void,
        _ body: (borrowing Fold) -> Void
    ) throws(NodeError) {
        guard var feed = self.take() else { throw .tapesMissing(sequence: sequence) }
        guard feed.source == reference.source else {
            throw .otherTapes(expected: reference.source, found: feed.source)
        }
        try feed.checkDepth(of: fold.configuration)
        while fold.tapeOrdinal < reference.ordinal {
            guard let record = try feed.taken() else { throw .tapesMissing(sequence: sequence) }
            if record.ordinal <= fold.tapeOrdinal { continue }
            if fold.replayTape(record, feed.levels, cause: sequence) { body(fold) }
            played(record)
        }
        self = consume feed
    }
}

extension TapeFeed {
    /// Ordinals of one depth name other records at another.
    func checkDepth(of configuration: ResolvedConfiguration) throws(NodeError) {
        let expected = configuration.runtime.market.depth
        if depth == expected { return }
        throw .otherKind("the run is made with market.depth \(expected), its tapes are opened for \(depth)")
    }

    /// `take` with the node's error.
    mutating func taken() throws(NodeError) -> MarketRecord? {
        do throws(TapeError) { return try take() } catch { throw .tape(error) }
    }
}
