public import FairleadModel

/// What a person decides of a position that somebody else has traded, or that nothing protects.
public struct PositionRequest: Hashable, Sendable {
    public var action: PositionAction
    public var symbol: String
    /// nil: the one that there is; in hedge mode a symbol has two.
    public var side: PositionSide?
    /// Zero: none. Only of `adopt`.
    public var takeProfit: Price
    public var stopLoss: Price

    public init(
        _ action: PositionAction,
        _ symbol: String,
        side: PositionSide? = nil,
        takeProfit: Price = .zero,
        stopLoss: Price = .zero
    ) {
        self.action = action
        self.symbol = symbol
        self.side = side
        self.takeProfit = takeProfit
        self.stopLoss = stopLoss
    }

    var fields: [JSONMember] {
        var members = [JSONMember("symbol", .string(symbol))]
        if let side { members.append(JSONMember("position_side", .string(side.name))) }
        if takeProfit != .zero { members.append(JSONMember("take_profit", .decimal(takeProfit))) }
        if stopLoss != .zero { members.append(JSONMember("stop_loss", .decimal(stopLoss))) }
        return members
    }
}
