public import FairleadModel

/// What lets a parent go.
public enum ScheduleKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Equal slices at equal intervals.
    case twap = 0
    /// Slices at equal intervals, each of the size that the volume curve gives it.
    case vwap
    /// What the traded volume has earned so far.
    case pov
    /// A tip at a time, the next one when the last has filled.
    case iceberg

    public var style: ExecutionStyle {
        switch self {
        case .twap: .twap
        case .vwap: .vwap
        case .pov: .pov
        case .iceberg: .iceberg
        }
    }

    /// Its slices lie at boundaries that the plan knows.
    public var isTimed: Bool { self == .twap || self == .vwap }
}

/// A parent's plan over time (SPEC 9), and where it stands in it.
///
/// Slices are counted from zero. Of a TWAP and a VWAP slice k is at work from boundary k to boundary k + 1, and what it
/// leaves is carried to the next one. Of a POV a slice is what the volume has earned since the last one, at work until
/// its children's timeout; of an iceberg it is a tip. A row of the engine's table, beside the parent of the same slot;
/// nothing of it is read where a parent has no schedule.
public struct ParentSchedule: Sendable {
    // The widest first: a row lies beside every parent.
    /// A child is no smaller than this.
    public var minimumNotional = Money.zero
    /// When the first slice begins. Moved by the time that a person holds the parent.
    public var begin = Timestamp.never
    public var interval = TimeSpan.zero
    /// What all slices come to: the parent's approved quantity.
    public var total = Quantity.zero
    /// The slices from `firstSlice` on share what `total` has over this.
    public var before = Quantity.zero
    public var lot = Quantity(raw: 1)
    /// A wider spread pauses; zero: none does.
    public var pauseSpread = Rate.zero
    /// How far a boundary may lie from its even place.
    public var jitterReach = TimeSpan.zero
    public var seed: UInt64 = 0
    /// Of the slice at work: what earlier ones have left to it, and the middle at its beginning.
    public var carried = Quantity.zero
    public var arrival = Price.zero
    /// Since when a person holds the parent; `never` when nobody does.
    public var heldSince = Timestamp.never
    /// How many slices there are; an amendment may make them fewer.
    public var slices: UInt16 = 0
    /// The slice at work.
    public var slice: UInt16 = 0
    public var firstSlice: UInt16 = 0
    /// How many slices of average size a slice may make up for.
    public var catchUpSlices: UInt16 = 0
    /// Orders that the slice at work has sent.
    public var children: UInt8 = 0
    /// The slice at work has begun.
    public var hasBegun = false
    /// It sends nothing more: what it has left is carried.
    public var isSpent = false
    public var isSpreadPaused = false
    /// What was left at the deadline has been sent once more.
    public var isSwept = false

    public var kind = ScheduleKind.twap
    /// Of a VWAP: its slices have the sizes of `sums`.
    public var isCurved = false
    /// Of a POV: the trade feed prints our own fills too.
    public var printsOwn = false
    /// Of a POV and an iceberg: when it ends, and when the slice at work does.
    public var end = Timestamp.distantFuture
    public var timeout = Timestamp.never
    /// Of a POV: the share of the volume that it may be. Of an iceberg: by what share a tip may be smaller.
    public var rate = Rate.zero
    /// Of a POV: traded since it began, while nobody held it.
    public var traded: Int64 = 0
    /// Of a POV: the smallest slice. Of an iceberg: the smallest tip.
    public var smallest = Quantity.zero
    /// Of an iceberg: the largest tip.
    public var display = Quantity.zero
    /// Of a curved VWAP: what the slices up to each come to, in lots; `sliceLimit` of them. Empty for all others,
    /// whose rows would be twice as long with them.
    var sums: ContiguousArray<Int64> = []
    /// So many slices has a curve at most.
    static let sliceLimit = 32

    public init() {}

    /// When slice `number` begins, and the one before it ends; `slices` is the end of the schedule.
    ///
    /// An inner boundary lies anywhere within half the jitter around its even place, which is half an interval at most:
    /// it never passes its neighbours or the end.
    public func boundary(_ number: UInt16) -> Timestamp {
        let even = begin + TimeSpan(nanoseconds: interval.nanoseconds * Int64(number))
        guard number > 0, number < slices, jitterReach.nanoseconds > 0 else { return even }
        var random = DeterministicRandom(seed: seed &+ UInt64(number))
        let reach = jitterReach.nanoseconds
        return even + TimeSpan(nanoseconds: random.next(in: -reach...(reach - 1)))
    }

    /// When the slice at work ends.
    public var sliceEnd: Timestamp { kind.isTimed ? boundary(slice + 1) : min(timeout, end) }
    /// When the last slice ends.
    public var deadline: Timestamp { kind.isTimed ? boundary(slices) : end }

