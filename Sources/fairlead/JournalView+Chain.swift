import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime

/// `why`: everything that a journal says of one signal.
extension JournalView {
    /// What an id of the command line names.
    enum Subject {
        case number(SignalNumber)
        case text(String)
        case intent(IntentID)

        init(_ id: String) {
            switch ParentSubject(text: id) {
            case .signal(let number): self = .number(number)
            case .intent(let intent): self = .intent(intent)
            case .order(let order): self = .intent(order.intent)
            case nil: self = .text(id)
            }
        }
    }

    /// A signal with what came of it. Throws when the journal knows no such id, and `notRetained` when what it caused
    /// can't be computed again.
    func chain(of id: String) throws -> [JSONMember] {
        tellSource()
        guard let place = try place(of: Subject(id)) else {
            throw CommandFailure(
                .invalidInput,
                "\(LogLine.plain(id)) is not in the journal of \(path); \(Program.name) orders --all lists ids"
            )
        }
        // Risk rows come before the intent is named: the second pass begins before the signal itself.
        let disk = try disk()
        let configuration = try configuration()
        var names = RunNames(configuration.engine.instruments)
        var chain = SignalChain(place.number, cause: place.cause)
        var asked = AskedSignal(place.number)
        var start: Timestamp?
        do throws(NodeError) {
            var replayer = try replayer(disk, configuration, from: .snapshot(before: place.sequence))
            if replayer.isWhole { start = .never }
            for (index, name) in replayer.strategies.enumerated() { names.setStrategy(index, name) }
            try replayer.run { item in
                switch item {
                case .record(let record):
                    names.note(record)
                    asked.note(record)
                    start = start ?? record.time
                case .notice(let entry): chain.take(entry)
                case .command: break
                }
            }
        } catch {
            throw failure(error)
        }
        try complete(&chain, from: start ?? .never)
        try addNames(of: chain.named, to: &names)
        return chain.json(asked.json(names), names)
    }

    /// Reads the fills of trades that had begun before the moment from which on the chain was read.
    private func complete(_ chain: inout SignalChain, from start: Timestamp) throws {
        let trades = chain.trades
        guard let opened = trades.map(\.record.openedAt).min(), opened < start else { return }
        var earliest = Timestamp.distantFuture
        let found = try collect { item, _ -> NoticeEntry? in
            guard case .notice(let entry) = item else { return nil }
            earliest = min(earliest, entry.time)
            guard case .filled(let fill) = entry.notice,
                trades.contains(where: { ChainTrade.isOf($0.record, $0.entry, fill, entry) })
            else { return nil }
            return entry
        } isEnough: { _ in
            earliest <= opened
        }
        chain.complete(found.rows)
    }

    /// A notice; a refused signal's with the fields that are wrong.
    static func told(_ entry: NoticeEntry, _ names: RunNames) -> JSONValue {
        let value = json(entry, names)
        guard case .acknowledged(let record) = entry.notice, record.disposition == .invalid,
            let refusal = names.refusal(of: record.number)
        else { return value }
        return .object((value.object ?? []) + [JSONMember("faults", .string(refusal))])
    }

    /// The number of a signal by its own id; nil when the journal knows none.
    func number(ofSignal id: String) throws -> SignalNumber? { try place(of: .text(id))?.number }

    /// Where a signal is to be looked for.
    private struct Place {
        var number: SignalNumber
        /// Not behind its beginning.
        var sequence: UInt64
        /// Of an exit that a level fired: the entry.
        var cause = SignalNumber.none
    }

    private func place(of subject: Subject) throws -> Place? {
        switch subject {
        case .text(let id): return try place { $0.text == id }
        case .number(let number):
            if number.isInternal { return try replayedPlace { Self.number(of: $0) == number } }
            return try place { $0.key == number.value }
        case .intent(let intent):
            return try replayedPlace { notice in
                switch notice {
                case .acknowledged(let record): record.intent == intent
                case .orderChanged(let change): change.id.intent == intent
                case .progressed(let record): record.intent == intent
                case .sized, .riskRow, .riskDecided, .routed, .armChosen, .filled, .parentClosed, .levelChanged,
                    .positionChanged, .tradingStateChanged, .riskModeChanged, .divergence, .alarm, .venueChanged,
                    .policyComputed,
                    .barClosed, .operatorRefused, .profitMeasured, .fillMeasured, .markoutMeasured, .shortfallMeasured,
                    .funded, .tradeClosed, .riskChanged, .positionDecided:
                    false
                }
            }
        }
    }

    /// By the text that is journaled before each signal from outside, which outlives market data.
    private func place(_ isMeant: (TextRecord) -> Bool) throws -> Place? {
        let disk = try disk()
        var found: Place?
        do throws(NodeError) {
            try JournalReach.forEachText(disk) { text, sequence in
                guard found == nil, text.kind == .signalID, isMeant(text) else { return }
                found = Place(number: SignalNumber(value: text.key), sequence: sequence)
            }
        } catch {
            throw failure(error)
        }
        return found
    }

    /// By what the engine said: stretch by stretch back to the signal's acknowledgement.
    private func replayedPlace(_ isMeant: (Notice) -> Bool) throws -> Place? {
        let found = try collect { item, _ -> NoticeEntry? in
            guard case .notice(let entry) = item, isMeant(entry.notice) else { return nil }
            return entry
        } isEnough: { rows in
            rows.contains { if case .acknowledged = $0.notice { true } else { false } }
        }
        if let first = found.rows.first, found.reach == nil, let number = Self.number(of: first.notice) {
            var place = Place(number: number, sequence: first.sequence)
            for case .acknowledged(let record) in found.rows.map(\.notice) where record.number == number {
                place.cause = record.cause
            }
            return place
        }
        if let reach = found.reach { throw Self.notRetained(reach) }
        return nil
    }

    /// The signal that a notice belongs to.
    static func number(of notice: Notice) -> SignalNumber? {
        switch notice {
        case .acknowledged(let record): record.number
        case .sized(let record): record.number
        case .riskRow(let record): record.number
        case .riskDecided(let record): record.number
        case .routed(let record): record.number
        case .armChosen(let record): record.number
        case .orderChanged(let record): record.number
        case .filled(let record): record.number
        case .parentClosed(let record): record.number
        case .levelChanged(let record): record.number
        case .progressed(let record): record.number
        case .tradeClosed(let record): record.number == .none ? nil : record.number
        case .operatorRefused(let record): record.number == .none ? nil : record.number
        case .fillMeasured(let record): record.number
        case .markoutMeasured(let record): record.number
        case .shortfallMeasured(let record): record.number
        case .positionChanged, .tradingStateChanged, .riskModeChanged, .divergence, .alarm, .venueChanged,
            .policyComputed, .barClosed, .profitMeasured, .funded, .riskChanged, .positionDecided:
            nil
        }
    }
}
