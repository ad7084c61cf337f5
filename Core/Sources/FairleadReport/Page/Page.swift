/// The frame that all our pages share.
enum Page {
    static func text(
        title: String,
        isLive: Bool,
        heading: String,
        subtitle: String,
        footer: String = Page.footer,
        _ body: (inout Markup) -> Void
    ) -> String {
        var page = Markup()
        page.raw("<!doctype html>\n")
        page.element("html", [.of("lang", "en")]) { page in
            page.line()
            page.element("head") { page in
                page.empty("meta", [.of("charset", "utf-8")])
                page.empty(
                    "meta",
                    [.of("http-equiv", "Content-Security-Policy"), .of("content", PageStyle.policy)]
                )
                page.empty("meta", [.of("name", "viewport"), .of("content", "width=device-width,initial-scale=1")])
                page.empty("meta", [.of("name", "referrer"), .of("content", "no-referrer")])
                page.element("title", (isLive ? "LIVE " : "PAPER ") + title)
                page.line()
                page.element("style") { $0.raw("\n" + PageStyle.text) }
            }
            page.line()
            page.element("body") { page in
                page.element("header") { page in
                    page.element("span", [.kind(isLive ? "word live" : "word paper")], isLive ? "LIVE" : "PAPER")
                    page.element("h1", heading)
                    page.element("p", [.kind("note")], subtitle)
                }
                page.line()
                page.element("main") { body(&$0) }
                page.line()
                page.element("footer") { page in
                    page.element("p", footer)
                }
            }
        }
        page.line()
        return page.text
    }

    static let footer =
        "Fills were made by Fairlead's paper venue on recorded data: our orders move no market, and nobody answers "
        + "them. docs/BACKTEST.md says what is simulated, what is not, and how far to trust it."
}

/// A table of a page: headings, rows, numbers to the right, scrolled sideways where the screen is too narrow.
struct PageTable {
    struct Column {
        var title: String
        var kind: String
        static func text(_ title: String) -> Column { Column(title: title, kind: "") }
        static func number(_ title: String) -> Column { Column(title: title, kind: "n") }
        static func id(_ title: String) -> Column { Column(title: title, kind: "id") }
        static func word(_ title: String) -> Column { Column(title: title, kind: "keep") }
        static func bar(_ title: String) -> Column { Column(title: title, kind: "bar") }
    }

    enum Cell {
        case text(String)
        /// Coloured by its sign.
        case result(String, isGain: Bool, isLoss: Bool)
        /// A bar over a share of the column, 0 to 1.
        case bar(Double, kind: String)
        case link(String, to: String)
    }

    var columns: [Column]
    private(set) var rows: [(cells: [Cell], isSum: Bool)] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [Cell], isSum: Bool = false) {
        precondition(cells.count == columns.count, "Invariant: a row has a cell a column")
        rows.append((cells, isSum))
    }

    mutating func add(_ cells: [String], isSum: Bool = false) { add(cells.map { .text($0) }, isSum: isSum) }

    func put(into page: inout Markup) {
        page.element("div", [.kind("wide")]) { page in
            page.element("table") { page in
                page.element("thead") { page in
                    page.element("tr") { page in
                        for column in columns {
                            let kind = column.kind == "n" ? [Attribute.kind("n")] : []
                            page.element("th", kind + [.of("scope", "col")], column.title)
                        }
                    }
                }
                page.element("tbody") { page in
                    for row in rows { put(row.cells, row.isSum, into: &page) }
                }
            }
        }
        page.line()
    }

    private func put(_ cells: [Cell], _ isSum: Bool, into page: inout Markup) {
        page.element("tr", isSum ? [.kind("sum")] : []) { page in
            for (column, cell) in zip(columns, cells) {
                switch cell {
                case .text(let text): page.element("td", Self.kind(column.kind), text)
                case .result(let text, let isGain, let isLoss):
                    let colour = isGain ? " gain" : isLoss ? " loss" : ""
                    page.element("td", Self.kind(column.kind + colour), text)
                case .bar(let share, let kind):
                    page.element("td", Self.kind(column.kind)) { page in
                        let width = Plot.number(min(max(share, 0), 1) * 100)
                        page.element("i", [.kind(kind), .of("style", "width:\(width)%")], "")
                    }
                case .link(let text, let place):
                    page.element("td", Self.kind(column.kind)) { page in
                        page.element("a", [.of("href", place)], text)
                    }
                }
            }
        }
        page.line()
    }

    private static func kind(_ kind: String) -> [Attribute] { kind.isEmpty ? [] : [.kind(kind)] }
}
