import Foundation
import Testing

/// `docs/INCIDENT_PLAYBOOK.md` as a person follows it: its incidents, and the commands of each with what they must do.
struct Playbook {
    /// One line of a code block: the command, and what stands behind its `#`.
    struct Step {
        var line: String
        var words: [String]
        /// nil: it goes on.
        var status: Int32?
        /// Words that it says.
        var says: String?
        /// What `status --json` shows soon after.
        var shows: [(key: String, value: String)] = []
    }

    /// A code block, by the headings above it.
    struct Section {
        var name: String
        var steps: [Step]
    }

    let sections: [Section]

    init() throws {
        var (sections, incident, title, isCode): ([Section], String, String, Bool) = ([], "", "", false)
        for line in try Self.page("docs/INCIDENT_PLAYBOOK.md").components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                isCode.toggle()
                let name = title.isEmpty ? incident : "\(incident): \(title)"
                if isCode { sections.append(Section(name: name, steps: [])) }
            } else if isCode {
                sections[sections.count - 1].steps.append(try Self.step(line))
            } else if line.hasPrefix("## ") {
                (incident, title) = (String(line.dropFirst(3)), "")
            } else if line.hasPrefix("### ") {
                title = String(line.dropFirst(4))
            }
        }
        self.sections = sections
    }

    /// A page of the project by its path from the root.
    static func page(_ path: String) throws -> String {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }

    /// `COMMAND  # exit N: WORDS; then KEY = VALUE, KEY = VALUE`, or `# goes on` in place of the code.
    private static func step(_ line: String) throws -> Step {
        let parts = line.components(separatedBy: " # ")
        try #require(parts.count == 2, "\(line)")
        let words = parts[0].split(separator: " ").map(String.init)
        let notes = parts[1].components(separatedBy: "; then ")
        var step = Step(line: parts[0].trimmingCharacters(in: .whitespaces), words: words)
        let outcome = notes[0]
        if outcome != "goes on" {
            let said = outcome.components(separatedBy: ": ")
            try #require(said[0].hasPrefix("exit "), "\(line)")
            let status: Int32 = try #require(Int32(said[0].dropFirst(5)), "\(line)")
            step.status = status
            if said.count > 1 { step.says = said.dropFirst().joined(separator: ": ") }
        }
        for pair in notes.dropFirst().joined().components(separatedBy: ", ") where !pair.isEmpty {
            let sides = pair.components(separatedBy: " = ")
            try #require(sides.count == 2, "\(line)")
            step.shows.append((sides[0], sides[1]))
        }
        return step
    }
}
