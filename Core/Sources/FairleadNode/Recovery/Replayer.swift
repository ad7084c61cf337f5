import FairleadConfiguration
public import FairleadEngine
public import FairleadJournal
import FairleadMarketData
public import FairleadModel

/// What a replay shows.
public enum ReplayItem: Sendable {
    /// An input of the journal, before it is applied. Market data of a tape is not shown.
    case record(JournalRecord)
    case notice(NoticeEntry)
    /// What the engine wanted done, whether it left or not.
    case command(Command, sequence: UInt64, time: Timestamp)
}

/// Where a replay begins.
public enum ReplayStart: Hashable, Sendable {
    /// At the journal's first record; `.notRetained` once retention has removed it.
    case beginning
    /// At the newest usable snapshot of a sequence below this one, or at the first record where there is none.
    case snapshot(before: UInt64)

    /// As late as can be: fastest, and without what was before it.
    public static let newest = ReplayStart.snapshot(before: .max)
}

/// What a replay came to.
public struct ReplayResult: Hashable, Sendable {
    /// The last input applied.
    public var sequence: UInt64
    public var time: Timestamp
    public var epoch: Epoch
    /// Over the inputs of the whole journal; nil when the replay began at a snapshot.
    public var journalHash: Digest256?
    public var commandHash: Digest256
    public var commandCount: UInt64
    public var stateHash: Digest256
}

/// Reads a journal, stopped or being written, into an engine of its own and shows what happened: `journal replay`,
/// `why`, `orders`, `fills`. Takes no lock and writes nothing.
///
/// An embedded venue and market are computed again and compared; the first difference is `.diverged`.
public struct Replayer: ~Copyable {
    var fold: Fold
    private var feed: JournalFeed
    private var tape: TapeFeed?
    private var hash: JournalHash?
    private var sequence: UInt64
    /// True when it began at the journal's first record.
    public let isWhole: Bool

    /// `tape` is needed where the journal refers to tapes.
    ///
    /// Throws `.journal(.notRetained)` when the records that the start needs were removed.
    public init(
        _ disk: any Disk,
        tape: consuming TapeFeed? = nil,
        isObserved: Bool = true,
        from start: ReplayStart = .beginning
    ) throws(NodeError) {
        let loaded = try Self.load(disk, isObserved: isObserved, start)
        let place = loaded.sequence
        let feed = try JournalFeed(disk, after: place)
        self.feed = feed
        isWhole = loaded.isBeginning
        fold = loaded.fold
        hash = isWhole ? JournalHash() : nil
        sequence = place
        self.tape = tape
    }

    private static func load(
        _ disk: any Disk,
        isObserved: Bool,
        _ start: ReplayStart
    ) throws(NodeError) -> LoadedFold {
        if case .snapshot(let before) = start,
            let found = try FoldLoader.snapshot(disk, before: before, isObserved: isObserved)
        {
            return found
        }
        return try FoldLoader.beginning(disk, isObserved: isObserved)
    }

    /// Applies the inputs through `last`, or to the end, and shows each. May be called again when the journal has
    /// grown.
    public mutating func run(
        through last: UInt64 = .max,
        _ body: (ReplayItem) -> Void
    ) throws(NodeError) {
        while sequence < last, let record = try feed.next() {
            try apply(record, isShown: true, body)
        }
    }

    /// The same, and shows nothing: what is not looked at need not be copied out.
    public mutating func run(through last: UInt64 = .max) throws(NodeError) {
        while sequence < last, let record = try feed.next() {
            try apply(record, isShown: false) { _ in }
        }
    }

    /// The same for a journal that is being written: an input is applied only when the one after it is there too, by
    /// which a refusal at the kill switch is known. At most `limit` inputs, none after `last`; true when there may be
    /// more.
    mutating func follow(
        limit: Int,
        through last: UInt64? = nil,
        _ body: (ReplayItem) -> Void
    ) throws(NodeError) -> Bool {
        for _ in 0..<limit {
            if let last, sequence >= last { return false }
            guard let record = try feed.nextFollowed(durableThrough: last) else { return false }
            try apply(record, isShown: true, body)
        }
        return true
    }

    /// The same, and shows nothing.
    mutating func follow(limit: Int, through last: UInt64? = nil) throws(NodeError) -> Bool {
        for _ in 0..<limit {
            if let last, sequence >= last { return false }
            guard let record = try feed.nextFollowed(durableThrough: last) else { return false }
            try apply(record, isShown: false) { _ in }
        }
        return true
    }

    private mutating func apply(
        _ record: JournalRecord,
        isShown: Bool,
        _ body: (ReplayItem) -> Void
    ) throws(NodeError) {
        if isShown { body(.record(record)) }
        hash?.add(record)
        let number = record.sequence
        try FoldLoader.apply(record, following: feed.following, to: &fold, tape: &tape) { fold in
            guard isShown else { return }
            let time = fold.time
            for notice in fold.outbox.notices {
                body(.notice(NoticeEntry(sequence: number, time: time, notice: notice)))
            }
            for index in fold.outbox.commands.indices {
                body(.command(fold.outbox.commands[index], sequence: number, time: time))
            }
        }
        sequence = number
    }

    public mutating func result() -> ReplayResult {
        // A hash ends once it is asked for: the copy goes on.
        let journalHash = hash?.finish()
        hash = nil
        return ReplayResult(
            sequence: sequence,
            time: fold.time,
            epoch: fold.epoch,
            journalHash: journalHash,
            commandHash: fold.commandHash.value,
            commandCount: fold.commandHash.count,
            stateHash: fold.stateHash()
        )
    }

    /// The last input applied.
    public var appliedThrough: UInt64 { sequence }

    /// The strategies named so far, by handle.
    public var strategies: [String] { fold.names.strategies }
    /// Why limits are overridden, by the numbers of the orders.
    public var reasons: [(number: UInt64, text: String)] { fold.reasons.all }

    /// The present place as a beginning, for observers.
    var place: ReplicaPlace {
        ReplicaPlace(sequence: sequence, time: fold.time, isWhole: isWhole, configuration: fold.configuration)
    }

    /// The present place, for observers.
    var moment: ReplicaMoment {
        ReplicaMoment(sequence: sequence, time: fold.time, configuration: fold.configuration)
    }

    var identity: JournalIdentity { JournalIdentity(id: feed.journalID, durableThrough: sequence) }

    /// The engine's time at this place.
    public var time: Timestamp { fold.time }

    /// Whoever may read the engine as it was at this place.
    public borrowing func withEngine<Result>(_ body: (borrowing Engine) -> Result) -> Result { body(fold.engine) }

    // MARK: - Snapshots

    /// A snapshot of this place, or nil while something is under way inside.
    mutating func snapshot() -> (bytes: [UInt8], stateHash: Digest256)? {
        guard fold.isSettled() else { return nil }
        let identity = SnapshotIdentity(
            stateVersion: Fold.stateVersion,
            sequence: sequence,
            time: fold.time,
            chain: feed.chain,
            configurationHash: ConfigurationRecord(document: fold.configuration.canonicalText).hash,
            journalID: feed.journalID
        )
        return (fold.snapshot(identity), fold.stateHash())
    }
}
