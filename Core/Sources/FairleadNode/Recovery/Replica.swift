import FairleadConfiguration
import FairleadEngine
public import FairleadJournal
public import FairleadModel

/// A second fold of the journal that is being written, beside the loop: whatever is published is made of it, and so are
/// the snapshots. It only reads the journal, so that a slow, failing or missing observer can't touch trading; and
/// everything published is of one place in the journal.
///
/// One owner, on a thread of its own. It costs the memory of a second engine and the time of a replay.
public struct Replica: ~Copyable {
    /// Inputs that are applied at a time: between two of them the caller may look whether it shall stop.
    public static let batch = 100_000
    /// At a time while a snapshot is due and can't be taken: it is looked for after each, and nobody waits for it.
    static let overdueBatch = 256
    /// The first pause before a failed observer is opened again; it doubles up to the longest.
    static let firstPause = TimeSpan.seconds(1)
    static let longestPause = TimeSpan.seconds(60)
    /// Between two moments at least while it is behind.
    static let pauseBehind = TimeSpan.seconds(1)

    private struct Seat {
        var observer: any ReplicaObserver
        /// When it is opened again after a failure.
        var retryAt: TimeSpan?
        var pause = Replica.firstPause
        /// Inputs that it was never given, since the journal no longer holds them.
        var missed: ClosedRange<UInt64>?
    }

    private let disk: any Disk
    private var seats: [Seat]
    private var snapshotter: Snapshotter
    private let period: TimeSpan
    private var replayer: Replayer?
    private var names = RunNames([])
    private var reachedAt: TimeSpan?
    private var reachedSequence: UInt64 = 0
    /// The last sound input before damage that was met: what lies behind it is gone on with, if a snapshot is there.
    private var damagedAfter: UInt64?

    /// `period`: how often the observers are told that a moment is reached. Nothing is read before `work`.
    public init(
        _ disk: any Disk,
        observers: [any ReplicaObserver],
        snapshotter: consuming Snapshotter,
        period: TimeSpan
    ) {
        self.disk = disk
        seats = observers.map { Seat(observer: $0) }
        self.snapshotter = snapshotter
        self.period = period
    }

    // MARK: - Work

    /// Does one piece of what is due. `durableThrough`: no further than this is looked, so that nothing is published
    /// that a loss of power takes back. `now` is steady time from any beginning.
    ///
    /// Gives the mark of a snapshot that was completed, for `Node.offer(snapshot:)`; `isBehind` says that there is more
    /// to do at once. Damage is thrown only where no snapshot lies behind it: else the work goes on from there, and the
    /// gap is told in the report. After an error the next call begins again.
    public mutating func work(
        durableThrough: UInt64,
        at now: TimeSpan
    ) throws(NodeError) -> (mark: SnapshotMark?, isBehind: Bool) {
        do throws(NodeError) { return try advance(durableThrough, at: now) } catch {
            guard case .journal(.quarantined(let damage)) = error else { throw error }
            // The second time at one place: nothing sound lies behind it.
            if let damagedAfter, damage.sequence <= damagedAfter { throw error }
            // Now, not at a later call: whoever is told of an error may begin with another replica.
            damagedAfter = damage.sequence
            replayer = nil
            return (nil, true)
        }
    }

    private mutating func advance(
        _ durableThrough: UInt64,
        at now: TimeSpan
    ) throws(NodeError) -> (mark: SnapshotMark?, isBehind: Bool) {
        retryFailed(at: now)
        if replayer == nil {
            guard isNeeded(durableThrough) else { return (nil, false) }
            replayer = try begin(durableThrough, at: now)
        }
        guard var current = replayer.take() else { return (nil, false) }
        let left = snapshotter.inputsLeft(from: current.appliedThrough)
        let hasMore = try feed(&current, limit: left > 0 ? min(Self.batch, left) : Self.overdueBatch, durableThrough)
        let isBehind = hasMore && current.appliedThrough < durableThrough
        if isReachDue(at: now, isBehind: isBehind) { reach(&current, at: now) }
        let mark = try snapshotter.save(&current, durableThrough: durableThrough)
        replayer = consume current
        return (mark, isBehind)
    }

