public import FairleadModel

extension ExitRegistry {
    /// What the levels at work of a position would close of it, at most all: a stop-loss that has a price all of it,
    /// take-profits the rest of their shares. Costs a walk over the position's levels.
    func coveredQuantity(of key: PositionKey) -> Quantity {
        var covered = Quantity.zero
        var next = heads[key.row]
        while next != Self.absent {
            let row = Int(next)
            let level = rows[row]
            next = level.nextInPosition
            // One that only trails has no price before it begins to.
            guard level.isLive, level.price.raw > 0 else { continue }
            covered = min(covered + open(row), positions[key.row].magnitude)
        }
        return covered
    }
}

/// How well positions are protected, without those that a person has said are nobody's here.
extension Engine {
    public func isIgnored(_ key: PositionKey) -> Bool { external(key).state == .ignored }

    /// Counted per position.
    public var managedCoverage: ExitCoverage {
        var coverage = exits.coverage
        forEachExternal { key, external in
            guard external.state == .ignored, !ledger[key].isFlat else { return }
            // No level works there: it is ignored only without one.
            coverage.positions -= 1
            coverage.missing -= 1
            coverage.stopLossMissing -= 1
        }
        return coverage
    }

    /// What the levels at work of a position would close of it.
    public func coveredQuantity(of key: PositionKey) -> Quantity { exits.coveredQuantity(of: key) }
}
