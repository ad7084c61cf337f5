import FairleadModel

/// The columns of one block while they are read: a place in each, and the next number at it.
///
/// The check sums were compared before, so that a number that makes no sense was written so: it is refused all the
/// same, and nothing here traps.
struct CacheColumns: ~Copyable {
    /// Readable bytes behind the payload, so that a number may be loaded as a word.
    static let padding = 16

    /// The payload, then padding.
    var bytes = ContiguousArray<UInt8>(repeating: 0, count: CacheColumns.padding)
    private var positions = ContiguousArray<Int>(repeating: 0, count: CacheColumn.allCases.count)
    private var ends = ContiguousArray<Int>(repeating: 0, count: CacheColumn.allCases.count)
    private(set) var units = CacheUnits()
    private(set) var firstTime = Timestamp.never
    private(set) var lastTime = Timestamp.never
    private(set) var recordCount = 0
    private(set) var levelCount = 0

    /// Reads the fixed part of a payload of `count` bytes; false when it makes no sense.
    mutating func open(_ count: Int) -> Bool {
        guard count >= CacheFormat.recordsHeaderSize else { return false }
        recordCount = Int(CacheFormat.load(bytes, 0, 4))
        levelCount = Int(CacheFormat.load(bytes, 4, 4))
        firstTime = Timestamp(nanoseconds: Int64(bitPattern: CacheFormat.load(bytes, 8, 8)))
        lastTime = Timestamp(nanoseconds: Int64(bitPattern: CacheFormat.load(bytes, 16, 8)))
        units.time = Int64(bitPattern: CacheFormat.load(bytes, 24, 8))
        units.venueTime = Int64(bitPattern: CacheFormat.load(bytes, 32, 8))
        units.price = Int64(bitPattern: CacheFormat.load(bytes, 40, 8))
        units.quantity = Int64(bitPattern: CacheFormat.load(bytes, 48, 8))
        units.mark = Int64(bitPattern: CacheFormat.load(bytes, 56, 8))
        guard units.time > 0, units.venueTime > 0, units.price > 0, units.quantity > 0, units.mark > 0 else {
            return false
        }
        guard recordCount > 0, firstTime.isKnown, firstTime <= lastTime, lastTime < .limit else { return false }
        var position = CacheFormat.recordsHeaderSize
        for column in ends.indices {
            let length = Int(CacheFormat.load(bytes, 64 + column * 4, 4))
            guard length <= count - position else { return false }
            positions[column] = position
            position += length
            ends[column] = position
        }
        return position == count
    }

    /// Whether every number of a column was read.
    func isExhausted(_ column: CacheColumn) -> Bool { positions[column.rawValue] == ends[column.rawValue] }

    /// The next number of a column, not signed.
    @inline(__always) mutating func next(_ column: CacheColumn) throws(CacheFault.Reason) -> UInt64 {
        let position = positions[column.rawValue]
        let end = ends[column.rawValue]
        guard position < end else { throw .malformed }
        let first = bytes[position]
        if first < 0x80 {
            positions[column.rawValue] = position &+ 1
            return UInt64(first)
        }
        let second = bytes[position &+ 1]
        if second < 0x80, position &+ 1 < end {
            positions[column.rawValue] = position &+ 2
            return UInt64(first & 0x7F) | UInt64(second) &<< 7
        }
        return try long(column)
    }

    @inline(__always) mutating func signed(_ column: CacheColumn) throws(CacheFault.Reason) -> Int64 {
        CacheFormat.unzigzag(try next(column))
    }

    @inline(never) private mutating func long(_ column: CacheColumn) throws(CacheFault.Reason) -> UInt64 {
        var position = positions[column.rawValue]
        var value: UInt64 = 0
        for place in 0..<10 {
            let shift = UInt64(place) * 7
            guard position < ends[column.rawValue] else { throw .malformed }
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { throw .malformed }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                positions[column.rawValue] = position
                return value
            }
        }
        throw .malformed
    }

    // MARK: - Prices and quantities

    /// `before` and a difference; a price is positive and inside its bound.
    @inline(__always) mutating func price(
        _ column: CacheColumn,
        from before: inout Int64
    ) throws(CacheFault.Reason) -> Price {
        before = before &+ (try signed(column)) &* units.price
        guard before > 0, before <= Price.bound.raw else { throw .malformed }
        return Price(raw: before)
    }

    @inline(__always) mutating func quantity(
        _ column: CacheColumn,
        from before: inout Int64
    ) throws(CacheFault.Reason) -> Quantity {
        before = before &+ (try signed(column)) &* units.quantity
        guard before >= 0, before <= Quantity.bound.raw else { throw .malformed }
        return Quantity(raw: before)
    }

    @inline(__always) mutating func quantity(_ column: CacheColumn) throws(CacheFault.Reason) -> Quantity {
        let raw = Int64(bitPattern: try next(column)) &* units.quantity
        guard raw >= 0, raw <= Quantity.bound.raw else { throw .malformed }
        return Quantity(raw: raw)
    }
}
