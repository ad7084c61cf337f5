internal import FairleadModel

/// Value at risk and expected shortfall by both methods, in the reporting currency for a day. Positive is a loss.
public struct LossEstimate: Hashable, Sendable, BitwiseCopyable {
    /// Of the scenarios, exactly.
    public var historicalVar = 0.0
    public var historicalShortfall = 0.0
    /// Standard deviation by the EWMA covariance, mean not removed; times a normal quantile it is the other method's.
    public var deviation = 0.0
    public var scenarios = 0
    var confidence = TailConfidenceName.portfolio

    public var ewmaVar: Double { deviation * confidence.numbers.quantile }
    public var ewmaShortfall: Double { deviation * confidence.numbers.shortfallFactor }
    /// The larger gates.
    public var valueAtRisk: Double { max(historicalVar, ewmaVar) }
    public var shortfall: Double { max(historicalShortfall, ewmaShortfall) }
}

/// Which confidence an estimate has.
enum TailConfidenceName: UInt8, Sendable, BitwiseCopyable {
    case portfolio = 0
    case position

    var numbers: TailConfidence {
        switch self {
        case .portfolio: .portfolio
        case .position: .position
        }
    }
}

/// What one unit of an instrument, held or sold short for a day, may lose: expected shortfalls at 95 %, and the EWMA
/// deviation. Made when a bar closes.
struct UnitTails: Hashable, Sendable, BitwiseCopyable {
    var long = 0.0
    var short = 0.0
    var deviation = 0.0
    /// False under `ReturnConfiguration.minimumBars` returns.
    var isKnown = false
}

/// Which scenarios an estimate of an instrument has: those that all have a return in.
private struct Survey: BitwiseCopyable {
    var scenarios = 0
    /// The EWMA weight of those in full blocks.
    var fullWeight = 0.0
    /// The blocks that are not full lie in `firstOther..<othersEnd`: few, at the ends of a history.
    var firstOther = 0
    var othersEnd = 0
}

/// The portfolio over the scenarios of `ReturnHistory`, kept so that a decision adds one instrument's returns to a row
/// of results instead of computing them anew (`docs/decisions`).
///
/// Two portfolios: the confirmed positions, and what they become when every working entry is filled (each instrument at
/// the end of its range that is larger). An entry that hedges gives no headroom before it is filled, since the larger
/// loss of the two gates. Worths are signed, shorts negative: they net. `w' S w` of the EWMA covariance is the EWMA of
/// the squared results, so that no matrix is needed.
struct PortfolioRisk: ~Copyable {
    typealias Lanes = ReturnHistory.Lanes

    var returns: ReturnHistory
    /// Per instrument: signed worth in the results of each portfolio.
    private var confirmed: ContiguousArray<Double>
    private var intended: ContiguousArray<Double>
    /// Of the confirmed portfolio, a block of scenarios each, then of the intended one.
    private var results: ContiguousArray<Lanes>
    /// Instruments whose two worths differ.
    private var differing = 0
    /// A bit a scenario that every instrument with a worth has a return in.
    private var common: ContiguousArray<UInt8>
    private var isCommonStale = false
    /// A bar has closed since the results were made.
    private var isStale = false
    private(set) var units: ContiguousArray<UnitTails>
    private var tail: TailLosses
    /// What each scenario comes to with an order: of one estimate, kept by nobody.
    private var sums: ContiguousArray<Lanes>

    init(configuration: EngineConfiguration) {
        let count = configuration.instruments.count
        returns = ReturnHistory(configuration: configuration.returns, instruments: count)
        confirmed = ContiguousArray(repeating: 0, count: count)
        intended = confirmed
        results = ContiguousArray(repeating: .zero, count: 2 * returns.blocks)
        common = ContiguousArray(repeating: 0xFF, count: returns.blocks)
        units = ContiguousArray(repeating: UnitTails(), count: count)
        tail = TailLosses(scenarios: returns.capacity)
        sums = ContiguousArray(repeating: .zero, count: returns.blocks)
    }

