extension SignalDecoder {
    /// A price, or `{price, limit_price, adjust}`.
    static func stopLoss(_ fields: inout SignalFields, into terms: inout SignalTerms) {
        guard let value = fields.value("stop_loss") else { return }
        guard value.object != nil else {
            terms.stopLoss = fields.positive(value, "stop_loss", over: .zero) ?? .zero
            return
        }
        refuseOthers(value, "stop_loss", ["price", "limit_price", "adjust"], &fields)
        terms.stopLoss = required(value, "stop_loss", "price", &fields)
        terms.stop.limitPrice = optional(value, "stop_loss", "limit_price", &fields)
        if let given = value["adjust"] { adjustment(given, &fields, into: &terms) }
    }

    /// `{trigger_price, to, ...}`: what the stop becomes once the price is there.
    private static func adjustment(_ value: JSONValue, _ fields: inout SignalFields, into terms: inout SignalTerms) {
        let path = "stop_loss.adjust"
        guard value.object != nil else {
            fields.refuse(path, .wrongType, "must be an object with trigger_price and to, not \(value.kind)")
            return
        }
        refuseOthers(value, path, ["trigger_price", "to", "price", "limit_price", "amount", "percent"], &fields)
        var adjustment = StopAdjustment(trigger: required(value, path, "trigger_price", &fields))
        adjustment.price = optional(value, path, "price", &fields)
        guard let form = value["to"] else {
            fields.refuse("\(path).to", .missingField, "is required: \(StopForm.names)")
            return
        }
        guard let chosen: StopForm = fields.choice(form, "\(path).to", later: []) else { return }
        adjustment.form = chosen
        let allowed: [String]
        switch chosen {
        case .stop:
            allowed = ["price"]
            if value["price"] == nil { fields.refuse("\(path).price", .missingField, "is required to step to") }
        case .stopLimit:
            allowed = ["price", "limit_price"]
            adjustment.limitPrice = required(value, path, "limit_price", &fields)
        case .trailing:
            allowed = ["amount", "percent"]
            adjustment.trail = distance(value, path, &fields)
        }
        for key in ["price", "limit_price", "amount", "percent"] where !allowed.contains(key) && value[key] != nil {
            fields.refuse("\(path).\(key)", .contradiction, "says nothing to a \(chosen.name)")
        }
        terms.stop.adjustment = adjustment
    }

    /// `{amount}` or `{percent}`, with an `activation_price`.
    static func trailingStop(_ fields: inout SignalFields, into terms: inout SignalTerms) {
        guard let value = fields.value("trailing_stop") else { return }
        guard value.object != nil else {
            fields.refuse("trailing_stop", .wrongType, "must be an object with amount or percent, not \(value.kind)")
            return
        }
        refuseOthers(value, "trailing_stop", ["amount", "percent", "activation_price"], &fields)
        terms.stop.trail = distance(value, "trailing_stop", &fields)
        terms.stop.activation = optional(value, "trailing_stop", "activation_price", &fields)
        if !terms.stop.adjustment.isNone {
            fields.refuse("trailing_stop", .contradiction, "a stop that trails is not adjusted: leave one of both out")
        }
        if terms.stopLoss == .zero, terms.stop.limitPrice > .zero {
            fields.refuse("stop_loss.limit_price", .contradiction, "is the limit of a stop_loss")
        }
    }

    /// Up to five of `{profit, stop}`, fractions of the entry price.
    static func profitStages(_ fields: inout SignalFields, into terms: inout SignalTerms) {
        guard let value = fields.value("profit_stages") else { return }
        guard let stages = value.array else {
            fields.refuse("profit_stages", .wrongType, "must be a list of stages, not \(value.kind)")
            return
        }
        guard (1...ProfitStages.limit).contains(stages.count) else {
            let detail = "must have 1 to \(ProfitStages.limit) stages, not \(stages.count)"
            fields.refuse("profit_stages", .outOfRange, detail)
            return
        }
        for (index, stage) in stages.enumerated() {
            let path = "profit_stages[\(index)]"
            guard stage.object != nil else {
                fields.refuse(path, .wrongType, "must be an object with profit and stop, not \(stage.kind)")
                continue
            }
            refuseOthers(stage, path, ["profit", "stop"], &fields)
            let read: [Rate?] = ["profit", "stop"].map { key in
                guard let written = stage[key] else {
                    fields.refuse("\(path).\(key)", .missingField, "is required")
                    return nil
                }
                return fields.decimal(written, "\(path).\(key)")
            }
            guard let profit = read[0], let stop = read[1] else { continue }
            terms.stop.stages.append(ProfitStage(profit: profit, stop: stop))
        }
        if let fault = terms.stop.stages.fault(isShort: terms.side == .sell) {
            fields.refuse("profit_stages", .outOfRange, fault)
        }
        if !fields.has("stop_loss"), !fields.has("trailing_stop") {
            fields.refuse("profit_stages", .contradiction, "tighten a stop_loss or a trailing_stop, and there is none")
        }
    }

