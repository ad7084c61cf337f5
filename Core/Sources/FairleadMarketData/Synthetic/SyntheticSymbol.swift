import FairleadModel

/// One symbol of the synthetic market: a fair price in motion, and the book and trades around it.
///
/// Prices are counted in ticks and quantities in lots, so that whatever is drawn lies on the instrument's grid.
struct SyntheticSymbol {
    /// Share of the common factor in a symbol's variance: returns correlate by this much.
    private static let commonShare = 0.5
    /// Expected trades that one trade sets off, and for how long (market seconds).
    private static let excitement = (offspring: 0.4, seconds: 1.5)
    /// A burst multiplies the rate of trades, all on one side.
    private static let burstFactor = 10.0

    /// Lengths of an episode of momentum in market seconds.
    private static let shortestEpisode = 30.0
    private static let longestEpisode = 50.0
    /// Episodes around a start are of this length and strength, so that a trend-follower on bars of a few seconds has a
    /// turn to act on soon, whatever the seed.
    static let swingSeconds = 45.0
    private static let swingStrength = 1.2
    /// A book may be this many ticks wider than usual; wider ones are put around the fair price anew.
    private static let widestExcess: Int64 = 100

    // What stays.
    let instrument: InstrumentHandle
    let tick: Int64
    let lot: Int64
    /// Deviation of the return in one market second of the normal regime.
    let deviation: Double
    let usualSpread: Int64
    let tradesPerSecond: Double
    /// The start price in ticks: what the price is drawn back to over hours.
    let anchor: Double
    /// Median size of a trade in lots.
    let usualTrade: Double
    /// The most lots that a trade or a level has.
    let lotLimit: Double

    // What moves.
    /// In ticks.
    private(set) var fair: Double
    private var commonSeen = 0.0
    private var lastTime: Timestamp
    /// Direction and strength of the present episode, in deviations a second.
    private var momentum = 0.0
    private var momentumEnds: Timestamp
    /// Episodes around the start that are still to come.
    private var swings = 0
    /// In ticks; the bid is 0 before the first quote.
    private(set) var bid: Int64 = 0
    private(set) var ask: Int64 = 0
    /// In lots.
    private(set) var bidLots: Int64 = 0
    private(set) var askLots: Int64 = 0
    /// Trades a second on top of the usual rate, set off by the trades before.
    private var excited = 0.0
    private var burstEnds: Timestamp
    private var burstSide = Side.buy
    /// The mark's distance from the fair price, as a ratio.
    private var basis = 0.0
    private(set) var nextArrival: Timestamp
    private(set) var nextMark: Timestamp
    private var random: DeterministicRandom

    init(
        _ configuration: SyntheticSymbolConfiguration,
        instrument: InstrumentHandle,
        terms: InstrumentTerms,
        seed: UInt64,
        at start: Timestamp
    ) {
        self.instrument = instrument
        tick = terms.tick.raw
        lot = terms.lot.raw
        // A day has 86,400 seconds. Episodes, jumps and restless regimes bring what the noise is less than configured.
        deviation = 0.6 * configuration.dailyVolatility.double / 86_400.0.squareRoot()
        usualSpread = Int64(configuration.spreadTicks)
        tradesPerSecond = configuration.tradesPerSecond.double
        anchor = Double(configuration.startPrice.raw) / Double(terms.tick.raw)
        // A trade is worth about 800 of the quote currency.
        let lotWorth = Double(configuration.startPrice.raw) / 1e8 * Double(terms.lot.raw) / 1e8
        usualTrade = max(1, 800 / lotWorth)
        lotLimit = max(1, min(usualTrade * 100_000, Double(Quantity.bound.raw / terms.lot.raw)))
        fair = anchor
        lastTime = start
        momentumEnds = start
        burstEnds = start
        nextArrival = start
        nextMark = start
        random = DeterministicRandom(seed: seed)
        basis = 0.0001 * random.nextNormal()
    }

    // MARK: - The fair price

