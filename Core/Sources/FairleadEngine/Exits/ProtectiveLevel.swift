public import FairleadModel

/// Why a signal's protective levels are refused when they are given.
@frozen public enum LevelError: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    /// A take-profit that is not on the profitable side of the reference, or not beyond the stop-loss.
    case takeProfitWrongWay = 0
    /// A stop-loss that is not on the losing side of the reference.
    case stopLossWrongWay
    /// A price that is not positive, or over `Price.bound`.
    case priceOutOfRange
    /// A fraction that is not in (0, 1], or fractions that sum to more than 1.
    case fractionOutOfRange
    /// A stop that moves, or has a limit, in a way that can't be: on the wrong side, or out of range.
    case stopTermsUnsound
    /// No free row in the table of levels (`capacities.levels`).
    case tableFull

    public var name: String {
        switch self {
        case .takeProfitWrongWay: "take_profit_wrong_way"
        case .stopLossWrongWay: "stop_loss_wrong_way"
        case .priceOutOfRange: "level_price_out_of_range"
        case .fractionOutOfRange: "level_fraction_out_of_range"
        case .stopTermsUnsound: "stop_terms_unsound"
        case .tableFull: "level_table_full"
        }
    }
}

/// What is wrong with a signal's protective levels, in the numbers of a risk row.
public struct LevelDefect: Hashable, Sendable, BitwiseCopyable {
    public var error: LevelError
    public var unit: RiskUnit
    public var observed: Int64
    public var threshold: Int64

    public init(_ error: LevelError, unit: RiskUnit, observed: Int64, threshold: Int64) {
        self.error = error
        self.unit = unit
        self.observed = observed
        self.threshold = threshold
    }
}

/// The state of one protective level.
@frozen public enum LevelState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// The row belongs to no level.
    case free = 0
    /// Its signal was accepted, and nothing is filled that it could protect.
    case waiting
    /// Watched.
    case armed
    /// Its exit is live.
    case fired
    /// Waits to fire again after an exit that left something, or is held while a stop-loss closes the position.
    case paused
    /// It has closed its share; armed again should the share grow.
    case spent
    /// Reached, while its order is at the venue: that one has a while to be triggered.
    case crossed
}

/// The levels of one signal, as its parent keeps them.
public struct LevelGroup: Hashable, Sendable, BitwiseCopyable {
    var first: UInt32
    var number: SignalNumber

    /// A signal without levels.
    public static let none = LevelGroup(first: ExitRegistry.absent, number: .none)
    public var isNone: Bool { first == ExitRegistry.absent }

    init(first: UInt32, number: SignalNumber) {
        self.first = first
        self.number = number
    }

    /// For the snapshot of the parent that keeps it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&first)
        visitor.visit(&number)
    }
}

/// One firing of one level, as its exit's parent keeps it; an end that comes late for it is ignored.
public struct LevelFiring: Hashable, Sendable, BitwiseCopyable {
    var row: UInt32
    var serial: UInt64

    /// A parent that no level fired.
    public static let none = LevelFiring(row: ExitRegistry.absent, serial: 0)
    public var isNone: Bool { row == ExitRegistry.absent }

    init(row: UInt32, serial: UInt64) {
        self.row = row
        self.serial = serial
    }

    /// For the snapshot of the parent that keeps it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&row)
        visitor.visit(&serial)
    }
}

/// A level that was reached: the exit that must go out now.
public struct FiredLevel: Hashable, Sendable, BitwiseCopyable {
    public var firing: LevelFiring
    /// The signal that brought the level.
    public var number: SignalNumber
    public var instrument: InstrumentHandle
    public var positionSide: PositionSide
    public var kind: LevelKind
    /// The side of the exit order.
    public var side: Side
    /// A take-profit's open share, at most the position; a stop-loss: the whole position.
    public var quantity: Quantity
    /// The level's price.
    public var price: Price
    /// The limit of the order that a stop-limit sends first; zero: a market exit.
    public var limit: Price
    /// What crossed it; a level that fires again shows what crossed it at first.
    public var trigger: Price
    /// 0 the first time, then 1 more each time that an exit left something, up to 5.
    public var refires: UInt8
}

/// How well positions are protected, counted per position.
public struct ExitCoverage: Hashable, Sendable, BitwiseCopyable {
    public var positions = 0
    /// With at least one live level.
    public var registered = 0
    public var missing = 0
    /// Without a live stop-loss: a take-profit stops no loss.
    public var stopLossMissing = 0
    public init() {}
}

/// One row of the registry.
struct ProtectiveLevel: BitwiseCopyable {
    var number = SignalNumber.none
    var instrument = InstrumentHandle.none
    var positionSide = PositionSide.both
    /// Protects a long position.
    var isLong = true
    var kind = LevelKind.takeProfit
    var state = LevelState.free
    /// The entry may still fill.
    var isEntryOpen = false
    /// An order of its entry was called dead: it may be filled after all until then. `.never`: none was.
    var keptUntil = Timestamp.never
    /// Its entry's parent is gone, and it waits for such a fill.
    var isKept = false
    /// A stop that a price may move: see `StopPlan`.
    var isMoving = false
    /// A stop that moves or sends a limit.
    var hasPlan = false
    /// Doublings of the pause before it fires again.
    var refires: UInt8 = 0
    var price = Price.zero
    /// Sum of the fractions of the signal's earlier take-profits, so that shares sum exactly.
    var fractionBefore = Rate.zero
    var fraction = Rate.zero
    /// Its share of the position as registered; a stop-loss: the position as registered.
    var quantity = Quantity.zero
    /// What its exits have closed since it was armed first.
    var closed = Quantity.zero
    var trigger = Price.zero
    var serial: UInt64 = 0
    /// The firing before its row was its: what is older is not of this level.
    var since: UInt64 = 0
    var nextInGroup = ExitRegistry.absent
    var nextInPosition = ExitRegistry.absent
    var previousInPosition = ExitRegistry.absent

    /// The side of its exit order.
    var exitSide: Side { isLong ? .sell : .buy }

    /// Watched, at work, or about to be.
    var isLive: Bool {
        switch state {
        case .armed, .fired, .paused, .crossed: true
        case .free, .waiting, .spent: false
        }
    }

    /// A long position profits from a rise and is stopped by a fall; a short one the other way round.
    var direction: TriggerDirection {
        (kind == .takeProfit) == isLong ? .atOrAbove : .atOrBelow
    }

    func record(_ event: LevelEvent, trigger: Price = .zero, quantity: Quantity? = nil) -> LevelRecord {
        LevelRecord(
            number: number,
            instrument: instrument,
            positionSide: positionSide,
            kind: kind,
            event: event,
            price: price,
            quantity: quantity ?? self.quantity,
            trigger: trigger
        )
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&number)
        visitor.visit(&instrument)
        visitor.visit(&positionSide)
        visitor.visit(&isLong)
        visitor.visit(&kind)
        visitor.visit(&state)
        visitor.visit(&isEntryOpen)
        visitor.visit(&keptUntil)
        visitor.visit(&isKept)
        visitor.visit(&isMoving)
        visitor.visit(&hasPlan)
        visitor.visit(&refires)
        visitor.visit(&price)
        visitor.visit(&fractionBefore)
        visitor.visit(&fraction)
        visitor.visit(&quantity)
        visitor.visit(&closed)
        visitor.visit(&trigger)
        visitor.visit(&serial)
        visitor.visit(&since)
        visitor.visit(&nextInGroup)
        visitor.visit(&nextInPosition)
        visitor.visit(&previousInPosition)
    }
}
