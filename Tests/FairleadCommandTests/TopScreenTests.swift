import FairleadModel
import Foundation
import Testing

@testable import fairlead

/// What `fairlead top` draws.
struct TopScreenTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")
    private static let samples = [
        "calm": TopSample.calm, "incident": TopSample.incident, "stopped": TopSample.stopped,
        "nothing": TopModel(time: TopSample.now),
    ]

    private static func draw(
        _ model: TopModel,
        _ columns: Int,
        _ rows: Int,
        _ footer: TopScreen.Footer = .keys
    ) -> [ScreenLine] {
        let size = ScreenSize(columns: columns, rows: rows)
        return TopScreen(size: size, now: TopSample.now, footer: footer).lines(model)
    }

    private static func text(_ lines: [ScreenLine]) -> String {
        lines.map { $0.text(isColored: false) + "\n" }.joined()
    }

    /// Goal: the screens change only on purpose, and are looked at by people.
    /// Method: each sample at three sizes and printed, compared with files; `FAIRLEAD_GOLDEN=write` writes them anew.
    @Test(arguments: ["calm", "incident", "stopped"], [(80, 24), (120, 40), (200, 60)])
    func screensAreGolden(_ name: String, _ size: (columns: Int, rows: Int)) throws {
        let model = try #require(Self.samples[name])
        let text = Self.text(Self.draw(model, size.columns, size.rows))
        let file = Self.golden.appendingPathComponent("top-\(name)-\(size.columns)x\(size.rows).txt")
        if ProcessInfo.processInfo.environment["FAIRLEAD_GOLDEN"] == "write" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    /// Goal: no line is wider than the screen and there are never more of them than rows, however small it is; the
    /// footer is in the last row. Method: every sample at some hundred sizes, those where the layout changes too.
    @Test func everythingStaysOnTheScreen() {
        let footers: [TopScreen.Footer] = [.keys, .question(.halt), .said("halted: 0 sends", isGood: true)]
        for (name, model) in Self.samples {
            for columns in [0, 1, 2, 5, 10, 20, 40, 60, 79, 80, 81, 100, 109, 110, 111, 130, 200] {
                for rows in [0, 1, 2, 3, 5, 8, 12, 16, 20, 22, 23, 24, 25, 30, 35, 36, 37, 38, 45, 60] {
                    let lines = Self.draw(model, columns, rows, footers[(columns + rows) % 3])
                    let size = "\(name) at \(columns)x\(rows)"
                    #expect(lines.count == (columns == 0 ? 0 : rows), "\(size)")
                    #expect(lines.allSatisfy { $0.width <= columns }, "\(size)")
                    guard let last = lines.last?.text(isColored: false), columns >= 80 else { continue }
                    #expect(["h halt", "halt? ", "halted"].contains { last.hasPrefix($0) }, "\(size)")
                }
            }
        }
    }

    /// Goal: from 80x24 on nothing that matters is missing: every part has its title, what is wrong comes first with
    /// what to type in full, and what has no room is counted. Method: the incident, looked through.
    @Test(arguments: [(80, 24), (100, 30), (120, 40), (200, 60)])
    func whatMattersIsThere(_ size: (columns: Int, rows: Int)) throws {
        let text = Self.text(Self.draw(TopSample.incident, size.columns, size.rows))
        let titles = ["PAPER", "NAV", "POSITIONS", "ORDERS", "ROUTER", "VETOES", "LIVENESS", "EVENTS"]
        var places: [String.Index] = []
        for title in titles { places.append(try #require(text.range(of: title), "\(title)").lowerBound) }
        #expect(places == places.sorted())
        #expect(text.contains("HALTED (reject_storm)  venue NOT RECONCILED"))
        #expect(text.contains("-> fairlead resume --home run"))
        #expect(text.contains("12 WITHOUT STOP"))
        #expect(text.contains("unknown 2"))
        #expect(text.contains("NEVER"))
        #expect(text.contains(size.columns < 110 ? "IDLE signals 2h01m" : "IDLE 2h01m"))
        #expect(text.contains("7.12% PANIC"))
        #expect(text.contains("risk DEFENSIVE"))
        let lines = text.split(separator: "\n").map(String.init)
        let title = try #require(lines.first { $0.hasPrefix("POSITIONS") })
        let shown = lines.count { $0.contains(" long ") || $0.contains(" short ") }
        #expect(shown > 0)
        #expect(title.hasPrefix("POSITIONS 14" + (shown < 14 ? "  +\(14 - shown) more" : "  TP/SL")), "\(title)")
    }

    /// Goal: what is to be typed is never cut: it goes on in the next line as a shell reads it, and quotes stay whole.
    /// Method: a long command at a small size, put together again.
    @Test func commandsAreWhole() {
        let next = "/a/long/path/to/the/program/fairlead positions --config 'my own config' --home /a/home/that/is/long"
        var model = TopSample.calm
        model.attention = [.init(what: "1 of 2 positions without a stop-loss", next: next)]
        let lines = Self.draw(model, 80, 24).map { $0.text(isColored: false) }
        #expect(lines[2] == "! 1 of 2 positions without a stop-loss")
        #expect(lines[3].hasPrefix("    -> /a/long") && lines[3].hasSuffix(" \\"))
        let typed = lines[3].dropFirst(7).dropLast(1) + lines[4].dropFirst(7)
        #expect(typed == next)
        #expect(TopScreen.words("a 'b c'  d") == ["a", "'b c'", "d"])
    }

    /// Goal: those in danger are not the ones that are cut off.
    /// Method: the order of what is shown of many at the smallest size.
    @Test func theGravestComeFirst() throws {
        let lines = Self.draw(TopSample.incident, 80, 24).map { $0.text(isColored: false) }
        let positions = try #require(lines.firstIndex { $0.hasPrefix("POSITIONS") })
        #expect(lines[positions + 2].contains("NONE"))
        let orders = try #require(lines.firstIndex { $0.hasPrefix("ORDERS") })
        #expect(lines[orders + 2].contains("UNKNOWN"))
    }

    /// Goal: what is old is never shown as live.
    /// Method: no engine; a live one whose files are old, with their titles; a picture that nobody has renewed.
    @Test func oldIsMarked() {
        let stopped = Self.text(Self.draw(TopSample.stopped, 80, 24))
        #expect(stopped.hasPrefix("PAPER  ENGINE NOT RUNNING  STALE: files of 4m12s ago"))
        #expect(stopped.contains("-> fairlead run --home run"))
        #expect(!stopped.contains("ACTIVE"))
        var old = TopSample.calm
        old.files = TopModel.Files(updated: TopSample.ago(61), isStale: true)
        let lines = Self.draw(old, 120, 40).map { $0.text(isColored: false) }
        #expect(lines.contains { $0.contains("score 0.78  STALE 1m01s") && $0.contains("31 of 500  STALE 1m01s") })
        #expect(lines.contains { $0.contains("LIVENESS  STALE 1m01s") })
        old = TopSample.calm
        old.time = TopSample.ago(9)
        #expect(Self.text(Self.draw(old, 80, 24)).contains("STALE 9s"))
        #expect(!Self.text(Self.draw(TopSample.calm, 80, 24)).contains("STALE"))
    }

    /// Goal: without colours not a single escape is written, and nothing is told by colour alone.
    /// Method: the incident in both ways; the texts are the same but for the escapes.
    @Test func coloursOnlyHelp() {
        let lines = Self.draw(TopSample.incident, 120, 40)
        let plain = lines.map { $0.text(isColored: false) }
        #expect(!plain.joined().contains("\u{1B}"))
        var screen = TestScreen(columns: 120, rows: 40)
        for (row, line) in lines.enumerated() {
            screen.write(Array("\u{1B}[\(row + 1);1H\(line.text(isColored: true))".utf8))
        }
        #expect(screen.lines == plain)
        #expect(!screen.inks.isEmpty)
        #expect(screen.complaints.isEmpty)
    }

    /// Goal: outside text can neither move the cursor nor be wider than counted.
    /// Method: a line of controls and of wide characters, cut and padded.
    @Test func outsideTextIsCells() {
        var line = ScreenLine("a\u{1B}[2Jb\u{9B}\u{6F22}\u{301}\n", .bad)
        #expect(line.width == 10)
        #expect(line.text(isColored: false) == "a?[2Jb????")
        #expect(line.cut(to: 4).text(isColored: false) == "a?[~")
        #expect(line.cut(to: 10).width == 10)
        #expect(line.cut(to: 0).width == 0)
        line.pad(to: 12)
        #expect(line.width == 12)
        #expect(line.text(isColored: true) == "\u{1B}[1;31ma?[2Jb????\u{1B}[0m  ")
    }

    /// Goal: a table gives up its least important columns first, and never those of rank 0.
    /// Method: the same table at four widths.
    @Test func tablesFitTheirWidth() {
        var table = ScreenTable([
            .init("NAME"), .init("N", isNumber: true, rank: 2), .init("M", isNumber: true, rank: 1),
        ])
        table.add([.init("alpha"), .init("1"), .init("22")])
        func text(_ width: Int) -> [String] { table.lines(width).map { $0.text(isColored: false) } }
        #expect(text(80) == ["NAME   N   M", "alpha  1  22"])
        #expect(text(11) == ["NAME    M", "alpha  22"])
        #expect(text(8) == ["NAME", "alpha"])
        #expect(text(3) == ["NA~", "al~"])
    }

    /// Goal: rows are shared so that each part has what it needs least, from the first part on.
    /// Method: too little room, just enough, and plenty.
    @Test func rowsAreShared() {
        let parts = [(least: 2, wanted: 10), (least: 3, wanted: 3), (least: 1, wanted: 4)]
        #expect(TopScreen.share(0, among: parts) == [0, 0, 0])
        #expect(TopScreen.share(4, among: parts) == [2, 2, 0])
        #expect(TopScreen.share(6, among: parts) == [2, 3, 1])
        #expect(TopScreen.share(9, among: parts) == [4, 3, 2])
        #expect(TopScreen.share(100, among: parts) == [10, 3, 4])
    }

    /// Goal: numbers read well, and none can trap. Method: values of all kinds.
    @Test func cellsReadWell() {
        #expect(TopScreen.number(-0.456, digits: 2) == "-0.46")
        #expect(TopScreen.number(12.3, digits: 0) == "12")
        #expect(TopScreen.number(.nan, digits: 2) == "-")
        #expect(TopScreen.number(1e300, digits: 2) == "-")
        #expect(TopScreen.money("-0.00208737") == "0.00")
        #expect(TopScreen.money("-7120.405") == "-7120.41")
        #expect(TopScreen.money(nil) == "-")
        #expect(TopScreen.percent(0.0712, digits: 2) == "7.12%")
        #expect(TopScreen.percent(nil, digits: 2) == "-")
        #expect(TopScreen.span(0.4) == "0s")
        #expect(TopScreen.span(185) == "3m05s")
        #expect(TopScreen.span(25_920) == "7h12m")
        #expect(TopScreen.span(187_200) == "2d4h")
        #expect(TopScreen.span(.infinity) == "?")
        #expect(TopScreen.age(TopSample.ago(-5), TopSample.now) == 0)
        #expect(TopScreen.shortened("already_in_trade", 8) == "already~")
    }

    /// Goal: `--size` takes sizes and nothing else. Method: texts of both kinds.
    @Test func sizesAreParsed() {
        #expect(ScreenSize(argument: "80x24") == ScreenSize(columns: 80, rows: 24))
        for text in ["", "80", "80x", "x24", "80x24x2", "0x24", "-1x24", "80x99999"] {
            #expect(ScreenSize(argument: text) == nil, "\(text)")
        }
    }
}
