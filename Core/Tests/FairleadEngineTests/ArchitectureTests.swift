import FairleadModel
import Foundation
import Testing

/// Holds `docs/ARCHITECTURE.md`, both manifests and the directories together.
@Suite struct ArchitectureTests {
    private struct Target {
        var name: String
        /// In no order.
        var dependencies: Set<String>
        /// From the project's root.
        var folder: String
    }

    private struct Row {
        /// With `Core/` where it is Core's.
        var name: String
        var dependencies: [String]
        var rooms: [String]
    }

    private static func page() throws -> DocumentedPage { try DocumentedPage("docs/ARCHITECTURE.md") }

    private static func rows() throws -> [Row] {
        try page().table("target").map { cells in
            try #require(cells.count == 4, "\(cells)")
            return Row(
                name: DocumentedPage.quoted(cells[0]).first ?? "",
                dependencies: DocumentedPage.quoted(cells[1]),
                rooms: DocumentedPage.quoted(cells[2])
            )
        }
    }

    // MARK: - Manifests

    /// The targets of a package that are no tests, of its manifest read as text; `place` is the package's directory.
    private static func targets(_ place: String) throws -> [Target] {
        let text = try DocumentedPage(place + "Package.swift").text
        var found: [Target] = []
        for opening in ["module(", ".target(", ".executableTarget(", ".systemLibrary("] {
            var rest = text[...]
            while let call = rest.range(of: opening) {
                rest = rest[call.upperBound...]
                let body = String(rest.prefix(upTo: try end(of: rest)))
                // What is computed from a name, and what is a dependency of another, is no target of its own.
                let isNamed = body.drop { $0.isWhitespace }.hasPrefix(opening == "module(" ? "\"" : "name: \"")
                guard isNamed, let name = literals(body).first else { continue }
                found.append(
                    Target(
                        name: place + name,
                        dependencies: try dependencies(body),
                        folder: place + path(body, name)
                    )
                )
            }
        }
        return found
    }

    /// Where the parenthesis or bracket closes that was opened just before.
    private static func end(of text: Substring) throws -> Substring.Index {
        var (depth, isText) = (1, false)
        for index in text.indices {
            switch text[index] {
            case "\"": isText.toggle()
            case "(" where !isText, "[" where !isText: depth += 1
            case ")" where !isText, "]" where !isText: depth -= 1
            default: break
            }
            if depth == 0 { return index }
        }
        throw CocoaError(.fileReadCorruptFile)
    }

    private static func literals(_ text: String) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
    }

    /// The names in the list of dependencies; of a product its own, not its package's.
    private static func dependencies(_ body: String) throws -> Set<String> {
        var rest = body[...]
        if let label = body.range(of: "dependencies:") {
            rest = body[label.upperBound...]
        } else if body.contains(":") {
            // No list: of a system library the providers follow.
            return []
        }
        guard let bracket = rest.firstIndex(of: "[") else { return [] }
        let usesNIO = rest[..<bracket].contains("nio")
        let list = rest[rest.index(after: bracket)...]
        let inner = String(list.prefix(upTo: try end(of: list)))
        let names = inner.components(separatedBy: "package: \"").enumerated().flatMap { offset, part in
            literals(offset == 0 ? part : String(part.drop { $0 != "\"" }.dropFirst()))
        }
        return Set(names).union(usesNIO ? ["NIOCore", "NIOPosix"] : [])
    }

    private static func path(_ body: String, _ name: String) -> String {
        guard let label = body.range(of: "path: \"") else { return "Sources/\(name)" }
        return String(body[label.upperBound...].prefix { $0 != "\"" })
    }

    private static func targets() throws -> [Target] { try targets("Core/") + targets("") }

    // MARK: - Tests

    /// Goal: every target stands on the page with what it depends on, and no other. Method: the table against the
    /// manifests, both ways.
    @Test func everyTargetHasItsLine() throws {
        let rows = try Self.rows()
        let targets = try Self.targets()
        #expect(targets.count > 20)
        #expect(Set(rows.map(\.name)) == Set(targets.map(\.name)))
        #expect(rows.count == targets.count)
        for target in targets {
            let row = try #require(rows.first { $0.name == target.name }, "\(target.name) has no line")
            #expect(Set(row.dependencies) == target.dependencies, "\(target.name)")
            #expect(row.dependencies.count == target.dependencies.count, "\(target.name)")
        }
    }

    /// Goal: nothing stands on what is below it. Method: the lines in their order.
    @Test func everythingStandsOnWhatIsAbove() throws {
        let rows = try Self.rows()
        let names = rows.map { $0.name.replacingOccurrences(of: "Core/", with: "") }
        for (index, row) in rows.enumerated() {
            for dependency in row.dependencies {
                // A package of somebody else has no line.
                guard let place = names.firstIndex(of: dependency) else { continue }
                #expect(place < index, "\(row.name) stands on \(dependency)")
            }
        }
        let outside = Set(rows.flatMap(\.dependencies)).subtracting(names)
        #expect(outside == ["NIOCore", "NIOPosix", "GRDB", "ArgumentParser"])
    }

    /// Goal: every target's directory exists, and its rooms are those of its line. Method: the directories on the disk.
    @Test func everyRoomIsNamed() throws {
        let rows = try Self.rows()
        for target in try Self.targets() {
            let place = DocumentedPage.root.appendingPathComponent(target.folder)
            let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
            #expect(!names.isEmpty, "\(target.name)")
            // C keeps its headers in a directory of another kind.
            let rooms = try names.filter { try $0.first?.isUppercase == true && Self.isDirectory(place, $0) }
            let row = try #require(rows.first { $0.name == target.name })
            #expect(row.rooms == rooms.sorted().map { "\($0)/" }, "\(target.name)")
        }
    }

    private static func isDirectory(_ place: URL, _ name: String) throws -> Bool {
        let attributes = try FileManager.default.attributesOfItem(atPath: place.appendingPathComponent(name).path)
        return attributes[.type] as? FileAttributeType == .typeDirectory
    }

    /// Goal: every file and directory that the page names is there. Method: each word between backticks that is a path,
    /// looked for where the page means it: the project, the sources, the engine.
    @Test func everyPathExists() throws {
        let text = try Self.page().text
        // The table is another test's.
        let prose = text.components(separatedBy: "\n").filter { !$0.hasPrefix("|") }.joined(separator: " ")
        let sources = "Core/Sources/"
        let bases = ["", sources, "Sources/", sources + "FairleadEngine/", sources + "FairleadModel/Flow/"]
        let decisions = try FileManager.default.contentsOfDirectory(
            atPath: DocumentedPage.root.appendingPathComponent("docs/decisions").path
        )
        var looked = 0
        for word in DocumentedPage.quoted(prose) {
            let isPath = word.hasSuffix(".swift") || word.contains("/")
            guard isPath, !word.contains("*"), !word.contains(" ") else { continue }
            // A decision is named by its number.
            let isDecision = decisions.contains { "docs/decisions/\($0)".hasPrefix(word) }
            let isThere = bases.contains { base in
                let place = DocumentedPage.root.appendingPathComponent(base + word)
                return FileManager.default.fileExists(atPath: place.path)
            }
            #expect(isThere || isDecision, "\(word) is not there")
            looked += 1
        }
        #expect(looked > 30)
    }
}
