import FairleadModel
import Testing

@testable import FairleadReport

/// Settings with several values, the runs that they make, and the table of those.
@Suite struct GridTests {
    /// Goal: one value, a list, a range, and both together are read in their order, exactly.
    /// Method: texts and the values expected of them.
    @Test(arguments: [
        ("a.b=1", ["1"]), ("a.b=1,2.50,x", ["1", "2.50", "x"]), ("a.b=0..1:0.25", ["0", "0.25", "0.5", "0.75", "1"]),
        ("a.b=1..2:0.4", ["1", "1.4", "1.8"]), ("a.b=-1..1:1", ["-1", "0", "1"]), ("a.b=7,1..2:1", ["7", "1", "2"]),
        ("a.b=0.00000001..0.00000002:0.00000001", ["0.00000001", "0.00000002"]), ("a.b=x=y", ["x=y"]),
    ])
    func valuesAreRead(_ text: String, _ values: [String]) throws {
        let axis = try SettingAxis(text)
        #expect(axis.key == "a.b")
        #expect(axis.values == values)
    }

    /// Goal: what is no setting is refused by its key and reason.
    /// Method: one text an error, and the sentence of each.
    @Test(arguments: [
        ("a", "a needs a value: KEY=VALUE"), ("=1", "=1 needs a key before the ="),
        ("a=", "a has an empty value between two commas"), ("a=1,,2", "a has an empty value between two commas"),
        ("a=1,1", "a has the value 1 twice"), ("a=1..2", "a: 1..2 is a range without a step: FROM..TO:STEP"),
        ("a=1..2:0", "a: 1..2:0 must have a step over 0"), ("a=2..1:1", "a: 2..1:1 ends before it begins"),
        ("a=1..x:1", "a: 1..x:1 is no range: \"x\" is not a plain decimal number (digits, one point, a leading minus)"),
        ("a=0..90000000000:0.00000001", "a has 9000000000000000001 values; at most 1000 are run"),
        ("a=0..1:0.0001", "a has 10001 values; at most 1000 are run"),
    ])
    func whatIsNoSettingIsRefused(_ text: String, _ reason: String) {
        do throws(SettingError) {
            _ = try SettingAxis(text)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.description == reason)
        }
    }

    /// Goal: a key that is a list takes its commas itself.
    /// Method: the same text with and without the key being one.
    @Test func listsTakeTheirCommas() throws {
        #expect(try SettingAxis("universe=A,B", isList: { $0 == "universe" }).values == ["A,B"])
        #expect(try SettingAxis("universe=A,B").values == ["A", "B"])
    }

    /// Goal: a grid is every combination once, the last key changing first, and is bounded.
    /// Method: two by three by one; a key twice; a product over the limit, and one over what a number holds.
    @Test func gridsAreEveryCombination() throws {
        let axes = try [SettingAxis("a=1,2"), SettingAxis("b=x,y,z"), SettingAxis("c=9")]
        let grid = try SettingGrid(axes)
        #expect(grid.isGrid)
        let runs = (0..<grid.runCount).map { grid.values(of: $0).joined() }
        #expect(runs == ["1x9", "1y9", "1z9", "2x9", "2y9", "2z9"])
        #expect(grid.varied.map(\.key) == ["a", "b"])
        #expect(try SettingGrid([]).runCount == 1)
        #expect(try !SettingGrid([SettingAxis("a=1")]).isGrid)
        #expect(throws: SettingError.repeatedKey("a")) { try SettingGrid([SettingAxis("a=1"), SettingAxis("a=2")]) }
        let wide = try (0..<7).map { try SettingAxis("k\($0)=1..1000:1") }
        #expect(throws: SettingError.tooMany(what: "the grid", count: 1_000_000, limit: 1000)) {
            try SettingGrid(Array(wide[..<2]))
        }
        #expect(throws: SettingError.tooMany(what: "the grid", count: UInt64.max, limit: 1000)) {
            try SettingGrid(wide)
        }
    }

    private static func run(_ number: Int, _ value: String, _ cost: String?, _ ratio: String = "0.5") -> GridRun {
        let summary: JSONValue = [
            "net_cost_bps": cost.map { .number($0) } ?? .null, "fill_ratio": .number(ratio), "pnl": "-1.5",
            "acknowledgements": ["accepted": 3, "vetoed": 1], "state_hash": "ab",
        ]
        return GridRun(number: number, values: [value], place: "runs/\(number)", outcome: .finished(summary))
    }

    /// Goal: the best run comes first by any column; runs without the number come later and failed ones last.
    /// Method: five runs sorted by a cost and by a share.
    @Test func theBestComesFirst() throws {
        let grid = try SettingGrid([SettingAxis("a=1,2,3,4,5")])
        let failed = GridRun(number: 1, values: ["1"], place: "runs/1", outcome: .failed("exit 1: fairlead: no"))
        let runs = [
            failed, Self.run(2, "2", "3.5", "0.9"), Self.run(3, "3", nil, "0.7"), Self.run(4, "4", "-0.25", "0.9"),
            Self.run(5, "5", "12", "0.1"),
        ]
        func order(_ column: String) throws -> [Int] {
            let column = try #require(GridColumn.named(column))
            return GridTable(grid, runs.reversed(), sortedBy: column).runs.map(\.number)
        }
        #expect(try order("net_cost_bps") == [4, 2, 5, 3, 1])
        #expect(try order("fill_ratio") == [2, 4, 3, 5, 1])
        #expect(try order("accepted") == [2, 3, 4, 5, 1])
        #expect(GridColumn.named("netcost") == nil)
    }

    /// Goal: CSV, JSON and page carry settings and figures of all runs, and nothing in them breaks out of its cell.
    /// Method: a hostile value and failure; the bytes of a CSV line, the JSON's fields, the page as XML.
    @Test func tablesHoldEveryRun() throws {
        let hostile = "<script>alert(1)</script>"
        let grid = try SettingGrid([SettingAxis("a=\(hostile),2"), SettingAxis("b=-1")])
        let runs = [
            GridRun(number: 1, values: [hostile, "-1"], place: "runs/1", outcome: .failed("exit 1: =2+\"3\",\nx")),
            GridRun(number: 2, values: ["2", "-1"], place: "runs/2", outcome: Self.run(2, "2", "3.5").outcome),
        ]
        let table = GridTable(grid, runs, sortedBy: GridColumn.all[0])
        let lines = table.csv.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("run,a,b,net_cost_bps,"))
        #expect(lines[1].hasPrefix("2,2,-1,3.5,"))
        #expect(lines[1].hasSuffix(",,-1.5,,,ab,runs/2,"))
        #expect(table.csv.contains("1,\(hostile),-1,"))
        #expect(table.csv.hasSuffix("runs/1,\"exit 1: =2+\"\"3\"\",\nx\"\n"))
        #expect(GridTable.cell("=1+1") == "'=1+1")
        #expect(table.json["runs"]?[1]?["settings"]?["a"]?.string == hostile)
        #expect(table.json["runs"]?[0]?["summary"]?["pnl"]?.string == "-1.5")
        let page = table.page(version: "1", tapes: ["tape<b>"])
        try WellFormed.check(page)
        #expect(!page.contains("<script"))
        #expect(page.contains("href=\"runs/2/report.html\""))
        let twins = try SettingGrid([SettingAxis("x.a=1,2"), SettingAxis("y.a=1,2"), SettingAxis("y.b=1,2")])
        #expect(GridTable(twins, [], sortedBy: GridColumn.all[0]).screen.titles[1...3].map(\.0) == ["x.a", "y.a", "b"])
        let (titles, rows) = table.screen
        #expect(titles.prefix(3).map(\.0) == ["RUN", "a", "NET BPS"])
        #expect(rows == [["2", "2", "3.500"] + rows[0].dropFirst(3), ["1", hostile, "failed"]])
    }
}
