public import FairleadModel

/// The open positions of `positions_state.json`.
public struct PositionsView: Hashable, Sendable {
    /// nil where the file says of none: that is not "no positions".
    public var rows: [PositionView]?
    /// How many there should be.
    public var count: UInt64?

    /// As many rows as there should be, each with its symbol and quantity.
    public var isWhole: Bool {
        guard let rows, let count else { return false }
        return UInt64(rows.count) == count && rows.allSatisfy { $0.symbol != nil && $0.quantity != nil }
    }

    init(_ document: StateDocument) {
        rows = document.fields.value("positions")?.array?.map { PositionView(StateFields($0)) }
        count = document.fields.count("count")
    }
}

/// One open position. What is unknown is nil; a row that can't be read stays, so that none is lost from sight.
public struct PositionView: Hashable, Sendable {
    public var venue: String?
    public var account: String?
    public var symbol: String?
    public var side: PositionSide?
    /// Negative for a short position.
    public var quantity: SignedQuantity?
    public var entryPrice: Price?
    public var markPrice: Price?
    public var notional: Money?
    public var unrealized: Money?
    /// A fraction of the cost.
    public var unrealizedShare: Double?
    public var realized: Money?
    public var fees: Money?
    /// The nearest levels at work. nil is told as "none": the side of caution.
    public var stopLoss: Price?
    public var takeProfit: Price?
    /// Levels whose orders rest at the venue.
    public var nativeLevels: UInt64?
    public var strategy: String?
    /// What a person has to decide of it, or has decided; nil where nobody else has traded it.
    public var external: ExternalState?
    /// What others have traded since, net.
    public var externalTraded: SignedQuantity?
    public var externalSince: Timestamp?
    public var created: Timestamp?
    public var updated: Timestamp?

    init(_ fields: StateFields) {
        venue = fields.text("venue")
        account = fields.text("account")
        symbol = fields.text("symbol")
        side = fields.choice("position_side") { $0.name }
        quantity = fields.decimal("quantity")
        entryPrice = fields.decimal("entry_price")
        markPrice = fields.decimal("mark_price")
        notional = fields.decimal("notional")
        unrealized = fields.decimal("unrealized_pnl")
        unrealizedShare = fields.number("unrealized_pct", "unrealized_pnl_pct")
        realized = fields.decimal("realized_pnl")
        fees = fields.decimal("fees")
        stopLoss = fields.decimal("stop_loss")
        takeProfit = fields.decimal("take_profit")
        nativeLevels = fields.count("native_levels")
        strategy = fields.text("strategy")
        external = fields.choice("external") { $0.name }
        externalTraded = fields.decimal("external_traded")
        externalSince = fields.time("external_since")
        created = fields.time("created_ts")
        updated = fields.time("updated_ts")
    }
}
