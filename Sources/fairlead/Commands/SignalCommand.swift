import ArgumentParser
import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import Foundation

struct SignalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signal",
        abstract: "Send, make and check signals.",
        subcommands: [Send.self, Generate.self, Validate.self]
    )

    struct Send: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "send",
            abstract: "Hand signals to the running engine, one JSON object a line. Exit 4 when one was vetoed.",
            discussion: """
                EXAMPLES
                  fairlead signal send order.json
                  echo '{"schema":"fairlead.signal.v1","signal_id":"a1","symbol":"BTCUSDT",
                         "side":"BUY","size":{"notional":"500"}}' | tr -d '\\n' |
                    fairlead signal send -
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: ArgumentHelp("A file of signals; - is stdin.", valueName: "FILE"))
        var file = "-"

        func run() throws {
            let lines = try SignalLines.read(file)
            let client = try EngineClient(place)
            var worst: CommandFailure?
            for line in lines {
                do {
                    let answer = try client.ask(.signal(line))
                    show(answer, isAlone: lines.count == 1)
                    if answer["disposition"]?.string == "vetoed" { worst = worst ?? CommandFailure(.vetoed) }
                } catch let failure as CommandFailure where failure.status == .invalidInput {
                    Output.diagnostic("fairlead: invalid: \(failure.message)")
                    worst = CommandFailure(.invalidInput)
                }
            }
            if let worst { throw worst }
        }

        private func show(_ answer: JSONValue, isAlone: Bool) {
            if output.json || output.plain { return output.show(answer) { _ in "" } }
            let reasons = (answer["reasons"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
            var line = "\(output.style.paper) \(Screens.text(answer["disposition"])) \(Screens.text(answer["signal"]))"
            if let intent = answer["intent_id"]?.string { line += " \(intent)" }
            if !reasons.isEmpty { line += ": \(reasons)" }
            Output.text(line)
            if isAlone, let signal = answer["signal"]?.string {
                Output.hint("why: \(Program.name) why\(place.flags) \(signal)")
            }
        }
    }

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "validate",
            abstract: "Check signals without an engine; every fault. Exit 65 when one is invalid.",
            discussion: """
                EXAMPLES
                  fairlead signal validate signals.jsonl
                  cat signals.jsonl | fairlead signal validate - --json
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: ArgumentHelp("A file of signals; - is stdin.", valueName: "FILE"))
        var file = "-"

        func run() throws {
            let lines = try SignalLines.read(file)
            var directory = CheckDirectory(try place.resolve().engine.instruments.map(\.symbol))
            var invalid = 0
            for (index, line) in lines.enumerated() {
                do throws(SignalError) {
                    let number = SignalNumber(value: UInt64(index + 1))
                    let signal = try SignalDecoder.decode(line, number: number, source: .file, directory: &directory)
                    if output.json {
                        Output.json(["line": .integer(index + 1), "signal_id": .string(signal.signalID), "valid": true])
                    }
                } catch {
                    invalid += 1
                    let faults = error.faults.map { JSONValue.string($0.description) }
                    if output.json {
                        Output.json(["line": .integer(index + 1), "valid": false, "faults": .array(faults)])
                    } else {
                        for fault in error.faults {
                            Output.text("line \(index + 1): \(LogLine.plain(fault.description))")
                        }
                    }
                }
            }
            if !output.json { Output.text("\(lines.count - invalid) valid, \(invalid) invalid") }
            if invalid > 0 { throw CommandFailure(.invalidInput) }
        }
    }

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Make signals of many kinds from a seed, some of which will be refused.",
            discussion: """
                Times are spread over the tapes of --data, or over --from and --minutes. The
                same arguments give the same bytes.

                EXAMPLES
                  fairlead signal generate --seed 7 --count 300 --data btc.gz > signals.jsonl
                  fairlead signal generate --symbols BTCUSDT --count 5 | fairlead signal send -
                """
        )

        @OptionGroup var place: PlaceOptions

        @Option(name: .long, help: "What everything is drawn from.")
        var seed: UInt64 = 1

        @Option(
            name: .long,
            help: ArgumentHelp("Comma-separated; the configured ones unless given.", valueName: "LIST")
        )
        var symbols: String?

        @Option(name: .long, help: "How many.")
        var count = 100

        @Option(
            name: .long,
            help: ArgumentHelp("Spread over this tape's time, prices near its own. Repeatable.", valueName: "FILE")
        )
        var data: [String] = []

        @Option(name: .long, help: ArgumentHelp("The first time, ISO 8601 UTC.", valueName: "TIME"))
        var from: String?

        @Option(name: .long, help: "Spread over so many minutes from --from.")
        var minutes = 60

        func validate() throws {
            guard (1...1_000_000).contains(count) else { throw ValidationError("--count is 1 to 1000000") }
            guard (1...100_000).contains(minutes) else { throw ValidationError("--minutes is 1 to 100000") }
        }

        func run() throws {
            let known = try place.resolve().engine.instruments
            let chosen = try chosen(of: known)
            if !data.isEmpty {
                _ = Descriptor.write(
                    try Tapes.signals(data, known, chosen.map(\.symbol), seed: seed, count: count),
                    to: 1
                )
                return
            }
            var rehearsal = RehearsalSignals(seed: seed, instruments: chosen)
            if let from {
                do throws(TimestampError) { rehearsal.start = try Timestamp(text: from) } catch {
                    throw CommandFailure(.invalidInput, "--from \(error.explanation)")
                }
                rehearsal.span = .minutes(Int64(minutes))
            }
            for line in rehearsal.lines(count) { Output.text(line) }
        }

        private func chosen(of known: [Instrument]) throws -> [Instrument] {
            guard let symbols else { return known }
            let names = symbols.split(separator: ",")
            if names.isEmpty { throw CommandFailure(.usage, "--symbols names nothing") }
            return try names.map { name in
                guard let instrument = known.first(where: { $0.symbol == name }) else {
                    throw CommandFailure(.invalidInput, "\(name) is not configured")
                }
                return instrument
            }
        }
    }
}

