/// What has become of a parent between its orders.
@frozen public enum ProgressEvent: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// A schedule was made for it.
    case planned = 0
    /// A slice begins.
    case slice
    /// The spread is too wide for the next order.
    case spreadPause
    /// It is narrow again.
    case spreadResume
    /// A person has paused it.
    case paused
    case resumed
    case amended
    /// The schedule is over, and what is left goes out once more.
    case sweep
    /// Of a VWAP: too little history for a volume curve; its slices are equal.
    case flatCurve

    public var name: String {
        switch self {
        case .planned: "planned"
        case .slice: "slice"
        case .spreadPause: "spread_pause"
        case .spreadResume: "spread_resume"
        case .paused: "paused"
        case .resumed: "resumed"
        case .amended: "amended"
        case .sweep: "sweep"
        case .flatCurve: "flat_curve"
        }
    }
}

/// Where a parent stands. `slices` is zero where it has no schedule, or one that does not know how many there will be.
public struct ProgressRecord: Hashable, Sendable, BitwiseCopyable {
    public var number: SignalNumber
    public var intent: IntentID
    public var approved: Quantity
    public var filled: Quantity
    /// What it may fill by the end of the slice at work, earlier slices included.
    public var due: Quantity
    /// What earlier slices have left to this one.
    public var carried: Quantity
    /// The limit for what it still sends; zero when there is none.
    public var limitPrice: Price
    /// When the slice at work ends; `never` without a schedule.
    public var until: Timestamp
    /// When the schedule ends; `never` without one.
    public var deadline: Timestamp
    public var instrument: InstrumentHandle
    /// From 1; zero before the first.
    public var slice: UInt16
    public var slices: UInt16
    public var side: Side
    public var event: ProgressEvent
    /// What lets it go; `auto` without a schedule.
    public var algorithm: ExecutionStyle
    public init(
        _ event: ProgressEvent,
        number: SignalNumber,
        intent: IntentID,
        instrument: InstrumentHandle,
        side: Side,
        approved: Quantity,
        filled: Quantity,
        due: Quantity,
        carried: Quantity = .zero,
        limitPrice: Price,
        slice: UInt16 = 0,
        slices: UInt16 = 0,
        until: Timestamp = .never,
        deadline: Timestamp = .never,
        algorithm: ExecutionStyle = .auto
    ) {
        self.number = number
        self.intent = intent
        self.approved = approved
        self.filled = filled
        self.due = due
        self.carried = carried
        self.limitPrice = limitPrice
        self.until = until
        self.deadline = deadline
        self.instrument = instrument
        self.slice = slice
        self.slices = slices
        self.side = side
        self.event = event
        self.algorithm = algorithm
    }
}
