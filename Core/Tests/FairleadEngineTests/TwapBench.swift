import FairleadEngine
import FairleadModel
import Testing

/// What the stories of TWAPs need beside the bench: a book that never ages, and a signal that is sliced.
extension EngineBench {
    /// Four slices of ten seconds, no jitter, a book of 100.0 x 100.1 (or as told) that stays usable.
    static func slicing(
        bid: Int64 = 1000,
        ask: Int64 = 1001,
        _ adjust: (inout EngineConfiguration) -> Void = { _ in }
    ) -> EngineBench {
        var bench = EngineBench {
            $0.routing.maximumBookAge = .hours(24)
            $0.risk.maximumQuoteAgeCrypto = .hours(24)
            $0.risk.navFreshness = .hours(24)
            $0.risk.allowsPyramiding = true
            adjust(&$0)
        }
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1)
        bench.quote(bid: bid, ask: ask)
        return bench
    }

    /// The moments of every route decision so far.
    var moments: [RouteMoment] {
        allNotices.compactMap { if case .routed(let decision) = $0 { decision.moment } else { nil } }
    }

    @discardableResult
    mutating func twap(
        _ side: Side,
        _ lots: Int64,
        slices: UInt16 = 0,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) -> SignalNumber {
        signal(side, lots) {
            $0.style = .twap
            $0.twap.slices = slices
            adjust(&$0)
        }
    }

    /// Fills an order whole at its limit.
    mutating func fillWhole(_ order: OrderSubmission, _ liquidity: Liquidity = .maker) {
        fill(order, order.quantity.raw / 100_000, at: order.price.raw / 10_000_000, liquidity)
    }

    /// The end of an order that takes: what it didn't get is gone.
    mutating func expireRest(_ order: OrderSubmission, filled lots: Int64) {
        cancelled(order, filled: lots, .immediateOrCancel)
    }

    mutating func operate(_ action: OperatorAction, on intent: IntentID, price: Int64 = 0, lots: Int64 = 0) {
        feed(
            .operated(
                OperatorCommand(
                    action,
                    order: ClientOrderID(of: intent),
                    price: Self.price(price),
                    quantity: Self.quantity(lots)
                )
            )
        )
    }

    var progress: [ProgressRecord] {
        allNotices.compactMap { if case .progressed(let record) = $0 { record } else { nil } }
    }

    /// Every order handed out so far, in lots.
    static func lots(_ order: OrderSubmission) -> Int64 { order.quantity.raw / 100_000 }
}
