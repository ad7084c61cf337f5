internal import FairleadConfiguration
public import FairleadEngine
internal import FairleadJournal
internal import FairleadModel
public import FairleadNode
internal import GRDB

/// Writes what a journal tells into the history, a transaction a batch, with the place that it stands for.
///
/// The rows of a batch and the sequence through which they are complete are stored together: after a crash it goes on
/// exactly there. Nothing that fails here touches trading: it says so by `hasFailed`, and is opened and given the
/// journal again. Used by one thread.
public final class HistoryWriter: ReplicaObserver {
    /// Staged rows at which a batch is written without waiting for the end of what is given.
    static let batchLimit = 16_384

    public let name = "history"
    public let path: String
    public let options: HistoryOptions
    private var names = HistoryNames()
    private var store: HistoryStore?
    private var staged: [StagedRow] = []
    private var pending = StoredSignal(.none)
    /// The input with which the texts in `pending` begin; what is stored ends before it.
    private var pendingSince: UInt64?
    /// The last input that was given, its checksum in the journal, and the time.
    private var sequence: UInt64 = 0
    private var chain: UInt32 = 0
    private var time = Timestamp.never
    private var place: Int64 = 0
    /// The end of a gap after which the live orders must be looked at.
    private var gapEnd: UInt64?
    private(set) var fault: HistoryFault?
    /// What it came to, for status and log.
    public private(set) var counters = HistoryCounters()
    /// Where the newest file that could not be used was put, and why.
    public private(set) var putAside: HistoryPutAside?

    public private(set) var health = ObserverHealth()
    public var storedThrough: UInt64 { store?.place.sequence ?? 0 }
    public var hasFailed: Bool { fault != nil }

    private let onPutAside: @Sendable (HistoryPutAside) -> Void

    /// Touches nothing before it is opened. `onPutAside` is told of each file that could not be used, on the thread
    /// that opens it.
    public init(
        path: String,
        options: HistoryOptions = HistoryOptions(),
        onPutAside: @escaping @Sendable (HistoryPutAside) -> Void = { _ in }
    ) {
        self.path = path
        self.options = options
        self.onPutAside = onPutAside
    }

    // MARK: - Opening

    public func open(_ journal: JournalIdentity) {
        forget()
        store = nil
        do throws(HistoryFault) {
            if let fault, fault.condemnsFile, FileIdentity(path) != nil {
                let target = try HistoryFile.putAside(path, as: "damaged")
                noteAside(HistoryPutAside(path: target, reason: "\(fault)"))
            }
            let opened = try HistoryStore.open(path, journal, options)
            if let aside = opened.putAside { noteAside(aside) }
            store = opened.store
            (sequence, chain) = (opened.store.place.sequence, opened.store.place.chain)
            time = opened.store.place.time
            fault = nil
            health.succeeded()
        } catch {
            fail(error)
        }
    }

    private func noteAside(_ aside: HistoryPutAside) {
        putAside = aside
        counters.putAside += 1
        onPutAside(aside)
    }

    public func begins(at place: ReplicaPlace, names: RunNames) {
        guard fault == nil else { return }
        forget()
        self.names = HistoryNames(place.configuration.engine.instruments)
        for (index, name) in names.strategies.enumerated() { self.names.setStrategy(index, name) }
        for (number, reason) in names.reasons { self.names.setReason(number, reason) }
        staged.append(.instruments(place.configuration.engine.instruments))
        staged += names.strategies.enumerated().map { .strategy($0.offset, $0.element) }
        if !place.isWhole, place.sequence > storedThrough {
            staged.append(.gap(after: storedThrough, through: place.sequence))
            gapEnd = place.sequence
        }
        // Where the journal has been given from before what is stored, its records are told again first.
        (sequence, chain) = (place.sequence, 0)
        if place.time.isKnown { time = place.time }
    }

    // MARK: - What is told

    public func take(_ item: ReplayItem, names: RunNames) {
        guard fault == nil else { return }
        switch item {
        case .record(let record): take(record, names)
        case .notice(let entry):
            if entry.sequence != sequence { (sequence, place) = (entry.sequence, 0) }
            time = entry.time
            stage(entry)
        case .command: break
        }
    }

    private func take(_ record: JournalRecord, _ names: RunNames) {
        if staged.count >= Self.batchLimit {
            self.names.extend(names)
            write(through: sequence)
        }
        if fault != nil { return }
        (sequence, chain, place) = (record.sequence, record.header.checksum, 0)
        if record.time.isKnown { time = record.time }
        guard record.sequence > storedThrough else { return judge(record) }
        tell(record)
    }

    private func tell(_ record: JournalRecord) {
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

    /// A record that is told again: the one that the history ends with must be the one that it ended with.
    private func judge(_ record: JournalRecord) {
        // A name is stored already, and is needed for what comes.
        if case .text(let text) = record.body {
            if text.kind == .strategyName { name(text) }
            if text.kind == .overrideReason { names.setReason(text.key, text.text) }
        }
        guard let place = store?.place, place.sequence == record.sequence, place.chain != 0 else { return }
        if place.chain == record.header.checksum { return }
        fail(.damaged(path: path, reason: "the journal has another record at \(record.sequence)"))
    }

    private func stage(_ entry: NoticeEntry) {
        defer { place += 1 }
        guard entry.sequence > storedThrough, entry.notice.isStored else { return }
        do throws(HistoryFault) {
            let id = try HistoryID.make(entry.sequence, place: place)
            staged.append(.notice(entry.notice, id: id, time: entry.time))
        } catch {
            fail(error)
        }
    }

    // MARK: - Signals

    private func note(_ text: TextRecord) {
        switch text.kind {
        case .strategyName:
            staged.append(.strategy(name(text), text.text))
        case .signalID:
            openPending(SignalNumber(value: text.key))
            pending.signalID = text.text
        case .meta:
            openPending(SignalNumber(value: text.key))
            pending.meta = text.text
        case .refusal:
            openPending(SignalNumber(value: text.key))
            pending.refusal = text.text
        case .overrideReason: names.setReason(text.key, text.text)
        }
    }

    /// The handle of a strategy's name, which is known from here on.
    @discardableResult private func name(_ text: TextRecord) -> Int {
        let index = Int(clamping: min(text.key, UInt64(UInt16.max)))
        names.setStrategy(index, text.text)
        return index
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

    public func reached(_ moment: ReplicaMoment, engine: borrowing Engine, names: RunNames) {
        guard fault == nil, moment.sequence > storedThrough else { return }
        if gapEnd != nil { seed(engine) }
        let instruments = moment.configuration.engine.instruments
        if self.names.update(instruments) { staged.append(.instruments(instruments)) }
        write(through: moment.sequence)
        if fault == nil { retain() }
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
        let place = HistoryPlace(sequence: through, time: time, chain: through == sequence ? chain : 0)
        do throws(HistoryFault) {
            try store.write(staged, place, names)
            counters.rows += UInt64(staged.count)
            counters.batches += 1
            staged.removeAll(keepingCapacity: true)
            health.succeeded()
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

    /// Ends a file that was written in bulk, so that it can take its place.
    func close() throws(HistoryFault) {
        try store?.close()
        store = nil
    }

    private func fail(_ reason: HistoryFault) {
        fault = reason
        health.failed("\(reason)")
        store = nil
        forget()
    }

    private func forget() {
        staged.removeAll(keepingCapacity: true)
        pendingSince = nil
        gapEnd = nil
        place = 0
    }
}
