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
        var writer = JSONWriter()
        writer.beginObject()
        field("schema", SignalDecoder.schema, &writer)
        field("signal_id", signalID, &writer)
        field("ts", terms.time, &writer)
        if !sender.isEmpty { field("source", sender, &writer) }
        if !strategy.isEmpty { field("strategy", strategy, &writer) }
        field("symbol", symbol, &writer)
        field("side", terms.side.name, &writer)
        if terms.positionSide != .both { field("position_side", terms.positionSide.name, &writer) }
        field("intent", terms.intent.name, &writer)
        if terms.reduceOnly { field("reduce_only", true, &writer) }
        size(terms.size, &writer)
        if terms.confidence != .one { field("confidence", terms.confidence, &writer) }
        field("order_type", terms.orderType.name, &writer)
        if terms.limitPrice != .zero { field("limit_price", terms.limitPrice, &writer) }
        field("time_in_force", terms.timeInForce.name, &writer)
        field("expires_at", terms.expiresAt, &writer)
        if let makerFirst = terms.makerFirst { field("maker_first", makerFirst, &writer) }
        if terms.makerPrice != .zero { field("maker_price", terms.makerPrice, &writer) }
        if terms.makerQuantity != .zero { field("maker_qty", terms.makerQuantity, &writer) }
        if terms.style != .auto {
            writer.key("execution")
            writer.value(["style": .string(terms.style.name)])
        }
        levels(terms, &writer)
        if carried != .object([]) {
            writer.key("meta")
            writer.value(carried)
        }
        writer.endObject()
        return writer.bytes
    }

    private static func size(_ size: SignalSize, _ writer: inout JSONWriter) {
        let value: JSONValue
        switch size {
        case .quantity(let quantity): value = ["quantity": .decimal(quantity)]
        case .notional(let money): value = ["notional": .decimal(money)]
        case .navFraction(let rate): value = ["nav_pct": .decimal(rate)]
        case .wholePosition: return
        }
        writer.key("size")
        writer.value(value)
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
        if terms.stopLoss != .zero { field("stop_loss", terms.stopLoss, &writer) }
    }

    private static func field(_ key: String, _ text: String, _ writer: inout JSONWriter) {
        writer.key(key)
        writer.string(text)
    }

    private static func field(_ key: String, _ flag: Bool, _ writer: inout JSONWriter) {
        writer.key(key)
        writer.bool(flag)
    }

    private static func field(_ key: String, _ value: some DecimalValue, _ writer: inout JSONWriter) {
        writer.key(key)
        writer.decimal(value)
    }

    /// A moment with all its digits; nothing when it is not known.
    private static func field(_ key: String, _ time: Timestamp, _ writer: inout JSONWriter) {
        guard time.isKnown else { return }
        writer.key(key)
        writer.timestamp(time, .nanoseconds)
    }
}
