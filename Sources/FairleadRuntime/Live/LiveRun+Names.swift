import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import Foundation

/// What a run calls the signals of the runs before it.
extension LiveRun {
    /// How long a start waits for what earlier runs named; a longer journal goes on being read beside it.
    private static let recallWait = 0.5

    /// Lines of what is still open tell a signal by its sender's id, also where another run received it.
    static func recallNames(_ setup: LiveSetup, _ disk: PosixDisk, _ observer: Observer) {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            defer { done.signal() }
            var names = RunNames(setup.configuration.engine.instruments)
            do throws(NodeError) {
                try JournalReach.forEachText(disk) { text, _ in names.note(text) }
                observer.recall(names)
            } catch {
                let text = "the ids of earlier signals can't be read, lines tell their numbers: \(error)"
                observer.log(LogLine("names", text, level: .warning, at: SystemClock().now))
            }
        }
        thread.name = "names of signals"
        thread.start()
        _ = done.wait(timeout: .now() + recallWait)
    }
}
