import FairleadModel
import FairleadSchema
import Foundation

/// Reads the files that tests are made of: examples beside the tests, schemas at the repository's root.
enum Fixtures {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let root = tests.appending(path: "../../..").standardizedFileURL

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: tests.appending(path: "Fixtures/" + path)))
    }

    static func schema(_ name: String) throws -> JSONSchema {
        JSONSchema(try JSONParser.parse(Array(try Data(contentsOf: root.appending(path: "schemas/\(name).json")))))
    }

    /// The names of the canonical values that have a schema, sorted: `execution_fill.v1`.
    static func schemaNames() throws -> [String] { try names(of: "schemas") }

    /// The names of those that have an example, sorted.
    static func exampleNames() throws -> [String] { try names(of: "schemas/examples") }

    private static func names(of folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// The published example of a canonical value.
    static func example(_ name: String) -> URL { root.appending(path: "schemas/examples/\(name).json") }

    /// File names in a folder of the fixtures, sorted.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: tests.appending(path: "Fixtures/" + folder).path()).sorted()
    }
}
