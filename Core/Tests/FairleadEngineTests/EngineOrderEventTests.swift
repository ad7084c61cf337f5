import FairleadEngine
import FairleadModel
import Testing

/// What the venue says, in every state that an order of a whole engine can be in: a row an event, a column a state. The
/// cell is the state after it; `~` behind it: counted as repeated, `!`: told as out of order, `+`: a fill booked late.
///
/// The same letters as in `OrderTransitionTests`, whose page is the table itself; here the engine around it is judged:
/// which row of the table an event means, and that nothing traps. `C` is over before anything can be said of an order,
/// and nothing leads to `A`.
private let page = """
    event              S   U   W   P   X   E   F   N   J   D
    accepted           W   W   W~  P~  X~  E~  F~  N~  J!  D~
    rejected           J   J   W!  P!  J   E!  F!  N!  J~  D!
    partlyFilled       P   P   P   P   X   E   F+  N+  J+  D+
    completelyFilled   F   F   F   F   F   F   F+  N+  J+  D+
    cancelled          N   N   N   N   N   N   F~  N~  J!  D~
    expired            D   D   D   D   D   D   F~  N~  J!  D~
    cancelRejected     S!  U   W!  P!  W   E!  F~  N~  J~  D~
    cancelUnanswered   S!  U~  W!  P!  X   E!  F~  N~  J~  D~
    replaced           S!  U!  W!  P!  X~  W   F!  N!  J!  D!
    replaceRejected    S!  U!  W!  P!  X~  W   F~  N~  J!  D~
    replaceUnanswered  S!  U!  W!  P!  X~  E   F~  N~  J!  D~
    submitUnanswered   U   U~  W~  P~  X   E~  F~  N~  J~  D~
    neverSent          N   N   W!  P!  N   E!  F!  N~  J!  D~
    reportedWorking    W   W   W   P   X   E   F   N   J   D
    reportedCancelled  N   N   N   N   N   N   F   N   J   D
    notFound           S   U   W   P   X   E   F   N   J   D
    """

private let columns: [(Character, OrderState)] = [
    ("S", .submitted), ("U", .pendingUnknown), ("W", .working), ("P", .partiallyFilled), ("X", .pendingCancel),
    ("E", .pendingReplace), ("F", .filled), ("N", .cancelled), ("J", .rejected), ("D", .expired),
]

private enum Saying: String, CaseIterable {
    case accepted, rejected, partlyFilled, completelyFilled, cancelled, expired, cancelRejected, cancelUnanswered
    case replaced, replaceRejected, replaceUnanswered, submitUnanswered, neverSent
    /// Of a query or a listing.
    case reportedWorking, reportedCancelled
    /// "No such order", in the session of the submit: no proof of anything.
    case notFound
}

/// A limit order of 100 in a state, its second half asked away by an amendment where the state is `pendingReplace`.
private func bring(_ bench: inout EngineBench, to state: OrderState) throws -> OrderSubmission {
    bench.signal(.buy, 100) {
        $0.orderType = .limit
        $0.limitPrice = EngineBench.price(995)
    }
    let order = try #require(bench.submissions.first)
    switch state {
    case .submitted: break
    case .pendingUnknown: bench.feed(.submitUnanswered(order.id))
    case .rejected: bench.reject(order, .insufficientMargin)
    case .working: bench.accept(order)
    case .partiallyFilled: bench.fill(order, 40, at: 995)
    case .filled: bench.fill(order, 100, at: 995)
    case .cancelled: bench.cancelled(order, filled: 0)
    case .expired: bench.feed(.orderExpired(end(order, 0, bench.now)))
    case .pendingCancel:
        bench.accept(order)
        bench.feed(.operated(OperatorCommand(.cancelOrder, order: order.id)))
    case .pendingReplace:
        bench.accept(order)
        bench.feed(.operated(OperatorCommand(.amendOrder, order: order.id, quantity: EngineBench.quantity(50))))
    case .created, .accepted: Issue.record("nothing of a venue's meets an order in \(state)")
    }
    #expect(bench.engine.order(order.id)?.state == state)
    return order
}

private func end(_ order: OrderSubmission, _ lots: Int64, _ time: Timestamp) -> OrderEnd {
    OrderEnd(id: order.id, cumulativeFilled: EngineBench.quantity(lots), reason: .venue, venueTime: time)
}

