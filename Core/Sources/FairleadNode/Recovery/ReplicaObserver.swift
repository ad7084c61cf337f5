public import FairleadConfiguration
public import FairleadEngine
public import FairleadJournal
public import FairleadModel

/// Whoever makes something durable of a journal that a replica follows: state files, logs, the history.
///
/// The journal is the truth and everything an observer keeps can be made of it again. The calls come in this order, all
/// on the replica's thread: `open`, then `begins`, then `take` for each item and `reached` now and then. An observer
/// that could not store what it was given says so by `hasFailed`; some time later it is opened again, and given the
/// journal again from what it has stored.
public protocol ReplicaObserver: AnyObject {
    /// One word, for status and log.
    var name: String { get }
    /// The last sequence of which everything is stored; 0 when nothing is. Items up to it are given again after a
    /// restart and to be ignored. Known once it is open.
    var storedThrough: UInt64 { get }
    /// Something could not be stored since `open`: it ignores what it is given until it is opened again.
    var hasFailed: Bool { get }
    /// How it fares, for a person.
    var health: ObserverHealth { get }
    /// Looks at what it has stored of this journal, and cuts off what may be incomplete. What is of another journal,
    /// or beyond the end of this one, is put aside. Never throws: `hasFailed` tells.
    func open(_ journal: JournalIdentity)
    /// The items after `place` follow. Whatever was not stored is forgotten. Where `place` lies beyond what is stored,
    /// the records between are no longer in the journal, and the observer goes on without them.
    func begins(at place: ReplicaPlace, names: RunNames)
    /// One item, in the journal's order: an input, then the notices and commands that it caused. `names` are those
    /// that the journal has told so far.
    func take(_ item: ReplayItem, names: RunNames)
    /// Everything through the moment's sequence was given; the engine stands there. A good moment to store.
    func reached(_ moment: ReplicaMoment, engine: borrowing Engine, names: RunNames)
}

/// Which journal it is, and how far it goes for certain.
public struct JournalIdentity: Hashable, Sendable {
    public var id: JournalID
    /// The last sequence that survives a loss of power: nothing beyond it is ever given.
    public var durableThrough: UInt64
    public init(id: JournalID, durableThrough: UInt64) {
        self.id = id
        self.durableThrough = durableThrough
    }
}

/// Where a replica begins.
public struct ReplicaPlace: Sendable {
    /// The last input that it holds already; the one after it is the first to be given.
    public var sequence: UInt64
    /// The journal's time there; `.never` at its beginning.
    public var time: Timestamp
    /// The journal is given from its first record: what is counted from here is counted in full.
    public var isWhole: Bool
    /// In force there.
    public var configuration: ResolvedConfiguration
    public init(sequence: UInt64, time: Timestamp, isWhole: Bool, configuration: ResolvedConfiguration) {
        self.sequence = sequence
        self.time = time
        self.isWhole = isWhole
        self.configuration = configuration
    }
}

/// The place in the journal at which everything that is published stands.
public struct ReplicaMoment: Sendable {
    /// The last input applied.
    public var sequence: UInt64
    /// The engine's time.
    public var time: Timestamp
    /// In force there.
    public var configuration: ResolvedConfiguration
    public init(sequence: UInt64, time: Timestamp, configuration: ResolvedConfiguration) {
        self.sequence = sequence
        self.time = time
        self.configuration = configuration
    }
}

/// How an observer fares.
public struct ObserverHealth: Hashable, Sendable {
    /// Attempts to store that failed since the start.
    public var failures: UInt64
    /// Why the newest attempt failed; nil where it succeeded.
    public var fault: String?
    public init(failures: UInt64 = 0, fault: String? = nil) {
        self.failures = failures
        self.fault = fault
    }

    /// One more attempt failed.
    public mutating func failed(_ reason: String) {
        failures += 1
        fault = reason
    }

    public mutating func succeeded() { fault = nil }
}