    /// Whether limit, adjustment and activation lie on the right sides, where the signal itself can tell.
    static func checkStop(_ fields: inout SignalFields, _ terms: SignalTerms) {
        let isLong = terms.side == .buy
        let stop = terms.stop
        let under = isLong ? "at or below" : "at or above"
        let beyond = isLong ? "above" : "below"
        func isTighter(_ a: Price, _ b: Price) -> Bool { isLong ? a > b : a < b }
        if stop.limitPrice > .zero, terms.stopLoss > .zero, isTighter(stop.limitPrice, terms.stopLoss) {
            let detail = "must lie \(under) the stop's price: the exit of a \(terms.side.name) sells worse, not better"
            fields.refuse("stop_loss.limit_price", .contradiction, detail)
        }
        if stop.activation > .zero, terms.stopLoss > .zero, !isTighter(stop.activation, terms.stopLoss) {
            let detail = "must lie \(beyond) stop_loss for a \(terms.side.name)"
            fields.refuse("trailing_stop.activation_price", .contradiction, detail)
        }
        let adjustment = stop.adjustment
        guard !adjustment.isNone, terms.stopLoss > .zero else { return }
        if !isTighter(adjustment.trigger, terms.stopLoss) {
            let detail = "must lie \(beyond) stop_loss for a \(terms.side.name)"
            fields.refuse("stop_loss.adjust.trigger_price", .contradiction, detail)
        }
        let after = adjustment.price > .zero ? adjustment.price : terms.stopLoss
        if isTighter(terms.stopLoss, after) {
            fields.refuse("stop_loss.adjust.price", .contradiction, "loosens the stop, which is never done")
        }
        if !isTighter(adjustment.trigger, after) {
            let detail = "must lie on the losing side of trigger_price"
            fields.refuse("stop_loss.adjust.price", .contradiction, detail)
        }
        if adjustment.limitPrice > .zero, isTighter(adjustment.limitPrice, after) {
            fields.refuse("stop_loss.adjust.limit_price", .contradiction, "must lie \(under) the stop's price")
        }
    }

    /// Exactly one of `amount` and `percent`; 1 is 1 %.
    private static func distance(_ value: JSONValue, _ path: String, _ fields: inout SignalFields) -> TrailingDistance {
        guard (value["amount"] == nil) != (value["percent"] == nil) else {
            let detail = "must give amount or percent, one of both"
            fields.refuse(path, value["amount"] == nil ? .missingField : .contradiction, detail)
            return .none
        }
        if value["amount"] != nil { return .amount(optional(value, path, "amount", &fields)) }
        let field = "\(path).percent"
        guard let given = value["percent"], let percent: Rate = fields.positive(given, field, over: .zero) else {
            return .none
        }
        guard percent.raw < 100 * FixedPoint.one else {
            fields.refuse(field, .outOfRange, "must be under 100: 1 is 1 %")
            return .none
        }
        guard percent.raw % 100 == 0 else {
            fields.refuse(field, .outOfRange, "has more than six decimals")
            return .none
        }
        return .share(Rate(raw: percent.raw / 100))
    }

    private static func required(
        _ value: JSONValue,
        _ path: String,
        _ key: String,
        _ fields: inout SignalFields
    ) -> Price {
        if value[key] == nil { fields.refuse("\(path).\(key)", .missingField, "is required") }
        return optional(value, path, key, &fields)
    }

    private static func optional(
        _ value: JSONValue,
        _ path: String,
        _ key: String,
        _ fields: inout SignalFields
    ) -> Price {
        guard let written = value[key] else { return .zero }
        return fields.positive(written, "\(path).\(key)", over: .zero) ?? .zero
    }

    private static func refuseOthers(
        _ value: JSONValue,
        _ path: String,
        _ known: [String],
        _ fields: inout SignalFields
    ) {
        for member in value.object ?? [] where !known.contains(member.key) {
            let detail = "is none of \(known.joined(separator: ", "))"
            fields.refuse("\(path).\(shown(member.key))", .notSupported, detail)
        }
    }
}
