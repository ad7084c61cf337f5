import FairleadModel
import Foundation
import Testing

/// The built `fairlead top` on a terminal, in front of a real engine.
@Suite(.serialized)
struct TopProcessTests {
    private typealias Size = (columns: Int, rows: Int)
    private static let titles = ["PAPER", "NAV", "POSITIONS", "ORDERS", "ROUTER", "LIVENESS", "EVENTS"]

    /// An engine on paper that has one position without a stop; the screener is off, so that nothing else moves it.
    private static func trading() throws -> (bench: CommandProcess, engine: Process) {
        let bench = try CommandProcess()
        let screener = "\"screener\": {\n    \"enabled\": "
        try bench.configure("strategy_config", [(screener + "true", screener + "false")])
        let engine = try bench.start(["run"] + place(bench))
        #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
        // Until the first quote has come an entry is rightly vetoed.
        let isSent = try bench.waitUntil {
            let signal =
                #"{"schema":"fairlead.signal.v1","signal_id":"\#(UUID().uuidString)","symbol":"BTCUSDT","side":"BUY","#
                + #""size":{"notional":"300"},"execution":{"style":"taker"}}"# + "\n"
            return try bench.run(words: ["signal", "send"] + place(bench) + ["-"], input: signal).status == 0
        }
        #expect(isSent)
        #expect(try bench.waitUntil { try bench.status("a")["open_positions"]?.integer == 1 })
        return (bench, engine)
    }

    private static func place(_ bench: CommandProcess) -> [String] {
        ["--home", bench.path("a"), "--config", bench.path("config")]
    }

    private static func top(
        _ bench: CommandProcess,
        _ size: Size,
        environment: [String: String] = [:],
        _ more: String...
    ) throws -> PseudoTerminal {
        try PseudoTerminal(size, ["top", "--every", "200"] + place(bench) + more, environment: environment)
    }

    /// A whole screen of a live engine: the parts in their order, the keys in the last row, nothing drawn outside.
    private static func isWhole(_ screen: TestScreen) -> Bool {
        let text = screen.text
        let places = titles.map { text.range(of: $0)?.lowerBound }
        let found = places.compactMap { $0 }
        return found.count == titles.count && found == found.sorted() && screen.complaints.isEmpty
            && screen.lines[0].hasPrefix("PAPER  ACTIVE") && screen.lines.last?.hasPrefix("h halt   s stop") == true
            && text.contains("POSITIONS 1") && text.contains("BTCUSDT") && text.contains("1 WITHOUT STOP")
            && text.contains("-> ")
    }

    /// What is wrong with a screen, for the failure's message.
    private static func told(_ screen: TestScreen) -> Comment { "\(screen.complaints)\n\(screen.text)" }

    /// Goal: the screen keeps its layout at each size, follows the window while it runs, and gives the terminal back.
    /// Method: a live engine; the screen at three sizes; each window is made another size twice; `q`.
    @Test func theLayoutHoldsAtEachSize() throws {
        let (bench, engine) = try Self.trading()
        let sizes: [Size] = [(80, 24), (120, 40), (200, 60)]
        for (index, size) in sizes.enumerated() {
            let terminal = try Self.top(bench, size)
            #expect(terminal.wait { Self.isWhole($0) && $0.text.contains("LIVENESS") }, Self.told(terminal.screen))
            #expect(terminal.screen.isAlternate)
            #expect(terminal.screen.isCursorHidden)
            #expect(!terminal.screen.inks.isEmpty)
            #expect(terminal.isRaw)
            for other in [sizes[(index + 1) % 3], (100, 30)] {
                terminal.resize(other)
                #expect(terminal.wait { Self.isWhole($0) }, Self.told(terminal.screen))
            }
            terminal.type("q")
            #expect(terminal.end() == 0)
            #expect(!terminal.screen.isAlternate)
            #expect(!terminal.screen.isCursorHidden)
            #expect(terminal.screen.hasWrapping)
            #expect(!terminal.isRaw)
        }
        bench.end(engine, SIGINT)
    }

    /// Goal: `h` and `s` ask, any key but `y` does nothing, `y` really does it, and the answer stands on the screen.
    /// Method: each key with a wrong answer and with the right one, and the engine's own word after each.
    @Test func keysAreConfirmed() throws {
        let (bench, engine) = try Self.trading()
        let terminal = try Self.top(bench, (80, 24))
        #expect(terminal.wait { Self.isWhole($0) }, Self.told(terminal.screen))
        func state() throws -> String? { try bench.status("a")["trading_state"]?.string }
        for (key, question) in [("h", "halt? press y, else no: "), ("s", "stop-entries? press y, else no: ")] {
            for answer in ["n", "\r", key, "\u{1B}[A"] {
                terminal.type(key)
                #expect(terminal.wait { $0.lines[23].hasPrefix(question) }, Self.told(terminal.screen))
                terminal.type(answer)
                #expect(terminal.wait { $0.lines[23].hasSuffix("nothing was done") }, Self.told(terminal.screen))
            }
            // Pasted in one piece: the `y` is no answer to a question that nobody has read.
            terminal.type(key + "y")
            #expect(terminal.wait { $0.lines[23].hasPrefix(question) }, Self.told(terminal.screen))
            terminal.type(" ")
            #expect(terminal.wait { $0.lines[23].hasSuffix("nothing was done") }, Self.told(terminal.screen))
        }
        #expect(try state() == "active")
        terminal.type("s")
        #expect(terminal.wait { $0.lines[23].hasPrefix("stop-entries? ") })
        terminal.type("y")
        #expect(terminal.wait { $0.lines[23].hasPrefix("reducing: 0 increasing sends since") })
        #expect(try state() == "reducing")
        terminal.type("h")
        #expect(terminal.wait { $0.lines[23].hasPrefix("halt? ") })
        terminal.type("y")
        #expect(terminal.wait { $0.lines[23].hasPrefix("halted: 0 increasing sends since; back: ") })
        #expect(try state() == "halted")
        #expect(terminal.wait { $0.lines[0].hasPrefix("PAPER  HALTED") && $0.text.contains("no new exposure") })
        #expect(terminal.screen.complaints.isEmpty)
        terminal.type("\u{3}")
        #expect(terminal.end() == 0)
        let once = try bench.run(words: ["top", "--once"] + Self.place(bench))
        #expect(once.status == 7)
        bench.end(engine, SIGINT)
    }