    /// What the slices up to `number`, it included, come to: equal shares on the lot grid, odd lots to the first ones,
    /// what lies off the grid to the last.
    public func scheduled(through number: UInt16) -> Quantity {
        guard kind.isTimed else { return total }
        guard number >= firstSlice else { return before }
        guard number + 1 < slices else { return total }
        if isCurved { return Quantity(raw: sums[Int(number)] * lot.raw) }
        let count = Int64(slices - firstSlice)
        let done = Int64(number - firstSlice) + 1
        let lots = total.subtracting(before).raw / lot.raw
        return before + Quantity(raw: (lots / count * done + min(done, lots % count)) * lot.raw)
    }

    /// What earlier slices come to.
    func scheduled(before number: UInt16) -> Quantity {
        number > firstSlice ? scheduled(through: number - 1) : before
    }

    /// The slice that a moment belongs to: the last one that has begun by then.
    func slice(at now: Timestamp) -> UInt16 {
        var number = slice
        while number + 1 < slices, now >= boundary(number + 1) { number += 1 }
        return number
    }

    /// Begins a slice and gives what the parent may be filled to by its end: its own share and what is carried, the
    /// latter at most `catchUpSlices` shares; more stays behind for the slices after it.
    mutating func enter(_ number: UInt16, filled: Quantity, arrival middle: Price) -> Quantity {
        let due = scheduled(through: number)
        let own = due.subtracting(scheduled(before: number))
        slice = number
        children = 0
        isSpent = false
        hasBegun = true
        arrival = middle
        let owed = due.subtracting(filled)
        carried = min(owed.subtracting(own), Quantity(raw: share.raw * Int64(catchUpSlices)))
        #if MUTANTS
            if Mutant.isOn(.twapCatchesUpWithoutBound), kind == .twap { carried = owed.subtracting(own) }
            if Mutant.isOn(.twapLetsTheWholeGoAtOnce), kind == .twap { return total }
            if Mutant.isOn(.vwapCatchesUpWithoutBound), kind == .vwap { carried = owed.subtracting(own) }
            if Mutant.isOn(.vwapLetsTheWholeGoAtOnce), kind == .vwap { return total }
        #endif
        return min(due, filled + own + carried)
    }

    /// A slice of average size on the lot grid, rounded up.
    var share: Quantity {
        let count = Int64(max(1, slices - firstSlice))
        let lots = total.subtracting(before).raw / lot.raw
        return Quantity(raw: (lots + count - 1) / count * lot.raw)
    }

    /// Takes a smaller total. What is over the slice at work is shared anew by those after it, as many as are no
    /// smaller than `smallest`; where there is none, the slice at work becomes the last and takes the rest.
    mutating func shrink(to wanted: Quantity, smallest: Quantity) {
        guard kind.isTimed else {
            total = wanted
            return
        }
        let due = scheduled(through: slice)
        let earlier = scheduled(before: slice)
        let rest = wanted.subtracting(due)
        let left = Int64(slices - slice) - 1
        let further = min(left, rest.raw / max(1, smallest.raw))
        if isCurved, further > 0 {
            if bendAnew(to: wanted, due: due, smallest: smallest) { return }
            isCurved = false
        }
        total = wanted
        if further > 0 {
            before = due
            firstSlice = slice + 1
            slices = slice + 1 + UInt16(further)
        } else {
            before = min(earlier, wanted)
            firstSlice = slice
            slices = slice + 1
        }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&begin)
        visitor.visit(&interval)
        visitor.visit(&slices)
        visitor.visit(&slice)
        visitor.visit(&total)
        visitor.visit(&firstSlice)
        visitor.visit(&before)
        visitor.visit(&lot)
        visitor.visit(&minimumNotional)
        visitor.visit(&pauseSpread)
        visitor.visit(&catchUpSlices)
        visitor.visit(&jitterReach)
        visitor.visit(&seed)
        visitor.visit(&carried)
        visitor.visit(&arrival)
        visitor.visit(&children)
        visitor.visit(&hasBegun)
        visitor.visit(&isSpent)
        visitor.visit(&isSpreadPaused)
        visitor.visit(&isSwept)
        visitor.visit(&heldSince)
        visitor.visit(&kind)
        visitor.visit(&isCurved)
        visitor.visit(&printsOwn)
        visitor.visit(&end)
        visitor.visit(&timeout)
        visitor.visit(&rate)
        visitor.visit(&traded)
        visitor.visit(&smallest)
        visitor.visit(&display)
        guard isCurved else { return }
        if visitor.isReading { makeRoom() }
        for index in sums.indices { visitor.visit(&sums[index]) }
    }
}
