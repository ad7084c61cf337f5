import FairleadModel
import Testing

@testable import FairleadConfiguration

@Suite struct ConfigurationSchemaTests {
    /// Holds schema and decoder together. Puts good, mistyped and excessive values at each key and expects that a small
    /// validator of the published schema accepts and refuses the same ones.
    @Test func schemaAndDecoderAgreeOnEachKey() throws {
        for (key, path) in KeyTableTests.places {
            let schema = ConfigurationSchema.schema(key.document)
            func accepts(_ value: JSONValue) throws -> Bool {
                var documents = try TestDocuments()
                documents.set(key.document, path, value)
                return Validator(root: schema).accepts(documents[key.document], schema)
            }
            for value in key.kind.goodValues {
                if case .laterLimit = key.status {
                    #expect(try !accepts(value), "\(path): \(value)")
                } else {
                    #expect(try accepts(value), "\(path): \(value)")
                }
            }
            for value in key.kind.mistypedValues where value != .number("1e3") && value != .number("1.0") {
                // More digits than the scale holds is no matter of a schema.
                if (value.lexeme?.utf8.count ?? 0) > 15 { continue }
                #expect(try !accepts(value), "\(path) accepts \(value)")
            }
            for value in key.kind.excessiveValues {
                // A schema compares no numbers beyond 2^53, and knows no calendar, no names of variables and no order.
                let isBeyond = (value.lexeme?.utf8.count ?? 0) > 15
                if isBeyond || value == "2023-02-29" || value == "env:no name" || value == [2, 1] { continue }
                #expect(try !accepts(value), "\(path) accepts \(value)")
            }
        }
    }

    /// Holds the demo's documents to the published schemas, and unknown keys out of them. Validates each document, then
    /// the same with one key more.
    @Test func demonstrationFitsItsSchemas() throws {
        for document in ConfigurationDocument.allCases {
            let schema = ConfigurationSchema.schema(document)
            var documents = try TestDocuments()
            #expect(Validator(root: schema).accepts(documents[document], schema))
            documents.set(document, "unknown_key", 1)
            #expect(!Validator(root: schema).accepts(documents[document], schema))
        }
    }
}

/// The part of JSON Schema that our schemas use.
private struct Validator {
    let root: JSONValue

    func accepts(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        if let target = schema["$ref"]?.string { return accepts(value, resolve(target)) }
        if schema["not"] != nil { return false }
        if let constant = schema["const"], constant != value { return false }
        if let names = schema["enum"]?.array, !names.contains(value) { return false }
        if let type = schema["type"], !(type.array ?? [type]).contains(where: { has(value, $0.string ?? "") }) {
            return false
        }
        if let lexeme = value.lexeme, let number = Double(lexeme) {
            func bound(_ name: String) -> Double? { schema[name]?.lexeme.flatMap(Double.init) }
            if let low = bound("minimum"), number < low { return false }
            if let low = bound("exclusiveMinimum"), number <= low { return false }
            if let high = bound("maximum"), number > high { return false }
        }
        if let text = value.string, let pattern = schema["pattern"]?.string, !matches(text, pattern) { return false }
        if let elements = value.array { return accepts(elements, schema) }
        if let members = value.object { return accepts(members, schema) }
        return true
    }

    private func accepts(_ elements: [JSONValue], _ schema: JSONValue) -> Bool {
        if let limit = schema["maxItems"]?.integer, elements.count > limit { return false }
        if let least = schema["minItems"]?.integer, elements.count < least { return false }
        if schema["uniqueItems"]?.bool == true, Set(elements).count != elements.count { return false }
        guard let items = schema["items"] else { return true }
        return elements.allSatisfy { accepts($0, items) }
    }

    private func accepts(_ members: [JSONMember], _ schema: JSONValue) -> Bool {
        if let limit = schema["maxProperties"]?.integer, members.count > limit { return false }
        for name in schema["required"]?.array ?? [] where !members.contains(where: { $0.key == name.string }) {
            return false
        }
        for member in members {
            if let pattern = schema["propertyNames"]?["pattern"]?.string, !matches(member.key, pattern) { return false }
            if let property = schema["properties"]?[member.key] {
                if !accepts(member.value, property) { return false }
            } else if let others = schema["additionalProperties"] {
                if others == false || !accepts(member.value, others) { return false }
            }
        }
        return true
    }

    private func resolve(_ target: String) -> JSONValue {
        target.split(separator: "/").dropFirst().reduce(root) { $0[String($1)] ?? false }
    }

    private func has(_ value: JSONValue, _ type: String) -> Bool {
        switch type {
        case "boolean": value.bool != nil
        case "integer": value.integer != nil
        case "number": value.lexeme != nil
        case "string": value.string != nil
        case "array": value.array != nil
        case "object": value.object != nil
        default: false
        }
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        do {
            return try Regex(pattern).wholeMatch(in: text) != nil
        } catch {
            Issue.record("\(pattern) is no regular expression: \(error)")
            return false
        }
    }
}
