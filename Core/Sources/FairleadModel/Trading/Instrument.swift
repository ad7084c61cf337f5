/// What may be traded, and on which grid: the hot part of an instrument, without text.
@frozen public struct InstrumentTerms: Hashable, Sendable, BitwiseCopyable {
    public var tick: Price
    public var lot: Quantity
    public var minimumQuantity: Quantity
    public var maximumQuantity: Quantity
    /// The venue's minimum notional of an order; zero when it has none.
    public var minimumNotional: Money
    /// Value of one contract per unit of price.
    public var multiplier: Int32
    /// The venue's percent-price rule: how far from the mark a limit may lie, as a rate; zero when it has none.
    public var percentPrice: Rate
    /// The same rule as a venue gives it by multipliers of the mark: the highest limit is `multiplierUp` of it, the
    /// lowest `multiplierDown`; zero where it gives none.
    public var multiplierUp: Rate
    public var multiplierDown: Rate
    public var makerFee: Rate
    public var takerFee: Rate
    /// True where the venue exempts reduce-only orders from its minimum notional.
    public var reduceOnlyExemptFromMinimum: Bool
    public var assetClass: AssetClass
    public var venue: VenueHandle
    /// True when long and short positions are kept apart.
    public var isHedged: Bool

    public init(
        tick: Price,
        lot: Quantity,
        minimumQuantity: Quantity,
        maximumQuantity: Quantity,
        minimumNotional: Money = .zero,
        multiplier: Int32 = 1,
        percentPrice: Rate = .zero,
        multiplierUp: Rate = .zero,
        multiplierDown: Rate = .zero,
        makerFee: Rate = Rate(bps: 2),
        takerFee: Rate = Rate(bps: 5),
        reduceOnlyExemptFromMinimum: Bool = true,
        assetClass: AssetClass = .crypto,
        venue: VenueHandle = .paper,
        isHedged: Bool = false
    ) {
        precondition(tick.raw > 0, "Invariant: a tick is positive")
        precondition(lot.raw > 0, "Invariant: a lot is positive")
        self.tick = tick
        self.lot = lot
        self.minimumQuantity = minimumQuantity
        self.maximumQuantity = maximumQuantity
        self.minimumNotional = minimumNotional
        self.multiplier = multiplier
        self.percentPrice = percentPrice
        self.multiplierUp = multiplierUp
        self.multiplierDown = multiplierDown
        self.makerFee = makerFee
        self.takerFee = takerFee
        self.reduceOnlyExemptFromMinimum = reduceOnlyExemptFromMinimum
        self.assetClass = assetClass
        self.venue = venue
        self.isHedged = isHedged
    }
}

/// Why a price is put on the grid: decides the direction, always toward safety (SPEC 2).
@frozen public enum RoundingPurpose: Sendable, BitwiseCopyable {
    /// A quote that rests: a buy down, a sell up.
    case resting
    /// A marketable exit: toward filling, a buy up, a sell down.
    case filling
    /// A stop's trigger: a sell stop up, a buy stop down.
    case stopTrigger
}

extension InstrumentTerms {
    @inlinable public func isOnTick(_ price: Price) -> Bool { price.raw % tick.raw == 0 }
    @inlinable public func isOnLot(_ quantity: Quantity) -> Bool { quantity.raw % lot.raw == 0 }

    /// The price on the tick grid, rounded for `side` as `purpose` asks.
    @inlinable public func rounded(_ price: Price, _ side: Side, for purpose: RoundingPurpose) -> Price {
        let down: Bool
        switch purpose {
        case .resting, .stopTrigger: down = side == .buy
        case .filling: down = side == .sell
        }
        return down ? roundedDown(price) : roundedUp(price)
    }

    @inlinable public func roundedDown(_ price: Price) -> Price {
        let remainder = price.raw % tick.raw
        return Price(raw: price.raw - (remainder < 0 ? remainder + tick.raw : remainder))
    }

    @inlinable public func roundedUp(_ price: Price) -> Price {
        let down = roundedDown(price)
        return down == price ? price : Price(raw: down.raw + tick.raw)
    }

    /// The quantity on the lot grid, always down.
    @inlinable public func roundedDown(_ quantity: Quantity) -> Quantity {
        Quantity(raw: quantity.raw - quantity.raw % lot.raw)
    }

    /// True where the venue's percent-price rule refuses a limit at `price` while its mark is `mark`: on either side of
    /// the book, above the highest or below the lowest. Exactly at a bound passes. `mark` must be positive.
    @inlinable public func breaksPercentPrice(_ price: Price, mark: Price) -> Bool {
        precondition(mark.raw > 0, "Invariant: a percent-price rule has a positive mark")
        let one = Int128(FixedPoint.one)
        let scaled = Int128(price.raw) * one
        if percentPrice.raw > 0 {
            let distance = Int128(price.raw) - Int128(mark.raw)
            if distance.magnitude * one.magnitude > (Int128(mark.raw) * Int128(percentPrice.raw)).magnitude {
                return true
            }
        }
        if multiplierUp.raw > 0, scaled > Int128(mark.raw) * Int128(multiplierUp.raw) { return true }
        return multiplierDown.raw > 0 && scaled < Int128(mark.raw) * Int128(multiplierDown.raw)
    }

    /// How far from the mark the rule lets a limit of `side` lie on the side where it takes, as a rate; zero: no rule.
    @inlinable public func percentPriceReach(_ side: Side) -> Rate {
        let given: Int64
        switch side {
        case .buy: given = multiplierUp.raw > 0 ? multiplierUp.raw - FixedPoint.one : 0
        case .sell: given = multiplierDown.raw > 0 ? FixedPoint.one - multiplierDown.raw : 0
        }
        guard given > 0 else { return percentPrice }
        return percentPrice.raw > 0 ? min(percentPrice, Rate(raw: given)) : Rate(raw: given)
    }

    @inlinable public func notional(_ price: Price, _ quantity: Quantity) -> Money {
        Money.notional(price, quantity, multiplier: multiplier)
    }
}

/// An instrument as configured: its name, its terms, and where the terms come from.
public struct Instrument: Hashable, Sendable {
    /// Upper case, at most 32 bytes of `[A-Z0-9._-]`.
    public var symbol: String
    public var terms: InstrumentTerms
    /// Where the filters were read, and when: "exchangeInfo 2024-08-08". Shown, never interpreted.
    public var origin: String
    /// What a long position pays each funding interval, as a share of its value; negative: it receives.
    public var fundingRate = Rate.zero
    /// When it trades.
    public var hours = InstrumentHours.always

    public init(symbol: String, terms: InstrumentTerms, origin: String) {
        self.symbol = symbol
        self.terms = terms
        self.origin = origin
    }
}

/// When an instrument trades.
public enum InstrumentHours: UInt8, Hashable, Sendable, CaseIterable {
    /// At all times.
    case always = 0
    /// In the sessions of the configured exchange calendar.
    case sessions
}
