internal import FairleadModel

/// A row of `MeasureRings`.
protocol MeasuredRow: BitwiseCopyable, Sendable {
    init()
    /// By which it leaves the window.
    var time: Timestamp { get }
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor)
}

/// The rolling window of SPEC 12.1: rows older than `length` drop out while more than `minimum` remain.
struct StatsWindow: Sendable {
    var length: TimeSpan
    var minimum: Int
}

/// The last rows of something for each instrument: fixed rings in one flat array. A row keeps its number for good, so
/// that what comes later (a mid after the fill, a fill of the child) finds it, or finds that it has dropped out.
///
/// Full: the oldest row drops out before its time, and `append` says so.
struct MeasureRings<Row: MeasuredRow>: Sendable {
    /// Rows an instrument: a power of two.
    let capacity: Int
    private var rows: ContiguousArray<Row>
    /// Per instrument: the number of its oldest row, and the number that its next one gets.
    private var firsts: ContiguousArray<UInt64>
    private var ends: ContiguousArray<UInt64>

    /// `capacity` is rounded up to a power of two.
    init(instruments: Int, capacity: Int) {
        precondition(capacity > 0, "Invariant: a ring has rows")
        var size = 1
        while size < capacity { size *= 2 }
        self.capacity = size
        rows = ContiguousArray(repeating: Row(), count: instruments * size)
        firsts = ContiguousArray(repeating: 0, count: instruments)
        ends = ContiguousArray(repeating: 0, count: instruments)
    }

    @inline(__always)
    private func place(_ instrument: InstrumentHandle, _ number: UInt64) -> Int {
        Int(instrument.index) * capacity + Int(number & UInt64(capacity - 1))
    }

    func end(_ instrument: InstrumentHandle) -> UInt64 { ends[Int(instrument.index)] }
    func count(_ instrument: InstrumentHandle) -> Int {
        Int(ends[Int(instrument.index)] - firsts[Int(instrument.index)])
    }

    /// False once the row has dropped out.
    func holds(_ instrument: InstrumentHandle, _ number: UInt64) -> Bool {
        number >= firsts[Int(instrument.index)] && number < ends[Int(instrument.index)]
    }

    subscript(_ instrument: InstrumentHandle, _ number: UInt64) -> Row {
        get { rows[place(instrument, number)] }
        set { rows[place(instrument, number)] = newValue }
    }

    /// Lets go of what has left the window, then takes a row. True when the ring was full: a row that was still in the
    /// window had to go.
    mutating func append(_ row: Row, _ instrument: InstrumentHandle, _ window: StatsWindow) -> Bool {
        let index = Int(instrument.index)
        firsts[index] = first(instrument, at: row.time, window, joining: 1)
        let isFull = count(instrument) == capacity
        if isFull { firsts[index] += 1 }
        rows[place(instrument, ends[index])] = row
        ends[index] += 1
        return isFull
    }

    /// The number of the oldest row that is in the window at `now`; `joining` rows are about to come.
    func first(_ instrument: InstrumentHandle, at now: Timestamp, _ window: StatsWindow, joining: Int = 0) -> UInt64 {
        var first = firsts[Int(instrument.index)]
        let end = ends[Int(instrument.index)]
        while Int(end - first) + joining > window.minimum, first < end,
            now - rows[place(instrument, first)].time > window.length
        {
            first += 1
        }
        return first
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in firsts.indices {
            visitor.visit(&firsts[index])
            visitor.visit(&ends[index])
            if visitor.isReading, ends[index] &- firsts[index] > UInt64(capacity) { firsts[index] = ends[index] }
            for number in firsts[index]..<ends[index] {
                rows[place(InstrumentHandle(index), number)].visitState(&visitor)
            }
        }
    }

    func checkInvariants() {
        for index in firsts.indices {
            precondition(firsts[index] <= ends[index], "Invariant: a ring's first row comes before its end")
            precondition(ends[index] - firsts[index] <= UInt64(capacity), "Invariant: a ring is never over full")
        }
    }
}
