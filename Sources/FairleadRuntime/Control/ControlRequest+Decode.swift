import FairleadModel

extension ControlRequest {
    /// Reads a line. Strict: an unknown command or field is refused by name, and nothing is done.
    public static func decode(_ line: [UInt8]) throws(ControlError) -> ControlRequest {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(line, limits: JSONLimits(bytes: 1 << 20, depth: 40, values: 4096))
        } catch {
            throw ControlError(.malformed, error.description, field: "request")
        }
        guard case .object(let members) = value else {
            throw ControlError(.malformed, "must be an object, not \(value.kind)", field: "request")
        }
        var fields = RequestFields(members)
        let id = try fields.identity()
        let name = try fields.text("command")
        let command = try command(name, &fields)
        try fields.finish(name)
        return ControlRequest(id: id, command)
    }

    private static func command(_ name: String, _ fields: inout RequestFields) throws(ControlError) -> ControlCommand {
        switch name {
        case "status": return .status
        case "health": return .health
        case "orders": return .orders
        case "positions": return .positions
        case "fills": return .fills(limit: try fields.limit("limit", ControlRequest.fillLimit))
        case "stop_entries": return .stopEntries
        case "halt": return .halt(isFrozen: try fields.flag("frozen"))
        case "kill": return .kill
        case "resume":
            try fields.confirmed()
            return .resume
        case "cancel_all": return .cancelAll(includesProtective: try fields.flag("protective"))
        case "flatten":
            try fields.confirmed()
            return .flatten(symbol: try fields.optionalText("symbol"))
        case "adopt_position": return try deciding(.adopt, &fields)
        case "close_position": return try deciding(.close, &fields)
        case "ignore_position": return try deciding(.ignore, &fields)
        case "cancel": return .cancel(try fields.order())
        case "amend": return try amendment(&fields)
        case "resolve":
            try fields.confirmed()
            let order = try fields.order()
            guard let resolution = Resolution(rawValue: try fields.text("as")) else {
                throw ControlError(.outOfRange, "must be dead, open or filled", field: "as")
            }
            return .resolve(order, resolution)
        case "pause_parent": return .pauseParent(try fields.parent())
        case "resume_parent": return .resumeParent(try fields.parent())
        case "cancel_parent": return .cancelParent(try fields.parent())
        case "amend_parent":
            let parent = try fields.parent()
            let (price, quantity) = try changes(&fields)
            return .amendParent(parent, price: price, quantity: quantity)
        case "reconcile": return .reconcile
        case "paper_reset":
            try fields.confirmed()
            return .paperReset
        case "reload": return .reload
        case "signal": return .signal(try fields.signal())
        case "notices": return .notices
        default: return try riskCommand(name, &fields)
        }
    }

    /// What is ordered of the risk gateway.
    private static func riskCommand(
        _ name: String,
        _ fields: inout RequestFields
    ) throws(ControlError) -> ControlCommand {
        switch name {
        case "enable_symbol":
            try fields.confirmed()
            return .enableSymbol(try fields.text("symbol"))
        case "disable_symbol": return try disabling(&fields)
        case "enable_strategy":
            try fields.confirmed()
            return .enableStrategy(try fields.text("strategy"))
        case "disable_strategy": return .disableStrategy(try fields.text("strategy"))
        case "override_limit": return try overriding(&fields)
        case "remove_override":
            try fields.confirmed()
            let limit = try OverrideRequest.limit(try fields.text("rule"))
            let symbol = try fields.optionalText("symbol")
            return .removeOverride(limit, symbol: symbol, strategy: try fields.optionalText("strategy"))
        case "overrides": return .overrides
        case "reset_drawdown":
            try fields.confirmed()
            return .resetDrawdown
        case "confirm_nav":
            try fields.confirmed()
            return .confirmNav
        default:
            let known = ControlCommand.names.joined(separator: ", ")
            throw ControlError(.unknownCommand, "must be one of \(known)", field: "command")
        }
    }

    private static func disabling(_ fields: inout RequestFields) throws(ControlError) -> ControlCommand {
        let symbol = try fields.text("symbol")
        switch try fields.optionalText("side") {
        case nil: return .disableSymbol(symbol, side: nil)
        case "buy": return .disableSymbol(symbol, side: .buy)
        case "sell": return .disableSymbol(symbol, side: .sell)
        default: throw ControlError(.outOfRange, "must be buy or sell", field: "side")
        }
    }

    private static func overriding(_ fields: inout RequestFields) throws(ControlError) -> ControlCommand {
        let isTrial = try fields.flag("dry_run")
        if !isTrial { try fields.confirmed() }
        let limit = try OverrideRequest.limit(try fields.text("rule"))
        let request = OverrideRequest(
            limit,
            value: try OverrideRequest.value(try fields.decimalText("value"), of: limit),
            until: try OverrideEnd(text: try fields.text("until")),
            reason: try OverrideRequest.reason(try fields.anyText("reason")),
            symbol: try fields.optionalText("symbol"),
            strategy: try fields.optionalText("strategy")
        )
        return .overrideLimit(request, isTrial: isTrial)
    }

    private static func deciding(
        _ action: PositionAction,
        _ fields: inout RequestFields
    ) throws(ControlError) -> ControlCommand {
        let isTrial = try fields.flag("dry_run")
        if !isTrial { try fields.confirmed() }
        var request = PositionRequest(action, try fields.text("symbol"))
        if let side = try fields.optionalText("position_side") {
            request.side = PositionSide.allCases.first { $0.name == side }
            if request.side == nil {
                throw ControlError(.outOfRange, "must be BOTH, LONG or SHORT", field: "position_side")
            }
        }
        // Of the others a price is an unknown field, and refused as such.
        if action == .adopt {
            request.takeProfit = try fields.positive("take_profit", over: .zero) ?? .zero
            request.stopLoss = try fields.positive("stop_loss", over: .zero) ?? .zero
        }
        return .decidePosition(request, isTrial: isTrial)
    }

    private static func amendment(_ fields: inout RequestFields) throws(ControlError) -> ControlCommand {
        let order = try fields.order()
        let (price, quantity) = try changes(&fields)
        return .amend(order, price: price, quantity: quantity)
    }

    private static func changes(_ fields: inout RequestFields) throws(ControlError) -> (Price, Quantity) {
        let price: Price = try fields.positive("price", over: .zero) ?? .zero
        let quantity: Quantity = try fields.positive("quantity", over: .zero) ?? .zero
        guard price > .zero || quantity > .zero else {
            throw ControlError(.missingField, "an amendment has a price or a quantity", field: "price")
        }
        return (price, quantity)
    }
}

