public import FairleadModel

/// A validator for the part of JSON Schema 2020-12 that our published schemas use. A keyword that it doesn't know fails
/// the validation, so that no schema says something which nothing checks.
public struct JSONSchema {
    private let root: JSONValue
    private static let annotations: Set<String> = [
        "$schema", "$id", "$defs", "title", "description", "default", "then", "else",
    ]

    public init(_ root: JSONValue) { self.root = root }

    /// The first rule that the value breaks; nil when it is valid.
    public func violation(of value: JSONValue) -> String? { violation(of: value, root, "$") }

    private func violation(of value: JSONValue, _ schema: JSONValue, _ path: String) -> String? {
        if case .bool(let accepts) = schema { return accepts ? nil : "\(path): nothing is accepted here" }
        guard let keywords = schema.object else { return "\(path): the schema is no object" }
        for keyword in keywords where !Self.annotations.contains(keyword.key) {
            let broken =
                structural(value, keyword, schema, path) ?? scalar(value, keyword, path)
                ?? combined(value, keyword, schema, path)
            if let broken { return broken }
        }
        return nil
    }

    private func structural(_ value: JSONValue, _ keyword: JSONMember, _ schema: JSONValue, _ path: String) -> String? {
        switch keyword.key {
        case "properties":
            for property in keyword.value.object ?? [] {
                guard let inner = value[property.key] else { continue }
                if let broken = violation(of: inner, property.value, "\(path).\(property.key)") { return broken }
            }
        case "required":
            guard value.object != nil else { return nil }
            for name in keyword.value.array ?? [] where value[name.string ?? ""] == nil {
                return "\(path): \(name.string ?? "?") is missing"
            }
        case "additionalProperties":
            let known = Set(schema["properties"]?.object?.map(\.key) ?? [])
            for member in value.object ?? [] where !known.contains(member.key) {
                if let broken = violation(of: member.value, keyword.value, "\(path).\(member.key)") { return broken }
            }
        case "items":
            for (index, element) in (value.array ?? []).enumerated() {
                if let broken = violation(of: element, keyword.value, "\(path)[\(index)]") { return broken }
            }
        case "minItems": if let count = value.array?.count, count < limit(keyword) { return "\(path): too few items" }
        case "maxItems": if let count = value.array?.count, count > limit(keyword) { return "\(path): too many items" }
        default: break
        }
        return nil
    }

    private func scalar(_ value: JSONValue, _ keyword: JSONMember, _ path: String) -> String? {
        switch keyword.key {
        case "type":
            let allowed = keyword.value.array ?? [keyword.value]
            if !allowed.contains(where: { isType(value, $0.string ?? "") }) { return "\(path): is not \(allowed)" }
        case "const": if value != keyword.value { return "\(path): is not \(keyword.value)" }
        case "enum": if keyword.value.array?.contains(value) != true { return "\(path): is none of the enum" }
        case "minLength":
            if let text = value.string, text.unicodeScalars.count < limit(keyword) { return "\(path): too short" }
        case "maxLength":
            if let text = value.string, text.unicodeScalars.count > limit(keyword) { return "\(path): too long" }
        case "pattern":
            guard let text = value.string, let pattern = keyword.value.string else { return nil }
            guard let regex = try? Regex(pattern) else { return "\(path): \(pattern) is no pattern" }
            if text.firstMatch(of: regex) == nil { return "\(path): doesn't match \(pattern)" }
        case "minimum": if let number = number(value), number < bound(keyword) { return "\(path): too small" }
        case "maximum": if let number = number(value), number > bound(keyword) { return "\(path): too large" }
        case "exclusiveMinimum": if let number = number(value), number <= bound(keyword) { return "\(path): too small" }
        default: break
        }
        return nil
    }

    private func combined(_ value: JSONValue, _ keyword: JSONMember, _ schema: JSONValue, _ path: String) -> String? {
        let choices = keyword.value.array ?? []
        switch keyword.key {
        case "$ref":
            guard let reference = keyword.value.string, let target = resolve(reference) else {
                return "\(path): dead $ref"
            }
            return violation(of: value, target, path)
        case "allOf": return choices.lazy.compactMap { violation(of: value, $0, path) }.first
        case "anyOf":
            let isAccepted = choices.contains { violation(of: value, $0, path) == nil }
            return isAccepted ? nil : "\(path): fits none of anyOf"
        case "oneOf":
            let count = choices.filter { violation(of: value, $0, path) == nil }.count
            return count == 1 ? nil : "\(path): fits \(count) of oneOf"
        case "not": return violation(of: value, keyword.value, path) == nil ? "\(path): fits what it must not" : nil
        case "if":
            let next = violation(of: value, keyword.value, path) == nil ? schema["then"] : schema["else"]
            return next.flatMap { violation(of: value, $0, path) }
        case "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "type", "const", "enum",
            "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum":
            return nil
        default: return "\(path): keyword \(keyword.key) is unknown to this validator"
        }
    }

    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(root as JSONValue?) { $0?[String($1)] }
    }

    private func isType(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"), (.object, "object"),
            (.number, "number"):
            true
        case (.number, "integer"): value.integer != nil
        default: false
        }
    }

    private func number(_ value: JSONValue) -> Double? { value.lexeme.flatMap { Double($0) } }
    private func limit(_ keyword: JSONMember) -> Int { Int(keyword.value.integer ?? 0) }
    private func bound(_ keyword: JSONMember) -> Double { number(keyword.value) ?? .nan }
}
