// A person's decisions about positions as JSON: the event that orders one and the notice of what became of it.

extension PositionOrder: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("action", action)
        writer.field(symbol: instrument, names)
        writer.field("position_side", positionSide)
        writer.field("take_profit", orNull: takeProfit)
        writer.field("stop_loss", orNull: stopLoss)
        writer.field("author_uid", author)
    }
}

extension PositionDecision: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field("action", action)
        writer.field(symbol: instrument, names)
        writer.field("position_side", positionSide)
        writer.field("quantity", quantity)
        writer.field("external_traded", traded)
        writer.field("take_profit", orNull: takeProfit)
        writer.field("stop_loss", orNull: stopLoss)
        writer.field(signal: number, names)
        writer.field("author_uid", author)
        writer.field("refusal", refusal?.name)
    }
}
