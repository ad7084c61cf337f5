/// The index of an instrument in the configured table. Dense, stable for the life of a journal's configuration.
@frozen public struct InstrumentHandle: Hashable, Sendable, BitwiseCopyable {
    public var index: UInt16
    @inlinable public init(index: UInt16) { self.index = index }
    @inlinable public init(_ index: Int) { self.index = UInt16(index) }
    /// No instrument, or all of them, as the field's comment says.
    @inlinable public static var none: InstrumentHandle { InstrumentHandle(index: UInt16.max) }
}

/// The index of a strategy's name; handles are given at first sight by a journaled text record.
@frozen public struct StrategyHandle: Hashable, Sendable, BitwiseCopyable {
    public var index: UInt16
    @inlinable public init(index: UInt16) { self.index = index }
    /// The unnamed strategy; every engine knows it.
    @inlinable public static var unnamed: StrategyHandle { StrategyHandle(index: 0) }
    /// The built-in reference strategy, `screener`; every engine knows it.
    @inlinable public static var screener: StrategyHandle { StrategyHandle(index: 1) }
    /// No strategy, or all of them, as the field's comment says.
    @inlinable public static var none: StrategyHandle { StrategyHandle(index: UInt16.max) }
}

@frozen public struct VenueHandle: Hashable, Sendable, BitwiseCopyable {
    public var index: UInt8
    @inlinable public init(index: UInt8) { self.index = index }
    /// The paper venue, embedded or in a process of its own. The only venue of this version.
    @inlinable public static var paper: VenueHandle { VenueHandle(index: 0) }
}

/// Counts the lives of an engine over one journal: each live start opens a new epoch, a resumed backtest does not.
@frozen public struct Epoch: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var number: UInt16
    @inlinable public init(number: UInt16) { self.number = number }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

/// The ordinal of a signal in its journal, from 1; its text id stands in a text record of the same number.
@frozen public struct SignalNumber: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var value: UInt64
    @inlinable public init(value: UInt64) { self.value = value }
    @inlinable public static var none: SignalNumber { SignalNumber(value: 0) }
    /// Of the engine's own making (screener, exit scanner, flatten): the top bit is set.
    @inlinable public var isInternal: Bool { value >> 63 == 1 }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// The first 128 bits of a SHA-256: the identity of a text inside the engine. Never `Hasher`, which differs per
/// process.
@frozen public struct Digest128: Hashable, Sendable, BitwiseCopyable {
    public var high: UInt64
    public var low: UInt64
    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
    @inlinable public static var none: Digest128 { Digest128(high: 0, low: 0) }
}

/// The identity of an accepted signal's parent order. Text form: `i-<epoch>-<parent>` in hexadecimal.
@frozen public struct IntentID: Hashable, Sendable, BitwiseCopyable {
    public var epoch: Epoch
    /// Counts parents over the whole journal, from 1; never reused.
    public var parent: UInt32
    @inlinable public init(epoch: Epoch, parent: UInt32) {
        self.epoch = epoch
        self.parent = parent
    }
    @inlinable public static var none: IntentID { IntentID(epoch: Epoch(number: 0), parent: 0) }
    @inlinable public var isNone: Bool { parent == 0 }
}

/// The id that an order carries to its venue: deterministic, never reused, and readable without any local state.
///
/// `epoch` (its parent's), `parent`, `leg`, `slice` and `attempt` tell parent and child after a restart. `slot` holds
/// the row in the order table, so that a venue's answer is an array index and one comparison, and how many lives of
/// the engine the parent has seen: a life may have sent what no journal kept. Text form, 34 characters of `[a-z0-9-]`
/// (Binance allows 36): `fl-eeee-pppppppp-ll-ssss-aa-tttttt`, each field in lower-case hexadecimal.
@frozen public struct ClientOrderID: Hashable, Sendable, BitwiseCopyable {
    public var parent: UInt32
    /// `row` in the low 16 bits, `life` in the next 8.
    public var slot: UInt32
    public var epoch: Epoch
    public var slice: UInt16
    public var leg: OrderLeg
    public var attempt: UInt8

    @inlinable public init(epoch: Epoch, parent: UInt32, leg: OrderLeg, slice: UInt16, attempt: UInt8, slot: UInt32) {
        self.parent = parent
        self.slot = slot
        self.epoch = epoch
        self.slice = slice
        self.leg = leg
        self.attempt = attempt
    }

    /// The slot of an order in `row`, sent in the life that is the parent's `life`-th after its first.
    @inlinable public static func slot(row: UInt32, life: UInt32) -> UInt32 {
        precondition(row <= rowLimit && life <= lifeLimit, "Invariant: row and life fit the slot of an order id")
        return life << 16 | row
    }
    /// The row in the order table.
    @inlinable public var row: Int { Int(slot & 0xFFFF) }
    /// Restarts between the parent's beginning and this order.
    @inlinable public var life: UInt32 { slot >> 16 }
    /// The highest row: the one above it means a parent.
    @inlinable public static var rowLimit: UInt32 { 0xFFFE }
    /// The highest life: a parent that is older sends no more.
    @inlinable public static var lifeLimit: UInt32 { 0xFF }

    /// Not an order of ours: an external trade.
    @inlinable public static var none: ClientOrderID {
        ClientOrderID(epoch: Epoch(number: 0), parent: 0, leg: .direct, slice: 0, attempt: 0, slot: 0)
    }
    @inlinable public var isNone: Bool { parent == 0 }
    @inlinable public var intent: IntentID { IntentID(epoch: epoch, parent: parent) }

    /// Means a parent and none of its orders: no table has so many rows.
    @inlinable public init(of intent: IntentID) {
        self.init(
            epoch: intent.epoch,
            parent: intent.parent,
            leg: .direct,
            slice: 0,
            attempt: 0,
            slot: 0xFF_FFFF
        )
    }
    /// Means no order but its parent.
    @inlinable public var meansParent: Bool { slot == 0xFF_FFFF }
}

/// A venue's own number of an order; 0 when it has not said one.
@frozen public struct VenueOrderID: Hashable, Sendable, BitwiseCopyable {
    public var value: UInt64
    @inlinable public init(value: UInt64) { self.value = value }
    @inlinable public static var none: VenueOrderID { VenueOrderID(value: 0) }
}

/// A venue's own number of an execution, unique per venue and account: what fills are deduplicated by.
@frozen public struct ExecutionID: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var value: UInt64
    @inlinable public init(value: UInt64) { self.value = value }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}
