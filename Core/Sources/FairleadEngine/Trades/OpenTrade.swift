internal import FairleadModel

/// A position that is not flat yet, as the trade that it will be.
struct OpenTrade: BitwiseCopyable {
    var openedAt = Timestamp.never
    var quantity = Quantity.zero
    var entryNotional = Money.zero
    var realized = Money.zero
    var fees = Money.zero
    var funding = Money.zero
    var strategy = StrategyHandle.unnamed
    var side = Side.buy
    var isOpen = false
    /// Entered by our own orders alone, and never changed by the venue's word: its result is its strategy's.
    var isMeasured = false

    init() {}

    /// Takes the part of a fill that enters; `opener` is nil where none of our parents asked for it.
    mutating func enter(
        _ execution: Execution,
        _ quantity: Quantity,
        fee: Money,
        multiplier: Int32,
        opener: StrategyHandle?,
        at now: Timestamp
    ) {
        if !isOpen {
            self = OpenTrade()
            isOpen = true
            isMeasured = true
            openedAt = now
            side = execution.side
            strategy = opener ?? .unnamed
        }
        let sum = self.quantity.raw.addingReportingOverflow(quantity.raw)
        let worth = entryNotional.raw.addingReportingOverflow(
            Money.notional(execution.price, quantity, multiplier: multiplier).raw
        )
        // What is turned over grows without end while a position never is flat; a trade that large isn't measured.
        if opener == nil || sum.overflow || worth.overflow { isMeasured = false }
        self.quantity = sum.overflow ? self.quantity : Quantity(raw: sum.partialValue)
        entryNotional = worth.overflow ? entryNotional : Money(raw: worth.partialValue)
        fees += fee
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&openedAt)
        visitor.visit(&quantity)
        visitor.visit(&entryNotional)
        visitor.visit(&realized)
        visitor.visit(&fees)
        visitor.visit(&funding)
        visitor.visit(&strategy)
        visitor.visit(&side)
        visitor.visit(&isOpen)
        visitor.visit(&isMeasured)
    }
}
