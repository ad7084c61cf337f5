import FairleadConfiguration
public import FairleadEngine
public import FairleadModel
import FairleadNode

/// Parents that send over time, or that a person has paused: what is shown of them, and what is ordered.
extension EngineHost {
    /// Hands a command on an open parent to the engine; answered with the parent as it is then.
    func onParent(
        _ action: OperatorAction,
        _ subject: ParentSubject,
        price: Price = .zero,
        quantity: Quantity = .zero,
        _ answer: @escaping Answer
    ) {
        guard let found = parent(subject) else {
            let reason = "is no open intent: it has ended, or is not of this engine; orders lists those at work"
            return answer(.failure(ControlError(.unknownOrder, reason, field: "parent")))
        }
        let command = OperatorCommand(
            action,
            instrument: found.instrument,
            order: ClientOrderID(of: found.intent),
            price: price,
            quantity: quantity
        )
        order(command, answer) { host, _ in host.work(found.intent) }
    }

    private func parent(_ subject: ParentSubject) -> Parent? {
        var found: Parent?
        node?.withEngine { engine in
            engine.forEachOpenParent { parent in
                let isMeant =
                    switch subject {
                    case .intent(let intent): parent.intent == intent
                    case .signal(let number): parent.number == number
                    case .order(let order): parent.intent == order.intent
                    }
                if isMeant { found = parent }
            }
        }
        return found
    }

    /// A parent by its intent; null when it has ended.
    private func work(_ intent: IntentID) -> JSONValue {
        let instruments = node?.configuration.engine.instruments ?? []
        let rows = node?.withEngine { ParentView.rows($0, instruments) { $0.intent == intent } } ?? []
        return rows.first ?? .null
    }

    /// Those that `orders` shows beside the orders themselves.
    func works() -> [JSONValue] {
        let instruments = node?.configuration.engine.instruments ?? []
        return node?.withEngine { ParentView.rows($0, instruments) } ?? []
    }
}

/// Parents that send over time, or that a person has paused, as every reader shows them.
public enum ParentView {
    public static func rows(_ engine: borrowing Engine, _ instruments: [Instrument]) -> [JSONValue] {
        rows(engine, instruments) { $0.isScheduled || $0.isHeld }
    }

    static func rows(
        _ engine: borrowing Engine,
        _ instruments: [Instrument],
        where isShown: (Parent) -> Bool
    ) -> [JSONValue] {
        var found: [(parent: Parent, schedule: ParentSchedule?)] = []
        engine.forEachWork { parent, schedule in
            if isShown(parent) { found.append((parent, schedule)) }
        }
        var rows: [JSONValue] = []
        for row in found {
            let hold = engine.hold(of: row.parent, row.schedule)
            let symbol = instruments[Int(row.parent.instrument.index)].symbol
            rows.append(json(row.parent, row.schedule, hold, symbol: symbol))
        }
        return rows
    }

    private static func json(
        _ parent: Parent,
        _ schedule: ParentSchedule?,
        _ hold: WorkHold?,
        symbol: String
    ) -> JSONValue {
        let slice = schedule.map { $0.hasBegun ? Int64($0.slice) + 1 : 0 }
        return [
            "intent_id": .string(parent.intent.description), "signal": .string(parent.number.description),
            "symbol": .string(symbol), "side": .string(parent.side.name),
            "approved_quantity": .decimal(parent.approved), "filled_quantity": .decimal(parent.filled),
            "due_quantity": .decimal(parent.released), "limit_price": EngineHost.price(parent.limitPrice),
            "is_paused": .bool(parent.isHeld), "waits_for": hold.map { .string($0.rawValue) } ?? .null,
            "algorithm": .string(parent.style.name), "slice": slice.map { .integer($0) } ?? .null,
            "slices": schedule.flatMap { $0.slices > 0 ? .integer(Int64($0.slices)) : nil } ?? .null,
            "next_ts": time(parent, schedule, \.sliceEnd), "deadline_ts": time(parent, schedule, \.deadline),
            "expires_ts": EngineHost.time(parent.expiresAt),
        ]
    }

    /// Of a schedule whose clock stands no moment is known.
    private static func time(
        _ parent: Parent,
        _ schedule: ParentSchedule?,
        _ moment: (ParentSchedule) -> Timestamp
    ) -> JSONValue {
        guard let schedule, !parent.isHeld else { return .null }
        return EngineHost.time(moment(schedule))
    }
}
