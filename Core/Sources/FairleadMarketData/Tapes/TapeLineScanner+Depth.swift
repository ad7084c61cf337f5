import FairleadModel

/// Depth updates, snapshots, and the answers of REST.
extension TapeLineScanner {
    // MARK: - Depth

    /// `U`, `u`, `pu` (futures alone have it), and levels as `[["price","quantity"],...]`.
    mutating func depthUpdate(
        _ text: Span<UInt8>,
        _ levels: inout ContiguousArray<DepthLevel>
    ) throws(TapeFault) -> TapeDepth {
        var depth = unreadDepth(isSnapshot: false)
        var seen: UInt32 = 0
        levels.removeAll(keepingCapacity: true)
        repeat {
            let key = try json.key(text, .data)
            json.skipSpaces(text)
            switch key {
            case UInt16(UInt8(ascii: "U")): depth.firstID = try identifier(text, .firstUpdateID, &seen)
            case UInt16(UInt8(ascii: "u")): depth.lastID = try identifier(text, .updateID, &seen)
            case UInt16(UInt8(ascii: "p")) | UInt16(UInt8(ascii: "u")) << 8:
                depth.previousID = try identifier(text, .previousUpdateID, &seen)
            case UInt16(UInt8(ascii: "b")): try side(text, .bids, &seen, &depth, &levels)
            case UInt16(UInt8(ascii: "a")): try side(text, .asks, &seen, &depth, &levels)
            default:
                if key > 0xFF || key == 0 {
                    try json.skip(text, .data)
                } else if try !common(key, text, &seen) {
                    try json.skip(text, .data)
                }
            }
        } while try json.more(text, .data)
        try require([.firstUpdateID, .updateID, .symbol], in: seen)
        try require([.bids, .asks, .kind], in: seen)
        guard depth.firstID <= depth.lastID else { throw json.fault(.firstUpdateID, .outOfRange) }
        depth.symbol = try knownSymbol()
        depth.venueTime = transactionTime.isKnown ? transactionTime : eventTime
        depth.isRead = true
        return depth
    }

    /// A snapshot of REST, from its first member to the line's end.
    mutating func snapshot(
        _ text: Span<UInt8>,
        of symbol: SymbolKey?,
        _ levels: inout ContiguousArray<DepthLevel>
    ) throws(TapeFault) -> TapeLine {
        var depth = unreadDepth(isSnapshot: true)
        guard readsDepth else { return .depth(depth) }
        depth.symbol = symbol
        var seen: UInt32 = 0
        levels.removeAll(keepingCapacity: true)
        repeat {
            let name = try json.string(text, .data)
            try json.take(0x3A, text, .data)
            json.skipSpaces(text)
            let key = text.extracting(name)
            if Self.matches(key, "lastUpdateId") {
                depth.lastID = try identifier(text, .snapshotID, &seen)
            } else if Self.matches(key, "bids") {
                try side(text, .bids, &seen, &depth, &levels)
            } else if Self.matches(key, "asks") {
                try side(text, .asks, &seen, &depth, &levels)
            } else if name.count != 1 || Self.matches(key, "s") {
                try json.skip(text, .data)
            } else if try !common(UInt16(text[name.lowerBound]), text, &seen) {
                try json.skip(text, .data)
            }
        } while try json.more(text, .data)
        json.skipSpaces(text)
        guard json.position == json.end else { throw json.fault(.line, .syntax) }
        try require([.snapshotID, .bids, .asks], in: seen)
        depth.firstID = depth.lastID
        depth.venueTime = transactionTime.isKnown ? transactionTime : eventTime
        depth.isRead = true
        return .depth(depth)
    }

