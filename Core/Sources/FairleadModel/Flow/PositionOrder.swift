/// What a person may decide of a position that somebody else has traded. Raw values are part of the journal's format.
@frozen public enum PositionAction: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// It is ours in whole from now on: entries may follow, and prices that are given protect it.
    case adopt = 0
    /// It is closed, and nothing is entered before it is flat.
    case close
    /// It is somebody else's: nothing of ours trades in it while it is open.
    case ignore

    public var name: String {
        switch self {
        case .adopt: "adopt"
        case .close: "close"
        case .ignore: "ignore"
        }
    }
}

/// A person decided about a position.
public struct PositionOrder: Hashable, Sendable, BitwiseCopyable {
    /// Of `adopt`: what protects the position from now on; zero: none.
    public var takeProfit: Price
    public var stopLoss: Price
    /// The uid of the process that asked, as the kernel told it.
    public var author: UInt32
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide
    public var action: PositionAction

    @inlinable public init(
        _ action: PositionAction,
        instrument: InstrumentHandle,
        positionSide: PositionSide = .both,
        takeProfit: Price = .zero,
        stopLoss: Price = .zero,
        author: UInt32 = 0
    ) {
        self.takeProfit = takeProfit
        self.stopLoss = stopLoss
        self.author = author
        self.instrument = instrument
        self.positionSide = positionSide
        self.action = action
    }

    @inlinable public var hasPrices: Bool { takeProfit.raw != 0 || stopLoss.raw != 0 }
}

/// What a position is that somebody else has traded. Anything but `none` holds entries back.
@frozen public enum ExternalState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Nobody else has traded it, or a person has made it ours.
    case none = 0
    /// It waits for a person.
    case undecided
    /// A person has ordered it closed.
    case closing
    /// A person has said that it is somebody else's.
    case ignored

    public var name: String {
        switch self {
        case .none: "none"
        case .undecided: "undecided"
        case .closing: "closing"
        case .ignored: "ignored"
        }
    }
}

/// Exactly one for each `PositionOrder`, carried out or refused.
public struct PositionDecision: Hashable, Sendable, BitwiseCopyable {
    public var action: PositionAction
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide
    /// The position at that moment.
    public var quantity: SignedQuantity
    /// Net of what somebody else had traded of it.
    public var traded: SignedQuantity
    /// Of `adopt`; zero: none.
    public var takeProfit: Price
    public var stopLoss: Price
    public var author: UInt32
    /// The engine's own signal that the levels or the close go by; `.none` where there is none.
    public var number: SignalNumber
    /// Nothing was changed, for this reason; nil where it was carried out.
    public var refusal: OperatorRefusal?

    public init(
        _ order: PositionOrder,
        quantity: SignedQuantity,
        traded: SignedQuantity,
        number: SignalNumber = .none,
        refusal: OperatorRefusal? = nil
    ) {
        action = order.action
        instrument = order.instrument
        positionSide = order.positionSide
        self.quantity = quantity
        self.traded = traded
        takeProfit = order.takeProfit
        stopLoss = order.stopLoss
        author = order.author
        self.number = number
        self.refusal = refusal
    }
}
