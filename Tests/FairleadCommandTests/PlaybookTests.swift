import ArgumentParser
import FairleadModel
import Foundation
import Testing

@testable import fairlead

/// The incident playbook, followed: each incident is staged with the real program, and every command of the page is
/// typed in its order.
@Suite(.serialized)
struct PlaybookTests {
    /// Goal: the page has no incident that the tests below don't stage. Method: its code blocks, by their headings.
    @Test func everyIncidentIsStaged() throws {
        let playbook = try Playbook()
        #expect(
            playbook.sections.map(\.name) == [
                "Positions stuck: Exits are held", "Positions stuck: An exit at work holds the position",
                "A position traded by hand: It is kept", "A position traded by hand: It is closed",
                "A position traded by hand: It is left alone",
                "Orders unknown: The venue answers again", "Orders unknown: The venue does not come back",
                "Journal quarantined", "Venue silent", "Kill switch on", "Drawdown circuit open",
            ]
        )
        #expect(playbook.sections.allSatisfy { !$0.steps.isEmpty })
    }

    /// Goal: what the pages type is a command of this program, with flags that it has.
    /// Method: the playbook's lines, and the indented ones of the pages about risk and routing, through the parser.
    @Test func everyCommandIsOne() throws {
        var lines = try Playbook().sections.flatMap(\.steps).map(\.line)
        for path in ["docs/RISK.md", "docs/ROUTING.md"] {
            for line in try Playbook.page(path).components(separatedBy: "\n") where line.hasPrefix("    fairlead ") {
                lines.append(line.dropFirst(4).components(separatedBy: "  ")[0])
            }
        }
        let order = "fl-0001-0000000c-01-0000-00-000003"
        let names = ["ORDER_ID": order, "SYMBOL": "BTCUSDT", "ID": "s-1", "STOP_PRICE": "1000.5"]
        var parsed = 0
        for line in lines where line.hasPrefix("fairlead ") {
            let words = line.split(separator: " ").dropFirst().map { names[String($0)] ?? String($0) }
            #expect(throws: Never.self, "\(line)") { _ = try Fairlead.parseAsRoot(words) }
            parsed += 1
        }
        #expect(parsed > 40)
    }

    /// Goal: a position whose exits are held is closed by what the page says, and so is one that an exit at rest holds.
    /// Method: a position under `halt --frozen`; then one with a reducing limit far from the market.
    @Test func positionsStuck() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: false)
        try rehearsal.enter()
        #expect(try rehearsal.ask("halt", "--frozen").status == 0)
        try rehearsal.play("Positions stuck: Exits are held")

        try rehearsal.enter()
        let positions = try rehearsal.bench.json(try rehearsal.ask("positions", "--json").output)["positions"]
        let held = try #require(positions?[0]?["quantity"]?.string)
        let market = try rehearsal.bench.status("run")["market"]?.array?.first { $0["symbol"]?.string == "BTCUSDT" }
        let ask = try #require(market?["ask"]?.string.flatMap(Double.init))
        let isSent = try rehearsal.send(
            #""side":"SELL","intent":"reduce","size":{"quantity":"\#(held)"},"order_type":"limit","#
                + #""limit_price":"\#(Int(ask * 1.02))","maker_first":false"#
        )
        #expect(isSent)
        rehearsal.names["ORDER_ID"] = try rehearsal.order("working")
        try rehearsal.play("Positions stuck: An exit at work holds the position")
        try rehearsal.endEngine()
    }

    /// Goal: what somebody else trades is seen, kept with a stop, closed, or left alone, by what the page says.
    /// Method: another client of the venue that buys, sells a part of what was kept, and buys again.
    @Test func aPositionTradedByHand() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: true)
        rehearsal.names["STOP_PRICE"] = "1000.5"
        try rehearsal.tradeByHand(.buy, "0.031")
        try rehearsal.play("A position traded by hand: It is kept")
        try rehearsal.tradeByHand(.sell, "0.029")
        try rehearsal.play("A position traded by hand: It is closed")
        try rehearsal.tradeByHand(.buy, "0.031")
        try rehearsal.play("A position traded by hand: It is left alone")
        #expect(try rehearsal.bench.status("run")["open_positions"]?.integer == 1)
        try rehearsal.endEngine()
    }

    /// Goal: an unknown order ends by the venue's word, and by a person's where the venue is gone.
    /// Method: a venue that is stopped before it can answer, and goes on; then one that is killed with it unread.
    @Test func ordersUnknown() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: true)
        try rehearsal.loseAnswer()
        try rehearsal.play(
            "Orders unknown: The venue answers again",
            before: ["fairlead reconcile": { try rehearsal.signal(venue: SIGCONT) }]
        )
        try rehearsal.loseAnswer()
        try rehearsal.endVenue()
        try rehearsal.play("Orders unknown: The venue does not come back")
        try rehearsal.endEngine()
    }

    /// Goal: a damaged journal is refused, left, and what it protected is seen and closed.
    /// Method: a position with levels at a venue of its own; bytes in the midst of the journal changed.
    @Test func journalQuarantined() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: true)
        try rehearsal.enter(hasLevels: true)
        try rehearsal.endEngine()
        try rehearsal.damageJournal()
        try rehearsal.play("Journal quarantined")
        let names = try FileManager.default.contentsOfDirectory(atPath: rehearsal.bench.path("run/journal"))
        #expect(names.contains { $0.hasPrefix("quarantined-1-") })
        try rehearsal.endEngine()
    }

    /// Goal: a venue that says nothing is told as such, and brought back by what the page says.
    /// Method: a venue that is stopped while a position is open.
    @Test func venueSilent() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: true)
        try rehearsal.enter(hasLevels: true)
        try rehearsal.signal(venue: SIGSTOP)
        try rehearsal.play("Venue silent")
        #expect(try rehearsal.bench.status("run")["open_positions"]?.integer == 1)
        try rehearsal.endEngine()
    }

    /// Goal: what was killed is told with its cause, and trades again by what the page says. Method: `kill`.
    @Test func killSwitchOn() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.start(ownVenue: false)
        #expect(try rehearsal.ask("kill").status == 0)
        try rehearsal.play("Kill switch on")
        try rehearsal.endEngine()
    }

    /// Goal: a drawdown that killed is closed, measured anew and left. Method: a limit that an entry's fee breaks.
    @Test func drawdownCircuitOpen() throws {
        let rehearsal = try Rehearsal()
        let limit = ("\"max_portfolio_dd_nav_pct\": 0.1", "\"max_portfolio_dd_nav_pct\": 0.000001")
        try rehearsal.start(ownVenue: false, risk: [limit])
        try rehearsal.enter()
        // NAV is read once a second: with a limit this small the fee of the exit alone would latch it again.
        let isRead = {
            let isFresh = try rehearsal.bench.waitUntil {
                let status = try rehearsal.bench.status("run")
                return status["nav"]?.string == status["cash"]?.string
            }
            #expect(isFresh)
        }
        try rehearsal.play("Drawdown circuit open", before: ["fairlead risk reset --yes": isRead])
        try rehearsal.endEngine()
    }
}
