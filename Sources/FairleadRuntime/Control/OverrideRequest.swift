public import FairleadModel
import FairleadNode

/// A limit that a person asks to have for a while.
public struct OverrideRequest: Hashable, Sendable {
    /// The longest reason, in Unicode scalars.
    public static let reasonLimit = Node.reasonLimit

    public var limit: OverridableLimit
    /// In the raw numbers of the limit's unit, within its bounds.
    public var value: Int64
    public var until: OverrideEnd
    /// 1 to 200 characters, on one line.
    public var reason: String
    /// nil: every symbol.
    public var symbol: String?
    /// nil: every strategy.
    public var strategy: String?

    public init(
        _ limit: OverridableLimit,
        value: Int64,
        until: OverrideEnd,
        reason: String,
        symbol: String? = nil,
        strategy: String? = nil
    ) {
        self.limit = limit
        self.value = value
        self.until = until
        self.reason = reason
        self.symbol = symbol
        self.strategy = strategy
    }

    /// The limit of a typed name. A row that has no such number is refused with the reason.
    public static func limit(_ text: String) throws(ControlError) -> OverridableLimit {
        if let limit = OverridableLimit(typed: text) { return limit }
        if let obstacle = VetoReason(name: text)?.overrideObstacle {
            throw ControlError(.outOfRange, "\(text) can't be overridden: \(obstacle)", field: "rule")
        }
        let known = OverridableLimit.allCases.map(\.name).joined(separator: ", ")
        throw ControlError(.outOfRange, "must be one of \(known)", field: "rule")
    }

    /// The value of a typed text, which the limit may have.
    public static func value(_ text: String, of limit: OverridableLimit) throws(ControlError) -> Int64 {
        let value: Int64
        do throws(DecimalError) { value = try limit.unit.raw(text) } catch {
            throw ControlError(.outOfRange, error.explanation, field: "value")
        }
        let bounds = limit.bounds
        guard bounds.contains(value) else {
            let (least, most) = (limit.unit.text(bounds.lowerBound), limit.unit.text(bounds.upperBound))
            let isFraction = limit.unit == .rate && bounds.upperBound == FixedPoint.one
            let hint = isFraction ? "; it is a fraction: 0.10 is 10 %" : ""
            throw ControlError(
                .outOfRange,
                "must be from \(least) to \(most) (\(limit.unit.name))\(hint)",
                field: "value"
            )
        }
        return value
    }

    /// A reason that can be kept: not empty, on one line, not too long.
    public static func reason(_ text: String) throws(ControlError) -> String {
        let scalars = text.unicodeScalars
        guard scalars.contains(where: { !$0.properties.isWhitespace }), scalars.count <= reasonLimit else {
            throw ControlError(.outOfRange, "must be 1 to \(reasonLimit) characters", field: "reason")
        }
        let isPlain = scalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: true
            }
        }
        guard isPlain else {
            throw ControlError(.outOfRange, "must be on one line, without control characters", field: "reason")
        }
        return text
    }

    var fields: [JSONMember] {
        var members = [
            JSONMember("rule", .string(limit.name)), JSONMember("value", .string(limit.unit.text(value))),
            JSONMember("until", .string(until.text)), JSONMember("reason", .string(reason)),
        ]
        members += Self.scope(symbol, strategy)
        return members
    }

    static func scope(_ symbol: String?, _ strategy: String?) -> [JSONMember] {
        (symbol.map { [JSONMember("symbol", .string($0))] } ?? [])
            + (strategy.map { [JSONMember("strategy", .string($0))] } ?? [])
    }
}

/// When an override ends: so long after the engine has it, or at a moment.
public enum OverrideEnd: Hashable, Sendable {
    case after(TimeSpan)
    case at(Timestamp)

    /// `90s`, `15m`, `2h`, `1d`, `1h30m` (the larger unit first, each once); or an ISO 8601 UTC time.
    public init(text: String) throws(ControlError) {
        if let span = Self.span(text) {
            self = .after(span)
            return
        }
        do throws(TimestampError) { self = .at(try Timestamp(text: text)) } catch {
            let shapes = "must be a time like 2h, 1h30m, 90s, or 2026-08-08T12:34:56Z"
            throw ControlError(.outOfRange, shapes, field: "until")
        }
    }

    public var text: String {
        switch self {
        case .after(let span): Self.text(of: span)
        case .at(let time): time.text(.nanoseconds)
        }
    }

    public func moment(from now: Timestamp) -> Timestamp {
        switch self {
        case .after(let span): now + span
        case .at(let time): time
        }
    }

    private static let units: [(letter: Character, seconds: Int64)] = [
        ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    private static func span(_ text: String) -> TimeSpan? {
        var seconds: Int64 = 0
        var digits = ""
        var units = units[...]
        for character in text {
            if character.isASCII, character.isWholeNumber {
                digits.append(character)
                // A thousand years of seconds have eleven digits.
                if digits.count > 9 { return nil }
                continue
            }
            guard let index = units.firstIndex(where: { $0.letter == character }), let count = Int64(digits) else {
                return nil
            }
            seconds += count * units[index].seconds
            digits = ""
            units = units[(index + 1)...]
        }
        // More than a human life: no override lasts so long, and the count of nanoseconds might not hold it.
        guard digits.isEmpty, seconds > 0, seconds <= 3_000_000_000 else { return nil }
        return .seconds(seconds)
    }

    private static func text(of span: TimeSpan) -> String {
        var rest = span.nanoseconds / 1_000_000_000
        var text = ""
        for unit in units where rest >= unit.seconds {
            text += "\(rest / unit.seconds)\(unit.letter)"
            rest %= unit.seconds
        }
        return text
    }
}
