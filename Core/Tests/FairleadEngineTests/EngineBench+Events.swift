import FairleadEngine
import FairleadModel
import Testing

/// What the stories of single behaviours need beside the bench itself.
extension EngineBench {
    /// A bench whose instrument keeps long and short positions apart.
    static func hedged(_ adjust: (inout EngineConfiguration) -> Void = { _ in }) -> EngineBench {
        trading {
            $0.instruments[0].terms.isHedged = true
            adjust(&$0)
        }
    }

    /// Opens a position of so many lots by a market signal that is filled at once; gives the entry order.
    @discardableResult
    mutating func open(
        _ side: Side,
        _ lots: Int64,
        at price: Int64? = nil,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) throws -> OrderSubmission {
        signal(side, lots, adjust)
        let entry = try #require(submissions.first)
        fill(entry, lots, at: price ?? (side == .buy ? 1000 : 1001))
        return entry
    }

    /// A resting limit order of ours that the venue has accepted.
    mutating func rest(
        _ side: Side,
        _ lots: Int64,
        at price: Int64,
        _ adjust: (inout SignalTerms) -> Void = { _ in }
    ) throws -> OrderSubmission {
        signal(side, lots) {
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(price)
            adjust(&$0)
        }
        let order = try #require(submissions.first)
        accept(order)
        return order
    }

    /// The venue goes and comes back, and has listed nothing yet.
    mutating func reconnect(session: UInt32) {
        feed(.venueDisconnected(.paper))
        feed(.venueConnected(VenueConnection(venue: .paper, session: session, venueTime: now)))
        feed(.reconciliationBegan(.paper))
    }

    mutating func halt(_ isHalted: Bool = true, _ instrument: InstrumentHandle = EngineBench.symbol) {
        feed(.haltReported(HaltReport(instrument: instrument, isHalted: isHalted)))
    }

    mutating func mark(_ tenths: Int64) {
        feed(.marked(MarkPrice(instrument: Self.symbol, price: Self.price(tenths), venueTime: now)))
    }

    mutating func operate(_ action: OperatorAction, _ order: ClientOrderID = .none) {
        feed(.operated(OperatorCommand(action, order: order)))
    }

    mutating func amend(_ order: OrderSubmission, price: Int64 = 0, lots: Int64 = 0) {
        feed(
            .operated(
                OperatorCommand(
                    .amendOrder,
                    order: order.id,
                    price: Self.price(price),
                    quantity: Self.quantity(lots)
                )
            )
        )
    }

    mutating func report(_ order: OrderSubmission, _ state: OrderState, filled lots: Int64 = 0, quantity: Int64? = nil)
    {
        feed(
            .orderReported(
                OrderReport(
                    id: order.id,
                    venueOrderID: VenueOrderID(value: 1),
                    instrument: order.instrument,
                    side: order.side,
                    price: order.price,
                    quantity: quantity.map { Self.quantity($0) } ?? order.quantity,
                    filled: Self.quantity(lots),
                    state: state,
                    venueTime: now
                )
            )
        )
    }

    /// An execution that no order of ours made: of another client, or by hand.
    mutating func external(
        _ side: Side,
        _ lots: Int64,
        at price: Int64,
        number: UInt64,
        _ positionSide: PositionSide = .both
    ) {
        feed(
            .orderFilled(
                Execution(
                    id: .none,
                    executionID: ExecutionID(value: number),
                    instrument: Self.symbol,
                    side: side,
                    positionSide: positionSide,
                    price: Self.price(price),
                    quantity: Self.quantity(lots),
                    fee: 0,
                    liquidity: .taker,
                    venueTime: now
                )
            )
        )
    }

    static func held(_ lots: Int64, at price: Int64, _ time: Timestamp, _ side: PositionSide = .both) -> PositionReport
    {
        PositionReport(
            instrument: symbol,
            positionSide: side,
            quantity: SignedQuantity(raw: lots * 100_000),
            averagePrice: Self.price(price),
            venueTime: time
        )
    }

    /// Lots of one side of the symbol.
    func lots(_ side: PositionSide) -> Int64 { engine.position(PositionKey(Self.symbol, side)).quantity.raw / 100_000 }

    /// Puts the engine away as a snapshot does and goes on with one read from it.
    mutating func restore(_ configuration: EngineConfiguration) {
        var writer = VisitedWords()
        engine.visitState(&writer)
        var read = Engine(configuration: configuration)
        var reader = VisitedWords(reading: writer.words)
        read.visitState(&reader)
        #expect(reader.isAtEnd)
        var again = VisitedWords()
        read.visitState(&again)
        #expect(again.words == writer.words)
        engine = read
    }

    func state(of order: OrderSubmission) -> OrderState? { engine.order(order.id)?.state }

    /// Every notice of one kind of state change so far.
    var states: [TradingStateRecord] {
        allNotices.compactMap { if case .tradingStateChanged(let record) = $0 { record } else { nil } }
    }

    var queries: [OrderQuery] {
        commands.compactMap { if case .query(let query) = $0 { query } else { nil } }
    }

    /// What the last event refused a person.
    var refusals: [OperatorRefused] {
        notices.compactMap { if case .operatorRefused(let record) = $0 { record } else { nil } }
    }

    var asksForAListing: Bool { commands.contains { if case .reconcile = $0 { true } else { false } } }

    var divergences: [DivergenceRecord] {
        allNotices.compactMap { if case .divergence(let record) = $0 { record } else { nil } }
    }
}
