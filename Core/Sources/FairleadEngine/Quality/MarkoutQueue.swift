internal import FairleadModel

/// Fills that wait for the middle of the book at each horizon after them.
///
/// Fills come in the order of time, so that for each horizon they come due in that order too: one ring, and one place
/// in it a horizon. A quote before the next horizon costs one comparison; each fill costs six steps in all.
///
/// The middle of a horizon is the one that stands at that moment: what the next quote finds before it changes the book,
/// or the next housekeeping. Full: the oldest fill makes room, and is told with the horizons that it has.
struct MarkoutQueue: Sendable {
    private struct Row: BitwiseCopyable, Sendable {
        var measure: MarkoutMeasure
        /// Its row in the symbol's window.
        var sample: UInt64
    }

    /// A power of two.
    let capacity: Int
    private var rows: ContiguousArray<Row>
    private var first: UInt64 = 0
    private var end: UInt64 = 0
    /// Per horizon: the number of the first fill that waits for it.
    private var cursors: ContiguousArray<UInt64>
    /// The earliest horizon that is waited for; `distantFuture` where there is none.
    private(set) var next = Timestamp.distantFuture
    /// Fills that had to make room before their last horizon.
    private(set) var givenUp: UInt64 = 0

    /// `capacity` is rounded up to a power of two.
    init(capacity: Int) {
        precondition(capacity > 0, "Invariant: a queue has rows")
        var size = 1
        while size < capacity { size *= 2 }
        self.capacity = size
        rows = ContiguousArray(repeating: Self.blank, count: size)
        cursors = ContiguousArray(repeating: 0, count: MarkoutHorizon.count)
    }

    var count: Int { Int(end - first) }

    /// A fill begins to wait; `sample` is its row in the symbol's window.
    mutating func append(_ fill: FillMeasure, sample: UInt64, at now: Timestamp, into out: inout Outbox) {
        if count == capacity { giveUpOldest(into: &out) }
        rows[place(end)] = Row(measure: MarkoutMeasure(fill, at: now), sample: sample)
        end += 1
        next = min(next, now + MarkoutHorizon.first.span)
    }

    /// Takes the middle of every horizon before `now`, and tells the fills that have them all.
    mutating func resolve(
        before now: Timestamp,
        _ market: borrowing MarketState,
        maximumAge: TimeSpan,
        samples: inout MeasureRings<FillSample>,
        into out: inout Outbox
    ) {
        next = .distantFuture
        var step: MarkoutHorizon? = .first
        while let horizon = step {
            let cursor = Int(horizon.rawValue)
            while cursors[cursor] < end {
                let due = rows[place(cursors[cursor])].measure.filledAt + horizon.span
                guard due < now else {
                    next = min(next, due)
                    break
                }
                take(horizon, of: place(cursors[cursor]), at: due, market, maximumAge, &samples)
                cursors[cursor] += 1
            }
            step = horizon.next
        }
        while first < cursors[MarkoutHorizon.count - 1] { tellOldest(into: &out) }
    }

    private mutating func take(
        _ horizon: MarkoutHorizon,
        of place: Int,
        at due: Timestamp,
        _ market: borrowing MarketState,
        _ maximumAge: TimeSpan,
        _ samples: inout MeasureRings<FillSample>
    ) {
        let instrument = rows[place].measure.instrument
        rows[place].measure.reached = horizon.rawValue + 1
        guard let mid = market.book(instrument, at: due, maximumAge: maximumAge).mid else { return }
        rows[place].measure.later[horizon] = mid
        let number = rows[place].sample
        guard samples.holds(instrument, number) else { return }
        var sample = samples[instrument, number]
        sample.later[horizon] = mid
        samples[instrument, number] = sample
    }

    private mutating func giveUpOldest(into out: inout Outbox) {
        givenUp += 1
        for index in cursors.indices where cursors[index] == first { cursors[index] += 1 }
        tellOldest(into: &out)
    }

    private mutating func tellOldest(into out: inout Outbox) {
        out.notice(.markoutMeasured(rows[place(first)].measure))
        first += 1
    }

    /// Every fill that still waits, oldest first, with the horizons that it has.
    func forEachPending(_ body: (MarkoutMeasure) -> Void) {
        for number in first..<end { body(rows[place(number)].measure) }
    }

    @inline(__always)
    private func place(_ number: UInt64) -> Int { Int(number & UInt64(capacity - 1)) }

    private static var blank: Row {
        let execution = Execution(
            id: .none,
            executionID: ExecutionID(value: 0),
            instrument: .none,
            side: .buy,
            positionSide: .both,
            price: .zero,
            quantity: .zero,
            fee: 0,
            liquidity: .taker,
            venueTime: .never
        )
        let fill = FillMeasure(
            execution,
            number: .none,
            notional: 0,
            intended: .zero,
            arrival: .zero,
            decision: .zero,
            mid: .zero,
            latency: .zero,
            isTwapChild: false,
            isLate: false
        )
        return Row(measure: MarkoutMeasure(fill, at: .never), sample: 0)
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&first)
        visitor.visit(&end)
        if visitor.isReading, end &- first > UInt64(capacity) { first = end }
        for index in cursors.indices { visitor.visit(&cursors[index]) }
        visitor.visit(&next)
        visitor.visit(&givenUp)
        for number in first..<end {
            let place = place(number)
            rows[place].measure.visitState(&visitor)
            visitor.visit(&rows[place].sample)
        }
    }

    func checkInvariants() {
        precondition(first <= end, "Invariant: a queue's first row comes before its end")
        precondition(count <= capacity, "Invariant: a queue is never over full")
        var before = end
        for cursor in cursors {
            precondition(cursor >= first, "Invariant: what is waited for is in the queue")
            precondition(cursor <= before, "Invariant: a longer horizon is reached after a shorter one")
            before = cursor
        }
    }
}

extension MarkoutMeasure {
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&number)
        visitor.visit(&id)
        visitor.visit(&executionID)
        visitor.visit(&price)
        visitor.visit(&quantity)
        visitor.visit(&notional)
        visitor.visit(&filledAt)
        visitor.visit(&mid)
        later.visitState(&visitor)
        visitor.visit(&instrument)
        visitor.visit(&side)
        visitor.visit(&liquidity)
        visitor.visit(&reached)
    }
}
