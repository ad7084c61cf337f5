import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadRuntime
import Foundation

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "The version, and what it speaks.",
        discussion: """
            EXAMPLES
              fairlead version
              fairlead version --json | jq -r .journal_format
            """
    )

    @OptionGroup var output: OutputOptions

    func run() throws {
        let value: JSONValue = [
            "version": .string(Version.text), "environment": "paper",
            "journal_format": .integer(JournalFormat.version), "signal_schema": .string(SignalDecoder.schema),
            "control_protocol": .integer(Version.controlProtocol), "build": .string(Version.build),
        ]
        output.show(value) { _ in
            "fairlead \(Version.text) (PAPER), journal format \(JournalFormat.version), \(Version.build)"
        }
    }
}

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write the three documents with every default, ready to trade on paper.",
        discussion: """
            EXAMPLES
              fairlead init
              fairlead init --config /etc/fairlead
              fairlead init --dry-run
            """
    )

    @Option(name: .long, help: ArgumentHelp("Where to.", valueName: "DIR"))
    var config = "config"

    @Flag(name: .long, help: "Replace documents that are there.")
    var force = false

    @Flag(name: .customLong("dry-run"), help: "Print the documents and write nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        if dryRun {
            for document in ConfigurationDocument.allCases {
                Output.diagnostic("# \(document.fileName)")
                Output.text(InitialDocuments.text(of: document))
            }
            return
        }
        let files = ConfigurationFiles(directory: config)
        let present = ConfigurationDocument.allCases.map(files.path).filter(FileManager.default.fileExists)
        guard present.isEmpty || force else {
            throw CommandFailure(.failure, "\(present.joined(separator: ", ")) is there; --force replaces it")
        }
        do {
            try FileManager.default.createDirectory(atPath: config, withIntermediateDirectories: true)
            for document in ConfigurationDocument.allCases {
                let text = InitialDocuments.text(of: document)
                try Data(text.utf8).write(to: URL(fileURLWithPath: files.path(of: document)), options: .atomic)
                Output.hint("wrote \(files.path(of: document))")
            }
        } catch {
            throw CommandFailure(Self.status(of: error), "\(config): \(error.localizedDescription)")
        }
        let value: JSONValue = ["documents": .array(ConfigurationDocument.allCases.map { .string(files.path(of: $0)) })]
        if output.json || output.plain { output.show(value) { _ in "" } }
        let flags = config == "config" ? "" : " --config \(PlaceOptions.quoted(config))"
        Output.hint("next: \(Program.name) run\(flags)")
    }

    /// What may not be written is somebody else's.
    static func status(of error: any Error) -> ExitStatus {
        switch (error as? CocoaError)?.code {
        case .fileWriteNoPermission, .fileReadNoPermission: .permission
        default: .failure
        }
    }
}

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check, show and compare the configuration.",
        subcommands: [Validate.self, Show.self, Schema.self, Difference.self]
    )

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "validate",
            abstract: "Check the three documents; every fault with its path. Exit 78 when there is one.",
            discussion: """
                EXAMPLES
                  fairlead config validate
                  fairlead config validate --config /etc/fairlead --json | jq .errors
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            do throws(ConfigurationErrors) {
                let resolved = try place.files.resolve()
                for warning in resolved.warnings { Output.hint("warning: \(warning)") }
                output.show(Self.report(resolved)) { _ in
                    let names = resolved.engine.instruments.map(\.symbol).joined(separator: ", ")
                    return "valid: \(names), hash \(resolved.hash)"
                }
            } catch {
                if output.json || output.plain {
                    let rows = error.list.map { fault -> JSONValue in
                        [
                            "document": fault.document.map { .string($0.fileName) } ?? .null,
                            "path": .string(fault.path), "fault": .string(fault.fault.rawValue),
                            "reason": .string(fault.reason),
                        ]
                    }
                    output.show(["valid": false, "errors": .array(rows)]) { _ in "" }
                    throw CommandFailure(.invalidConfiguration)
                }
                throw CommandFailure(.invalidConfiguration, "the configuration can't be used:\n\(error)")
            }
        }

        /// What is said of a configuration that can be used.
        static func report(_ resolved: ResolvedConfiguration) -> JSONValue {
            let warnings = resolved.warnings.map { warning -> JSONValue in
                [
                    "document": .string(warning.document.fileName), "path": .string(warning.path),
                    "reason": .string(warning.reason),
                ]
            }
            return [
                "valid": true, "hash": .string("\(resolved.hash)"), "errors": [], "warnings": .array(warnings),
            ]
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Every key with its value, and with --origin where that comes from.",
            discussion: """
                EXAMPLES
                  fairlead config show --origin
                  fairlead config show --origin --plain | grep FAIRLEAD__
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        @Flag(name: .long, help: "Say where each value comes from.")
        var origin = false

        func run() throws {
            let entries = try place.resolve().entries
            if output.json {
                let rows = entries.map { entry -> JSONValue in
                    var members = [
                        JSONMember("document", .string(entry.document.fileName)),
                        JSONMember("path", .string(entry.path)), JSONMember("value", entry.value?.json ?? .null),
                    ]
                    if origin { members.append(JSONMember("origin", .string(entry.origin.name))) }
                    return .object(members)
                }
                return Output.json(.array(rows))
            }
            var columns = [Table.Column("KEY"), Table.Column("VALUE")]
            if origin { columns.append(Table.Column("ORIGIN")) }
            for document in ConfigurationDocument.allCases {
                var table = Table(columns)
                for entry in entries where entry.document == document {
                    var cells = [entry.path, entry.value?.text ?? "off"]
                    if origin { cells.append(entry.origin.name) }
                    table.add(cells)
                }
                Output.text(output.style.bold(document.fileName))
                Output.text(table.text(output.style, empty: "nothing") + "\n")
            }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema",
            abstract: "The JSON Schema of a document: strategy_config, risk_limits or runtime.",
            discussion: """
                EXAMPLES
                  fairlead config schema risk_limits > risk_limits.schema.json
                """
        )

        @Argument(help: "strategy_config, risk_limits or runtime.")
        var document: String

        func run() throws {
            guard let known = ConfigurationDocument(rawValue: document) else {
                let names = ConfigurationDocument.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("\(document) is no document; it is one of \(names)")
            }
            Output.text(ConfigurationSchema.text(of: known))
        }
    }

    struct Difference: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff",
            abstract: "What another configuration would change, and what needs a restart.",
            discussion: """
                EXAMPLES
                  fairlead config diff /etc/fairlead.new
                  fairlead config diff --config /etc/fairlead /etc/fairlead.new --json
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: ArgumentHelp("Directory of the other three documents.", valueName: "DIR"))
        var other: String

        func run() throws {
            let ours = try place.resolve()
            let theirs: ResolvedConfiguration
            do throws(ConfigurationErrors) {
                theirs = try ConfigurationFiles(directory: other).resolve()
            } catch {
                throw CommandFailure(.invalidConfiguration, "\(other) can't be used:\n\(error)")
            }
            let changes = theirs.changes(from: ours)
            let rows = changes.map { change -> JSONValue in
                [
                    "document": .string(change.document.fileName), "path": .string(change.path),
                    "old": change.old?.json ?? .null, "new": change.new?.json ?? .null,
                    "needs_restart": .bool(change.needsRestart),
                ]
            }
            output.show(.array(rows)) { _ in
                changes.isEmpty ? "no difference" : changes.map(\.description).joined(separator: "\n")
            }
        }
    }
}
