public import FairleadModel

/// Where an instrument's mark comes from; published as `mark_source`.
@frozen public enum MarkSource: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case none = 0
    /// The venue's mark price.
    case mark
    /// The feed has no mark price, or has had none for `MarketState.markPatience`: the middle of the book.
    case mid
    /// The feed has neither mark price nor book: the last trade.
    case last

    public var name: String {
        switch self {
        case .none: "none"
        case .mark: "mark"
        case .mid: "mid"
        case .last: "last"
        }
    }
}

/// Why a piece of market data was not used.
@frozen public enum MarketFault: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    /// Not an instrument of the configuration.
    case unknownInstrument = 0
    /// A negative price, a price of 0 with a size beside it, or one above `Price.bound`.
    case priceOutOfRange
    /// More than ten times, or under a tenth, of what the instrument last cost.
    case absurdPrice
}

/// One instrument's last quote, trade and mark.
public struct InstrumentMarket: Hashable, Sendable, BitwiseCopyable {
    /// A side is zero, in price and quantity, while it is missing or has no size.
    public var bid = Price.zero
    public var bidQuantity = Quantity.zero
    public var ask = Price.zero
    public var askQuantity = Quantity.zero
    /// Engine time at which the quote was received.
    public var quoteTime = Timestamp.never
    public var last = Price.zero
    public var lastQuantity = Quantity.zero
    public var lastTime = Timestamp.never
    public var mark = Price.zero
    public var markTime = Timestamp.never
    public var markSource = MarkSource.none
    /// Its venue has stopped its trading.
    public internal(set) var isHalted = false
    /// The last price that was believed, of any kind: what an absurd one is told by.
    var anchor = Price.zero
    /// Absurd prices in a row.
    var absurdRun: UInt16 = 0

    public init() {}

    /// Two sides with size, bid under ask; it may be old.
    @inlinable public var isTwoSided: Bool { bid.raw > 0 && bid < ask }
    /// The middle of a two-sided book; zero without one.
    @inlinable public var mid: Price { isTwoSided ? Price.middle(bid, ask) : .zero }
}

/// The last known market of each instrument, and what of it may be believed.
///
/// Prices come from outside: what is not a price is refused and counted, and the state stays as it was. A price ten
/// times off is refused too (feeds do print 100 times the price), but the market is believed after `absurdPatience` of
/// them in a row, so that a real move of that size only costs a moment.
public struct MarketState: ~Copyable {
    /// Absurd prices in a row after which the next is believed.
    public static let absurdPatience: UInt16 = 32
    /// A venue's mark, or a trade, older than this says nothing of the price now: the middle of the book takes the
    /// place of the mark, and no entry is collared from it.
    public static let markPatience = TimeSpan.seconds(10)

    private var rows: ContiguousArray<InstrumentMarket>
    /// Quotes, trades and marks that were refused, by `MarketFault`.
    private var refusals: ContiguousArray<UInt64>

    public init(instruments: Int) {
        rows = ContiguousArray(repeating: InstrumentMarket(), count: instruments)
        refusals = ContiguousArray(repeating: 0, count: MarketFault.allCases.count)
    }

    public var instrumentCount: Int { rows.count }
    public subscript(instrument: InstrumentHandle) -> InstrumentMarket { rows[Int(instrument.index)] }
    public func refused(_ fault: MarketFault) -> UInt64 { refusals[Int(fault.rawValue)] }

    /// Takes a quote. A side with neither price nor size is a missing one. Refused and counted: see `MarketFault`.
    @discardableResult
    public mutating func apply(_ quote: Quote, at now: Timestamp) -> MarketFault? {
        let instrument = Int(quote.instrument.index)
        guard instrument < rows.count else { return refuse(.unknownInstrument) }
        guard Self.isPossible(quote.bid, quote.bidQuantity), Self.isPossible(quote.ask, quote.askQuantity) else {
            return refuse(.priceOutOfRange)
        }
        let hasBid = quote.bidQuantity.raw > 0
        let hasAsk = quote.askQuantity.raw > 0
        if hasBid && isAbsurd(quote.bid, instrument) || hasAsk && isAbsurd(quote.ask, instrument) {
            return refuseAbsurd(instrument)
        }
        rows[instrument].bid = hasBid ? quote.bid : .zero
        rows[instrument].bidQuantity = quote.bidQuantity
        rows[instrument].ask = hasAsk ? quote.ask : .zero
        rows[instrument].askQuantity = quote.askQuantity
        rows[instrument].quoteTime = now
        rows[instrument].absurdRun = 0
        if rows[instrument].isTwoSided {
            rows[instrument].anchor = rows[instrument].mid
            if yields(instrument, at: now) { setMark(instrument, rows[instrument].mid, .mid, at: now) }
        }
        return nil
    }

    /// Takes a trade. Refused and counted: see `MarketFault`.
    @discardableResult
    public mutating func apply(_ trade: Trade, at now: Timestamp) -> MarketFault? {
        let instrument = Int(trade.instrument.index)
        if let fault = fault(trade.price, instrument) { return fault }
        rows[instrument].last = trade.price
        rows[instrument].lastQuantity = trade.quantity
        rows[instrument].lastTime = now
        rows[instrument].anchor = trade.price
        let hasOtherMark = rows[instrument].markSource == .mark || rows[instrument].markSource == .mid
        if !hasOtherMark || now - rows[instrument].markTime > Self.markPatience {
            setMark(instrument, trade.price, .last, at: now)
        }
        return nil
    }

