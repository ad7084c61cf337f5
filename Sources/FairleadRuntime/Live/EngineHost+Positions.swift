import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode
import FairleadPublication

/// Positions that somebody else trades on the account: what a person decides of them, and what is told.
extension EngineHost {
    func decide(_ request: PositionRequest, isTrial: Bool, author: UInt32, _ answer: @escaping Answer) {
        let order: PositionOrder
        do throws(ControlError) { order = try self.order(of: request, author: author) } catch {
            return answer(.failure(error))
        }
        if isTrial {
            let now = node?.readClock() ?? clock.now
            if let refusal = node?.withEngine({ $0.refusal(of: order, at: now) }) ?? nil {
                return answer(.failure(refused(refusal)))
            }
            return answer(.success(preview(order)))
        }
        guard let ticket = offer(ticketed: order) else {
            return answer(.failure(ControlError(.busy, "too many commands wait; try again")))
        }
        waitingOrders[ticket] = PendingOrder(answer: answer) { host, reply in host.closing(reply) }
        pump()
    }

    private func order(of request: PositionRequest, author: UInt32) throws(ControlError) -> PositionOrder {
        let instruments = node?.configuration.engine.instruments ?? []
        guard let index = instruments.firstIndex(where: { $0.symbol == request.symbol }) else {
            let known = instruments.map(\.symbol).joined(separator: ", ")
            throw ControlError(.unknownSymbol, "is not one of \(known)", field: "symbol")
        }
        return PositionOrder(
            request.action,
            instrument: InstrumentHandle(index),
            positionSide: try side(of: request, isHedged: instruments[index].terms.isHedged),
            takeProfit: request.takeProfit,
            stopLoss: request.stopLoss,
            author: author
        )
    }

    /// Which position is meant must not be guessed.
    private func side(of request: PositionRequest, isHedged: Bool) throws(ControlError) -> PositionSide {
        switch (request.side, isHedged) {
        case (nil, false): return .both
        case (nil, true):
            throw ControlError(.missingField, "must be given in hedge mode: LONG or SHORT", field: "position_side")
        case (let side?, true) where side == .both:
            throw ControlError(.outOfRange, "must be LONG or SHORT in hedge mode", field: "position_side")
        case (let side?, false) where side != .both:
            throw ControlError(.outOfRange, "goes with hedge mode: a symbol has one position", field: "position_side")
        case (let side?, _): return side
        }
    }

    /// What a decision would do, before a person says yes.
    private func preview(_ order: PositionOrder) -> JSONValue {
        let key = PositionKey(order.instrument, order.positionSide)
        let found = node?.withEngine { ($0.position(key).quantity, $0.external(key), $0.protection(of: key)) }
        guard let (quantity, external, protection) = found else { return .null }
        let hasPrices = order.takeProfit != .zero || order.stopLoss != .zero
        return [
            "action": .string(order.action.name), "symbol": .string(symbol(order.instrument)),
            "position_side": .string(order.positionSide.name), "quantity": .decimal(quantity),
            "external": external.state == .none ? .null : .string(external.state.name),
            "external_traded": .decimal(external.traded), "external_since": Self.time(external.since),
            "stop_loss": Self.price(hasPrices ? order.stopLoss : protection.stopLoss ?? .zero),
            "take_profit": Self.price(hasPrices ? order.takeProfit : protection.takeProfit ?? .zero),
        ]
    }

    // MARK: - What is told

    /// Positions that somebody else has traded, in the order of the instruments.
    private var externals: [(key: PositionKey, external: ExternalPosition)] {
        var rows: [(key: PositionKey, external: ExternalPosition)] = []
        node?.withEngine { engine in engine.forEachExternal { rows.append(($0, $1)) } }
        return rows
    }

    /// After a symbol is enabled: what still holds its entries, for a person has not decided.
    func enabling(_ symbol: String) -> JSONValue {
        let locked = externals.filter { self.symbol($0.key.instrument) == symbol }
        let rows = locked.map { row -> JSONValue in
            [
                "symbol": .string(symbol), "position_side": .string(row.key.side.name),
                "external": .string(row.external.state.name), "external_traded": .decimal(row.external.traded),
                "external_since": Self.time(row.external.since),
            ]
        }
        return .object((engagement().object ?? []) + [JSONMember("locked", .array(rows))])
    }

    /// What waits for a person's decision, and loses while nothing protects it.
    func positionAttention() -> [Attention] {
        var list = externals.filter { $0.external.state == .undecided }.map { row in
            let name = name(row.key)
            return Attention(
                what: "\(name) was traded by somebody else: \(traded(row.external)); entries are locked",
                next: "fairlead positions adopt | close | ignore \(arguments(row.key))"
            )
        }
        let bare = underwater
        if bare > 0 {
            let what = "\(bare) positions under water without a take-profit or stop-loss"
            list.append(Attention(what: what, next: "fairlead positions"))
        }
        return list
    }

    /// What a person has decided, and holds entries back while it lasts.
    func decidedAttention() -> [Attention] {
        externals.compactMap { row in
            switch row.external.state {
            case .none, .undecided: return nil
            case .closing:
                let what = "\(name(row.key)) is being closed: no entry there until it is flat"
                return Attention(what: what, next: "fairlead positions")
            case .ignored:
                let what = "\(name(row.key)) is ignored: nothing trades it here until it is flat"
                return Attention(what: what, next: "fairlead positions adopt \(arguments(row.key))")
            }
        }
    }

    /// Losers that nothing protects; none while their canary is off.
    var underwater: Int {
        guard let configuration = node?.configuration else { return 0 }
        let settings = configuration.runtime.diagnostics
        guard settings.isCanaryEnabled else { return 0 }
        let instruments = configuration.engine.instruments
        return node?.withEngine { $0.underwaterCount(instruments, settings.underwaterThreshold) } ?? 0
    }

    private func traded(_ external: ExternalPosition) -> String {
        let sign = external.traded.raw > 0 ? "+" : ""
        let since = external.since.isKnown ? " since \(external.since.text(.milliseconds).dropFirst(11).prefix(8))" : ""
        return "\(sign)\(external.traded)\(since)"
    }

    private func name(_ key: PositionKey) -> String {
        key.side == .both ? symbol(key.instrument) : "\(symbol(key.instrument)) \(key.side.name)"
    }

    private func arguments(_ key: PositionKey) -> String {
        key.side == .both ? symbol(key.instrument) : "\(symbol(key.instrument)) --side \(key.side.name.lowercased())"
    }
}
