import FairleadEngine
public import FairleadModel

/// The golden runs. Together they hold every order state that can be reached, and every way out of it that the paper
/// venue has.
extension GoldenRun {
    public static let all: [GoldenRun] = [
        takerAndStop, makerAndFallback, partialAndAmendment, cancelRace, unknownOrders, refusalsAndExpiries, restarted,
    ]

    /// The states that an order can be in: `created`, where a rejected cancel or amendment leads back to, and where a
    /// step of the transition table leads. No step leads to `accepted`: an acknowledged order is working at once.
    public static var reachableStates: Set<OrderState> {
        var found: Set<OrderState> = [.created, .working, .partiallyFilled]
        for state in OrderState.allCases {
            for input in OrderInput.allCases {
                if case .to(let next) = OrderTransition.step(from: state, on: input) { found.insert(next) }
            }
        }
        return found
    }

    /// An entry that takes, then its stop-loss.
    static let takerAndStop = GoldenRun(
        name: "taker-stop",
        purpose: "a taker, filled; its stop-loss fires and closes the position",
        length: .seconds(5),
        steps: [
            GoldenStep(1500, .signal(GoldenSignal(id: "entry", makerFirst: false, stopLossTicks: 100))),
            GoldenStep(3000, .price(ticks: -150)),
        ],
        coversHead: true
    )

    /// Two makers: one that is never filled, one that is filled in part; both give way to a taker.
    static let makerAndFallback = GoldenRun(
        name: "maker-fallback",
        purpose: "maker first without a fill, then with a partial one; both fall back to a taker",
        length: .seconds(8),
        steps: [
            GoldenStep(1500, .signal(GoldenSignal(id: "unfilled", makerFirst: true))),
            GoldenStep(4000, .signal(GoldenSignal(id: "partly", makerFirst: true))),
            GoldenStep(4500, .trade(ticks: -40, lots: 4)),
            GoldenStep(7000, .operate(.flatten)),
        ]
    )

    /// A resting limit that fills in pieces, is amended between them, and is cancelled with the rest.
    static let partialAndAmendment = GoldenRun(
        name: "partial-amend",
        purpose: "a limit filled in part, amended in price and quantity, cancelled with the rest; an exit by signal",
        length: .seconds(6),
        steps: [
            GoldenStep(1500, .signal(GoldenSignal(id: "limit", type: .limit, offsetTicks: -20))),
            GoldenStep(1800, .amend(lots: 10, ticks: -2)),
            GoldenStep(2200, .trade(ticks: -30, lots: 3)),
            GoldenStep(2600, .amend(lots: 7, ticks: 0)),
            // While the amendment is on its way.
            GoldenStep(2603, .trade(ticks: -30, lots: 2)),
            GoldenStep(3200, .cancel),
            GoldenStep(4000, .signal(GoldenSignal(id: "exit", side: .sell, intent: .exit, lots: 0))),
        ]
    )

    /// Fills that overtake the cancel, and an amendment that comes too late.
    static let cancelRace = GoldenRun(
        name: "cancel-race",
        purpose: "a fill and a cancel cross; a fill and an amendment cross; a cancel overtakes its acknowledgement",
        length: .seconds(6),
        steps: [
            GoldenStep(1500, .signal(GoldenSignal(id: "crossed", type: .postOnly, offsetTicks: -20))),
            GoldenStep(2000, .cancel),
            GoldenStep(2002, .trade(ticks: -30, lots: 20)),
            GoldenStep(2500, .signal(GoldenSignal(id: "amended", type: .limit, offsetTicks: -20))),
            GoldenStep(3000, .amend(lots: 6, ticks: 0)),
            GoldenStep(3002, .trade(ticks: -30, lots: 20)),
            GoldenStep(3500, .signal(GoldenSignal(id: "early", type: .limit, offsetTicks: -20))),
            GoldenStep(3503, .cancel),
            GoldenStep(4200, .operate(.flatten)),
        ]
    )

    /// Orders whose answer is lost: one filled, one resting, one that the venue never had.
    static let unknownOrders = GoldenRun(
        name: "unknown",
        purpose: "the connection is lost with an order unanswered: it filled, it rests, it never arrived",
        length: .seconds(15),
        steps: [
            GoldenStep(1500, .signal(GoldenSignal(id: "filled", makerFirst: false))),
            GoldenStep(1502, .cut),
            GoldenStep(3500, .signal(GoldenSignal(id: "resting", type: .limit, offsetTicks: -20))),
            GoldenStep(3502, .cut),
            GoldenStep(5000, .operate(.cancelAll)),
            GoldenStep(6000, .loseNextEntry),
            GoldenStep(6100, .signal(GoldenSignal(id: "lost", makerFirst: false))),
            GoldenStep(14000, .operate(.flatten)),
        ]
    )

    /// Everything that ends without a fill.
    static let refusalsAndExpiries = GoldenRun(
        name: "refusals",
        purpose: "rejected by a halted venue, expired at once and at its time, a duplicate, a signal past the limits",
        length: .seconds(7),
        steps: [
            // On its way when the venue halts: nobody knew.
            GoldenStep(1497, .signal(GoldenSignal(id: "halted", type: .limit, offsetTicks: -20))),
            GoldenStep(1500, .halted(true)),
            GoldenStep(2000, .halted(false)),
            GoldenStep(2500, .signal(GoldenSignal(id: "at-once", type: .limit, offsetTicks: -20, timeInForce: .ioc))),
            GoldenStep(
                3000,
                .signal(
                    GoldenSignal(
                        id: "in-time",
                        type: .limit,
                        offsetTicks: -20,
                        timeInForce: .gtd,
                        lifetime: .milliseconds(1500)
                    )
                )
            ),
            GoldenStep(3200, .signal(GoldenSignal(id: "in-time", type: .limit, offsetTicks: -20))),
            GoldenStep(3400, .signal(GoldenSignal(id: "too-large", lots: 900))),
            GoldenStep(5000, .signal(GoldenSignal(id: "sell", side: .sell, makerFirst: false))),
            GoldenStep(6000, .operate(.flatten)),
        ]
    )

    /// A process that dies with an order at work, and a journal of several segments.
    static let restarted = GoldenRun(
        name: "restart",
        purpose: "the process dies with an order resting and a fill under way; small segments, so that they change",
        length: .seconds(6),
        steps: [
            GoldenStep(1500, .signal(GoldenSignal(id: "limit", type: .limit, offsetTicks: -20, stopLossTicks: 200))),
            GoldenStep(2000, .trade(ticks: -30, lots: 4)),
            // The fill is told while nobody listens.
            GoldenStep(2002, .restart),
            GoldenStep(3500, .trade(ticks: -30, lots: 2)),
            GoldenStep(4500, .operate(.cancelAll)),
            GoldenStep(5000, .operate(.flatten)),
        ],
        segmentByteCount: 12 << 10
    )
}