    /// A bar has closed or was backfilled.
    mutating func apply(_ bar: BarReport) {
        returns.apply(bar)
        measureUnit(Int(bar.instrument.index))
        isStale = true
    }

    // MARK: Keeping the results

    /// Takes the exposures as they are: all of them after a bar, else those that have changed. `isForced` makes all
    /// results anew at present prices.
    mutating func follow(_ exposure: inout ExposureTable, isForced: Bool = false) {
        if isStale || isForced { return makeResults(&exposure) }
        while let instrument = exposure.popChanged() {
            let worths = exposure.worths(instrument)
            set(instrument, worths.confirmed, worths.intended)
        }
    }

    private mutating func makeResults(_ exposure: inout ExposureTable) {
        while exposure.popChanged() != nil {}
        isStale = false
        isCommonStale = false
        differing = 0
        for block in results.indices { results[block] = .zero }
        for block in common.indices { common[block] = 0xFF }
        for instrument in confirmed.indices {
            confirmed[instrument] = 0
            intended[instrument] = 0
            let worths = exposure.worths(instrument)
            if worths.confirmed != 0 || worths.intended != 0 { set(instrument, worths.confirmed, worths.intended) }
        }
    }

    private mutating func set(_ instrument: Int, _ nextConfirmed: Double, _ nextIntended: Double) {
        let (lastConfirmed, lastIntended) = (confirmed[instrument], intended[instrument])
        guard lastConfirmed != nextConfirmed || lastIntended != nextIntended else { return }
        let first = instrument * returns.blocks
        let wasHeld = lastConfirmed != 0 || lastIntended != 0
        let isHeld = nextConfirmed != 0 || nextIntended != 0
        differing += (nextConfirmed != nextIntended ? 1 : 0) - (lastConfirmed != lastIntended ? 1 : 0)
        confirmed[instrument] = nextConfirmed
        intended[instrument] = nextIntended
        if wasHeld, !isHeld { isCommonStale = true }
        let (changeConfirmed, changeIntended) = (nextConfirmed - lastConfirmed, nextIntended - lastIntended)
        // A fill of an entry changes both by the same.
        if changeConfirmed == changeIntended {
            Self.addToBoth(changeConfirmed, returns, first, &results)
        } else {
            if changeConfirmed != 0 { Self.add(changeConfirmed, returns, first, to: 0, &results) }
            if changeIntended != 0 { Self.add(changeIntended, returns, first, to: returns.blocks, &results) }
        }
        guard isHeld, !wasHeld else { return }
        for block in common.indices { common[block] &= returns.presence[first + block] }
    }

    /// So much more of the instrument whose row of returns begins at `first`, in the portfolio whose results begin at
    /// `start`. A span each, since the loop is most of what an order costs here: neither the bounds nor the ownership
    /// of an array is asked for at each block.
    private static func add(
        _ change: Double,
        _ returns: borrowing ReturnHistory,
        _ first: Int,
        to start: Int,
        _ results: inout ContiguousArray<Lanes>
    ) {
        let row = returns.returns.span.extracting(first..<first + returns.blocks)
        var sums = results.mutableSpan
        precondition(start >= 0 && start + row.count <= sums.count, "Invariant: each scenario has its result")
        for block in row.indices { sums[start + block] += row[block] * change }
    }

    /// The same for both portfolios in one walk.
    private static func addToBoth(
        _ change: Double,
        _ returns: borrowing ReturnHistory,
        _ first: Int,
        _ results: inout ContiguousArray<Lanes>
    ) {
        let row = returns.returns.span.extracting(first..<first + returns.blocks)
        var sums = results.mutableSpan
        precondition(sums.count == 2 * row.count, "Invariant: each scenario has its result in both")
        for block in row.indices {
            let product = row[block] * change
            sums[block] += product
            sums[row.count + block] += product
        }
    }

