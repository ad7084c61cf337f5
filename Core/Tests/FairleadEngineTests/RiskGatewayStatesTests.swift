import FairleadModel
import Testing

@testable import FairleadEngine

// Rows about states, permissions, counts and latches. Each test carries the name of its row.

/// Goal: no entry in any state but active, exits in all of them.
/// Method: every state against an entry and an exit, the numbers of the row read back.
@Test("kill_switch: new exposure only while active, exits in every state", arguments: TradingState.allCases)
func killSwitchStates(state: TradingState) {
    let entry = RiskFixture.entry.with { $0.context.trading.state = state }
    if state == .active {
        entry.expectPasses(.killSwitch, observed: 0)
    } else {
        entry.expectFires(.killSwitch, .count, observed: Int64(state.rawValue), threshold: 0)
    }
    RiskFixture.exit.with { $0.context.trading.state = state }.expectPasses(.killSwitch)
}

/// Goal: a freeze, or `halt_allows_reduce` off, holds exits too, but only once halted.
/// Method: both switches in each state against an exit.
@Test("kill_switch: a freeze holds exits while halted or killed", arguments: TradingState.allCases)
func killSwitchFreeze(state: TradingState) {
    let changes: [(inout RiskFixture) -> Void] = [
        { $0.context.trading.isFrozen = true }, { $0.limits.haltAllowsReduce = false },
    ]
    for change in changes {
        var exit = RiskFixture.exit.with { $0.context.trading.state = state }
        change(&exit)
        switch state {
        case .active, .reducing: exit.expectPasses(.killSwitch)
        case .halted, .killed:
            exit.expectFires(.killSwitch, .count, observed: Int64(state.rawValue), threshold: 1)
        }
    }
}

/// Goal: an over-send stops new exposure in its symbol, and no exit.
/// Method: the latch against an entry and an exit.
@Test("kill_switch: a symbol that was over-sent takes no entry")
func killSwitchOverSent() {
    RiskFixture.entry.with { $0.context.trading.isOverSent = true }.expectFires(.killSwitch)
    RiskFixture.exit.with { $0.context.trading.isOverSent = true }.expectPasses(.killSwitch)
}

/// Goal: nothing that could open leaves before reconciliation; an exit does where the venue keeps it from opening.
/// Method: entry and exit with and without the venue's own reduce-only.
@Test("not_reconciled: only exits that the venue itself bounds")
func notReconciled() {
    RiskFixture.entry.expectPasses(.notReconciled, observed: 0)
    for enforces in [false, true] {
        let change: (inout RiskFixture) -> Void = {
            $0.context.trading.isReconciled = false
            $0.context.trading.reducesEvenUnreconciled = enforces
        }
        RiskFixture.entry.with(change).expectFires(.notReconciled)
        if enforces {
            RiskFixture.exit.with(change).expectPasses(.notReconciled)
        } else {
            RiskFixture.exit.with(change).expectFires(.notReconciled)
        }
    }
}

/// Goal: a signal lives through its last nanosecond and no longer, exits included.
/// Method: the decision at the end and one nanosecond later.
@Test("signal_expired: after expires_at, not at it")
func signalExpired() {
    for base in [RiskFixture.entry, .exit] {
        base.with { $0.context.order.expiresAt = RiskFixture.now }.expectPasses(.signalExpired, observed: 0)
        base.with { $0.context.order.expiresAt = Timestamp(nanoseconds: RiskFixture.now.nanoseconds - 1) }
            .expectFires(.signalExpired, .milliseconds, observed: 1, threshold: 0)
        base.with { $0.context.order.expiresAt = .distantFuture }.expectOff(.signalExpired)
    }
}

/// Goal: each permission refuses its entries and no exit.
/// Method: each flag alone, on an entry and on an exit.
@Test("restricted_symbol, not_whitelisted, unknown_order, duplicate_order, market_closed: flags of entries")
func entryFlags() {
    let flags: [(VetoReason, (inout RiskFixture) -> Void)] = [
        (.restrictedSymbol, { $0.context.symbol.isRestricted = true }),
        (.notWhitelisted, { $0.context.symbol.isWhitelisted = false }),
        (.unknownOrder, { $0.context.trading.hasUnknownOrder = true }),
        (.duplicateOrder, { $0.context.history.isDuplicateOrder = true }),
        (.marketClosed, { $0.context.trading.isMarketOpen = false }),
    ]
    for (rule, change) in flags {
        RiskFixture.entry.expectPasses(rule, observed: 0)
        RiskFixture.entry.with(change).expectFires(rule)
        RiskFixture.exit.with(change).expectOff(rule)
    }
}

