/// What makes an intent durable enough for its order to leave.
public enum Durability: String, Sendable, CaseIterable {
    /// In the mapped segment: survives a crash of the process, not of the machine.
    case process
    /// Synced: survives a loss of power.
    case disk
}

/// How a journal is written.
public struct JournalOptions: Sendable {
    /// Bytes of a segment; a multiple of 4096.
    public var segmentByteCount: Int
    /// The end of a segment that is kept for essential records when no next segment can be had.
    public var reserveByteCount: Int
    public var durability: Durability
    /// True where no other thread prepares segments (backtests, tests): the writer then does so itself when it must,
    /// and blocks on the disk meanwhile.
    public var preparesInline: Bool
    /// Given to a journal that is made new; an existing one keeps its own.
    public var journalID: JournalID

    public init(
        segmentByteCount: Int = 64 << 20,
        reserveByteCount: Int? = nil,
        durability: Durability = .process,
        preparesInline: Bool = true,
        journalID: JournalID = JournalID(high: 0, low: 0)
    ) {
        self.segmentByteCount = segmentByteCount
        self.reserveByteCount = reserveByteCount ?? segmentByteCount / 16
        self.durability = durability
        self.preparesInline = preparesInline
        self.journalID = journalID
    }

    func check() {
        precondition(segmentByteCount >= 4096, "Invariant: a segment has at least 4096 bytes")
        precondition(segmentByteCount % 4096 == 0, "Invariant: a segment is a multiple of 4096 bytes")
        precondition(reserveByteCount >= 256, "Invariant: the reserve has room for an essential record")
        precondition(reserveByteCount <= segmentByteCount / 2, "Invariant: the reserve is at most half a segment")
    }
}
