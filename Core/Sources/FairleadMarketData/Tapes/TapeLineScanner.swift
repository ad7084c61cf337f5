import FairleadModel

/// Reads one line of a recorded Binance combined stream: `<receive time> {"stream":...,"data":{...}}`, and what the
/// recorders wrote between them: snapshots in-line, and the answers of REST as `<url> -> <receive time>: {...}`.
///
/// A pure function of the bytes. Quotes, trades, marks and, where they are asked for, depth updates and snapshots are
/// read in full and checked to the line's end; lines of other kinds are recognised by their `e` and not looked at
/// further.
struct TapeLineScanner {
    var json: JSONScanner
    private(set) var time = Timestamp.never
    private(set) var symbol: SymbolKey?
    private(set) var transactionTime = Timestamp.never
    private(set) var eventTime = Timestamp.never
    let readsDepth: Bool

    private init(_ line: Range<Int>, readsDepth: Bool) {
        json = JSONScanner(line)
        self.readsDepth = readsDepth
    }

    /// What the line says. `text[line.upperBound]` is a line feed and padding follows; see `LineReader`.
    ///
    /// With `readsDepth` the levels of a depth line are put into `levels`, whatever was there.
    static func scan(
        _ text: Span<UInt8>,
        _ line: Range<Int>,
        readsDepth: Bool,
        levels: inout ContiguousArray<DepthLevel>
    ) throws(TapeFault) -> TapeLine {
        var scanner = TapeLineScanner(line, readsDepth: readsDepth)
        return try scanner.line(text, &levels)
    }

    private enum Kind {
        case bookTicker
        case trade
        case aggTrade
        case mark
        case depth
        case other
    }

    private mutating func line(
        _ text: Span<UInt8>,
        _ levels: inout ContiguousArray<DepthLevel>
    ) throws(TapeFault) -> TapeLine {
        json.skipSpaces(text)
        if json.position == json.end { return .blank }
        if text[json.position] > 0x39, let line = try answer(text, &levels) { return line }
        try takeReceiveTime(text)
        try json.take(0x20, text, .receiveTime)
        try json.take(0x7B, text, .line)
        json.skipSpaces(text)
        let start = json.position
        var result: TapeLine?
        var hasStream = false
        repeat {
            let name = try json.string(text, .line)
            try json.take(0x3A, text, .line)
            json.skipSpaces(text)
            switch TopLevelKey(text, name) {
            case .stream:
                guard !hasStream else { throw json.fault(.stream, .repeated) }
                hasStream = true
                _ = try json.string(text, .stream)
            case .data:
                guard result == nil else { throw json.fault(.data, .repeated) }
                let data = try self.data(text, &levels)
                switch data {
                case .other, .blank: return data
                case .depth(let depth) where !depth.isRead: return data
                case .quote, .trade, .mark, .depth: result = data
                }
            case .snapshot:
                json.position = start
                return try snapshot(text, of: nil, &levels)
            case .unknown: try json.skip(text, .line)
            }
        } while try json.more(text, .line)
        json.skipSpaces(text)
        guard json.position == json.end else { throw json.fault(.line, .syntax) }
        guard let result else { throw json.fault(.data, .missing) }
        guard hasStream else { throw json.fault(.stream, .missing) }
        return result
    }

    private enum TopLevelKey {
        case stream
        case data
        case snapshot
        case unknown

        @inline(__always) init(_ text: Span<UInt8>, _ name: Range<Int>) {
            let word = JSONScanner.word(text, name.lowerBound)
            switch name.count {
            case 4: self = word & 0xFFFF_FFFF == 0x6174_6164 ? .data : .unknown
            case 6: self = word & 0xFFFF_FFFF_FFFF == 0x6D61_6572_7473 ? .stream : .unknown
            // The first eight bytes, "lastUpda", are enough to know it by.
            case 12: self = word == 0x6164_7055_7473_616C ? .snapshot : .unknown
            default: self = .unknown
            }
        }
    }

    mutating func takeReceiveTime(_ text: Span<UInt8>) throws(TapeFault) { time = try receiveTime(text) }

