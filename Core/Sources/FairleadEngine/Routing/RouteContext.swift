public import FairleadModel

/// The vetted order, as the router sees it.
public struct RouteOrder: Hashable, Sendable, BitwiseCopyable {
    public var side: Side
    public var type: OrderType
    public var style: ExecutionStyle
    /// What risk approved; on the lot grid.
    public var quantity: Quantity
    /// The signal's limit, which bounds every leg; zero when it gave none.
    public var limitPrice: Price
    /// As the signal says; nil: style, then configuration decide.
    public var makerFirst: Bool?
    /// As the signal gives it; zero: derived from the book.
    public var makerPrice: Price
    /// As the signal gives it; zero: the whole order.
    public var makerQuantity: Quantity
    /// Computed from the confirmed position, never believed from the signal.
    public var isReducing: Bool
    /// The worst price that risk lets pass, on tick; zero when it knew no reference (exits only).
    public var collar: Price
    /// Exit orders that went before this one and left something of the parent.
    public var exitAttempt: Int

    @inline(__always)
    public init(
        side: Side,
        type: OrderType = .market,
        style: ExecutionStyle = .auto,
        quantity: Quantity,
        limitPrice: Price = .zero,
        makerFirst: Bool? = nil,
        makerPrice: Price = .zero,
        makerQuantity: Quantity = .zero,
        isReducing: Bool = false,
        collar: Price = .zero,
        exitAttempt: Int = 0
    ) {
        self.side = side
        self.type = type
        self.style = style
        self.quantity = quantity
        self.limitPrice = limitPrice
        self.makerFirst = makerFirst
        self.makerPrice = makerPrice
        self.makerQuantity = makerQuantity
        self.isReducing = isReducing
        self.collar = collar
        self.exitAttempt = exitAttempt
    }

    /// A signal's terms with what sizing and risk made of them.
    public init(_ terms: SignalTerms, quantity: Quantity, collar: Price, isReducing: Bool, exitAttempt: Int = 0) {
        self.init(
            side: terms.side,
            type: terms.orderType,
            style: terms.style,
            quantity: quantity,
            limitPrice: terms.limitPrice,
            makerFirst: terms.makerFirst,
            makerPrice: terms.makerPrice,
            makerQuantity: terms.makerQuantity,
            isReducing: isReducing,
            collar: collar,
            exitAttempt: exitAttempt
        )
    }

    /// Whether signal or configuration ask for a maker first. A style that names it wins over the flag, the flag over
    /// the configuration. A limit or post-only order says itself how it wants to stand: the configuration doesn't
    /// change it.
    public func requestsMaker(_ configuration: RoutingConfiguration) -> Bool {
        switch style {
        case .makerFirst: return true
        case .taker: return false
        // Each slice starts as maker, unless its signal says otherwise.
        case .twap, .vwap, .pov: return makerFirst ?? true
        // A tip rests at its own limit.
        case .iceberg: return false
        // Adaptive: what the static policy would do.
        case .auto, .adaptive: break
        }
        switch type {
        case .market: return makerFirst ?? configuration.makerFirst
        case .limit: return makerFirst ?? false
        case .postOnly, .marketableLimit: return false
        }
    }
}

/// All that one route decision looks at, looked up by the engine beforehand.
public struct RouteContext: Hashable, Sendable, BitwiseCopyable {
    public var order: RouteOrder
    public var terms: InstrumentTerms
    public var book: BookView
    /// Where the book is not usable: `MarketState.referenceWithoutBook`; zero when there is none.
    public var reference: Price
    public var policy: RouterPolicy
    /// Since the policy was recomputed; nil when it never was.
    public var policyAge: TimeSpan?
    /// Where adaptive routing has chosen to rest; nil: the static policy quotes.
    public var arm: ArmQuote?

    @inline(__always)
    public init(
        order: RouteOrder,
        terms: InstrumentTerms,
        book: BookView,
        reference: Price,
        policy: RouterPolicy,
        policyAge: TimeSpan?,
        arm: ArmQuote? = nil
    ) {
        self.order = order
        self.terms = terms
        self.book = book
        self.reference = reference
        self.policy = policy
        self.policyAge = policyAge
        self.arm = arm
    }
}
