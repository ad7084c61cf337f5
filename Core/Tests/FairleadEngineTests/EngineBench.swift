import FairleadEngine
import FairleadModel

/// An engine on a bench: one instrument, a hand-fed market and a hand-fed venue, invariants checked after each event.
struct EngineBench: ~Copyable {
    static let symbol = InstrumentHandle(0)

    var engine: Engine
    var out = Outbox()
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    /// Commands and notices of the last event.
    private(set) var commands: [Command] = []
    private(set) var notices: [Notice] = []
    private(set) var allNotices: [Notice] = []
    private var signalCount: UInt64 = 0
    private var executionCount: UInt64 = 0

    init(_ adjust: (inout EngineConfiguration) -> Void = { _ in }) {
        var configuration = EngineConfiguration()
        configuration.capacities.orders = 256
        configuration.capacities.parents = 256
        configuration.capacities.signals = 256
        configuration.capacities.executions = 256
        configuration.capacities.levels = 64
        configuration.bars.history = 16
        configuration.add(
            Instrument(
                symbol: "BTCUSDT",
                terms: InstrumentTerms(
                    tick: Price(raw: 10_000_000),
                    lot: Quantity(raw: 100_000),
                    minimumQuantity: Quantity(raw: 100_000),
                    maximumQuantity: Quantity(raw: 100_000_000_000),
                    minimumNotional: Money(whole: 5)
                ),
                origin: "test"
            )
        )
        adjust(&configuration)
        engine = Engine(configuration: configuration)
    }

    /// A bench that trades: epoch open, venue reconciled, 100,000 of cash, a book of 100.0 x 100.1.
    static func trading(_ adjust: (inout EngineConfiguration) -> Void = { _ in }) -> EngineBench {
        var bench = EngineBench(adjust)
        bench.feed(.epochOpened(Epoch(number: 1)))
        bench.connect(session: 1)
        bench.quote(bid: 1000, ask: 1001)
        return bench
    }

    mutating func connect(session: UInt32, positions: [PositionReport] = []) {
        feed(.venueConnected(VenueConnection(venue: .paper, session: session, venueTime: now)))
        feed(.reconciliationBegan(.paper))
        for position in positions { feed(.positionReported(position)) }
        feed(
            .balanceReported(
                BalanceReport(
                    venue: .paper,
                    cash: 100_000 * FixedPoint.one,
                    available: 100_000 * FixedPoint.one,
                    venueTime: now
                )
            )
        )
        feed(
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: session, ledgerSequence: 0, venueTime: now)
            )
        )
    }

    mutating func feed(_ event: Event) {
        out.clear()
        engine.apply(event, at: now, into: &out)
        commands = Array(out.commands)
        notices = Array(out.notices)
        allNotices += notices
        engine.checkInvariants()
    }

    /// Forgets the commands of the last event: who looks at them event by event sees each once.
    mutating func forget() { commands = [] }

    mutating func wait(_ span: TimeSpan) {
        let end = now + span
        while engine.nextTimer <= end {
            now = max(now, engine.nextTimer)
            let before = commands
            feed(.timer)
            commands = before + commands
        }
        now = end
    }

    /// Prices in tenths; zero is a side that isn't there.
    mutating func quote(bid: Int64, ask: Int64, of instrument: InstrumentHandle = EngineBench.symbol) {
        feed(
            .quoted(
                Quote(
                    instrument: instrument,
                    bid: Self.price(bid),
                    bidQuantity: Self.quantity(bid == 0 ? 0 : 10_000),
                    ask: Self.price(ask),
                    askQuantity: Self.quantity(ask == 0 ? 0 : 10_000),
                    venueTime: now
                )
            )
        )
    }

    @discardableResult
    mutating func signal(_ side: Side, _ lots: Int64, _ adjust: (inout SignalTerms) -> Void = { _ in }) -> SignalNumber
    {
        signalCount += 1
        var terms = SignalTerms(
            number: SignalNumber(value: signalCount),
            digest: Digest128(high: 7, low: signalCount),
            instrument: Self.symbol,
            side: side,
            size: .quantity(Self.quantity(lots))
        )
        adjust(&terms)
        engine.stage(terms)
        feed(.signalReceived)
        return terms.number
    }

    mutating func accept(_ order: OrderSubmission) {
        feed(.orderAccepted(OrderAcceptance(id: order.id, venueOrderID: VenueOrderID(value: 1), venueTime: now)))
    }

    mutating func reject(_ order: OrderSubmission, _ reason: RejectReason) {
        feed(.orderRejected(OrderRejection(id: order.id, reason: reason, venueTime: now)))
    }

    mutating func fill(_ order: OrderSubmission, _ lots: Int64, at price: Int64, _ liquidity: Liquidity = .maker) {
        executionCount += 1
        feed(.orderFilled(execution(order, lots, at: price, liquidity, number: executionCount)))
    }

    func execution(
        _ order: OrderSubmission,
        _ lots: Int64,
        at price: Int64,
        _ liquidity: Liquidity = .maker,
        number: UInt64
    ) -> Execution {
        Execution(
            id: order.id,
            executionID: ExecutionID(value: number),
            instrument: order.instrument,
            side: order.side,
            positionSide: order.positionSide,
            price: Self.price(price),
            quantity: Self.quantity(lots),
            fee: 1_000,
            liquidity: liquidity,
            venueTime: now
        )
    }

    mutating func cancelled(_ order: OrderSubmission, filled lots: Int64, _ reason: EndReason = .requested) {
        feed(
            .orderCancelled(
                OrderEnd(id: order.id, cumulativeFilled: Self.quantity(lots), reason: reason, venueTime: now)
            )
        )
    }

    var submissions: [OrderSubmission] {
        commands.compactMap { if case .submit(let order) = $0 { order } else { nil } }
    }
    var cancels: [OrderCancellation] {
        commands.compactMap { if case .cancel(let order) = $0 { order } else { nil } }
    }
    var acknowledgements: [SignalAcknowledgement] {
        notices.compactMap { if case .acknowledged(let acknowledgement) = $0 { acknowledgement } else { nil } }
    }
    var closed: [ParentRecord] {
        allNotices.compactMap { if case .parentClosed(let record) = $0 { record } else { nil } }
    }
    var alarms: [AlarmKind] {
        allNotices.compactMap { if case .alarm(let alarm) = $0 { alarm.kind } else { nil } }
    }
    var position: Int64 { engine.position(PositionKey(Self.symbol, .both)).quantity.raw / 100_000 }

    static func price(_ tenths: Int64) -> Price { Price(raw: tenths * 10_000_000) }
    static func quantity(_ lots: Int64) -> Quantity { Quantity(raw: lots * 100_000) }
}