    /// Microseconds or nanoseconds since 1970, told apart by their digits: 16 and 19 from 2001 to 2286; or seconds, 10
    /// of them, with a fraction of up to nine digits and a colon.
    private mutating func receiveTime(_ text: Span<UInt8>) throws(TapeFault) -> Timestamp {
        let (value, count) = json.digits(text)
        switch count {
        case 10:
            var nanoseconds: UInt64 = 0
            if text[json.position] == UInt8(ascii: ".") {
                json.position += 1
                let fraction = json.digits(text)
                guard (1...9).contains(fraction.count) else { throw json.fault(.receiveTime, .notATime) }
                nanoseconds = fraction.value
                for _ in fraction.count..<9 { nanoseconds *= 10 }
            }
            guard text[json.position] == UInt8(ascii: ":") else { throw json.fault(.receiveTime, .notATime) }
            json.position += 1
            // Ten digits of seconds: at most 10^19 nanoseconds, which UInt64 holds and Int64 may not.
            return try time(value * 1_000_000_000 + nanoseconds)
        case 16:
            let nanoseconds = value.multipliedReportingOverflow(by: 1000)
            guard !nanoseconds.overflow else { throw json.fault(.receiveTime, .outOfRange) }
            return try time(nanoseconds.partialValue)
        case 19:
            return try time(value)
        default: throw json.fault(.receiveTime, .notATime)
        }
    }

    private func time(_ nanoseconds: UInt64) throws(TapeFault) -> Timestamp {
        guard let known = Int64(exactly: nanoseconds), known < Timestamp.limit.nanoseconds else {
            throw json.fault(.receiveTime, .outOfRange)
        }
        return Timestamp(nanoseconds: known)
    }

    private mutating func data(
        _ text: Span<UInt8>,
        _ levels: inout ContiguousArray<DepthLevel>
    ) throws(TapeFault) -> TapeLine {
        try json.take(0x7B, text, .data)
        json.skipSpaces(text)
        let start = json.position
        switch try kind(text) {
        case .bookTicker:
            json.position = start
            return .quote(try quote(text))
        case .trade:
            json.position = start
            return .trade(try trade(text, isAggregate: false))
        case .aggTrade:
            json.position = start
            return .trade(try trade(text, isAggregate: true))
        case .mark:
            json.position = start
            return .mark(try mark(text))
        case .depth:
            guard readsDepth else { return .depth(unreadDepth(isSnapshot: false)) }
            json.position = start
            return .depth(try depthUpdate(text, &levels))
        case .other: return .other
        }
    }

    /// Looks for `e`, which Binance writes first; the members are then read again from the start.
    private mutating func kind(_ text: Span<UInt8>) throws(TapeFault) -> Kind {
        repeat {
            if try json.key(text, .data) == UInt16(UInt8(ascii: "e")) {
                json.skipSpaces(text)
                let name = try json.string(text, .kind)
                return Self.kind(text.extracting(name))
            }
            try json.skip(text, .data)
        } while try json.more(text, .data)
        throw json.fault(.kind, .missing)
    }

    private static func kind(_ name: Span<UInt8>) -> Kind {
        if matches(name, "bookTicker") { return .bookTicker }
        if matches(name, "trade") { return .trade }
        if matches(name, "depthUpdate") { return .depth }
        if matches(name, "aggTrade") { return .aggTrade }
        return matches(name, "markPriceUpdate") ? .mark : .other
    }

    @inline(__always) static func matches(_ name: Span<UInt8>, _ literal: StaticString) -> Bool {
        guard name.count == literal.utf8CodeUnitCount else { return false }
        // SAFETY: a static string's bytes live for ever, and the index stays below their count.
        let bytes = unsafe literal.utf8Start
        for index in 0..<name.count where unsafe name[index] != bytes[index] { return false }
        return true
    }

    // MARK: - Members

    /// Marks a field as seen.
    @inline(__always) func mark(
        _ field: TapeField,
        in seen: inout UInt32
    ) throws(TapeFault) {
        let bit = UInt32(1) &<< UInt32(field.rawValue)
        guard seen & bit == 0 else { throw json.fault(field, .repeated) }
        seen |= bit
    }

