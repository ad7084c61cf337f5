public import FairleadModel

/// What the gateway says of one order. Quantities only shrink: `maximumChild <= approved <= sized <= requested`.
public struct RiskVerdict: Hashable, Sendable, BitwiseCopyable {
    /// Empty: the order may go to the router.
    public var vetoes: VetoReasons
    /// What may be sent in total; zero when vetoed.
    public var approvedQuantity: Quantity
    /// The largest quantity of one child: an exit over a per-order limit is split, never denied.
    public var maximumChildQuantity: Quantity
    /// The worst price that may leave: a buy's highest, a sell's lowest, on tick; zero when there is no reference
    /// (exits only).
    public var collar: Price
    /// What the order was measured by; zero when there is none (exits only).
    public var reference: Price
    /// An exit that would trade against the account's own resting orders: cancel those first.
    public var cancelsOwnRestingFirst: Bool
    /// What is left of a position is too small for the venue: kept, marked, told.
    public var isResidual: Bool

    public init(
        vetoes: VetoReasons,
        approvedQuantity: Quantity,
        maximumChildQuantity: Quantity,
        collar: Price,
        reference: Price,
        cancelsOwnRestingFirst: Bool,
        isResidual: Bool
    ) {
        self.vetoes = vetoes
        self.approvedQuantity = approvedQuantity
        self.maximumChildQuantity = maximumChildQuantity
        self.collar = collar
        self.reference = reference
        self.cancelsOwnRestingFirst = cancelsOwnRestingFirst
        self.isResidual = isResidual
    }

    @inlinable public var isApproved: Bool { vetoes.isEmpty }
}

/// What one row saw.
struct RuleOutcome: Hashable, Sendable, BitwiseCopyable {
    var status: RiskStatus
    var unit: RiskUnit
    /// `RiskRow.missing` where there is no observation.
    var observed: Int64
    var threshold: Int64

    static let off = RuleOutcome(status: .off, unit: .flag, observed: 0, threshold: 0)

    @inline(__always)
    init(status: RiskStatus, unit: RiskUnit, observed: Int64, threshold: Int64) {
        self.status = status
        self.unit = unit
        self.observed = observed
        self.threshold = threshold
    }

    @inline(__always)
    init(isBroken: Bool, _ unit: RiskUnit, observed: Int64, threshold: Int64) {
        self.init(status: isBroken ? .broken : .passed, unit: unit, observed: observed, threshold: threshold)
    }

    /// A sum of money against another. What they read in 10^-8 is computed where somebody reads it: each is a division.
    @inline(__always)
    init(isBroken: Bool, isTold: Bool, observed: @autoclosure () -> Int64, threshold: @autoclosure () -> Int64) {
        self.init(
            isBroken: isBroken,
            .money,
            observed: isTold ? observed() : RiskRow.missing,
            threshold: isTold ? threshold() : RiskRow.missing
        )
    }

    /// A yes or no: broken when it is so.
    @inline(__always)
    init(flag: Bool) { self.init(isBroken: flag, .flag, observed: flag ? 1 : 0, threshold: 0) }

    /// The observation is missing: refuses what increases exposure and lets pass what reduces it.
    @inline(__always)
    static func missing(_ unit: RiskUnit, threshold: Int64, isReducing: Bool) -> RuleOutcome {
        RuleOutcome(
            status: isReducing ? .unknown : .broken,
            unit: unit,
            observed: RiskRow.missing,
            threshold: threshold
        )
    }
}