    /// Moves the fair price on to `now`: shared and own noise, the episode's momentum, jumps, and the pull home.
    mutating func advance(to now: Timestamp, climate: SyntheticClimate, clock: MarketClock) {
        let elapsed = clock.seconds(from: lastTime, to: now)
        let shared = climate.common - commonSeen
        commonSeen = climate.common
        lastTime = now
        if momentumEnds <= now { beginEpisode(at: now, clock: clock) }
        guard elapsed > 0 else { return }
        excited *= DeterministicMath.exp(-elapsed / Self.excitement.seconds)
        let volatility = climate.regime.volatility
        let own = (elapsed * (1 - Self.commonShare)).squareRoot() * volatility * random.nextNormal()
        let noise = own + shared * Self.commonShare.squareRoot()
        let drift = momentum * volatility * min(elapsed, Self.longestEpisode)
        // Half of a distance from home is gone after about an hour and a half.
        let pull = (1 - fair / anchor) * min(0.5, elapsed / 8000)
        var step = deviation * (noise + drift) + pull
        if random.nextUnit() * 600 < elapsed { step += 6 * deviation * volatility * random.nextNormal() }
        fair *= 1 + min(0.5, max(-0.5, step))
        bound()
    }

    /// Keeps the price within a factor of eight of home and off the ends of what a price may be.
    private mutating func bound() {
        let low = max(anchor / 8, 16)
        let high = min(anchor * 8, Double(Price.bound.raw / tick) - 2048)
        // Written so that a number that is none (a damaged snapshot) becomes the lower bound.
        if !(fair > low) { fair = low }
        if fair > high { fair = high }
    }

    /// Most episodes turn the direction of the one before; some go on, and some are calm.
    private mutating func beginEpisode(at now: Timestamp, clock: MarketClock) {
        if swings > 0 {
            swings -= 1
            momentum = momentum > 0 ? -Self.swingStrength : Self.swingStrength
            momentumEnds = momentumEnds + clock.span(seconds: Self.swingSeconds)
            return
        }
        let strength = random.nextUnit(from: 0.5, to: 0.9)
        let choice = random.nextUnit()
        let wasUp = momentum > 0 || (momentum == 0 && random.nextUnit() < 0.5)
        if choice < 0.05 {
            momentum = 0
        } else {
            momentum = (choice < 0.1) == wasUp ? strength : -strength
        }
        momentumEnds = now + clock.span(seconds: random.nextUnit(from: Self.shortestEpisode, to: Self.longestEpisode))
    }

    /// Turns the direction until `end`, and then `count` times more at equal distances.
    mutating func swing(until end: Timestamp, count: Int) {
        momentum = momentum > 0 ? -Self.swingStrength : Self.swingStrength
        momentumEnds = end
        swings = count
    }

    /// The fair price on the grid.
    var fairTicks: Int64 { Int64(fair.rounded()) }

    // MARK: - The book and its trades

    /// What an arrival at `now` does: a trade (the quote that follows it is then `quote(at:)`), or a quote alone.
    mutating func arrive(at now: Timestamp, climate: SyntheticClimate, clock: MarketClock) -> Trade? {
        let elapsed = clock.seconds(from: lastTime, to: now)
        advance(to: now, climate: climate, clock: clock)
        defer { schedule(after: now, elapsed: elapsed, climate: climate, clock: clock) }
        guard bid > 0 else {
            moveBook(spread: usualSpread)
            return nil
        }
        let isTrade = random.nextUnit() * arrivalRate(now, climate.regime) < tradeRate(now, climate.regime)
        let spread = drawnSpread(climate.regime)
        let isAway = fair < Double(bid) - 0.25 || fair > Double(ask) + 0.25 || spread != ask - bid
        guard isTrade else {
            if isAway { moveBook(spread: spread) } else { changeQueue() }
            return nil
        }
        let trade = drawnTrade(at: now)
        excite(at: now, side: trade.aggressor, clock: clock)
        take(trade)
        if isAway { moveBook(spread: spread) }
        return trade
    }

