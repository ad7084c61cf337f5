import FairleadModel
import Foundation
import Testing

/// An engine, and where it is asked for a venue in a process of its own, in which an incident is staged and the
/// playbook's commands are typed.
final class Rehearsal {
    let bench: CommandProcess
    /// What the page leaves to be filled in.
    var names = ["SYMBOL": "BTCUSDT"]
    private(set) var engine: Process?
    private(set) var venue: Process?
    private var hand: HandTrader?
    private let playbook: Playbook

    private var place: [String] { ["--home", bench.path("run"), "--config", bench.path("config")] }

    init() throws {
        bench = try CommandProcess()
        playbook = try Playbook()
    }

    // MARK: - Staging

    /// Starts the engine, with a venue of its own or the embedded one; the screener is off.
    func start(ownVenue: Bool, risk: [(String, String)] = []) throws {
        try bench.configure("strategy_config", [("\"enabled\": true", "\"enabled\": false")])
        try bench.configure("risk_limits", risk)
        try bench.configure("runtime", [("\"segment_bytes\": 67108864", "\"segment_bytes\": 2097152")])
        try FileManager.default.createDirectory(atPath: bench.path("run"), withIntermediateDirectories: true)
        if ownVenue {
            try FileManager.default.copyItem(atPath: bench.path("config"), toPath: bench.path("venue-config"))
            try bench.configure(
                "runtime",
                [
                    ("\"connection\": \"embedded\"", "\"connection\": \"socket\""),
                    ("\"source\": \"synthetic\"", "\"source\": \"venue\""),
                ]
            )
            let words = ["fairlead", "venue", "paper", "--socket", "run/paper.sock", "--home", "venue"]
            venue = try bench.start(typed(words))
            names["VENUE_PID"] = "\(venue?.processIdentifier ?? 0)"
            #expect(bench.waitUntil { FileManager.default.fileExists(atPath: bench.path("run/paper.sock")) })
        }
        engine = try bench.start(["run"] + place)
        #expect(try isShown([("is_reconciled", "true")]))
    }

    /// Ends the engine and starts it anew on its journal.
    func restart() throws {
        try endEngine()
        engine = try bench.start(["run"] + place)
        #expect(try isShown([("is_reconciled", "true")]))
    }

    /// Sends a signal; true when it was accepted.
    func send(_ fields: String) throws -> Bool {
        let line =
            #"{"schema":"fairlead.signal.v1","signal_id":"\#(UUID().uuidString)","symbol":"BTCUSDT",\#(fields)}"# + "\n"
        return try bench.run(words: ["signal", "send", "-"] + place, input: line).status == 0
    }

    /// Buys at once, with levels far away or without; returns when the position stands and no order works.
    func enter(hasLevels: Bool = false) throws {
        let levels = hasLevels ? #","take_profit":"900000","stop_loss":"1000.5""# : ""
        // Until the first quote has come, and in the market's silences, an entry is rightly vetoed.
        let isSent = try bench.waitUntil {
            try send(
                #""side":"BUY","size":{"notional":"300"},"execution":{"style":"taker"}\#(levels)"#
            )
        }
        #expect(isSent)
        #expect(try isShown([("open_positions", "1"), ("live_orders", "0")]))
    }

    /// The first live order in a state; waits until there is one.
    func order(_ state: String) throws -> String {
        var id: String?
        _ = try bench.waitUntil {
            let rows = try bench.json(try ask("orders", "list", "--json").output)["orders"]?.array ?? []
            id = rows.first { $0["state"]?.string == state }?["client_order_id"]?.string
            return id != nil
        }
        return try #require(id, "no order is \(state)")
    }

