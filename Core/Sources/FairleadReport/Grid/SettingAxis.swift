import FairleadModel

/// Why a `key=value` is not a setting.
public enum SettingError: Error, Hashable, Sendable, CustomStringConvertible {
    case noValue(String)
    case emptyKey(String)
    /// Nothing between two commas.
    case emptyValue(key: String)
    case range(key: String, text: String, reason: String)
    case repeatedValue(key: String, value: String)
    case repeatedKey(String)
    /// A range of so many values, or a grid of so many runs.
    case tooMany(what: String, count: UInt64, limit: Int)

    public var description: String {
        switch self {
        case .noValue(let text): "\(Self.shown(text)) needs a value: KEY=VALUE"
        case .emptyKey(let text): "\(Self.shown(text)) needs a key before the ="
        case .emptyValue(let key): "\(Self.shown(key)) has an empty value between two commas"
        case .range(let key, let text, let reason): "\(Self.shown(key)): \(Self.shown(text)) \(reason)"
        case .repeatedValue(let key, let value): "\(Self.shown(key)) has the value \(Self.shown(value)) twice"
        case .repeatedKey(let key): "\(Self.shown(key)) is set twice; several values stand between commas"
        case .tooMany(let what, let count, let limit): "\(what) has \(count) values; at most \(limit) are run"
        }
    }

    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(60).map { $0.value < 0x20 ? "?" : $0 }))
    }
}

/// A key of the configuration with the values that it takes: one, or one a run.
public struct SettingAxis: Hashable, Sendable {
    /// The most values of one key.
    public static let valueLimit = 1000
    public var key: String
    /// At least one, none twice, in the order given.
    public var values: [String]

    /// Reads `key=value`, `key=value,value` and `key=from..to:step`, whose end is taken where a step meets it.
    ///
    /// `isList`: the key itself holds a list, and takes its commas.
    public init(_ text: String, isList: (String) -> Bool = { _ in false }) throws(SettingError) {
        guard let equals = text.firstIndex(of: "=") else { throw .noValue(text) }
        let key = String(text[..<equals])
        guard !key.isEmpty else { throw .emptyKey(text) }
        let value = String(text[text.index(after: equals)...])
        if isList(key) { self.init(key: key, value: value) } else { try self.init(key: key, values: value) }
    }

    /// One value, taken as it stands.
    public init(key: String, value: String) {
        self.key = key
        values = [value]
    }

    /// The same with the key apart.
    public init(key: String, values text: String) throws(SettingError) {
        self.key = key
        values = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard !part.isEmpty else { throw .emptyValue(key: key) }
            for value in try Self.expand(String(part), key) {
                guard !values.contains(value) else { throw .repeatedValue(key: key, value: value) }
                values.append(value)
            }
            guard values.count <= Self.valueLimit else {
                throw .tooMany(what: key, count: UInt64(values.count), limit: Self.valueLimit)
            }
        }
    }

    private static func expand(_ text: String, _ key: String) throws(SettingError) -> [String] {
        let ends = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return [text] }
        let rest = ends[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard rest.count == 2 else {
            throw .range(key: key, text: text, reason: "is a range without a step: FROM..TO:STEP")
        }
        let first = try number(ends[0], key, text)
        let last = try number(rest[0], key, text)
        let step = try number(rest[1], key, text)
        guard step > 0 else { throw .range(key: key, text: text, reason: "must have a step over 0") }
        guard first <= last else { throw .range(key: key, text: text, reason: "ends before it begins") }
        let count = (Int128(last) - Int128(first)) / Int128(step) + 1
        guard count <= Int128(valueLimit) else {
            throw .tooMany(what: key, count: UInt64(clamping: count), limit: valueLimit)
        }
        return (0..<Int64(count)).map { DecimalText.text(raw: first + $0 * step) }
    }

    private static func number(_ text: Substring, _ key: String, _ whole: String) throws(SettingError) -> Int64 {
        do throws(DecimalError) {
            return try DecimalText.parse(String(text).utf8.span)
        } catch {
            throw .range(key: key, text: whole, reason: "is no range: \"\(text.prefix(40))\" \(error.explanation)")
        }
    }
}

/// Every combination of the axes' values: the last axis runs through its values first.
public struct SettingGrid: Hashable, Sendable {
    /// The most runs of one grid.
    public static let runLimit = 1000
    public let axes: [SettingAxis]

    public init(_ axes: [SettingAxis]) throws(SettingError) {
        for (index, axis) in axes.enumerated() where axes[..<index].contains(where: { $0.key == axis.key }) {
            throw .repeatedKey(axis.key)
        }
        var count: UInt64 = 1
        for axis in axes {
            let product = count.multipliedReportingOverflow(by: UInt64(axis.values.count))
            count = product.overflow ? UInt64.max : product.partialValue
        }
        guard count <= UInt64(Self.runLimit) else {
            throw .tooMany(what: "the grid", count: count, limit: Self.runLimit)
        }
        self.axes = axes
    }

    public var runCount: Int { axes.reduce(1) { $0 * $1.values.count } }
    /// More than one run is asked for.
    public var isGrid: Bool { runCount > 1 }
    /// The axes that differ between runs: the columns of a table.
    public var varied: [SettingAxis] { axes.filter { $0.values.count > 1 } }

    /// The value of every axis in run `index`, from 0.
    public func values(of index: Int) -> [String] {
        precondition((0..<runCount).contains(index), "Invariant: a run is one of the grid's")
        var rest = index
        var values: [String] = []
        for axis in axes.reversed() {
            let (quotient, place) = rest.quotientAndRemainder(dividingBy: axis.values.count)
            values.append(axis.values[place])
            rest = quotient
        }
        return values.reversed()
    }
}
