public import FairleadModel
public import Testing

@testable import FairleadEngine

extension RouteReason: CustomTestStringConvertible {
    public var testDescription: String { name }
}

/// A price in hundredths, as the routing tests write them: `cents(100_05)` is 100.05.
func cents(_ value: Int64) -> Price { Price(raw: value * 1_000_000) }

/// A quantity in thousandths.
func thousandths(_ value: Int64) -> Quantity { Quantity(raw: value * 100_000) }

/// Tick 0.05, lot 0.001.
let routingTerms = InstrumentTerms(
    tick: cents(5),
    lot: thousandths(1),
    minimumQuantity: thousandths(1),
    maximumQuantity: thousandths(1_000_000)
)

/// A buy of 1 at a book of 100.00 / 100.05 with every gate open: the collar is 1 % from the far touch.
func openContext(_ side: Side = .buy) -> RouteContext {
    let collar = side == .buy ? cents(101_05) : cents(99_00)
    return RouteContext(
        order: RouteOrder(side: side, quantity: thousandths(1000), collar: collar),
        terms: routingTerms,
        book: BookView(condition: .usable, bid: cents(100_00), ask: cents(100_05), age: .milliseconds(5)),
        reference: .zero,
        policy: RouterPolicy(),
        policyAge: .seconds(1)
    )
}

func book(_ bid: Int64, _ ask: Int64) -> BookView {
    BookView(condition: bid < ask ? .usable : .crossed, bid: cents(bid), ask: cents(ask), age: .milliseconds(5))
}
