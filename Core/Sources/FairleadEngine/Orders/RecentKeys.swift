public import FairleadModel

/// The last so many 128-bit keys in order of arrival, each with a value: a ring with an open-addressing index over it.
///
/// Memory is taken once. When the ring is full the oldest key is forgotten first.
public struct RecentKeys: Sendable {
    struct Row: BitwiseCopyable, Sendable {
        var key = Digest128.none
        var value: UInt64 = 0
        var time = Timestamp.never
    }

    private var ring: ContiguousArray<Row>
    private var head = 0
    public private(set) var count = 0
    /// Ring positions plus one in the low half, the key's mixed bits in the high half; zero is an empty cell. Twice the
    /// ring, so that probes stay short; with bits of the key, so that a probe looks at no row but its own.
    private var cells: ContiguousArray<UInt64>
    /// Of each cell a byte of its key; zero is an empty cell. An eighth of the cells, which stays in the caches: most
    /// keys are new, and a new one waits for no other memory.
    private var tags: ContiguousArray<UInt8>
    private let mask: Int

    public init(capacity: Int) {
        precondition(capacity > 0, "Invariant: a window has rows")
        ring = ContiguousArray(repeating: Row(), count: capacity)
        precondition(capacity < 1 << 31, "Invariant: a window's cells are numbered by 32 bits")
        var size = 2
        while size < capacity * 2 { size *= 2 }
        cells = ContiguousArray(repeating: 0, count: size)
        tags = ContiguousArray(repeating: 0, count: size)
        mask = size - 1
    }

    public var isFull: Bool { count == ring.count }

    /// The key that is forgotten first; nil when none is remembered.
    public var oldest: Digest128? { count == 0 ? nil : ring[head].key }

    @inline(__always)
    func prefetch(_ key: Digest128) {
        let cell = Int(Self.mixed(key)) & mask
        tags.prefetch(cell)
        cells.prefetch(cell)
        ring.prefetch(wrapped(head + count))
    }

    /// The value of a key; nil when it is not remembered.
    public func value(of key: Digest128) -> UInt64? {
        let cell = probe(key)
        return tags[cell] == 0 ? nil : ring[Self.position(cells[cell])].value
    }

    /// Remembers a key that is not remembered yet. Forgets the oldest when full.
    public mutating func insert(_ key: Digest128, value: UInt64, at time: Timestamp) {
        if isFull { forgetOldest() }
        let cell = probe(key)
        precondition(tags[cell] == 0, "Invariant: a key is remembered once")
        let position = wrapped(head + count)
        let mixed = Self.mixed(key)
        ring[position] = Row(key: key, value: value, time: time)
        cells[cell] = UInt64(mixed) << 32 | UInt64(position + 1)
        tags[cell] = Self.tag(mixed)
        count += 1
    }

    /// Forgets what is older than `time`.
    public mutating func forget(before time: Timestamp) {
        while count > 0, ring[head].time < time { forgetOldest() }
    }

    private mutating func forgetOldest() {
        clear(probe(ring[head].key))
        head = wrapped(head + 1)
        count -= 1
    }

    /// The key's cell, or the empty cell where it would stand.
    private func probe(_ key: Digest128) -> Int {
        let mixed = Self.mixed(key)
        let tag = Self.tag(mixed)
        var cell = Int(mixed) & mask
        while tags[cell] != 0 {
            if tags[cell] == tag, isKey(key, mixed, at: cell) { break }
            cell = (cell + 1) & mask
        }
        return cell
    }

    private func isKey(_ key: Digest128, _ mixed: UInt32, at cell: Int) -> Bool {
        let found = cells[cell]
        return UInt32(truncatingIfNeeded: found >> 32) == mixed && ring[Self.position(found)].key == key
    }

    private func wrapped(_ position: Int) -> Int { position >= ring.count ? position - ring.count : position }

    private static func position(_ cell: UInt64) -> Int { Int(UInt32(truncatingIfNeeded: cell)) - 1 }

    private static func mixed(_ key: Digest128) -> UInt32 {
        let mixed = (key.low ^ (key.high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
        return UInt32(truncatingIfNeeded: mixed >> 24)
    }

    /// Never zero. Of the bits that don't choose the cell, as long as there are such.
    private static func tag(_ mixed: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: mixed >> 24) | 1 }

    /// Empties a cell. Linear probing without tombstones: what follows moves back into the hole.
    private mutating func clear(_ cell: Int) {
        var hole = cell
        var next = (cell + 1) & mask
        while tags[next] != 0 {
            let wanted = Int(cells[next] >> 32) & mask
            if ((next - wanted) & mask) >= ((next - hole) & mask) {
                cells[hole] = cells[next]
                tags[hole] = tags[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        cells[hole] = 0
        tags[hole] = 0
    }

    public func checkInvariants() {
        let used = cells.reduce(into: 0) { $0 += $1 == 0 ? 0 : 1 }
        precondition(used == count, "Invariant: the index holds exactly the remembered keys")
        for (cell, tag) in zip(cells, tags) {
            let expected = cell == 0 ? 0 : Self.tag(UInt32(truncatingIfNeeded: cell >> 32))
            precondition(tag == expected, "Invariant: a cell's tag is made of its key")
        }
        for offset in 0..<count {
            let row = ring[wrapped(head + offset)]
            precondition(value(of: row.key) == row.value, "Invariant: each remembered key is found")
        }
    }

    /// Only what is remembered, oldest first: the index is made again on reading.
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        var remembered = count
        visitor.visit(&remembered)
        let rows = (0..<min(remembered, ring.count)).map { visitor.isReading ? Row() : ring[wrapped(head + $0)] }
        if visitor.isReading { self = RecentKeys(capacity: ring.count) }
        for var row in rows {
            visitor.visit(&row.key)
            visitor.visit(&row.value)
            visitor.visit(&row.time)
            if visitor.isReading { insert(row.key, value: row.value, at: row.time) }
        }
    }
}
