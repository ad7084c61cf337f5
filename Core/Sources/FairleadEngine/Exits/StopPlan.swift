internal import FairleadModel

/// How one stop moves: what its signal asked for, and how far it has come. A stop never loosens: each move goes
/// through `tightened`.
struct StopPlan: BitwiseCopyable {
    var terms = StopTerms()
    /// As given; zero: there is no stop before trailing begins.
    var initial = Price.zero
    /// Of what it protects, as last told.
    var entry = Price.zero
    /// The best price since trailing began; zero: it doesn't trail yet.
    var best = Price.zero
    /// From the stop to the limit of the order that it sends, against the position.
    var limitOffset = Price.zero
    /// Stages that are behind.
    var stagesDone: UInt8 = 0
    var isAdjusted = false
    /// Its limit order was not filled in time: market exits from here on.
    var isEscalated = false

    init() {}

    /// As a signal asks for it, with the stages of the configuration where it brings none.
    init(_ terms: StopTerms, initial: Price, stages: ProfitStages) {
        self.terms = terms
        if terms.stages.count == 0 { self.terms.stages = stages }
        self.initial = initial
        if terms.limitPrice.raw > 0, initial.raw > 0 {
            limitOffset = Price(raw: abs(initial.raw - terms.limitPrice.raw))
        }
    }

    /// What it does when it is reached.
    var sendsLimit: Bool {
        guard !isEscalated else { return false }
        return isAdjusted ? terms.adjustment.form == .stopLimit || hasOwnLimit : hasOwnLimit
    }
    private var hasOwnLimit: Bool { terms.limitPrice.raw > 0 && !(isAdjusted && terms.adjustment.form == .stop) }

    /// Behind which it trails now, or will from `activation` on.
    private var trail: TrailingDistance {
        isAdjusted && terms.adjustment.form == .trailing ? terms.adjustment.trail : terms.trail
    }

    /// Has anything that a price could move.
    var isMoving: Bool { !terms.trail.isNone || !terms.adjustment.isNone || terms.stages.count > 0 }

    /// As it was given: its position is another one.
    mutating func reset() {
        self = StopPlan(terms, initial: initial, stages: terms.stages)
    }

    /// The next price at which it moves; nil: none. One step beyond `best` where it trails.
    func next(isLong: Bool) -> Price? {
        var nearest: Price?
        func consider(_ price: Price) {
            guard price.raw > 0 else { return }
            guard let known = nearest else { return nearest = price }
            nearest = isLong ? min(known, price) : max(known, price)
        }
        if !trail.isNone {
            if best.raw > 0 {
                consider(Price(raw: isLong ? best.raw + 1 : best.raw - 1))
            } else {
                consider(terms.activation)
            }
        }
        if !isAdjusted { consider(terms.adjustment.trigger) }
        if let stage { consider(level(of: stage.profit, isLong: isLong)) }
        return nearest
    }

    private var stage: ProfitStage? {
        stagesDone < terms.stages.count && entry.raw > 0 ? terms.stages[Int(stagesDone)] : nil
    }

    /// A fraction of the entry price, as a price in the direction of profit.
    private func level(of fraction: Rate, isLong: Bool) -> Price {
        entry.adjusted(by: isLong ? fraction : -fraction)
    }

    /// The price has come to `price`: what the stop is then. `stop` is zero where there was none. True where it took
    /// another form or stage; a trailing stop that only follows says nothing.
    mutating func advance(to price: Price, stop: inout Price, isLong: Bool, _ terms: InstrumentTerms) -> Bool {
        func isReached(_ level: Price) -> Bool { isLong ? price >= level : price <= level }
        let before = stop
        var isNews = false
        if !isAdjusted, !self.terms.adjustment.isNone, isReached(self.terms.adjustment.trigger) {
            adjust(at: price, &stop, isLong: isLong, terms)
            isNews = true
        }
        while let stage, isReached(level(of: stage.profit, isLong: isLong)) {
            stagesDone += 1
            let target = level(of: stage.stop, isLong: isLong)
            stop = Self.tightened(stop, to: target, under: price, isLong: isLong, terms)
            isNews = isNews || stop != before
        }
        if !trail.isNone {
            if best.raw == 0, self.terms.activation.raw == 0 || isReached(self.terms.activation) {
                best = price
                isNews = true
            } else if best.raw > 0 {
                best = isLong ? max(best, price) : min(best, price)
            }
            if best.raw > 0 {
                let distance = trail.distance(from: best)
                let target = isLong ? best - distance : best + distance
                stop = Self.tightened(stop, to: target, under: price, isLong: isLong, terms)
            }
        }
        assert(before.raw == 0 || !(isLong ? stop < before : stop > before), "Invariant: a stop never loosens")
        return isNews
    }

    /// The one adjustment: the stop steps, gets a limit, or begins to trail from here.
    private mutating func adjust(at price: Price, _ stop: inout Price, isLong: Bool, _ terms: InstrumentTerms) {
        isAdjusted = true
        let adjustment = self.terms.adjustment
        if adjustment.price.raw > 0 {
            stop = Self.tightened(stop, to: adjustment.price, under: price, isLong: isLong, terms)
        }
        switch adjustment.form {
        case .stop: limitOffset = .zero
        case .stopLimit:
            let anchor = adjustment.price.raw > 0 ? adjustment.price : initial
            limitOffset = Price(raw: abs(anchor.raw - adjustment.limitPrice.raw))
        case .trailing: best = price
        }
    }

    /// The limit of the order that a stop sends, on the grid; zero where it sends a market exit.
    func limit(from stop: Price, isLong: Bool, _ terms: InstrumentTerms) -> Price {
        guard sendsLimit else { return .zero }
        let exact = isLong ? stop - limitOffset : stop + limitOffset
        let price = terms.rounded(exact, isLong ? .sell : .buy, for: .filling)
        return price.raw > 0 && price <= Price.bound ? price : .zero
    }

    /// The tighter of a stop and a target. A trigger is rounded toward the price, and stays a tick away from it: a move
    /// protects what was gained and is no exit of its own.
    static func tightened(
        _ stop: Price,
        to target: Price,
        under price: Price,
        isLong: Bool,
        _ terms: InstrumentTerms
    ) -> Price {
        let side: Side = isLong ? .sell : .buy
        let rounded = terms.rounded(target, side, for: .stopTrigger)
        if isLong {
            let bounded = min(rounded, terms.roundedDown(Price(raw: price.raw - terms.tick.raw)))
            return bounded.raw > 0 ? max(stop, bounded) : stop
        }
        let bounded = max(rounded, terms.roundedUp(Price(raw: price.raw + terms.tick.raw)))
        guard bounded.raw > 0, bounded <= Price.bound else { return stop }
        return stop.raw == 0 ? bounded : min(stop, bounded)
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        terms.visitState(&visitor)
        visitor.visit(&initial)
        visitor.visit(&entry)
        visitor.visit(&best)
        visitor.visit(&limitOffset)
        visitor.visit(&stagesDone)
        visitor.visit(&isAdjusted)
        visitor.visit(&isEscalated)
    }
}