    func require(_ fields: InlineArray<3, TapeField>, in seen: UInt32) throws(TapeFault) {
        for index in fields.indices where seen & (1 &<< UInt32(fields[index].rawValue)) == 0 {
            throw json.fault(fields[index], .missing)
        }
    }

    @inline(__always) mutating func price(
        _ text: Span<UInt8>,
        _ field: TapeField,
        _ seen: inout UInt32,
        allowsZero: Bool = false
    ) throws(TapeFault) -> Price {
        try mark(field, in: &seen)
        let raw = try json.decimal(text, field)
        guard raw >= 0 else { throw json.fault(field, .decimal(.negative)) }
        guard raw > 0 || allowsZero else { throw json.fault(field, .notPositive) }
        guard raw <= Price.bound.raw else { throw json.fault(field, .outOfRange) }
        return Price(raw: raw)
    }

    @inline(__always) mutating func quantity(
        _ text: Span<UInt8>,
        _ field: TapeField,
        _ seen: inout UInt32
    ) throws(TapeFault) -> Quantity {
        try mark(field, in: &seen)
        let raw = try json.decimal(text, field)
        guard raw >= 0 else { throw json.fault(field, .decimal(.negative)) }
        guard raw <= Quantity.bound.raw else { throw json.fault(field, .outOfRange) }
        return Quantity(raw: raw)
    }

    @inline(__always) mutating func venueTime(
        _ text: Span<UInt8>,
        _ field: TapeField,
        _ seen: inout UInt32
    ) throws(TapeFault) -> Timestamp {
        try mark(field, in: &seen)
        let milliseconds = try json.wholeNumber(text, field)
        guard milliseconds < Timestamp.limit.milliseconds else { throw json.fault(field, .outOfRange) }
        return Timestamp(milliseconds: milliseconds)
    }

    /// A number that the venue gives to a state of the book.
    @inline(__always) mutating func identifier(
        _ text: Span<UInt8>,
        _ field: TapeField,
        _ seen: inout UInt32
    ) throws(TapeFault) -> UInt64 {
        try mark(field, in: &seen)
        return UInt64(bitPattern: try json.wholeNumber(text, field))
    }

    /// The members that all kinds share; true when the key was one of them.
    @inline(__always) mutating func common(
        _ key: UInt16,
        _ text: Span<UInt8>,
        _ seen: inout UInt32
    ) throws(TapeFault) -> Bool {
        switch UInt8(truncatingIfNeeded: key) {
        case UInt8(ascii: "e"):
            try mark(.kind, in: &seen)
            _ = try json.string(text, .kind)
        case UInt8(ascii: "E"): eventTime = try venueTime(text, .eventTime, &seen)
        case UInt8(ascii: "T"): transactionTime = try venueTime(text, .transactionTime, &seen)
        case UInt8(ascii: "s"):
            try mark(.symbol, in: &seen)
            symbol = try symbolKey(text)
        default: return false
        }
        return true
    }

    @inline(__always) mutating func symbolKey(_ text: Span<UInt8>) throws(TapeFault) -> SymbolKey {
        let name = try json.string(text, .symbol)
        guard !name.isEmpty else { throw json.fault(.symbol, .missing) }
        guard name.count <= SymbolKey.lengthLimit else { throw json.fault(.symbol, .tooLong) }
        if name.count <= 8 {
            let kept = UInt64.max &>> UInt64(64 &- name.count &* 8)
            return SymbolKey(words: SIMD4(JSONScanner.word(text, name.lowerBound) & kept, 0, 0, 0))
        }
        guard let key = SymbolKey(text.extracting(name)) else { throw json.fault(.symbol, .tooLong) }
        return key
    }

    @inline(__always) func knownSymbol() throws(TapeFault) -> SymbolKey {
        guard let symbol else { throw json.fault(.symbol, .missing) }
        return symbol
    }

    // MARK: - Kinds

