import FairleadEngine
import FairleadJournal
import FairleadModel

/// Signals: decoded at the door, their texts and terms journaled before the event that uses them.
extension Node {
    /// What a refusal is journaled with at most, in bytes: the first fault, and some of the others.
    static let refusalByteLimit = 1024

    mutating func takeSignals() {
        while stepsLeft > 0, signalsHead < signals.count {
            let input = signals[signalsHead]
            signalsHead += 1
            if signalsHead == signals.count {
                signals.removeAll(keepingCapacity: true)
                signalsHead = 0
            }
            stepsLeft -= 1
            advance(to: min(input.receivedAt, pumpTime))
            take(input)
        }
        if signalsHead > 0 && signalsHead * 2 > capacities.signals {
            signals.removeFirst(signalsHead)
            signalsHead = 0
        }
        if signalsHead < signals.count { hasMore = true }
    }

    private mutating func take(_ input: SignalInput) {
        guard !isJournalLost, journalFault == nil else {
            reply(input, .none, .journalUnavailable)
            return
        }
        let number = SignalNumber(value: fold.lastSignal.value + 1)
        let strategiesBefore = fold.names.strategies.count
        do throws(SignalError) {
            let signal = try SignalDecoder.decode(
                input.bytes,
                number: number,
                source: input.source,
                directory: &fold.names
            )
            receive(signal, input, newStrategy: fold.names.strategies.count > strategiesBefore)
        } catch {
            refuse(error, input, number)
        }
    }

    private mutating func receive(_ signal: DecodedSignal, _ input: SignalInput, newStrategy: Bool) {
        let now = max(input.receivedAt, fold.time)
        do throws(JournalError) {
            try referToTape(at: now)
            if newStrategy {
                try record(.strategyName, key: UInt64(signal.terms.strategy.index), signal.strategy, at: now)
            }
            try record(.signalID, key: signal.terms.number.value, signal.signalID, at: now)
            if signal.meta != "{}" { try record(.meta, key: signal.terms.number.value, signal.meta, at: now) }
            _ = try journal.append(signal.terms, at: now)
        } catch {
            // Texts without their event change nothing; the number is given again.
            if newStrategy { fold.names.forgetLast() }
            journalFault = error
            reply(input, .none, .journalUnavailable)
            return
        }
        fold.lastSignal = signal.terms.number
        lastReceived = ReceivedSignal(
            number: signal.terms.number,
            signalID: signal.signalID,
            strategy: signal.terms.strategy
        )
        fold.engine.stage(signal.terms)
        guard step(.signalReceived, at: now) else {
            reply(input, .none, .journalUnavailable)
            return
        }
        reply(input, signal.terms.number, .received)
    }

    private mutating func refuse(_ error: SignalError, _ input: SignalInput, _ number: SignalNumber) {
        let now = max(input.receivedAt, fold.time)
        do throws(JournalError) {
            try referToTape(at: now)
            try record(.signalID, key: number.value, error.signalID ?? "", at: now)
            try record(.refusal, key: number.value, error.journaled, at: now)
        } catch {
            journalFault = error
            reply(input, .none, .journalUnavailable)
            return
        }
        fold.lastSignal = number
        lastReceived = ReceivedSignal(number: number, signalID: error.signalID ?? "", refusal: error.journaled)
        let refusal = SignalRefusal(number: number, source: input.source, reason: error.reason)
        step(.signalRefused(refusal), at: now)
        reply(input, number, .invalid(error))
    }

    private mutating func record(
        _ kind: TextKind,
        key: UInt64,
        _ text: String,
        at now: Timestamp
    ) throws(JournalError) {
        _ = try journal.append(.text(TextRecord(kind, key: key, text: text)), at: now)
    }

    private mutating func reply(_ input: SignalInput, _ number: SignalNumber, _ outcome: SignalReply.Outcome) {
        if replies.count >= capacities.replies {
            replies.removeFirst()
            counters.repliesDropped += 1
        }
        replies.append(SignalReply(ticket: input.ticket, number: number, outcome: outcome))
    }
}

extension SignalError {
    /// As many faults as fit, the first one always; what was cut off is told by dots.
    var journaled: String {
        let whole = description
        guard whole.utf8.count > Node.refusalByteLimit else { return whole }
        var kept = ""
        for character in whole {
            if kept.utf8.count + character.utf8.count > Node.refusalByteLimit { break }
            kept.append(character)
        }
        return kept + "..."
    }
}
