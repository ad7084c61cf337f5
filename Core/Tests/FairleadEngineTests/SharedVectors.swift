import FairleadModel
import Foundation
import Testing

/// The numbers of `shared/spec/vectors.json`, which stands beside the project on machines that have it.
enum SharedVectors {
    /// The parsed file; nil where it is absent.
    static func load(from file: String = #filePath) throws -> JSONValue? {
        var folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        while folder.path() != "/" {
            let path = folder.appending(path: "shared/spec/vectors.json")
            if FileManager.default.fileExists(atPath: path.path()) {
                return try JSONParser.parse(Array(try Data(contentsOf: path)))
            }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }

    static func isPresent() -> Bool { (try? load()) != nil }
}

extension JSONValue {
    /// A number as a `Double`.
    var double: Double? { lexeme.flatMap(Double.init) }
}

extension Price {
    /// From the text of a JSON number.
    init(_ value: JSONValue?) throws {
        try self.init(text: #require(value?.lexeme))
    }
}

/// Within 10^-6 of what is expected, relatively.
func isClose(_ value: Double?, _ expected: Double?) -> Bool {
    guard let value, let expected else { return false }
    return abs(value - expected) <= 1e-6 * max(abs(expected), 1e-9)
}
