/// What a piece of a line says besides its text. Each meaning also has a word or a mark on the screen: colours only
/// help.
enum Ink: Hashable, Sendable {
    case plain
    /// Headings of columns, and what matters least.
    case dim
    /// Titles.
    case bold
    case good
    case warning
    case bad
    /// PAPER, as on every screen.
    case paper
    /// A question, or what just happened.
    case reversed

    fileprivate var code: String? {
        switch self {
        case .plain: nil
        case .dim: "2"
        case .bold: "1"
        case .good: "32"
        case .warning: "33"
        case .bad: "1;31"
        case .paper: "1;36"
        case .reversed: "7"
        }
    }
}

/// One line of a screen: pieces of text with their inks. A cell a character: what is not printable ASCII becomes `?`,
/// so that no outside text moves the cursor or is wider than it is counted.
struct ScreenLine: Hashable, Sendable {
    private struct Span: Hashable {
        var text: String
        var ink: Ink
    }

    private var spans: [Span] = []
    private(set) var width = 0

    init() {}
    init(_ text: String, _ ink: Ink = .plain) { add(text, ink) }

    mutating func add(_ text: String, _ ink: Ink = .plain) {
        let cells = text.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? $0 : "?" }
        if cells.isEmpty { return }
        spans.append(Span(text: String(String.UnicodeScalarView(cells)), ink: ink))
        width += cells.count
    }

    mutating func add(_ line: ScreenLine) {
        spans += line.spans
        width += line.width
    }

    /// Blanks up to this column; nothing when the line is as long already.
    mutating func pad(to column: Int) {
        if column > width { add(String(repeating: " ", count: column - width)) }
    }

    /// At most so wide; where something was cut off, the last cell is a `~`.
    func cut(to columns: Int) -> ScreenLine {
        if width <= columns { return self }
        var line = ScreenLine()
        if columns <= 0 { return line }
        for span in spans {
            let room = columns - 1 - line.width
            if room <= 0 { break }
            line.add(String(span.text.prefix(room)), span.ink)
        }
        line.add("~", .dim)
        return line
    }

    /// The line as a terminal takes it. Without colours no escape stands in it.
    func text(isColored: Bool) -> String {
        var text = ""
        for span in spans {
            if isColored, let code = span.ink.code {
                text += "\u{1B}[\(code)m\(span.text)\u{1B}[0m"
            } else {
                text += span.text
            }
        }
        if !isColored { while text.last == " " { text.removeLast() } }
        return text
    }
}

/// Columns that fit a width: numbers to the right, and the least important columns left out where there is no room.
struct ScreenTable {
    struct Column {
        var title: String
        var isNumber: Bool
        /// The greater, the sooner it is left out.
        var rank: Int
        /// It is at least so wide, that columns stay where they are while their numbers change.
        var least: Int

        init(_ title: String, isNumber: Bool = false, rank: Int = 0, least: Int = 0) {
            self.title = title
            self.isNumber = isNumber
            self.rank = rank
            self.least = least
        }
    }

    struct Cell {
        var text: String
        var ink: Ink

        init(_ text: String, _ ink: Ink = .plain) {
            self.text = text
            self.ink = ink
        }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []
    private static let gap = 2

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "Invariant: a row has a cell a column")
        rows.append(cells)
    }

    /// The heading and the rows, none wider than `width`.
    func lines(_ width: Int) -> [ScreenLine] {
        let widths = columns.indices.map { index in
            max(
                columns[index].least,
                columns[index].title.count,
                rows.map { $0[index].text.unicodeScalars.count }.max() ?? 0
            )
        }
        var shown = Array(columns.indices)
        while shown.count > 1, shown.reduce(-Self.gap, { $0 + widths[$1] + Self.gap }) > width,
            let least = shown.max(by: { columns[$0].rank < columns[$1].rank }), columns[least].rank > 0
        {
            shown.removeAll { $0 == least }
        }
        let heading = columns.map { Cell($0.title, .dim) }
        return ([heading] + rows).map { line($0, shown, widths).cut(to: width) }
    }

    private func line(_ cells: [Cell], _ shown: [Int], _ widths: [Int]) -> ScreenLine {
        var line = ScreenLine()
        for index in shown {
            let end = line.width + (line.width > 0 ? Self.gap : 0) + widths[index]
            let start = end - (columns[index].isNumber ? cells[index].text.unicodeScalars.count : widths[index])
            line.pad(to: start)
            line.add(cells[index].text, cells[index].ink)
            if index != shown.last { line.pad(to: end) }
        }
        return line
    }
}
