/// Why a signal was sized to nothing.
@frozen public enum SizingShortfall: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// It was not.
    case none = 0
    /// NAV is unknown, and the size is a fraction of it.
    case navUnknown
    /// Buying power is unknown or zero.
    case noFunds
    /// Money can't become a quantity without a price.
    case noReferencePrice
    /// Less than one lot.
    case belowLot
    /// Nothing is left to reduce.
    case noPosition
    /// Kelly's rule finds no edge.
    case negativeEdge

    public var name: String {
        switch self {
        case .none: ""
        case .navUnknown: "nav_unknown"
        case .noFunds: "no_funds"
        case .noReferencePrice: "no_reference_price"
        case .belowLot: "below_lot"
        case .noPosition: "no_position"
        case .negativeEdge: "negative_edge"
        }
    }
}
