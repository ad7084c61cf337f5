public import ArgumentParser
import FairleadJournal
import FairleadModel
public import FairleadPublication
import FairleadRuntime
import Glibc

extension StateCommand {
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A state file, or one of its fields; without a name the list of them.",
            discussion: """
                A field is written as validate names it: router_health.global.quality_score,
                positions[0].symbol. The engine may run or not.

                EXAMPLES
                  fairlead state show
                  fairlead state show nav
                  fairlead state show router_health router_health.global --json
                  fairlead state show positions_state "positions[0].quantity"
                """
        )

        @OptionGroup var place: StatePlace
        @OptionGroup var output: OutputOptions

        @Argument(help: ArgumentHelp("The file: nav, or nav.json.", valueName: "FILE"))
        var file: StateFile?

        @Argument(help: ArgumentHelp("A field of it.", valueName: "FIELD"))
        var field: String?

        func run() throws {
            let reader = StateReader(try place.stateDisk())
            guard let file else { return list(reader.snapshot()) }
            let document = reader.read(file)
            if let fault = document.fault {
                throw CommandFailure(fault == .missing ? .unavailable : .invalidInput, "\(file.fileName): \(fault)")
            }
            guard let field else {
                return output.show(document.value) {
                    "\(StateScreen.heading(document, output.style))\n\(PlainLines.text($0))"
                }
            }
            guard let value = FieldPath.value(field, in: document.value) else {
                throw CommandFailure(.invalidInput, "\(file.fileName): \(field): is missing")
            }
            output.show(value) { FieldPath.text($0) }
        }

        private func list(_ snapshot: StateSnapshot) {
            if output.json { return Output.json(["files": .array(StateFile.allCases.map { row(snapshot[$0]) })]) }
            var table = Table([.init("FILE"), .init("CYCLE", isNumber: true), .init("UPDATED"), .init("FAULT")])
            for file in StateFile.allCases {
                let document = snapshot[file]
                table.add([
                    file.fileName, document.cycle.map { "\($0)" } ?? "-",
                    document.updated?.text(.milliseconds) ?? "-", document.fault.map { "\($0)" } ?? "",
                ])
            }
            let heading = StateScreen.heading(snapshot[.engineMetadata], output.style)
            let text = table.text(output.style, empty: "")
            Output.text(output.style.isPlain ? text : heading + "\n" + text)
        }

        private func row(_ document: StateDocument) -> JSONValue {
            [
                "file": .string(document.file.fileName), "cycle": document.cycle.map { .integer($0) } ?? .null,
                "updated_ts": document.updated.map { .string($0.text(.milliseconds)) } ?? .null,
                "fault": document.fault.map { .string("\($0)") } ?? .null,
            ]
        }
    }

    struct Watch: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "watch",
            abstract: "A state file, or one of its fields, again at each new cycle, until Ctrl-C.",
            discussion: """
                On a terminal the screen is drawn anew; piped, one after the other. A file
                that can't be read for a while is told, and watched on.

                EXAMPLES
                  fairlead state watch diagnostics
                  fairlead state watch nav nav --count 10
                  fairlead state watch router_health router_health.global --json
                """
        )

        @OptionGroup var place: StatePlace
        @OptionGroup var output: OutputOptions

        @Argument(help: ArgumentHelp("The file: nav, or nav.json.", valueName: "FILE"))
        var file: StateFile

        @Argument(help: ArgumentHelp("A field of it.", valueName: "FIELD"))
        var field: String?

        @Option(name: .long, help: ArgumentHelp("End after so many cycles.", valueName: "N"))
        var count: Int?

        func validate() throws {
            if let count, count < 1 { throw ValidationError("--count is at least 1") }
        }

        func run() throws {
            let reader = StateReader(try place.stateDisk())
            var seen: UInt64?
            var told: StateFault?
            var shown = 0
            while count.map({ shown < $0 }) ?? true {
                let document = reader.read(file)
                if document.fault != told {
                    told = document.fault
                    if let fault = document.fault { Output.diagnostic("\(file.fileName): \(fault)") }
                }
                if document.fault == nil, seen == nil || document.cycle != seen {
                    seen = document.cycle
                    shown += 1
                    show(document)
                } else {
                    usleep(100_000)
                }
            }
        }

        private func show(_ document: StateDocument) {
            let value = field.map { FieldPath.value($0, in: document.value) ?? .null } ?? document.value
            if output.json {
                return Output.json(["cycle": document.cycle.map { .integer($0) } ?? .null, "value": value])
            }
            let text = field == nil ? PlainLines.text(value) : FieldPath.text(value)
            if output.style.isPlain { return Output.text(text) }
            let isScreen = Descriptor.isTerminal(STDOUT_FILENO)
            let clear = isScreen ? "\u{1B}[H\u{1B}[2J" : ""
            Output.text("\(clear)\(StateScreen.heading(document, output.style))\n\(text)")
        }
    }
}

extension StateFile: @retroactive ExpressibleByArgument {
    /// By its name, with or without ".json".
    public init?(argument: String) {
        let name = argument.hasSuffix(".json") ? String(argument.dropLast(5)) : argument
        self.init(rawValue: name)
    }
}

enum StateScreen {
    /// "PAPER  nav.json  cycle 812  2024-08-08T12:34:56.789Z". An environment that nobody knows is not paper.
    static func heading(_ document: StateDocument, _ style: Style) -> String {
        let environment = document.environment
        let word = environment == "paper" ? style.paper : style.bold(LogLine.plain(environment?.uppercased() ?? "?"))
        let cycle = document.cycle.map { "cycle \($0)" } ?? "no cycle"
        let time = document.updated?.text(.milliseconds) ?? "no time"
        return "\(word)  \(document.fileName)  \(cycle)  \(time)"
    }
}

/// Fields as findings name them: `router_health.global.quality_score`, `positions[0].symbol`.
enum FieldPath {
    /// nil where there is no such field. A key with a point in it is found too: the longest that fits is taken first.
    static func value(_ path: String, in value: JSONValue) -> JSONValue? {
        if path.isEmpty { return value }
        let text = path.hasPrefix(".") ? path.dropFirst() : path[...]
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]"), let index = Int(text[text.index(after: text.startIndex)..<end]),
                let element = value[index]
            else { return nil }
            return self.value(String(text[text.index(after: end)...]), in: element)
        }
        let ends = [text.endIndex] + text.indices.reversed().filter { text[$0] == "." || text[$0] == "[" }
        for end in ends {
            guard let inner = value[String(text[..<end])] else { continue }
            if let found = self.value(String(text[end...]), in: inner) { return found }
        }
        return nil
    }

    /// A value alone as it is, a tree a line a value.
    static func text(_ value: JSONValue) -> String {
        if value.object == nil, value.array == nil { return LogLine.plain(Screens.text(value)) }
        let lines = PlainLines.text(value)
        return lines.isEmpty ? "nothing" : lines
    }
}
