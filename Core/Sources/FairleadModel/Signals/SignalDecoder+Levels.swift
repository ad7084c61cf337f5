extension SignalDecoder {
    /// Take-profit and stop-loss, and whether they lie on the right sides where the signal itself can tell. The engine
    /// checks them again against the market. `side` is nil where it could not be read.
    static func levels(_ fields: inout SignalFields, side: Side?, into terms: inout SignalTerms) {
        takeProfits(&fields, into: &terms)
        stopLoss(&fields, into: &terms)
        trailingStop(&fields, into: &terms)
        profitStages(&fields, into: &terms)
        guard terms.intent == .entry else {
            for field in ["take_profit", "stop_loss", "trailing_stop", "profit_stages"] where fields.has(field) {
                fields.refuse(field, .contradiction, "only an entry brings levels, not intent \(terms.intent.name)")
            }
            return
        }
        if side != nil { checkSides(&fields, terms) }
    }

    /// A price, one level, or a list of up to five.
    private static func takeProfits(_ fields: inout SignalFields, into terms: inout SignalTerms) {
        guard let value = fields.value("take_profit") else { return }
        switch value {
        case .array(let levels):
            guard (1...TakeProfitLevels.limit).contains(levels.count) else {
                let detail = "must have 1 to \(TakeProfitLevels.limit) levels, not \(levels.count)"
                fields.refuse("take_profit", .outOfRange, detail)
                return
            }
            var sum = Rate.zero
            for (index, level) in levels.enumerated() {
                guard let read = takeProfit(level, "take_profit[\(index)]", isOnly: levels.count == 1, &fields)
                else { continue }
                terms.takeProfits.append(read)
                sum = sum + read.fraction
            }
            if sum > .one { fields.refuse("take_profit", .outOfRange, "has fractions that sum to more than 1") }
        case .object:
            if let level = takeProfit(value, "take_profit", isOnly: true, &fields) { terms.takeProfits.append(level) }
        case .null, .bool, .number, .string:
            if let price: Price = fields.positive(value, "take_profit", over: .zero) {
                terms.takeProfits.append(TakeProfitLevel(price: price, fraction: .one))
            }
        }
    }

    /// `{price, fraction}`; the only level of a signal may leave its fraction out and closes everything.
    private static func takeProfit(
        _ value: JSONValue,
        _ path: String,
        isOnly: Bool,
        _ fields: inout SignalFields
    ) -> TakeProfitLevel? {
        guard let members = value.object else {
            fields.refuse(path, .wrongType, "must be an object with price and fraction, not \(value.kind)")
            return nil
        }
        for member in members where member.key != "price" && member.key != "fraction" {
            fields.refuse("\(path).\(shown(member.key))", .notSupported, "a level has price and fraction only")
        }
        var price: Price?
        if let written = value["price"] {
            price = fields.positive(written, "\(path).price", over: .zero)
        } else {
            fields.refuse("\(path).price", .missingField, "is required")
        }
        var fraction: Rate?
        if let written = value["fraction"] {
            fraction = fields.fraction(written, "\(path).fraction")
        } else if isOnly {
            fraction = .one
        } else {
            fields.refuse("\(path).fraction", .missingField, "is required where there is more than one level")
        }
        guard let price, let fraction else { return nil }
        return TakeProfitLevel(price: price, fraction: fraction)
    }

    /// A long takes profit above its entry and stops below it; a short the other way round.
    private static func checkSides(_ fields: inout SignalFields, _ terms: SignalTerms) {
        let isLong = terms.side == .buy
        for index in 0..<Int(terms.takeProfits.count) {
            let price = terms.takeProfits[index].price
            if terms.limitPrice > .zero, isLong ? price <= terms.limitPrice : price >= terms.limitPrice {
                let detail = "must lie \(isLong ? "above" : "below") limit_price for a \(terms.side.name)"
                fields.refuse("take_profit", .contradiction, detail)
            }
            if terms.stopLoss > .zero, isLong ? price <= terms.stopLoss : price >= terms.stopLoss {
                let detail = "must lie \(isLong ? "above" : "below") stop_loss for a \(terms.side.name)"
                fields.refuse("take_profit", .contradiction, detail)
            }
        }
        checkStop(&fields, terms)
        guard terms.stopLoss > .zero, terms.limitPrice > .zero else { return }
        if isLong ? terms.stopLoss >= terms.limitPrice : terms.stopLoss <= terms.limitPrice {
            let detail = "must lie \(isLong ? "below" : "above") limit_price for a \(terms.side.name)"
            fields.refuse("stop_loss", .contradiction, detail)
        }
    }
}
