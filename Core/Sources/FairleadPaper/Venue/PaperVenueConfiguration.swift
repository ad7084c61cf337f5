public import FairleadModel

/// How long the venue's network and machines take; drawn as `PaperDelay` says, in order for each client.
public struct PaperLatency: Hashable, Sendable {
    /// From the client's send to the venue's book.
    public var entry: LatencyConfiguration
    /// From the venue's decision to the client's ear.
    public var answer: LatencyConfiguration

    public init(entry: LatencyConfiguration, answer: LatencyConfiguration) {
        self.entry = entry
        self.answer = answer
    }

    /// Everything happens at once.
    public static let none = PaperLatency(entry: .fixed(.zero), answer: .fixed(.zero))
}

/// The sizes of the venue's tables, each with its answer to "what if it is full".
public struct PaperCapacities: Hashable, Sendable {
    /// Live and remembered orders together. Full: the order that ended first is forgotten (its id stays used); when all
    /// live, a submit is rejected as `throttled`.
    public var orders = 65_536
    /// Executions that can be listed. Full: the oldest leaves, and a listing that would need it is refused.
    public var executions = 65_536
    /// Requests on their way in. Full: the request is answered `throttled`.
    public var requests = 16_384
    /// Answers on their way out. Full: the client whose answer it was is disconnected as too slow.
    public var answers = 65_536
    /// Clients ever seen. Full: a new one is refused.
    public var clients = 64
    public init() {}
}

/// What a paper venue is made of. A change needs a new venue.
public struct PaperVenueConfiguration: Hashable, Sendable {
    /// In the order of their handles.
    public var instruments: [Instrument]
    public var startingCash: Money
    public var latency: PaperLatency
    public var seed: UInt64
    /// Share of a position's value that must be covered by equity; 5 % allows twenty times leverage.
    public var initialMargin: Rate
    public var queueModel: PaperQueueModel
    /// Share of the positions' value under which equity may not fall, or the venue closes them; zero: it never does.
    public var maintenanceMargin = Rate.zero
    /// What a fill of such a close costs on top of its fee, as a share of its value.
    public var liquidationFee = Rate.zero
    /// Between two settlements of funding, counted from 1970; positive.
    public var fundingInterval = TimeSpan.hours(8)
    /// The calendar of the instruments that trade in sessions.
    public var hours = TradingHours()
    public var capacities: PaperCapacities

    public init(
        instruments: [Instrument],
        startingCash: Money = Money(whole: 100_000),
        latency: PaperLatency = .none,
        seed: UInt64 = 1,
        initialMargin: Rate = Rate(bps: 500),
        queueModel: PaperQueueModel = .touch,
        capacities: PaperCapacities = PaperCapacities()
    ) {
        self.instruments = instruments
        self.startingCash = startingCash
        self.latency = latency
        self.seed = seed
        self.initialMargin = initialMargin
        self.queueModel = queueModel
        self.capacities = capacities
    }

    /// As `runtime.json` has it. The instruments' `isHedged` follows its mode; `isRecorded` says that the market is
    /// played from recorded files.
    public init(instruments: [Instrument], paper: PaperConfiguration, hours: TradingHours, isRecorded: Bool = false) {
        self.init(
            instruments: instruments,
            startingCash: paper.startingBalance,
            latency: PaperLatency(entry: paper.orderLatency, answer: paper.answerLatency),
            seed: paper.seed,
            initialMargin: paper.initialMargin,
            queueModel: paper.queueModel.model(isRecorded: isRecorded)
        )
        maintenanceMargin = paper.maintenanceMargin
        liquidationFee = paper.liquidationFee
        fundingInterval = paper.fundingInterval
        self.hours = hours
        for index in self.instruments.indices { self.instruments[index].terms.isHedged = paper.isHedged }
    }
}

/// The fixed bounds of the venue's arithmetic. What lies outside is rejected by name.
public enum PaperBounds {
    /// The largest notional of one order, 10^10 of the quote currency.
    public static let notional = Money(whole: 10_000_000_000)
    /// The largest multiplier of an instrument.
    public static let multiplier: Int32 = 1_000
    /// The most instruments of one venue.
    public static let instruments = 4_096
}
