import FairleadConfiguration
import FairleadJournal
import FairleadModel

extension Replayer {
    /// Gives an observer, which is open, everything from this place through `last`, as a replica of the journal
    /// would; after each `piece` of inputs that a moment is reached, and the caller how far it is. Ends early when the
    /// observer has failed.
    public mutating func show(
        to observer: any ReplicaObserver,
        through last: UInt64 = .max,
        piece: UInt64,
        _ progress: (UInt64) -> Void = { _ in }
    ) throws(NodeError) {
        precondition(piece > 0, "Invariant: a piece has an input")
        var names = RunNames(place.configuration.engine.instruments)
        for (index, name) in strategies.enumerated() { names.setStrategy(index, name) }
        for reason in reasons { names.setReason(reason.number, reason.text) }
        observer.begins(at: place, names: names)
        while appliedThrough < last, !observer.hasFailed {
            let before = appliedThrough
            let next = last - before > piece ? before + piece : last
            try run(through: next) { item in
                if case .record(let record) = item {
                    names.note(record)
                    if case .configuration(let configuration) = record.body {
                        let found = ConfigurationDecoder.decodeCanonical(configuration.document)
                        if case .success(let resolved) = found { names.setInstruments(resolved.engine.instruments) }
                    }
                }
                observer.take(item, names: names)
            }
            withEngine { observer.reached(moment, engine: $0, names: names) }
            progress(appliedThrough)
            if appliedThrough < next { return }
        }
    }
}
