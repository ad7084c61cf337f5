import Foundation
import Synchronization

/// Looks at the engine again and again on a thread of its own, so that an engine that is slow to answer holds up no
/// key.
final class TopFeed: Sendable {
    private struct State {
        var newest: TopModel?
        var isStopping = false
    }

    /// Signalled with each new model.
    let news = WakeUp()
    private let source: TopSource
    private let periodMilliseconds: Int32
    private let state = Mutex(State())
    private let hurry = WakeUp()

    init(_ source: TopSource, periodMilliseconds: Int32) {
        self.source = source
        self.periodMilliseconds = periodMilliseconds
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "looks at the engine"
        thread.start()
    }

    /// The newest model that nobody has taken yet.
    func take() -> TopModel? {
        state.withLock { state in
            defer { state.newest = nil }
            return state.newest
        }
    }

    /// Looks now, not at the end of the period.
    func lookNow() { hurry.signal() }

    /// The thread ends after the look that is under way; nobody waits for it.
    func stop() {
        state.withLock { $0.isStopping = true }
        hurry.signal()
    }

    private func run() {
        var client: EngineClient?
        while !state.withLock({ $0.isStopping }) {
            let model = source.read(&client)
            state.withLock { $0.newest = model }
            news.signal()
            hurry.wait(milliseconds: periodMilliseconds)
        }
    }
}
