import FairleadModel
import Foundation
import Testing

/// `fairlead venue paper` in a process of its own, with engines beside it.
@Suite(.serialized)
struct VenueProcessTests {
    /// One taker entry; the id is a new one at every call, so a vetoed one can be sent again.
    private static func signal(_ symbol: String, _ side: String) -> String {
        #"{"schema":"fairlead.signal.v1","signal_id":"\#(UUID().uuidString)","symbol":"\#(symbol)","#
            + #""side":"\#(side)","size":{"notional":"300"},"execution":{"style":"taker"}}"# + "\n"
    }

    /// Goal: `reconcile` never claims what the venue did not say: without an answer it ends with 69.
    /// Method: an engine at a venue that is then stopped, and the command.
    @Test func aSilentVenueIsNotReconciled() throws {
        let bench = try CommandProcess()
        try FileManager.default.copyItem(atPath: bench.path("config"), toPath: bench.path("venue-config"))
        let socket = bench.path("paper.sock")
        try bench.configure(
            "runtime",
            [
                ("\"connection\": \"embedded\"", "\"connection\": \"socket\""), ("\"paper.sock\"", "\"\(socket)\""),
                ("\"source\": \"synthetic\"", "\"source\": \"venue\""),
            ]
        )
        let venue = try bench.start([
            "venue", "paper", "--socket", socket, "--home", bench.path("venue"), "--config", bench.path("venue-config"),
        ])
        #expect(bench.waitUntil { FileManager.default.fileExists(atPath: socket) })
        let engine = try bench.start(["run", "--home", bench.path("a"), "--config", bench.path("config")])
        #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
        let place = ["--home", bench.path("a"), "--config", bench.path("config")]
        let well = try bench.run("reconcile", place[0], place[1], place[2], place[3])
        #expect(well.status == 0)
        #expect(well.output == "PAPER reconciled: no difference\n")
        kill(venue.processIdentifier, SIGSTOP)
        let silent = try bench.run("reconcile", place[0], place[1], place[2], place[3], "--json")
        #expect(silent.status == 69)
        #expect(try bench.json(silent.output)["is_reconciled"]?.bool == false)
        #expect(silent.errors.contains("not reconciled"))
        kill(venue.processIdentifier, SIGCONT)
        bench.end(engine, SIGINT)
    }

    /// Goal: the venue's ledger survives its death to the last digit, torn end included, and two engines with client
    /// numbers of their own share the account without hearing of each other's orders.
    /// Method: two engines, one on a journal that waits for the disk, one of them trades; kill it, then the venue;
    /// spoil the journal's end; the ledger before, from the spoiled file, and after another life must be equal.
    @Test func theLedgerSurvives() throws {
        let bench = try CommandProcess()
        try bench.configure("strategy_config", [("\"enabled\": true", "\"enabled\": false")])
        try bench.configure("risk_limits", [("\"pyramiding\": false", "\"pyramiding\": true")])
        try FileManager.default.copyItem(atPath: bench.path("config"), toPath: bench.path("venue-config"))
        let socket = bench.path("paper.sock")
        try bench.configure(
            "runtime",
            [
                ("\"connection\": \"embedded\"", "\"connection\": \"socket\""), ("\"paper.sock\"", "\"\(socket)\""),
                ("\"source\": \"synthetic\"", "\"source\": \"venue\""),
                ("\"durability\": \"process\"", "\"durability\": \"disk\""),
            ]
        )
        try FileManager.default.copyItem(atPath: bench.path("config"), toPath: bench.path("second"))
        try bench.configure("runtime", [("\"client\": 1", "\"client\": 2")], config: "second")
        let serve = [
            "venue", "paper", "--socket", socket, "--home", bench.path("venue"), "--config", bench.path("venue-config"),
        ]
        let venue = try bench.start(serve)
        #expect(bench.waitUntil { FileManager.default.fileExists(atPath: socket) })
        let trader = try bench.start(["run", "--home", bench.path("a"), "--config", bench.path("config")])
        let other = try bench.start(["run", "--home", bench.path("b"), "--config", bench.path("second")])
        for home in ["a", "b"] {
            #expect(try bench.waitUntil { try bench.status(home)["is_reconciled"]?.bool == true })
        }
        // Until a symbol's first quote has come, and in the market's silences, an entry is rightly vetoed.
        let place = ["--home", bench.path("a"), "--config", bench.path("config")]
        for (symbol, side) in [("BTCUSDT", "BUY"), ("ETHUSDT", "SELL"), ("SOLUSDT", "BUY")] {
            let isSent = try bench.waitUntil {
                let line = Self.signal(symbol, side)
                let sent = try bench.run("signal", "send", place[0], place[1], place[2], place[3], "-", input: line)
                return sent.status == 0
            }
            #expect(isSent, "\(symbol)")
        }
        #expect(
            try bench.waitUntil {
                let status = try bench.status("a")
                return status["open_positions"]?.integer == 3 && status["live_orders"]?.integer == 0
            }
        )
        let strange = try bench.status("b")["counters"]
        #expect(strange?["sends"]?.integer == 0)
        #expect(strange?["out_of_order"]?.integer == 0)
        #expect(strange?["rejects"]?.integer == 0)
        #expect(strange?["late_fills"]?.integer == 0)
        bench.end(trader, SIGKILL)
        bench.end(other, SIGKILL)
        bench.end(venue, SIGKILL)

