import FairleadModel

/// POV and iceberg: slices that volume or fills bring, not time.
extension Engine {
    /// A trade of the market earns every POV of its instrument something. Asked only while there is one.
    mutating func participate(_ trade: Trade, at now: Timestamp, into out: inout Outbox) {
        var slot = parents.firstOpen(trade.instrument)
        while slot != .none {
            let next = parents[slot].next
            let row = Int(slot.index)
            if parents[slot].isScheduled, schedules[row].kind == .pov {
                schedules[row].note(trade.quantity)
                if parents[slot].stage == .waiting, earned(slot, at: now) != nil {
                    routeSlice(slot, at: now, into: &out)
                }
            }
            slot = next
        }
    }

    /// A parent that was a POV is one no more.
    mutating func forgetParticipant(_ slot: ParentSlot) {
        guard parents[slot].isScheduled, schedules[Int(slot.index)].kind == .pov else { return }
        participants -= 1
    }

    /// What a POV may be filled to where that is enough for a further slice now; nil where it isn't.
    private func earned(_ slot: ParentSlot, at now: Timestamp) -> Quantity? {
        let parent = parents[slot]
        let row = Int(slot.index)
        guard schedules[row].isOver(filled: parent.filled, released: parent.released, at: now) else { return nil }
        let working = parent.child == .none ? Quantity.zero : orders[parent.child].leaves
        let due = max(parent.released, schedules[row].earned(filled: parent.filled, working: working))
        let open = due.subtracting(parent.filled)
        return open >= schedules[row].smallest || (due == parent.approved && open.raw > 0) ? due : nil
    }

    /// Begins what volume has earned, or the next tip.
    mutating func enterUntimed(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let row = Int(slot.index)
        let parent = parents[slot]
        guard now < schedules[row].end else { return }
        let middle = marketBook(parent.instrument, at: now).mid ?? parent.arrival
        if schedules[row].kind == .iceberg {
            guard schedules[row].isOver(filled: parent.filled, released: parent.released, at: now) else { return }
            schedules[row].enter(until: .distantFuture, arrival: middle)
            let tip = schedules[row].tip(of: parent.remaining)
            return sliceBegan(slot, released: parent.filled + tip, into: &out)
        }
        guard let due = earned(slot, at: now) else {
            // What the last slice has left is too small, and waits for more volume.
            if now >= schedules[row].timeout { schedules[row].isSpent = true }
            return
        }
        schedules[row].enter(until: now + configuration.algorithms.povChildTimeout, arrival: middle)
        sliceBegan(slot, released: due, into: &out)
    }

    /// The deadline of a POV or an iceberg, or a rest that no order can be made of: what is left is given up, since
    /// taking it would pass the rate or the limit. A position must be left: what is left of a POV that reduces goes on
    /// as any exit. An iceberg that reduces ends as any limit order does at its end.
    mutating func endUntimed(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        if parents[slot].isReducingNow, schedules[Int(slot.index)].kind == .pov {
            return leaveSchedule(slot, at: now, into: &out)
        }
        close(slot, .expired, at: now, into: &out)
    }

    // MARK: A tip

    /// Shows the next part of an iceberg, at its own limit.
    mutating func sendTip(
        _ slot: ParentSlot,
        _ type: OrderType,
        _ moment: RouteMoment,
        _ context: RouteContext,
        price: Price,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        precondition(
            schedules[Int(slot.index)].kind == .iceberg,
            "Invariant: only a tip rests at the signal's own limit"
        )
        // The venue takes no order so small, and a larger one would show more than was asked for.
        guard !isDust(slot, parents[slot].legRemaining, at: price) else {
            return close(slot, parents[slot].filled.raw > 0 ? .expired : .rejected, at: now, into: &out)
        }
        noticeRoute(slot, moment, context, price: price, at: now, into: &out)
        rest(slot, type, price: price, at: now, into: &out)
        guard parents[slot].isOpen, parents[slot].stage == .resting else { return }
        deadlines.set(parentOwner(slot), at: min(schedules[Int(slot.index)].end, parents[slot].expiresAt))
    }

    mutating func tipEnded(
        _ slot: ParentSlot,
        _ ended: Order,
        rejected reason: RejectReason?,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        if ended.wasNeverThere { return retrySlice(slot, at: now, into: &out) }
        switch ended.state {
        case .filled: routeSlice(slot, at: now, into: &out)
        case .rejected where reason == .wouldTake:
            parents[slot].postOnlyRejects += 1
            if Int(parents[slot].postOnlyRejects) >= routing.maximumPostOnlyRejects {
                close(slot, .rejected, at: now, into: &out)
            } else {
                retrySlice(slot, at: now, into: &out)
            }
        case .rejected where reason?.passes == true: retrySlice(slot, at: now, into: &out)
        case .rejected: close(slot, .rejected, at: now, into: &out)
        // Somebody else has ended it: as elsewhere, that ends the parent.
        case .cancelled, .expired: close(slot, .cancelled, at: now, into: &out)
        case .created, .submitted, .pendingUnknown, .accepted, .working, .partiallyFilled, .pendingCancel,
            .pendingReplace:
            preconditionFailure("Invariant: an ended child is in a terminal state")
        }
    }

    /// A tip at work whose limit has changed is shown anew at the new one.
    mutating func moveTip(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        guard parent.isScheduled, orders[parent.child].price != parent.limitPrice else { return }
        cancelChild(slot, then: .reprice, at: now, into: &out)
    }
}
