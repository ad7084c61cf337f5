import FairleadRuntime

/// Columns for people: a heading, rows, numbers to the right.
struct Table {
    struct Column {
        var title: String
        var isNumber: Bool
        init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Short rows are filled up with empty cells.
    mutating func add(_ cells: [String]) {
        precondition(cells.count <= columns.count, "Invariant: a row has at most a cell a column")
        rows.append(cells.map(LogLine.plain) + Array(repeating: "", count: columns.count - cells.count))
    }

    /// Lines without trailing spaces; the heading first. `empty` stands for no rows. Plain: cells between tabs, the
    /// heading even without rows.
    func text(_ style: Style, empty: String) -> String {
        if style.isPlain {
            return ([columns.map(\.title)] + rows).map { $0.joined(separator: "\t") }.joined(separator: "\n")
        }
        guard !rows.isEmpty else { return empty }
        var widths = columns.map(\.title.count)
        for row in rows {
            for index in widths.indices { widths[index] = max(widths[index], row[index].count) }
        }
        var lines = [style.dim(line(columns.map(\.title), widths))]
        for row in rows { lines.append(line(row, widths)) }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let space = String(repeating: " ", count: widths[index] - cell.count)
            if index > 0 { text += "  " }
            text += columns[index].isNumber ? space + cell : cell + space
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
