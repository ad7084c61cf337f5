public import FairleadModel

/// What a parent order is doing.
public enum ParentStage: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Waits for a narrower spread, within the signal's life.
    case deferred = 0
    /// An exit waits for our own resting orders, which it would trade against, to be cancelled.
    case clearing
    /// A post-only order rests, or is on its way.
    case making
    /// The child's cancel is on the wire; `after` says what follows its outcome.
    case cancelling
    /// An order that takes is out.
    case taking
    /// The signal's own limit or post-only order rests.
    case resting
    /// An exit takes, and is repriced.
    case exiting
    /// An exit waits for its halted instrument to trade again.
    case parked
    /// A child was presumed dead: its reservation stays for a while.
    case tombstone
    case ended
    /// A schedule waits for its next slice, or for what keeps it back to pass.
    case waiting
    /// A person has paused it.
    case held
}

/// What follows when a maker's cancel has had its outcome.
public enum AfterCancel: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case end = 0
    case fallBack
    case reprice
    /// A person's pause; where it was taken back meanwhile the parent goes on.
    case hold
}

/// One accepted signal at work: a row of `ParentTable`.
///
/// `filled + what its live child may still fill <= approved`, always. A flip is one parent with two legs: the first
/// `reduceQuantity` only reduces, the rest was vetted as an entry.
public struct Parent: BitwiseCopyable, Sendable {
    public var intent = IntentID.none
    public var number = SignalNumber.none
    public var approved = Quantity.zero
    public var reduceQuantity = Quantity.zero
    /// How much of it may be filled by now: all of it, unless a schedule holds the rest back.
    public var released = Quantity.zero
    public var filled = Quantity.zero
    public var makerFilled = Quantity.zero
    public var filledNotional = Money.zero
    public var fees = Money.zero
    /// What stands for this parent in the exposure table.
    public var reservedOpening = Quantity.zero
    public var reservedClosing = Quantity.zero
    /// The largest child that risk lets pass.
    public var maximumChild = Quantity.zero
    /// Mid at acceptance, else the reference price.
    public var arrival = Price.zero
    public var limitPrice = Price.zero
    public var makerPrice = Price.zero
    public var makerQuantity = Quantity.zero
    public var expiresAt = Timestamp.distantFuture
    public var acceptedAt = Timestamp.never
    public var makerSince = Timestamp.never
    /// Of its latest order: handed out, the venue's first word, the first fill.
    public var sentAt = Timestamp.never
    public var acknowledgedAt = Timestamp.never
    public var filledAt = Timestamp.never
    /// The protective levels that the signal brought.
    public var levels = LevelGroup.none
    /// The firing of a protective level that this exit serves.
    public var firing = LevelFiring.none
    public var child = OrderSlot.none
    public var instrument = InstrumentHandle.none
    public var strategy = StrategyHandle.unnamed
    public var children: UInt16 = 0
    public var postOnlyRejects: UInt8 = 0
    public var reprices: UInt8 = 0
    public var source = SignalSource.file
    public var side = Side.buy
    public var positionSide = PositionSide.both
    public var orderType = OrderType.market
    public var timeInForce = TimeInForce.gtc
    public var stage = ParentStage.ended
    public var after = AfterCancel.end
    public var outcome = ParentOutcome.open
    public var routedAs = RoutedAs.taker
    public var routeReason = RouteReason.none
    public var fallbackReason = FallbackReason.none
    public var style = ExecutionStyle.auto
    /// As the signal says; nil: style, then configuration decide.
    public var makerFirst: Bool?
    public var isStopLoss = false
    /// Its order is a protective level's at the venue.
    public var native = NativeStage.none
    /// Its schedule is at work: `ParentSchedule` in the engine's table, at the parent's slot.
    public var isScheduled = false
    /// A person has paused it.
    public var isHeld = false
    public var next = ParentSlot.none
    public var previous = ParentSlot.none
    public var isListed = false

    public init() {}

