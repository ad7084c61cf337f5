import FairleadModel
import FairleadRuntime
import FairleadTransport
import Foundation
import Testing

/// Engines that run and can't be asked, and none at all: no command takes the one for the other.
@Suite(.serialized)
struct HiddenEngineProcessTests {
    private static func place(_ bench: CommandProcess) -> [String] {
        ["--home", bench.path("a"), "--config", bench.path("config")]
    }

    /// Goal: an engine whose control socket is gone is never told as none, with what ends it; it makes the socket anew.
    /// Method: stop the process, so that it can't, remove the socket, and type what a person would; let it go on.
    @Test func anEngineWithoutASocketIsNoneByNoCommand() throws {
        let bench = try CommandProcess()
        let place = Self.place(bench)
        let engine = try bench.start(["run"] + place)
        #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
        kill(engine.processIdentifier, SIGSTOP)
        try FileManager.default.removeItem(atPath: bench.path("a/fairlead.sock"))
        let runs = "an engine runs (process \(engine.processIdentifier) holds \(bench.path("a/journal")))"
        let end = "kill -TERM \(engine.processIdentifier) ends it"
        for words in [["halt"], ["status"], ["resume", "--yes"], ["paper-reset", "--yes"]] {
            let found = try bench.run(words: words + place)
            #expect(found.status == 69, "\(words): \(found.output)\(found.errors)")
            #expect(found.output.isEmpty, "\(words): \(found.output)")
            #expect(found.errors.contains(runs) && found.errors.contains(end), "\(words): \(found.errors)")
        }
        let halt = try bench.run(words: ["stop-entries"] + place)
        #expect(halt.errors.contains("NOT DONE in the engine that runs; halt, stop-entries waits for a start"))
        let doctor = try bench.run(words: ["doctor"] + place)
        #expect(doctor.status == 1)
        #expect(doctor.output.contains("engine: \(runs)"), "\(doctor.output)")
        let top = try bench.run(words: ["top", "--once"] + place)
        #expect(top.status == 69)
        #expect(!top.output.contains("nothing is traded") && top.output.contains("holds"), "\(top.output)")
        let positions = try bench.run(words: ["positions"] + place)
        #expect(positions.status == 0)
        #expect(positions.errors.contains(runs) && positions.errors.contains("this is what the journal says"))
        kill(engine.processIdentifier, SIGCONT)
        #expect(try bench.waitUntil(within: 20) { try bench.status("a")["is_reconciled"]?.bool == true })
        bench.end(engine, SIGINT)
        #expect(engine.terminationStatus == 0)
    }

    /// Goal: what no engine answers says so, and how old it is.
    /// Method: each reader after a stop; a running engine's answers say nothing of it.
    @Test func answersOfAStoppedEngineSayTheirAge() throws {
        let bench = try CommandProcess()
        let place = Self.place(bench)
        let readers = [["positions"], ["orders"], ["risk", "show"]]
        let engine = try bench.start(["run"] + place)
        #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
        #expect(
            bench.waitUntil { FileManager.default.fileExists(atPath: bench.path("a/logs/state/risk_snapshot.json")) }
        )
        for words in readers {
            let found = try bench.run(words: words + ["--json"] + place)
            #expect(found.status == 0 && found.errors.isEmpty, "\(words): \(found.errors)")
        }
        bench.end(engine, SIGINT)
        for words in readers {
            let found = try bench.run(words: words + ["--json"] + place)
            #expect(found.status == 0, "\(words): \(found.errors)")
            let says = found.errors.contains("no engine runs in \(bench.path("a")); this is what ")
            #expect(
                says && found.errors.contains(" says, as of 20") && found.errors.hasSuffix(" ago\n"),
                "\(found.errors)"
            )
            #expect(try bench.json(found.output) != .null)
        }
    }

    /// Goal: a full control socket says so, and lets `halt` in.
    /// Method: a limit of one client, an idle one, and the commands of a person.
    @Test func aFullSocketLetsHaltIn() throws {
        let bench = try CommandProcess()
        let place = Self.place(bench)
        try bench.configure("runtime", [("\"clients\": 8", "\"clients\": 1")])
        let engine = try bench.start(["run"] + place)
        #expect(try bench.waitUntil { try bench.status("a")["is_reconciled"]?.bool == true })
        let idle = try ControlClient(path: bench.path("a/fairlead.sock"))
        let status = try bench.run(words: ["status"] + place)
        #expect(status.status == 69)
        #expect(status.errors.contains("too many clients: control.clients is 1"), "\(status.errors)")
        let halt = try bench.run(words: ["halt", "--json"] + place)
        #expect(halt.status == 0, "\(halt.errors)")
        #expect(try bench.json(halt.output)["trading_state"]?.string == "halted")
        withExtendedLifetime(idle) {}
        bench.end(engine, SIGINT)
    }
}
