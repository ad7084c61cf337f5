import FairleadModel

/// What the engine has counted over the whole journal: nothing that came in is lost without a count.
public struct EngineCounters: BitwiseCopyable, Sendable {
    public var signals: UInt64 = 0
    public var accepted: UInt64 = 0
    public var vetoed: UInt64 = 0
    public var duplicates: UInt64 = 0
    public var invalid: UInt64 = 0
    /// Child orders handed out, and those of them that could raise exposure.
    public var sends: UInt64 = 0
    public var increasingSends: UInt64 = 0
    public var fills: UInt64 = 0
    public var repeatedFills: UInt64 = 0
    public var lateFills: UInt64 = 0
    public var externalFills: UInt64 = 0
    public var overfills: UInt64 = 0
    public var outOfOrder: UInt64 = 0
    public var repeatedEvents: UInt64 = 0
    /// Venue events of orders that no row holds any more.
    public var strayEvents: UInt64 = 0
    public var rejects: UInt64 = 0
    public var divergences: UInt64 = 0
    public var refusedQuotes: UInt64 = 0
    public var egressRefusals: UInt64 = 0
    /// Orders of a person that were not carried out.
    public var operatorRefusals: UInt64 = 0

    public init() {}

    /// Exits of levels, flattens and the screener's: each signal that was answered and did not come from outside.
    public var ownSignals: UInt64 {
        let answered = accepted + vetoed + duplicates + invalid
        return answered > signals ? answered - signals : 0
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&signals)
        visitor.visit(&accepted)
        visitor.visit(&vetoed)
        visitor.visit(&duplicates)
        visitor.visit(&invalid)
        visitor.visit(&sends)
        visitor.visit(&increasingSends)
        visitor.visit(&fills)
        visitor.visit(&repeatedFills)
        visitor.visit(&lateFills)
        visitor.visit(&externalFills)
        visitor.visit(&overfills)
        visitor.visit(&outOfOrder)
        visitor.visit(&repeatedEvents)
        visitor.visit(&strayEvents)
        visitor.visit(&rejects)
        visitor.visit(&divergences)
        visitor.visit(&refusedQuotes)
        visitor.visit(&egressRefusals)
        visitor.visit(&operatorRefusals)
    }
}
