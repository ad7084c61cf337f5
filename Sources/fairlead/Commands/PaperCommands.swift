import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadRuntime
import Foundation

struct PaperResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paper-reset",
        abstract: "Begin anew with the starting balance: puts the journal of a stopped engine aside. Asks first.",
        discussion: """
            EXAMPLES
              fairlead paper-reset --yes
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var confirm: ConfirmOptions

    func run() throws {
        let paths = place.paths
        if try EngineClient.ifRunning(place) != nil {
            throw CommandFailure(
                .failure,
                "an engine runs in \(paths.home); stop it first (Ctrl-C where it runs, or kill -TERM)"
            )
        }
        guard FileManager.default.fileExists(atPath: paths.journal) else {
            return try Report.result(["journal": .null], output) { _ in "there is no journal in \(paths.home)" }
        }
        try confirm.require("PAPER: put the journal in \(paths.journal) aside and begin anew?")
        let moved = try putAside(paths.journal)
        try Report.result(["journal": .string(moved)], output) { _ in "the old journal is in \(moved)" }
    }

    private func putAside(_ path: String) throws -> String {
        do {
            let disk = try PosixDisk(path: path, make: false)
            let lock = try disk.lock()
            defer { withExtendedLifetime(lock) {} }
            var number = 1
            while FileManager.default.fileExists(atPath: "\(path).\(number)") { number += 1 }
            try FileManager.default.moveItem(atPath: path, toPath: "\(path).\(number)")
            return "\(path).\(number)"
        } catch {
            throw CommandFailure(.failure, "\(path): \(error)")
        }
    }
}

struct VenueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "venue",
        abstract: "A venue in a process of its own.",
        subcommands: [Paper.self, Ledger.self]
    )

    struct Ledger: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ledger",
            abstract:
                "The venue's own ledger as JSON, read from its journal: the truth that an engine is compared with.",
            discussion: """
                EXAMPLES
                  fairlead venue ledger --home venue | jq .
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let configuration = try place.resolve()
            do throws(LiveError) {
                Output.json(try VenueLedger.read(configuration, home: place.paths.home))
            } catch {
                throw CommandFailure(.failure, "\(error)")
            }
        }
    }

    struct Paper: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "paper",
            abstract: "Serve the paper venue on a local socket, with a journal and ledger of its own.",
            discussion: """
                Engines connect with paper.connection "socket" and market.source "venue" in runtime.json.

                EXAMPLES
                  fairlead venue paper --socket run/paper.sock --home venue
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        @Option(name: .long, help: ArgumentHelp("Where to listen.", valueName: "PATH"))
        var socket: String

        func run() throws {
            let process = ProcessSignals()
            let configuration = try place.resolve()
            let home = place.home ?? "venue"
            let venue: PaperVenueRun
            do throws(LiveError) {
                venue = try PaperVenueRun(configuration, socket: socket, home: home)
            } catch {
                throw CommandFailure(.failure, "\(error)")
            }
            Output.diagnostic("PAPER venue on \(socket), journal in \(home)/venue.journal; Ctrl-C stops it")
            let ended = DispatchSemaphore(value: 0)
            process.start { number in
                if number != SIGHUP { ended.signal() }
                return true
            }
            ended.wait()
            let ledger = venue.stop()
            if output.json {
                Output.json(ledger)
            } else {
                Output.hint("PAPER venue stopped: \(JSONWriter.text(of: ledger))")
            }
        }
    }
}
