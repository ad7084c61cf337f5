import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadPaper

/// The router's process: its starts, its crashes, the threads beside the loop.
extension Simulation {
    /// How long a start that was refused waits for the next.
    static let restartPause = TimeSpan.seconds(1)

    mutating func startProcess() {
        clock.follow(now)
        channel = SimulatedChannel()
        var setup = NodeSetup(disk: disk.files, configuration: configuration, clock: clock)
        setup.channel = channel
        setup.client = Self.client
        // A fresh journal has a name of its own.
        setup.runID = Digest128(high: scenario.seed, low: UInt64(1 + report.recoveries + (mustRecover ? 1 : 0)))
        do throws(NodeError) {
            if mustRecover { keepStory() }
            node = mustRecover ? try Node.recoverFromVenue(setup) : try Node.open(setup)
            if mustRecover { beganAnew() }
            for invariant in invariants {
                judge { (simulation) throws(Violation) in try invariant.started(simulation) }
            }
            report.epochs += 1
            noticeCursor = 0
            needsPump = true
            prepareSegment()
            replica = try makeReplica()
            trace.note(.text("the router starts, epoch \(node?.epoch.number ?? 0)"), at: now)
        } catch {
            refused(error)
        }
    }

    /// A start that failed: again later; from the venue, once the desk has seen that the journal is damaged or has lost
    /// its beginning.
    private mutating func refused(_ error: NodeError) {
        node = nil
        replica = nil
        report.refusedStarts += 1
        trace.note(.text("the router does not start: \(error)"), at: now)
        if case .journal(.quarantined) = error { mustRecover = true }
        if case .journal(.notRetained) = error { mustRecover = true }
        queue.push(.restart, at: now + Self.restartPause)
    }

    /// What the journal tells that the next start puts aside.
    private mutating func keepStory() {
        let story = disk.asWritten { JournalStory($0) }
        putAside.merge(story.submits) { old, _ in old }
    }

    /// A fresh journal begins, in `reducing`: the judges forget what it doesn't know. The desk looks around for a
    /// while, and resumes.
    private mutating func beganAnew() {
        mustRecover = false
        report.recoveries += 1
        disk.forgetDamage()
        forget(allBut: JournalStory.none)
        requested.removeAll()
        approvals.removeAll()
        let wasPower = hasLostPower
        hasLostPower = true
        for invariant in invariants {
            judge { (simulation) throws(Violation) in try invariant.crashed(JournalStory.none, simulation) }
        }
        hasLostPower = wasPower
        isEngaged = true
        let pause = SimulationQueue.mixed(scenario.seed &+ UInt64(report.recoveries)) % 60_000
        queue.push(.resume, at: now + .milliseconds(Int64(pause)))
        trace.note(.text("the router begins anew from the venue"), at: now)
    }

    /// The process dies, or the machine does, and starts again later.
    mutating func crash(_ crash: MemoryDisk.Crash, downFor span: TimeSpan) {
        guard node != nil else { return }
        look()
        node = nil
        replica = nil
        commitIsDue = false
        dropConnection()
        channel = SimulatedChannel()
        if case .power = crash { hasLostPower = true } else { hasLostPower = false }
        disk.crash(crash)
        published.disk.crash(crash)
        // What was seen of files that no sync had reached is gone with the machine that saw it.
        if case .power = crash { published.reader.forget() }
        report.crashes += 1
        trace.note(.text(hasLostPower ? "the power is gone" : "the process dies"), at: now)
        let story = disk.asWritten { JournalStory($0) }
        forget(allBut: story)
        for invariant in invariants {
            judge { (simulation) throws(Violation) in try invariant.crashed(story, simulation) }
        }
        if hasLostPower { isEngaged = story.engaged }
        queue.push(.restart, at: now + span)
    }

    private mutating func forget(allBut story: JournalStory) {
        for tracked in truth.orders where story.submits[tracked.order.id] == nil { forgotten.insert(tracked.order.id) }
    }

    // MARK: - The committer's thread

    var committer: JournalCommitter? {
        switch node {
        case .some(let node): node.committer
        case .none: nil
        }
    }

    /// A refusal is the journal's to remember; the node looks at it there.
    mutating func commit() {
        commitIsDue = false
        guard let committer else { return }
        do throws(JournalError) { try committer.commit() } catch { report.refusedCommits += 1 }
    }

    mutating func prepareSegment() {
        guard let committer else { return }
        do throws(JournalError) { try committer.prepareNextSegment() } catch { report.refusedCommits += 1 }
    }

    /// What its threads do now and then: commit, make segments, seal, write snapshots.
    mutating func keepUp() {
        guard node != nil else { return }
        if disk.syncDelay < Self.upkeepPeriod, !commitIsDue { commit() }
        guard let committer else { return }
        do throws(JournalError) {
            if committer.needsSegment { try committer.prepareNextSegment() }
            while try committer.sealOne() {}
        } catch {
            report.refusedCommits += 1
        }
        keepReplica(committer.durableThrough)
    }
}
