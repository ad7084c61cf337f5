import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

extension StateDocuments {
    /// Open positions, each with what protects it.
    func addPositions(
        _ members: inout [JSONMember],
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ names: RunNames
    ) {
        var rows: [JSONValue] = []
        let instruments = moment.configuration.engine.instruments
        for index in instruments.indices {
            for side in PositionSide.allCases {
                let key = PositionKey(InstrumentHandle(index), side)
                let position = engine.position(key)
                if position.isFlat { continue }
                rows.append(Self.row(key, position, instruments[index], engine, names))
            }
        }
        members.append("count", rows.count)
        members.append("positions", .array(rows))
    }

    private static func row(
        _ key: PositionKey,
        _ position: Position,
        _ instrument: Instrument,
        _ engine: borrowing Engine,
        _ names: RunNames
    ) -> JSONValue {
        let multiplier = instrument.terms.multiplier
        let mark = engine.mark(key.instrument)
        var row = Self.identity(key, position, instrument)
        row.append("entry_price", position.averagePrice(multiplier: multiplier))
        row.append("mark_price", mark)
        if mark.raw > 0 {
            let unrealized = position.unrealized(mark: mark, multiplier: multiplier)
            row.append("notional", Money.value(mark, position.quantity, multiplier: multiplier))
            row.append("unrealized_pnl", unrealized)
            if position.cost != .zero { row.append("unrealized_pct", unrealized.ratio(to: position.cost.magnitude)) }
        }
        let protection = engine.protection(of: key)
        row.append("stop_loss", protection.stopLoss ?? .zero)
        row.append("take_profit", protection.takeProfit ?? .zero)
        if protection.native > 0 { row.append("native_levels", protection.native) }
        let external = engine.external(key)
        if external.state != .none {
            row.append("external", external.state.name)
            row.append(JSONMember("external_traded", .decimal(external.traded)))
            row.append("external_since", external.since)
        }
        if position.strategy != .unnamed { row.append("strategy", names.name(of: position.strategy)) }
        return .object(row)
    }

    private static func identity(_ key: PositionKey, _ position: Position, _ instrument: Instrument) -> [JSONMember] {
        var row = [
            JSONMember("venue", .string(instrument.terms.venue.name)), JSONMember("account", .string(AccountName.only)),
            JSONMember("symbol", .string(instrument.symbol)), JSONMember("position_side", .string(key.side.name)),
            JSONMember("quantity", .decimal(position.quantity)),
        ]
        row.append("realized_pnl", position.realized)
        row.append("fees", position.fees)
        row.append("created_ts", position.createdAt)
        row.append("updated_ts", position.updatedAt)
        return row
    }

    /// Every position that there ever was, with what it cost and made, and how well the open ones are protected.
    func addLedger(
        _ members: inout [JSONMember],
        _ moment: ReplicaMoment,
        _ engine: borrowing Engine,
        _ names: RunNames
    ) {
        var rows: [JSONValue] = []
        let instruments = moment.configuration.engine.instruments
        for index in instruments.indices {
            for side in PositionSide.allCases {
                let key = PositionKey(InstrumentHandle(index), side)
                let position = engine.position(key)
                guard position.createdAt.isKnown else { continue }
                var row = Self.identity(key, position, instruments[index])
                row.append("cost", position.cost)
                rows.append(.object(row))
            }
        }
        let coverage = engine.managedCoverage
        members.append("positions", .array(rows))
        members.append("strategies", .array(strategies(engine, names)))
        members.append("cash", engine.cash)
        members.append("realized_pnl", engine.realized)
        members.append("fees", engine.fees)
        members.append("open_positions_count", coverage.positions)
        members.append("tp_sl_registered_count", coverage.registered)
        members.append("tp_sl_missing_count", coverage.missing)
        members.append("sl_missing_count", coverage.stopLossMissing)
    }

    private func strategies(_ engine: borrowing Engine, _ names: RunNames) -> [JSONValue] {
        var rows: [JSONValue] = []
        for (index, name) in names.strategies.enumerated() where index < PositionLedger.strategyLimit {
            let result = engine.result(of: StrategyHandle(index: UInt16(index)))
            guard result.fills > 0 else { continue }
            var row = [
                JSONMember("strategy", .string(name.isEmpty ? "unnamed" : name)),
                JSONMember("fills", .integer(result.fills)),
            ]
            row.append("realized_pnl", result.realized)
            row.append("fees", result.fees)
            row.append("result_today", result.today)
            rows.append(.object(row))
        }
        return rows
    }
}