    /// The book as it stands.
    func quote(at now: Timestamp) -> Quote {
        Quote(
            instrument: instrument,
            bid: Price(raw: bid * tick),
            bidQuantity: Quantity(raw: bidLots * lot),
            ask: Price(raw: ask * tick),
            askQuantity: Quantity(raw: askLots * lot),
            venueTime: now
        )
    }

    /// The mark price, once a market second: the fair price and a small basis that comes and goes.
    mutating func mark(at now: Timestamp, clock: MarketClock) -> MarkPrice {
        basis = 0.95 * basis + 0.00002 * random.nextNormal()
        nextMark = now + clock.span(seconds: 1)
        let price = fair * (1 + basis) * Double(tick)
        return MarkPrice(instrument: instrument, price: Price(raw: Int64(price)), venueTime: now)
    }

    private func tradeRate(_ now: Timestamp, _ regime: VolatilityRegime) -> Double {
        let usual = tradesPerSecond * (1 - Self.excitement.offspring) * regime.activity
        return (usual + excited) * (now < burstEnds ? Self.burstFactor : 1)
    }

    /// Trades and quotes: four quotes for each trade of the usual rate, and one for each excited one.
    private func arrivalRate(_ now: Timestamp, _ regime: VolatilityRegime) -> Double {
        tradeRate(now, regime) + 4 * tradesPerSecond * regime.activity + excited
    }

    private mutating func schedule(
        after now: Timestamp,
        elapsed: Double,
        climate: SyntheticClimate,
        clock: MarketClock
    ) {
        let rate = min(100_000, arrivalRate(now, climate.regime))
        var wait = min(10, random.nextExponential() / rate)
        // Once in a quarter of an hour the feed is silent for seconds, and the price is elsewhere when it is back.
        if random.nextUnit() * 900 < elapsed {
            wait += random.nextUnit(from: 1, to: 4)
            fair *= 1 + max(-0.5, 8 * deviation * climate.regime.volatility * random.nextNormal())
            bound()
        }
        nextArrival = now + clock.span(seconds: wait)
    }

    /// The usual spread, and further ticks as the regime has it; an unusual one stays for a few arrivals.
    private mutating func drawnSpread(_ regime: VolatilityRegime) -> Int64 {
        let present = ask - bid
        let isUsual = present == usualSpread
        guard random.nextUnit() < (isUsual ? 0.1 : 0.3) else { return present }
        var spread = usualSpread
        while spread < usualSpread + 50, random.nextUnit() < regime.widening { spread += 1 }
        return spread
    }

    /// Puts the book around the fair price.
    private mutating func moveBook(spread: Int64) {
        let newBid = max(1, Int64((fair - Double(spread - 1) / 2).rounded(.down)))
        let newAsk = newBid + spread
        if newBid != bid { bidLots = drawnQueue() }
        if newAsk != ask { askLots = drawnQueue() }
        bid = newBid
        ask = newAsk
    }

    /// Somebody joins or leaves one of the queues.
    private mutating func changeQueue() {
        let change = lots(0.6 * usualTrade * random.nextSize(deviation: 1.2))
        let isJoining = random.nextUnit() < 0.5
        if random.nextUnit() < 0.5 {
            bidLots = changed(bidLots, by: change, isJoining)
        } else {
            askLots = changed(askLots, by: change, isJoining)
        }
    }

    private func changed(_ queue: Int64, by change: Int64, _ isJoining: Bool) -> Int64 {
        isJoining ? min(Int64(lotLimit), queue + change) : max(1, queue - change)
    }

    private mutating func drawnTrade(at now: Timestamp) -> Trade {
        // The side on which the fair price lies is taken; inside the book it's the episode's, a little more often.
        let lean = momentum > 0 ? 0.1 : momentum < 0 ? -0.1 : 0
        var side: Side = random.nextUnit() < 0.5 + lean ? .buy : .sell
        if now < burstEnds { side = burstSide }
        if fair > Double(ask) { side = .buy } else if fair < Double(bid) { side = .sell }
        let queue = side == .buy ? askLots : bidLots
        let size = min(queue, lots(usualTrade * random.nextSize(deviation: 1.1)))
        return Trade(
            instrument: instrument,
            price: Price(raw: (side == .buy ? ask : bid) * tick),
            quantity: Quantity(raw: size * lot),
            aggressor: side,
            venueTime: now
        )
    }

