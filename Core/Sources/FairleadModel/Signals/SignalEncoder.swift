/// Terms back to the JSON text that decodes to them: for `signal send`, for the record, and to hold the decoder to its
/// word.
public enum SignalEncoder {
    /// The compact JSON text. `symbol` is the name of `terms.instrument`. `meta` must be the text of a JSON object, as
    /// `DecodedSignal.meta` is; it is checked and `JSONError` tells where it is not.
    public static func encode(
        _ terms: SignalTerms,
        signalID: String,
        symbol: String,
        strategy: String = "",
        sender: String = "",
        meta: String = "{}"
    ) throws(JSONError) -> [UInt8] {
        let carried = try JSONParser.parse(meta)
        guard case .object = carried else { throw JSONError(.unexpectedCharacter, offset: 0, line: 1, column: 1) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("schema", SignalDecoder.schema)
        writer.field("signal_id", signalID)
        if terms.time.isKnown { writer.field("ts", terms.time, .nanoseconds) }
        if !sender.isEmpty { writer.field("source", sender) }
        if !strategy.isEmpty { writer.field("strategy", strategy) }
        writer.field("symbol", symbol)
        writer.field("side", terms.side)
        if terms.positionSide != .both { writer.field("position_side", terms.positionSide.name) }
        writer.field("intent", terms.intent.name)
        if terms.reduceOnly { writer.field("reduce_only", true) }
        size(terms.size, &writer)
        if terms.confidence != .one { writer.field("confidence", terms.confidence) }
        writer.field("order_type", terms.orderType.name)
        if terms.limitPrice != .zero { writer.field("limit_price", terms.limitPrice) }
        writer.field("time_in_force", terms.timeInForce.name)
        if terms.expiresAt.isKnown { writer.field("expires_at", terms.expiresAt, .nanoseconds) }
        if let makerFirst = terms.makerFirst { writer.field("maker_first", makerFirst) }
        if terms.makerPrice != .zero { writer.field("maker_price", terms.makerPrice) }
        if terms.makerQuantity != .zero { writer.field("maker_qty", terms.makerQuantity) }
        if terms.style != .auto {
            writer.key("execution")
            writer.value(.object([JSONMember("style", .string(terms.style.name))] + parameters(terms)))
        }
        levels(terms, &writer)
        if carried != .object([]) {
            writer.key("meta")
            writer.value(carried)
        }
        writer.endObject()
        return writer.bytes
    }

    private static func parameters(_ terms: SignalTerms) -> [JSONMember] {
        guard terms.style.isScheduled else { return [] }
        var members: [JSONMember] = []
        if terms.twap.slices > 0 { members.append(JSONMember("slices", .integer(Int64(terms.twap.slices)))) }
        if let interval = terms.twap.interval {
            let seconds = Rate(raw: interval.nanoseconds / (1_000_000_000 / FixedPoint.one))
            members.append(JSONMember("interval_s", .decimal(seconds)))
        }
        if let jitter = terms.twap.jitterShare { members.append(JSONMember("jitter", .decimal(jitter))) }
        if let duration = terms.algorithm.duration {
            let seconds = Rate(raw: duration.nanoseconds / (1_000_000_000 / FixedPoint.one))
            members.append(JSONMember("duration_s", .decimal(seconds)))
        }
        if let rate = terms.algorithm.participationRate {
            members.append(JSONMember("participation_rate", .decimal(rate)))
        }
        if terms.algorithm.display.raw > 0 {
            members.append(JSONMember("display_qty", .decimal(terms.algorithm.display)))
        }
        return members
    }

    private static func size(_ size: SignalSize, _ writer: inout JSONWriter) {
        guard size != .wholePosition else { return }
        writer.key("size")
        writer.value(size.json)
    }

    private static func levels(_ terms: SignalTerms, _ writer: inout JSONWriter) {
        if terms.takeProfits.count > 0 {
            writer.key("take_profit")
            writer.beginArray()
            for index in 0..<Int(terms.takeProfits.count) {
                let level = terms.takeProfits[index]
                writer.value(["price": .decimal(level.price), "fraction": .decimal(level.fraction)])
            }
            writer.endArray()
        }
        stops(terms, &writer)
    }

    private static func stops(_ terms: SignalTerms, _ writer: inout JSONWriter) {
        let stop = terms.stop
        if terms.stopLoss != .zero {
            if stop.limitPrice == .zero, stop.adjustment.isNone {
                writer.field("stop_loss", terms.stopLoss)
            } else {
                var members = [JSONMember("price", .decimal(terms.stopLoss))]
                if stop.limitPrice != .zero { members.append(JSONMember("limit_price", .decimal(stop.limitPrice))) }
                if !stop.adjustment.isNone { members.append(JSONMember("adjust", adjustment(stop.adjustment))) }
                writer.key("stop_loss")
                writer.value(.object(members))
            }
        }
        if !stop.trail.isNone {
            var members = distance(stop.trail)
            if stop.activation != .zero { members.append(JSONMember("activation_price", .decimal(stop.activation))) }
            writer.key("trailing_stop")
            writer.value(.object(members))
        }
        guard stop.stages.count > 0 else { return }
        writer.key("profit_stages")
        writer.beginArray()
        for index in 0..<Int(stop.stages.count) {
            let stage = stop.stages[index]
            writer.value(["profit": .decimal(stage.profit), "stop": .decimal(stage.stop)])
        }
        writer.endArray()
    }

    private static func adjustment(_ adjustment: StopAdjustment) -> JSONValue {
        var members = [
            JSONMember("trigger_price", .decimal(adjustment.trigger)),
            JSONMember("to", .string(adjustment.form.name)),
        ]
        if adjustment.price != .zero { members.append(JSONMember("price", .decimal(adjustment.price))) }
        if adjustment.limitPrice != .zero {
            members.append(JSONMember("limit_price", .decimal(adjustment.limitPrice)))
        }
        return .object(members + distance(adjustment.trail))
    }

    private static func distance(_ trail: TrailingDistance) -> [JSONMember] {
        if trail.isNone { return [] }
        if trail.amount != .zero { return [JSONMember("amount", .decimal(trail.amount))] }
        return [JSONMember("percent", .decimal(Rate(raw: trail.share.raw * 100)))]
    }
}
