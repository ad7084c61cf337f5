import FairleadJournal
import FairleadModel
import FairleadNode
import Foundation
import NIOCore
import Synchronization

/// A new account under a running engine (`paper_reset`): the journal is closed and put aside, and a fresh one begins
/// with the starting balance. Followers and the control socket stay.
extension LiveRun {
    /// The work may wait for the disk and for the journal's threads: it gets a thread of its own.
    func queueReset() {
        let thread = Thread { [self] in
            let outcome = reset()
            host.loop.execute { [host] in host.answerResets(outcome) }
        }
        thread.name = "paper reset"
        thread.start()
    }

    private func reset() -> Result<JSONValue, ControlError> {
        let (host, observer, setup) = (host, observer, setup)
        return journal.withLock { journal in
            journal.stop(within: 5)
            let moved: String
            do {
                try host.loop.submit { try host.close(wallTime: SystemClock().now) }.wait()
                replica.withLock { $0.finish(within: 30) }
                moved = try JournalPlace.putAside(setup.paths.journal)
            } catch {
                return stopped(error)
            }
            observer.forgetFills()
            do {
                let disk = try Self.disk(setup.paths.journal)
                let clock = SystemClock()
                let id = Self.makeRunID(clock.now)
                let box = UncheckedBox(Self.nodeSetup(setup, disk, clock, id, host.killSwitch, nil))
                let committer = try host.loop.submit {
                    let node = try Node.open(box.value)
                    let committer = node.committer
                    host.begin(node)
                    return committer
                }.wait()
                journal = Self.journalThread(setup, committer, host, observer)
                replica.withLock { $0 = Self.replicaThread(setup, disk, committer, host, observer) }
            } catch {
                return stopped(error)
            }
            observer.log(LogLine("paper_reset", "a new account; the old journal is in \(moved)", at: SystemClock().now))
            return .success(["journal": .string(moved)])
        }
    }

    /// The engine has no journal to go on with: it trades no more until a person starts it again.
    private func stopped(_ error: any Error) -> Result<JSONValue, ControlError> {
        observer.log(
            LogLine("paper_reset", "failed, the engine stopped: \(error)", level: .error, at: SystemClock().now)
        )
        return .failure(ControlError(.stopping, "the reset failed, and the engine stopped: \(error)"))
    }
}