        let ledger = ["venue", "ledger", "--home", bench.path("venue"), "--config", bench.path("venue-config")]
        let before = try bench.run(ledger[0], ledger[1], ledger[2], ledger[3], ledger[4], ledger[5])
        #expect(try bench.json(before.output)["executions"]?.array?.count ?? 0 >= 3)
        let journal = try FileHandle(forWritingTo: URL(fileURLWithPath: bench.path("venue/venue.journal")))
        try journal.seekToEnd()
        try journal.write(contentsOf: Data([60, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 1]))
        try journal.close()
        let again = try bench.start(serve)
        #expect(bench.waitUntil { FileManager.default.fileExists(atPath: socket) })
        Thread.sleep(forTimeInterval: 0.5)
        bench.end(again, SIGINT)
        #expect(again.terminationStatus == 0)
        let after = try bench.run(ledger[0], ledger[1], ledger[2], ledger[3], ledger[4], ledger[5])
        #expect(after.status == 0, "\(after.errors)")
        #expect(after.output == before.output)
    }

    /// Goal: two engines of one client number say so, and don't take the connection from each other without an end.
    /// Method: both at one venue for a while; the log of one of them and `status`.
    @Test func twoEnginesOfOneNumberAreTold() throws {
        let bench = try CommandProcess()
        try FileManager.default.copyItem(atPath: bench.path("config"), toPath: bench.path("venue-config"))
        let socket = bench.path("paper.sock")
        try bench.configure(
            "runtime",
            [
                ("\"connection\": \"embedded\"", "\"connection\": \"socket\""), ("\"paper.sock\"", "\"\(socket)\""),
                ("\"source\": \"synthetic\"", "\"source\": \"venue\""),
            ]
        )
        let venue = try bench.start([
            "venue", "paper", "--socket", socket, "--home", bench.path("venue"), "--config", bench.path("venue-config"),
        ])
        #expect(bench.waitUntil { FileManager.default.fileExists(atPath: socket) })
        let engines = try ["a", "b"].map { home in
            try bench.start(["run", "--home", bench.path(home), "--config", bench.path("config")])
        }
        func log(_ home: String) throws -> [Substring] {
            let path = bench.path("\(home)/logs/fairlead.log")
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        }
        let cause = "another engine connected there as client 1: each engine of a venue needs a paper.client of its own"
        #expect(try bench.waitUntil { try (log("a") + log("b")).filter { $0.contains(cause) }.count >= 2 })
        Thread.sleep(forTimeInterval: 5)
        for home in ["a", "b"] {
            let ends = try log(home).filter { $0.contains("paper disconnected") }.count
            #expect(ends < 6, "\(home): \(ends)")
        }
        #expect(
            try bench.waitUntil {
                try ["a", "b"].contains { home in
                    try bench.status(home)["attention"]?.array?.contains {
                        $0["what"]?.string?.contains(cause) == true
                    } == true
                }
            }
        )
        for process in engines + [venue] { bench.end(process, SIGINT) }
    }
}
