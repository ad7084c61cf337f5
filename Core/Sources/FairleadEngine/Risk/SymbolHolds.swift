/// What holds the entries of a symbol until a person enables it: latches, and a person's own word.
public struct SymbolHolds: Hashable, Sendable, BitwiseCopyable {
    public var isRepeatLatched: Bool
    public var isRejectLatched: Bool
    /// More was sent, or filled, than was approved.
    public var isOverSent: Bool
    public var isBuyDisabled: Bool
    public var isSellDisabled: Bool

    public init(
        isRepeatLatched: Bool = false,
        isRejectLatched: Bool = false,
        isOverSent: Bool = false,
        isBuyDisabled: Bool = false,
        isSellDisabled: Bool = false
    ) {
        self.isRepeatLatched = isRepeatLatched
        self.isRejectLatched = isRejectLatched
        self.isOverSent = isOverSent
        self.isBuyDisabled = isBuyDisabled
        self.isSellDisabled = isSellDisabled
    }

    public var isEmpty: Bool { self == SymbolHolds() }

    /// The names of the latches, as the alarms that told of them have.
    public static let latchNames = ["reject_storm", "over_send", "repeated_execution"]

    public var latches: [String] {
        zip([isRejectLatched, isOverSent, isRepeatLatched], Self.latchNames).filter(\.0).map(\.1)
    }
}
