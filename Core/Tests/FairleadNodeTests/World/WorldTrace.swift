import FairleadEngine
import FairleadModel
import Glibc

/// One thing that happened in a world: what the engine was told, or what it wanted done.
enum WorldLine: Sendable {
    case event(Timestamp, Event)
    case signal(Timestamp, SignalTerms)
    case command(Command)

    /// Without the names of modules, and of types that say nothing.
    private static func short(_ text: String) -> String {
        var words = ""
        for part in text.split(separator: " ", omittingEmptySubsequences: false) {
            let isDated = part.hasPrefix("2023-")
            var word = isDated ? "-," : String(part)
            for name in ["FairleadModel.", "InstrumentHandle(index: ", "VenueHandle("] {
                while let range = word.firstRange(of: name) { word.removeSubrange(range) }
            }
            words += word + " "
        }
        return words
    }

    var isMarket: Bool {
        switch self {
        case .event(_, .quoted), .event(_, .traded), .event(_, .marked), .event(_, .timer): true
        case .event, .signal, .command: false
        }
    }

    var text: String {
        switch self {
        case .event(let time, let event): "\(time.milliseconds % 10_000_000) \(Self.short("\(event)"))"
        case .signal(let time, let terms): "\(time.milliseconds % 10_000_000) signal \(Self.short("\(terms)"))"
        case .command(let command): "    -> \(Self.short("\(command)"))"
        }
    }
}

/// The last lines of the world that runs, told when the process traps: a broken invariant names its seed so.
///
/// One world runs at a time (its suite is serialized); the handler reads while the process dies.
enum WorldTrace {
    static let limit = 80
    nonisolated(unsafe) static var seed: UInt64 = 0
    nonisolated(unsafe) static var lines: [WorldLine] = []
    nonisolated(unsafe) private static var isInstalled = false

    static func begin(_ newSeed: UInt64) {
        // SAFETY: worlds run one after the other.
        unsafe seed = newSeed
        unsafe lines.removeAll(keepingCapacity: true)
        guard unsafe !isInstalled else { return }
        unsafe isInstalled = true
        for number in [SIGILL, SIGTRAP] {
            _ = signal(number) { caught in
                WorldTrace.tell()
                _ = signal(caught, SIG_DFL)
                raise(caught)
            }
        }
    }

    static func note(_ line: WorldLine) {
        // SAFETY: worlds run one after the other.
        unsafe lines.append(line)
        if unsafe lines.count > 12 * limit { unsafe lines.removeFirst(4 * limit) }
    }

    /// Seed and last lines as text.
    static var report: String {
        // SAFETY: worlds run one after the other.
        let told = unsafe lines.filter { !$0.isMarket }
        let last = told.suffix(limit).map(\.text).joined(separator: "\n")
        return unsafe "world of seed \(seed):\n\(last)\nworld of seed \(seed)\n"
    }

    static func tell() {
        var text = report
        // SAFETY: the pointer is used inside the closure only.
        text.withUTF8 { bytes in _ = unsafe write(2, bytes.baseAddress, bytes.count) }
    }
}