/// The lines of a file of signals; a file that is one whole JSON object is one signal.
enum SignalLines {
    /// The largest file that is read at once: 256 MiB.
    static let byteLimit = 256 << 20

    static func read(_ file: String) throws -> [[UInt8]] {
        let data: Data?
        if file == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else {
            data = FileManager.default.contents(atPath: file)
        }
        guard let data else { throw CommandFailure(.invalidInput, "\(file): can't be read") }
        guard data.count <= byteLimit else { throw CommandFailure(.invalidInput, "\(file): is larger than 256 MiB") }
        let bytes = Array(data)
        if bytes.count <= SignalLimits.signal, isOneValue(bytes) { return [bytes.filter { $0 != 0x0A && $0 != 0x0D }] }
        let lines = bytes.split(separator: 0x0A).map(Array.init).filter { $0.contains { $0 != 0x20 && $0 != 0x0D } }
        guard !lines.isEmpty else { throw CommandFailure(.invalidInput, "\(file): holds no signal") }
        return lines
    }

    private static func isOneValue(_ bytes: [UInt8]) -> Bool {
        do throws(JSONError) {
            _ = try JSONParser.parse(bytes)
            return true
        } catch {
            return false
        }
    }
}

/// The names that `validate` knows.
struct CheckDirectory: SignalDirectory {
    private let symbols: [String]
    private var strategies: [String] = ["", "screener"]

    init(_ symbols: [String]) { self.symbols = symbols }

    func instrument(symbol: String) -> InstrumentHandle? {
        symbols.firstIndex(of: symbol).map { InstrumentHandle($0) }
    }

    mutating func strategy(named name: String) -> StrategyHandle? {
        if let index = strategies.firstIndex(of: name) { return StrategyHandle(index: UInt16(index)) }
        guard strategies.count < 256 else { return nil }
        strategies.append(name)
        return StrategyHandle(index: UInt16(strategies.count - 1))
    }
}
