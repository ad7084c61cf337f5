public import FairleadEngine
internal import FairleadJournal
internal import FairleadModel
public import FairleadNode
internal import GRDB

/// Writes what a journal tells into the history, a transaction a batch, with the place that it stands for.
///
/// The rows of a batch and the sequence through which they are complete are stored together: after a crash it goes on
/// exactly there. Nothing that fails here touches trading: it says so by `hasFailed`, waits, and is given the journal
/// again. Used by one thread.
public final class HistoryWriter: ReplicaObserver {
    /// Staged rows at which a batch is written without waiting for the end of what is given.
    static let batchLimit = 16_384
    /// Nothing but the place itself is written at most so often.
    static let placeInterval = Duration.seconds(1)

    public let path: String
    private let identity: HistoryIdentity
    private let options: HistoryOptions
    private var names: HistoryNames
    private var store: HistoryStore?
    private var staged: [StagedRow] = []
    private var pending = StoredSignal(.none)
    /// The input whose texts stand in `pending`; what is stored stops before it.
    private var pendingSince: UInt64?
    private var sequence: UInt64 = 0
    private var chain: UInt32 = 0
    private var time = Timestamp.never
    private var place: Int64 = 0
    /// The end of a gap after which the live orders must be looked at.
    private var gapEnd: UInt64?
    private var placeWrittenAt = ContinuousClock.now
    private var backOff: BackOff
    /// What it came to, for status and log.
    public private(set) var counters = HistoryCounters()
    /// The newest failure; nil while all is well.
    public private(set) var fault: HistoryFault?
    /// Where a file that could not be used was put at the newest opening, and why; told once in the log.
    public private(set) var putAside: HistoryPutAside?

    public private(set) var storedThrough: UInt64 = 0
    public var hasFailed: Bool { fault != nil }

    /// Opens the file, or fails as it does later: by `fault`.
    ///
    /// `identity` says which journal is followed; a history of another one, a damaged one, and one that isn't of this
    /// journal's past is put aside.
    public init(path: String, identity: HistoryIdentity, options: HistoryOptions = HistoryOptions()) {
        self.path = path
        self.identity = identity
        self.options = options
        names = HistoryNames(identity.symbols)
        backOff = BackOff(options.backOff)
        open()
    }

    // MARK: - What is told

    public func take(_ item: ReplayItem) {
        guard fault == nil else { return }
        switch item {
        case .record(let record): take(record)
        case .notice(let entry):
            guard entry.sequence > storedThrough else { return }
            if entry.sequence != sequence { (sequence, place) = (entry.sequence, 0) }
            time = entry.time
            stage(entry)
        case .command: break
        }
    }

    private func take(_ record: JournalRecord) {
        guard record.sequence > storedThrough else { return }
        if staged.count >= Self.batchLimit { write(through: sequence) }
        if fault != nil { return }
        if record.sequence > max(sequence, storedThrough) + 1 { noteGap(before: record.sequence) }
        (sequence, chain, place) = (record.sequence, record.header.checksum, 0)
        if record.time.isKnown { time = record.time }
        switch record.body {
        case .text(let text): note(text)
        case .signalTerms(let terms):
            openPending(terms.number)
            pending.terms = terms
            (pending.sequence, pending.time) = (record.sequence, record.time)
        case .event(.signalReceived): closePending(record)
        case .event(.signalRefused(let refusal)):
            if pending.number == refusal.number { closePending(record) }
            forgetPending()
        case .event: forgetPending()
        case .configuration, .marketReference, .manifest, .snapshotMark, .seal, .note: break
        }
    }

    private func stage(_ entry: NoticeEntry) {
        defer { place += 1 }
        guard entry.notice.isStored else { return }
        do throws(HistoryFault) {
            let id = try HistoryID.make(entry.sequence, place: place)
            staged.append(.notice(entry.notice, id: id, time: entry.time))
        } catch {
            fail(error)
        }
    }

    private func noteGap(before next: UInt64) {
        let after = max(sequence, storedThrough)
        staged.append(.gap(after: after, through: next - 1))
        gapEnd = next - 1
    }

    // MARK: - Signals

