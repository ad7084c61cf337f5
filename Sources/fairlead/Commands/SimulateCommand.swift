import ArgumentParser
import FairleadModel
import Foundation
import Glibc

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Play the whole router from seeds, with faults, and judge it by the venue's ledger.",
        discussion: """
            A seed plays half an hour or more in about a second: the release program
            fairlead-simulate does it, and this command hands its words over. Ends with
            0 when every seed holds, with 1 when one does not.

            EXAMPLES
              fairlead simulate --seeds 1..100
              fairlead simulate --seed 89 --trace
              fairlead simulate --seeds 1..20 --faults cut,crash --minutes 10 --json
            """
    )

    @Option(name: .long, help: ArgumentHelp("One seed.", valueName: "N"))
    var seed: UInt64?

    @Option(
        name: .long,
        help: ArgumentHelp("A range; each failing one is told, and the run goes on.", valueName: "A..B")
    )
    var seeds: String?

    @Option(name: .long, help: ArgumentHelp("Only these kinds of faults, by comma; none for none.", valueName: "LIST"))
    var faults: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Virtual minutes with faults; the seed's own unless given.", valueName: "V")
    )
    var minutes: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("Seeds at a time; as many as there are cores unless given.", valueName: "N")
    )
    var jobs: Int?

    @Option(name: .long, help: ArgumentHelp("Write the journal of the one seed there.", valueName: "DIR"))
    var out: String?

    @Option(
        name: .customLong("keep-faults"),
        help: ArgumentHelp("Only these faults of the schedule.", valueName: "LIST")
    )
    var keptFaults: String?

    @Option(name: .customLong("keep-signals"), help: ArgumentHelp("Only these signals.", valueName: "LIST"))
    var keptSignals: String?

    @Flag(name: .long, help: "One JSON object a seed.")
    var json = false

    @Flag(name: .long, help: "The whole story of the one seed.")
    var trace = false

    @Flag(name: .long, help: "The table of faults and order states that were reached.")
    var marks = false

    @Flag(name: .customLong("no-shrink"), help: "Look for no shorter schedule of a failing seed.")
    var noShrink = false

    func validate() throws {
        if (seed == nil) == (seeds == nil) { throw ValidationError("give --seed N or --seeds A..B") }
    }

    func run() throws {
        guard let path = SimulatorProgram.find() else {
            throw CommandFailure(
                .unavailable,
                "no release build of \(SimulatorProgram.name) is here: `make release` puts one beside fairlead; "
                    + "`make simulate SEEDS=\(seed.map { "\($0)" } ?? seeds ?? "1..100")` needs none"
            )
        }
        Output.detail("by \(path)")
        throw SimulatorProgram.become(path, words)
    }

    /// The same words, as the simulator takes them.
    var words: [String] {
        var words: [String] = []
        func add(_ name: String, _ value: String?) { if let value { words += [name, value] } }
        add("--seed", seed.map { "\($0)" })
        add("--seeds", seeds)
        add("--faults", faults)
        add("--minutes", minutes.map { "\($0)" })
        add("--jobs", seeds == nil ? nil : "\(jobs ?? ProcessInfo.processInfo.activeProcessorCount)")
        add("--out", out)
        add("--keep-faults", keptFaults)
        add("--keep-signals", keptSignals)
        for (flag, isOn) in [("--json", json), ("--trace", trace), ("--marks", marks), ("--no-shrink", noShrink)]
        where isOn {
            words.append(flag)
        }
        return words
    }
}

/// The fault simulator's release program, and how this process becomes it.
enum SimulatorProgram {
    static let name = "fairlead-simulate"

    /// Where it may stand, best first. Never a debug build: a range would take hours.
    static func candidates(executable: String) -> [String] {
        let directory = URL(fileURLWithPath: executable).deletingLastPathComponent()
        var places: [URL] = []
        if directory.lastPathComponent != "debug" { places.append(directory) }
        places.append(directory.deletingLastPathComponent().appendingPathComponent("release"))
        if let end = executable.range(of: "/.build/") {
            let checkout = URL(fileURLWithPath: String(executable[..<end.lowerBound]))
            places.append(checkout.appendingPathComponent("Core/.build/release"))
        }
        return places.map { $0.appendingPathComponent(name).path }
    }

    static func find() -> String? {
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        return candidates(executable: executable).first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs the program in the place of this process: its output, its exit status and Ctrl-C are its own. Comes back
    /// only where the system refuses.
    static func become(_ path: String, _ words: [String]) -> CommandFailure {
        // Ours is to go on when a reader is gone; the simulator's is to end.
        signal(SIGPIPE, SIG_DFL)
        // SAFETY: each text is copied, and the copies live until the process is another one; the list ends with nil.
        var arguments = unsafe ([path] + words).map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        // SAFETY: the list outlives the call, which comes back only when it failed.
        _ = unsafe execv(path, &arguments)
        return CommandFailure(.failure, "\(path) can't be run: error \(errno)")
    }
}
