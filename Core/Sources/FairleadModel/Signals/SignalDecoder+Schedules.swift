extension SignalDecoder {
    /// The parameters of a style: each optional, but an iceberg's `display_qty`.
    static func parameters(of style: ExecutionStyle) -> [String] {
        switch style {
        case .auto, .makerFirst, .taker, .adaptive: []
        case .twap: ["slices", "interval_s", "jitter"]
        case .vwap: ["slices", "duration_s", "jitter"]
        case .pov: ["participation_rate", "duration_s"]
        case .iceberg: ["display_qty", "duration_s", "jitter"]
        }
    }

    /// How an order is let go over time. What says otherwise than its style does contradicts it.
    static func schedule(_ fields: inout SignalFields, _ value: JSONValue, into terms: inout SignalTerms) {
        read(&fields, value, into: &terms)
        let name = terms.style.name
        switch terms.style {
        case .iceberg: iceberg(&fields, value, terms)
        case .auto, .makerFirst, .taker, .adaptive, .twap, .vwap, .pov:
            if terms.orderType == .postOnly {
                let moment = terms.style == .pov ? "each child's timeout" : "each deadline"
                let detail = "a \(name) takes at \(moment), a post_only order never"
                fields.refuse("order_type", .contradiction, detail)
            }
        }
        switch terms.timeInForce {
        case .ioc, .fok:
            let detail = "a \(name) goes on over time and can't be \(terms.timeInForce.name)"
            fields.refuse("time_in_force", .contradiction, detail)
        case .gtc, .gtd:
            break
        }
        for field in ["maker_price", "maker_qty"] where fields.has(field) {
            let source = terms.style == .iceberg ? "rests at its own limit" : "derives each slice's quote from the book"
            fields.refuse(field, .contradiction, "a \(name) \(source)")
        }
    }

    /// What the style takes; the rest is refused by name elsewhere.
    private static func read(_ fields: inout SignalFields, _ value: JSONValue, into terms: inout SignalTerms) {
        for parameter in parameters(of: terms.style) {
            guard let given = value[parameter] else { continue }
            switch parameter {
            case "slices":
                let limit = terms.style == .vwap ? TwapTerms.curveLimit : TwapTerms.sliceLimit
                terms.twap.slices = slices(given, &fields, limit)
            case "interval_s": terms.twap.intervalMilliseconds = seconds(given, &fields, "execution.interval_s")
            case "duration_s":
                terms.algorithm.durationMilliseconds = seconds(given, &fields, "execution.duration_s")
            case "jitter":
                let whole = terms.style == .iceberg ? "what is displayed" : "the interval"
                terms.twap.jitter = jitter(given, &fields, whole)
            case "participation_rate": terms.algorithm.participation = participation(given, &fields)
            default:
                terms.algorithm.display = fields.positive(given, "execution.display_qty", over: .zero) ?? .zero
            }
        }
    }

    /// An iceberg rests at a limit, a part shown at a time.
    private static func iceberg(_ fields: inout SignalFields, _ value: JSONValue, _ terms: SignalTerms) {
        if value["display_qty"] == nil {
            fields.refuse("execution.display_qty", .missingField, "is required for style iceberg")
        }
        switch terms.orderType {
        case .limit, .postOnly: break
        case .market, .marketableLimit:
            fields.refuse("order_type", .contradiction, "an iceberg rests at a limit: limit or post_only")
        }
        if terms.makerFirst == true, terms.orderType == .limit {
            fields.refuse("maker_first", .contradiction, "an iceberg rests at its own limit")
        }
    }

    private static func participation(_ value: JSONValue, _ fields: inout SignalFields) -> UInt16 {
        let field = "execution.participation_rate"
        guard let share: Rate = fields.decimal(value, field) else { return 0 }
        let unit = FixedPoint.one / 10_000
        guard share > .zero, share.raw <= Int64(AlgorithmTerms.participationLimit) * unit else {
            fields.refuse(field, .outOfRange, "is a share of the traded volume and must be over 0 to 0.5")
            return 0
        }
        guard share.raw % unit == 0 else {
            fields.refuse(field, .outOfRange, "has more than four decimals")
            return 0
        }
        return UInt16(share.raw / unit)
    }

    private static func slices(_ value: JSONValue, _ fields: inout SignalFields, _ limit: Int64) -> UInt16 {
        guard let count = value.integer, 2...limit ~= count else {
            let isNumber = value.lexeme != nil
            let detail = "must be an integer from 2 to \(limit)"
            fields.refuse("execution.slices", isNumber ? .outOfRange : .wrongType, detail)
            return 0
        }
        return UInt16(count)
    }

    private static func seconds(_ value: JSONValue, _ fields: inout SignalFields, _ field: String) -> UInt32 {
        guard let seconds: Rate = fields.decimal(value, field) else { return 0 }
        let millisecond = FixedPoint.one / 1000
        guard seconds >= .one, seconds.raw <= TwapTerms.intervalLimit * FixedPoint.one else {
            fields.refuse(field, .outOfRange, "must be from 1 to \(TwapTerms.intervalLimit)")
            return 0
        }
        guard seconds.raw % millisecond == 0 else {
            fields.refuse(field, .outOfRange, "has more than three decimals")
            return 0
        }
        return UInt32(seconds.raw / millisecond)
    }

    private static func jitter(_ value: JSONValue, _ fields: inout SignalFields, _ whole: String) -> UInt16 {
        let field = "execution.jitter"
        guard let share: Rate = fields.decimal(value, field) else { return TwapTerms.jitterAbsent }
        let unit = FixedPoint.one / Int64(TwapTerms.jitterLimit)
        guard share >= .zero, share <= .one else {
            fields.refuse(field, .outOfRange, "is a share of \(whole) and must be from 0 to 1")
            return TwapTerms.jitterAbsent
        }
        guard share.raw % unit == 0 else {
            fields.refuse(field, .outOfRange, "has more than four decimals")
            return TwapTerms.jitterAbsent
        }
        return UInt16(share.raw / unit)
    }
}
