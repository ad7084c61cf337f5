import FairleadModel

/// Why a value does not fit its key.
struct ValueFault: Error, Equatable {
    var fault: ConfigurationFault
    var reason: String

    static func wrongType(_ expected: String, _ found: JSONValue) -> ValueFault {
        ValueFault(fault: .wrongType, reason: "must be \(expected), is \(found.kind)")
    }

    /// `subject` is "must", or what must.
    static func literalSecret(_ subject: String) -> ValueFault {
        let reason = "\(subject) name where the secret is kept (file:PATH, env:NAME or credential:NAME), never hold it"
        return ValueFault(fault: .literalSecret, reason: reason)
    }

    static func outOfRange(_ reason: String) -> ValueFault { ValueFault(fault: .outOfRange, reason: reason) }
}

extension ConfigurationKind {
    /// The longest compact text of a part that is only kept.
    static let treeByteLimit = 65_536

    /// Checks a value of a document; the number's text is read, never a `Double`.
    func read(_ json: JSONValue) throws(ValueFault) -> ConfigurationValue {
        switch self {
        case .flag:
            guard let flag = json.bool else { throw .wrongType("true or false", json) }
            return .flag(flag)
        case .count(let range):
            guard let lexeme = json.lexeme else { throw .wrongType("an integer", json) }
            return try Self.readCount(lexeme, range)
        case .number(let unit, let range, let isAbove, let step):
            guard let lexeme = json.lexeme else { throw .wrongType("a number", json) }
            return try Self.readNumber(lexeme, unit, range, isAbove, step)
        case .money(let maximum, let isAbove):
            guard let lexeme = json.lexeme else { throw .wrongType("a number", json) }
            return try Self.readMoney(lexeme, maximum, isAbove)
        case .choice(let names):
            guard let text = json.string else { throw .wrongType("one of \(names.joined(separator: ", "))", json) }
            guard names.contains(text) else {
                let hint = Suggestion.hint(for: text, in: names)
                throw .outOfRange("must be one of \(names.joined(separator: ", "))\(hint)")
            }
            return .text(text)
        case .text(let rule):
            guard let text = json.string else { throw .wrongType("a text", json) }
            if let fault = rule.fault(of: text) { throw .outOfRange(fault) }
            return .text(text)
        case .texts(let rule, let limit): return try Self.readTexts(json, rule, limit)
        case .numbers(let unit, let range, let step, let limit):
            guard let elements = json.array else { throw .wrongType("a list", json) }
            return try Self.readNumbers(elements.map(\.lexeme), unit, range, step, limit)
        case .groups(let limit): return .groups(try Self.readGroups(json, limit))
        case .secret:
            guard let text = json.string else { throw .wrongType("a reference to a secret", json) }
            guard let secret = SecretReference(reference: text) else {
                throw .literalSecret("must")
            }
            return .text(secret.reference)
        case .tree:
            guard json.object != nil || json.array != nil else { throw .wrongType("an object or an array", json) }
            if let path = LiteralSecret.find(in: json) {
                throw .literalSecret("\(ConfigurationKind.shown(path)) must")
            }
            // Within the bounds of a plain JSON text, so that what is kept can be read again.
            let text = JSONWriter.text(of: json, keys: .sorted)
            guard text.utf8.count <= Self.treeByteLimit else {
                throw .outOfRange("must be at most \(Self.treeByteLimit) bytes, is \(text.utf8.count)")
            }
            return .tree(text)
        }
    }

    /// Checks a value that came as text: a variable of the environment, a flag. Lists are split at commas.
    func read(text: String) throws(ValueFault) -> ConfigurationValue {
        switch self {
        case .flag:
            guard text == "true" || text == "false" else {
                throw ValueFault(fault: .wrongType, reason: "must be true or false")
            }
            return .flag(text == "true")
        case .count(let range): return try Self.readCount(text, range)
        case .number(let unit, let range, let isAbove, let step):
            return try Self.readNumber(text, unit, range, isAbove, step)
        case .money(let maximum, let isAbove): return try Self.readMoney(text, maximum, isAbove)
        case .choice, .text, .secret: return try read(.string(text))
        case .texts:
            let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
            return try read(.array(parts.map { .string(String($0)) }))
        case .numbers(let unit, let range, let step, let limit):
            let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
            return try Self.readNumbers(parts.map { String($0) }, unit, range, step, limit)
        case .groups, .tree: throw ValueFault(fault: .wrongType, reason: "an object can't be set by a variable or flag")
        }
    }

