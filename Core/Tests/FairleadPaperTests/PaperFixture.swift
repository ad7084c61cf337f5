import FairleadModel
import FairleadPaper

/// Short forms for tests: whole numbers and decimals in units of one.
func price(_ value: Double) -> Price { Price(raw: Int64((value * 1e8).rounded())) }
func quantity(_ value: Double) -> Quantity { Quantity(raw: Int64((value * 1e8).rounded())) }
func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

func identifier(_ parent: UInt32, attempt: UInt8 = 0, epoch: UInt16 = 1) -> ClientOrderID {
    ClientOrderID(epoch: Epoch(number: epoch), parent: parent, leg: .direct, slice: 0, attempt: attempt, slot: parent)
}

let bitcoin = InstrumentHandle(0)
let ether = InstrumentHandle(1)

func paperInstruments(isHedged: Bool = false, minimumNotional: Money = Money(whole: 5)) -> [Instrument] {
    [
        Instrument(
            symbol: "BTCUSDT",
            terms: InstrumentTerms(
                tick: price(0.1),
                lot: quantity(0.001),
                minimumQuantity: quantity(0.001),
                maximumQuantity: quantity(1000),
                minimumNotional: minimumNotional,
                percentPrice: Rate(bps: 1000),
                isHedged: isHedged
            ),
            origin: "test"
        ),
        Instrument(
            symbol: "ETHUSDT",
            terms: InstrumentTerms(
                tick: price(0.01),
                lot: quantity(0.01),
                minimumQuantity: quantity(0.01),
                maximumQuantity: quantity(10_000),
                multiplier: 10,
                makerFee: Rate(bps: -1)
            ),
            origin: "test"
        ),
    ]
}

func paperConfiguration(
    isHedged: Bool = false,
    latency: PaperLatency = .none,
    seed: UInt64 = 1,
    cash: Money = Money(whole: 1_000_000)
) -> PaperVenueConfiguration {
    PaperVenueConfiguration(
        instruments: paperInstruments(isHedged: isHedged),
        startingCash: cash,
        latency: latency,
        seed: seed
    )
}

func quote(
    _ bid: Double,
    _ bidQuantity: Double,
    _ ask: Double,
    _ askQuantity: Double,
    _ instrument: InstrumentHandle = bitcoin
) -> Quote {
    Quote(
        instrument: instrument,
        bid: price(bid),
        bidQuantity: quantity(bidQuantity),
        ask: price(ask),
        askQuantity: quantity(askQuantity),
        venueTime: .never
    )
}

func trade(
    _ tradePrice: Double,
    _ volume: Double,
    _ aggressor: Side,
    _ instrument: InstrumentHandle = bitcoin
) -> Trade {
    Trade(
        instrument: instrument,
        price: price(tradePrice),
        quantity: quantity(volume),
        aggressor: aggressor,
        venueTime: .never
    )
}

extension PaperVenue {
    /// All answers that are due now, with the venue's invariants checked after each.
    mutating func drain(through limit: Timestamp? = nil) -> [PaperResponse] {
        var responses: [PaperResponse] = []
        while let delivery = next(through: limit ?? time) {
            responses.append(delivery.response)
            checkInvariants()
        }
        checkInvariants()
        return responses
    }

    /// Submits as the embedded client, lets it arrive at once, and gives everything that is due.
    mutating func place(_ order: PaperOrder) -> [PaperResponse] {
        request(.submit(order), client: PaperVenue.embeddedClient, at: time)
        return drain()
    }
}

/// A venue with a connected embedded client and a first quote: 100.0 x 5 / 100.1 x 4.
func openVenue(_ configuration: PaperVenueConfiguration = paperConfiguration()) -> PaperVenue {
    var venue = PaperVenue(configuration: configuration)
    venue.connect(client: PaperVenue.embeddedClient, at: at(1_000))
    venue.quoted(quote(100, 5, 100.1, 4), at: at(1_000))
    return venue
}

func limit(
    _ parent: UInt32,
    _ side: Side,
    _ limitPrice: Double,
    _ size: Double,
    type: OrderType = .limit,
    timeInForce: TimeInForce = .gtc,
    expiresAt: Timestamp = .distantFuture,
    reduceOnly: Bool = false,
    positionSide: PositionSide = .both,
    validUntil: Timestamp = .distantFuture
) -> PaperOrder {
    PaperOrder(
        id: identifier(parent),
        instrument: bitcoin,
        side: side,
        positionSide: positionSide,
        type: type,
        timeInForce: timeInForce,
        price: price(limitPrice),
        quantity: quantity(size),
        validUntil: validUntil,
        expiresAt: expiresAt,
        reduceOnly: reduceOnly
    )
}

func market(
    _ parent: UInt32,
    _ side: Side,
    _ size: Double,
    timeInForce: TimeInForce = .gtc,
    reduceOnly: Bool = false,
    positionSide: PositionSide = .both
) -> PaperOrder {
    PaperOrder(
        id: identifier(parent),
        instrument: bitcoin,
        side: side,
        positionSide: positionSide,
        type: .market,
        timeInForce: timeInForce,
        quantity: quantity(size),
        reduceOnly: reduceOnly
    )
}

/// One response as a line that a trader reads: what happened, to which parent, the figures.
func line(_ response: PaperResponse) -> String {
    switch response {
    case .accepted(let it): "accepted \(it.id.parent)"
    case .rejected(let it): "rejected \(it.id.parent) \(it.reason.name)"
    case .filled(let it):
        "filled \(it.id.parent) \(text(it.quantity.raw)) @ \(text(it.price.raw)) \(it.liquidity) fee \(text(it.fee))"
    case .cancelled(let it): "cancelled \(it.id.parent) \(it.reason.name) \(text(it.cumulativeFilled.raw))"
    case .expired(let it): "expired \(it.id.parent) \(it.reason.name) \(text(it.cumulativeFilled.raw))"
    case .cancelRejected(let it): "cancelRejected \(it.id.parent) \(it.reason.name)"
    case .replaced(let it): "replaced \(it.id.parent) \(text(it.quantity.raw)) @ \(text(it.price.raw))"
    case .replaceRejected(let it): "replaceRejected \(it.id.parent) \(it.reason.name)"
    case .reported(let it): "reported \(it.id.parent) \(it.state) \(text(it.filled.raw)) of \(text(it.quantity.raw))"
    case .notFound(let it): "notFound \(it.id.parent)"
    case .forgotten(let id): "forgotten \(id.parent)"
    case .listing: "listing"
    case .time(let time): "time \(time.milliseconds)"
    case .disconnected: "disconnected"
    case .funded(let it): "funded \(it.instrument.index) \(text(it.amount)) on \(text(it.quantity.raw))"
    }
}

/// A raw 10^-8 amount as a decimal without trailing zeros.
func text(_ raw: Int64) -> String {
    let sign = raw < 0 ? "-" : ""
    let magnitude = raw.magnitude
    var fraction = String(magnitude % 100_000_000)
    fraction = String(repeating: "0", count: 8 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return sign + String(magnitude / 100_000_000) + (fraction.isEmpty ? "" : "." + fraction)
}
