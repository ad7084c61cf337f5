import FairleadModel

/// The slices of a VWAP: `n_k = Q v_k / sum v` on the lot grid.
extension ParentSchedule {
    typealias Weights = InlineArray<32, Int128>
    /// Weights are brought under so many bits, so that their product with a number of lots fits.
    private static let weightBits = 60

    /// Gives each slice its share of the whole. Nothing changes where no weight is known.
    mutating func bend(_ weights: Weights, smallest: Quantity) {
        let lots = total.raw / lot.raw
        let left = share(lots, from: 0, weights, base: 0, smallest: smallest)
        isCurved = left
    }

    /// Takes a smaller total: what is over the slice at work is shared anew by those after it, in the proportions that
    /// they had. False where they had nothing.
    mutating func bendAnew(to wanted: Quantity, due: Quantity, smallest: Quantity) -> Bool {
        var weights = Weights(repeating: 0)
        let first = Int(slice) + 1
        for index in first..<Int(slices) {
            let through = index + 1 < Int(slices) ? sums[index] : total.raw / lot.raw
            weights[index] = Int128(through - sums[index - 1])
        }
        let base = due.raw / lot.raw
        guard share(wanted.raw / lot.raw - base, from: first, weights, base: base, smallest: smallest) else {
            return false
        }
        total = wanted
        return true
    }

    /// Shares lots among the slices from `first` on by largest remainder: each has its exact share rounded down, and
    /// the lots that are left go one each to those that lost most by it, earlier ones first among equals. A slice too
    /// small to be sent goes with the next one, the last with the one before it. The sum is exact.
    private mutating func share(
        _ lots: Int64,
        from first: Int,
        _ weights: Weights,
        base: Int64,
        smallest: Quantity
    ) -> Bool {
        let count = Int(slices)
        precondition(count <= Self.sliceLimit, "Invariant: a VWAP has at most as many slices as it has sums")
        var sum: Int128 = 0
        for index in first..<count { sum += weights[index] }
        guard sum > 0 else { return false }
        let shift = max(0, Int128.bitWidth - sum.leadingZeroBitCount - Self.weightBits)
        var scaled: Int128 = 0
        for index in first..<count { scaled += weights[index] >> shift }
        guard scaled > 0 else { return false }
        var shares = InlineArray<32, Int64>(repeating: 0)
        var lost = Weights(repeating: 0)
        var given: Int64 = 0
        for index in first..<count {
            let exact = Int128(lots) * (weights[index] >> shift)
            shares[index] = Int64(exact / scaled)
            lost[index] = exact % scaled
            given += shares[index]
        }
        // Fewer lots are left than slices that lost something.
        while given < lots {
            var most = first
            for index in first..<count where lost[index] > lost[most] { most = index }
            shares[most] += 1
            lost[most] = -1
            given += 1
        }
        merge(&shares, first, count, smallest: max(1, smallest.raw / lot.raw))
        makeRoom()
        var through = base
        for index in first..<count {
            through += shares[index]
            sums[index] = through
        }
        return true
    }

    /// A schedule without a curve has no sums.
    mutating func makeRoom() {
        if sums.isEmpty { sums = ContiguousArray(repeating: 0, count: Self.sliceLimit) }
    }

    private func merge(_ shares: inout InlineArray<32, Int64>, _ first: Int, _ count: Int, smallest: Int64) {
        var kept: Int?
        for index in first..<count where shares[index] > 0 {
            if shares[index] >= smallest {
                kept = index
            } else if index + 1 < count {
                shares[index + 1] += shares[index]
                shares[index] = 0
            } else if let kept {
                shares[kept] += shares[index]
                shares[index] = 0
            }
        }
    }
}
