internal import FairleadModel

/// The last few times of something, for each instrument: fixed rings in one flat array. Full: the oldest is forgotten.
struct TimeRings: Sendable {
    let capacity: Int
    private var times: ContiguousArray<Timestamp>
    /// Index of the oldest.
    private var heads: ContiguousArray<Int32>
    private var counts: ContiguousArray<Int32>

    init(instrumentCount: Int, capacity: Int) {
        precondition(capacity > 0, "Invariant: a ring holds at least one time")
        self.capacity = capacity
        times = ContiguousArray(repeating: .never, count: instrumentCount * capacity)
        heads = ContiguousArray(repeating: 0, count: instrumentCount)
        counts = ContiguousArray(repeating: 0, count: instrumentCount)
    }

    func count(_ instrument: Int) -> Int { Int(counts[instrument]) }

    @inline(__always)
    func prefetch(_ instrument: Int) {
        let place = Int(heads[instrument]) + Int(counts[instrument])
        times.prefetch(instrument * capacity + (place >= capacity ? place - capacity : place))
        times.prefetch(instrument * capacity + Int(heads[instrument]))
    }

    mutating func append(_ time: Timestamp, _ instrument: Int) {
        if Int(counts[instrument]) == capacity { dropFirst(instrument) }
        let place = Int(heads[instrument]) + Int(counts[instrument])
        times[instrument * capacity + (place >= capacity ? place - capacity : place)] = time
        counts[instrument] += 1
    }

    /// Forgets all that is older than `bound`; what is exactly that old stays.
    mutating func drop(before bound: Timestamp, _ instrument: Int) {
        while counts[instrument] > 0, times[instrument * capacity + Int(heads[instrument])] < bound {
            dropFirst(instrument)
        }
    }

    mutating func removeAll(_ instrument: Int) {
        for slot in 0..<capacity { times[instrument * capacity + slot] = .never }
        heads[instrument] = 0
        counts[instrument] = 0
    }

    /// The freed slot is blanked, so that equal histories have equal state.
    private mutating func dropFirst(_ instrument: Int) {
        times[instrument * capacity + Int(heads[instrument])] = .never
        heads[instrument] = Int(heads[instrument]) + 1 == capacity ? 0 : heads[instrument] + 1
        counts[instrument] -= 1
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for index in heads.indices {
            visitor.visit(&heads[index])
            visitor.visit(&counts[index])
            for slot in 0..<capacity { visitor.visit(&times[index * capacity + slot]) }
        }
    }

    func checkInvariants() {
        for index in heads.indices {
            precondition(heads[index] >= 0 && heads[index] < Int32(capacity), "Invariant: a ring's head is inside it")
            precondition(counts[index] >= 0 && counts[index] <= Int32(capacity), "Invariant: a ring is never over full")
            var previous = Timestamp.never
            for offset in 0..<Int(counts[index]) {
                let time = times[index * capacity + (Int(heads[index]) + offset) % capacity]
                precondition(time >= previous, "Invariant: a ring's times don't run backwards")
                previous = time
            }
        }
    }
}
