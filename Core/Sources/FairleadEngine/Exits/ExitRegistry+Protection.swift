public import FairleadModel

/// The levels that a position meets first, either way.
public struct Protection: Hashable, Sendable, BitwiseCopyable {
    /// nil: nothing stops its loss.
    public var stopLoss: Price?
    public var takeProfit: Price?
    /// Levels at work that have an order at the venue.
    public var native = 0
    public init() {}
}

/// What stands behind a position, for screens. Costs a walk over the position's levels.
extension ExitRegistry {
    /// Of the levels at work: the stop-loss and the take-profit that are nearest to the market.
    public func protection(of key: PositionKey) -> Protection {
        var found = Protection()
        var next = heads[key.row]
        while next != Self.absent {
            let row = Int(next)
            let level = rows[row]
            next = level.nextInPosition
            guard level.isLive, level.isLong == (positions[key.row].raw > 0) else { continue }
            if natives[row].parent != .none { found.native += 1 }
            switch level.kind {
            case .stopLoss: if level.price.raw > 0 { found.stopLoss = nearer(level, found.stopLoss) }
            case .takeProfit: found.takeProfit = nearer(level, found.takeProfit)
            }
        }
        return found
    }

    /// A stop-loss of the position has fired and waits to fire again.
    func hasStopThatWaits(_ key: PositionKey) -> Bool {
        var next = heads[key.row]
        while next != Self.absent {
            let row = Int(next)
            if rows[row].kind == .stopLoss, refires.deadline(of: row) != .distantFuture { return true }
            next = rows[row].nextInPosition
        }
        return false
    }

    /// Levels at work that have a price: stops, and all.
    func levelsAtWork(of key: PositionKey) -> (stops: Int, all: Int) {
        var counts = (stops: 0, all: 0)
        var next = heads[key.row]
        while next != Self.absent {
            let level = rows[Int(next)]
            next = level.nextInPosition
            guard level.isLive, level.price.raw > 0 else { continue }
            counts.all += 1
            if level.kind == .stopLoss { counts.stops += 1 }
        }
        return counts
    }

    /// Position keys without a position that still have a level at work.
    public var staleKeys: Int {
        var count = 0
        for key in positions.indices where positions[key].raw == 0 {
            var next = heads[key]
            while next != Self.absent {
                let level = rows[Int(next)]
                if level.isLive {
                    count += 1
                    break
                }
                next = level.nextInPosition
            }
        }
        return count
    }

    /// One that fires on a rise is nearer the lower it is, one that fires on a fall the higher.
    private func nearer(_ level: ProtectiveLevel, _ other: Price?) -> Price {
        guard let other else { return level.price }
        switch level.direction {
        case .atOrAbove: return min(level.price, other)
        case .atOrBelow: return max(level.price, other)
        }
    }
}
