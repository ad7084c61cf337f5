import FairleadModel

/// Time: deadlines of parents and orders, and the second's housekeeping.
extension Engine {
    static let cancelRetryAfter = TimeSpan.seconds(1)
    static let deferredRetryAfter = TimeSpan.milliseconds(250)
    static let clearingRetryAfter = TimeSpan.milliseconds(50)
    /// How long an exit waits for the cancels of our own orders in its way (SPEC 9).
    static let clearingLimit = TimeSpan.seconds(2)
    static let reconciliationPause = TimeSpan.seconds(1)
    /// Smaller differences of cash are rounding.
    static let leastTransfer = Money(raw8: 10_000)
    static let clockComparisonPause = TimeSpan.seconds(10)
    static let reconnectPause = TimeSpan.seconds(5)

    // Owners of deadlines: parents, then orders, then the fixed ones.
    func parentOwner(_ slot: ParentSlot) -> Int { Int(slot.index) }
    func orderOwner(_ slot: OrderSlot) -> Int { parents.capacity + Int(slot.index) }
    var housekeepingOwner: Int { parents.capacity + orders.capacity }
    var policyOwner: Int { housekeepingOwner + 1 }
    var reconciliationOwner: Int { housekeepingOwner + 2 }
    var overrideOwner: Int { housekeepingOwner + 3 }
    static func deadlineOwners(_ capacities: EngineCapacities) -> Int { capacities.parents + capacities.orders + 4 }

    // Owners of price triggers: slippage of a maker, then its reprice.
    func slipOwner(_ slot: ParentSlot) -> Int { Int(slot.index) }
    func repriceOwner(_ slot: ParentSlot) -> Int { parents.capacity + Int(slot.index) }

    mutating func setOrderDeadline(_ slot: OrderSlot, at time: Timestamp) { deadlines.set(orderOwner(slot), at: time) }

    /// Fires everything that is due, in the order of its time. What it sets anew for now fires in the same turn.
    mutating func fireDue(at now: Timestamp, into out: inout Outbox) {
        closeBars(at: now, into: &out)
        while let row = exits.graces.popDue(at: now) { graceOver(row, at: now, into: &out) }
        while let fired = exits.nextRefired(at: now, into: &out) { fire(fired, at: now, into: &out) }
        while let owner = deadlines.popDue(at: now) {
            if owner < parents.capacity {
                parentDue(ParentSlot(index: UInt32(owner)), at: now, into: &out)
            } else if owner < housekeepingOwner {
                orderDue(OrderSlot(index: UInt32(owner - parents.capacity)), at: now, into: &out)
            } else if owner == housekeepingOwner {
                keepHouse(at: now, into: &out)
            } else if owner == reconciliationOwner {
                requestReconciliation(at: now, into: &out)
            } else if owner == overrideOwner {
                expireOverrides(at: now, into: &out)
            } else {
                computePolicies(at: now, into: &out)
                revaluePortfolio()
            }
        }
    }

    private mutating func parentDue(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        guard parent.isOpen else { return }
        switch parent.stage {
        case .deferred: route(slot, at: now, into: &out)
        case .waiting: routeSlice(slot, at: now, into: &out)
        case .held: close(slot, .expired, at: now, into: &out)
        case .clearing: clearOwn(slot, at: now, into: &out)
        case .parked: parkedDue(slot, at: now, into: &out)
        case .making:
            if now >= parent.expiresAt {
                requestEnd(slot, .expired, at: now, into: &out)
            } else {
                abandonMaker(slot, .makerTimeout, at: now, into: &out)
            }
        case .resting: requestEnd(slot, .expired, at: now, into: &out)
        case .tombstone: close(slot, .expired, at: now, into: &out)
        case .cancelling, .taking, .exiting, .ended: break
        }
    }

