import FairleadModel

/// One row of a US equity file, before it is paired or put on the clock.
enum EquityRow: BitwiseCopyable {
    /// A side without a price is absent.
    case quote(EquityQuoteRow)
    case trade(EquityTradeRow)
    case bar(EquityBarRow)
    case blank
}

struct EquityQuoteRow: BitwiseCopyable {
    var millisecond: Int64
    var bid: Price
    var bidQuantity: Quantity
    var ask: Price
    var askQuantity: Quantity
    var isSuspicious: Bool
}

struct EquityTradeRow: BitwiseCopyable {
    var millisecond: Int64
    var price: Price
    var quantity: Quantity
    var conditions: TradeConditions
    var isSuspicious: Bool
}

struct EquityBarRow: BitwiseCopyable {
    var millisecond: Int64
    var open: Price
    var high: Price
    var low: Price
    var close: Price
    var volume: Quantity
}

/// Reads one row: whole numbers between commas, prices in 1/10,000 USD, without heading or quotes.
///
/// A pure function of the bytes. Every column is read and checked, to the line's end.
struct EquityRowScanner {
    private var json: JSONScanner
    private var isFirst = true

    private init(_ line: Range<Int>) { json = JSONScanner(line) }

    /// What the row says. `text[line.upperBound]` is a line feed and padding follows; see `LineReader`.
    static func scan(
        _ text: Span<UInt8>,
        _ line: Range<Int>,
        _ kind: EquityFileName.Kind
    ) throws(TapeFault) -> EquityRow {
        var scanner = EquityRowScanner(line)
        scanner.json.skipSpaces(text)
        if scanner.json.position == scanner.json.end { return .blank }
        let row: EquityRow
        switch kind {
        case .quoteTicks: row = .quote(try scanner.quote(text))
        case .tradeTicks: row = .trade(try scanner.trade(text))
        case .quoteMinutes: row = .quote(try scanner.quoteBar(text))
        case .tradeMinutes: row = .bar(try scanner.bar(text, isOfTrades: true))
        }
        scanner.json.skipSpaces(text)
        guard scanner.json.position == scanner.json.end else { throw scanner.json.fault(.line, .syntax) }
        return row
    }

    private mutating func quote(_ text: Span<UInt8>) throws(TapeFault) -> EquityQuoteRow {
        let millisecond = try millisecond(text)
        let bid = try price(text, .bid)
        let bidQuantity = try quantity(text, .bidQuantity)
        let ask = try price(text, .ask)
        let askQuantity = try quantity(text, .askQuantity)
        guard bid > .zero || ask > .zero else { throw json.fault(.bid, .notPositive) }
        try exchange(text)
        _ = try hexadecimal(text)
        return EquityQuoteRow(
            millisecond: millisecond,
            bid: bid,
            bidQuantity: bidQuantity,
            ask: ask,
            askQuantity: askQuantity,
            isSuspicious: try flag(text)
        )
    }

    private mutating func trade(_ text: Span<UInt8>) throws(TapeFault) -> EquityTradeRow {
        let millisecond = try millisecond(text)
        let price = try price(text, .price)
        guard price > .zero else { throw json.fault(.price, .notPositive) }
        let quantity = try quantity(text, .quantity)
        guard quantity > .zero else { throw json.fault(.quantity, .notPositive) }
        try exchange(text)
        let conditions = try hexadecimal(text)
        return EquityTradeRow(
            millisecond: millisecond,
            price: price,
            quantity: quantity,
            conditions: TradeConditions(rawValue: conditions),
            isSuspicious: try flag(text)
        )
    }

    /// A minute of bids and asks: what stood at its end.
    private mutating func quoteBar(_ text: Span<UInt8>) throws(TapeFault) -> EquityQuoteRow {
        let bids = try bar(text, isOfTrades: false)
        let asks = try extremes(text, millisecond: bids.millisecond, .askQuantity)
        return EquityQuoteRow(
            millisecond: bids.millisecond,
            bid: bids.close,
            bidQuantity: bids.volume,
            ask: asks.close,
            askQuantity: asks.volume,
            isSuspicious: false
        )
    }

    private mutating func bar(_ text: Span<UInt8>, isOfTrades: Bool) throws(TapeFault) -> EquityBarRow {
        let millisecond = try millisecond(text)
        return try extremes(text, millisecond: millisecond, isOfTrades ? .volume : .bidQuantity)
    }

    private mutating func extremes(
        _ text: Span<UInt8>,
        millisecond: Int64,
        _ last: TapeField
    ) throws(TapeFault) -> EquityBarRow {
        let open = try price(text, .open)
        let high = try price(text, .high)
        let low = try price(text, .low)
        let close = try price(text, .close)
        guard low > .zero else { throw json.fault(.low, .notPositive) }
        guard high >= max(open, close, low) else { throw json.fault(.high, .notABar) }
        guard low <= min(open, close) else { throw json.fault(.low, .notABar) }
        let volume = try quantity(text, last)
        return EquityBarRow(millisecond: millisecond, open: open, high: high, low: low, close: close, volume: volume)
    }

    // MARK: - Columns

    private mutating func column(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) {
        if isFirst {
            isFirst = false
            return
        }
        guard text[json.position] == UInt8(ascii: ",") else {
            json.skipSpaces(text)
            throw json.fault(field, json.position >= json.end ? .missing : .syntax)
        }
        json.position += 1
    }

    private mutating func number(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) -> Int64 {
        try column(text, field)
        return try json.wholeNumber(text, field)
    }

    private mutating func millisecond(_ text: Span<UInt8>) throws(TapeFault) -> Int64 {
        let value = try number(text, .millisecond)
        guard value < NewYorkTime.millisecondsPerDay else { throw json.fault(.millisecond, .outOfRange) }
        return value
    }

    /// In 1/10,000: zero where a row leaves a side out.
    private mutating func price(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) -> Price {
        let value = try number(text, field)
        guard value <= Price.bound.raw / 10_000 else { throw json.fault(field, .outOfRange) }
        return Price(raw: value * 10_000)
    }

    private mutating func quantity(_ text: Span<UInt8>, _ field: TapeField) throws(TapeFault) -> Quantity {
        let value = try number(text, field)
        guard value <= Quantity.bound.raw / FixedPoint.one else { throw json.fault(field, .outOfRange) }
        return Quantity(raw: value * FixedPoint.one)
    }

    /// One or more letters; who it was is not looked at.
    private mutating func exchange(_ text: Span<UInt8>) throws(TapeFault) {
        try column(text, .exchange)
        let start = json.position
        while (0x41...0x5A).contains(text[json.position]) { json.position += 1 }
        guard json.position > start else { throw json.fault(.exchange, .missing) }
    }

    private mutating func hexadecimal(_ text: Span<UInt8>) throws(TapeFault) -> UInt32 {
        try column(text, .condition)
        let start = json.position
        var value: UInt32 = 0
        while let digit = Self.hexadecimal(text[json.position]) {
            guard json.position - start < 8 else { throw json.fault(.condition, .tooLong) }
            value = value << 4 | digit
            json.position += 1
        }
        guard json.position > start else { throw json.fault(.condition, .missing) }
        return value
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x41 + 10)
        case 0x61...0x66: UInt32(byte - 0x61 + 10)
        default: nil
        }
    }

    private mutating func flag(_ text: Span<UInt8>) throws(TapeFault) -> Bool {
        let value = try number(text, .suspicious)
        guard value <= 1 else { throw json.fault(.suspicious, .outOfRange) }
        return value == 1
    }
}
