import ArgumentParser
import Foundation
import Testing

@testable import fairlead

struct SimulateCommandTests {
    /// Goal: the simulator is given the same words.
    /// Method: parse command lines, and compare what would be handed over.
    @Test func wordsAreHandedOver() throws {
        let one = try SimulateCommand.parse(["--seed", "89", "--trace", "--keep-faults", "2,3"])
        #expect(one.words == ["--seed", "89", "--keep-faults", "2,3", "--trace"])
        let many = try SimulateCommand.parse(
            ["--seeds", "1..20", "--faults", "cut,crash", "--minutes", "10", "--jobs", "3", "--json"]
        )
        let wanted = ["--seeds", "1..20", "--faults", "cut,crash", "--minutes", "10", "--jobs", "3", "--json"]
        #expect(many.words == wanted)
        #expect(Main.run(["simulate"]) == .usage)
        #expect(Main.run(["simulate", "--seed", "1", "--seeds", "1..2"]) == .usage)
    }

    /// Goal: a release build is found beside the program or in its checkout, and a debug build never.
    /// Method: the places that are looked at for three executables.
    @Test func placesOfTheSimulator() {
        #expect(
            SimulatorProgram.candidates(executable: "/opt/bin/fairlead")
                == ["/opt/bin/fairlead-simulate", "/opt/release/fairlead-simulate"]
        )
        #expect(
            SimulatorProgram.candidates(executable: "/f/.build/linux/debug/fairlead")
                == ["/f/.build/linux/release/fairlead-simulate", "/f/Core/.build/release/fairlead-simulate"]
        )
        #expect(
            SimulatorProgram.candidates(executable: "/f/.build/linux/release/fairlead").first
                == "/f/.build/linux/release/fairlead-simulate"
        )
    }

    /// Goal: output and exit status are the simulator's own, and where there is none the way to one is said.
    /// Method: a copy of the program alone in a directory, then with a stand-in beside it that tells its words.
    @Test func becomesTheSimulator() throws {
        let files = FileManager.default
        let directory = NSTemporaryDirectory() + "fl-" + UUID().uuidString.prefix(8)
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { do { try files.removeItem(atPath: directory) } catch { print("\(directory) stays") } }
        let program = URL(fileURLWithPath: directory + "/fairlead")
        try files.copyItem(at: CommandProcess.executable, to: program)
        let alone = try run(program)
        #expect(alone.status == ExitStatus.unavailable.rawValue)
        #expect(alone.errors.contains("make simulate SEEDS=4..9"))
        let simulator = directory + "/" + SimulatorProgram.name
        try Data("#!/bin/sh\necho \"$@\"\nexit 1\n".utf8).write(to: URL(fileURLWithPath: simulator))
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: simulator)
        let beside = try run(program)
        #expect(beside.status == 1)
        #expect(beside.output == "--seeds 4..9 --jobs 2 --json\n")
    }

    private func run(_ program: URL) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = program
        process.arguments = ["simulate", "--seeds", "4..9", "--jobs", "2", "--json"]
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        let texts = [output, errors].map { pipe in
            String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        return (process.terminationStatus, texts[0], texts[1])
    }
}
