internal import FairleadModel

/// A confidence with its numbers of the standard normal distribution, to the last digit of a `Double`: no quantile is
/// computed at run time.
struct TailConfidence: Sendable {
    /// Tenths of a percent.
    let permille: Int
    /// `z`, and `phi(z) / (1 - a)`.
    let quantile: Double
    let shortfallFactor: Double

    /// 99 %, of the portfolio's value at risk.
    static let portfolio = TailConfidence(
        permille: 990,
        quantile: 2.326_347_874_040_840_8,
        shortfallFactor: 2.665_214_220_345_808
    )
    /// 95 %, of expected shortfalls.
    static let position = TailConfidence(
        permille: 950,
        quantile: 1.644_853_626_951_472_2,
        shortfallFactor: 2.062_712_807_507_425_7
    )

    /// How many of `scenarios` losses, the largest first, lead to the value at risk: `n - ceil(a n) + 1`.
    func depth(of scenarios: Int) -> Int { scenarios - (permille * scenarios + 999) / 1000 + 1 }
}

/// The largest losses of a row of scenarios, kept in order: value at risk and expected shortfall of a discrete sample,
/// exactly (EXECUTION-QUALITY 5).
///
/// `VaR = L_(ceil(a n))` of the ascending losses, `ES = VaR + sum(max(L - VaR, 0)) / ((1 - a) n)`. Most scenarios are
/// no candidates: one comparison each. Its memory holds the deepest tail that was asked for at the start.
struct TailLosses: Sendable {
    private var largest: ContiguousArray<Double>
    private var confidence = TailConfidence.portfolio
    private var scenarios = 0
    private var depth = 1
    private var count = 0

    /// Room for any tail of up to `scenarios` scenarios at 95 % or more.
    init(scenarios: Int) {
        let depth = TailConfidence.position.depth(of: max(1, scenarios))
        largest = ContiguousArray(repeating: 0, count: depth + 1)
    }

    /// Begins anew, with so many scenarios to come.
    mutating func begin(_ scenarios: Int, _ confidence: TailConfidence) {
        precondition(scenarios > 0, "Invariant: a tail is of at least one scenario")
        self.confidence = confidence
        self.scenarios = scenarios
        depth = confidence.depth(of: scenarios)
        precondition(depth <= largest.count, "Invariant: a tail has room for its largest losses")
        count = 0
    }

    var isEmpty: Bool { count == 0 }

    mutating func take(_ loss: Double) {
        let depth = depth
        var taken = count
        var losses = largest.mutableSpan
        Self.insert(loss, into: &losses, &taken, depth)
        count = taken
    }

    /// Scenarios' results, eight a block, in their order: a loss is a negative one. Those over `bound` are left out.
    mutating func take(_ results: Span<SIMD8<Double>>, upTo bound: Double) {
        // The ownership of the array is asked for once.
        let depth = depth
        var taken = count
        var losses = largest.mutableSpan
        for block in results.indices where results[block].least <= bound {
            let lanes = results[block]
            // By pairs: a lane by its number is a way through memory.
            Self.insert(lanes.lowHalf.lowHalf, upTo: bound, into: &losses, &taken, depth)
            Self.insert(lanes.lowHalf.highHalf, upTo: bound, into: &losses, &taken, depth)
            Self.insert(lanes.highHalf.lowHalf, upTo: bound, into: &losses, &taken, depth)
            Self.insert(lanes.highHalf.highHalf, upTo: bound, into: &losses, &taken, depth)
        }
        count = taken
    }

    @inline(__always)
    private static func insert(
        _ results: SIMD2<Double>,
        upTo bound: Double,
        into losses: inout MutableSpan<Double>,
        _ count: inout Int,
        _ depth: Int
    ) {
        if results.x <= bound { insert(-results.x, into: &losses, &count, depth) }
        if results.y <= bound { insert(-results.y, into: &losses, &count, depth) }
    }

    /// Only the `depth` largest of so many are kept: most scenarios are no candidates, by one comparison.
    private static func insert(
        _ loss: Double,
        into losses: inout MutableSpan<Double>,
        _ count: inout Int,
        _ depth: Int
    ) {
        var place = count
        if count == depth {
            guard loss > losses[depth - 1] else { return }
            place = depth - 1
        } else {
            count += 1
        }
        while place > 0, losses[place - 1] < loss {
            losses[place] = losses[place - 1]
            place -= 1
        }
        losses[place] = loss
    }

    /// A result that the tail's scenarios are at or under, by the least of each of eight lanes of scenarios: `depth` of
    /// those are. Without one for a tail that is deeper.
    func bound(_ least: SIMD8<Double>) -> Double {
        guard depth <= 8 else { return .greatestFiniteMagnitude }
        var sorted = least
        for end in 1..<8 {
            let value = sorted[end]
            var place = end
            while place > 0, sorted[place - 1] > value {
                sorted[place] = sorted[place - 1]
                place -= 1
            }
            sorted[place] = value
        }
        return min(sorted[depth - 1], .greatestFiniteMagnitude)
    }

    /// Both are read after the last scenario; a negative value is a gain, and stays one.
    var valueAtRisk: Double { largest[depth - 1] }

    var shortfall: Double {
        let bound = valueAtRisk
        var excess = 0.0
        for place in 0..<depth - 1 { excess += largest[place] - bound }
        return bound + excess / (Double((1000 - confidence.permille) * scenarios) / 1000)
    }
}

extension SIMD8<Double> {
    /// The lesser of each lane. By pairs, which are what one instruction of every machine compares.
    @inline(__always)
    func lesser(_ other: Self) -> Self {
        Self(
            lowHalf: SIMD4(
                lowHalf: lowHalf.lowHalf.lesser(other.lowHalf.lowHalf),
                highHalf: lowHalf.highHalf.lesser(other.lowHalf.highHalf)
            ),
            highHalf: SIMD4(
                lowHalf: highHalf.lowHalf.lesser(other.highHalf.lowHalf),
                highHalf: highHalf.highHalf.lesser(other.highHalf.highHalf)
            )
        )
    }

    @inline(__always)
    var least: Double {
        let two = lowHalf.lowHalf.lesser(lowHalf.highHalf).lesser(highHalf.lowHalf.lesser(highHalf.highHalf))
        return Swift.min(two.x, two.y)
    }
}

extension SIMD2<Double> {
    @inline(__always)
    fileprivate func lesser(_ other: Self) -> Self { replacing(with: other, where: other .< self) }
}