    private mutating func makeCommon() {
        isCommonStale = false
        for block in common.indices { common[block] = 0xFF }
        for instrument in confirmed.indices where confirmed[instrument] != 0 || intended[instrument] != 0 {
            let first = instrument * returns.blocks
            for block in common.indices { common[block] &= returns.presence[first + block] }
        }
    }

    // MARK: Estimating

    /// The portfolio with `worth` more of an instrument, filled: the portfolio that loses more of the two. nil with
    /// fewer common scenarios than `ReturnConfiguration.minimumBars`. `follow` comes first.
    mutating func estimate(
        adding worth: Double,
        of instrument: InstrumentHandle,
        _ confidence: TailConfidenceName = .portfolio
    ) -> LossEstimate? {
        if isCommonStale { makeCommon() }
        let first = Int(instrument.index) * returns.blocks
        return Self.estimate(
            results,
            isOne: differing == 0,
            worth,
            first,
            Self.survey(first, returns, common),
            returns,
            common,
            confidence,
            &tail,
            &sums
        )
    }

    /// The intended portfolio first, which most often loses more: of one that can't, the tail is not put in order.
    private static func estimate(
        _ results: borrowing ContiguousArray<Lanes>,
        isOne: Bool,
        _ worth: Double,
        _ first: Int,
        _ survey: Survey,
        _ returns: borrowing ReturnHistory,
        _ common: borrowing ContiguousArray<UInt8>,
        _ confidence: TailConfidenceName,
        _ tail: inout TailLosses,
        _ sums: inout ContiguousArray<Lanes>
    ) -> LossEstimate? {
        var estimate = LossEstimate()
        estimate.confidence = confidence
        estimate.scenarios = survey.scenarios
        guard estimate.scenarios >= ReturnConfiguration.minimumBars else { return nil }
        estimate.historicalVar = -.infinity
        estimate.historicalShortfall = -.infinity
        var start = isOne ? 0 : returns.blocks
        while start >= 0 {
            tail.begin(estimate.scenarios, confidence.numbers)
            let deviation = run(
                results,
                start,
                worth,
                first,
                survey,
                returns,
                common,
                estimate.historicalVar,
                &tail,
                &sums
            )
            estimate.deviation = max(estimate.deviation, deviation)
            if !tail.isEmpty {
                estimate.historicalVar = max(estimate.historicalVar, tail.valueAtRisk)
                estimate.historicalShortfall = max(estimate.historicalShortfall, tail.shortfall)
            }
            start -= returns.blocks
        }
        return estimate
    }

    /// Looks at the scenarios that all have a return in, `first` being where the instrument's row begins.
    private static func survey(
        _ first: Int,
        _ returns: borrowing ReturnHistory,
        _ common: borrowing ContiguousArray<UInt8>
    ) -> Survey {
        let presence = returns.presence.span.extracting(first..<first + returns.blocks)
        let shared = common.span
        let weights = returns.weights.span
        precondition(shared.count == presence.count, "Invariant: each block has its mask")
        precondition(weights.count == presence.count, "Invariant: each block has its weights")
        var survey = Survey()
        var full = Lanes.zero
        for block in presence.indices {
            let mask = shared[block] & presence[block]
            // Most blocks are full, and counting bits is many instructions where the machine may have none for it.
            if mask == 0xFF {
                survey.scenarios += ReturnHistory.laneCount
                full += weights[block]
            } else {
                survey.scenarios += mask.nonzeroBitCount
                if survey.othersEnd == 0 { survey.firstOther = block }
                survey.othersEnd = block + 1
            }
        }
        survey.fullWeight = sum(full)
        return survey
    }