    private mutating func quote(_ text: Span<UInt8>) throws(TapeFault) -> TapeQuote {
        var seen: UInt32 = 0
        var updateID: UInt64 = 0
        var bid = Price.zero
        var bidQuantity = Quantity.zero
        var ask = Price.zero
        var askQuantity = Quantity.zero
        repeat {
            let key = try json.key(text, .data)
            json.skipSpaces(text)
            switch key {
            case UInt16(UInt8(ascii: "b")): bid = try price(text, .bid, &seen)
            case UInt16(UInt8(ascii: "B")): bidQuantity = try quantity(text, .bidQuantity, &seen)
            case UInt16(UInt8(ascii: "a")): ask = try price(text, .ask, &seen)
            case UInt16(UInt8(ascii: "A")): askQuantity = try quantity(text, .askQuantity, &seen)
            case UInt16(UInt8(ascii: "u")): updateID = try identifier(text, .updateID, &seen)
            default:
                if key > 0xFF || key == 0 {
                    try json.skip(text, .data)
                } else if try !common(key, text, &seen) {
                    try json.skip(text, .data)
                }
            }
        } while try json.more(text, .data)
        try require([.bid, .bidQuantity, .ask], in: seen)
        try require([.askQuantity, .symbol, .kind], in: seen)
        return TapeQuote(
            time: time,
            venueTime: transactionTime.isKnown ? transactionTime : eventTime,
            symbol: try knownSymbol(),
            updateID: updateID,
            bid: bid,
            bidQuantity: bidQuantity,
            ask: ask,
            askQuantity: askQuantity
        )
    }

    private mutating func trade(_ text: Span<UInt8>, isAggregate: Bool) throws(TapeFault) -> TapeTrade {
        var seen: UInt32 = 0
        var tradePrice = Price.zero
        var tradeQuantity = Quantity.zero
        var buyerIsMaker = false
        var isOfTheBook = true
        repeat {
            let key = try json.key(text, .data)
            json.skipSpaces(text)
            switch key {
            case UInt16(UInt8(ascii: "p")): tradePrice = try price(text, .price, &seen, allowsZero: true)
            case UInt16(UInt8(ascii: "q")): tradeQuantity = try quantity(text, .quantity, &seen)
            case UInt16(UInt8(ascii: "m")):
                try mark(.buyerIsMaker, in: &seen)
                buyerIsMaker = try json.boolean(text, .buyerIsMaker)
            case UInt16(UInt8(ascii: "X")):
                try mark(.tradeType, in: &seen)
                isOfTheBook = Self.matches(text.extracting(try json.string(text, .tradeType)), "MARKET")
            default:
                if key > 0xFF || key == 0 {
                    try json.skip(text, .data)
                } else if try !common(key, text, &seen) {
                    try json.skip(text, .data)
                }
            }
        } while try json.more(text, .data)
        try require([.price, .quantity, .buyerIsMaker], in: seen)
        try require([.symbol, .kind, .symbol], in: seen)
        // Binance writes zeros for what never met the book.
        guard tradePrice > .zero || !isOfTheBook else { throw json.fault(.price, .notPositive) }
        guard tradeQuantity > .zero || !isOfTheBook else { throw json.fault(.quantity, .notPositive) }
        return TapeTrade(
            time: time,
            venueTime: transactionTime.isKnown ? transactionTime : eventTime,
            symbol: try knownSymbol(),
            price: tradePrice,
            quantity: tradeQuantity,
            aggressor: buyerIsMaker ? .sell : .buy,
            isAggregate: isAggregate,
            isOfTheBook: isOfTheBook
        )
    }

    func unreadDepth(isSnapshot: Bool) -> TapeDepth {
        TapeDepth(time: time, venueTime: .never, symbol: nil, isSnapshot: isSnapshot)
    }

    /// A mark price's `T` is the next funding, so that only `E` is its time.
    private mutating func mark(_ text: Span<UInt8>) throws(TapeFault) -> TapeMark {
        var seen: UInt32 = 0
        var markPrice = Price.zero
        repeat {
            let key = try json.key(text, .data)
            json.skipSpaces(text)
            if key == UInt16(UInt8(ascii: "p")) {
                markPrice = try price(text, .price, &seen)
            } else if key > 0xFF || key == 0 {
                try json.skip(text, .data)
            } else if try !common(key, text, &seen) {
                try json.skip(text, .data)
            }
        } while try json.more(text, .data)
        try require([.price, .symbol, .kind], in: seen)
        return TapeMark(time: time, venueTime: eventTime, symbol: try knownSymbol(), price: markPrice)
    }
}
