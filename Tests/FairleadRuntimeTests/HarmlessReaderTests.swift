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
    /// Method: the log's directory is a file; two clients follow and never read; hundreds of refused signals, a hundred
    /// at a time, fill every buffer; then an entry must fill, and each counter must have moved.
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
        // A hundred at once tell more in one turn of the loop than the ring holds.
        for batch in 0..<4 {
            for round in 0..<100 {
                let number = batch * 100 + round
                try sender.send(Array(Self.signal(number, #","limit_price":"1","order_type":"limit""#).utf8))
            }
            for _ in 0..<100 { #expect(try sender.receive() != nil) }
        }
        let taken = try live.ask(Self.signal(100_000, #","execution":{"style":"taker"}"#))
        #expect(taken["result"]?["disposition"]?.string == "accepted", "\(taken)")
        #expect(try live.waitUntil { try live.ask(.positions)["positions"]?.array?.count == 1 })
        let dropped = try live.ask(.status)["losses"]
        #expect(dropped?["notices"]?.integer ?? 0 > 0)
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

    /// Goal: `on_stop: cancel_entries` cancels entries only: an exit that rests stays at the venue, and is told.
    /// Method: a position, an exit and an entry that rest far from the market, the stop's sentence, and the orders of
    /// the next life.
    @Test func exitsStayAtTheStop() throws {
        let overrides = [
            Self.quiet, ConfigurationOverride(path: "runtime.on_stop", value: "cancel_entries"),
            ConfigurationOverride(path: "risk_limits.pyramiding", value: "true"),
        ]
        let live = try LiveFixture(overrides: overrides)
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        _ = try live.ask(Self.signal(1, #","execution":{"style":"taker"}"#))
        #expect(try live.waitUntil { try live.ask(.positions)["positions"]?.array?.count == 1 })
        let bid = try #require(try live.ask(.status)["market"]?[0]?["bid"]?.string.flatMap { Double($0) })
        let held = try #require(try live.ask(.positions)["positions"]?[0]?["quantity"]?.string)
        let exit =
            #"{"command":"signal","signal":{"schema":"fairlead.signal.v1","signal_id":"x-1","symbol":"BTCUSDT","#
            + #""side":"SELL","intent":"exit","size":{"quantity":"\#(held)"},"order_type":"limit","#
            + #""limit_price":"\#(String(format: "%.1f", bid * 1.02))"}}"#
        let answer = try live.ask(exit)
        #expect(answer["result"]?["disposition"]?.string == "accepted", "\(answer)")
        let below = String(format: "%.1f", bid * 0.995)
        let rest = #","order_type":"limit","limit_price":"\#(below)","maker_first":false"#
        let entry = try live.ask(Self.signal(2, rest))
        #expect(entry["result"]?["disposition"]?.string == "accepted", "\(entry)")
        #expect(
            try live.waitUntil {
                let orders = try live.ask(.orders)["orders"]?.array ?? []
                return orders.count == 2 && orders.allSatisfy { $0["state"]?.string == "working" }
            }
        )
        #expect(live.stop() == "entries are cancelled (on_stop: cancel_entries); 1 exits stay at the venue")
        try live.start(overrides: [Self.quiet, overrides[2]])
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        let left = try live.ask(.orders)["orders"]?.array ?? []
        #expect(left.map { $0["reduce_only"]?.bool } == [true])
        #expect(try live.ask(.status)["trading_state"]?.string == "active")
    }

    /// Goal: a journal that is put aside while no engine runs keeps what was engaged: killed is latched (SPEC 4).
    /// Method: kill, stop, put aside, start: killed, with a fresh account; resume, and put aside again: active. Then a
    /// directory that was prepared and not yet put in its place, as a crash leaves it.
    @Test func aStoppedAccountKeepsTheKill() throws {
        let live = try LiveFixture(overrides: [Self.quiet])
        #expect(try live.ask(.kill)["trading_state"]?.string == "killed")
        live.stop()
        let logs = try FileManager.default.attributesOfItem(atPath: live.paths.logs)
        #expect((logs[.posixPermissions] as? NSNumber)?.intValue == 0o700)
        #expect(try JournalPlace.putAside(live.paths.journal) == live.paths.journal + ".1")
        try live.start(overrides: [Self.quiet])
        let status = try live.ask(.status)
        #expect(status["trading_state"]?.string == "killed")
        #expect(status["epoch"]?.integer == 1)
        #expect(status["engaged"]?.array == ["kill"])
        live.stop()
        #expect(try JournalPlace.putAside(live.paths.journal) == live.paths.journal + ".2")
        try FileManager.default.moveItem(atPath: live.paths.journal, toPath: live.paths.journal + ".next")
        try live.start(overrides: [Self.quiet])
        #expect(try live.ask(.status)["trading_state"]?.string == "killed")
        #expect(try live.ask(.resume)["trading_state"]?.string == "active")
        live.stop()
        _ = try JournalPlace.putAside(live.paths.journal)
        try live.start(overrides: [Self.quiet])
        #expect(try live.ask(.status)["trading_state"]?.string == "active")
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
