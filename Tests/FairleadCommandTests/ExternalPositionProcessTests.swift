import FairleadModel
import Foundation
import Testing

/// Somebody else trades on the account of a running engine: a venue, an engine and another client of the venue, each a
/// process or a connection of its own.
@Suite(.serialized)
struct ExternalPositionProcessTests {
    private func send(_ rehearsal: Rehearsal, _ id: String, _ fields: String) throws -> JSONValue {
        let line = #"{"schema":"fairlead.signal.v1","signal_id":"\#(id)","symbol":"BTCUSDT",\#(fields)}"# + "\n"
        let bench = rehearsal.bench
        let words = ["signal", "send", "-", "--json", "--home", bench.path("run"), "--config", bench.path("config")]
        return try bench.json(try bench.run(words: words, input: line).output)
    }

    /// Sends a signal; gives why it was vetoed.
    private func reasons(_ rehearsal: Rehearsal, _ id: String, _ fields: String = Self.entry) throws -> [String] {
        (try send(rehearsal, id, fields)["reasons"]?.array ?? []).compactMap(\.string)
    }

    private static let entry = #""side":"BUY","size":{"notional":"300"},"execution":{"style":"taker"}"#
    private static let exit = #""side":"SELL","intent":"reduce","size":{"quantity":"0.001"}"#

    private func attention(_ rehearsal: Rehearsal) throws -> [String] {
        (try rehearsal.bench.status("run")["attention"]?.array ?? []).compactMap { $0["what"]?.string }
    }

    private func position(_ rehearsal: Rehearsal) throws -> JSONValue? {
        try rehearsal.bench.json(try rehearsal.ask("positions", "--json").output)["positions"]?[0]
    }

    /// What the engine publishes agrees with its contract.
    private func stateIsSound(_ rehearsal: Rehearsal) throws {
        var found: (status: Int32, output: String, errors: String) = (-1, "", "")
        // A publish may come between two files.
        let isSound = try rehearsal.bench.waitUntil(within: 20) {
            found = try rehearsal.ask("state", "validate")
            return found.status == 0
        }
        #expect(isSound, "\(found.output)\(found.errors)")
    }

    private func isFlat(_ rehearsal: Rehearsal) throws -> Bool {
        try rehearsal.bench.waitUntil { try rehearsal.bench.status("run")["open_positions"]?.integer == 0 }
    }

