internal import FairleadModel

extension PositionDecision: HistoryRecord {
    static let table = HistoryTable.positionDecisions
    static let blank = PositionDecision(PositionOrder(.adopt, instrument: .none), quantity: .zero, traded: .zero)
    /// A person's word on the position, whatever signal carries it out.
    var signal: SignalNumber { .none }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.choice("action", &action)
        walk.symbol("symbol", &instrument)
        walk.choice("position_side", &positionSide)
        walk.integer("position_quantity", &quantity.raw)
        walk.integer("traded_quantity", &traded.raw)
        walk.price("take_profit", orNull: &takeProfit)
        walk.price("stop_loss", orNull: &stopLoss)
        walk.author("author_uid", &author)
        walk.choice("refusal", orNull: &refusal)
    }
}
