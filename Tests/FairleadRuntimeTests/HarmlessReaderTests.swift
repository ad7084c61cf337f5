import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import FairleadTransport
import Foundation
import Testing

/// What stands beside trading and must never hold it up.
@Suite(.serialized)
struct HarmlessReaderTests {
    private static func signal(_ id: Int, _ more: String) -> String {
        """
        {"command":"signal","signal":{"schema":"fairlead.signal.v1","signal_id":"h-\(id)","symbol":"BTCUSDT",\
        "side":"BUY","size":{"notional":"200"}\(more)}}
        """
    }

    private static let quiet = ConfigurationOverride(path: "screener.enabled", value: "false")

    /// Goal: with a reader that never reads, a log that can't be written and a full notice ring, entries go on, and
    /// `status` counts what was dropped.
    /// Method: the log's directory is a file; two clients follow and never read; hundreds of refused signals fill every
    /// buffer; then an entry must fill, and each counter must have moved.
    @Test func entriesGoOn() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        live.stop()
        try FileManager.default.removeItem(atPath: live.paths.logs)
        try Data("x".utf8).write(to: URL(fileURLWithPath: live.paths.logs))
        try live.start(
            overrides: [
                Self.quiet, ConfigurationOverride(path: "queues.notices", value: "1024"),
            ]
        )
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        var stuck: [ControlClient] = []
        for _ in 0..<2 {
            let client = try ControlClient(path: live.paths.controlSocket)
            try client.send(ControlRequest(.notices).line)
            stuck.append(client)
        }
        let sender = try ControlClient(path: live.paths.controlSocket)
        for round in 0..<400 {
            _ = try sender.request(Array(Self.signal(round, #","limit_price":"1","order_type":"limit""#).utf8))
        }
        let taken = try live.ask(Self.signal(100_000, #","execution":{"style":"taker"}"#))
        #expect(taken["result"]?["disposition"]?.string == "accepted", "\(taken)")
        #expect(try live.waitUntil { try live.ask(.positions)["positions"]?.array?.count == 1 })
        let dropped = try live.ask(.status)["losses"]
        #expect(dropped?["log_lines"]?.integer ?? 0 > 0)
        #expect(dropped?["follower_notices"]?.integer ?? 0 > 0)
        withExtendedLifetime(stuck) {}
    }

    /// Goal: `on_stop: cancel_entries` leaves no entry at the venue.
    /// Method: an entry that rests far from the market, the stop's sentence, and the orders of the next life.
    @Test func entriesAreCancelledAtTheStop() throws {
        let overrides = [Self.quiet, ConfigurationOverride(path: "runtime.on_stop", value: "cancel_entries")]
        let live = try LiveFixture(overrides: overrides)
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        let bid = try #require(try live.ask(.status)["market"]?[0]?["bid"]?.string.flatMap { Double($0) })
        let price = String(format: "%.1f", bid * 0.995)
        let resting = #","order_type":"limit","limit_price":"\#(price)","maker_first":false"#
        let answer = try live.ask(Self.signal(1, resting))
        #expect(answer["result"]?["disposition"]?.string == "accepted", "\(answer)")
        #expect(try live.waitUntil { try live.ask(.orders)["orders"]?[0]?["state"]?.string == "working" })
        #expect(live.stop() == "entries are cancelled (on_stop: cancel_entries)")
        try live.start(overrides: [Self.quiet])
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        #expect(try live.ask(.orders)["orders"]?.array?.isEmpty == true)
    }

    /// Goal: `paper_reset` needs its confirmation, begins a new account under the running engine, and keeps the kill.
    /// Method: a position, a reset without and with the word, the account after it, the old journal on disk; then the
    /// same while it is halted.
    @Test func anAccountBeginsAnew() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        _ = try live.ask(Self.signal(1, #","execution":{"style":"taker"}"#))
        #expect(try live.waitUntil { try live.ask(.positions)["positions"]?.array?.count == 1 })
        #expect(try live.ask(#"{"command":"paper_reset"}"#)["error"]?["code"]?.string == "not_confirmed")
        #expect(try live.ask(.positions)["positions"]?.array?.count == 1)
        let moved = try live.ask(.paperReset)["journal"]?.string
        #expect(moved == live.paths.journal + ".1")
        #expect(FileManager.default.fileExists(atPath: moved ?? ""))
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        let status = try live.ask(.status)
        #expect(status["epoch"]?.integer == 1)
        #expect(status["cash"]?.string == "100000")
        #expect(status["open_positions"]?.integer == 0)
        #expect(try live.ask(.fills(limit: 5))["fills"]?.array?.isEmpty == true)
        let again = try live.ask(Self.signal(1, #","execution":{"style":"taker"}"#))
        #expect(again["result"]?["disposition"]?.string == "accepted", "\(again)")

        _ = try live.ask(.halt(isFrozen: false))
        #expect(try live.ask(.paperReset)["journal"]?.string == live.paths.journal + ".2")
        #expect(try live.waitUntil { try live.ask(.status)["trading_state"]?.string == "halted" })
        live.stop()
        try live.start(overrides: [Self.quiet])
        #expect(try live.ask(.status)["trading_state"]?.string == "halted")
    }
}
