import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadPaper

/// The way out: the durability gate and the guard, in front of every write.
extension Node {
    /// Hands what waits to the embedded venue. The kill word is sampled once, and `engage` waits for the whole drain.
    mutating func release(at now: Timestamp) {
        if fold.queue.isEmpty {
            fold.drainEmbedded(engaged: [])
            return
        }
        var engaged = killSwitch.beginRelease()
        if isJournalLost || journalFault != nil { engaged.insert(.journal) }
        fold.drainEmbedded(engaged: engaged, at: now)
        killSwitch.endRelease()
    }

    /// Writes what may leave to the venue outside: cancels, questions, exits, entries; each when the channel's outbound
    /// buffer is empty, each behind its own look at the kill word.
    mutating func releaseRemote() {
        guard link != nil else { return }
        // What a write causes is told to the engine, and may bring the next command.
        for _ in 0..<capacities.stepsPerPump {
            remoteWake = .distantFuture
            settleEdge()
            drainLink()
            link?.flush()
            if !releaseNext() { break }
        }
        settleEdge()
        drainLink()
    }

    /// Releases or refuses one command. False when nothing more can be done now.
    private mutating func releaseNext() -> Bool {
        for lane in EgressLane.allCases {
            guard let queued = fold.queue.first(lane) else { continue }
            let isConnected = fold.egressGuard.isConnected
            if isConnected, link?.isWritable != true { return false }
            #if MUTANTS
                let mayTrade = isConnected && killSwitch.engaged.isEmpty && fold.engine.tradingState == .active
                if Mutant.isOn(.entryLeavesBeforeItsIntentIsDurable), mayTrade, lane == .entries,
                    !isDurableEnough(queued)
                {
                    fold.queue.removeFirst(lane)
                    fold.released(queued.command, at: pumpTime)
                    return link?.send(queued.command, at: pumpTime) != nil
                }
            #endif
            if !isDurableEnough(queued) { continue }
            let engaged = killSwitch.beginRelease()
            let verdict = fold.verdict(queued.command, moment(engaged, queued))
            switch verdict {
            case .pass:
                fold.queue.removeFirst(lane)
                fold.released(queued.command, at: pumpTime)
                _ = link?.send(queued.command, at: pumpTime)
                killSwitch.endRelease()
                return true
            case .refuse(let reason):
                killSwitch.endRelease()
                fold.queue.removeFirst(lane)
                fold.refuse(queued.command, reason)
                return true
            case .wait(let until):
                killSwitch.endRelease()
                remoteWake = min(remoteWake, until)
            }
        }
        return false
    }

    private func moment(_ engaged: KillBits, _ queued: QueuedCommand) -> EgressGuard.Moment {
        let now = max(pumpTime, fold.time)
        return EgressGuard.Moment(
            now: now,
            venueTime: fold.engine.venueState.time(at: now),
            engaged: engaged.union(fold.operated),
            state: fold.engine.tradingState,
            isJournalBroken: isJournalLost || journalFault != nil,
            isDurable: journal.isReleased(queued.cause)
        )
    }

    /// The gate: an order waits for its record, unless the journal can keep nothing any more. Cancels and questions
    /// never wait.
    private func isDurableEnough(_ queued: QueuedCommand) -> Bool {
        switch queued.command {
        case .submit, .replace: journal.isReleased(queued.cause) || isJournalLost || journalFault != nil
        case .cancel, .query, .reconcile, .reconnect: true
        }
    }
}
