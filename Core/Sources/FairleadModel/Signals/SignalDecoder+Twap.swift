extension SignalDecoder {
    /// The parameters of style `twap`, each optional.
    static let twapParameters = ["slices", "interval_s", "jitter"]

    /// How a TWAP is sliced. What says otherwise than "in slices, maker-first and then taker" contradicts the style.
    static func twap(_ fields: inout SignalFields, _ value: JSONValue, into terms: inout SignalTerms) {
        if let given = value["slices"] { terms.twap.slices = slices(given, &fields) }
        if let given = value["interval_s"] { terms.twap.intervalMilliseconds = interval(given, &fields) }
        if let given = value["jitter"] { terms.twap.jitter = jitter(given, &fields) }
        if terms.orderType == .postOnly {
            fields.refuse("order_type", .contradiction, "a twap takes at each deadline, a post_only order never")
        }
        switch terms.timeInForce {
        case .ioc, .fok:
            let detail = "a twap goes on over time and can't be \(terms.timeInForce.name)"
            fields.refuse("time_in_force", .contradiction, detail)
        case .gtc, .gtd:
            break
        }
        for field in ["maker_price", "maker_qty"] where fields.has(field) {
            fields.refuse(field, .contradiction, "a twap derives each slice's quote from the book")
        }
    }

    private static func slices(_ value: JSONValue, _ fields: inout SignalFields) -> UInt16 {
        guard let count = value.integer, 2...TwapTerms.sliceLimit ~= count else {
            let isNumber = value.lexeme != nil
            let detail = "must be an integer from 2 to \(TwapTerms.sliceLimit)"
            fields.refuse("execution.slices", isNumber ? .outOfRange : .wrongType, detail)
            return 0
        }
        return UInt16(count)
    }

    private static func interval(_ value: JSONValue, _ fields: inout SignalFields) -> UInt32 {
        let field = "execution.interval_s"
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

    private static func jitter(_ value: JSONValue, _ fields: inout SignalFields) -> UInt16 {
        let field = "execution.jitter"
        guard let share: Rate = fields.decimal(value, field) else { return TwapTerms.jitterAbsent }
        let unit = FixedPoint.one / Int64(TwapTerms.jitterLimit)
        guard share >= .zero, share <= .one else {
            fields.refuse(field, .outOfRange, "is a share of the interval and must be from 0 to 1")
            return TwapTerms.jitterAbsent
        }
        guard share.raw % unit == 0 else {
            fields.refuse(field, .outOfRange, "has more than four decimals")
            return TwapTerms.jitterAbsent
        }
        return UInt16(share.raw / unit)
    }
}
