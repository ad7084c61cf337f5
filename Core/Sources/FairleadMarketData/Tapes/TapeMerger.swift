public import FairleadModel

/// Plays several tapes as one, by receive time; equal times in the order in which the tapes were added.
///
/// Each record has an ordinal over the merged stream, from 1, which depends on the files and their order alone: a
/// backtest says "through ordinal N" and goes on there. A tape reads at most one record ahead.
public struct TapeMerger: ~Copyable {
    /// The most tapes that one merger plays.
    public static let tapeLimit = 64

    private var lanes: ContiguousArray<any MarketTape> = []
    /// The next record of each lane; nil where it has ended.
    private var heads: ContiguousArray<MarketRecord?> = []
    /// Tapes added.
    public var tapeCount: Int { lanes.count }
    /// Lanes whose first record was read.
    private var primed = 0
    /// The lane whose record was delivered last. It is read on at the next call, so that an error comes after it.
    private var emptied: Int?
    /// The ordinal of the last record delivered; 0 before the first.
    public private(set) var ordinal: UInt64 = 0

    public init() {}

    /// Adds a tape behind those that are there, before the first `next()`. False when there are `tapeLimit` already.
    public mutating func add(
        _ source: any ByteSource,
        instruments: [Instrument],
        lineLimit: Int = LineReader.defaultLineLimit
    ) -> Bool {
        add(TapeBox(BinanceTape(source, instruments: instruments, tape: tapeCount, lineLimit: lineLimit)))
    }

    /// Adds a tape that was opened (`TapeFile.open`, with `tapeCount` as its place) behind those that are there, before
    /// the first `next()`. Tapes that play together share their `TapeSymbols`. False when there are `tapeLimit`
    /// already.
    public mutating func add(_ tape: any MarketTape) -> Bool {
        precondition(primed == 0, "Invariant: tapes are added before the first record")
        guard tapeCount < Self.tapeLimit else { return false }
        lanes.append(tape)
        heads.append(nil)
        return true
    }

    /// The next record in time that the engine takes an event of; nil when all tapes have ended. Allocates nothing.
    /// After an error it comes again.
    public mutating func next() throws(TapeError) -> TapeRecord? {
        while let record = try nextRecord() {
            if let event = record.content.event {
                return TapeRecord(time: record.time, event: event, ordinal: record.ordinal)
            }
        }
        return nil
    }

    /// The next record in time of the content that the tapes were opened for; nil when all have ended. Allocates
    /// nothing. After an error it comes again.
    public mutating func nextRecord() throws(TapeError) -> MarketRecord? {
        while primed < lanes.count {
            heads[primed] = try lanes[primed].next()
            primed += 1
        }
        if let lane = emptied {
            heads[lane] = try lanes[lane].next()
            emptied = nil
        }
        var earliest: Int?
        var record: MarketRecord?
        for index in heads.indices {
            guard let head = heads[index] else { continue }
            if let known = record, known.time <= head.time { continue }
            earliest = index
            record = head
        }
        guard let earliest, var record else { return nil }
        emptied = earliest
        ordinal += 1
        record.ordinal = ordinal
        return record
    }

    /// Reads on until `through` was the last ordinal delivered, as after a restart; false when the tapes end before.
    public mutating func skip(through: UInt64) throws(TapeError) -> Bool {
        while ordinal < through {
            guard try nextRecord() != nil else { return false }
        }
        return true
    }

    /// The levels of the `depth` record that `nextRecord` gave last: bids first. Valid until the next call.
    public var levels: ContiguousArray<DepthLevel> {
        guard let emptied else { return [] }
        return lanes[emptied].levels
    }

    public func format(ofTape index: Int) -> TapeFormat { lanes[index].format }

    /// What tape `index` held so far; up to one record ahead of what was delivered.
    public func counts(ofTape index: Int) -> TapeCounts { lanes[index].counts }

    /// The first line of tape `index` that was refused.
    public func firstMalformed(ofTape index: Int) -> MalformedLine? { lanes[index].firstMalformed }
}
