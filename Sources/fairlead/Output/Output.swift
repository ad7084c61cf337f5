import FairleadModel
import FairleadRuntime
import Foundation
import Glibc
import Synchronization

/// The two streams: what was asked for on stdout, everything else on stderr.
enum Output {
    /// How much is said beside what was asked for.
    enum Verbosity: Int {
        /// `--quiet`: errors only.
        case quiet
        case normal
        /// `--verbose`: sources and times too.
        case verbose
    }

    /// Of this process's one command line; set when it was parsed.
    static var verbosity: Verbosity {
        get { Verbosity(rawValue: spoken.load(ordering: .relaxed)) ?? .normal }
        set { spoken.store(newValue.rawValue, ordering: .relaxed) }
    }

    private static let spoken = Atomic<Int>(Verbosity.normal.rawValue)

    static func text(_ text: String) { line(text, to: STDOUT_FILENO) }
    /// What must be said: errors, questions, what a person has to see before they go on.
    static func diagnostic(_ text: String) { line(text, to: STDERR_FILENO) }
    /// What helps and may be left out: warnings, next steps, progress. Nothing with `--quiet`.
    static func hint(_ text: String) { if verbosity != .quiet { line(text, to: STDERR_FILENO) } }
    /// Where an answer comes from: with `--verbose` only.
    static func detail(_ text: String) { if verbosity == .verbose { line(text, to: STDERR_FILENO) } }

    /// A JSON value as one line.
    static func json(_ value: JSONValue) { text(JSONWriter.text(of: value)) }

    /// As it stands: a format with line ends of its own.
    static func verbatim(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

    private static func line(_ text: String, to descriptor: Int32) {
        write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        // A reader that is gone wants nothing more.
        if !Descriptor.write(bytes, to: descriptor), descriptor == STDOUT_FILENO { exit(0) }
    }

    /// Asks a yes-or-no question on the terminal. Without one, or with `--no-input`, the answer is no.
    static func confirm(_ question: String, word: String = "yes", isInteractive: Bool) -> Bool {
        guard isInteractive, isatty(STDIN_FILENO) == 1 else { return false }
        _ = Descriptor.write(Array("\(question) Type \(word): ".utf8), to: STDERR_FILENO)
        return readLine(strippingNewline: true)?.lowercased() == word
    }
}

/// Colours, where a person looks and did not forbid them (`--no-color`, `NO_COLOR`), or lines for programs (`--plain`).
struct Style {
    let isColored: Bool
    /// Tabs between cells instead of columns.
    let isPlain: Bool

    init(
        noColor: Bool,
        isPlain: Bool = false,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isTerminal: Bool? = nil
    ) {
        self.isPlain = isPlain
        let isForbidden =
            noColor || isPlain || environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        isColored = !isForbidden && (isTerminal ?? Descriptor.isTerminal(STDOUT_FILENO))
    }

    func bold(_ text: String) -> String { wrap("1", text) }
    func dim(_ text: String) -> String { wrap("2", text) }
    func green(_ text: String) -> String { wrap("32", text) }
    func yellow(_ text: String) -> String { wrap("33", text) }
    func red(_ text: String) -> String { wrap("31", text) }
    /// The word that stands on every screen.
    var paper: String { wrap("1;36", "PAPER") }

    private func wrap(_ code: String, _ text: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
