import FairleadModel
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

    /// File names in a folder of the fixtures, sorted.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: tests.appending(path: "Fixtures/" + folder).path()).sorted()
    }
}
