/// What brought a position back to flat.
@frozen public enum TradeExit: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// A signal: an exit, or an entry the other way.
    case signal = 0
    case takeProfit
    case stopLoss
    /// A person flattened it.
    case flatten
    /// Another client of the account.
    case external
    case liquidation
    case deleveraging
    case settlement

    public var name: String {
        switch self {
        case .signal: "signal"
        case .takeProfit: "take_profit"
        case .stopLoss: "stop_loss"
        case .flatten: "flatten"
        case .external: "external"
        case .liquidation: "liquidation"
        case .deleveraging: "deleveraging"
        case .settlement: "settlement"
        }
    }
}

/// A position from flat to flat, and what it came to. Amounts in 10^-8.
///
/// Each reducing fill realises at average cost (`PositionLedger`); the trade is complete when its position is flat, or
/// has turned: then the same fill begins the next one.
public struct ClosedTrade: Hashable, Sendable, BitwiseCopyable {
    /// The signal whose order closed it; `.none` where none of ours did.
    public var number: SignalNumber
    public var openedAt: Timestamp
    public var closedAt: Timestamp
    /// All that was entered, also after a part had been closed.
    public var quantity: Quantity
    /// What all of it was worth when it was entered.
    public var entryNotional: Int64
    /// Realised less fees and funding.
    public var profit: Int64
    public var fees: Int64
    /// Paid; negative where more was received.
    public var funding: Int64
    /// `profit / entryNotional`, rounded down.
    public var profitRate: Rate
    public var instrument: InstrumentHandle
    /// Whose entry opened it.
    public var strategy: StrategyHandle
    public var positionSide: PositionSide
    /// The side that opened it: a sell opens a short one.
    public var side: Side
    public var exit: TradeExit
    public init(
        number: SignalNumber = .none,
        instrument: InstrumentHandle,
        positionSide: PositionSide = .both,
        strategy: StrategyHandle = .unnamed,
        side: Side,
        exit: TradeExit,
        openedAt: Timestamp,
        closedAt: Timestamp,
        quantity: Quantity,
        entryNotional: Int64,
        profit: Int64,
        fees: Int64,
        funding: Int64,
        profitRate: Rate
    ) {
        self.number = number
        self.openedAt = openedAt
        self.closedAt = closedAt
        self.quantity = quantity
        self.entryNotional = entryNotional
        self.profit = profit
        self.fees = fees
        self.funding = funding
        self.profitRate = profitRate
        self.instrument = instrument
        self.strategy = strategy
        self.positionSide = positionSide
        self.side = side
        self.exit = exit
    }
}