/// Goal: a blocked side blocks that side only, and no exit by it.
/// Method: both flags against both sides.
@Test("side_blocked: the blocked side and no other")
func sideBlocked() {
    let sell: (inout RiskFixture) -> Void = {
        $0.context.order.side = .sell
        $0.context.market.bid = price(100)
        $0.context.market.ask = price(100.01)
    }
    RiskFixture.entry.with { $0.context.symbol.isSellBlocked = true }.expectPasses(.sideBlocked, observed: 0)
    RiskFixture.entry.with { $0.context.symbol.isBuyBlocked = true }.expectFires(.sideBlocked)
    RiskFixture.entry.with(sell).with { $0.context.symbol.isBuyBlocked = true }.expectPasses(.sideBlocked)
    RiskFixture.entry.with(sell).with { $0.context.symbol.isSellBlocked = true }.expectFires(.sideBlocked)
    RiskFixture.exit.with { $0.context.symbol.isSellBlocked = true }.expectOff(.sideBlocked)
}

/// Goal: an exit needs something left to close; an entry needs nothing.
/// Method: no position, the wrong one, one that closing orders hold in whole, one lot free.
@Test("nothing_to_reduce: no position that is not already being closed")
func nothingToReduce() {
    func left(_ position: Double, closing: Double) -> RiskFixture {
        RiskFixture.exit.with {
            $0.context.exposure.row.position = SignedQuantity(raw: raw8(position))
            $0.context.exposure.row.closingSells = quantity(closing)
        }
    }
    for (position, closing) in [(0, 0), (-2, 0), (2, 2), (2, 3)] as [(Double, Double)] {
        let exit = left(position, closing: closing).with { $0.context.order.quantity = .zero }
        exit.expectFires(.nothingToReduce, .quantity, observed: 0, threshold: 0)
    }
    left(2, closing: 1).expectPasses(.nothingToReduce, observed: raw8(1))
    RiskFixture.entry.expectOff(.nothingToReduce)
}

/// Goal: positions are counted at >=, and adding to an open one opens none.
/// Method: one under, at the limit, and at the limit on an open key.
@Test("max_concurrent: positions and entries in flight, at the limit")
func maxConcurrent() {
    RiskFixture.entry.with { $0.context.exposure.openPositions = 2 }.expectPasses(.maxConcurrent, observed: 2)
    let full: (inout RiskFixture) -> Void = { $0.context.exposure.openPositions = 3 }
    RiskFixture.entry.with(full).expectFires(.maxConcurrent, .count, observed: 3, threshold: 3)
    RiskFixture.exit.with(full).expectOff(.maxConcurrent)
    RiskFixture.entry.with(full).with {
        $0.limits.allowsPyramiding = true
        $0.context.exposure.row.position = SignedQuantity(quantity(1), side: .buy)
    }.expectPasses(.maxConcurrent, observed: 3)
    RiskFixture.entry.with(full).with { $0.limits.maximumConcurrentPositions = nil }.expectOff(.maxConcurrent)
}

/// Goal: no second entry the same way, whether the first is filled or in flight, unless pyramiding is on.
/// Method: position, leaves, the opposite way, pyramiding.
@Test("already_in_trade: same direction open or in flight")
func alreadyInTrade() {
    RiskFixture.entry.expectPasses(.alreadyInTrade, observed: 0)
    let open: (inout RiskFixture) -> Void = {
        $0.context.exposure.row.position = SignedQuantity(quantity(1), side: .buy)
    }
    RiskFixture.entry.with(open).expectFires(.alreadyInTrade, .quantity, observed: raw8(1), threshold: 0)
    RiskFixture.entry.with { $0.context.exposure.row.openingBuys = quantity(0.5) }
        .expectFires(.alreadyInTrade, .quantity, observed: raw8(0.5), threshold: 0)
    RiskFixture.entry.with { $0.context.exposure.row.openingSells = quantity(1) }.expectPasses(.alreadyInTrade)
    RiskFixture.entry.with(open).with { $0.limits.allowsPyramiding = true }.expectOff(.alreadyInTrade)
    RiskFixture.exit.with { $0.context.exposure.row.openingSells = quantity(1) }.expectOff(.alreadyInTrade)
}

/// Goal: a cooldown that has exactly run out is over.
/// Method: one nanosecond before its end, at its end, no stop-out ever.
@Test("cooldown: until the last nanosecond, then over")
func cooldown() {
    let almost: (inout RiskFixture) -> Void = {
        $0.context.history.lastStopOut = Timestamp(nanoseconds: RiskFixture.now.nanoseconds - 599_999_999_999)
    }
    RiskFixture.entry.with(almost).expectFires(.cooldown, .milliseconds, observed: 599_999, threshold: 600_000)
    RiskFixture.entry.with { $0.context.history.lastStopOut = RiskFixture.now + -TimeSpan.minutes(10) }
        .expectPasses(.cooldown, observed: 600_000)
    RiskFixture.entry.expectPasses(.cooldown, observed: RiskRow.missing)
    RiskFixture.entry.with(almost).with { $0.limits.cooldownAfterStop = nil }.expectOff(.cooldown)
    RiskFixture.exit.with(almost).expectOff(.cooldown)
}

