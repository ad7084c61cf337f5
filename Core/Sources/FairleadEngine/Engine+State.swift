public import FairleadModel

/// The whole state, field by field, and the rules that hold over all parts.
extension Engine {
    /// Writes, reads or hashes the whole state. What is staged is not part of it: staging and its event are one step.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        orders.visitState(&visitor)
        parents.visitState(&visitor)
        visitSchedules(&visitor)
        signals.visitState(&visitor)
        executions.visitState(&visitor)
        ledger.visitState(&visitor)
        exposure.visitState(&visitor)
        portfolio.visitState(&visitor)
        losses.visitState(&visitor)
        stance.visitState(&visitor)
        rates.visitState(&visitor)
        guards.visitState(&visitor)
        market.visitState(&visitor)
        bars.visitState(&visitor)
        regimes.visitState(&visitor)
        policies.visitState(&visitor)
        effectiveness.visitState(&visitor)
        screener.visitState(&visitor)
        exits.visitState(&visitor)
        deadlines.visitState(&visitor)
        triggers.visitState(&visitor)
        ownBook.visitState(&visitor)
        venue.visitState(&visitor)
        stats.visitState(&visitor)
        trades.visitState(&visitor)
        volatilities.visitState(&visitor)
        volumes.visitState(&visitor)
        adaptive.visitState(&visitor)
        overrides.visitState(&visitor)
        switches.visitState(&visitor)
        externals.visitState(&visitor)
        visitOwn(&visitor)
    }

    /// The schedules at work; those of other rows mean nothing.
    private mutating func visitSchedules<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        if visitor.isReading { participants = 0 }
        for row in schedules.indices {
            let parent = parents[ParentSlot(index: UInt32(row))]
            if visitor.isReading { schedules[row] = ParentSchedule() }
            guard parent.isListed, parent.isScheduled else { continue }
            schedules[row].visitState(&visitor)
            if visitor.isReading, schedules[row].kind == .pov { participants += 1 }
        }
    }

    private mutating func visitOwn<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&epoch)
        visitor.visit(&parentCounter)
        visitor.visit(&internalSignals)
        visitor.visit(&state)
        visitor.visit(&stateCause)
        visitor.visit(&isFrozen)
        visitor.visit(&isStarted)
        visitor.visit(&isNavSourceFailed)
        visitor.visit(&routerScore)
        visitor.visit(&lastHousekeeping)
        visitor.visit(&lastExitScan)
        visitor.visit(&lastExitTrigger)
        counters.visitState(&visitor)
        visitor.visit(&unresolved, limit: unresolved.count, blank: 0) { $1.visit(&$0) }
        visitor.visit(&buried, limit: buried.count, blank: 0) { $1.visit(&$0) }
        visitor.visit(&flattens, limit: flattens.count, blank: .never) { $1.visit(&$0) }
        if visitor.isReading { awaitedFlattens = flattens.count { $0 != .never } }
        visitor.visit(&listedPositions, limit: listedPositions.count, blank: ListedPosition()) {
            $1.visit(&$0.quantity)
            $1.visit(&$0.averagePrice)
        }
        visitListedCash(&visitor)
    }

    private mutating func visitListedCash<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        var isListed = listedCash != nil
        var report = listedCash ?? BalanceReport(venue: .paper, cash: 0, available: 0, venueTime: .never)
        visitor.visit(&isListed)
        visitor.visit(&report.cash)
        visitor.visit(&report.available)
        if visitor.isReading { listedCash = isListed ? report : nil }
    }

    /// Walks every part and traps on the first broken rule. Slow: tests and the simulator call it after each event.
    public func checkInvariants() {
        orders.checkInvariants()
        parents.checkInvariants()
        signals.checkInvariants()
        executions.checkInvariants()
        ledger.checkInvariants()
        trades.checkInvariants()
        losses.checkInvariants()
        portfolio.checkInvariants()
        rates.checkInvariants()
        guards.checkInvariants()
        overrides.checkInvariants()
        externals.checkInvariants()
        deadlines.checkInvariants()
        triggers.checkInvariants()
        exits.checkInvariants()
        ownBook.checkInvariants()
        stats.checkInvariants()
        effectiveness.checkInvariants()
        volumes.checkInvariants()
        adaptive.checkInvariants()
        checkParticipants()
        checkNatives()
        let awaited = flattens.count { $0 != .never }
        precondition(awaitedFlattens == awaited, "Invariant: the flattens that wait are counted")
        var reserved: [ExposureTable.LiveOrder] = []
        for index in terms.indices {
            let instrument = InstrumentHandle(index)
            checkPositions(instrument)
            var unknown = 0
            var slot = orders.firstLive(instrument)
            while slot != .none {
                if orders[slot].state == .pendingUnknown { unknown += 1 }
                checkCancel(slot)
                slot = orders[slot].next
            }
            precondition(unknown == unresolved[index], "Invariant: the count of unknown orders equals the orders")
            collectReserved(instrument, into: &reserved)
        }
        exposure.checkInvariants(reserved)
    }

    /// A cancel that somebody wants is under way, or will be asked for again.
    private func checkCancel(_ slot: OrderSlot) {
        let order = orders[slot]
        guard order.wantsCancel, order.state != .pendingCancel else { return }
        let isPlanned = deadlines.deadline(of: orderOwner(slot)) != .distantFuture
        precondition(isPlanned, "Invariant: a cancel that is wanted is asked for again")
    }

    private func checkPositions(_ instrument: InstrumentHandle) {
        let isHedged = terms[Int(instrument.index)].isHedged
        for side in PositionSide.allCases where (side == .both) != isHedged {
            precondition(
                exposure.row(instrument, side).position == ledger[PositionKey(instrument, side)].quantity,
                "Invariant: exposure and ledger agree on a position"
            )
            precondition(
                trades.isOpen(PositionKey(instrument, side)) != ledger[PositionKey(instrument, side)].isFlat,
                "Invariant: an open trade is a position"
            )
            switch externals[PositionKey(instrument, side)].state {
            case .none, .undecided: break
            case .closing, .ignored:
                precondition(
                    !ledger[PositionKey(instrument, side)].isFlat,
                    "Invariant: what is closed or left alone is a position"
                )
            }
        }
    }

    private func checkSchedule(_ slot: ParentSlot, _ leaves: Quantity) {
        let parent = parents[slot]
        guard parent.isScheduled else {
            return precondition(parent.released == parent.approved, "Invariant: only a schedule holds back")
        }
        let schedule = schedules[Int(slot.index)]
        precondition(schedule.total == parent.approved, "Invariant: the slices sum to the parent")
        precondition(
            schedule.scheduled(through: max(schedule.slices, 1) - 1) == schedule.total,
            "Invariant: the last slice takes the whole rest"
        )
        precondition(
            parent.released <= schedule.scheduled(through: schedule.slice),
            "Invariant: nothing is let go before its slice"
        )
        // A fill of an order that was thought dead is booked wherever the schedule stands.
        let isAhead = leaves > parent.released.subtracting(parent.filled)
        precondition(!isAhead || counters.lateFills > 0, "Invariant: a child asks for what its slice lets go")
    }

    private func checkParticipants() {
        var count = 0
        for row in schedules.indices {
            let parent = parents[ParentSlot(index: UInt32(row))]
            if parent.isListed, parent.isScheduled, schedules[row].kind == .pov { count += 1 }
        }
        precondition(participants == count, "Invariant: the count of POVs equals the parents")
    }

    private func collectReserved(_ instrument: InstrumentHandle, into reserved: inout [ExposureTable.LiveOrder]) {
        var slot = parents.firstOpen(instrument)
        while slot != .none {
            let parent = parents[slot]
            let leaves = parent.child == .none ? Quantity.zero : orders[parent.child].leaves
            precondition(
                parent.filled.raw + leaves.raw <= parent.approved.raw,
                "Invariant: filled and live children never exceed what was approved"
            )
            checkSchedule(slot, leaves)
            precondition(
                parent.reservedClosing.raw + parent.reservedOpening.raw >= parent.remaining.raw,
                "Invariant: what a parent may still fill is reserved"
            )
            for isClosing in [true, false] {
                reserved.append(
                    ExposureTable.LiveOrder(
                        instrument: instrument,
                        positionSide: parent.positionSide,
                        side: parent.side,
                        leaves: isClosing ? parent.reservedClosing : parent.reservedOpening,
                        isClosing: isClosing,
                        isProtective: isClosing && parent.native == .waiting
                    )
                )
            }
            slot = parent.next
        }
    }
}
