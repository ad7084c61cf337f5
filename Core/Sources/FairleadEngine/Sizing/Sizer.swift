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

    public init(
        quantity: Quantity,
        requestedQuantity: Quantity,
        referencePrice: Price = .zero,
        shortfall: SizingShortfall = .none
    ) {
        self.quantity = quantity
        self.requestedQuantity = requestedQuantity
        self.referencePrice = referencePrice
        self.shortfall = shortfall
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

/// SPEC 5: from what a signal asks to a quantity on the lot grid, never more than asked.
public enum Sizer {
    /// Sizes a signal. An exit is cut to what is left to reduce; an entry without known funds is sized to nothing.
    public static func size(_ size: SignalSize, _ input: SizingInput) -> SizedOrder {
        var sized = requested(size, input)
        guard sized.shortfall == .none else { return sized }
        if input.wantsReduction {
            sized.quantity = min(sized.quantity, input.reducible)
            if sized.quantity == .zero { return nothing(sized, .noPosition) }
            #if MUTANTS
                if Mutant.isOn(.exitIsNotBoundedByThePosition) { sized.quantity = sized.requestedQuantity }
            #endif
        } else if (input.available ?? .zero) <= .zero {
            return nothing(sized, .noFunds)
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
            sizedQuantity: sized.quantity
        )
    }

    /// The quantity as asked for. Money is turned into it by the limit of a limit order, else by the reference.
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
        }
    }

    private static func converted(_ notional: Money, _ input: SizingInput) -> SizedOrder {
        let price = input.limitPrice.raw > 0 ? input.limitPrice : input.reference
        guard price.raw > 0 else {
            return SizedOrder(quantity: .zero, requestedQuantity: .zero, shortfall: .noReferencePrice)
        }
        let quantity = input.terms.quantity(worth: notional, at: price)
        return SizedOrder(quantity: quantity, requestedQuantity: quantity, referencePrice: price)
    }

    private static func nothing(_ sized: SizedOrder, _ shortfall: SizingShortfall) -> SizedOrder {
        SizedOrder(
            quantity: .zero,
            requestedQuantity: sized.requestedQuantity,
            referencePrice: sized.referencePrice,
            shortfall: shortfall
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
