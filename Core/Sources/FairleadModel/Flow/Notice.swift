/// What observers may know: the third of the three enums. Losing a notice loses no money: they go to a bounded ring,
/// and everything they say can be computed again by replaying the journal.
public enum Notice: Sendable, BitwiseCopyable {
    /// Exactly one for each signal.
    case acknowledged(SignalAcknowledgement)
    case sized(SizingRecord)
    /// One row of a risk decision: rule, observation, threshold.
    case riskRow(RiskRow)
    case riskDecided(RiskDecision)
    case routed(RouteDecision)
    /// Right before the `routed` of an entry that is routed by expected cost.
    case armChosen(ArmDecision)
    case orderChanged(OrderChange)
    case filled(FillRecord)
    case positionChanged(PositionRecord)
    /// The account's result, at each housekeeping.
    case profitMeasured(ProfitRecord)
    case parentClosed(ParentRecord)
    case levelChanged(LevelRecord)
    case tradingStateChanged(TradingStateRecord)
    case riskModeChanged(RiskModeRecord)
    case divergence(DivergenceRecord)
    /// A person's order that was not carried out.
    case operatorRefused(OperatorRefused)
    case alarm(Alarm)
    case venueChanged(VenueRecord)
    case policyComputed(PolicyRecord)
    case barClosed(BarReport)
    /// After each `filled` of an order of ours: what it cost.
    case fillMeasured(FillMeasure)
    /// When a fill's last horizon is over, or it had to make room.
    case markoutMeasured(MarkoutMeasure)
    /// After each `parentClosed`.
    case shortfallMeasured(ShortfallMeasure)
    /// Funding of a position was booked.
    case funded(FundingRecord)
    /// A parent is planned in slices, goes on with the next one, is paused or amended.
    case progressed(ProgressRecord)
    /// A position came back to flat: after the fill that brought it there.
    case tradeClosed(ClosedTrade)
    /// A limit is overridden or holds again as configured, a strategy is switched, or neither was done.
    case riskChanged(RiskChange)
    /// What became of a person's decision about a position.
    case positionDecided(PositionDecision)
}

@frozen public enum SignalDisposition: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case accepted = 0
    case vetoed
    case duplicate
    case invalid

    public var name: String {
        switch self {
        case .accepted: "accepted"
        case .vetoed: "vetoed"
        case .duplicate: "duplicate"
        case .invalid: "invalid"
        }
    }
}

public struct SignalAcknowledgement: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    /// For a duplicate: the first signal of that id.
    public var original: SignalNumber
    /// `.none` unless accepted.
    public var intent: IntentID
    public var vetoes: VetoReasons
    public var instrument: InstrumentHandle
    public var disposition: SignalDisposition
    public var source: SignalSource
    public var invalid: InvalidSignalReason?
    public init(
        number: SignalNumber,
        disposition: SignalDisposition,
        source: SignalSource,
        instrument: InstrumentHandle = .none,
        intent: IntentID = .none,
        vetoes: VetoReasons = VetoReasons(),
        original: SignalNumber = .none,
        invalid: InvalidSignalReason? = nil
    ) {
        self.number = number
        self.original = original
        self.intent = intent
        self.vetoes = vetoes
        self.instrument = instrument
        self.disposition = disposition
        self.source = source
        self.invalid = invalid
    }
}

/// The size of an order with every factor that made it.
public struct SizingRecord: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var instrument: InstrumentHandle
    public var requested: SignalSize
    /// The price that turned money into quantity; zero when the signal gave a quantity.
    public var referencePrice: Price
    /// NAV at the moment, 10^-8; nil when unknown.
    public var nav: Int64?
    /// As asked for, on no grid yet.
    public var requestedQuantity: Quantity
    /// On the lot grid, never larger.
    public var sizedQuantity: Quantity
    public var factors: SizingFactors
    public init(
        number: SignalNumber,
        instrument: InstrumentHandle,
        requested: SignalSize,
        referencePrice: Price,
        nav: Int64?,
        requestedQuantity: Quantity,
        sizedQuantity: Quantity,
        factors: SizingFactors = SizingFactors()
    ) {
        self.number = number
        self.instrument = instrument
        self.requested = requested
        self.referencePrice = referencePrice
        self.nav = nav
        self.requestedQuantity = requestedQuantity
        self.sizedQuantity = sizedQuantity
        self.factors = factors
    }
}

/// The unit of a risk row's numbers.
@frozen public enum RiskUnit: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// 1 is true.
    case flag = 0
    /// 10^-8 of the reporting currency.
    case money
    /// 10^-8.
    case quantity
    /// 10^-8.
    case price
    /// 10^-8: a fraction, or a distance (1 bps is 10^4).
    case rate
    case count
    case milliseconds

    public var name: String {
        switch self {
        case .flag: "flag"
        case .money: "money"
        case .quantity: "quantity"
        case .price: "price"
        case .rate: "rate"
        case .count: "count"
        case .milliseconds: "ms"
        }
    }
}

@frozen public enum RiskStatus: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case passed = 0
    case broken
    /// Not configured, or not for this kind of order.
    case off
    /// The observation that it needs is missing and the rule lets it pass; one that fails closed is `broken`.
    case unknown

    public var name: String {
        switch self {
        case .passed: "passed"
        case .broken: "broken"
        case .off: "off"
        case .unknown: "unknown"
        }
    }
}

/// A decision's rows come in table order before its `riskDecided`; a rule without a row was off.
public struct RiskRow: Hashable, Sendable, BitwiseCopyable {
    /// Stands in `observed` where there was nothing to observe; never a made-up 0.
    @inlinable public static var missing: Int64 { Int64.min }

    public var number: SignalNumber
    public var observed: Int64
    public var threshold: Int64
    public var rule: VetoReason
    public var status: RiskStatus
    public var unit: RiskUnit
    /// A person has set the threshold for a while; it is not the configuration's.
    public var isOverride: Bool
    public init(
        number: SignalNumber,
        rule: VetoReason,
        status: RiskStatus,
        unit: RiskUnit,
        observed: Int64,
        threshold: Int64,
        isOverride: Bool = false
    ) {
        self.number = number
        self.observed = observed
        self.threshold = threshold
        self.rule = rule
        self.status = status
        self.unit = unit
        self.isOverride = isOverride
    }
}

public struct RiskDecision: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var vetoes: VetoReasons
    public var instrument: InstrumentHandle
    public var side: Side
    public var isReducing: Bool
    /// What was asked of the gateway, and what it let through: never more.
    public var sizedQuantity: Quantity
    public var approvedQuantity: Quantity
    public init(
        number: SignalNumber,
        instrument: InstrumentHandle,
        side: Side,
        isReducing: Bool,
        vetoes: VetoReasons,
        sizedQuantity: Quantity,
        approvedQuantity: Quantity
    ) {
        self.number = number
        self.vetoes = vetoes
        self.instrument = instrument
        self.side = side
        self.isReducing = isReducing
        self.sizedQuantity = sizedQuantity
        self.approvedQuantity = approvedQuantity
    }
}