    /// Takes a venue's mark price. Refused and counted: see `MarketFault`.
    @discardableResult
    public mutating func apply(_ mark: MarkPrice, at now: Timestamp) -> MarketFault? {
        let instrument = Int(mark.instrument.index)
        if let fault = fault(mark.price, instrument) { return fault }
        rows[instrument].anchor = mark.price
        setMark(instrument, mark.price, .mark, at: now)
        return nil
    }

    /// The book as a decision at `now` may see it. Usable only while younger than `maximumAge`.
    public func book(_ instrument: InstrumentHandle, at now: Timestamp, maximumAge: TimeSpan) -> BookView {
        let row = rows[Int(instrument.index)]
        guard row.quoteTime != .never else { return .missing }
        let age = max(.zero, now - row.quoteTime)
        let condition: BookCondition
        if row.bid.raw == 0 || row.ask.raw == 0 {
            condition = .missing
        } else if age >= maximumAge {
            condition = .stale
        } else {
            condition = row.bid < row.ask ? .usable : .crossed
        }
        return BookView(condition: condition, bid: row.bid, ask: row.ask, age: age)
    }

    /// The price that a source of triggers stands at; nil while there is none. A bid or an ask stands alone; a middle
    /// needs a two-sided book.
    public func price(_ instrument: InstrumentHandle, _ source: PriceSource) -> Price? {
        let row = rows[Int(instrument.index)]
        let price =
            switch source {
            case .bid: row.bid
            case .ask: row.ask
            case .mark: row.mark
            case .last: row.last
            case .mid: row.mid
            }
        return price.raw > 0 ? price : nil
    }

    /// What an order is measured by where there is no usable book: the newer of the venue's own mark and the last
    /// trade, and never a middle of the book. An entry asks for one no older than `markPatience`; an exit takes any.
    /// nil: none.
    public func referenceWithoutBook(
        _ instrument: InstrumentHandle,
        at now: Timestamp,
        isReducing: Bool
    ) -> Price? {
        let row = rows[Int(instrument.index)]
        let hasMark = row.markSource == .mark
        let usesMark = hasMark && row.markTime >= row.lastTime
        let price = usesMark ? row.mark : row.last
        let time = usesMark ? row.markTime : row.lastTime
        guard price.raw > 0 else { return nil }
        return isReducing || now - time <= Self.markPatience ? price : nil
    }

    /// Takes the venue's word on an instrument's trading. False when it is known, or the instrument isn't.
    mutating func apply(_ report: HaltReport) -> Bool {
        let instrument = Int(report.instrument.index)
        guard instrument < rows.count, rows[instrument].isHalted != report.isHalted else { return false }
        rows[instrument].isHalted = report.isHalted
        return true
    }

    /// A new session with the venue: what is still halted is told in it.
    mutating func forgetHalts() {
        for index in rows.indices { rows[index].isHalted = false }
    }

    func isHalted(_ instrument: InstrumentHandle) -> Bool { rows[Int(instrument.index)].isHalted }

    /// Writes, reads or hashes the whole state.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in rows.indices {
            visitor.visit(&rows[index].bid)
            visitor.visit(&rows[index].bidQuantity)
            visitor.visit(&rows[index].ask)
            visitor.visit(&rows[index].askQuantity)
            visitor.visit(&rows[index].quoteTime)
            visitor.visit(&rows[index].last)
            visitor.visit(&rows[index].lastQuantity)
            visitor.visit(&rows[index].lastTime)
            visitor.visit(&rows[index].mark)
            visitor.visit(&rows[index].markTime)
            visitor.visit(&rows[index].markSource)
            visitor.visit(&rows[index].isHalted)
            visitor.visit(&rows[index].anchor)
            visitor.visit(&rows[index].absurdRun)
        }
        for index in refusals.indices { visitor.visit(&refusals[index]) }
    }

    /// A side of a quote: a price within bounds and a size, or neither.
    @inline(__always)
    private static func isPossible(_ price: Price, _ quantity: Quantity) -> Bool {
        price.raw >= 0 && price <= Price.bound && (price.raw > 0 || quantity.raw == 0)
    }

    private mutating func fault(_ price: Price, _ instrument: Int) -> MarketFault? {
        guard instrument < rows.count else { return refuse(.unknownInstrument) }
        guard price.raw > 0, price <= Price.bound else { return refuse(.priceOutOfRange) }
        if isAbsurd(price, instrument) { return refuseAbsurd(instrument) }
        rows[instrument].absurdRun = 0
        return nil
    }

    @inline(__always)
    private func isAbsurd(_ price: Price, _ instrument: Int) -> Bool {
        let anchor = rows[instrument].anchor.raw
        guard anchor > 0, rows[instrument].absurdRun < Self.absurdPatience else { return false }
        // Prices are at most 10^17 raw, so that ten of them fit 64 bits.
        return price.raw > 10 * anchor || 10 * price.raw < anchor
    }

    private mutating func refuseAbsurd(_ instrument: Int) -> MarketFault {
        rows[instrument].absurdRun += 1
        return refuse(.absurdPrice)
    }

    private mutating func refuse(_ fault: MarketFault) -> MarketFault {
        refusals[Int(fault.rawValue)] += 1
        return fault
    }

    /// True where the middle of the book may stand for the mark.
    @inline(__always)
    private func yields(_ instrument: Int, at now: Timestamp) -> Bool {
        rows[instrument].markSource != .mark || now - rows[instrument].markTime > Self.markPatience
    }

    @inline(__always)
    private mutating func setMark(_ instrument: Int, _ price: Price, _ source: MarkSource, at now: Timestamp) {
        rows[instrument].mark = price
        rows[instrument].markSource = source
        rows[instrument].markTime = now
    }
}
