import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel

/// Rebuilds a fold from a journal: newest readable snapshot, then the rest of the inputs.
enum FoldLoader {
    /// The fold at a snapshot, and the sequence from which the journal goes on; nil where there is no usable snapshot.
    static func snapshot(
        _ disk: any Disk,
        before: UInt64 = .max,
        isObserved: Bool
    ) throws(NodeError) -> LoadedFold? {
        let store = SnapshotStore(disk)
        let found = try NodeError.journaling { () throws(JournalError) in
            try store.newest(stateVersion: Fold.stateVersion, before: before)
        }
        guard let snapshot = found.snapshot else { return nil }
        var fold = Fold(try Fold.configuration(of: snapshot), isObserved: isObserved)
        guard fold.restore(snapshot) else { return nil }
        return LoadedFold(fold: fold, sequence: snapshot.identity.sequence)
    }

    /// The fold before the first input, from the configuration that the journal begins with.
    static func beginning(_ disk: any Disk, isObserved: Bool) throws(NodeError) -> LoadedFold {
        var feed = try JournalFeed(disk, after: 0)
        guard let first = try feed.next(), case .configuration(let record) = first.body else {
            throw .noConfiguration
        }
        return LoadedFold(
            fold: Fold(try Fold.decode(record), isObserved: isObserved),
            sequence: first.sequence,
            isBeginning: true
        )
    }

    /// The whole journal, by the newest snapshot if one can be read.
    ///
    /// Throws `.journal(.quarantined)` where a snapshot holds more than the journal: only what is durable is put into
    /// one, so that the journal has lost its end.
    static func load(_ disk: any Disk, isObserved: Bool, tape: inout TapeFeed?) throws(NodeError) -> Fold {
        try refuseLostEnd(disk)
        let newest = try snapshot(disk, isObserved: isObserved)
        var loaded = if let newest { newest } else { try beginning(disk, isObserved: isObserved) }
        var feed = try JournalFeed(disk, after: loaded.sequence)
        while let record = try feed.next() {
            try apply(record, following: feed.following, to: &loaded.fold, tape: &tape) { _ in }
        }
        return loaded.fold
    }

    private static func refuseLostEnd(_ disk: any Disk) throws(NodeError) {
        let rejected = try NodeError.journaling { () throws(JournalError) in
            try SnapshotStore(disk).newest(stateVersion: Fold.stateVersion).rejected
        }
        for snapshot in rejected {
            guard case .beyondJournal(let sequence) = snapshot.reason else { continue }
            let damage = JournalDamage(file: snapshot.file, offset: 0, sequence: sequence, reason: .endMissing)
            throw .journal(.quarantined(damage))
        }
    }

    /// Applies one input; `body` sees the fold after each event, a tape's included, and `played` each of the tape's
    /// records after that.
    static func apply(
        _ record: JournalRecord,
        following: Event?,
        to fold: inout Fold,
        tape: inout TapeFeed?,
        played: (MarketRecord) -> Void = { _ in },
        _ body: (borrowing Fold) -> Void
    ) throws(NodeError) {
        if case .marketReference(let reference) = record.body {
            try tape.play(through: reference, sequence: record.sequence, into: &fold, played: played, body)
            return
        }
        try fold.replay(record.body, at: record.time, sequence: record.sequence, next: following)
        if case .event = record.body { body(fold) }
    }
}

/// A fold with its place in the journal.
struct LoadedFold: ~Copyable {
    var fold: Fold
    /// The last input that it holds.
    var sequence: UInt64
    /// It holds nothing but the journal's head.
    var isBeginning = false
}
