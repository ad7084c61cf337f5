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
            do throws(IdentifierError) {
                self = .number(try SignalNumber(text: id))
                return
            } catch {}
            do throws(IdentifierError) {
                self = .intent(try IntentID(text: id))
                return
            } catch {}
            do throws(IdentifierError) {
                self = .intent(try ClientOrderID(text: id).intent)
                return
            } catch {
                self = .text(id)
            }
        }
    }

    /// The notices of a signal in their order. Throws when the journal knows no such id, and `notRetained` when what
    /// it caused can't be computed again.
    func chain(of id: String) throws -> [JSONValue] {
        tellSource()
        guard let (number, sequence) = try place(of: Subject(id)) else {
            throw CommandFailure(
                .invalidInput,
                "\(LogLine.plain(id)) is not in the journal of \(path); \(Program.name) orders --all lists ids"
            )
        }
        // Risk rows come before the intent is named: the second pass begins before the signal itself.
        let disk = try disk()
        let configuration = try configuration()
        var names = RunNames(configuration.engine.instruments)
        var entries: [NoticeEntry] = []
        var asked = AskedSignal(number)
        do throws(NodeError) {
            var replayer = try replayer(disk, configuration, from: .snapshot(before: sequence))
            for (index, name) in replayer.strategies.enumerated() { names.setStrategy(index, name) }
            try replayer.run { item in
                if case .record(let record) = item {
                    names.note(record)
                    asked.note(record)
                }
                guard case .notice(let entry) = item, Self.number(of: entry.notice) == number else { return }
                entries.append(entry)
            }
        } catch {
            throw failure(error)
        }
        return (asked.json(names).map { [$0] } ?? []) + entries.map { Self.told($0, names) }
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
    func number(ofSignal id: String) throws -> SignalNumber? { try place(of: .text(id))?.0 }

    /// A signal's number, and a sequence that is not behind its beginning.
    private func place(of subject: Subject) throws -> (SignalNumber, UInt64)? {
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
    private func place(_ isMeant: (TextRecord) -> Bool) throws -> (SignalNumber, UInt64)? {
        let disk = try disk()
        var found: (SignalNumber, UInt64)?
        do throws(NodeError) {
            try JournalReach.forEachText(disk) { text, sequence in
                guard found == nil, text.kind == .signalID, isMeant(text) else { return }
                found = (SignalNumber(value: text.key), sequence)
            }
        } catch {
            throw failure(error)
        }
        return found
    }

    /// By what the engine said: stretch by stretch back to the signal's acknowledgement.
    private func replayedPlace(_ isMeant: (Notice) -> Bool) throws -> (SignalNumber, UInt64)? {
        let found = try collect { item, _ -> NoticeEntry? in
            guard case .notice(let entry) = item, isMeant(entry.notice) else { return nil }
            return entry
        } isEnough: { rows in
            rows.contains { if case .acknowledged = $0.notice { true } else { false } }
        }
        if let first = found.rows.first, found.reach == nil, let number = Self.number(of: first.notice) {
            return (number, first.sequence)
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
