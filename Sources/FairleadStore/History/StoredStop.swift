internal import FairleadModel

/// How a signal's stop moves, in one column: `name=value` of what is given, between spaces; NULL where it stays.
extension ColumnWalk {
    mutating func stop(_ name: String, _ value: inout StopTerms) {
        let parts = StoredStop.parts(of: value)
        var written = parts.isEmpty ? nil : parts.joined(separator: " ")
        text(name, &written)
        guard isReading else { return }
        var found = StopTerms()
        for part in (written ?? "").split(separator: " ") {
            do throws(DecimalError) {
                guard try StoredStop.read(part, into: &found) else {
                    return refuse(name, "'\(part)' says nothing of a stop")
                }
            } catch {
                return refuse(name, error.name)
            }
        }
        value = found
    }
}

enum StoredStop {
    static func parts(of stop: StopTerms) -> [String] {
        var parts: [String] = []
        func price(_ name: String, _ price: Price) {
            if price != .zero { parts.append("\(name)=\(price.description)") }
        }
        func rate(_ name: String, _ rate: Rate) {
            if rate != .zero { parts.append("\(name)=\(rate.description)") }
        }
        price("limit_price", stop.limitPrice)
        price("amount", stop.trail.amount)
        rate("share", stop.trail.share)
        price("activation_price", stop.activation)
        if !stop.adjustment.isNone {
            price("adjust.trigger_price", stop.adjustment.trigger)
            parts.append("adjust.to=\(stop.adjustment.form.name)")
            price("adjust.price", stop.adjustment.price)
            price("adjust.limit_price", stop.adjustment.limitPrice)
            price("adjust.amount", stop.adjustment.trail.amount)
            rate("adjust.share", stop.adjustment.trail.share)
        }
        for index in 0..<Int(stop.stages.count) {
            let stage = stop.stages[index]
            parts.append("stage=\(stage.profit.description):\(stage.stop.description)")
        }
        return parts
    }

    /// False where the part is none of the above.
    static func read(_ part: Substring, into stop: inout StopTerms) throws(DecimalError) -> Bool {
        let pair = part.split(separator: "=")
        guard pair.count == 2 else { return false }
        switch pair[0] {
        case "limit_price": stop.limitPrice = try Price(text: pair[1])
        case "amount": stop.trail.amount = try Price(text: pair[1])
        case "share": stop.trail.share = try Rate(text: pair[1])
        case "activation_price": stop.activation = try Price(text: pair[1])
        case "adjust.trigger_price": stop.adjustment.trigger = try Price(text: pair[1])
        case "adjust.price": stop.adjustment.price = try Price(text: pair[1])
        case "adjust.limit_price": stop.adjustment.limitPrice = try Price(text: pair[1])
        case "adjust.amount": stop.adjustment.trail.amount = try Price(text: pair[1])
        case "adjust.share": stop.adjustment.trail.share = try Rate(text: pair[1])
        case "adjust.to":
            guard let form = StopForm(name: String(pair[1])) else { return false }
            stop.adjustment.form = form
        case "stage":
            let stage = pair[1].split(separator: ":")
            guard stage.count == 2, stop.stages.count < ProfitStages.limit else { return false }
            stop.stages.append(ProfitStage(profit: try Rate(text: stage[0]), stop: try Rate(text: stage[1])))
        default: return false
        }
        return true
    }
}
