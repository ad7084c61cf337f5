public import FairleadModel

/// A value as its key carries it: checked, exact, in the key's own unit.
public enum ConfigurationValue: Hashable, Sendable {
    case flag(Bool)
    case count(Int64)
    /// In units of 10^-8 of the key's unit: 2.5 bps is 250,000,000.
    case number(raw: Int64)
    case money(Money)
    case text(String)
    case texts([String])
    /// Each as `number`.
    case numbers(raw: [Int64])
    /// In the order of their names.
    case groups([CorrelationGroup])
    /// A part that this version only keeps: its compact JSON with sorted keys.
    case tree(String)

    /// As it stands in a document.
    public var json: JSONValue {
        switch self {
        case .flag(let flag): return .bool(flag)
        case .count(let count): return .integer(count)
        case .number(let raw): return .number(DecimalText.text(raw: raw))
        case .money(let money): return .number(money.description)
        case .text(let text): return .string(text)
        case .texts(let texts): return .array(texts.map(JSONValue.string))
        case .numbers(let raws): return .array(raws.map { .number(DecimalText.text(raw: $0)) })
        case .groups(let groups):
            return .object(
                groups.map { group in
                    let cap = JSONValue.number(DecimalText.text(raw: group.maximumNavFraction.raw))
                    let symbols = JSONValue.array(group.symbols.map(JSONValue.string))
                    return JSONMember(group.name, ["max_nav_pct": cap, "symbols": symbols])
                }
            )
        case .tree(let text):
            do throws(JSONError) {
                return try JSONParser.parse(text)
            } catch {
                preconditionFailure("Invariant: a kept tree is the text of a JSON value")
            }
        }
    }

    /// As a person reads it: the JSON text, without quotes around a single text.
    public var text: String {
        if case .text(let text) = self { return text }
        return JSONWriter.text(of: json)
    }
}

/// What the number of a key counts.
public enum ConfigurationUnit: String, Sendable, CaseIterable {
    case bps
    /// 0.10 is 10 %; over 1 is refused with a hint.
    case fraction
    /// May pass 1.
    case ratio
    case milliseconds = "ms"
    case seconds = "s"
    case minutes = "min"
    case hours = "h"
    case price
    case quantity
    case perSecond = "1/s"
}

/// What a text must look like.
public enum TextRule: String, Sendable, CaseIterable {
    /// 1...32 of `[A-Z0-9._-]`.
    case symbol
    /// A file's path, absolute or under the home directory: 1...512 bytes without control characters.
    case path
    /// `YYYY-MM-DD`, a day that exists.
    case date
    /// 1...200 bytes without control characters.
    case line
    /// 1...16 of `[A-Z0-9]`.
    case currency
    /// `HH:MM`, 00:00 to 23:59.
    case minute

    /// The same rule for a JSON Schema.
    var pattern: String {
        switch self {
        case .symbol: "^[A-Z0-9._-]{1,32}$"
        case .path: "^[^\\u0000-\\u001f\\u007f]{1,512}$"
        case .date: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        case .line: "^[^\\u0000-\\u001f\\u007f]{1,200}$"
        case .currency: "^[A-Z0-9]{1,16}$"
        case .minute: "^([01][0-9]|2[0-3]):[0-5][0-9]$"
        }
    }

    /// Why a text breaks the rule; nil when it doesn't.
    func fault(of text: String) -> String? {
        let bytes = Array(text.utf8)
        switch self {
        case .symbol:
            let fits =
                (1...32).contains(bytes.count) && bytes.allSatisfy { Self.isCapital($0) || ".-_".utf8.contains($0) }
            return fits ? nil : "must be 1 to 32 of A-Z, 0-9, '.', '_', '-'"
        case .currency:
            let fits = (1...16).contains(bytes.count) && bytes.allSatisfy(Self.isCapital)
            return fits ? nil : "must be 1 to 16 of A-Z, 0-9"
        case .path: return Self.isPrintable(bytes, 512) ? nil : "must be 1 to 512 bytes without control characters"
        case .line: return Self.isPrintable(bytes, 200) ? nil : "must be 1 to 200 bytes without control characters"
        case .date: return Self.isDate(bytes) ? nil : "must be a date like 2024-08-08"
        case .minute: return Self.minute(text) != nil ? nil : "must be a time like 09:30"
        }
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
    }