    private static func readCount(_ lexeme: String, _ range: ClosedRange<Int64>) throws(ValueFault)
        -> ConfigurationValue
    {
        let digits = lexeme.utf8.first == 0x2D ? lexeme.utf8.dropFirst() : lexeme.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ValueFault(fault: .wrongType, reason: "must be an integer, is \(shown(lexeme))")
        }
        guard let count = Int64(lexeme), range.contains(count) else {
            throw .outOfRange("must be \(range.lowerBound) to \(range.upperBound), is \(shown(lexeme))")
        }
        return .count(count)
    }

    private static func readNumber(
        _ lexeme: String,
        _ unit: ConfigurationUnit,
        _ range: ClosedRange<Int64>,
        _ isAbove: Bool,
        _ step: Int64
    ) throws(ValueFault) -> ConfigurationValue {
        let raw: Int64
        do throws(DecimalError) {
            raw = try DecimalText.parse(lexeme.utf8.span)
        } catch {
            throw ValueFault(
                fault: error == .outOfRange ? .outOfRange : .wrongType,
                reason: "\(shown(lexeme)) \(error.explanation)"
            )
        }
        let low = DecimalText.text(raw: range.lowerBound)
        if raw < range.lowerBound || (isAbove && raw == range.lowerBound) {
            throw .outOfRange("must be \(isAbove ? "over" : "at least") \(low), is \(shown(lexeme))")
        }
        if raw > range.upperBound {
            let high = DecimalText.text(raw: range.upperBound)
            let isPercent = unit == .fraction && raw <= 100 * FixedPoint.one
            let meant = isPercent ? "; a fraction: did you mean \(DecimalText.text(raw: raw / 100))?" : ""
            throw .outOfRange("must be at most \(high), is \(shown(lexeme))\(meant)")
        }
        guard raw % step == 0 else {
            throw .outOfRange("must be a multiple of \(DecimalText.text(raw: step)), is \(shown(lexeme))")
        }
        return .number(raw: raw)
    }

    /// `nil` stands for what is no number.
    private static func readNumbers(
        _ lexemes: [String?],
        _ unit: ConfigurationUnit,
        _ range: ClosedRange<Int64>,
        _ step: Int64,
        _ limit: Int
    ) throws(ValueFault) -> ConfigurationValue {
        guard lexemes.count <= limit else { throw .outOfRange("must hold at most \(limit) entries") }
        var raws: [Int64] = []
        for lexeme in lexemes {
            guard let lexeme else { throw ValueFault(fault: .wrongType, reason: "must be a list of numbers") }
            guard case .number(let raw) = try readNumber(lexeme, unit, range, false, step) else { continue }
            if let last = raws.last, raw < last {
                throw .outOfRange("must ascend, and \(shown(lexeme)) follows \(DecimalText.text(raw: last))")
            }
            raws.append(raw)
        }
        return .numbers(raw: raws)
    }

    private static func readMoney(_ lexeme: String, _ maximum: Money, _ isAbove: Bool) throws(ValueFault)
        -> ConfigurationValue
    {
        let money: Money
        do throws(DecimalError) {
            money = try Money(text: lexeme)
        } catch {
            throw ValueFault(
                fault: error == .outOfRange ? .outOfRange : .wrongType,
                reason: "\(shown(lexeme)) \(error.explanation)"
            )
        }
        guard isAbove ? money > .zero : money >= .zero else {
            throw .outOfRange("must be \(isAbove ? "over" : "at least") 0, is \(shown(lexeme))")
        }
        guard money <= maximum else { throw .outOfRange("must be at most \(maximum), is \(shown(lexeme))") }
        return .money(money)
    }

    private static func readTexts(_ json: JSONValue, _ rule: TextRule, _ limit: Int) throws(ValueFault)
        -> ConfigurationValue
    {
        guard let elements = json.array else { throw .wrongType("a list", json) }
        guard elements.count <= limit else { throw .outOfRange("must hold at most \(limit) entries") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw .wrongType("a list of texts", element) }
            if let fault = rule.fault(of: text) { throw .outOfRange("\(shown(text)) \(fault)") }
            guard !texts.contains(text) else { throw .outOfRange("\(shown(text)) stands twice") }
            texts.append(text)
        }
        return .texts(texts)
    }

    /// A value in an error: cut, and without control characters.
    static func shown(_ text: String) -> String {
        let printable = text.unicodeScalars.prefix(40).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
        return printable.joined() + (text.unicodeScalars.count > 40 ? "..." : "")
    }
}
