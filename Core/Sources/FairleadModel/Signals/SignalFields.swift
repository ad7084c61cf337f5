/// The fields of a signal's object, read one by one; what is wrong with them is collected, not thrown.
struct SignalFields {
    let members: [JSONMember]
    private(set) var faults: [SignalFault] = []

    init(_ members: [JSONMember]) { self.members = members }

    mutating func refuse(_ field: String, _ reason: InvalidSignalReason, _ detail: String) {
        guard faults.count < SignalError.limit else { return }
        faults.append(SignalFault(field: field, reason: reason, detail: detail))
    }

    func value(_ field: String) -> JSONValue? { members.first { $0.key == field }?.value }

    func has(_ field: String) -> Bool { value(field) != nil }

    /// A text of 1...`limit` printable ASCII bytes; nil when it is absent or refused.
    mutating func text(_ field: String, limit: Int) -> String? {
        guard let value = value(field) else { return nil }
        guard let text = value.string else {
            refuse(field, .wrongType, "must be a string, not \(value.kind)")
            return nil
        }
        guard text.utf8.count <= limit else {
            refuse(field, .tooLong, "has \(text.utf8.count) bytes; at most \(limit) are accepted")
            return nil
        }
        guard !text.isEmpty else {
            refuse(field, .outOfRange, "must not be empty")
            return nil
        }
        guard text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
            refuse(field, .malformed, "must be printable ASCII")
            return nil
        }
        return text
    }

    mutating func required(_ field: String) {
        if !has(field) { refuse(field, .missingField, "is required") }
    }

    /// A word out of `Choice`; nil when it is absent or refused. Words in `later` are known and not built yet.
    mutating func choice<Choice: NamedChoice>(_ field: String, later: [String] = []) -> Choice? {
        guard let value = value(field) else { return nil }
        return choice(value, field, later: later)
    }

    mutating func choice<Choice: NamedChoice>(_ value: JSONValue, _ field: String, later: [String]) -> Choice? {
        guard let word = value.string else {
            refuse(field, .wrongType, "must be a string, not \(value.kind)")
            return nil
        }
        if let choice = Choice(name: word) { return choice }
        if later.contains(word) {
            refuse(field, .notSupported, "\(word) is not supported by this version")
        } else {
            refuse(field, .unknownValue, "must be one of \(Choice.names)")
        }
        return nil
    }

    mutating func flag(_ field: String) -> Bool? {
        guard let value = value(field) else { return nil }
        guard let flag = value.bool else {
            refuse(field, .wrongType, "must be true or false, not \(value.kind)")
            return nil
        }
        return flag
    }

    mutating func time(_ field: String) -> Timestamp? {
        guard let value = value(field) else { return nil }
        guard let text = value.string else {
            refuse(field, .wrongType, "must be a string like 2024-08-08T12:34:56.789Z, not \(value.kind)")
            return nil
        }
        do throws(TimestampError) {
            return try Timestamp(text: text)
        } catch {
            refuse(field, error == .outOfRange ? .outOfRange : .malformed, error.explanation)
            return nil
        }
    }

    /// A decimal from a string or from a number's own text, exactly.
    mutating func decimal<Value: DecimalValue>(_ value: JSONValue, _ field: String) -> Value? {
        let text: String
        switch value {
        case .string(let written), .number(let written): text = written
        case .null, .bool, .array, .object:
            refuse(field, .wrongType, "must be a decimal, not \(value.kind)")
            return nil
        }
        do throws(DecimalError) {
            return try Value(text: text)
        } catch {
            refuse(field, Self.reason(of: error), error.explanation)
            return nil
        }
    }

    /// A decimal over zero; nil when it is absent or refused.
    mutating func positive<Value: DecimalValue & Comparable>(_ field: String, over zero: Value) -> Value? {
        guard let value = value(field) else { return nil }
        return positive(value, field, over: zero)
    }

    mutating func positive<Value: DecimalValue & Comparable>(
        _ value: JSONValue,
        _ field: String,
        over zero: Value
    ) -> Value? {
        guard let number: Value = decimal(value, field) else { return nil }
        guard number > zero else {
            refuse(field, .outOfRange, "must be greater than 0")
            return nil
        }
        return number
    }

    /// A fraction, 0 < x <= 1.
    mutating func fraction(_ value: JSONValue, _ field: String) -> Rate? {
        guard let rate: Rate = positive(value, field, over: .zero) else { return nil }
        guard rate <= .one else {
            refuse(field, .outOfRange, "is a fraction and must be at most 1: 0.10 is 10 %")
            return nil
        }
        return rate
    }

    private static func reason(of error: DecimalError) -> InvalidSignalReason {
        switch error {
        case .tooPrecise, .outOfRange, .negative: .outOfRange
        case .tooLong: .tooLong
        case .empty, .unexpectedCharacter, .missingInteger, .missingFraction, .leadingZero: .malformed
        }
    }
}
