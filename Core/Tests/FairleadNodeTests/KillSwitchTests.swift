import Synchronization
import Testing

@testable import FairleadNode

@Suite struct KillSwitchTests {
    /// What the two threads of a round share.
    final class Round: Sendable {
        let kill = KillSwitch()
        let written = Atomic<UInt64>(0)
        let stop = Atomic<Bool>(false)
    }

    /// Goal: a resume lowers the word only when the loop has seen everything that was engaged.
    /// Method: engage, resume before and after the loop took it, and a journal bit that stays.
    @Test func resumeNeedsAcknowledgement() {
        let kill = KillSwitch()
        #expect(kill.engaged == [])
        #expect(kill.engage(.halt))
        #expect(kill.engaged == .halt)
        #expect(!kill.lower(keeping: []))
        #expect(kill.takeRequested() == .halt)
        #expect(kill.takeRequested() == [])
        kill.raise(.journal)
        #expect(kill.lower(keeping: .journal))
        #expect(kill.engaged == .journal)
        #expect(kill.engagements == 2)
    }

    /// Goal: after `engage` returned no release begins that still reads an unengaged word (S-11).
    /// Method: one thread releases in a loop and notes what it read last, another engages and looks for a release that
    /// began before and has not ended; 200 rounds.
    @Test func engageWaitsForTheRelease() async {
        for _ in 0..<200 {
            let round = Round()
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    while !round.stop.load(ordering: .acquiring) {
                        if round.kill.beginRelease().isEmpty { round.written.add(1, ordering: .relaxed) }
                        round.kill.endRelease()
                    }
                    return true
                }
                group.addTask {
                    while round.written.load(ordering: .relaxed) == 0 { await Task.yield() }
                    let settled = round.kill.engage(.kill)
                    let then = round.written.load(ordering: .sequentiallyConsistent)
                    for _ in 0..<100 { await Task.yield() }
                    let later = round.written.load(ordering: .sequentiallyConsistent)
                    round.stop.store(true, ordering: .releasing)
                    return settled && then == later
                }
                for await isRight in group { #expect(isRight) }
            }
        }
    }
}
