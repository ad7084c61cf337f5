public import FairleadModel

/// Which owner must be woken when: at most one live deadline an owner, found by owner and by time.
///
/// An indexed binary heap in memory that is taken once: setting and clearing cost O(log n), reading the next deadline
/// O(1). Deadlines come due in the order of (time, owner), whatever order they were set in, so that a run restored from
/// a snapshot goes on exactly as one that never stopped. It can't be full: each owner has its place.
public struct DeadlineHeap: ~Copyable {
    private static let absent = UInt32.max

    /// The owners with a deadline, heap-ordered.
    private var heap: ContiguousArray<UInt32>
    private var liveCount = 0
    /// Per owner.
    private var times: ContiguousArray<Timestamp>
    /// Per owner: its place in `heap`.
    private var places: ContiguousArray<UInt32>

    /// Owners are `0..<owners`.
    public init(owners: Int) {
        precondition(owners >= 0, "Invariant: a heap has no negative number of owners")
        precondition(owners < Int(Self.absent), "Invariant: an owner fits 32 bits")
        heap = ContiguousArray(repeating: Self.absent, count: owners)
        times = ContiguousArray(repeating: .distantFuture, count: owners)
        places = ContiguousArray(repeating: Self.absent, count: owners)
    }

    public var owners: Int { times.count }
    /// Owners that have a deadline.
    public var count: Int { liveCount }
    public var isEmpty: Bool { liveCount == 0 }

    /// The earliest deadline; `distantFuture` when there is none.
    public var next: Timestamp { liveCount == 0 ? .distantFuture : times[Int(heap[0])] }

    /// An owner's deadline; `distantFuture` when it has none.
    public func deadline(of owner: Int) -> Timestamp { times[owner] }

    @inline(__always)
    func prefetch(_ owner: Int) {
        times.prefetch(owner)
        places.prefetch(owner)
    }

    /// Gives an owner its deadline, in place of the one that it had. `distantFuture` clears it.
    public mutating func set(_ owner: Int, at time: Timestamp) {
        guard time != .distantFuture else { return clear(owner) }
        times[owner] = time
        let place = places[owner]
        if place == Self.absent {
            liveCount += 1
            siftUp(UInt32(owner), from: liveCount - 1)
        } else {
            sift(UInt32(owner), from: Int(place))
        }
    }

    /// Takes an owner's deadline away, if it has one.
    public mutating func clear(_ owner: Int) {
        guard places[owner] != Self.absent else { return }
        let place = Int(places[owner])
        places[owner] = Self.absent
        times[owner] = .distantFuture
        liveCount -= 1
        let moved = heap[liveCount]
        heap[liveCount] = Self.absent
        guard place != liveCount else { return }
        sift(moved, from: place)
    }

    /// Takes the earliest deadline at or before `now`, the lowest owner first among equals; nil when none is due.
    public mutating func popDue(at now: Timestamp) -> Int? {
        guard liveCount > 0, next <= now else { return nil }
        let owner = Int(heap[0])
        clear(owner)
        return owner
    }

    /// Writes, reads or hashes the deadlines in the order of their owners. On reading, the number of owners must be the
    /// one that was written (the configuration's hash in the snapshot sees to it).
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        if visitor.isReading { removeAll() }
        for owner in times.indices {
            var time = times[owner]
            visitor.visit(&time)
            if visitor.isReading { set(owner, at: time) }
        }
    }

    /// Walks the whole heap and traps on the first broken rule. Slow: for tests and the simulator.
    public func checkInvariants() {
        for place in 0..<liveCount {
            let owner = Int(heap[place])
            precondition(Int(places[owner]) == place, "Invariant: an owner knows its place in the heap")
            precondition(times[owner] != .distantFuture, "Invariant: an owner in the heap has a deadline")
            guard place > 0 else { continue }
            precondition(!isBefore(heap[place], heap[(place - 1) / 2]), "Invariant: no owner is before its parent")
        }
        let placed = places.count { $0 != Self.absent }
        precondition(placed == liveCount, "Invariant: each owner with a place is in the heap")
    }

    private mutating func removeAll() {
        for place in 0..<liveCount {
            let owner = Int(heap[place])
            places[owner] = Self.absent
            times[owner] = .distantFuture
            heap[place] = Self.absent
        }
        liveCount = 0
    }

    private func isBefore(_ a: UInt32, _ b: UInt32) -> Bool {
        let first = times[Int(a)]
        let second = times[Int(b)]
        return first == second ? a < b : first < second
    }

    private mutating func put(_ owner: UInt32, at place: Int) {
        heap[place] = owner
        places[Int(owner)] = UInt32(place)
    }

    /// Puts an owner where it belongs, above or under the place that is free for it.
    private mutating func sift(_ owner: UInt32, from place: Int) {
        if siftUp(owner, from: place) == place { siftDown(owner, from: place) }
    }

    @discardableResult
    private mutating func siftUp(_ owner: UInt32, from start: Int) -> Int {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard isBefore(owner, heap[parent]) else { break }
            put(heap[parent], at: place)
            place = parent
        }
        put(owner, at: place)
        return place
    }

    private mutating func siftDown(_ owner: UInt32, from start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < liveCount else { break }
            if child + 1 < liveCount, isBefore(heap[child + 1], heap[child]) { child += 1 }
            guard isBefore(heap[child], owner) else { break }
            put(heap[child], at: place)
            place = child
        }
        if place != start { put(owner, at: place) }
    }
}
