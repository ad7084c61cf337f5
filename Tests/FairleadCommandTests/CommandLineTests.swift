import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime
import Foundation
import Testing

@testable import fairlead

/// The command tree as a person meets it.
struct CommandLineTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")

    /// Goal: help texts change only on purpose.
    /// Method: compare with files; `FAIRLEAD_GOLDEN=write` writes them anew.
    @Test(arguments: [
        "", "run", "backtest", "signal send", "signal generate", "flatten", "why", "config", "simulate", "tca report",
        "tca compare",
    ])
    func helpIsGolden(_ command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        var type: any ParsableCommand.Type = Fairlead.self
        for word in words {
            let groups = type.configuration.subcommands + type.configuration.groupedSubcommands.flatMap(\.subcommands)
            type = try #require(groups.first { $0._commandName == word })
        }
        let text = Fairlead.helpMessage(for: type, columns: 100) + "\n"
        let name = (words.isEmpty ? "fairlead" : words.joined(separator: "-")) + ".txt"
        let file = Self.golden.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["FAIRLEAD_GOLDEN"] == "write" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    /// Goal: what is not understood ends with 2, and help and version with 0.
    /// Method: whole command lines through the entry.
    @Test func exitCodesOfTheCommandLine() {
        #expect(Main.run(["bogus"]) == .usage)
        #expect(Main.run(["fills", "--limit", "0"]) == .usage)
        #expect(Main.run(["orders", "cancel", "abc", "--home", "/nowhere"]) == .unavailable)
        #expect(Main.run(["orders", "pause"]) == .usage)
        #expect(Main.run(["orders", "amend", "fl-0001-00000001-01-0000-00-000000"]) == .usage)
        #expect(Main.run(["--help"]) == .success)
        #expect(Main.run(["--version"]) == .success)
        #expect(Main.run(["config", "validate", "--config", "/nowhere"]) == .invalidConfiguration)
        #expect(Main.run(["status", "--home", "/nowhere"]) == .unavailable)
        #expect(Main.run(["journal", "verify", "--home", "/nowhere"]) == .unavailable)
        #expect(Main.run(["signal", "validate", "/nowhere"]) == .invalidInput)
    }

    /// Goal: the numbers are the manual's.
    /// Method: the whole list.
    @Test func exitStatusesAreTheManuals() {
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 65, 69, 77, 78, 130])
    }

    /// Goal: what `init` writes is what `config validate` takes, and it is never overwritten unasked.
    /// Method: init twice in a directory of the test's own, validate, diff with itself.
    @Test func initWritesWhatValidateTakes() throws {
        let path = NSTemporaryDirectory() + "fl-" + UUID().uuidString.prefix(8)
        defer { do { try FileManager.default.removeItem(atPath: path) } catch { print("\(path) stays") } }
        #expect(Main.run(["init", "--config", path]) == .success)
        #expect(Main.run(["init", "--config", path]) == .failure)
        #expect(Main.run(["init", "--config", path, "--force"]) == .success)
        #expect(Main.run(["config", "validate", "--config", path]) == .success)
        #expect(Main.run(["config", "show", "--origin", "--config", path]) == .success)
        #expect(Main.run(["config", "diff", path, "--config", path]) == .success)
        #expect(Main.run(["doctor", "--config", path, "--home", path + "/home"]) == .success)
    }

    /// Goal: tables and amounts read well, and outside text can't break them.
    /// Method: a table with numbers to the right and a control character; amounts of all lengths.
    @Test func tablesAndAmounts() {
        var table = Table([.init("A"), .init("N", isNumber: true)])
        table.add(["x\u{1B}[2J", "1"])
        table.add(["long", "1000"])
        let style = Style(noColor: true)
        #expect(table.text(style, empty: "-") == "A         N\nx?[2J     1\nlong   1000")
        #expect(Table([.init("A")]).text(style, empty: "nothing") == "nothing")
        #expect(Screens.amount("1234.5678") == "1234.57")
        #expect(Screens.amount("1234.5649") == "1234.56")
        #expect(Screens.amount("-0.0999") == "-0.10")
        #expect(Screens.amount("-9.995") == "-10.00")
        #expect(Screens.amount("0.5") == "0.50")
        #expect(Screens.amount("-1") == "-1.00")
        #expect(Screens.amount("0.00066333") == "0.00066333")
        #expect(Screens.amount(.null) == "-")
    }

    /// Goal: the start screen's lines can be typed: the program as it was called, with the place that it runs in.
    /// Method: names with and without a path, a place that needs quotes, a foreign line.
    @Test func shownLinesCanBeTyped() throws {
        #expect(Program.name("fairlead") == "fairlead")
        #expect(Program.name(".build/debug/fairlead") == ".build/debug/fairlead")
        #expect(Program.name("/my tools/fairlead") == "'/my tools/fairlead'")
        #expect(Program.typed("fairlead resume") == Program.name + " resume")
        #expect(Program.typed("") == "")
        let place = try PlaceOptions.parse(["--config", "my config", "--home", "run"])
        let configuration = try ConfigurationDecoder.resolve(InitialDocuments.documents).get()
        let paths = HomePaths(configuration.runtime, home: "run")
        let screen = StartScreen.text(configuration, paths, place, Style(noColor: true))
        for word in ["signal send", "status", "halt"] {
            #expect(screen.contains("\(Program.name) \(word) --config 'my config' --home run"), "\(word)")
        }
    }

    /// Goal: after a halt the truth is told: what protects a position, and what does not.
    /// Method: the sentence of a halt, and of one that holds exits too.
    @Test func haltSaysWhatIsHeld() {
        let halted = Engagement.hint(["is_frozen": false], "fairlead resume")
        #expect(halted == "positions and their stops stay; fairlead resume lets new exposure out again")
        let frozen = Engagement.hint(["is_frozen": true], "fairlead resume")
        #expect(frozen.contains("stops and take-profits are held too"))
        #expect(!frozen.contains("their stops stay"))
    }

    /// Goal: what belongs to somebody else ends with 77, whoever meets it.
    /// Method: a refused directory as a reader, a start and a reset meet it.
    @Test func refusedPlacesEndWith77() {
        let refused = DiskError(.openDirectory, "journal", .permissionDenied)
        #expect(JournalView.failure("journal", refused).status == .permission)
        #expect(JournalView.failure(.journal(.disk(refused))).status == .permission)
        #expect(RunCommand.failure(LiveError("journal", refused), "").status == .permission)
        #expect(RunCommand.failure(LiveError("home", CocoaError(.fileWriteNoPermission)), "").status == .permission)
        let absent = DiskError(.openDirectory, "journal", .notFound)
        #expect(JournalView.failure("journal", absent).status == .unavailable)
        #expect(RunCommand.failure(LiveError("journal", absent), "").status == .failure)
    }

    /// Goal: what was sent to an engine that stands still may still be done, and that is said; what only looks says
    /// that nothing came. Method: a socket that takes connections and answers nobody, with a short patience.
    @Test func silenceIsNotRefusal() throws {
        let home = NSTemporaryDirectory() + "fl-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(atPath: home) } catch { print("\(home) stays") } }
        let paths = HomePaths(RuntimeConfiguration(), home: home)
        let silent = try SilentSocket(paths.controlSocket)
        defer { silent.end() }
        let flags = " --home \(home)"
        func failure(_ command: ControlCommand) -> CommandFailure? {
            do {
                _ = try EngineClient(paths, flags: flags, timeoutMilliseconds: 50).ask(command)
                return nil
            } catch { return error as? CommandFailure }
        }
        let trial = OverrideRequest(.cooldown, value: 0, until: .after(.seconds(60)), reason: "x")
        for command in [ControlCommand.halt(isFrozen: false), .kill, .overrideLimit(trial, isTrial: false)] {
            let found = failure(command)
            #expect(found?.status == .unavailable)
            #expect(found?.mayBeDone == true)
            let said = "sent; no answer within 50 ms: it may still be done. Look: \(Program.name) status\(flags)"
            #expect(found?.message == said)
        }
        for command in [ControlCommand.status, .positions, .overrideLimit(trial, isTrial: true)] {
            let found = failure(command)
            #expect(found?.status == .unavailable)
            #expect(found?.mayBeDone == false)
            #expect(found?.message.contains("no answer within 50 ms; look: ") == true)
        }
    }

    /// Goal: what a screen says to type means the same home and configuration.
    /// Method: a place with both given, as the sentences about a missing configuration and a faulty one name it.
    @Test func advicesNameThePlace() throws {
        let place = try PlaceOptions.parse(["--config", "no where", "--home", "run"])
        do throws(ConfigurationErrors) {
            _ = try place.files.resolve(environment: [:])
            Issue.record("a configuration that is not there resolves")
        } catch {
            #expect(error.list.allSatisfy { $0.reason.contains("`fairlead init --config 'no where'` writes one") })
            let said = DoctorCommand.faults(error, flags: place.flags)
            #expect(said.hasPrefix(error.list[0].description + "; 2 more: "), "\(said)")
            #expect(said.hasSuffix("config validate --config 'no where' --home run"))
        }
        let plain = ConfigurationFiles(directory: "config")
        #expect(plain.flag.isEmpty)
    }

    /// Goal: a socket that can't be bound is a fault of its key, told once. Method: the longest home that can hold it
    /// and one byte more, a start in such a home, and the sentence of a socket's error.
    @Test func longSocketsAreNamed() throws {
        let runtime = RuntimeConfiguration()
        let room = 107 - runtime.control.socket.utf8.count - 1
        let longest = HomePaths(runtime, home: String(repeating: "h", count: room))
        #expect(longest.socketFault(runtime) == nil)
        let home = String(repeating: "h", count: room + 1)
        let fault = try #require(HomePaths(runtime, home: home).socketFault(runtime))
        #expect(fault.hasPrefix("control.socket: \(home)/"))
        #expect(fault.hasSuffix("a socket's path has at most 107 bytes, this one 108"))
        let config = NSTemporaryDirectory() + "fl-" + UUID().uuidString.prefix(8)
        defer { do { try FileManager.default.removeItem(atPath: config) } catch { print("\(config) stays") } }
        #expect(Main.run(["init", "--config", config]) == .success)
        let deep = config + "/" + String(repeating: "h", count: 120)
        #expect(Main.run(["run", "--config", config, "--home", deep]) == .invalidConfiguration)
        #expect(!FileManager.default.fileExists(atPath: deep))
    }

    /// Goal: the doctor repeats what a status sends to it for, and wants as much room as it says.
    /// Method: a status with such an attention, one with another, one without; a full disk and an empty one.
    @Test func theDoctorRepeatsTheEngine() {
        func attention(_ what: String, _ next: String) -> JSONValue { ["what": .string(what), "next": .string(next)] }
        let lost: JSONValue = [
            "trading_state": "active",
            "attention": [attention("the log is lost", "fairlead doctor"), attention("no venue", "fairlead health")],
        ]
        let finding = DoctorCommand.engine(lost)
        #expect(!finding.isWell)
        #expect(finding.reason == "runs, active; the log is lost")
        #expect(DoctorCommand.engine(["trading_state": "active", "attention": []]).isWell)
        let full = DoctorCommand.space(free: 6 << 20)
        #expect(!full.isWell)
        #expect(full.reason == "6 MiB free; a run wants 512")
        #expect(DoctorCommand.space(free: 1 << 40).isWell)
    }

    /// Goal: a journal that can't be replayed names the way out with the place that was meant.
    /// Method: a start's failure by a difference, and by a home that was never a venue's.
    @Test func lostJournalsNameTheWayOut() {
        let diverged = NodeError.diverged(sequence: 1703, fact: "BTCUSDT quoted", detail: "")
        let failure = RunCommand.failure(.node(diverged), " --home run")
        #expect(failure.status == .failure)
        let next = "\(Program.name) run --home run --recover-from-venue puts the journal aside and starts anew"
        #expect(failure.message == "replay differs at sequence 1703 (BTCUSDT quoted); " + next)
        #expect(RunCommand.failure(.absent("venue.journal"), "").status == .unavailable)
    }

    /// Goal: NO_COLOR, --no-color and pipes take colours away.
    /// Method: each alone on a terminal, and none of them.
    @Test func coloursCanBeForbidden() {
        #expect(Style(noColor: false, environment: [:], isTerminal: true).isColored)
        #expect(!Style(noColor: true, environment: [:], isTerminal: true).isColored)
        #expect(!Style(noColor: false, environment: ["NO_COLOR": "1"], isTerminal: true).isColored)
        #expect(!Style(noColor: false, environment: [:], isTerminal: false).isColored)
    }

    /// Goal: made signals are the same for the same seed, and most of them valid.
    /// Method: two runs of a seed, another seed, and the decoder over all lines.
    @Test func madeSignalsAreDeterministic() throws {
        let terms = InstrumentTerms(
            tick: Price(raw: 10_000_000),
            lot: Quantity(raw: 100_000),
            minimumQuantity: Quantity(raw: 100_000),
            maximumQuantity: Quantity(raw: 100_000_000_000)
        )
        let instruments = [Instrument(symbol: "BTCUSDT", terms: terms, origin: "test")]
        var first = RehearsalSignals(seed: 7, instruments: instruments)
        var second = RehearsalSignals(seed: 7, instruments: instruments)
        var other = RehearsalSignals(seed: 8, instruments: instruments)
        let lines = first.lines(200)
        #expect(lines == second.lines(200))
        #expect(lines != other.lines(200))
        var directory = CheckDirectory(["BTCUSDT"])
        var valid = 0
        for (index, line) in lines.enumerated() {
            let number = SignalNumber(value: UInt64(index + 1))
            do throws(SignalError) {
                _ = try SignalDecoder.decode(Array(line.utf8), number: number, source: .file, directory: &directory)
                valid += 1
            } catch {
                #expect(error.reason == .unknownValue)
            }
        }
        #expect(valid > 150 && valid < 200)
    }
}

/// A local socket that takes connections and never answers, as that of a process that stands still.
private struct SilentSocket {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        // SAFETY: the buffer is the fixed array of the structure, and a test's path fits it.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
            for (index, byte) in bytes.enumerated() { unsafe target[index] = byte }
        }
        // SAFETY: the structure lives through the call and its size is given.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(result == 0)
        #expect(listen(descriptor, 16) == 0)
    }

    func end() { close(descriptor) }
}
