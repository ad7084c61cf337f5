/// Turns the JSON text of a signal (`fairlead.signal.v1`, `schemas/signal.v1.json`) into terms for the engine.
///
/// Strict: a field of another type, a word that isn't known, or a number out of range makes the signal invalid, and
/// all faults are told at once. What is known and not built yet is refused by name: a signal never runs as something
/// else than it says. Fields that the schema doesn't know are carried in `meta`.
public enum SignalDecoder {
    public static let schema = "fairlead.signal.v1"

    /// Fields of the schema, in its order: the order of faults.
    static let fields = [
        "schema", "signal_id", "ts", "source", "strategy", "venue", "account", "symbol", "contract", "side",
        "position_side", "intent", "reduce_only", "size", "confidence", "order_type", "limit_price", "time_in_force",
        "expires_at", "maker_first", "maker_price", "maker_qty", "execution", "take_profit", "stop_loss",
        "trailing_stop", "profit_stages", "oca_group", "meta",
    ]

    /// Decodes one signal. `number` is its ordinal in the journal, `source` the way it came in.
    public static func decode(
        _ bytes: [UInt8],
        number: SignalNumber,
        source: SignalSource,
        directory: inout some SignalDirectory
    ) throws(SignalError) -> DecodedSignal {
        var fields = SignalFields(try members(of: bytes))
        let signalID = identity(&fields)
        let time = fields.time("ts") ?? .never
        let sender = fields.text("source", limit: SignalLimits.sender) ?? ""
        let strategy = fields.text("strategy", limit: SignalLimits.strategy) ?? ""
        destination(&fields)
        let instrument = instrument(&fields, directory)
        fields.required("side")
        let side: Side? = fields.choice("side")
        var terms = SignalTerms(
            number: number,
            digest: Digest128(of: signalID ?? ""),
            instrument: instrument,
            side: side ?? .buy,
            size: .wholePosition,
            source: source
        )
        terms.time = time
        order(&fields, into: &terms)
        execution(&fields, into: &terms)
        levels(&fields, side: side, into: &terms)
        notBuiltYet(&fields)
        let meta = meta(&fields)
        if fields.faults.isEmpty, !strategy.isEmpty {
            if let handle = directory.strategy(named: strategy) {
                terms.strategy = handle
            } else {
                fields.refuse("strategy", .outOfRange, "is one name more than this engine has room for")
            }
        }
        guard fields.faults.isEmpty, let signalID else { throw SignalError(fields.faults, signalID: signalID) }
        return DecodedSignal(terms: terms, signalID: signalID, strategy: strategy, sender: sender, meta: meta)
    }

    private static func members(of bytes: [UInt8]) throws(SignalError) -> [JSONMember] {
        let limits = JSONLimits(bytes: SignalLimits.signal, depth: 32, values: 2048)
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(bytes, limits: limits)
        } catch {
            let isLong = error.reason == .tooLong || error.reason == .tooManyValues
            throw fault(isLong ? .tooLong : .malformed, error.description)
        }
        guard case .object(let members) = value else { throw fault(.wrongType, "must be an object, not \(value.kind)") }
        return members
    }

    private static func fault(_ reason: InvalidSignalReason, _ detail: String) -> SignalError {
        SignalError([SignalFault(field: "signal", reason: reason, detail: detail)], signalID: nil)
    }

    // MARK: Identity and destination

    private static func identity(_ fields: inout SignalFields) -> String? {
        fields.required("schema")
        if let value = fields.value("schema") {
            if value.string == nil {
                fields.refuse("schema", .wrongType, "must be a string, not \(value.kind)")
            } else if value.string != schema {
                fields.refuse("schema", .unknownValue, "must be \(schema)")
            }
        }
        fields.required("signal_id")
        return fields.text("signal_id", limit: SignalLimits.signalID)
    }

    /// This version has one venue and one account. A signal for another must not trade here.
    private static func destination(_ fields: inout SignalFields) {
        if let venue = fields.text("venue", limit: SignalLimits.sender), venue != "paper" {
            fields.refuse("venue", .notSupported, "this version trades on venue \"paper\" only")
        }
        if let account = fields.text("account", limit: SignalLimits.sender), account != AccountName.only {
            fields.refuse("account", .notSupported, "this version has account \"default\" only")
        }
    }

    private static func instrument(_ fields: inout SignalFields, _ directory: borrowing some SignalDirectory)
        -> InstrumentHandle
    {
        if fields.has("contract") {
            fields.refuse("contract", .notSupported, "contracts are not supported by this version; give a symbol")
            return .none
        }
        fields.required("symbol")
        guard let symbol = fields.text("symbol", limit: SignalLimits.symbol) else { return .none }
        guard symbol.utf8.allSatisfy(isSymbolByte) else {
            fields.refuse("symbol", .malformed, "must be upper case letters, digits, '.', '_' or '-'")
            return .none
        }
        guard let handle = directory.instrument(symbol: symbol) else {
            fields.refuse("symbol", .unknownSymbol, "\(symbol) is not configured")
            return .none
        }
        return handle
    }

    private static func isSymbolByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    // MARK: What this version doesn't build

    private static func notBuiltYet(_ fields: inout SignalFields) {
        if fields.has("oca_group") {
            fields.refuse("oca_group", .notSupported, "is not supported by this version")
        }
    }

    // MARK: Meta

    /// The text of `meta` with the fields that the schema doesn't know.
    private static func meta(_ fields: inout SignalFields) -> String {
        var members: [JSONMember] = []
        if let value = fields.value("meta") {
            guard let object = value.object else {
                fields.refuse("meta", .wrongType, "must be an object, not \(value.kind)")
                return "{}"
            }
            members = object
        }
        for member in fields.members where !Self.fields.contains(member.key) {
            guard !members.contains(where: { $0.key == member.key }) else {
                fields.refuse("meta", .contradiction, "has a key that also stands outside of it: \(shown(member.key))")
                continue
            }
            members.append(member)
        }
        let text = JSONWriter.text(of: .object(members))
        guard text.utf8.count <= SignalLimits.meta else {
            let detail = "has \(text.utf8.count) bytes with unknown fields; at most \(SignalLimits.meta) are accepted"
            fields.refuse("meta", .tooLong, detail)
            return "{}"
        }
        return text
    }

    /// A key from outside as an error may show it: at most 40 characters, without control characters.
    static func shown(_ key: String) -> String {
        String(String.UnicodeScalarView(key.unicodeScalars.prefix(40).map { $0.value < 0x20 ? "?" : $0 }))
    }
}
