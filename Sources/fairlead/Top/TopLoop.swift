import FairleadModel
import FairleadRuntime
import Glibc

/// The screen while a person looks at it: draws what the feed brings, follows the window's size, and takes keys.
///
/// `h` and `s` ask first; `y` within ten seconds does it, any other key doesn't. `q` and Ctrl-C end it, and so do the
/// signals that end a process; the terminal is given back in each case.
final class TopLoop {
    private static let answerTime = TimeSpan.seconds(10)
    private static let clearAll = "\u{1B}[0m\u{1B}[2J"

    private let terminal: Terminal
    private let feed: TopFeed
    private let isColored: Bool
    /// Does what was confirmed, and says what came of it.
    private let act: (TopAction) -> (text: String, isGood: Bool)
    private let clock = SystemClock()

    private var model: TopModel?
    private var footer = TopScreen.Footer.keys
    /// When the question was asked.
    private var asked = TimeSpan.zero
    private var size: ScreenSize
    /// What stands on the terminal, line by line; empty: nothing that is known.
    private var drawn: [String] = []

    init(
        _ terminal: Terminal,
        _ feed: TopFeed,
        isColored: Bool,
        act: @escaping (TopAction) -> (text: String, isGood: Bool)
    ) {
        self.terminal = terminal
        self.feed = feed
        self.isColored = isColored
        self.act = act
        size = terminal.size
    }

    /// Until a person or a signal ends it, or the terminal is gone.
    func run() {
        feed.start()
        defer { feed.stop() }
        while draw() {
            // A second at most, so that ages go on while no news comes.
            let news = terminal.wait(or: feed.news.descriptor, milliseconds: 1_000)
            if news.hasSignal, !takeSignals() { return }
            if news.hasKeys, !takeKeys() { return }
            if news.hasMore {
                feed.news.wait(milliseconds: 0)
                model = feed.take() ?? model
            }
            if case .question = footer, clock.elapsed.nanoseconds - asked.nanoseconds > Self.answerTime.nanoseconds {
                footer = .said("nothing was done: no answer within 10 s", isGood: true)
            }
        }
    }

    /// False when it is to end.
    private func takeSignals() -> Bool {
        while let number = terminal.signal() {
            switch number {
            case SIGWINCH: resize()
            case SIGCONT:
                terminal.takeAgain()
                resize()
            default: return false
            }
        }
        return true
    }

    private func resize() {
        size = terminal.size
        drawn = []
    }

    // MARK: - Keys

    private static let interrupt = UInt8(3)
    private static let escape = UInt8(0x1B)

    /// False when it is to end.
    private func takeKeys() -> Bool {
        let bytes = terminal.keys()
        guard let first = bytes.first else { return false }
        // A key that is no character (an arrow, say) is several bytes that mean nothing here.
        for byte in first == Self.escape ? [first] : bytes {
            let before = footer
            if !take(byte) { return false }
            // What was typed, or pasted, before the question could be read is no answer to it.
            if case .question = footer, footer != before { break }
        }
        return true
    }

    private func take(_ byte: UInt8) -> Bool {
        if byte == Self.interrupt { return false }
        let key = Character(UnicodeScalar(byte))
        if case .question(let action) = footer {
            footer = .said("\(action.name): nothing was done", isGood: true)
            if key == "y" || key == "Y" { confirm(action) }
            return true
        }
        if key == "q" || key == "Q" { return false }
        if let action = TopAction.allCases.first(where: { $0.key == key }) {
            footer = .question(action)
            asked = clock.elapsed
        } else {
            footer = .keys
        }
        return true
    }

    private func confirm(_ action: TopAction) {
        footer = .said("\(action.name) ...", isGood: true)
        _ = draw()
        let result = act(action)
        footer = .said(result.text, isGood: result.isGood)
        feed.lookNow()
    }

    // MARK: - Drawing

    /// Writes the lines that changed. False when the terminal is gone.
    private func draw() -> Bool {
        var lines: [String]
        if let model {
            let screen = TopScreen(size: size, now: clock.now, footer: footer)
            lines = screen.lines(model).map { $0.text(isColored: isColored) }
        } else {
            lines = [ScreenLine("looking ...").cut(to: size.columns).text(isColored: isColored)]
        }
        // Both marks keep a terminal that knows them from showing half a drawing.
        var text = "\u{1B}[?2026h"
        if drawn.isEmpty { text += Self.clearAll }
        for row in 0..<max(lines.count, drawn.count) {
            let line = row < lines.count ? lines[row] : ""
            if row < drawn.count, drawn[row] == line { continue }
            text += "\u{1B}[\(row + 1);1H\u{1B}[2K\(line)"
        }
        drawn = lines
        return terminal.write(text + "\u{1B}[?2026l")
    }
}