    /// Stops the venue and sends an entry that it can't answer; returns when the order is unknown.
    func loseAnswer() throws {
        #expect(try isShown([("trading_state", "active"), ("is_reconciled", "true")]))
        let venue = try #require(venue)
        let isSent = try bench.waitUntil {
            kill(venue.processIdentifier, SIGSTOP)
            if try send(#""side":"BUY","size":{"notional":"300"},"execution":{"style":"taker"}"#) { return true }
            kill(venue.processIdentifier, SIGCONT)
            Thread.sleep(forTimeInterval: 1)
            return false
        }
        #expect(isSent)
        names["ORDER_ID"] = try order("pending_unknown")
    }

    /// Somebody else trades on the account; returns when the engine has heard of it.
    func tradeByHand(_ side: Side, _ quantity: String) throws {
        func heard() throws -> Int64 { try bench.status("run")["counters"]?["external_fills"]?.integer ?? 0 }
        let before = try heard()
        if hand == nil { hand = try HandTrader(socket: bench.path("run/paper.sock")) }
        try hand?.trade("BTCUSDT", side, Quantity(text: quantity))
        #expect(try bench.waitUntil { try heard() > before })
    }

    func signal(venue number: Int32) throws { kill(try #require(venue).processIdentifier, number) }

    func endVenue() throws { bench.end(try #require(venue), SIGKILL) }

    func endEngine() throws { bench.end(try #require(engine), SIGINT) }

    /// Changes bytes in the midst of the journal's records.
    func damageJournal() throws {
        let file = URL(fileURLWithPath: bench.path("run/journal/journal-00000000000000000001.segment"))
        var bytes = try Data(contentsOf: file)
        let end = try #require(bytes.lastIndex { $0 != 0 })
        for place in end / 2..<end / 2 + 64 { bytes[place] ^= 0x5A }
        try bytes.write(to: file)
    }

    // MARK: - Typing

    func ask(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
        try bench.run(words: words + place)
    }

    /// Types each command of a section and looks whether it does what the page says; `before` is done before the
    /// command of that line.
    func play(_ name: String, before: [String: () throws -> Void] = [:]) throws {
        let section = try #require(playbook.sections.first { $0.name == name }, "no section \(name)")
        let lines = section.steps.map(\.line)
        #expect(before.keys.allSatisfy { lines.contains($0) }, "\(name) has other commands")
        for step in section.steps {
            try before[step.line]?()
            try play(step, of: name)
        }
    }

    private func play(_ step: Playbook.Step, of name: String) throws {
        let words = typed(step.words)
        guard let expected = step.status else {
            let process = try bench.start(words)
            if step.words[1] == "venue" { venue = process } else { engine = process }
            #expect(try isShown(step.shows), "\(name): \(step.line)")
            return
        }
        let says = filled(step.says ?? "")
        var found: (status: Int32, output: String, errors: String) = (-1, "", "")
        func isAsSaid() throws -> Bool {
            found = try run(step, words)
            return found.status == expected && (says.isEmpty || (found.output + found.errors).contains(says))
        }
        // Who only looks may look again: things take their time.
        let isRight = try Self.onlyLooks(step.words) ? bench.waitUntil(isAsSaid) : isAsSaid()
        #expect(isRight, "\(name): \(step.line) ends with \(found.status): \(found.output)\(found.errors)")
        #expect(try leads(step, words), "\(name): \(step.line) does not lead to \(step.shows)")
    }

    /// What the market took too little of is closed by the same line again, as the page says.
    private func leads(_ step: Playbook.Step, _ words: [String]) throws -> Bool {
        guard step.words.contains("flatten") else { return try isShown(step.shows) }
        for _ in 0..<6 {
            if try isShown(step.shows, within: 10) { return true }
            _ = try run(step, words)
        }
        return false
    }

    private func run(_ step: Playbook.Step, _ words: [String]) throws -> (status: Int32, output: String, errors: String)
    {
        switch step.words[0] {
        case "fairlead": return try bench.run(words: words)
        case "grep": return try bench.run(words: ["grep"] + words, program: URL(fileURLWithPath: "/usr/bin/env"))
        case "kill":
            try #require(words.first == "-KILL" && words.count == 2, "\(step.line)")
            return (kill(try #require(pid_t(words[1])), SIGKILL), "", "")
        default:
            Issue.record("the page types \(step.line)")
            return (-1, "", "")
        }
    }

    private static func onlyLooks(_ words: [String]) -> Bool {
        if words[0] == "grep" { return true }
        let looks = ["status", "health", "positions", "why", "orders", "risk show", "venue ledger"]
        let command = words.dropFirst().prefix { $0.first?.isLowercase == true }.joined(separator: " ")
        return looks.contains(command)
    }

    // MARK: - Filling in

    private func filled(_ text: String) -> String {
        names.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
    }

    /// What follows the program's name, as it is typed in this place: names filled in, directories the bench's.
    private func typed(_ words: [String]) -> [String] {
        var arguments = words.dropFirst().map(filled)
        for index in arguments.indices where arguments[index].hasPrefix("run/") {
            arguments[index] = bench.path(arguments[index])
        }
        guard words[0] == "fairlead" else { return arguments }
        guard let home = arguments.firstIndex(of: "--home") else { return arguments + place }
        // The venue's own.
        arguments[home + 1] = bench.path(arguments[home + 1])
        return arguments + ["--config", bench.path("venue-config")]
    }

    /// True once `status --json` shows all of it.
    private func isShown(_ wanted: [(key: String, value: String)], within seconds: Double = 60) throws -> Bool {
        if wanted.isEmpty { return true }
        return try bench.waitUntil(within: seconds) {
            let status = try bench.status("run")
            return wanted.allSatisfy { key, value in
                let found = status[key]
                return (found?.string ?? found?.lexeme ?? found?.bool.map { "\($0)" }) == value
            }
        }
    }
}
