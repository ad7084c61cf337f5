import FairleadModel

/// Secrets that stand in a part of a document which is only kept: its members have no rows in the table, so that their
/// names must do.
enum LiteralSecret {
    /// What the names of members have that hold secrets.
    static let words = [
        "secret", "password", "passphrase", "token", "apikey", "api_key", "privatekey", "private_key", "credential",
    ]

    /// The path of the first member that is named like a secret and holds a text or number that is no reference.
    static func find(in json: JSONValue, under path: String = "") -> String? {
        switch json {
        case .object(let members):
            for member in members {
                let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
                if isSecret(member.key), isLiteral(member.value) { return inner }
                if let found = find(in: member.value, under: inner) { return found }
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let found = find(in: element, under: "\(path)[\(index)]") { return found }
            }
        case .null, .bool, .number, .string: break
        }
        return nil
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased().filter { $0 != "-" }
        return words.contains { name.contains($0) }
    }

    private static func isLiteral(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): SecretReference(reference: text) == nil
        case .number: true
        case .array(let elements): elements.contains(where: isLiteral)
        case .null, .bool, .object: false
        }
    }
}