    /// The journal is closed: applies the rest of it and tells the observers, for the last time.
    public mutating func finish(durableThrough: UInt64, at now: TimeSpan) throws(NodeError) {
        guard !seats.isEmpty else { return }
        if replayer == nil { replayer = try begin(durableThrough, at: now) }
        guard var current = replayer.take() else { return }
        let seats = seats
        var names = names
        try current.run { item in Self.give(item, &names, seats) }
        self.names = names
        reach(&current, at: now)
        replayer = consume current
    }

    private func isNeeded(_ durableThrough: UInt64) -> Bool {
        !seats.isEmpty || durableThrough >= snapshotter.newest + snapshotter.interval
    }

    private mutating func feed(
        _ current: inout Replayer,
        limit: Int,
        _ durableThrough: UInt64
    ) throws(NodeError) -> Bool {
        guard !seats.isEmpty else { return try current.follow(limit: limit, through: durableThrough) }
        let seats = seats
        var names = names
        defer { self.names = names }
        return try current.follow(limit: limit, through: durableThrough) { item in Self.give(item, &names, seats) }
    }

    private static func give(_ item: ReplayItem, _ names: inout RunNames, _ seats: [Seat]) {
        if case .record(let record) = item {
            names.note(record)
            if case .configuration(let configuration) = record.body {
                // One that can't be decoded is refused by the fold.
                let found = ConfigurationDecoder.decodeCanonical(configuration.document)
                if case .success(let resolved) = found { names.setInstruments(resolved.engine.instruments) }
            }
        }
        for seat in seats where !seat.observer.hasFailed { seat.observer.take(item, names: names) }
    }

    /// While it is behind, moments are further apart: storing must not keep it from catching up.
    private func isReachDue(at now: TimeSpan, isBehind: Bool) -> Bool {
        guard !seats.isEmpty else { return false }
        let pause = isBehind ? max(period, Self.pauseBehind) : period
        return reachedAt.map { now.nanoseconds - $0.nanoseconds >= pause.nanoseconds } ?? true
    }

    private mutating func reach(_ current: inout Replayer, at now: TimeSpan) {
        reachedAt = now
        reachedSequence = current.appliedThrough
        let moment = current.moment
        for seat in seats where !seat.observer.hasFailed {
            current.withEngine { seat.observer.reached(moment, engine: $0, names: names) }
        }
        for index in seats.indices {
            if seats[index].observer.hasFailed { note(index, at: now) } else { seats[index].pause = Self.firstPause }
        }
    }

    /// A failed observer waits for its next try, each time longer.
    private mutating func note(_ index: Int, at now: TimeSpan) {
        guard seats[index].observer.hasFailed, seats[index].retryAt == nil else { return }
        let pause = seats[index].pause
        seats[index].retryAt = TimeSpan(nanoseconds: now.nanoseconds + pause.nanoseconds)
        seats[index].pause = TimeSpan(nanoseconds: min(pause.nanoseconds * 2, Self.longestPause.nanoseconds))
    }

    /// An observer whose pause is over is opened again; once it can store, the replica steps back to where it was.
    private mutating func retryFailed(at now: TimeSpan) {
        let due = seats.indices.filter { seats[$0].retryAt.map { now.nanoseconds >= $0.nanoseconds } ?? false }
        guard !due.isEmpty, var current = replayer.take() else { return }
        // The others store what they have, so that they need not step back.
        reach(&current, at: now)
        var isAgain = false
        for index in due {
            seats[index].retryAt = nil
            seats[index].observer.open(current.identity)
            if seats[index].observer.hasFailed { note(index, at: now) } else { isAgain = true }
        }
        if !isAgain { replayer = consume current }
    }