    @inline(__always)
    public var isOpen: Bool { isListed }
    /// Only reduces, with every leg.
    @inline(__always)
    public var isReducing: Bool { reduceQuantity == approved }
    /// The leg at work only reduces.
    @inline(__always)
    public var isReducingNow: Bool { filled < reduceQuantity }
    /// It was sliced, and its schedule is over.
    @inline(__always)
    public var hasLeftSchedule: Bool { style.isScheduled && !isScheduled }
    /// What the leg at work still wants, as far as a schedule lets it go.
    @inline(__always)
    public var legRemaining: Quantity {
        min(isReducingNow ? reduceQuantity : approved, released).subtracting(filled)
    }
    @inline(__always)
    public var remaining: Quantity { approved.subtracting(filled) }
    /// The part of it that was to rest is filled.
    @inline(__always)
    public var isMakerPartDone: Bool { makerQuantity.raw > 0 && makerFilled >= makerQuantity }
    /// Nothing of it may rest.
    @inline(__always)
    public var isImmediate: Bool { timeInForce == .ioc || timeInForce == .fok }
    @inline(__always)
    public var key: PositionKey { PositionKey(instrument, positionSide) }

    public func averagePrice(multiplier: Int32) -> Price {
        guard filled.raw > 0 else { return .zero }
        return Price(
            raw: FixedPoint.dividedRoundingDown(filledNotional.raw, by: Int128(filled.raw) * Int128(multiplier))
        )
    }

    /// A maker leg begins, or is quoted again.
    @inline(__always)
    mutating func beginMaking(at now: Timestamp) {
        stage = .making
        if makerSince == .never { makerSince = now }
    }

    /// A child was handed out.
    mutating func sent(_ order: OrderSlot, at now: Timestamp) {
        child = order
        children += 1
        sentAt = now
        acknowledgedAt = .never
        filledAt = .never
    }

    /// The child's first fill; it may be the venue's first word on it.
    mutating func firstFilled(at now: Timestamp) {
        if acknowledgedAt == .never { acknowledgedAt = now }
        filledAt = now
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&intent)
        visitor.visit(&number)
        visitor.visit(&approved)
        visitor.visit(&reduceQuantity)
        visitor.visit(&released)
        visitor.visit(&filled)
        visitor.visit(&makerFilled)
        visitor.visit(&filledNotional)
        visitor.visit(&fees)
        visitor.visit(&reservedOpening)
        visitor.visit(&reservedClosing)
        visitor.visit(&maximumChild)
        visitor.visit(&arrival)
        visitor.visit(&limitPrice)
        visitor.visit(&makerPrice)
        visitor.visit(&makerQuantity)
        visitor.visit(&expiresAt)
        visitor.visit(&acceptedAt)
        visitor.visit(&makerSince)
        visitor.visit(&sentAt)
        visitor.visit(&acknowledgedAt)
        visitor.visit(&filledAt)
        levels.visitState(&visitor)
        firing.visitState(&visitor)
        visitor.visit(&child.index)
        visitor.visit(&instrument)
        visitor.visit(&strategy)
        visitor.visit(&children)
        visitor.visit(&postOnlyRejects)
        visitor.visit(&reprices)
        visitor.visit(&source)
        visitor.visit(&side)
        visitor.visit(&positionSide)
        visitor.visit(&orderType)
        visitor.visit(&timeInForce)
        visitor.visit(&stage)
        visitor.visit(&after)
        visitor.visit(&outcome)
        visitor.visit(&routedAs)
        visitor.visit(&routeReason)
        visitor.visit(&fallbackReason)
        visitor.visit(&style)
        visitMakerFirst(&visitor)
        visitor.visit(&isStopLoss)
        visitor.visit(&native)
        visitor.visit(&isScheduled)
        visitor.visit(&isHeld)
        visitor.visit(&next.index)
        visitor.visit(&previous.index)
        visitor.visit(&isListed)
    }

    private mutating func visitMakerFirst<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        var word: UInt8 = makerFirst.map { $0 ? 2 : 1 } ?? 0
        visitor.visit(&word)
        if visitor.isReading { makerFirst = word == 0 ? nil : word == 2 }
    }
}
