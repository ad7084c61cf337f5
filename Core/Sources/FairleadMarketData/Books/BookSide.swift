import FairleadModel
import Glibc

/// One side of a book: levels in the order of their prices, the best last, where most changes happen.
struct BookSide: Sendable {
    private let isBid: Bool
    let limit: Int
    /// Of fixed size; the first `count` are levels.
    var levels: ContiguousArray<DepthLevel>
    var count = 0
    /// Levels that the limit pushed out, farthest from the touch first.
    var droppedLevels: UInt64 = 0

    init(_ side: Side, limit: Int) {
        isBid = side == .buy
        self.limit = limit
        levels = ContiguousArray(repeating: DepthLevel(price: .zero, quantity: .zero), count: limit)
    }

    @inline(__always) var best: DepthLevel? { count > 0 ? levels[count - 1] : nil }

    /// The level `index` places behind the best one.
    @inline(__always) func level(_ index: Int) -> DepthLevel { levels[count - 1 - index] }

    mutating func removeAll() { count = 0 }

    /// Sets a level's quantity; zero removes it, and removing what isn't there is normal.
    mutating func set(_ level: DepthLevel) {
        let place = place(of: level.price)
        let isThere = place < count && levels[place].price == level.price
        if level.quantity == .zero {
            if isThere { remove(at: place) }
        } else if isThere {
            levels[place].quantity = level.quantity
        } else {
            insert(level, at: place)
        }
    }

    private mutating func insert(_ level: DepthLevel, at place: Int) {
        guard count == limit else {
            move(place..<count, to: place + 1)
            levels[place] = level
            count += 1
            return
        }
        droppedLevels += 1
        // The farthest level makes room; a level that lies beyond it is the one that is not kept.
        guard place > 0 else { return }
        move(1..<place, to: 0)
        levels[place - 1] = level
    }

    private mutating func remove(at place: Int) {
        move((place + 1)..<count, to: place)
        count -= 1
    }

    /// Moves levels to another place of the storage, overlapping or not.
    private mutating func move(_ range: Range<Int>, to target: Int) {
        precondition(range.lowerBound >= 0, "Invariant: levels are moved inside their storage")
        precondition(range.upperBound <= levels.count, "Invariant: levels are moved inside their storage")
        precondition(target >= 0, "Invariant: levels are moved inside their storage")
        precondition(target + range.count <= levels.count, "Invariant: levels are moved inside their storage")
        let size = MemoryLayout<DepthLevel>.stride
        // SAFETY: both ranges lie inside the storage (checked above), levels are trivial, and memmove allows overlap.
        unsafe levels.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe _ = memmove(base + target * size, base + range.lowerBound * size, range.count * size)
        }
    }

    /// The displayed quantity at a price; zero where there is none.
    func quantity(at price: Price) -> Quantity {
        let place = place(of: price)
        return place < count && levels[place].price == price ? levels[place].quantity : .zero
    }

    /// The first place whose level is not worse than `price`. Steps double from the touch, then halve.
    private func place(of price: Price) -> Int {
        var upper = count
        var step = 1
        var lower = max(0, upper - step)
        while lower > 0, !isWorse(levels[lower].price, price) {
            upper = lower
            step *= 2
            lower = max(0, lower - step)
        }
        while lower < upper {
            let middle = (lower + upper) / 2
            if isWorse(levels[middle].price, price) { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }

    @inline(__always) private func isWorse(_ price: Price, _ other: Price) -> Bool {
        isBid ? price < other : price > other
    }

    func checkInvariants() {
        precondition(count <= limit, "Invariant: a side keeps at most its limit of levels")
        for index in 0..<count {
            precondition(levels[index].quantity > .zero, "Invariant: a level has a quantity")
            precondition(levels[index].price > .zero, "Invariant: a level has a price")
            guard index > 0 else { continue }
            precondition(
                isWorse(levels[index - 1].price, levels[index].price),
                "Invariant: levels get better toward the touch, each price once"
            )
        }
    }
}