private func say(_ saying: Saying, of order: OrderSubmission, to bench: inout EngineBench) {
    let now = bench.now
    let filled = (bench.engine.order(order.id)?.filled.raw ?? 0) / 100_000
    let refusal = OrderRejection(id: order.id, reason: .unspecified, venueTime: now)
    func report(_ state: OrderState) -> Event {
        .orderReported(
            OrderReport(
                id: order.id,
                venueOrderID: VenueOrderID(value: 1),
                instrument: order.instrument,
                side: order.side,
                price: order.price,
                quantity: order.quantity,
                filled: EngineBench.quantity(filled),
                state: state,
                venueTime: now
            )
        )
    }
    switch saying {
    case .accepted: bench.accept(order)
    case .rejected: bench.feed(.orderRejected(refusal))
    case .partlyFilled: bench.fill(order, 10, at: 995)
    case .completelyFilled: bench.fill(order, max(1, 100 - filled), at: 995)
    case .cancelled: bench.cancelled(order, filled: filled)
    case .expired: bench.feed(.orderExpired(end(order, filled, now)))
    case .cancelRejected: bench.feed(.cancelRejected(refusal))
    case .cancelUnanswered: bench.feed(.cancelUnanswered(order.id))
    case .replaced:
        bench.feed(
            .orderReplaced(
                OrderReplacement(
                    id: order.id,
                    price: order.price,
                    quantity: EngineBench.quantity(50),
                    venueTime: now
                )
            )
        )
    case .replaceRejected: bench.feed(.replaceRejected(refusal))
    case .replaceUnanswered: bench.feed(.replaceUnanswered(order.id))
    case .submitUnanswered: bench.feed(.submitUnanswered(order.id))
    case .neverSent: bench.feed(.neverSent(order.id))
    case .reportedWorking: bench.feed(report(filled > 0 ? .partiallyFilled : .working))
    case .reportedCancelled: bench.feed(report(.cancelled))
    case .notFound:
        bench.feed(.orderNotFound(OrderAbsence(id: order.id, venueTime: now, ledgerSequence: 1, session: 1)))
    }
}

/// One cell, observed.
private func observed(_ saying: Saying, in state: OrderState) throws -> String {
    var bench = EngineBench.trading()
    let order = try bring(&bench, to: state)
    let before = bench.engine.counters
    say(saying, of: order, to: &bench)
    let after = bench.engine.counters
    let target = try #require(bench.engine.order(order.id)?.state)
    var cell = String(columns.first { $0.1 == target }?.0 ?? "?")
    if after.repeatedEvents > before.repeatedEvents { cell += "~" }
    if after.outOfOrder > before.outOfOrder { cell += "!" }
    if after.lateFills > before.lateFills { cell += "+" }
    // Whatever was said: no second order, no fill lost, and no row forgotten.
    #expect(bench.submissions.isEmpty, "\(saying) in \(state)")
    #expect(after.fills - before.fills == (saying == .partlyFilled || saying == .completelyFilled ? 1 : 0))
    // More than the order asked for is booked too, and stops the symbol.
    let filled = try #require(bench.engine.order(order.id)?.filled)
    let isOver = after.overfills > before.overfills
    #expect(isOver == (state == .filled && after.fills > before.fills))
    #expect(bench.position * 100_000 >= filled.raw && (isOver || bench.position * 100_000 == filled.raw))
    return cell
}

/// Goal: every pair of order state and venue event does what the page says, in a whole engine. Method: for each cell an
/// engine of its own; then page and observation must be the same text.
@Test func everyPairOfStateAndEvent() throws {
    var lines = [String(page.prefix { $0 != "\n" })]
    #expect(lines[0].split(separator: " ").dropFirst().map(String.init) == columns.map { String($0.0) })
    for saying in Saying.allCases {
        var text = saying.rawValue + String(repeating: " ", count: 19 - saying.rawValue.count)
        for column in columns {
            let cell = try observed(saying, in: column.1)
            text += cell + String(repeating: " ", count: 4 - cell.count)
        }
        while text.last == " " { text.removeLast() }
        lines.append(text)
    }
    let all = lines.joined(separator: "\n")
    #expect(all == page, "observed:\n\(all)")
}
