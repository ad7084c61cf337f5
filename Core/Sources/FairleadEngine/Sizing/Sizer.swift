public import FairleadModel

/// What sizing made of a signal. `quantity <= requestedQuantity`, always.
public struct SizedOrder: Hashable, Sendable, BitwiseCopyable {
    /// On the lot grid, rounded down; zero where `shortfall` says why.
    public var quantity: Quantity
    /// As asked for, on no grid.
    public var requestedQuantity: Quantity
    /// The price that turned money into quantity; zero when none was needed.
    public var referencePrice: Price
    public var shortfall: SizingShortfall
    public var factors: SizingFactors

    public init(
        quantity: Quantity,
        requestedQuantity: Quantity,
        referencePrice: Price = .zero,
        shortfall: SizingShortfall = .none,
        factors: SizingFactors = SizingFactors()
    ) {
        self.quantity = quantity
        self.requestedQuantity = requestedQuantity
        self.referencePrice = referencePrice
        self.shortfall = shortfall
        self.factors = factors
    }
}

/// What sizing may look at.
public struct SizingInput: Hashable, Sendable, BitwiseCopyable {
    public var terms: InstrumentTerms
    public var side: Side
    /// Zero for a market order.
    public var limitPrice: Price
    /// Far touch, mark or last (`MarketFacts.reference`); zero when there is none.
    public var reference: Price
    /// nil when unknown.
    public var nav: Money?
    /// nil when unknown.
    public var available: Money?
    /// The signal asks for an exit; funds don't matter then.
    public var wantsReduction: Bool
    /// What is left to reduce (`ExposureRow.reducible`): the whole position of an exit without a size.
    public var reducible: Quantity
    /// The rest is asked of entries alone. As the signal says; outside 0...1 it counts as the nearer end.
    public var confidence = Rate.one
    /// The strategy's closed trades.
    public var tally = TradeTally()
    /// `CorrelationHaircut.load` over the open positions; 0 where nothing is known of how they move together.
    public var correlationLoad = Rate.zero
    /// nil: not asked, the size stays.
    public var regime: SizingRegime?
    /// Of the symbol's tier in that regime; at most 1.
    public var regimeMultiplier = Rate.one
    public var kelly = KellyConfiguration()

    public init(
        terms: InstrumentTerms,
        side: Side,
        limitPrice: Price,
        reference: Price,
        nav: Money?,
        available: Money?,
        wantsReduction: Bool,
        reducible: Quantity
    ) {
        self.terms = terms
        self.side = side
        self.limitPrice = limitPrice
        self.reference = reference
        self.nav = nav
        self.available = available
        self.wantsReduction = wantsReduction
        self.reducible = reducible
    }
}

/// SPEC 5: from what a signal asks to a quantity on the lot grid, never more than asked. Kelly's sizes are made in
/// `Sizer+Kelly.swift`.
public enum Sizer {
    /// Sizes a signal. An exit is cut to what is left to reduce; an entry without known funds is sized to nothing, but
    /// for one that closes something first: `buying_power` judges what it opens.
    @inline(__always)
    public static func size(_ size: SignalSize, _ input: SizingInput) -> SizedOrder {
        var sized = requested(size, input)
        guard sized.shortfall == .none else { return sized }
        if input.wantsReduction {
            sized.quantity = min(sized.quantity, input.reducible)
            if sized.quantity == .zero { return nothing(sized, .noPosition) }
            #if MUTANTS
                if Mutant.isOn(.exitIsNotBoundedByThePosition) { sized.quantity = sized.requestedQuantity }
            #endif
        } else if (input.available ?? .zero) <= .zero, input.reducible == .zero {
            return nothing(sized, .noFunds)
        } else if sized.factors.basis == .given, let regime = input.regime {
            multiply(&sized, by: regime, input)
        }
        #if MUTANTS
            if Mutant.isOn(.quantityIsRoundedUp) {
                let most = Quantity(raw: sized.quantity.raw + input.terms.lot.raw - 1)
                sized.quantity = input.terms.roundedDown(most)
            }
        #endif
        sized.quantity = input.terms.roundedDown(sized.quantity)
        return sized.quantity == .zero ? nothing(sized, .belowLot) : sized
    }

    /// The `sizing` record of a sized signal.
    public static func record(_ terms: SignalTerms, _ sized: SizedOrder, nav: Money?) -> SizingRecord {
        SizingRecord(
            number: terms.number,
            instrument: terms.instrument,
            requested: terms.size,
            referencePrice: sized.referencePrice,
            nav: nav?.raw8,
            requestedQuantity: sized.requestedQuantity,
            sizedQuantity: sized.quantity,
            factors: sized.factors
        )
    }

    /// The quantity as asked for. Money is turned into it by the limit of a limit order, else by the reference.
    @inline(__always)
    private static func requested(_ size: SignalSize, _ input: SizingInput) -> SizedOrder {
        switch size {
        case .quantity(let quantity): return SizedOrder(quantity: quantity, requestedQuantity: quantity)
        case .wholePosition: return SizedOrder(quantity: input.reducible, requestedQuantity: input.reducible)
        case .notional(let notional): return converted(notional, input)
        case .navFraction(let fraction):
            guard let nav = input.nav, nav > .zero else {
                return SizedOrder(quantity: .zero, requestedQuantity: .zero, shortfall: .navUnknown)
            }
            return converted(nav.share(fraction), input)
        case .kelly(let share):
            // What can only close asks for all of it, whatever its strategy's edge.
            guard !input.wantsReduction else {
                return SizedOrder(quantity: input.reducible, requestedQuantity: input.reducible)
            }
            return kelly(share, input)
        }
    }

    /// What the regime leaves of a size that was given: of what it opens. What it closes first is an exit, and stays.
    private static func multiply(_ sized: inout SizedOrder, by regime: SizingRegime, _ input: SizingInput) {
        sized.factors.regime = regime
        sized.factors.regimeMultiplier = input.regimeMultiplier
        let opening = sized.quantity.subtracting(input.reducible)
        let left = Int128(opening.raw) * Int128(min(.one, input.regimeMultiplier).raw)
        let cut = Quantity(raw: max(0, FixedPoint.dividedRoundingDown(left, by: Int128(FixedPoint.one))))
        sized.quantity = sized.quantity - opening + cut
    }

    static func converted(_ notional: Money, _ input: SizingInput) -> SizedOrder {
        let price = input.limitPrice.raw > 0 ? input.limitPrice : input.reference
        guard price.raw > 0 else {
            return SizedOrder(quantity: .zero, requestedQuantity: .zero, shortfall: .noReferencePrice)
        }
        let quantity = input.terms.quantity(worth: notional, at: price)
        return SizedOrder(quantity: quantity, requestedQuantity: quantity, referencePrice: price)
    }

    static func nothing(_ sized: SizedOrder, _ shortfall: SizingShortfall) -> SizedOrder {
        SizedOrder(
            quantity: .zero,
            requestedQuantity: sized.requestedQuantity,
            referencePrice: sized.referencePrice,
            shortfall: shortfall,
            factors: sized.factors
        )
    }
}

extension InstrumentTerms {
    /// The largest quantity that is worth no more than `money` at `price`, on no grid yet; zero without a price.
    func quantity(worth money: Money, at price: Price) -> Quantity {
        let unit = Int128(price.raw) * Int128(multiplier)
        guard unit > 0, money.raw > 0 else { return .zero }
        return min(Quantity(raw: FixedPoint.dividedRoundingDown(money.raw, by: unit)), Quantity.bound)
    }
}