/// Goal: trades of the hour count at >=.
/// Method: one under, at the limit, and a limit above what is remembered.
@Test("burst_limit: trades of the last hour, at the limit")
func burstLimit() {
    RiskFixture.entry.with { $0.context.history.tradesInLastHour = 4 }.expectPasses(.burstLimit, observed: 4)
    let full: (inout RiskFixture) -> Void = { $0.context.history.tradesInLastHour = 5 }
    RiskFixture.entry.with(full).expectFires(.burstLimit, .count, observed: 5, threshold: 5)
    RiskFixture.exit.with(full).expectOff(.burstLimit)
    RiskFixture.entry.with(full).with { $0.limits.maximumTradesPerSymbolPerHour = nil }.expectOff(.burstLimit)
    RiskFixture.entry.with {
        $0.limits.maximumTradesPerSymbolPerHour = 100_000
        $0.context.history.tradesInLastHour = RepeatGuard.tradesRemembered
    }.expectFires(.burstLimit, .count, observed: 256, threshold: 256)
}

/// Goal: entries stop at their share of each window, and where a table has no row left.
/// Method: each window one under and at its share of 80 %; the table with one row and none.
@Test("order_rate_limit: each window's share of entries, and full tables")
func orderRateLimit() {
    RiskFixture.entry.with { $0.context.history.rates = RateCounts(second: 7, tenSeconds: 39, minute: 159) }
        .expectPasses(.orderRateLimit, observed: 7)
    let broken: [(RateCounts, Int64)] = [
        (RateCounts(second: 8, tenSeconds: 8, minute: 8), 8),
        (RateCounts(second: 0, tenSeconds: 40, minute: 40), 40),
        (RateCounts(second: 0, tenSeconds: 0, minute: 160), 160),
    ]
    for (rates, share) in broken {
        let change: (inout RiskFixture) -> Void = { $0.context.history.rates = rates }
        RiskFixture.entry.with(change).expectFires(.orderRateLimit, .count, observed: share, threshold: share)
        RiskFixture.exit.with(change).expectOff(.orderRateLimit)
    }
    RiskFixture.entry.with { $0.context.trading.tableRowsLeft = 1 }.expectPasses(.orderRateLimit)
    RiskFixture.entry.with { $0.context.trading.tableRowsLeft = 0 }
        .expectFires(.orderRateLimit, .count, observed: 0, threshold: 0)
    RiskFixture.exit.with { $0.context.trading.tableRowsLeft = 0 }.expectOff(.orderRateLimit)
}

/// Goal: latches hold whatever the count says, and their limit fires at >=.
/// Method: count one under, at the limit, latched with none, latched without a limit; on exits too.
@Test("repeated_execution, reject_storm: counts at the limit, latched until enabled")
func latches() {
    let rows: [(VetoReason, Int64, (inout RiskFixture, Int) -> Void, (inout RiskFixture) -> Void)] = [
        (
            .repeatedExecution, 3, { $0.context.history.repeatedExecutions = $1 },
            { $0.context.history.isRepeatLatched = true }
        ),
        (
            .rejectStorm, 5, { $0.context.history.consecutiveRejects = $1 },
            { $0.context.history.isRejectLatched = true }
        ),
    ]
    for (rule, limit, count, latch) in rows {
        RiskFixture.entry.with { count(&$0, Int(limit) - 1) }.expectPasses(rule, observed: limit - 1)
        RiskFixture.entry.with { count(&$0, Int(limit)) }
            .expectFires(rule, .count, observed: limit, threshold: limit)
        RiskFixture.entry.with(latch).expectFires(rule, .count, observed: 0, threshold: limit)
        RiskFixture.exit.with(latch).expectOff(rule)
        let unlimited: (inout RiskFixture) -> Void = {
            $0.limits.repeatedExecutionCount = nil
            $0.limits.rejectStormCount = nil
        }
        RiskFixture.entry.with(unlimited).with { count(&$0, 100) }.expectOff(rule)
        RiskFixture.entry.with(unlimited).with(latch).expectFires(rule)
    }
}

/// Goal: an environment that must not trade for real doesn't, exits included.
/// Method: the two switches in all four settings.
@Test("environment_guard: require_dry_run against a live environment")
func environmentGuard() {
    for base in [RiskFixture.entry, .exit] {
        base.expectPasses(.environmentGuard, observed: 0)
        base.with { $0.limits.isLive = true }.expectFires(.environmentGuard)
        base.with {
            $0.limits.isLive = true
            $0.limits.requiresDryRun = false
        }.expectOff(.environmentGuard)
    }
}

/// Goal: an entry of a disabled strategy is refused by its own name, an exit of it never.
/// Method: the flag on and off, for both.
@Test("strategy_disabled: guards entries alone")
func strategyDisabled() {
    RiskFixture.entry.expectPasses(.strategyDisabled, observed: 0)
    RiskFixture.entry.with { $0.context.trading.isStrategyDisabled = true }.expectFires(.strategyDisabled)
    RiskFixture.exit.with { $0.context.trading.isStrategyDisabled = true }.expectOff(.strategyDisabled)
}
