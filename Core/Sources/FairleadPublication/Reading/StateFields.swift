import FairleadModel

/// The members of one JSON object that anybody may have written: what is missing, of another type or out of range is
/// unknown, and unknown is nil. Never a default that looks healthy.
struct StateFields {
    /// Largest size of a number that is believed: far over any bps, latency or ratio, and far under what a mistaken
    /// unit or a damaged digit makes of it.
    static let largest = 1e12

    private let json: JSONValue?

    init(_ value: JSONValue?) { json = value }

    /// True where there is an object at all.
    var exists: Bool { json?.object != nil }
    var members: [JSONMember] { json?.object ?? [] }

    /// The first of these keys that is there and not null.
    func value(_ keys: [String]) -> JSONValue? {
        for key in keys {
            if let found = json?[key], !found.isNull { return found }
        }
        return nil
    }

    func value(_ keys: String...) -> JSONValue? { value(keys) }
    func fields(_ keys: String...) -> StateFields { StateFields(value(keys)) }

    func text(_ keys: String...) -> String? { value(keys)?.string.flatMap { $0.isEmpty ? nil : $0 } }
    func flag(_ keys: String...) -> Bool? { value(keys)?.bool }

    /// Whole, not negative, and written as such.
    func count(_ keys: String...) -> UInt64? { StateFields(value(keys)).ownCount }

    /// A finite number within the range.
    func number(_ keys: String..., in range: ClosedRange<Double> = -StateFields.largest...StateFields.largest)
        -> Double?
    {
        guard let text = value(keys)?.lexeme, let number = Double(text), number.isFinite else { return nil }
        return range.contains(number) ? number : nil
    }

    /// A share of 0 to 1.
    func share(_ keys: String...) -> Double? {
        guard let text = value(keys)?.lexeme, let number = Double(text) else { return nil }
        return (0...1).contains(number) ? number : nil
    }

    func time(_ keys: String...) -> Timestamp? { value(keys)?.string.flatMap { LegacyShapes.time($0) } }

    /// A decimal as text, or as a number, which other programs write.
    func decimal<Value: DecimalValue>(_ keys: String..., as type: Value.Type = Value.self) -> Value? {
        guard let found = value(keys), let text = found.string ?? found.lexeme else { return nil }
        do throws(DecimalError) { return try Value(text: text) } catch { return nil }
    }

    /// The choice of a name; nil for a word that is none.
    func choice<Choice: CaseIterable>(_ keys: String..., name: (Choice) -> String) -> Choice? {
        guard let text = value(keys)?.string else { return nil }
        return Choice.allCases.first { name($0) == text }
    }

    /// Counts by name, in the order of the file; nil where a count can't be read, and no rows at all where there is no
    /// such object.
    func counts(_ keys: String...) -> [NamedCount]? {
        value(keys)?.object?.map { NamedCount(name: $0.key, count: StateFields($0.value).ownCount) }
    }

    /// Names; nil where there is no array of nothing but names: a list that lost some would look better than it is.
    func texts(_ keys: String...) -> [String]? {
        guard let elements = value(keys)?.array else { return nil }
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? texts : nil
    }

    private var ownCount: UInt64? { json?.count.flatMap { Double($0) <= Self.largest ? $0 : nil } }
}

/// A count under a name of the file: a veto reason, a quality.
public struct NamedCount: Hashable, Sendable {
    public var name: String
    /// nil where the file has none that can be read.
    public var count: UInt64?

    public init(name: String, count: UInt64?) {
        self.name = name
        self.count = count
    }
}
