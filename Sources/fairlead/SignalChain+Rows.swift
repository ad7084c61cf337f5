import FairleadModel
import FairleadNode

/// A chain as JSON: the same from a journal and from a history.
extension SignalChain {
    /// `events`, the signal's own rows behind what it asked for; `caused_by`, of an exit, the entry and the level;
    /// `exits` that its levels caused, each with its rows; `trades` that its fills are part of.
    func json(_ asked: JSONValue?, _ names: RunNames) -> [JSONMember] {
        [
            JSONMember("caused_by", causeRow(names)),
            JSONMember("events", .array((asked.map { [$0] } ?? []) + own.map { JournalView.told($0, names) })),
            JSONMember("exits", .array(causedExits.map { Self.row($0, names) })),
            JSONMember("trades", .array(trades.map { Self.row($0, names) })),
        ]
    }

    private func causeRow(_ names: RunNames) -> JSONValue {
        if cause == .none { return .null }
        return .object(
            Self.name(cause, names) + [
                JSONMember("level", Self.level(ownFiring, names)), JSONMember("waited_for", Self.json(ownAwaited)),
            ]
        )
    }

    private static func row(_ exit: Exit, _ names: RunNames) -> JSONValue {
        let fills = exit.rows.compactMap { if case .filled(let fill) = $0.notice { fill } else { nil } }
        let total = FillTotal(exit.number, fills)
        return .object(
            name(exit.number, names)
                + [JSONMember("level", level(exit.firing, names)), JSONMember("waited_for", json(exit.awaited))]
                + total.members
                + [JSONMember("events", .array(exit.rows.map { JournalView.told($0, names) }))]
        )
    }

    private static func row(_ trade: ChainTrade, _ names: RunNames) -> JSONValue {
        func rows(_ side: Side) -> JSONValue {
            .array(trade.totals(side).map { .object(name($0.number, names) + $0.members) })
        }
        let told = JournalView.json(trade.entry, names).object ?? []
        return .object(
            told + [
                JSONMember("entered_by", rows(trade.record.side)),
                JSONMember("closed_by", rows(trade.record.side.opposite)),
            ]
        )
    }

    private static func level(_ firing: NoticeEntry?, _ names: RunNames) -> JSONValue {
        firing.map { JournalView.json($0, names) } ?? .null
    }

    private static func json(_ awaited: AwaitedLevel?) -> JSONValue {
        awaited.map { ["kind": .string($0.kind), "price": .decimal($0.price)] } ?? .null
    }

    /// A fill that no signal asked for has neither.
    private static func name(_ number: SignalNumber, _ names: RunNames) -> [JSONMember] {
        [
            JSONMember("signal", number == .none ? .null : .string(number.description)),
            JSONMember("signal_id", names.signalID(of: number).map { .string($0) } ?? .null),
        ]
    }
}
