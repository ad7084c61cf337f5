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

    public init(symbol: String, terms: InstrumentTerms, origin: String) {
        self.symbol = symbol
        self.terms = terms
        self.origin = origin
    }
}
