public import FairleadModel

/// A rule of a schema that a value breaks.
public struct SchemaViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field: "router_health.global.quality_score", "positions[0].symbol"; empty for the whole value.
    public var field: String
    public var reason: String

    public init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }

    public var description: String { field.isEmpty ? reason : "\(field): \(reason)" }
}

/// A validator for the part of JSON Schema 2020-12 that our published schemas use. A keyword that it doesn't know fails
/// the validation, so that no schema says something which nothing checks.
///
/// Not sendable: it keeps the patterns that it has compiled.
public struct JSONSchema {
    private final class Patterns {
        var compiled: [String: Regex<AnyRegexOutput>] = [:]
    }

    private let root: JSONValue
    private let patterns = Patterns()
    private static let annotations: Set<String> = [
        "$schema", "$id", "$defs", "title", "description", "default", "then", "else",
    ]

    public init(_ root: JSONValue) { self.root = root }

    /// The first rule that the value breaks; nil when it is valid.
    public func violation(of value: JSONValue) -> SchemaViolation? { violation(of: value, root, "") }

    private func violation(of value: JSONValue, _ schema: JSONValue, _ path: String) -> SchemaViolation? {
        if case .bool(let accepts) = schema {
            return accepts ? nil : SchemaViolation(field: path, reason: "nothing is accepted here")
        }
        guard let keywords = schema.object else {
            return SchemaViolation(field: path, reason: "the schema is no object")
        }
        for keyword in keywords where !Self.annotations.contains(keyword.key) {
            let broken =
                structural(value, keyword, schema, path)
                ?? scalar(value, keyword).map { SchemaViolation(field: path, reason: $0) }
                ?? combined(value, keyword, schema, path)
            if let broken { return broken }
        }
        return nil
    }

    private static func field(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private func structural(
        _ value: JSONValue,
        _ keyword: JSONMember,
        _ schema: JSONValue,
        _ path: String
    ) -> SchemaViolation? {
        switch keyword.key {
        case "properties":
            for property in keyword.value.object ?? [] {
                guard let inner = value[property.key] else { continue }
                if let broken = violation(of: inner, property.value, Self.field(path, property.key)) { return broken }
            }
        case "required":
            guard value.object != nil else { return nil }
            for name in keyword.value.array ?? [] where value[name.string ?? ""] == nil {
                return SchemaViolation(field: Self.field(path, name.string ?? "?"), reason: "is missing")
            }
        case "additionalProperties":
            let known = Set(schema["properties"]?.object?.map(\.key) ?? [])
            for member in value.object ?? [] where !known.contains(member.key) {
                if let broken = violation(of: member.value, keyword.value, Self.field(path, member.key)) {
                    return broken
                }
            }
        case "items":
            for (index, element) in (value.array ?? []).enumerated() {
                if let broken = violation(of: element, keyword.value, "\(path)[\(index)]") { return broken }
            }
        default: break
        }
        return nil
    }

    private func scalar(_ value: JSONValue, _ keyword: JSONMember) -> String? {
        switch keyword.key {
        case "minItems": if let count = value.array?.count, count < limit(keyword) { return "has too few items" }
        case "maxItems": if let count = value.array?.count, count > limit(keyword) { return "has too many items" }
        case "type":
            let allowed = (keyword.value.array ?? [keyword.value]).map { $0.string ?? "?" }
            if !allowed.contains(where: { isType(value, $0) }) {
                return "is \(value.kind), not \(allowed.joined(separator: " or "))"
            }
        case "const": if value != keyword.value { return "is not \(Self.text(keyword.value))" }
        case "enum":
            if keyword.value.array?.contains(value) != true {
                return "is \(Self.text(value)), none of \(Self.text(keyword.value))"
            }
        case "minLength": if let length = length(value), length < limit(keyword) { return "is too short" }
        case "maxLength": if let length = length(value), length > limit(keyword) { return "is too long" }
        case "pattern":
            guard let text = value.string, let pattern = keyword.value.string else { return nil }
            return broken(pattern, by: text)
        case "minimum": if let number = number(value), !(number >= bound(keyword)) { return "is too small" }
        case "maximum": if let number = number(value), !(number <= bound(keyword)) { return "is too large" }
        case "exclusiveMinimum": if let number = number(value), !(number > bound(keyword)) { return "is too small" }
        default: break
        }
        return nil
    }

    private func broken(_ pattern: String, by text: String) -> String? {
        let regex: Regex<AnyRegexOutput>
        if let known = patterns.compiled[pattern] {
            regex = known
        } else {
            do { regex = try Regex(pattern) } catch { return "its schema's pattern is none: \(pattern)" }
            patterns.compiled[pattern] = regex
        }
        return text.firstMatch(of: regex) == nil ? "does not match \(pattern)" : nil
    }

    private static func text(_ value: JSONValue) -> String { JSONWriter.text(of: value) }

    private func combined(
        _ value: JSONValue,
        _ keyword: JSONMember,
        _ schema: JSONValue,
        _ path: String
    ) -> SchemaViolation? {
        let choices = keyword.value.array ?? []
        func broken(_ reason: String) -> SchemaViolation { SchemaViolation(field: path, reason: reason) }
        switch keyword.key {
        case "$ref":
            guard let reference = keyword.value.string, let target = resolve(reference) else {
                return broken("its schema has a dead $ref")
            }
            return violation(of: value, target, path)
        case "allOf": return choices.lazy.compactMap { violation(of: value, $0, path) }.first
        case "anyOf":
            let isAccepted = choices.contains { violation(of: value, $0, path) == nil }
            return isAccepted ? nil : broken("fits none of anyOf")
        case "oneOf":
            let count = choices.filter { violation(of: value, $0, path) == nil }.count
            return count == 1 ? nil : broken("fits \(count) of oneOf")
        case "not": return violation(of: value, keyword.value, path) == nil ? broken("fits what it must not") : nil
        case "if":
            let next = violation(of: value, keyword.value, path) == nil ? schema["then"] : schema["else"]
            return next.flatMap { violation(of: value, $0, path) }
        case "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "type", "const", "enum",
            "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum":
            return nil
        default: return broken("keyword \(keyword.key) of its schema is unknown to this validator")
        }
    }

    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(root as JSONValue?) { $0?[String($1)] }
    }

    private func isType(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"), (.object, "object"): true
        // 1e999 is JSON, and no number that anybody can use.
        case (.number, "number"): number(value)?.isFinite == true
        case (.number, "integer"): value.integer != nil
        default: false
        }
    }

    private func length(_ value: JSONValue) -> Int? { value.string?.unicodeScalars.count }
    private func number(_ value: JSONValue) -> Double? { value.lexeme.flatMap { Double($0) } }
    private func limit(_ keyword: JSONMember) -> Int { Int(keyword.value.integer ?? 0) }
    private func bound(_ keyword: JSONMember) -> Double { number(keyword.value) ?? .nan }
}