    // MARK: - The beginning

    private mutating func begin(_ durableThrough: UInt64, at now: TimeSpan) throws(NodeError) -> Replayer {
        guard !seats.isEmpty else { return try Replayer(disk, isObserved: false, from: .newest) }
        let id = try NodeError.journaling { () throws(JournalError) in try JournalReader(disk).journalID }
        let journal = JournalIdentity(id: id, durableThrough: durableThrough)
        var stored = UInt64.max
        for index in seats.indices {
            seats[index].retryAt = nil
            seats[index].observer.open(journal)
            note(index, at: now)
            if !seats[index].observer.hasFailed { stored = min(stored, seats[index].observer.storedThrough) }
        }
        let found = try replayer(before: stored == .max ? .max : stored + 1)
        let place = found.place
        names = try names(at: place)
        for (index, name) in found.strategies.enumerated() { names.setStrategy(index, name) }
        for reason in found.reasons { names.setReason(reason.number, reason.text) }
        for index in seats.indices {
            let observer = seats[index].observer
            if !place.isWhole, observer.storedThrough < place.sequence {
                seats[index].missed = observer.storedThrough + 1...place.sequence
            }
            if !observer.hasFailed { observer.begins(at: place, names: names) }
        }
        reachedAt = now
        return found
    }

    /// What was named through this place; damage hides what was named behind it.
    private func names(at place: ReplicaPlace) throws(NodeError) -> RunNames {
        var names = RunNames(place.configuration.engine.instruments)
        do throws(NodeError) {
            try JournalReach.forEachText(disk) { text, sequence in if sequence <= place.sequence { names.note(text) } }
        } catch {
            guard case .journal(.quarantined) = error, damagedAfter != nil else { throw error }
        }
        return names
    }

    /// From the newest snapshot before what is wanted, else from the oldest place that the journal still has. Where
    /// damage was met, from the newest snapshot of all, if it lies behind the damage.
    private func replayer(before wanted: UInt64) throws(NodeError) -> Replayer {
        if let damagedAfter, snapshotter.newest > damagedAfter {
            let found = try Replayer(disk, from: .newest)
            if found.appliedThrough > damagedAfter { return found }
        }
        do throws(NodeError) { return try Replayer(disk, from: .snapshot(before: wanted)) } catch {
            guard case .journal(.notRetained) = error else { throw error }
            let reach = try JournalReach(disk)
            return try Replayer(disk, from: .snapshot(before: reach.sequence + 1))
        }
    }

    // MARK: - What may be asked

    /// How it and its observers fare.
    public var report: ReplicaReport {
        ReplicaReport(
            sequence: reachedSequence,
            observers: seats.map { seat in
                ReplicaReport.Row(
                    name: seat.observer.name,
                    storedThrough: seat.observer.storedThrough,
                    hasFailed: seat.observer.hasFailed,
                    health: seat.observer.health,
                    missed: seat.missed
                )
            }
        )
    }

    /// The sequence of the newest snapshot; 0 without one.
    public var newestSnapshot: UInt64 { snapshotter.newest }
}

/// How a replica and its observers fare.
public struct ReplicaReport: Hashable, Sendable {
    public struct Row: Hashable, Sendable {
        public var name: String
        public var storedThrough: UInt64
        /// It is opened again after a pause.
        public var hasFailed: Bool
        public var health: ObserverHealth
        /// Inputs that it was never given, since the journal no longer holds them.
        public var missed: ClosedRange<UInt64>?
    }

    /// The last moment that the observers were told of.
    public var sequence: UInt64
    public var observers: [Row]

    public init(sequence: UInt64 = 0, observers: [Row] = []) {
        self.sequence = sequence
        self.observers = observers
    }

    public var isFailing: Bool { observers.contains { $0.hasFailed || $0.health.fault != nil } }
}