    private static func isPrintable(_ bytes: [UInt8], _ limit: Int) -> Bool {
        (1...limit).contains(bytes.count) && bytes.allSatisfy { $0 > 0x1F && $0 != 0x7F }
    }

    /// Minutes since midnight of `HH:MM`; nil for any other text.
    static func minute(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == 0x3A else { return nil }
        var digits: [Int] = []
        for place in [0, 1, 3, 4] {
            guard (0x30...0x39).contains(bytes[place]) else { return nil }
            digits.append(Int(bytes[place] - 0x30))
        }
        let hour = digits[0] * 10 + digits[1]
        let minute = digits[2] * 10 + digits[3]
        return hour < 24 && minute < 60 ? hour * 60 + minute : nil
    }

    private static func isDate(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return false }
        var numbers = [0, 0, 0]
        for (part, range) in [0..<4, 5..<7, 8..<10].enumerated() {
            for index in range {
                guard (0x30...0x39).contains(bytes[index]) else { return false }
                numbers[part] = numbers[part] * 10 + Int(bytes[index] - 0x30)
            }
        }
        return CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]).exists
    }
}

/// The type and range of a key.
public enum ConfigurationKind: Hashable, Sendable {
    case flag
    case count(ClosedRange<Int64>)
    /// `range` in units of 10^-8 of the unit; `step` is the finest difference that the typed value can hold.
    case number(ConfigurationUnit, range: ClosedRange<Int64>, isAboveMinimum: Bool, step: Int64)
    /// `isAboveZero`: zero is refused.
    case money(maximum: Money, isAboveZero: Bool)
    case choice([String])
    case text(TextRule)
    case texts(TextRule, limit: Int)
    /// A list of numbers, each as `number` and none below the one before it.
    case numbers(ConfigurationUnit, range: ClosedRange<Int64>, step: Int64, limit: Int)
    /// An object whose names are groups of symbols: `{"majors": {"max_nav_pct": 0.5, "symbols": [...]}}`.
    case groups(limit: Int)
    /// `file:`, `env:` or `credential:`; never the secret.
    case secret
    /// An object or array of a later part: kept as it is.
    case tree

    /// "bps, 0 to 10000": for tables and errors.
    public var summary: String {
        switch self {
        case .flag: return "true or false"
        case .count(let range):
            let end = range.upperBound == Int64.max ? "" : " to \(range.upperBound)"
            return end.isEmpty ? "integer from \(range.lowerBound)" : "integer, \(range.lowerBound)\(end)"
        case .number(let unit, let range, let isAbove, _):
            let low = DecimalText.text(raw: range.lowerBound)
            return "\(unit.rawValue), \(isAbove ? "over " : "")\(low) to \(DecimalText.text(raw: range.upperBound))"
        case .money(let maximum, let isAbove): return "money, \(isAbove ? "over " : "")0 to \(maximum)"
        case .choice(let names): return names.joined(separator: ", ")
        case .text(let rule): return rule.rawValue
        case .texts(let rule, let limit): return "list of at most \(limit), each a \(rule.rawValue)"
        case .numbers(let unit, let range, _, let limit):
            let bounds = "\(DecimalText.text(raw: range.lowerBound)) to \(DecimalText.text(raw: range.upperBound))"
            return "ascending list of at most \(limit), each \(unit.rawValue), \(bounds)"
        case .groups(let limit): return "at most \(limit) of NAME: {max_nav_pct, symbols}"
        case .secret: return "reference: file:, env: or credential:"
        case .tree: return "kept as it is"
        }
    }
}
