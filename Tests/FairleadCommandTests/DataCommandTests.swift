import FairleadModel
import Foundation
import Testing

@testable import fairlead

/// `fairlead data` in processes of its own, over files made for the test.
struct DataCommandTests {
    private static let lines = [
        #"1700000000.1: {"stream":"x","data":{"e":"bookTicker","u":7,"s":"ABCUSDT","b":"10.0","B":"1","a":"10.1","#
            + #""A":"2","T":1700000000050}}"#,
        #"https://v.test/fapi/v1/depth?symbol=ABCUSDT -> 1700000000.2: {"lastUpdateId":7,"bids":[["10","1"]],"#
            + #""asks":[["10.1","2"]]}"#,
        #"1700000000.3: {"stream":"x","data":{"e":"depthUpdate","T":1,"s":"ABCUSDT","U":6,"u":9,"pu":5,"b":[],"#
            + #""a":[["10.2","4"]]}}"#,
        #"1700000030.4: {"stream":"x","data":{"e":"trade","T":1,"s":"ABCUSDT","p":"10.1","q":"1","m":false}}"#,
        #"1700000061.5: {"stream":"x","data":{"e":"trade","T":1,"s":"ABCUSDT","p":"10.2","q":"3","m":true}}"#,
        "nonsense",
    ]

    private func file(_ process: CommandProcess) throws -> String {
        let path = process.path("abc.txt")
        try Data((Self.lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Goal: what a file holds is told, whatever it is made of. Method: lines with every kind and a bad one, and the
    /// tape file that they are imported to, whose symbols read the same.
    @Test func inspectsAndImports() throws {
        let process = try CommandProcess()
        let path = try file(process)
        let found = try process.run("data", "inspect", path, "--json")
        #expect(found.status == 0 && found.errors.contains("line 6, column 1"))
        let value = try process.json(found.output)
        #expect(value["files"]?[0]?["malformed"]?.integer == 1)
        let symbol = try #require(value["symbols"]?[0])
        #expect(symbol["symbol"]?.string == "ABCUSDT" && symbol["trades"]?.integer == 2)
        #expect(symbol["silences"]?.integer == 2 && symbol["book"]?["state"]?.string == "synchronized")
        #expect(symbol["book"]?["quotes_compared"]?.integer == 1)
        #expect(symbol["book"]?["quotes_disagreeing"]?.integer == 0)
        let out = process.path("abc.fltape")
        #expect(try process.run("data", "import", path, "--out", out).status == 0)
        #expect(try process.run("data", "import", path, "--out", out).status == 1)
        let again = try process.json(try process.run("data", "inspect", out, "--json").output)
        #expect(again["symbols"] == value["symbols"])
        #expect(again["files"]?[0]?["format"]?.string == "fairlead_tape")
        let screen = try process.run("data", "inspect", out)
        #expect(screen.status == 0 && screen.output.contains("ABCUSDT") && screen.output.contains("fairlead_tape"))
    }

    /// Goal: a list of symbols that names none is refused. Method: the two ways to write one.
    @Test(arguments: ["", ","]) func symbolsThatNameNothing(_ symbols: String) throws {
        let process = try CommandProcess()
        let words = ["signal", "generate", "--config", process.path("config"), "--symbols", symbols]
        let found = try process.run(words: words)
        #expect(found.status == 2 && found.errors.contains("--symbols names nothing"), "\(found)")
    }

    /// Goal: records come out as lines, and as bars. Method: JSON lines, CSV, one kind alone, and bars of a minute.
    @Test func exports() throws {
        let process = try CommandProcess()
        let path = try file(process)
        let lines = try process.run("data", "export", path, "--quiet").output.split(separator: "\n")
        #expect(lines.count == 5)
        let depth = try process.json(String(lines[2]))
        #expect(depth["kind"]?.string == "depth" && depth["asks"]?[0]?[0]?.string == "10.2")
        #expect(depth["first_id"]?.integer == 6 && depth["previous_id"]?.integer == 5)
        let table = try process.run("data", "export", path, "--format", "csv", "--only", "trades")
        let rows = table.output.split(separator: "\n")
        #expect(rows.count == 3 && rows[0].hasPrefix("ts_ns,kind,symbol"))
        #expect(rows[1] == "1700000030400000000,trade,ABCUSDT,1000000,,buy,10.1,1,,,,,,,,,,")
        let out = process.path("bars.jsonl")
        #expect(try process.run("data", "export", path, "--bars", "60", "--out", out).status == 0)
        let bars = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
        #expect(try bars.map { try process.json(String($0))["close"]?.string } == ["10.1"])
        #expect(try process.run("data", "export", path, "--only", "candles").status == 2)
        #expect(try process.run("data", "export", path, "--format", "xml").status == 2)
    }

    /// Goal: the same seed gives the same bytes, and a backtest plays them. Method: two files of one seed and one of
    /// another, and a backtest over the first.
    @Test func generates() throws {
        let process = try CommandProcess()
        let config = process.path("config")
        var files: [Data] = []
        for (name, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
            let out = process.path(name + ".fltape")
            let words = ["data", "generate", "--seed", seed, "--minutes", "5", "--out", out, "--config", config]
            #expect(
                try process.run(
                    words[0],
                    words[1],
                    words[2],
                    words[3],
                    words[4],
                    words[5],
                    words[6],
                    words[7],
                    words[8],
                    words[9]
                ).status == 0
            )
            files.append(try Data(contentsOf: URL(fileURLWithPath: out)))
        }
        #expect(files[0] == files[1] && files[0] != files[2])
        let played = try process.run(
            "backtest",
            "--config",
            config,
            "--data",
            process.path("a.fltape"),
            "--out",
            process.path("out"),
            "--json"
        )
        #expect(played.status == 0, "\(played.errors)")
        #expect((try process.json(played.output)["market_events"]?.integer ?? 0) > 1000)
    }

    /// Goal: a file that can't be used ends with 65 and says where. Method: no file, a cut tape file, and a file of
    /// nonsense.
    @Test func refusesWhatCannotBeRead() throws {
        let process = try CommandProcess()
        #expect(try process.run("data", "inspect", process.path("none")).status == 65)
        let path = try file(process)
        let out = process.path("abc.fltape")
        #expect(try process.run("data", "import", path, "--out", out).status == 0)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: out))
        try bytes.dropLast(10).write(to: URL(fileURLWithPath: out))
        let cut = try process.run("data", "inspect", out)
        #expect(cut.status == 65 && cut.errors.contains("abc.fltape: block") && cut.errors.contains("cut off"))
        try Data("a\nb\n".utf8).write(to: URL(fileURLWithPath: path))
        let nonsense = try process.run("data", "inspect", path)
        #expect(nonsense.status == 65 && nonsense.errors.contains("abc.txt: 2 lines"))
    }
}
