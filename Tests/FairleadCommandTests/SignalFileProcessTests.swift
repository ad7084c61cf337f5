import FairleadModel
import Foundation
import Testing

/// `run --signals` on what is no plain file, as a person types it.
@Suite(.serialized)
struct SignalFileProcessTests {
    /// Goal: a named pipe without a writer holds up neither the start nor the stop, and its writer may come later.
    /// Method: Ctrl-C before anybody wrote; a second start, a signal by each of two writers, and Ctrl-C.
    @Test func aPipeWaitsForItsWriter() throws {
        let bench = try CommandProcess()
        try bench.configure("strategy_config", [("\"enabled\": true", "\"enabled\": false")])
        let pipe = bench.path("signals")
        #expect(try bench.run(words: [pipe], program: URL(fileURLWithPath: "/usr/bin/mkfifo")).status == 0)
        func start() throws -> Process {
            let words = ["run", "--home", bench.path("a"), "--config", bench.path("config"), "--signals", pipe]
            let engine = try bench.start(words)
            #expect(try bench.waitUntil(within: 30) { try bench.status("a")["is_reconciled"]?.bool == true })
            return engine
        }
        let lonely = try start()
        kill(lonely.processIdentifier, SIGINT)
        #expect(bench.waitUntil(within: 10) { !lonely.isRunning })
        if lonely.isRunning { bench.end(lonely, SIGKILL) }

        let engine = try start()
        for count: Int64 in 1...2 {
            let signal =
                #"{"schema":"fairlead.signal.v1","signal_id":"p-\#(count)","symbol":"BTCUSDT","side":"BUY","#
                + #""size":{"notional":"1"}}"# + "\n"
            let writer = try #require(FileHandle(forWritingAtPath: pipe))
            try writer.write(contentsOf: Data(signal.utf8))
            try writer.close()
            #expect(try bench.waitUntil { try bench.status("a")["counters"]?["signals"]?.integer == count })
        }
        let began = Date()
        bench.end(engine, SIGINT)
        #expect(Date().timeIntervalSince(began) < 10)
        #expect(engine.terminationStatus == 0)
    }

    /// Goal: a file of signals that can't be used ends the start before anything is made, with the code of a file.
    /// Method: one that isn't there, and a directory; the exit codes, the words, and the home.
    @Test func anUnusableFileMakesNothing() throws {
        let bench = try CommandProcess()
        let place = ["--home", bench.path("a"), "--config", bench.path("config")]
        for (name, words) in [("nosuch", "there is no such file of signals"), ("config", "a directory is no file")] {
            let found = try bench.run(words: ["run", "--signals", bench.path(name)] + place)
            #expect(found.status == 65, "\(found.errors)")
            #expect(found.errors.contains(words), "\(found.errors)")
            #expect(!FileManager.default.fileExists(atPath: bench.path("a")))
        }
    }
}