    private func note(_ text: TextRecord) {
        switch text.kind {
        case .strategyName:
            let index = Int(clamping: min(text.key, UInt64(UInt16.max)))
            names.setStrategy(index, text.text)
            staged.append(.strategy(index, text.text))
        case .signalID:
            openPending(SignalNumber(value: text.key))
            pending.signalID = text.text
        case .meta:
            openPending(SignalNumber(value: text.key))
            pending.meta = text.text
        case .refusal:
            openPending(SignalNumber(value: text.key))
            pending.refusal = text.text
        }
    }

    private func openPending(_ number: SignalNumber) {
        if pendingSince != nil, pending.number == number { return }
        pending = StoredSignal(number)
        pendingSince = sequence
    }

    private func closePending(_ record: JournalRecord) {
        guard pendingSince != nil else { return }
        if pending.terms == nil { (pending.sequence, pending.time) = (record.sequence, record.time) }
        staged.append(.signal(pending))
        forgetPending()
    }

    private func forgetPending() { pendingSince = nil }

    // MARK: - Storing

    public func reached(_ sequence: UInt64, engine: borrowing Engine) {
        guard fault == nil, sequence > storedThrough else { return }
        if gapEnd != nil { seed(engine) }
        if staged.isEmpty, ContinuousClock.now - placeWrittenAt < Self.placeInterval { return }
        write(through: sequence)
        if fault == nil { retain() }
    }

    /// Stores the place that was reached, which waits while there are no rows: before a stop.
    public func finish() {
        guard fault == nil else { return }
        if sequence > storedThrough || !staged.isEmpty { write(through: sequence) }
        store = nil
    }

    /// The orders that live after a gap, which nothing in the history tells of.
    private func seed(_ engine: borrowing Engine) {
        guard let gapEnd else { return }
        var orders: [OrderSeed] = []
        engine.forEachLiveOrder { orders.append(OrderSeed($0)) }
        staged.append(.seeds(orders, gapEnd: gapEnd))
        self.gapEnd = nil
    }

    private func write(through reached: UInt64) {
        guard let store else { return }
        // A signal's texts come before it: what is stored ends before the first of one that is under way.
        let through = min(reached, pendingSince.map { $0 - 1 } ?? .max)
        guard through > storedThrough else { return }
        do throws(HistoryFault) {
            try store.write(staged, HistoryPlace(sequence: through, time: time, chain: through == sequence ? chain : 0))
            counters.rows += UInt64(staged.count)
            counters.batches += 1
            staged.removeAll(keepingCapacity: true)
            storedThrough = through
            placeWrittenAt = .now
        } catch {
            fail(error)
        }
    }

    private func retain() {
        guard let store else { return }
        do throws(HistoryFault) {
            counters.rowsRemoved += try store.retain(options.retention, now: time)
        } catch {
            fail(error)
        }
    }

    // MARK: - Failing and coming back

    private func fail(_ reason: HistoryFault) {
        fault = reason
        counters.failures += 1
        store = nil
        forget()
        backOff.failed(at: .now)
    }

    private func forget() {
        staged.removeAll(keepingCapacity: true)
        pendingSince = nil
        gapEnd = nil
    }

    /// Tries again once its pause is over; until then it stays failed.
    public func recover() {
        guard let reason = fault, backOff.isOver(at: .now) else { return }
        if reason.condemnsFile { condemn("\(reason)") }
        open()
    }

    /// The file goes out of the way, whatever the next opening would make of it.
    private func condemn(_ reason: String) {
        guard FileIdentity(path) != nil else { return }
        do throws(HistoryFault) {
            putAside = HistoryPutAside(path: try HistoryFile.putAside(path, as: "damaged"), reason: reason)
            counters.putAside += 1
        } catch {
            // The next opening meets the file again, and says what is wrong.
            putAside = nil
        }
    }

    private func open() {
        forget()
        do throws(HistoryFault) {
            let opened = try HistoryStore.open(path, identity, options)
            if let aside = opened.putAside {
                putAside = aside
                counters.putAside += 1
            }
            store = opened.store
            names = opened.store.names
            storedThrough = opened.store.place.sequence
            (sequence, chain) = (storedThrough, opened.store.place.chain)
            time = opened.store.place.time
            if fault != nil { counters.recoveries += 1 }
            fault = nil
            backOff.succeeded()
        } catch {
            fail(error)
        }
    }
}
