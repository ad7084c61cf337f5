import ArgumentParser
import FairleadModel
import FairleadRuntime
import Foundation
import Glibc

struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "One screen that refreshes: what is wrong, what is at risk, what to type.",
        discussion: """
            State, NAV, positions and what protects them, orders, router, vetoes,
            liveness, events. What the engine does not tell comes from its state files;
            what is too old is marked STALE. Where nobody looks (a pipe, --once) it is
            printed once, and exits as status does: 7 when killed, 3 when degraded; 69
            without an engine.

            KEYS
              h  halt            asks first: y does it, any other key does not
              s  stop-entries    asks first
              q  quit

            EXAMPLES
              fairlead top
              fairlead top --once --no-color > incident.txt
              fairlead top --json | jq .attention
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Print one screen and end.")
    var once = false

    @Option(
        name: .customLong("every"),
        help: ArgumentHelp("Look so often; 200 to 60000 ms.", valueName: "MS")
    )
    var periodMilliseconds: Int32 = 1_000

    @Option(
        name: .long,
        help: ArgumentHelp("Of a screen that is printed: 80x24. All rows unless given.", valueName: "COLUMNSxROWS")
    )
    var size: ScreenSize?

    func validate() throws {
        guard (200...60_000).contains(periodMilliseconds) else { throw ValidationError("--every is 200 to 60000") }
    }

    func run() throws {
        let source = TopSource(place)
        if isPrinted { return try printOnce(source) }
        // Nothing else may write on the screen.
        Output.verbosity = .quiet
        let terminal = try Terminal(input: STDIN_FILENO, output: STDOUT_FILENO)
        defer { terminal.close() }
        let feed = TopFeed(source, periodMilliseconds: periodMilliseconds)
        TopLoop(terminal, feed, isColored: output.style.isColored) { source.act($0) }.run()
    }

    /// A terminal that can't be drawn on, or none, gets the screen once.
    private var isPrinted: Bool {
        let isScreen = Descriptor.isTerminal(STDOUT_FILENO) && Descriptor.isTerminal(STDIN_FILENO)
        let isDumb = ["", "dumb"].contains(ProcessInfo.processInfo.environment["TERM"] ?? "")
        return once || size != nil || output.json || output.plain || !isScreen || isDumb
    }

    private func printOnce(_ source: TopSource) throws {
        var client: EngineClient?
        let model = source.read(&client)
        output.show(model.json) { _ in
            let width = Terminal.size(of: STDOUT_FILENO)?.columns ?? Self.pipeColumns
            let screen = TopScreen(size: size ?? ScreenSize(columns: width, rows: TopScreen.endless), now: model.time)
            let lines = screen.lines(model).map { $0.text(isColored: output.style.isColored) }
            return lines.joined(separator: "\n")
        }
        guard model.isLive else { throw CommandFailure(.unavailable) }
        try Condition.check(model.json)
    }

    /// Of a pipe: all columns of the tables have room.
    private static let pipeColumns = 120
}

extension ScreenSize: ExpressibleByArgument {
    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let columns = parts[0], let rows = parts[1], (1...10_000).contains(columns),
            (1...10_000).contains(rows)
        else { return nil }
        self.init(columns: columns, rows: rows)
    }
}
