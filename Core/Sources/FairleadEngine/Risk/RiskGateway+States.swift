internal import FairleadModel

// Rows about states, permissions and latches.

extension RiskGateway {
    /// Observed is the trading state, the threshold is the furthest state that lets this order pass. `reducing` lets no
    /// new exposure out either, and has no row of its own.
    @inline(__always)
    static func killSwitch(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        let state = context.trading.state
        let furthest: TradingState
        if context.order.isReducing {
            furthest = context.trading.isFrozen || !limits.haltAllowsReduce ? .reducing : .killed
        } else {
            if context.trading.isOverSent { return RuleOutcome(flag: true) }
            furthest = .active
        }
        return RuleOutcome(
            isBroken: state.rawValue > furthest.rawValue,
            .count,
            observed: Int64(state.rawValue),
            threshold: Int64(furthest.rawValue)
        )
    }

    /// An exit passes where the venue itself keeps it from opening anything.
    @inline(__always)
    static func notReconciled(_ context: RiskContext) -> RuleOutcome {
        let passes =
            context.trading.isReconciled || (context.order.isReducing && context.trading.reducesEvenUnreconciled)
        return RuleOutcome(flag: !passes)
    }

    /// Observed is how long ago it expired, rounded up; negative while it lives. Exactly at its end it still lives.
    @inline(__always)
    static func signalExpired(_ context: RiskContext) -> RuleOutcome {
        guard context.order.expiresAt != .distantFuture else { return .off }
        let age = context.order.now - context.order.expiresAt
        return RuleOutcome(isBroken: age > .zero, .milliseconds, observed: age.millisecondsRoundedUp, threshold: 0)
    }

    @inline(__always)
    static func sideBlocked(_ context: RiskContext) -> RuleOutcome {
        switch context.order.side {
        case .buy: RuleOutcome(flag: context.symbol.isBuyBlocked)
        case .sell: RuleOutcome(flag: context.symbol.isSellBlocked)
        }
    }

    /// Only for signals that ask for an exit: an entry has nothing to reduce and needs nothing.
    @inline(__always)
    static func nothingToReduce(_ context: RiskContext) -> RuleOutcome {
        guard context.order.wantsReduction else { return .off }
        let left = context.exposure.row.reducible(by: context.order.side)
        return RuleOutcome(isBroken: left == .zero, .quantity, observed: left.raw, threshold: 0)
    }

    /// Broken at >=. A position that is open or being opened on the same key is added to, not counted again.
    @inline(__always)
    static func maxConcurrent(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        guard let maximum = limits.maximumConcurrentPositions else { return .off }
        let open = context.exposure.openPositions
        return RuleOutcome(
            isBroken: open >= maximum && !context.exposure.row.isOpen,
            .count,
            observed: Int64(open),
            threshold: Int64(maximum)
        )
    }

    /// Entries in flight count: two signals at once are not both the first.
    @inline(__always)
    static func alreadyInTrade(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        guard !limits.allowsPyramiding else { return .off }
        let held = context.exposure.row.held(in: context.order.side)
        return RuleOutcome(isBroken: held > .zero, .quantity, observed: held.raw, threshold: 0)
    }

    /// Observed is the time since the last stop-out. One that has exactly run out is over.
    @inline(__always)
    static func cooldown(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        guard let cooldown = limits.cooldownAfterStop else { return .off }
        guard context.history.lastStopOut != .never else {
            return RuleOutcome(
                status: .passed,
                unit: .milliseconds,
                observed: RiskRow.missing,
                threshold: cooldown.milliseconds
            )
        }
        let elapsed = context.order.now - context.history.lastStopOut
        return RuleOutcome(
            isBroken: elapsed < cooldown,
            .milliseconds,
            observed: elapsed.milliseconds,
            threshold: cooldown.milliseconds
        )
    }

    @inline(__always)
    static func burstLimit(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        guard let configured = limits.maximumTradesPerSymbolPerHour else { return .off }
        let maximum = min(configured, RepeatGuard.tradesRemembered)
        let trades = context.history.tradesInLastHour
        return RuleOutcome(isBroken: trades >= maximum, .count, observed: Int64(trades), threshold: Int64(maximum))
    }

    /// Entries may use what is not reserved for exits and cancels. A full table of orders or parents counts as well,
    /// and so does a throttle or a ban by the venue, for as long as it lasts.
    @inline(__always)
    static func orderRateLimit(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        if context.trading.tableRowsLeft <= 0 {
            return RuleOutcome(status: .broken, unit: .count, observed: 0, threshold: 0)
        }
        let restriction = context.trading.restrictedUntil
        if restriction > context.order.now {
            return RuleOutcome(
                status: .broken,
                unit: .milliseconds,
                observed: (restriction - context.order.now).millisecondsRoundedUp,
                threshold: 0
            )
        }
        var first = RuleOutcome.off
        let rates = context.history.rates
        considerRate(rates.second, limits.ordersPerSecond, limits, &first)
        considerRate(rates.tenSeconds, limits.ordersPerTenSeconds, limits, &first)
        considerRate(rates.minute, limits.ordersPerMinute, limits, &first)
        return first
    }

    /// Keeps the first broken window, else the first that is configured.
    @inline(__always)
    private static func considerRate(
        _ observed: Int,
        _ limit: Int?,
        _ limits: RiskLimits,
        _ first: inout RuleOutcome
    ) {
        guard let limit, first.status != .broken else { return }
        let usable = RateWindows.entryShare(of: limit, limits)
        let isBroken = observed >= usable
        guard isBroken || first.status == .off else { return }
        first = RuleOutcome(isBroken: isBroken, .count, observed: Int64(observed), threshold: Int64(usable))
    }

    /// Latched by `RepeatGuard` when the count is reached; only an operator clears it, also when the limit was taken
    /// away.
    @inline(__always)
    static func repeatedExecution(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        latch(
            context.history.isRepeatLatched,
            context.history.repeatedExecutions,
            limits.repeatedExecutionCount.map { min($0, RepeatGuard.runRemembered) }
        )
    }

    @inline(__always)
    static func rejectStorm(_ context: RiskContext, _ limits: RiskLimits) -> RuleOutcome {
        latch(
            context.history.isRejectLatched,
            context.history.consecutiveRejects,
            limits.rejectStormCount.map { min($0, RepeatGuard.runRemembered) }
        )
    }

    @inline(__always)
    private static func latch(_ isLatched: Bool, _ count: Int, _ limit: Int?) -> RuleOutcome {
        guard let limit else { return isLatched ? RuleOutcome(flag: true) : .off }
        return RuleOutcome(
            isBroken: isLatched || count >= limit,
            .count,
            observed: Int64(count),
            threshold: Int64(limit)
        )
    }
}

extension TimeSpan {
    /// In milliseconds, rounded up: what is over its limit by a nanosecond also reads so.
    @inline(__always)
    var millisecondsRoundedUp: Int64 {
        let whole = nanoseconds / 1_000_000
        return nanoseconds % 1_000_000 > 0 ? whole + 1 : whole
    }
}
