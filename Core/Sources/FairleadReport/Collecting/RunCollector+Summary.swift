public import FairleadModel
public import FairleadNode

extension RunCollector {
    /// A row a strategy that gave a signal or had a fill, in the order first seen: for `summary.json`.
    ///
    /// Costs are those of parents that have ended; `realized_pnl`, `fees` and `fills` are the ledger's.
    public func strategyRows(_ reports: [StrategyReport]) -> JSONValue {
        var rows: [JSONValue] = []
        for (index, report) in reports.enumerated() {
            let tally = index < strategies.count ? strategies[index] : StrategyTally()
            guard tally.signals > 0 || report.fills > 0 else { continue }
            var members = [
                JSONMember("strategy", .string(report.name)), JSONMember("signals", .integer(tally.signals)),
            ]
            for disposition in SignalDisposition.allCases {
                members.append(
                    JSONMember(disposition.name, .integer(tally.dispositions[Int(disposition.rawValue)]))
                )
            }
            members += tally.trades.members
            members += [
                JSONMember("fills", .integer(report.fills)), JSONMember("fees", Self.money(report.fees)),
                JSONMember("funding", Self.money(report.funding)),
                JSONMember("realized_pnl", Self.money(report.realized)),
                JSONMember("result", Self.money(report.result)),
            ]
            rows.append(.object(members))
        }
        return .array(rows)
    }

    /// What no strategy asked for: levels that were reached, and flattens by a person.
    public var ownRow: JSONValue { .object(ownTrades.members) }

    /// A row a symbol with a fill, in the order of the configuration. Costs are those of its fills.
    public var symbolRows: JSONValue {
        var rows: [JSONValue] = []
        for (instrument, picture) in zip(instruments, symbols) where picture.trades.fills > 0 {
            let held = picture.held.compactMap(\.self).filter { $0.quantity != .zero }
            rows.append(
                .object([
                    JSONMember("symbol", .string(instrument.symbol)),
                    JSONMember("fills", .integer(picture.trades.fills)),
                    JSONMember("notional", Self.money(picture.trades.notional)),
                    JSONMember("maker_share", JSONValue.statistic(picture.trades.makerShare)),
                    JSONMember("slippage_bps", JSONValue.statistic(picture.trades.slippageBps)),
                    JSONMember("fee_bps", JSONValue.statistic(picture.trades.feeBps)),
                    JSONMember("net_cost_bps", JSONValue.statistic(picture.trades.netCostBps)),
                    JSONMember("fees", Self.money(picture.trades.fees)),
                    JSONMember("realized_pnl", Self.money(picture.realized)),
                    JSONMember(
                        "held",
                        .array(
                            held.map {
                                [
                                    "position_side": .string($0.positionSide.name),
                                    "quantity": .decimal(Rate(raw: $0.quantity.raw)),
                                ]
                            }
                        )
                    ),
                ])
            )
        }
        return .array(rows)
    }

    static func money(_ money: Money) -> JSONValue { .decimal(Rate(raw: money.raw8)) }
}

extension TradeTally {
    /// What a parent's tally says, by the names of `summary.json`.
    fileprivate var members: [JSONMember] {
        [
            JSONMember("parents", .integer(parents)), JSONMember("filled_parents", .integer(filledParents)),
            JSONMember("fill_ratio", .statistic(fillRatio)), JSONMember("maker_share", .statistic(makerShare)),
            JSONMember("notional", RunCollector.money(notional)),
            JSONMember("slippage_bps", .statistic(slippageBps)), JSONMember("fee_bps", .statistic(feeBps)),
            JSONMember("net_cost_bps", .statistic(netCostBps)),
        ]
    }
}

extension JSONValue {
    /// A number that was computed; null where it is not known.
    public static func statistic(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number("\(value)")
    }
}
