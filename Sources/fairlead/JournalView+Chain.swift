import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime

/// `why`: everything that a journal says of one signal.
extension JournalView {
    /// What an id of the command line names.
    private enum Subject {
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

    /// The notices of a signal in their order. Throws when the journal knows no such id.
    func chain(of id: String) throws -> [JSONValue] {
        let subject = Subject(id)
        // The first pass finds the signal, the second what it caused: risk rows come before the intent is named.
        guard let number = try number(of: subject) else {
            throw CommandFailure(.invalidInput, "\(LogLine.plain(id)) is not in the journal of \(path)")
        }
        var events: [JSONValue] = []
        _ = try replay { item, names in
            guard case .notice(let entry) = item, Self.number(of: entry.notice) == number else { return }
            events.append(Self.json(entry, names))
        }
        return events
    }

    private func number(of subject: Subject) throws -> SignalNumber? {
        if case .number(let number) = subject { return number }
        var found: SignalNumber?
        _ = try replay { item, _ in
            if found != nil { return }
            switch item {
            case .record(let record):
                guard case .text(let id) = subject, case .text(let text) = record.body else { return }
                if text.kind == .signalID, text.text == id { found = SignalNumber(value: text.key) }
            case .notice(let entry):
                guard case .intent(let intent) = subject, case .acknowledged(let row) = entry.notice else { return }
                if row.intent == intent { found = row.number }
            case .command: break
            }
        }
        return found
    }

    /// The signal that a notice belongs to.
    private static func number(of notice: Notice) -> SignalNumber? {
        switch notice {
        case .acknowledged(let record): record.number
        case .sized(let record): record.number
        case .riskRow(let record): record.number
        case .riskDecided(let record): record.number
        case .routed(let record): record.number
        case .orderChanged(let record): record.number
        case .filled(let record): record.number
        case .parentClosed(let record): record.number
        case .levelChanged(let record): record.number
        case .positionChanged, .tradingStateChanged, .divergence, .alarm, .venueChanged, .policyComputed, .barClosed:
            nil
        }
    }
}
