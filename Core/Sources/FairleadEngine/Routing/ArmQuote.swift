public import FairleadModel

/// What adaptive routing makes of a maker leg: how far behind its touch it quotes.
public struct ArmQuote: Hashable, Sendable, BitwiseCopyable {
    /// Zero: at the touch.
    public var depth: Price
    public init(depth: Price) { self.depth = depth }
}

/// What one choice among the arms looks at, looked up by the engine beforehand.
public struct ArmQuestion: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var intent: IntentID
    public var instrument: InstrumentHandle
    public var side: Side
    /// Of a usable book.
    public var bid: Price
    public var ask: Price
    public var features: ArmFeatures
    /// What the static policy would do, and at which price where it rests.
    public var standing: RouteArm
    public var standingQuote: Price
    /// Where the arms would rest; zero where there is no such price.
    public var joinQuote: Price
    public var deeperQuote: Price
    public var makerFee: Rate
    public var takerFee: Rate
    /// Of the whole order at the middle, in 10^-8 of the quote currency.
    public var notional: Int64
    public var riskMode: RiskMode

    var mid: Price { Price.middle(bid, ask) }

    /// How much better than the middle a quote is, in bps of it.
    func gain(_ quote: Price) -> Double {
        Double((mid.raw - quote.raw) * side.sign) / Double(mid.raw) * 10_000
    }

    var halfSpread: Double { Double(ask.raw - bid.raw) / Double(mid.raw) * 5000 }

    /// The price of a maker arm; zero where it has none.
    func quote(_ arm: RouteArm) -> Price {
        if arm == standing { return standingQuote }
        return arm.isDeeper ? deeperQuote : joinQuote
    }
}

/// Beside a parent's row: which arm it runs, and what of that is learnt at its end.
struct ArmNote: BitwiseCopyable, Sendable {
    /// It was routed by adaptive routing, if only to be told and learnt from.
    var isDecided = false
    /// `arm` is not the static policy's: the router is steered.
    var isSteered = false
    var arm = RouteArm.take
    var cell: UInt8 = 0
    var depth = Price.zero
    var startedAt = Timestamp.never
    /// The middle when the arm was chosen, and when its maker gave way; zero where there was none.
    var middle = Price.zero
    var gaveWayAt = Price.zero
    /// What it was to cost, in bps of the middle; of a taker also without its impact.
    var expected = 0.0
    var base = 0.0

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        // Most parents have none: a snapshot holds no more than that of them.
        visitor.visit(&isDecided)
        guard isDecided else {
            if visitor.isReading { self = ArmNote() }
            return
        }
        visitor.visit(&isSteered)
        visitor.visit(&arm)
        visitor.visit(&cell)
        visitor.visit(&depth)
        visitor.visit(&startedAt)
        visitor.visit(&middle)
        visitor.visit(&gaveWayAt)
        visitor.visit(&expected)
        visitor.visit(&base)
    }
}
