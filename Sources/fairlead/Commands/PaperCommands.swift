import ArgumentParser
import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import Foundation
import Synchronization

struct PaperResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paper-reset",
        abstract: "Begin anew with the starting balance: puts the journal aside, also of a running engine. Asks first.",
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
        if let client = try EngineClient.ifRunning(place) {
            try confirm.require("PAPER: the engine in \(paths.home) forgets its account and begins anew. Go on?")
            let result = try client.ask(.paperReset)
            let moved = result["journal"]?.string ?? "-"
            return try Report.result(result, output) { _ in "begun anew; the old journal is in \(moved)" }
        }
        guard FileManager.default.fileExists(atPath: paths.journal) else {
            return try Report.result(["journal": .null], output) { _ in "there is no journal in \(paths.home)" }
        }
        try confirm.require("PAPER: put the journal in \(paths.journal) aside and begin anew?")
        let moved: String
        do throws(LiveError) { moved = try JournalPlace.putAside(paths.journal) } catch {
            throw RunCommand.failure(error, place.flags)
        }
        try Report.result(["journal": .string(moved)], output) { _ in "the old journal is in \(moved)" }
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
                let ledger = try VenueLedger.read(configuration, home: place.paths.home)
                if output.plain { Output.text(PlainLines.text(ledger)) } else { Output.json(ledger) }
            } catch {
                var failure = RunCommand.failure(error, place.flags)
                if case .absent = error {
                    failure.message += "; \(Program.name) venue paper --socket PATH\(place.flags) makes one"
                }
                throw failure
            }
        }
    }

    struct Paper: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "paper",
            abstract: "Serve the paper venue on a local socket, with a journal and ledger of its own.",
            discussion: """
                Engines connect with paper.connection "socket" and market.source "venue" in
                runtime.json: both, or neither.

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
            let ended = DispatchSemaphore(value: 0)
            let failure = FailureNote()
            let venue: PaperVenueRun
            do throws(LiveError) {
                venue = try PaperVenueRun(configuration, socket: socket, home: home) { reason in
                    failure.set(reason)
                    ended.signal()
                }
            } catch {
                throw RunCommand.failure(error, place.flags)
            }
            Output.diagnostic("PAPER venue on \(socket), journal in \(home)/venue.journal; Ctrl-C stops it")
            process.start { number in
                if number != SIGHUP { ended.signal() }
                return true
            }
            ended.wait()
            let ledger = venue.stop()
            if let reason = failure.text { throw CommandFailure(.failure, "the venue stopped: \(reason)") }
            if output.json {
                Output.json(ledger)
            } else {
                Output.hint("PAPER venue stopped: \(JSONWriter.text(of: ledger))")
            }
        }
    }
}

/// Why a venue ended by itself.
private final class FailureNote: Sendable {
    private let reason = Mutex<String?>(nil)
    var text: String? { reason.withLock { $0 } }
    func set(_ text: String) { reason.withLock { $0 = text } }
}
