public import FairleadModel

/// One position key's running sums: the confirmed position and the leaves of its live orders, by side and by purpose.
///
/// Unknown and in-flight orders are in the leaves with their full quantity until evidence ends them. Orders that only
/// reduce can take a position to zero and no further, so that they count up to the position.
public struct ExposureRow: Hashable, Sendable, BitwiseCopyable {
    public var position: SignedQuantity
    /// Leaves of buys and sells that can raise exposure.
    public var openingBuys: Quantity
    public var openingSells: Quantity
    /// Leaves of buys and sells that only reduce; a one-cancels-other group counts once.
    public var closingBuys: Quantity
    public var closingSells: Quantity
    /// Leaves of what waits at the venue for its price: it may close what there is, and holds none of it.
    public var protectiveBuys = Quantity.zero
    public var protectiveSells = Quantity.zero

    public init(
        position: SignedQuantity = .zero,
        openingBuys: Quantity = .zero,
        openingSells: Quantity = .zero,
        closingBuys: Quantity = .zero,
        closingSells: Quantity = .zero
    ) {
        self.position = position
        self.openingBuys = openingBuys
        self.openingSells = openingSells
        self.closingBuys = closingBuys
        self.closingSells = closingSells
    }

    /// The position if every buy fills and no sell does.
    @inlinable public var highest: Int64 {
        position.raw + openingBuys.raw + min(closingBuys.raw + protectiveBuys.raw, max(0, -position.raw))
    }

    /// The position if every sell fills and no buy does.
    @inlinable public var lowest: Int64 {
        position.raw - openingSells.raw - min(closingSells.raw + protectiveSells.raw, max(0, position.raw))
    }

    /// The largest magnitude that any order of fills can lead to.
    @inlinable public var worst: Quantity { Quantity(raw: max(abs(highest), abs(lowest))) }

    /// `worst` with one more opening order of `quantity`.
    @inlinable public func worst(adding quantity: Quantity, side: Side) -> Quantity {
        let high = side == .buy ? highest + quantity.raw : highest
        let low = side == .sell ? lowest - quantity.raw : lowest
        return Quantity(raw: max(abs(high), abs(low)))
    }

    /// What an order of `side` may still close: the opposite position less what live closing orders hold of it.
    @inlinable public func reducible(by side: Side) -> Quantity {
        switch side {
        case .buy: Quantity(raw: max(0, -position.raw - closingBuys.raw))
        case .sell: Quantity(raw: max(0, position.raw - closingSells.raw))
        }
    }

    /// The opposite position as it is, whatever other orders hold of it.
    @inlinable public func closable(by side: Side) -> Quantity {
        Quantity(raw: max(0, side == .buy ? -position.raw : position.raw))
    }

    /// Position and opening orders in the direction of `side`: what `already_in_trade` looks at.
    @inlinable public func held(in side: Side) -> Quantity {
        switch side {
        case .buy: Quantity(raw: max(0, position.raw) + openingBuys.raw)
        case .sell: Quantity(raw: max(0, -position.raw) + openingSells.raw)
        }
    }

    /// For an order that waits at the venue: until it is triggered it takes nothing from other exits.
    mutating func forgetClosing() { (closingBuys, closingSells) = (.zero, .zero) }

    /// A position, or an entry that may become one.
    @inlinable public var isOpen: Bool { position.raw != 0 || openingBuys.raw != 0 || openingSells.raw != 0 }
}
