/// What a terminal shows after the bytes that were written to it: the few controls that `fairlead top` uses, and a
/// complaint about every other.
struct TestScreen {
    private(set) var columns: Int
    private(set) var rows: Int
    private var cells: [[Character]]
    private var row = 0
    private var column = 0
    /// Bytes of a control whose end has not come yet.
    private var pending: [UInt8] = []
    private(set) var isAlternate = false
    private(set) var isCursorHidden = false
    private(set) var hasWrapping = true
    /// Colours and the like that were asked for; not the one that ends them.
    private(set) var inks: Set<String> = []
    /// What a terminal of this size would not show as it was meant.
    private(set) var complaints: [String] = []
    /// The size is new, and what comes may still be meant for the old one: until the screen is cleared.
    private var isAwaitingClear = false

    init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (columns, rows)
        cells = Self.blank(columns, rows)
    }

    private static func blank(_ columns: Int, _ rows: Int) -> [[Character]] {
        Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// Another size: what stood there is forgotten, since no terminal promises where it goes.
    mutating func resize(columns: Int, rows: Int) {
        (self.columns, self.rows, row, column) = (columns, rows, 0, 0)
        cells = Self.blank(columns, rows)
        (complaints, isAwaitingClear) = ([], true)
    }

    /// Each row without its trailing blanks.
    var lines: [String] {
        cells.map { row in
            var line = String(row)
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    var text: String { lines.joined(separator: "\n") }

    mutating func write(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { take(byte) }
    }

    private mutating func take(_ byte: UInt8) {
        if !pending.isEmpty {
            pending.append(byte)
            if pending.count == 2 {
                if byte != UInt8(ascii: "[") { complain("ESC \(byte)") }
            } else if (0x40...0x7E).contains(byte) {
                obey(String(decoding: pending.dropFirst(2), as: UTF8.self))
                pending = []
            }
            return
        }
        switch byte {
        case 0x1B: pending = [byte]
        case 0x0D: column = 0
        case 0x0A:
            if row == rows - 1 { complaints.append("scrolls") } else { row += 1 }
        case 0x20...0x7E: put(Character(UnicodeScalar(byte)))
        default: complaints.append("byte \(byte)")
        }
    }

    private mutating func complain(_ what: String) {
        complaints.append(what)
        pending = []
    }

    private mutating func put(_ character: Character) {
        guard column < columns else {
            complaints.append("\(character) is right of the last column in row \(row + 1)")
            return
        }
        cells[row][column] = character
        column += 1
    }

    /// A control sequence without its introducer.
    private mutating func obey(_ control: String) {
        let numbers = control.dropLast().split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
        switch control.last {
        case "H":
            let place = (numbers.first ?? 1) ?? 1
            if place > rows { complaints.append("row \(place) of \(rows)") }
            row = min(rows, max(1, place)) - 1
            column = min(columns, max(1, (numbers.count > 1 ? numbers[1] : 1) ?? 1)) - 1
        case "J" where control == "2J":
            cells = Self.blank(columns, rows)
            if isAwaitingClear { (complaints, isAwaitingClear) = ([], false) }
        case "K" where control == "2K": cells[row] = Array(repeating: " ", count: columns)
        case "m": if control != "0m" { inks.insert(control) }
        case "h", "l": switchMode(String(control.dropLast()), control.last == "h")
        default: complaints.append("control \(control)")
        }
    }

    private mutating func switchMode(_ mode: String, _ isOn: Bool) {
        switch mode {
        case "?1049": isAlternate = isOn
        case "?25": isCursorHidden = !isOn
        case "?7": hasWrapping = isOn
        case "?2026": break
        default: complaints.append("mode \(mode)")
        }
    }
}