    /// Goal: what somebody else trades locks entries until a person decides, over `risk enable` and a restart; adopted
    /// with a stop it is quiet, and the stop closes it. Method: another client buys; entries, `why`, the files; a stop
    /// far away, then one that the market passes soon.
    @Test func isLockedUntilItIsAdopted() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: true)
        try rehearsal.tradeByHand(.buy, "0.031")
        #expect(try attention(rehearsal).contains { $0.hasPrefix("BTCUSDT was traded by somebody else: +0.031 since") })
        #expect(try position(rehearsal)?["external"]?.string == "undecided")
        #expect(try position(rehearsal)?["external_traded"]?.string == "0.031")
        let id = "locked-\(UUID().uuidString)"
        let vetoed = try send(rehearsal, id, Self.entry)
        #expect(vetoed["reasons"]?.array?.contains("kill_switch") == true)
        let why = try rehearsal.ask("why", id)
        #expect(why.output.contains("fairlead positions adopt | close | ignore"), "\(why.output)")
        try stateIsSound(rehearsal)

        let enabled = try rehearsal.ask("risk", "enable", "BTCUSDT", "--yes")
        #expect(enabled.status == 0)
        #expect(enabled.output.contains("its entries stay locked"), "\(enabled.output)")
        #expect(try reasons(rehearsal, "enabled").contains("kill_switch"))
        try rehearsal.restart()
        #expect(try reasons(rehearsal, "restarted").contains("kill_switch"))
        #expect(try position(rehearsal)?["external"]?.string == "undecided")

        let refused = try rehearsal.ask("positions", "adopt", "BTCUSDT", "--stop-loss", "900000", "--yes")
        #expect(refused.status == 4)
        #expect(refused.errors.contains("level_on_wrong_side"), "\(refused.errors)")
        let adopted = try rehearsal.ask("positions", "adopt", "BTCUSDT", "--stop-loss", "1000.5", "--yes")
        #expect(adopted.status == 0, "\(adopted.errors)")
        #expect(try position(rehearsal)?["external"]?.string == nil)
        #expect(try position(rehearsal)?["stop_loss"]?.string == "1000.5")
        #expect(try !attention(rehearsal).contains { $0.contains("somebody else") || $0.contains("stop-loss") })
        try stateIsSound(rehearsal)

        // The mark may pass such a stop before the engine has it: then it is refused, and set anew.
        let isSet = try rehearsal.bench.waitUntil {
            guard let mark = try position(rehearsal)?["mark_price"]?.string.flatMap(Double.init) else { return false }
            let stop = String(format: "%.1f", mark * 0.99998)
            return try rehearsal.ask("positions", "adopt", "BTCUSDT", "--stop-loss", stop, "--yes").status == 0
        }
        #expect(isSet)
        #expect(try isFlat(rehearsal), "the stop has not fired")
        // The history is a moment behind.
        var fills: [JSONValue] = []
        let isOurs = try rehearsal.bench.waitUntil {
            fills = try rehearsal.bench.json(try rehearsal.ask("fills", "--json").output)["fills"]?.array ?? []
            return fills.contains { $0["side"]?.string == "SELL" && $0["is_external"]?.bool == false }
        }
        #expect(isOurs, "\(fills)")
        try stateIsSound(rehearsal)
        try rehearsal.endEngine()
    }

    /// Goal: a position that a person closes is gone, and entries go out again. Method: another client sells short;
    /// `close`, and an entry.
    @Test func isClosed() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: true)
        try rehearsal.tradeByHand(.sell, "0.031")
        #expect(try position(rehearsal)?["quantity"]?.string == "-0.031")
        #expect(try rehearsal.ask("positions", "ignore", "ETHUSDT", "--yes").errors.contains("nothing_to_decide"))
        #expect(try rehearsal.ask("positions", "close", "NOPE", "--yes").status == 65)
        let unpriced = try rehearsal.ask("positions", "adopt", "BTCUSDT", "--stop-loss", "0", "--yes")
        #expect(unpriced.status == 65)
        #expect(unpriced.errors.contains("--stop-loss: must be greater than 0"), "\(unpriced.errors)")
        #expect(try position(rehearsal)?["external"]?.string == "undecided")
        let asked = try rehearsal.ask("positions", "close", "BTCUSDT")
        #expect(asked.status != 0, "it must ask, and nobody answers")
        let closed = try rehearsal.ask("positions", "close", "BTCUSDT", "--yes")
        #expect(closed.status == 0, "\(closed.errors)")
        #expect(try isFlat(rehearsal))
        #expect(try rehearsal.bench.waitUntil { try !attention(rehearsal).contains { $0.contains("BTCUSDT") } })
        try rehearsal.enter()
        try stateIsSound(rehearsal)
        try rehearsal.endEngine()
    }

    /// Goal: of a position that a person ignores no order leaves, whatever is asked; a person's flatten closes it all
    /// the same. Method: another client buys; `ignore`, an entry and an exit by signals, then `flatten`.
    @Test func isLeftAlone() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: true)
        try rehearsal.tradeByHand(.buy, "0.031")
        let ignored = try rehearsal.ask("positions", "ignore", "BTCUSDT", "--yes")
        #expect(ignored.status == 0, "\(ignored.errors)")
        #expect(try position(rehearsal)?["external"]?.string == "ignored")
        #expect(try rehearsal.bench.status("run")["positions_without_stop_loss"]?.integer == 0)
        let before = try rehearsal.bench.status("run")["counters"]?["sends"]?.integer
        #expect(try reasons(rehearsal, "entry").contains("kill_switch"))
        #expect(try reasons(rehearsal, "exit", Self.exit).contains("nothing_to_reduce"))
        #expect(try rehearsal.bench.status("run")["counters"]?["sends"]?.integer == before)
        try stateIsSound(rehearsal)
        #expect(try rehearsal.ask("flatten", "--symbol", "BTCUSDT", "--yes").status == 0)
        #expect(try isFlat(rehearsal))
        try stateIsSound(rehearsal)
        try rehearsal.endEngine()
    }
}
