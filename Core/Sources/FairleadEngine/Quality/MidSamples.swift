internal import FairleadModel

/// The middle of each book at the last 64 housekeepings: what a signal is judged by that was decided before it came.
///
/// Taken once a second, since a quote must not cost more for it. Full: the oldest second is forgotten; a signal that is
/// older has no price of its own time.
struct MidSamples: Sendable {
    static let depth = 64
    /// A younger signal was decided at the price at which it came: the samples are no finer than this.
    static let resolution = TimeSpan.seconds(1)
    /// A sample this much older than the signal says nothing of it.
    static let reach = TimeSpan.seconds(2)

    private var times: ContiguousArray<Timestamp>
    /// `depth` an instrument, in step with `times`; zero without a usable book.
    private var mids: ContiguousArray<Price>
    /// The place of the newest.
    private var head = 0

    init(instruments: Int) {
        times = ContiguousArray(repeating: .never, count: Self.depth)
        mids = ContiguousArray(repeating: .zero, count: Self.depth * instruments)
    }

    mutating func take(_ market: borrowing MarketState, maximumAge: TimeSpan, at now: Timestamp) {
        head = (head + 1) % Self.depth
        times[head] = now
        for index in 0..<market.instrumentCount {
            let book = market.book(InstrumentHandle(index), at: now, maximumAge: maximumAge)
            mids[index * Self.depth + head] = book.mid ?? .zero
        }
    }

    /// The middle that stood at `time`, to a second; nil where it isn't known.
    func mid(_ instrument: InstrumentHandle, at time: Timestamp) -> Price? {
        var place = head
        for _ in 0..<Self.depth {
            if times[place] <= time {
                let mid = mids[Int(instrument.index) * Self.depth + place]
                return times[place] != .never && time - times[place] <= Self.reach && mid.raw > 0 ? mid : nil
            }
            place = place == 0 ? Self.depth - 1 : place - 1
        }
        return nil
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in times.indices { visitor.visit(&times[index]) }
        for index in mids.indices { visitor.visit(&mids[index]) }
        visitor.visit(&head)
        if visitor.isReading { head = max(0, min(head, Self.depth - 1)) }
    }
}
