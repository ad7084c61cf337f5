import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime
import Glibc

struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Check, replay, follow and export a journal, which is never written.",
        subcommands: [Verify.self, Replay.self, Tail.self, Export.self, Stat.self, RebuildHistory.self]
    )

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Read every byte and check it. Exit 6 when it is damaged.",
            discussion: """
                EXAMPLES
                  fairlead journal verify
                  fairlead journal verify --journal out/journal --json
                """
        )

        @OptionGroup var place: ReaderPlace
        @OptionGroup var output: OutputOptions

        func run() throws {
            let disk = try place.view.disk()
            let report = try JournalView.journaling { () throws(JournalError) in try JournalVerifier.verify(disk) }
            output.show(JournalScreens.json(report)) { _ in JournalScreens.text(report, output.style) }
            if !report.isSound { throw CommandFailure(.journalQuarantined) }
        }
    }

    struct Stat: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stat",
            abstract: "A journal at a glance.",
            discussion: """
                EXAMPLES
                  fairlead journal stat --json
                """
        )

        @OptionGroup var place: ReaderPlace
        @OptionGroup var output: OutputOptions

        func run() throws {
            let disk = try place.view.disk()
            let stat = try JournalView.journaling { () throws(JournalError) in try JournalStat(disk) }
            let value: JSONValue = [
                "environment": "paper", "journal": .string("\(stat.journalID)"),
                "first_sequence": .integer(stat.firstSequence), "last_sequence": .integer(stat.lastSequence),
                "segments": .integer(stat.segmentCount), "segment_bytes": .integer(stat.segmentByteCount),
                "archives": .integer(stat.archiveCount), "archive_bytes": .integer(stat.archiveByteCount),
                "snapshots": .array(stat.snapshotSequences.map { .integer($0) }),
            ]
            output.show(value) { JournalScreens.members($0, "stat", output.style) }
        }
    }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay",
            abstract: "Feed the journal to a fresh engine, compare what it computes, and print the hashes.",
            discussion: """
                EXAMPLES
                  fairlead journal replay
                  fairlead journal replay --until 1200 --json
                  fairlead journal replay --out out
                """
        )

        @OptionGroup var place: ReaderPlace
        @OptionGroup var output: OutputOptions

        @Option(name: .long, help: ArgumentHelp("Stop after this sequence.", valueName: "SEQUENCE"))
        var until: UInt64 = .max

        @Flag(name: .long, help: "Print each notice as a JSON line.")
        var notices = false

        func run() throws {
            let showsNotices = notices
            let result = try place.view.replay(through: until) { item, names in
                guard showsNotices, case .notice(let entry) = item else { return }
                Output.json(JournalView.json(entry, names))
            }
            let value: JSONValue = [
                "environment": "paper", "sequence": .integer(result.sequence),
                "ts": .string(result.time.text(.nanoseconds)),
                "epoch": .integer(result.epoch.number), "commands": .integer(result.commandCount),
                "journal_hash": result.journalHash.map { .string("\($0)") } ?? .null,
                "command_hash": .string("\(result.commandHash)"), "state_hash": .string("\(result.stateHash)"),
            ]
            output.show(value) { JournalScreens.members($0, "replay", output.style) }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Every record as a JSON line.",
            discussion: """
                EXAMPLES
                  fairlead journal export --no-market > records.jsonl
                  fairlead journal export --from 1200 | head
                """
        )

        @OptionGroup var place: ReaderPlace
        @OptionGroup var output: OutputOptions

        @Option(name: .long, help: ArgumentHelp("From this sequence on.", valueName: "SEQUENCE"))
        var from: UInt64 = 0

        @Flag(name: .customLong("no-market"), help: "Leave market data out.")
        var leavesOutMarket = false

        func run() throws {
            let view = place.view
            var printer = RecordPrinter(try view.configuration().engine.instruments, showsMarket: !leavesOutMarket)
            let disk = try view.disk()
            let first = from
            try JournalView.journaling { () throws(JournalError) in
                var reader = try JournalReader(disk, from: first)
                while let record = try reader.next() { printer.show(record) }
            }
        }
    }

    struct Tail: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tail",
            abstract: "The newest records as JSON lines; with --follow those that come.",
            discussion: """
                EXAMPLES
                  fairlead journal tail
                  fairlead journal tail --follow --no-market
                """
        )

        @OptionGroup var place: ReaderPlace
        @OptionGroup var output: OutputOptions

        @Option(name: .shortAndLong, help: ArgumentHelp("So many records.", valueName: "N"))
        var lines: UInt64 = 20

        @Flag(name: .shortAndLong, help: "Wait for more until Ctrl-C.")
        var follow = false

        @Flag(name: .customLong("no-market"), help: "Leave market data out.")
        var leavesOutMarket = false

        func run() throws {
            let view = place.view
            var printer = RecordPrinter(try view.configuration().engine.instruments, showsMarket: !leavesOutMarket)
            let disk = try view.disk()
            let (count, waits) = (lines, follow)
            try JournalView.journaling { () throws(JournalError) in
                let stat = try JournalStat(disk)
                let wanted = stat.lastSequence > count ? stat.lastSequence - count + 1 : 0
                // Of a journal that was trimmed, what is left.
                var reader = try JournalReader(disk, from: max(stat.firstSequence, wanted))
                repeat {
                    while let record = try reader.next() { printer.show(record) }
                    if waits { usleep(100_000) }
                } while waits
            }
        }
    }
}

