import FairleadModel
import FairleadRuntime
import Glibc

/// One line at the bottom of a terminal that says how far a long piece of work is. Nothing where stderr is no terminal,
/// and nothing with `--quiet`.
struct ProgressLine {
    /// Narrow enough for any terminal.
    private static let width = 79
    private static let barWidth = 20
    private let isShown: Bool
    private let began = ContinuousClock.now
    private var last: ContinuousClock.Instant?
    private var isDrawn = false

    init() { isShown = Descriptor.isTerminal(STDERR_FILENO) && Output.verbosity != .quiet }

    /// Seconds since the beginning.
    var elapsed: Double { (ContinuousClock.now - began) / .seconds(1) }

    /// Draws the line anew, ten times a second at most. `share` is 0 to 1, nil where the end is not known.
    mutating func show(_ share: Double?, _ words: () -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let last, now - last < .milliseconds(100) { return }
        last = now
        isDrawn = true
        let line = Self.line(share, words(), elapsed)
        _ = Descriptor.write(Array("\r\(line)\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    /// Takes the line away: what follows begins on a clean one.
    mutating func clear() {
        guard isDrawn else { return }
        isDrawn = false
        _ = Descriptor.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    /// `[########............]  41 %  00:12:31  1.2 M/s  87 orders  0:14 left`.
    static func line(_ share: Double?, _ words: String, _ elapsed: Double) -> String {
        var line = ""
        if let share {
            let part = min(max(share, 0), 1)
            let full = Int(part * Double(barWidth))
            line = "[" + String(repeating: "#", count: full) + String(repeating: ".", count: barWidth - full) + "]"
            let percent = "\(Int(part * 100))"
            line += String(repeating: " ", count: 4 - percent.count) + percent + " %  "
        }
        line += words
        if let share, share > 0.02, share < 1 { line += "  \(clock(elapsed * (1 - share) / share)) left" }
        return String(line.prefix(width))
    }

    /// `0:07`, `12:03`, `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 359_999))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
    }

    /// `950`, `12.3 k`, `1.24 M`.
    static func rate(_ perSecond: Double) -> String {
        if perSecond >= 1e6 { return "\(Double(Int(perSecond / 1e4)) / 100) M" }
        if perSecond >= 1e3 { return "\(Double(Int(perSecond / 100)) / 10) k" }
        return "\(Int(max(0, perSecond)))"
    }
}
