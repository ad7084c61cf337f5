import FairleadModel

extension RandomRecords {
    mutating func riskOrder() -> RiskOrder {
        let action: RiskAction = choice()
        let isSwitch = action == .disableStrategy || action == .enableStrategy
        return RiskOrder(
            action,
            limit: choice(),
            value: action == .overrideLimit ? max(0, raw()) : 0,
            instrument: isSwitch || flag() ? .none : instrument(),
            strategy: isSwitch || flag() ? StrategyHandle(index: 3) : .none,
            until: action == .overrideLimit ? time() : .never,
            number: action == .overrideLimit ? word() : 0,
            author: 1000
        )
    }

    mutating func riskChange() -> RiskChange {
        var change = RiskChange(choice(), riskOrder(), at: time())
        if change.kind == .refused { change.refusal = choice() }
        change.configured = flag() ? nil : max(0, raw())
        return change
    }

    mutating func positionOrder() -> PositionOrder {
        let action: PositionAction = choice()
        return PositionOrder(
            action,
            instrument: instrument(),
            positionSide: choice(),
            takeProfit: action == .adopt && flag() ? price() : .zero,
            stopLoss: action == .adopt && flag() ? price() : .zero,
            author: 1000
        )
    }

    mutating func positionDecision() -> PositionDecision {
        let isRefused = flag()
        return PositionDecision(
            positionOrder(),
            quantity: signed(),
            traded: signed(),
            number: isRefused || flag() ? .none : number(),
            refusal: isRefused ? choice() : nil
        )
    }
}