    /// Fills the tail from the results that begin at `start` plus `worth` times an instrument's returns, over the
    /// scenarios of both; gives the EWMA deviation. The tail stays empty where no loss is larger than `floor`.
    ///
    /// The first walk adds up and keeps what each scenario of a full block comes to. The second does so for the few
    /// other blocks. The last looks only at blocks that may hold one of the largest losses: of the least of each lane,
    /// `depth` are no larger than the bound, so that at least as many scenarios are.
    private static func run(
        _ results: borrowing ContiguousArray<Lanes>,
        _ start: Int,
        _ worth: Double,
        _ first: Int,
        _ survey: Survey,
        _ returns: borrowing ReturnHistory,
        _ common: borrowing ContiguousArray<UInt8>,
        _ floor: Double,
        _ tail: inout TailLosses,
        _ sums: inout ContiguousArray<Lanes>
    ) -> Double {
        let row = returns.returns.span.extracting(first..<first + returns.blocks)
        let presence = returns.presence.span.extracting(first..<first + returns.blocks)
        let kept = results.span.extracting(start..<start + returns.blocks)
        let shared = common.span
        let weights = returns.weights.span
        var summed = sums.mutableSpan
        precondition(kept.count == row.count && summed.count == row.count, "Invariant: each scenario has its result")
        precondition(shared.count == row.count && weights.count == row.count, "Invariant: each block has its weights")
        let (squares, fullLow) = walkFull(kept, worth, row, presence, shared, weights, &summed)
        var low = fullLow
        var lone = (squares: 0.0, weights: 0.0)
        for block in survey.firstOther..<survey.othersEnd where shared[block] & presence[block] != 0xFF {
            var result = kept[block] + row[block] * worth
            addSome(&result, weights[block], shared[block] & presence[block], &lone)
            summed[block] = result
            low = low.lesser(result)
        }
        if -low.least > floor { tail.take(summed.span, upTo: tail.bound(low)) }
        let total = survey.fullWeight + lone.weights
        return total > 0 ? DeterministicMath.squareRoot((sum(squares) + lone.squares) / total) : 0
    }

    /// The walk over full blocks: the weighted squares of each lane, and the least of each. A function of its own,
    /// since beside a call the sums of a loop lie in memory, and each addition waits for the last one's store.
    @inline(never)
    private static func walkFull(
        _ kept: Span<Lanes>,
        _ worth: Double,
        _ row: Span<Lanes>,
        _ presence: Span<UInt8>,
        _ shared: Span<UInt8>,
        _ weights: Span<Lanes>,
        _ summed: inout MutableSpan<Lanes>
    ) -> (squares: Lanes, low: Lanes) {
        precondition(kept.count == row.count && summed.count == row.count, "Invariant: each scenario has its result")
        precondition(presence.count == row.count && shared.count == row.count, "Invariant: each block has its mask")
        precondition(weights.count == row.count, "Invariant: each block has its weights")
        var squares = Lanes.zero
        var low = Lanes(repeating: .infinity)
        for block in row.indices where shared[block] & presence[block] == 0xFF {
            let result = kept[block] + row[block] * worth
            squares += weights[block] * result * result
            summed[block] = result
            low = low.lesser(result)
        }
        return (squares, low)
    }

    /// Of a block that not all of its scenarios are there of, one or two at the ends of a history: those that are
    /// missing are no loss.
    @inline(never)
    private static func addSome(
        _ result: inout Lanes,
        _ weight: Lanes,
        _ mask: UInt8,
        _ lone: inout (squares: Double, weights: Double)
    ) {
        for lane in 0..<ReturnHistory.laneCount {
            guard mask & 1 << lane != 0 else {
                result[lane] = .infinity
                continue
            }
            lone.squares += weight[lane] * result[lane] * result[lane]
            lone.weights += weight[lane]
        }
    }

    /// Lane by lane: the same order on every machine.
    private static func sum(_ lanes: Lanes) -> Double {
        var sum = 0.0
        for lane in 0..<ReturnHistory.laneCount { sum += lanes[lane] }
        return sum
    }

    /// Expected shortfall of a position between two signed worths, at the worse end, by the method that says more; nil
    /// with too few returns.
    func shortfall(of instrument: InstrumentHandle, low: Double, high: Double) -> Double? {
        let unit = units[Int(instrument.index)]
        guard unit.isKnown else { return nil }
        let bell = unit.deviation * TailConfidence.position.shortfallFactor
        var worst: Double?
        if high > 0 { worst = max(unit.long, bell) * high }
        if low < 0 { worst = max(worst ?? -Double.greatestFiniteMagnitude, max(unit.short, bell) * -low) }
        return worst ?? 0
    }

