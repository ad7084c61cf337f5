import FairleadModel
import Foundation
import Testing

/// Orders to an engine that stands still, and to one that doesn't run, as a person types them.
@Suite(.serialized)
struct StandstillProcessTests {
    private static func place(_ bench: CommandProcess) -> [String] {
        ["--home", bench.path("a"), "--config", bench.path("config")]
    }

    /// Goal: an engine that stands still keeps no reader waiting, its journal answers where it can, and an order that
    /// it takes up later is not told as refused. Method: stop the process, look and order, and let it go on.
    @Test func aStandingEngineIsTold() throws {
        let bench = try CommandProcess()
        let place = Self.place(bench)
        let engine = try bench.start(["run"] + place)
        #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
        kill(engine.processIdentifier, SIGSTOP)
        for reader in ["status", "health"] {
            let found = try bench.run(words: [reader] + place)
            #expect(found.status == 69, "\(reader): \(found.errors)")
            #expect(found.errors.contains("no answer within 2000 ms; look: "), "\(found.errors)")
        }
        for reader in ["positions", "orders"] {
            let found = try bench.run(words: [reader, "--json"] + place)
            #expect(found.status == 0, "\(reader): \(found.errors)")
            #expect(try bench.json(found.output)[reader]?.array != nil)
            #expect(found.errors.contains("no answer within 2000 ms"), "\(found.errors)")
            #expect(found.errors.contains("this is what the journal says"), "\(found.errors)")
        }
        let halt = try bench.run(words: ["halt"] + place)
        #expect(halt.status == 69)
        #expect(halt.errors.contains("sent; no answer within 10000 ms: it may still be done. Look: "), "\(halt.errors)")
        kill(engine.processIdentifier, SIGCONT)
        #expect(try bench.waitUntil { try bench.status("a")["trading_state"]?.string == "halted" })
        bench.end(engine, SIGINT)
    }

    /// Goal: what is engaged while no engine runs is in force before the next start sends anything, and is the
    /// journal's own from then on; `resume` takes back what still waits. Method: orders beside a stopped home, a start
    /// with an entry, another start; a home that isn't there.
    @Test func ordersWaitForTheStart() throws {
        let bench = try CommandProcess()
        let place = Self.place(bench)
        let file = bench.path("a/engage-at-start")
        func ask(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
            try bench.run(words: words + place)
        }
        func start(_ words: [String] = []) throws -> Process {
            let engine = try bench.start(["run"] + place + words)
            #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
            return engine
        }
        #expect(try ask("kill").status == 69)
        bench.end(try start(), SIGINT)

        let halt = try ask("halt", "--frozen")
        #expect(halt.status == 0, "\(halt.errors)")
        #expect(halt.output.hasPrefix("PAPER no engine runs: halt, frozen waits for the next start, which obeys"))
        #expect(halt.errors.contains("resume --config \(bench.path("config")) --home \(bench.path("a")) takes it back"))
        let kill = try bench.json(try ask("kill", "--json").output)
        #expect(kill["engaged_at_start"] == ["kill", "halt", "frozen"])
        #expect(try ask("status").errors.contains("; kill, halt, frozen waits for the next start; start one: "))
        #expect(try ask("resume", "--no-input").status == 1)
        #expect(FileManager.default.fileExists(atPath: file))

        let signal =
            #"{"schema":"fairlead.signal.v1","signal_id":"w-1","symbol":"BTCUSDT","side":"BUY","#
            + #""size":{"notional":"300"},"execution":{"style":"taker"}}"# + "\n"
        try Data(signal.utf8).write(to: URL(fileURLWithPath: bench.path("signals")))
        var engine = try start(["--signals", bench.path("signals")])
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(try bench.waitUntil { try ask("why", "w-1").output.contains("vetoed") })
        let status = try bench.status("a")
        #expect(status["trading_state"]?.string == "killed")
        #expect(status["is_frozen"]?.bool == true)
        #expect(status["counters"]?["sends"]?.integer == 0)
        let log = try String(contentsOfFile: bench.path("a/logs/fairlead.log"), encoding: .utf8)
        #expect(log.contains("ordered while no engine ran, in force: kill, halt, frozen"))
        bench.end(engine, SIGKILL)
        engine = try start()
        #expect(try bench.status("a")["trading_state"]?.string == "killed")
        #expect(try ask("resume", "--yes").status == 0)
        bench.end(engine, SIGINT)

        #expect(try ask("stop-entries").status == 0)
        let back = try ask("resume", "--yes")
        #expect(back.status == 0)
        #expect(back.output.hasPrefix("PAPER taken back: stop-entries; the next start goes on"), "\(back.output)")
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(try ask("resume", "--yes").status == 69)
        engine = try start()
        #expect(try bench.status("a")["trading_state"]?.string == "active")
        bench.end(engine, SIGINT)

        // What can't be understood was an order to hold something back.
        try Data("hlat\n".utf8).write(to: URL(fileURLWithPath: file))
        engine = try start()
        #expect(try bench.status("a")["trading_state"]?.string == "killed")
        bench.end(engine, SIGINT)
    }

    /// Goal: two keys that contradict each other never start, a venue's ledger that isn't there says what makes one, a
    /// damaged snapshot what makes it anew. Method: each with its command; the exit codes.
    @Test func whatIsMissingSaysWhatMakesIt() throws {
        let bench = try CommandProcess()
        let place = Self.place(bench)
        let ledger = try bench.run(words: ["venue", "ledger"] + place)
        #expect(ledger.status == 69)
        let next = "venue paper --socket PATH --config \(bench.path("config"))"
        #expect(ledger.errors.contains(next), "\(ledger.errors)")
        let state = bench.path("a/logs/state")
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        try Data("{".utf8).write(to: URL(fileURLWithPath: state + "/risk_snapshot.json"))
        let risk = try bench.run(words: ["risk", "show"] + place)
        #expect(risk.status == 65)
        #expect(risk.errors.contains("state validate --config \(bench.path("config"))"), "\(risk.errors)")
        try bench.configure("runtime", [("\"connection\": \"embedded\"", "\"connection\": \"socket\"")])
        for words in [["run"] + place, ["config", "validate"] + place] {
            let found = try bench.run(words: words)
            #expect(found.status == 78)
            let text = found.errors + found.output
            #expect(text.contains("paper.connection: may be socket only while market.source is venue"), "\(text)")
        }
    }
}
