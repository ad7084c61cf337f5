import FairleadModel
import FairleadRuntime

/// `--plain` of what is no table: a line a value, its path and the value between a tab.
enum PlainLines {
    /// `market.0.bid<TAB>62000.1`, in the order of the JSON.
    static func text(_ value: JSONValue) -> String {
        var lines: [String] = []
        collect(value, "", &lines)
        return lines.joined(separator: "\n")
    }

    private static func collect(_ value: JSONValue, _ path: String, _ lines: inout [String]) {
        func under(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch value {
        case .object(let members): for member in members { collect(member.value, under(member.key), &lines) }
        case .array(let values): for (index, value) in values.enumerated() { collect(value, under("\(index)"), &lines) }
        case .null, .string, .number, .bool: lines.append("\(path)\t\(LogLine.plain(Screens.text(value)))")
        }
    }
}
