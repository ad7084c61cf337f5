extension SignalDecoder {
    /// Intent, size, type, price, times: what kind of order is asked for.
    static func order(_ fields: inout SignalFields, into terms: inout SignalTerms) {
        terms.positionSide = fields.choice("position_side") ?? .both
        let intent: Intent? = fields.has("intent") ? fields.choice("intent") : .entry
        terms.intent = intent ?? .entry
        terms.reduceOnly = fields.flag("reduce_only") ?? false
        terms.size = size(&fields, intent: intent, reduceOnly: terms.reduceOnly)
        if let value = fields.value("confidence"), let confidence: Rate = fields.decimal(value, "confidence") {
            terms.confidence = confidence
            if confidence < .zero || confidence > .one {
                fields.refuse("confidence", .outOfRange, "must be from 0 to 1")
            }
        }
        let isTyped = fields.has("order_type")
        let type: OrderType? = isTyped ? fields.choice("order_type", later: laterOrderTypes) : .market
        terms.orderType = type ?? .market
        terms.limitPrice = fields.positive("limit_price", over: .zero) ?? .zero
        if let type { checkPrice(&fields, type, isTyped: isTyped) }
        terms.timeInForce = fields.choice("time_in_force") ?? .gtc
        terms.expiresAt = fields.time("expires_at") ?? .distantFuture
        checkTimes(&fields, terms)
    }

    /// Order types that are well known and not built yet.
    static let laterOrderTypes = [
        "stop", "stop_market", "stop_limit", "take_profit", "take_profit_market", "trailing_stop",
        "trailing_stop_market",
        "market_on_close", "limit_on_close", "market_if_touched", "limit_if_touched", "pegged",
    ]

    private static func checkPrice(_ fields: inout SignalFields, _ type: OrderType, isTyped: Bool) {
        switch type {
        case .limit, .postOnly:
            if !fields.has("limit_price") {
                fields.refuse("limit_price", .missingField, "is required for order_type \(type.name)")
            }
        case .market:
            // An order that gives a price and runs without it would be something else than it says.
            if fields.has("limit_price") {
                let detail = isTyped ? "a market order has no limit price" : "needs order_type limit"
                fields.refuse("limit_price", .contradiction, detail)
            }
        case .marketableLimit:
            break
        }
    }

    private static func checkTimes(_ fields: inout SignalFields, _ terms: SignalTerms) {
        switch terms.timeInForce {
        case .gtd:
            if !fields.has("expires_at") {
                fields.refuse("expires_at", .missingField, "is required for time_in_force GTD")
            }
        case .ioc, .fok:
            if terms.orderType == .postOnly {
                let detail = "a post_only order rests and can't be \(terms.timeInForce.name)"
                fields.refuse("time_in_force", .contradiction, detail)
            }
        case .gtc:
            break
        }
        if terms.time.isKnown, terms.expiresAt <= terms.time {
            fields.refuse("expires_at", .contradiction, "is not after ts")
        }
    }

    // MARK: Size

    /// Exactly one way to say how much; none for the whole position. `intent` is nil where it could not be read.
    private static func size(_ fields: inout SignalFields, intent: Intent?, reduceOnly: Bool) -> SignalSize {
        guard let value = fields.value("size") else {
            if intent == .entry { fields.refuse("size", .missingField, "is required for intent entry") }
            return .wholePosition
        }
        guard let members = value.object else {
            fields.refuse("size", .wrongType, "must be an object, not \(value.kind)")
            return .wholePosition
        }
        if intent == .flatten {
            fields.refuse("size", .contradiction, "intent flatten closes the whole position and takes no size")
        }
        guard let member = members.first else {
            fields.refuse("size", .missingField, "needs one of quantity, notional, nav_pct, kelly")
            return .wholePosition
        }
        guard members.count == 1 else {
            fields.refuse("size", .contradiction, "must say exactly one of quantity, notional, nav_pct, kelly")
            return .wholePosition
        }
        let field = "size.\(shown(member.key))"
        switch member.key {
        case "quantity":
            return .quantity(fields.positive(member.value, field, over: .zero) ?? .zero)
        case "notional":
            return .notional(fields.positive(member.value, field, over: .zero) ?? .zero)
        case "nav_pct":
            return .navFraction(fields.fraction(member.value, field) ?? .zero)
        case "kelly":
            guard let share = fields.fraction(member.value, field) else { break }
            // An exit closes what there is: how good its strategy is says nothing of that.
            if let intent, intent != .flatten, intent != .entry || reduceOnly {
                fields.refuse(field, .contradiction, "sizes entries only")
            }
            return .kelly(share)
        default:
            fields.refuse(field, .unknownValue, "must be one of quantity, notional, nav_pct, kelly")
        }
        return .wholePosition
    }

    // MARK: Execution

    /// Execution styles of the schema that are not built yet.
    static let laterStyles = ["venue_algo"]

    /// How the order wants to be worked.
    static func execution(_ fields: inout SignalFields, into terms: inout SignalTerms) {
        terms.makerFirst = fields.flag("maker_first")
        terms.makerPrice = fields.positive("maker_price", over: .zero) ?? .zero
        terms.makerQuantity = fields.positive("maker_qty", over: .zero) ?? .zero
        guard let value = fields.value("execution") else { return }
        guard let members = value.object else {
            fields.refuse("execution", .wrongType, "must be an object, not \(value.kind)")
            return
        }
        guard let style = value["style"] else {
            fields.refuse("execution.style", .missingField, "is required in execution")
            return
        }
        guard let style: ExecutionStyle = fields.choice(style, "execution.style", later: laterStyles) else { return }
        terms.style = style
        if style.isScheduled { schedule(&fields, value, into: &terms) }
        if style == .adaptive { adaptive(&fields, terms) }
        let parameters = parameters(of: style)
        for member in members where member.key != "style" && !parameters.contains(member.key) {
            let detail = "style \(style.name) takes no such parameter"
            fields.refuse("execution.\(shown(member.key))", .notSupported, detail)
        }
        let isRefusedMaker = style == .makerFirst && terms.makerFirst == false
        let isForcedTaker = style == .taker && terms.makerFirst == true
        if isRefusedMaker || isForcedTaker {
            fields.refuse("maker_first", .contradiction, "says otherwise than execution.style \(style.name)")
        }
    }

    /// By expected cost: what says itself how it wants to stand contradicts that.
    private static func adaptive(_ fields: inout SignalFields, _ terms: SignalTerms) {
        if terms.orderType != .market {
            let detail = "style adaptive chooses price and time itself: market, not \(terms.orderType.name)"
            fields.refuse("order_type", .contradiction, detail)
        }
        switch terms.timeInForce {
        case .ioc, .fok:
            let detail = "style adaptive may rest and can't be \(terms.timeInForce.name)"
            fields.refuse("time_in_force", .contradiction, detail)
        case .gtc, .gtd:
            break
        }
        for field in ["maker_first", "maker_price", "maker_qty"] where fields.has(field) {
            fields.refuse(field, .contradiction, "style adaptive chooses that itself")
        }
    }
}