    /// One side's levels, put where they belong: bids first, whatever the order in the line.
    private mutating func side(
        _ text: Span<UInt8>,
        _ field: TapeField,
        _ seen: inout UInt32,
        _ depth: inout TapeDepth,
        _ levels: inout ContiguousArray<DepthLevel>
    ) throws(TapeFault) {
        try mark(field, in: &seen)
        let before = levels.count
        try append(text, field, &levels)
        guard field == .bids else {
            depth.askCount = levels.count - before
            return
        }
        depth.bidCount = levels.count - before
        if depth.askCount > 0 {
            for index in 0..<depth.askCount { levels.append(levels[index]) }
            levels.removeFirst(depth.askCount)
        }
    }

    private mutating func append(
        _ text: Span<UInt8>,
        _ field: TapeField,
        _ levels: inout ContiguousArray<DepthLevel>
    ) throws(TapeFault) {
        try json.take(0x5B, text, field)
        json.skipSpaces(text)
        if text[json.position] == 0x5D {
            json.position += 1
            return
        }
        while true {
            try json.take(0x5B, text, field)
            json.skipSpaces(text)
            let price = try json.decimal(text, field)
            guard price > 0 else { throw json.fault(field, .notPositive) }
            guard price <= Price.bound.raw else { throw json.fault(field, .outOfRange) }
            try json.take(0x2C, text, field)
            json.skipSpaces(text)
            let quantity = try json.decimal(text, field)
            guard quantity >= 0 else { throw json.fault(field, .decimal(.negative)) }
            guard quantity <= Quantity.bound.raw else { throw json.fault(field, .outOfRange) }
            try json.take(0x5D, text, field)
            levels.append(DepthLevel(price: Price(raw: price), quantity: Quantity(raw: quantity)))
            json.skipSpaces(text)
            let byte = text[json.position]
            json.position += 1
            if byte == 0x5D { return }
            guard byte == 0x2C else { throw json.fault(field, .syntax) }
            json.skipSpaces(text)
        }
    }

    // MARK: - What stands between the streams

    /// A line that begins with a letter: a REST answer, or what the recorder says of itself. Nil for anything else.
    mutating func answer(
        _ text: Span<UInt8>,
        _ levels: inout ContiguousArray<DepthLevel>
    ) throws(TapeFault) -> TapeLine? {
        let start = json.position
        if begins(text, start, "wss://") || begins(text, start, "configuration:") { return .other }
        guard begins(text, start, "https://") || begins(text, start, "http://") else { return nil }
        var end = start
        while end < json.end, text[end] != 0x20 { end += 1 }
        json.position = end
        guard begins(text, end, " -> ") else { throw json.fault(.url, .syntax) }
        json.position = end + 4
        try takeReceiveTime(text)
        guard let query = Self.place(of: "/depth?", in: text, start..<end) else { return .other }
        let symbol = try symbol(text, query..<end)
        try json.take(0x20, text, .receiveTime)
        try json.take(0x7B, text, .line)
        json.skipSpaces(text)
        return try snapshot(text, of: symbol, &levels)
    }

    private func symbol(_ text: Span<UInt8>, _ query: Range<Int>) throws(TapeFault) -> SymbolKey {
        guard let name = Self.place(of: "symbol=", in: text, query) else { throw json.fault(.symbol, .missing) }
        var end = name
        while end < query.upperBound, text[end] != UInt8(ascii: "&") { end += 1 }
        guard end > name else { throw json.fault(.symbol, .missing) }
        guard let key = SymbolKey(text.extracting(name..<end)) else { throw json.fault(.symbol, .tooLong) }
        return key
    }

    private func begins(_ text: Span<UInt8>, _ start: Int, _ literal: StaticString) -> Bool {
        let end = start + literal.utf8CodeUnitCount
        return end <= json.end && Self.matches(text.extracting(start..<end), literal)
    }

    /// Where the text behind `literal` begins.
    private static func place(of literal: StaticString, in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let count = literal.utf8CodeUnitCount
        guard range.count >= count else { return nil }
        for start in range.lowerBound...(range.upperBound - count)
        where matches(text.extracting(start..<(start + count)), literal) {
            return start + count
        }
        return nil
    }
}
