import FairleadMarketData
public import FairleadModel

/// One fault of a schedule. Everything that it will do follows from this row alone, so that leaving it out changes no
/// other fault.
public struct ScheduledFault: Hashable, Sendable {
    /// Its place in the scenario as drawn: how a person names it (`--keep-faults`).
    public var number: Int
    /// The fault's name in the registry.
    public var name: String
    /// After the start.
    public var at: TimeSpan
    /// How long it lasts; zero for one that happens at once.
    public var lasts: TimeSpan
    /// What the kind makes of it: a count of bytes, a share in thousandths, nanoseconds.
    public var value: Int64
    /// Of its own generator.
    public var seed: UInt64
    /// The state of an order that it waits for, `patience` long; nil: none.
    public var aim: OrderState?

    /// How long a fault waits for the state that it aims at; then it happens anyway.
    static let patience = TimeSpan.minutes(10)

    /// As a person reads it.
    public var text: String {
        let until = lasts > .zero ? " for \(Self.seconds(lasts))" : ""
        let aimed = aim.map { " or at the first order that is \($0)" } ?? ""
        return "fault \(number) at +\(Self.seconds(at))\(until)\(aimed): \(name) \(value)"
    }

    static func seconds(_ span: TimeSpan) -> String {
        let milliseconds = span.milliseconds
        let rest = String(1_000 + abs(milliseconds) % 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(rest)s"
    }
}

/// One signal of a schedule: what is asked, with prices as distances from the market of the moment.
public struct ScheduledSignal: Hashable, Sendable {
    public enum Manner: UInt8, Hashable, Sendable, CaseIterable {
        case plain = 0
        /// The same id as an earlier one, and the same bytes.
        case duplicate
        /// Past its end when it comes.
        case late
        /// Bytes that are no signal.
        case malformed
        /// A flood: sent many times over with ids of their own.
        case flood
    }

    public var number: Int
    public var at: TimeSpan
    public var manner: Manner
    public var instrument: InstrumentHandle
    public var side: Side
    public var intent: Intent
    /// Of the instrument's lots; 0 where the intent takes the whole position.
    public var lots: Int64
    /// Hundredths of what Kelly's rule makes of the strategy's trades; zero: `lots` is the size.
    public var kellyShare: Int64 = 0
    public var orderType: OrderType
    public var timeInForce: TimeInForce
    /// From the touch that the order would join, in ticks; positive is more passive.
    public var offsetTicks: Int64
    /// Until its end; zero: none.
    public var lifetime: TimeSpan
    public var style: ExecutionStyle
    /// Meant by style `twap`.
    public var twap = TwapTerms()
    /// Meant by styles `vwap`, `pov` and `iceberg`; what an iceberg displays is `displayShare`'s.
    public var algorithm = AlgorithmTerms()
    /// Of style `iceberg`: it displays one part in so many.
    public var displayShare: Int64 = 0
    /// Distances of the protective levels from the touch, in ticks; zero: none.
    public var takeProfitTicks: Int64
    public var stopLossTicks: Int64
    /// How the stop moves; nil: it stays.
    public var stop: ScheduledStop?
    /// Which earlier signal a duplicate repeats, how the bytes are broken, how many a flood has.
    public var value: Int64
}

/// How a signal's stop moves, with one distance in ticks for all of it.
public struct ScheduledStop: Hashable, Sendable {
    public enum Form: UInt8, Hashable, Sendable, CaseIterable {
        case limit = 0
        case trailing
        /// A share of the price, from an activation price on.
        case activated
        case adjustedToTrailing
        case adjustedToLimit
        case stepping
        case stages
    }

    public var form: Form
    public var ticks: Int64
}

/// One thing that a person orders of the risk gateway.
public struct ScheduledRiskOrder: Hashable, Sendable {
    public var number: Int
    public var at: TimeSpan
    public var action: RiskAction
    /// Chooses the limit, its value, whose entries it is for, and its end.
    public var seed: UInt64
}

/// One time that a person looks at the positions that somebody else has traded, and decides about one of them.
public struct ScheduledDecision: Hashable, Sendable {
    public var number: Int
    public var at: TimeSpan
    /// Chooses the position, what is decided of it, and the levels of an adoption.
    public var seed: UInt64
}

/// One thing that a person does.
public struct ScheduledOperation: Hashable, Sendable {
    public var number: Int
    public var at: TimeSpan
    public var action: OperatorAction
    /// Chooses the order, and what an amendment asks.
    public var seed: UInt64
}
