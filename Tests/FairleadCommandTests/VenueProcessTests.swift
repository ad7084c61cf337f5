import FairleadModel
import Foundation
import Testing

/// `fairlead venue paper` in a process of its own, with engines beside it.
@Suite(.serialized)
struct VenueProcessTests {
    private static func signals(_ prefix: String) -> String {
        [("BTCUSDT", "BUY"), ("ETHUSDT", "SELL"), ("SOLUSDT", "BUY")].map { symbol, side in
            #"{"schema":"fairlead.signal.v1","signal_id":"\#(prefix)-\#(symbol)","symbol":"\#(symbol)","#
                + #""side":"\#(side)","size":{"notional":"300"},"execution":{"style":"taker"}}"# + "\n"
        }.joined()
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
        let sent = try bench.run(
            "signal",
            "send",
            "--home",
            bench.path("a"),
            "--config",
            bench.path("config"),
            "-",
            input: Self.signals("a")
        )
        #expect(sent.status == 0, "\(sent.errors)")
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
}