    /// Trades set off others; one in 250 begins a burst of its side.
    private mutating func excite(at now: Timestamp, side: Side, clock: MarketClock) {
        excited = min(excited + Self.excitement.offspring / Self.excitement.seconds, 20 * tradesPerSecond + 1)
        guard now >= burstEnds, random.nextUnit() < 1.0 / 250 else { return }
        burstSide = side
        burstEnds = now + clock.span(seconds: 0.4 * random.nextExponential())
    }

    /// The trade's lots leave the queue; a level without any gives way by a tick and takes the fair price along.
    private mutating func take(_ trade: Trade) {
        let size = trade.quantity.raw / lot
        switch trade.aggressor {
        case .buy:
            askLots -= size
            guard askLots <= 0 else { return }
            ask += 1
            askLots = drawnQueue()
            fair += 0.5
        case .sell:
            bidLots -= size
            guard bidLots <= 0 else { return }
            bidLots = drawnQueue()
            // The lowest price there is stays; the book can't go below it.
            guard bid > 1 else { return }
            bid -= 1
            fair -= 0.5
        }
        bound()
        if ask - bid > usualSpread + Self.widestExcess { moveBook(spread: usualSpread) }
    }

    private mutating func drawnQueue() -> Int64 { lots(12 * usualTrade * random.nextSize(deviation: 0.8)) }

    /// Whole lots, at least one.
    private func lots(_ size: Double) -> Int64 { Int64(max(1, min(size, lotLimit))) }

    // MARK: - Before the first quote, and between two runs

    /// The volume of a bar of `seconds`, in raw quantity: more where the price moved more.
    mutating func drawnVolume(seconds: Double, regime: VolatilityRegime) -> Quantity {
        let trades = max(1, tradesPerSecond * seconds * regime.activity)
        let size = min(trades * usualTrade * random.nextSize(deviation: 0.4), lotLimit)
        return Quantity(raw: Int64(max(1, size)) * lot)
    }

    /// Nothing has happened yet: begin at `start`.
    mutating func move(to start: Timestamp) { postpone(by: start - lastTime) }

    /// The first quote comes at `start`; the price moves from wherever it is by then.
    mutating func open(at start: Timestamp) {
        nextArrival = start
        nextMark = start
    }

    /// Moves all that lies ahead by `gap`.
    mutating func postpone(by gap: TimeSpan) {
        lastTime = lastTime + gap
        momentumEnds = momentumEnds + gap
        burstEnds = burstEnds + gap
        nextArrival = nextArrival + gap
        nextMark = nextMark + gap
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&fair)
        visitor.visit(&commonSeen)
        visitor.visit(&lastTime)
        visitor.visit(&momentum)
        visitor.visit(&momentumEnds)
        visitor.visit(&swings)
        visitor.visit(&bid)
        visitor.visit(&ask)
        visitor.visit(&bidLots)
        visitor.visit(&askLots)
        visitor.visit(&excited)
        visitor.visit(&burstEnds)
        visitor.visit(&burstSide)
        visitor.visit(&basis)
        visitor.visit(&nextArrival)
        visitor.visit(&nextMark)
        random.visitState(&visitor)
    }

    /// Traps on the first broken rule.
    func checkInvariants() {
        guard bid != 0 else { return }
        precondition(bid > 0, "Invariant: a bid is positive")
        precondition(bid < ask, "Invariant: a quote is never crossed")
        precondition(bidLots > 0, "Invariant: the bid's queue holds a lot")
        precondition(askLots > 0, "Invariant: the ask's queue holds a lot")
        precondition(ask <= Price.bound.raw / tick, "Invariant: prices stay inside their bound")
    }
}