/// Journal records as JSON lines, with the names that the records before them gave.
struct RecordPrinter {
    private var names: RunNames
    private let showsMarket: Bool

    init(_ instruments: [Instrument], showsMarket: Bool) {
        names = RunNames(instruments)
        self.showsMarket = showsMarket
    }

    mutating func show(_ record: JournalRecord) {
        var writer = JSONWriter()
        if case .event(let event) = record.body {
            if !showsMarket, isMarket(event) { return }
            EventText.write(event, RecordStamp(sequence: record.sequence, time: record.time), names: names, to: &writer)
            return Output.text(writer.text)
        }
        if case .text(let text) = record.body {
            switch text.kind {
            case .signalID: names.add(signal: SignalNumber(value: text.key), text.text)
            case .strategyName: names.setStrategy(Int(clamping: min(text.key, 65_535)), text.text)
            case .refusal: names.setRefusal(SignalNumber(value: text.key), text.text)
            case .meta, .overrideReason: break
            }
        }
        Output.json([
            "record": .string(record.header.type.name), "sequence": .integer(record.sequence),
            "ts": record.time.isKnown ? .string(record.time.text(.nanoseconds)) : .null,
            "content": Self.content(record.body),
        ])
    }

    private func isMarket(_ event: Event) -> Bool {
        switch event {
        case .quoted, .traded, .marked, .barReported: true
        case .epochOpened, .configured, .timer, .operated, .signalReceived, .signalRefused, .orderAccepted,
            .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected, .orderReplaced,
            .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .egressRefused, .neverSent, .venueConnected, .venueDisconnected, .venueThrottled,
            .venueBanned, .balanceReported, .positionReported, .reconciliationBegan, .reconciliationCompleted,
            .reconciliationFailed, .haltReported, .fundingPaid, .riskOrdered, .positionOrdered:
            false
        }
    }

    private static func content(_ body: RecordBody) -> JSONValue {
        switch body {
        case .event: .null
        case .signalTerms(let terms): ["signal": .string(terms.number.description), "side": .string(terms.side.name)]
        case .text(let text): ["key": .integer(text.key), "text": .string(text.text)]
        case .configuration(let record): ["hash": .string("\(record.hash)")]
        case .marketReference(let reference):
            ["source": .string("\(reference.source)"), "ordinal": .integer(reference.ordinal)]
        case .manifest(let manifest):
            ["run_id": .string(manifest.runID.description), "status": .string("\(manifest.status)")]
        case .snapshotMark(let mark): ["state_hash": .string("\(mark.stateHash)")]
        case .seal(let seal): ["segment": .integer(seal.segment), "hash": .string("\(seal.hash)")]
        case .note(let text): ["text": .string(text)]
        }
    }
}

/// What `journal verify` shows.
enum JournalScreens {
    static func json(_ report: JournalReport) -> JSONValue {
        [
            "environment": "paper", "is_sound": .bool(report.isSound), "journal": .string("\(report.journalID)"),
            "first_sequence": .integer(report.firstSequence), "last_sequence": .integer(report.lastSequence),
            "last_ts": report.lastTime.isKnown ? .string(report.lastTime.text(.nanoseconds)) : .null,
            "journal_hash": .string("\(report.hash)"), "segments": .integer(report.segments.count),
            "torn_tail": report.tornTail.map { ["file": .string($0.file), "offset": .integer($0.offset)] } ?? .null,
            "damage": report.damage.map { .string("\($0)") } ?? .null,
            "records": .array(
                report.counts.map {
                    [
                        "type": .string($0.type.name), "lane": .string("\($0.lane)"), "records": .integer($0.records),
                        "bytes": .integer($0.bytes),
                    ]
                }
            ),
        ]
    }

    /// A value's members, a line each.
    static func members(_ value: JSONValue, _ title: String, _ style: Style) -> String {
        let rows = (value.object ?? []).filter { $0.key != "environment" }
        return (["\(style.paper)  journal \(title)"] + rows.map { "\($0.key): \(Screens.text($0.value))" })
            .joined(separator: "\n")
    }

    static func text(_ report: JournalReport, _ style: Style) -> String {
        var lines = ["\(style.paper)  journal verify: \(report.isSound ? style.green("sound") : style.red("DAMAGED"))"]
        if let damage = report.damage { lines.append("\(damage)") }
        if let torn = report.tornTail {
            lines.append("torn tail in \(torn.file) at \(torn.offset): the next run cuts it off")
        }
        lines.append("sequences \(report.firstSequence) to \(report.lastSequence), \(report.segments.count) segments")
        for count in report.counts { lines.append("\(count.type.name) (\(count.lane)): \(count.records) records") }
        lines.append("hash \(report.hash)")
        return lines.joined(separator: "\n")
    }
}
