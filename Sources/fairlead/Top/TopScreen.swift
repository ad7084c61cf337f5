import FairleadModel

/// Draws a model: lines for a screen of a given size, no line wider and never more of them. It does no I/O.
///
/// From the top: what it is and how it stands, what is wrong with what to type, what is at risk (positions, orders),
/// how well it executes, and what happened last. Where rows are few, each part keeps its gravest rows and says how many
/// more there are.
struct TopScreen {
    /// What stands in the last row.
    enum Footer: Hashable, Sendable {
        /// Nothing: a screen that is printed once.
        case none
        case keys
        case question(TopAction)
        case said(String, isGood: Bool)
    }

    /// Rows of a screen that is printed, and never ends early.
    static let endless = 100_000
    /// From here on there are blank lines between the parts.
    private static let roomyRows = 36

    let size: ScreenSize
    let now: Timestamp
    var footer = Footer.none

    /// The screen's lines; with a footer as many as it has rows, so that the footer is at the bottom.
    func lines(_ model: TopModel) -> [ScreenLine] {
        if size.rows <= 0 || size.columns <= 0 { return [] }
        let last = footerLine(model)
        let rows = size.rows - (last == nil ? 0 : 1)
        var lines = Array(body(model, rows).prefix(rows)).map { $0.cut(to: size.columns) }
        if let last {
            while lines.count < rows { lines.append(ScreenLine()) }
            lines.append(last.cut(to: size.columns))
        }
        return lines
    }

    private func body(_ model: TopModel, _ rows: Int) -> [ScreenLine] {
        let head = heading(model)
        let parts = parts(model)
        let blanks = rows >= Self.roomyRows && rows < Self.endless ? parts.count : 0
        let room = rows - head.count - blanks
        let shares = Self.share(room, among: parts.map { (least: $0.least, wanted: $0.wanted) })
        var lines = head
        for (part, share) in zip(parts, shares) where share > 0 {
            if blanks > 0 || rows >= Self.endless { lines.append(ScreenLine()) }
            lines += part.draw(share).prefix(share)
        }
        return lines
    }

    /// A part of the screen that can be drawn in fewer rows than it would like.
    struct Part {
        /// Title and the rows that it gives up last.
        var least: Int
        var wanted: Int
        /// Draws it in at most so many rows.
        var draw: (Int) -> [ScreenLine]
    }

    /// Rows for each part: first what each needs least, from the first part on; then a row at a time to those that want
    /// more.
    static func share(_ room: Int, among parts: [(least: Int, wanted: Int)]) -> [Int] {
        var left = max(0, room)
        var shares = [Int](repeating: 0, count: parts.count)
        for (index, part) in parts.enumerated() {
            shares[index] = min(part.least, part.wanted, left)
            left -= shares[index]
        }
        while left > 0 {
            var hasGrown = false
            for (index, part) in parts.enumerated() where shares[index] < part.wanted && left > 0 {
                shares[index] += 1
                left -= 1
                hasGrown = true
            }
            if !hasGrown { break }
        }
        return shares
    }

    private func parts(_ model: TopModel) -> [Part] {
        var parts = [attention(model), positions(model), orders(model)]
        if isWide {
            parts.append(Self.beside([routerPanel(model, routerWidth), vetoPanel(model), livenessPanel(model)]))
        } else {
            parts.append(Self.beside([routerPanel(model, routerWidth), vetoPanel(model)]))
            parts.append(livenessLine(model))
        }
        parts.append(events(model))
        return parts
    }

    // MARK: - The band of panels

    /// Enough columns for three panels side by side.
    private var isWide: Bool { size.columns >= 110 }
    static let livenessWidth = 26
    /// All of its columns; wider would only part it from its neighbour.
    private static let routerLimit = 92
    private static let panelGap = 3

    private var routerWidth: Int {
        let others = vetoWidth + Self.panelGap + (isWide ? Self.livenessWidth + Self.panelGap : 0)
        return max(10, min(Self.routerLimit, size.columns - others))
    }

    var vetoWidth: Int { isWide ? 38 : 30 }

    /// Panels that share their rows.
    private static func beside(_ panels: [Panel]) -> Part {
        let wanted = panels.map(\.wanted).max() ?? 0
        return Part(least: min(4, wanted), wanted: wanted) { rows in
            let columns = panels.map { Array($0.draw(rows).prefix(rows)) }
            return (0..<(columns.map(\.count).max() ?? 0)).map { row in
                var line = ScreenLine()
                var start = 0
                for (panel, lines) in zip(panels, columns) {
                    if lines.indices.contains(row) {
                        line.pad(to: start)
                        line.add(lines[row].cut(to: panel.width))
                    }
                    start += panel.width + panelGap
                }
                return line
            }
        }
    }

    /// A part that is narrower than the screen.
    struct Panel {
        var width: Int
        var wanted: Int
        var draw: (Int) -> [ScreenLine]
    }
}

/// What a person may do from the screen: by the control words of the commands of the same names.
enum TopAction: Hashable, Sendable, CaseIterable {
    case halt
    case stopEntries

    var name: String {
        switch self {
        case .halt: "halt"
        case .stopEntries: "stop-entries"
        }
    }

    var key: Character {
        switch self {
        case .halt: "h"
        case .stopEntries: "s"
        }
    }

    /// What it does, for who is asked to confirm it.
    var effect: String {
        switch self {
        case .halt: "nothing new leaves, working entries are cancelled"
        case .stopEntries: "no new entries leave, working orders stay"
        }
    }
}