    /// An order waits for an answer: it is asked for again, and a person is told when that takes too long.
    private mutating func orderDue(_ slot: OrderSlot, at now: Timestamp, into out: inout Outbox) {
        let order = orders[slot]
        guard order.isListed else { return }
        if order.state.isTerminal {
            // Fills that the venue announced have not come: a listing brings them.
            requestReconciliation(at: now, into: &out)
            setOrderDeadline(slot, at: now + configuration.unknownOrders.queryBackoffLimit)
            return
        }
        if order.state == .pendingUnknown || order.isAnswerLost {
            let age = now - order.unknownSince
            if order.state == .pendingUnknown, age >= configuration.unknownOrders.escalateAfter, !order.isEscalated {
                orders[slot].isEscalated = true
                out.notice(
                    .alarm(
                        Alarm(
                            .unknownOrderEscalated,
                            instrument: order.instrument,
                            order: order.id,
                            value: age.milliseconds
                        )
                    )
                )
            }
            ask(slot, at: now, into: &out)
        } else if order.wantsCancel, order.state != .pendingCancel {
            requestCancel(slot, at: now, into: &out)
        }
    }

    private mutating func keepHouse(at now: Timestamp, into out: inout Outbox) {
        lastHousekeeping = now
        if venue.isReconciled { executions.settle(at: now) }
        ledger.roll(to: now)
        forgetTrades(at: now)
        sampleNav(at: now, into: &out)
        watchRisk(at: now, into: &out)
        noticeProfit(into: &out)
        scanExits(at: now, into: &out)
        watchVenue(at: now, into: &out)
        resolveMarkouts(at: now, into: &out)
        stats.mids.take(market, maximumAge: routing.maximumBookAge, at: now)
        deadlines.set(housekeepingOwner, at: now + configuration.exits.scanPeriod)
    }

    private func noticeProfit(into out: inout Outbox) {
        guard out.isObserved else { return }
        out.notice(
            .profitMeasured(
                ProfitRecord(
                    venue: .paper,
                    nav: losses.nav?.raw8,
                    peak: losses.peak?.raw8,
                    drawdown: losses.drawdown,
                    cash: ledger.cash?.raw8,
                    realized: ledger.realized.raw8,
                    unrealized: unrealized?.raw8,
                    fees: ledger.fees.raw8,
                    funding: ledger.funding.raw8,
                    resultToday: ledger.resultToday.raw8,
                    openPositions: ledger.openCount
                )
            )
        )
    }

    private mutating func watchVenue(at now: Timestamp, into out: inout Outbox) {
        // Clocks that disagreed are compared again: nothing else would tell that they agree.
        if venue.isClockSkewed, state == .reducing, venue.isReconciled,
            now - venue.lastListingRequest >= Self.clockComparisonPause
        {
            requestReconciliation(at: now, into: &out)
        }
        guard state == .active, !venue.isReconciled, venue.lostSince != .never else { return }
        guard now - venue.lostSince >= limits.staleVenueAfter else { return }
        changeState(to: .reducing, .staleVenue, at: now, into: &out)
    }

    /// NAV: cash and the unrealised profit of every open position at its mark.
    mutating func sampleNav(at now: Timestamp, into out: inout Outbox) {
        guard let cash = ledger.cash else { return }
        var nav = cash
        isNavSourceFailed = !venue.isReconciled
        for index in terms.indices {
            let instrument = InstrumentHandle(index)
            for row in 0..<PositionSide.rows {
                let side = PositionSide(row: row)
                let position = ledger[PositionKey(instrument, side)]
                guard !position.isFlat else { continue }
                let mark = marketFacts(instrument).valuation
                guard mark.raw > 0 else {
                    isNavSourceFailed = true
                    return
                }
                nav += position.unrealized(mark: mark, multiplier: terms[index].multiplier)
            }
        }
        switch losses.observed(nav, at: now, limitsInForce(.none, at: now)) {
        case .latchedCircuit:
            changeState(to: .killed, .drawdownCircuit, at: now, into: &out)
        case .jumped:
            out.notice(.alarm(Alarm(.navJump, value: nav.raw8)))
        case .accepted, .skipped, .stillJumped: break
        }
    }

    /// Funds free for new exposure: NAV less the worst case of all positions and orders, each paid in full. nil until
    /// the venue has said a balance, and while an open position has no price.
    @inline(__always)
    var availableFunds: Money? {
        guard venue.available != nil, let nav = losses.nav, let gross = exposure.gross else { return nil }
        return nav - gross
    }
}