    /// The estimate of what is held, from exposures alone: for screens. It leaves what is kept as it is.
    func presentEstimate(_ exposure: borrowing ExposureTable, _ confidence: TailConfidenceName) -> LossEstimate? {
        let none = ContiguousArray<Lanes>(repeating: .zero, count: returns.blocks)
        var results = none + none
        var shared = ContiguousArray<UInt8>(repeating: 0xFF, count: returns.blocks)
        var held: Int?
        for instrument in units.indices {
            let worths = exposure.worths(instrument)
            guard worths.confirmed != 0 || worths.intended != 0 else { continue }
            let first = instrument * returns.blocks
            held = first
            for block in shared.indices {
                results[block] += returns.returns[first + block] * worths.confirmed
                results[returns.blocks + block] += returns.returns[first + block] * worths.intended
                shared[block] &= returns.presence[first + block]
            }
        }
        guard let held else {
            var nothing = LossEstimate()
            nothing.confidence = confidence
            return nothing
        }
        var tail = TailLosses(scenarios: returns.capacity)
        var sums = none
        let survey = Self.survey(held, returns, shared)
        return Self.estimate(results, isOne: false, 0, held, survey, returns, shared, confidence, &tail, &sums)
    }

    private mutating func measureUnit(_ instrument: Int) {
        let first = instrument * returns.blocks
        var unit = UnitTails()
        let scenarios = returns.count(InstrumentHandle(instrument))
        defer { units[instrument] = unit }
        guard scenarios >= ReturnConfiguration.minimumBars else { return }
        var (squares, weights) = (0.0, 0.0)
        for turn in 0..<2 {
            let direction = turn == 0 ? 1.0 : -1.0
            tail.begin(scenarios, .position)
            for block in 0..<returns.blocks {
                let mask = returns.presence[first + block]
                if mask == 0 { continue }
                let row = returns.returns[first + block]
                for lane in 0..<ReturnHistory.laneCount where mask & 1 << lane != 0 {
                    tail.take(-row[lane] * direction)
                    guard turn == 0 else { continue }
                    squares += returns.weights[block][lane] * row[lane] * row[lane]
                    weights += returns.weights[block][lane]
                }
            }
            if turn == 0 { unit.long = tail.shortfall } else { unit.short = tail.shortfall }
        }
        unit.deviation = weights > 0 ? DeterministicMath.squareRoot(squares / weights) : 0
        unit.isKnown = true
    }

    /// Takes another half-life.
    mutating func configure(_ configuration: EngineConfiguration) {
        precondition(configuration.returns.lookbackBars == returns.capacity, "Invariant: a reload keeps the scenarios")
        returns.configure(configuration.returns)
        for instrument in units.indices { measureUnit(instrument) }
    }

    // MARK: State

    /// Writes, reads or hashes it all, the kept results too: what was added up in another order has other last bits.
    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        returns.visitState(&visitor)
        visitor.visit(&differing)
        visitor.visit(&isCommonStale)
        visitor.visit(&isStale)
        for index in confirmed.indices {
            visitor.visit(&confirmed[index])
            visitor.visit(&intended[index])
            visitor.visit(&units[index].long)
            visitor.visit(&units[index].short)
            visitor.visit(&units[index].deviation)
            visitor.visit(&units[index].isKnown)
        }
        for block in common.indices {
            visitor.visit(&common[block])
            for lane in 0..<ReturnHistory.laneCount {
                visitor.visit(&results[block][lane])
                visitor.visit(&results[common.count + block][lane])
            }
        }
    }

    /// Slow: for tests and the simulator.
    func checkInvariants() {
        returns.checkInvariants()
        var different = 0
        for instrument in confirmed.indices where confirmed[instrument] != intended[instrument] { different += 1 }
        precondition(different == differing, "Invariant: portfolios that differ are counted")
    }
}
