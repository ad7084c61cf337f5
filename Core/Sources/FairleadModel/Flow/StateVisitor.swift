/// Walks the fields of a part of the engine in a fixed order: one visitor writes a snapshot, one reads it, one hashes.
///
/// Each part has one `visitState` that names every field once, so that a field can't be written and forgotten on
/// reading. A reading visitor overwrites what it is given; a writing one leaves it alone. Numbers are little-endian.
public protocol StateVisitor {
    /// True when values are being overwritten from a snapshot.
    var isReading: Bool { get }
    mutating func visit(_ value: inout UInt64)
}

extension StateVisitor {
    @inlinable public mutating func visit<Number: FixedWidthInteger>(_ value: inout Number) {
        if Number.bitWidth == 128 {
            var low = UInt64(truncatingIfNeeded: value)
            var high = UInt64(truncatingIfNeeded: value >> 64)
            visit(&low)
            visit(&high)
            if isReading { value = Number(truncatingIfNeeded: high) << 64 | Number(truncatingIfNeeded: low) }
            return
        }
        var word = UInt64(truncatingIfNeeded: value)
        visit(&word)
        if isReading { value = Number(truncatingIfNeeded: word) }
    }

    @inlinable public mutating func visit(_ value: inout Bool) {
        var word: UInt64 = value ? 1 : 0
        visit(&word)
        if isReading { value = word != 0 }
    }

    /// By its bits: the same number, and the same NaN, comes back.
    @inlinable public mutating func visit(_ value: inout Double) {
        var word = value.bitPattern
        visit(&word)
        if isReading { value = Double(bitPattern: word) }
    }

    /// An enum by its raw value. A value that this build doesn't know keeps what was there: the version check of the
    /// snapshot comes first, so that it can't happen unnoticed.
    @inlinable public mutating func visit<Choice: RawRepresentable>(_ value: inout Choice)
    where Choice.RawValue: FixedWidthInteger {
        var raw = value.rawValue
        visit(&raw)
        if isReading, let known = Choice(rawValue: raw) { value = known }
    }

    @inlinable public mutating func visit(_ value: inout Price) { visit(&value.raw) }
    @inlinable public mutating func visit(_ value: inout Quantity) { visit(&value.raw) }
    @inlinable public mutating func visit(_ value: inout SignedQuantity) { visit(&value.raw) }
    @inlinable public mutating func visit(_ value: inout Money) { visit(&value.raw) }
    @inlinable public mutating func visit(_ value: inout Rate) { visit(&value.raw) }
    @inlinable public mutating func visit(_ value: inout Timestamp) { visit(&value.nanoseconds) }
    @inlinable public mutating func visit(_ value: inout TimeSpan) { visit(&value.nanoseconds) }
    @inlinable public mutating func visit(_ value: inout InstrumentHandle) { visit(&value.index) }
    @inlinable public mutating func visit(_ value: inout StrategyHandle) { visit(&value.index) }
    @inlinable public mutating func visit(_ value: inout Epoch) { visit(&value.number) }
    @inlinable public mutating func visit(_ value: inout SignalNumber) { visit(&value.value) }
    @inlinable public mutating func visit(_ value: inout VenueOrderID) { visit(&value.value) }
    @inlinable public mutating func visit(_ value: inout ExecutionID) { visit(&value.value) }

    @inlinable public mutating func visit(_ value: inout Digest128) {
        visit(&value.high)
        visit(&value.low)
    }

    @inlinable public mutating func visit(_ value: inout IntentID) {
        visit(&value.epoch)
        visit(&value.parent)
    }

    @inlinable public mutating func visit(_ value: inout ClientOrderID) {
        visit(&value.parent)
        visit(&value.slot)
        visit(&value.epoch)
        visit(&value.slice)
        visit(&value.leg)
        visit(&value.attempt)
    }

    /// The rows of a table: its count, then each row. `blank` makes the rows that are read; at most `limit` of them.
    @inlinable public mutating func visit<Row>(
        _ rows: inout ContiguousArray<Row>,
        limit: Int,
        blank: @autoclosure () -> Row,
        row: (inout Row, inout Self) -> Void
    ) {
        var count = rows.count
        visit(&count)
        if isReading {
            rows.removeAll(keepingCapacity: true)
            for _ in 0..<max(0, min(count, limit)) { rows.append(blank()) }
        }
        for index in rows.indices { row(&rows[index], &self) }
    }
}
