import FairleadModel

/// Makes schedules: how many slices, how long, how small.
enum TwapPlan {
    /// Slices that a signal's life leaves no second for are not made.
    static let shortestInterval = TimeSpan.seconds(1)

    /// The schedule of an order of `quantity` that begins now; nil where it comes to fewer than two slices: one slice
    /// is no TWAP.
    ///
    /// `reference` is what a child's notional is judged by; zero when nothing is known. Fewer slices than asked for are
    /// made where one would be smaller than the smallest child, so that no remainder of that size is ever left over. A
    /// signal that expires earlier has its intervals shortened, a tenth of its life being kept for the last order.
    static func schedule(
        _ quantity: Quantity,
        _ asked: TwapTerms,
        _ configuration: TwapConfiguration,
        _ terms: InstrumentTerms,
        normalSpread: Rate,
        reference: Price,
        expiresAt: Timestamp,
        seed: UInt64,
        at now: Timestamp
    ) -> ParentSchedule? {
        let minimum = max(terms.minimumNotional, configuration.minimumChildNotional)
        let smallest = smallest(terms, minimum, at: reference)
        let wanted = asked.slices > 0 ? Int64(asked.slices) : Int64(configuration.slices)
        var count = min(min(wanted, TwapTerms.sliceLimit), quantity.raw / smallest.raw)
        var interval = asked.interval ?? configuration.interval
        if expiresAt != .distantFuture {
            let life = expiresAt - now
            let usable = life.nanoseconds - life.nanoseconds / 10
            count = min(count, usable / shortestInterval.nanoseconds)
            if count > 1 { interval = min(interval, TimeSpan(nanoseconds: usable / count)) }
        }
        guard count > 1 else { return nil }
        var schedule = ParentSchedule()
        schedule.begin = now
        schedule.interval = interval
        schedule.slices = UInt16(count)
        schedule.total = quantity
        schedule.lot = terms.lot
        schedule.minimumNotional = minimum
        schedule.pauseSpread = pauseSpread(normalSpread, configuration.spreadPauseFactor)
        schedule.catchUpSlices = UInt16(clamping: configuration.catchUpSlices)
        let share = min(max(.zero, asked.jitterShare ?? configuration.jitter), .one)
        schedule.jitterReach = TimeSpan(
            nanoseconds: FixedPoint.dividedRoundingDown(
                Int128(interval.nanoseconds / 2) * Int128(share.raw),
                by: Int128(FixedPoint.one)
            )
        )
        schedule.seed = seed
        return schedule
    }

    /// The smallest quantity on the lot grid that is a lot, the venue's minimum, and worth `minimum`.
    static func smallest(_ terms: InstrumentTerms, _ minimum: Money, at reference: Price) -> Quantity {
        let floor = max(terms.lot, terms.minimumQuantity)
        guard minimum.raw > 0, reference.raw > 0 else { return roundedUp(floor, terms.lot) }
        let unit = Int128(reference.raw) * Int128(terms.multiplier)
        let needed = Quantity(raw: Int64(clamping: min((minimum.raw + unit - 1) / unit, Int128(Quantity.bound.raw))))
        return roundedUp(max(floor, needed), terms.lot)
    }

    private static func roundedUp(_ quantity: Quantity, _ lot: Quantity) -> Quantity {
        Quantity(raw: (quantity.raw + lot.raw - 1) / lot.raw * lot.raw)
    }

    /// Rounded up: zero means that no spread pauses, and only a normal spread of zero says so.
    static func pauseSpread(_ normal: Rate, _ factor: Rate) -> Rate {
        Rate(raw: FixedPoint.dividedRoundingUp(Int128(normal.raw) * Int128(factor.raw), by: Int128(FixedPoint.one)))
    }
}
