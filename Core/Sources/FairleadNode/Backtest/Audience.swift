import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel

/// The observers of a backtest, which needs no replica: its own steps tell them what a replay of the journal would,
/// item for item. The inputs are read back from the journal; what the tape's events told waits for the reference that
/// they belong to.
struct Audience {
    /// Items that wait at most, about.
    static let batch = 4096

    private let disk: any Disk
    private let observers: [any ReplicaObserver]
    private var names: RunNames
    /// Where the inputs are read back; made by the first that is.
    private final class Reading { var feed: JournalFeed? }
    private let reading = Reading()
    /// The last input that was told.
    private(set) var toldThrough: UInt64 = 0

    init(_ setup: NodeSetup, _ observers: [any ReplicaObserver]) {
        disk = setup.disk
        self.observers = observers
        names = RunNames(setup.configuration.engine.instruments)
    }

    /// Opens the observers on the journal, whose inputs after `sequence` follow.
    mutating func begin(after sequence: UInt64, _ fold: borrowing Fold) throws(NodeError) {
        toldThrough = sequence
        if observers.isEmpty { return }
        let id = try NodeError.journaling { () throws(JournalError) in try JournalReader(disk).journalID }
        // The same tape gives the same again: what is stored already holds, however far the journal goes.
        let journal = JournalIdentity(id: id, durableThrough: .max)
        let place = ReplicaPlace(
            sequence: sequence,
            time: fold.time,
            isWhole: true,
            configuration: fold.configuration
        )
        for observer in observers {
            observer.open(journal)
            if !observer.hasFailed { observer.begins(at: place, names: names) }
        }
    }

    private func give(_ item: ReplayItem) {
        for observer in observers where !observer.hasFailed { observer.take(item, names: names) }
    }

    // MARK: - A journal that is replayed

    mutating func take(_ record: JournalRecord) {
        toldThrough = record.sequence
        if observers.isEmpty { return }
        names.note(record)
        give(.record(record))
    }

    func take(_ outbox: borrowing Outbox, sequence: UInt64, at time: Timestamp) {
        if observers.isEmpty { return }
        for notice in outbox.notices {
            give(.notice(NoticeEntry(sequence: sequence, time: time, notice: notice)))
        }
        for index in outbox.commands.indices {
            give(.command(outbox.commands[index], sequence: sequence, time: time))
        }
    }

    // MARK: - A run

    /// Tells the inputs that were journaled since the last call, each with what it caused.
    mutating func tell(_ node: inout Node) throws(NodeError) {
        guard !observers.isEmpty, node.journal.sequence > toldThrough else { return }
        let items = node.kept ?? []
        var next = 0
        if reading.feed == nil { reading.feed = try JournalFeed(disk, after: toldThrough) }
        while let record = try reading.feed?.next() {
            take(record)
            while next < items.count, items[next].sequence <= record.sequence {
                give(items[next].item)
                next += 1
            }
        }
        node.kept?.removeFirst(next)
    }

    /// The same, and that a moment is reached: the engine may be some of the tape's events further.
    mutating func reach(_ node: inout Node) throws(NodeError) {
        if observers.isEmpty { return }
        try tell(&node)
        let moment = ReplicaMoment(sequence: toldThrough, time: node.time, configuration: node.configuration)
        for observer in observers where !observer.hasFailed {
            node.withEngine { observer.reached(moment, engine: $0, names: names) }
        }
    }
}
