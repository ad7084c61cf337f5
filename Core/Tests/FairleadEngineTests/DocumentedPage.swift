import FairleadModel
import Foundation
import Testing

/// A page of the project as its tests read it: its tables, what stands between backticks, and the keys that exist.
struct DocumentedPage {
    let text: String

    /// The project's root, found by walking up from this file.
    static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        return folder
    }()

    /// A page by its path from the project's root.
    init(_ path: String) throws {
        text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// What stands between backticks.
    static func quoted(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
    }

    /// All of the page.
    var quoted: [String] { Self.quoted(text.replacingOccurrences(of: "\n", with: " ")) }

    /// The rows of the table whose first column is headed so, each as its cells.
    func table(_ first: String) throws -> [[String]] {
        let lines = text.components(separatedBy: "\n")
        let head = try #require(lines.firstIndex { $0.hasPrefix("| \(first) | ") }, "no table of \(first)")
        return lines[(head + 2)...].prefix { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// What a table's first column names, between backticks.
    func names(_ first: String) throws -> [String] { try table(first).map { Self.quoted($0[0]).first ?? "" } }

    /// The keys of a document, as the page that is made from the table of keys has them. A star stands for a symbol,
    /// and for a tier of the limits.
    static func keys(_ document: String) throws -> [String] {
        let page = try DocumentedPage("config/README.md").text
        let section = try #require(page.components(separatedBy: "## \(document)").last).components(separatedBy: "\n## ")
        let lines = section[0].components(separatedBy: "\n")
            .filter { $0.hasPrefix("| `") && $0.contains("| enforced |") }
        return lines.compactMap { quoted($0).first }.map(general)
    }

    private static func general(_ key: String) -> String {
        let names = SymbolTier.allCases.map(\.name) + ["SYM"]
        return key.split(separator: ".").map { names.contains(String($0)) ? "*" : String($0) }.joined(separator: ".")
    }

    /// Whether a page means this key: by its name, or with a star at the end for all under it.
    static func isNamed(_ key: String, by written: String) -> Bool {
        let meant = general(written)
        return meant == key || meant.hasSuffix(".*") && key.hasPrefix(meant.dropLast())
    }
}