    /// Goal: the terminal is given back whatever ends the screen, and comes back after a stop.
    /// Method: the signals that end a process, a fault's, and stop and continue.
    @Test func theTerminalIsGivenBack() throws {
        let (bench, engine) = try Self.trading()
        let ends: [(signal: Int32, status: Int32)] = [
            (SIGINT, 0), (SIGTERM, 0), (SIGHUP, 0), (SIGSEGV, -SIGSEGV), (SIGABRT, -SIGABRT),
        ]
        for (signal, status) in ends {
            let terminal = try Self.top(bench, (80, 24), environment: ["NO_COLOR": "1"])
            #expect(terminal.wait { Self.isWhole($0) }, Self.told(terminal.screen))
            #expect(terminal.screen.inks.isEmpty)
            if signal == SIGTERM {
                terminal.send(SIGSTOP)
                terminal.resize((90, 26))
                terminal.send(SIGCONT)
                #expect(terminal.wait { Self.isWhole($0) }, Self.told(terminal.screen))
            }
            terminal.send(signal)
            #expect(terminal.end() == status)
            #expect(!terminal.screen.isAlternate)
            #expect(!terminal.screen.isCursorHidden)
            #expect(!terminal.isRaw)
        }
        bench.end(engine, SIGINT)
    }

    /// Goal: an engine that hangs, and one that is gone, are told as such, with keys that still work; what is printed
    /// is plain, and its exit code tells. Method: an engine is stopped, continued and killed in front of the screen.
    @Test func aDeadEngineIsNotShownAsLive() throws {
        let (bench, engine) = try Self.trading()
        let printed = try bench.run(words: ["top"] + Self.place(bench))
        #expect(printed.status == 3)
        #expect(printed.output.hasPrefix("PAPER  ACTIVE"))
        #expect(!printed.output.contains("\u{1B}"))
        #expect(printed.output.contains("VETOES"))
        let small = try bench.run(words: ["top", "--once", "--size", "60x12"] + Self.place(bench))
        let lines = small.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= 12)
        #expect(lines.allSatisfy { $0.count <= 60 })
        let json = try bench.json(try bench.run(words: ["top", "--json"] + Self.place(bench)).output)
        #expect(json["engine"]?.string == "live")
        #expect(json["positions"]?[0]?["symbol"]?.string == "BTCUSDT")

        // What stands in for the engine later is what it has published by now.
        let published = bench.path("a/logs/state/engine_metadata.json")
        #expect(bench.waitUntil { FileManager.default.fileExists(atPath: published) })
        let terminal = try Self.top(bench, (100, 30), "--no-color")
        #expect(terminal.wait { Self.isWhole($0) }, Self.told(terminal.screen))
        kill(engine.processIdentifier, SIGSTOP)
        #expect(terminal.wait { $0.lines[0].hasPrefix("PAPER  ENGINE GIVES NO ANSWER  STALE") })
        terminal.type("h")
        #expect(terminal.wait { $0.lines[29].hasPrefix("halt? ") })
        terminal.type("n")
        #expect(terminal.wait { $0.lines[29].hasPrefix("halt: nothing was done") })
        kill(engine.processIdentifier, SIGCONT)
        #expect(terminal.wait { Self.isWhole($0) || $0.lines[0].hasPrefix("PAPER  ACTIVE") })
        bench.end(engine, SIGKILL)
        #expect(terminal.wait { $0.lines[0].hasPrefix("PAPER  ENGINE NOT RUNNING  STALE: files of ") })
        #expect(terminal.wait { $0.text.contains("no engine runs here") && $0.text.contains("fairlead run ") })
        #expect(terminal.screen.text.contains("1 positions were open"))
        terminal.type("h")
        #expect(terminal.wait { $0.lines[29].hasPrefix("halt? ") })
        terminal.type("y")
        #expect(terminal.wait { $0.lines[29].hasPrefix("halt NOT DONE: no engine runs in ") })
        #expect(terminal.screen.inks.isEmpty)
        terminal.type("Q")
        #expect(terminal.end() == 0)
        let gone = try bench.run(words: ["top", "--once"] + Self.place(bench))
        #expect(gone.status == 69)
        #expect(gone.output.hasPrefix("PAPER  ENGINE NOT RUNNING"))
    }
}