/// The members of a request, taken one by one; what is left at the end is unknown.
private struct RequestFields {
    private var members: [JSONMember]

    init(_ members: [JSONMember]) { self.members = members }

    private mutating func take(_ key: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        let value = members.remove(at: index).value
        return value.isNull ? nil : value
    }

    mutating func identity() throws(ControlError) -> JSONValue {
        guard let value = take("id") else { return .null }
        guard value.string != nil || value.lexeme != nil else {
            throw ControlError(.wrongType, "must be a number or a string", field: "id")
        }
        return value
    }

    mutating func optionalText(_ key: String) throws(ControlError) -> String? {
        guard let value = take(key) else { return nil }
        guard let text = value.string, !text.isEmpty, text.utf8.count <= 128 else {
            throw ControlError(.wrongType, "must be a text of 1 to 128 bytes", field: key)
        }
        return text
    }

    mutating func text(_ key: String) throws(ControlError) -> String {
        guard let text = try optionalText(key) else { throw ControlError(.missingField, "must be given", field: key) }
        return text
    }

    mutating func flag(_ key: String) throws(ControlError) -> Bool {
        guard let value = take(key) else { return false }
        guard let flag = value.bool else { throw ControlError(.wrongType, "must be true or false", field: key) }
        return flag
    }

    mutating func confirmed() throws(ControlError) {
        guard try flag("confirm") else {
            throw ControlError(.notConfirmed, "must be true: this raises or ends exposure", field: "confirm")
        }
    }

    mutating func limit(_ key: String, _ most: Int) throws(ControlError) -> Int {
        guard let value = take(key) else { return most }
        guard let number = value.integer, number >= 1, number <= Int64(most) else {
            throw ControlError(.outOfRange, "must be an integer from 1 to \(most)", field: key)
        }
        return Int(number)
    }

    mutating func order() throws(ControlError) -> ClientOrderID {
        let text = try text("order")
        do throws(IdentifierError) { return try ClientOrderID(text: text) } catch {
            throw ControlError(.outOfRange, "is no order id (\(error.name)); ours begin with fl-", field: "order")
        }
    }

    mutating func parent() throws(ControlError) -> ParentSubject {
        let text = try text("parent")
        guard let subject = ParentSubject(text: text) else {
            throw ControlError(.outOfRange, "is no intent (i-...), signal (s-...) or order (fl-...)", field: "parent")
        }
        return subject
    }

    /// A decimal over zero, as a string or a number. One that is not would change nothing and look as if it had.
    mutating func positive<Value: DecimalValue & Comparable>(
        _ key: String,
        over zero: Value
    ) throws(ControlError) -> Value? {
        guard let value = take(key) else { return nil }
        guard let text = value.string ?? value.lexeme else {
            throw ControlError(.wrongType, "must be a decimal", field: key)
        }
        let number: Value
        do throws(DecimalError) { number = try Value(text: text) } catch {
            throw ControlError(.outOfRange, error.explanation, field: key)
        }
        guard number > zero else { throw ControlError(.outOfRange, "must be greater than 0", field: key) }
        return number
    }

    /// A text of any length; whoever asks bounds it.
    mutating func anyText(_ key: String) throws(ControlError) -> String {
        guard let value = take(key) else { throw ControlError(.missingField, "must be given", field: key) }
        guard let text = value.string else { throw ControlError(.wrongType, "must be a text", field: key) }
        return text
    }

    /// The text of a decimal, which is a string or a number.
    mutating func decimalText(_ key: String) throws(ControlError) -> String {
        guard let value = take(key) else { throw ControlError(.missingField, "must be given", field: key) }
        guard let text = value.string ?? value.lexeme else {
            throw ControlError(.wrongType, "must be a decimal", field: key)
        }
        return text
    }

    mutating func signal() throws(ControlError) -> [UInt8] {
        guard let value = take("signal") else { throw ControlError(.missingField, "must be given", field: "signal") }
        if let text = value.string { return Array(text.utf8) }
        return JSONWriter.bytes(of: value)
    }

    func finish(_ command: String) throws(ControlError) {
        guard let first = members.first else { return }
        let shown = String(first.key.unicodeScalars.prefix(40).map { $0.value < 0x20 ? "?" : Character($0) })
        throw ControlError(.unknownField, "is not a field of \(command)", field: shown.isEmpty ? "\"\"" : shown)
    }
}
