public import FairleadModel

/// What is learnt of how quotes fill, for each symbol and pooled over all: a discrete-time hazard in two intervals.
///
/// A quote at or behind the touch is at risk in the first interval, up to the short timeout, and if it is still there
/// in the second, up to the long one: `p(short) = h1`, `p(long) = 1 - (1 - h1)(1 - h2)`. A quote that was only to rest
/// for the short timeout says nothing of the second interval: it is censored, not a failure. Beside each hazard stands
/// how far the market moved against the orders that were not filled.
///
/// Hazards are kept by cell (`ArmFeatures.cell`). A cell is shrunk toward its symbol, the symbol toward the pool of all
/// symbols, the pool toward what is assumed beforehand; each step counts as `priorWeight` orders. All evidence decays
/// with `halfLife`, so that none is believed for ever: a symbol that is never tried goes back to the pool.
public struct ArmModel: ~Copyable {
    /// Each move is cut here, either way, in bps.
    static let moveLimit = 50.0
    /// Evidence is decayed in steps of at least this.
    static let step = TimeSpan.seconds(60)
    /// At and behind the touch.
    private static let places = 2
    private static let intervals = 2
    /// The cells, and their sum.
    private static let rowsEach = ArmFeatures.cells + 1
    private static let rowsOfSymbol = places * intervals * rowsEach

    /// Per symbol, then one more for the pool.
    private var rows: ContiguousArray<HazardRow>
    private var impacts: ContiguousArray<ImpactRow>
    private var decayedAt: ContiguousArray<Timestamp>
    /// At least 1, so that nothing is divided by zero.
    private var priorWeight = 20.0
    private var halfLife = 86_400.0

    public init(instruments: Int, _ settings: AdaptiveConfiguration) {
        rows = ContiguousArray(repeating: HazardRow(), count: (instruments + 1) * Self.rowsOfSymbol)
        impacts = ContiguousArray(repeating: ImpactRow(), count: instruments + 1)
        decayedAt = ContiguousArray(repeating: .never, count: instruments + 1)
        configure(settings)
    }

    public mutating func configure(_ settings: AdaptiveConfiguration) {
        priorWeight = Double(max(1, settings.priorWeight))
        halfLife = settings.halfLife.seconds
    }

    private var pool: Int { impacts.count - 1 }

    private static func place(_ symbol: Int, isDeeper: Bool, interval: Int, cell: Int) -> Int {
        ((symbol * places + (isDeeper ? 1 : 0)) * intervals + interval) * rowsEach + cell
    }

    // MARK: What is asked

    /// The probability that a maker arm is filled before its timeout, 0 to 1; 0 for `take`.
    public func fill(_ instrument: InstrumentHandle, _ arm: RouteArm, cell: UInt8) -> Double {
        guard arm.isMaker else { return 0 }
        let first = hazard(instrument, arm, 0, cell)
        return arm.isShort ? first : 1 - (1 - first) * (1 - hazard(instrument, arm, 1, cell))
    }

    /// How far the market moves against an order that a maker arm did not fill, in bps of the middle at its start.
    public func move(_ instrument: InstrumentHandle, _ arm: RouteArm, cell: UInt8) -> Double {
        let interval = arm.isShort ? 0 : 1
        let assumed = ArmPrior.move(interval: interval)
        let (pooled, symbol, here) = evidence(instrument, arm, interval, cell)
        let general = (pooled.moveSum + priorWeight * assumed) / (pooled.moves + priorWeight)
        let own = (symbol.moveSum + priorWeight * general) / (symbol.moves + priorWeight)
        return (here.moveSum + priorWeight * own) / (here.moves + priorWeight)
    }

    /// What taking costs beyond the half spread and the fee, in bps.
    public func impact(_ instrument: InstrumentHandle) -> Double {
        let pooled = impacts[pool].sum / (impacts[pool].count + priorWeight)
        let row = impacts[Int(instrument.index)]
        return (row.sum + priorWeight * pooled) / (row.count + priorWeight)
    }

    /// Orders of a symbol that an arm's estimate rests on, decayed; those that were taken for `take`.
    public func samples(_ instrument: InstrumentHandle, _ arm: RouteArm) -> Double {
        let symbol = Int(instrument.index)
        guard arm.isMaker else { return impacts[symbol].count }
        let interval = arm.isShort ? 0 : 1
        return rows[Self.place(symbol, isDeeper: arm.isDeeper, interval: interval, cell: ArmFeatures.cells)].atRisk
    }

    private func hazard(_ instrument: InstrumentHandle, _ arm: RouteArm, _ interval: Int, _ cell: UInt8) -> Double {
        let assumed = ArmPrior.hazard(isDeeper: arm.isDeeper, interval: interval)
        let (pooled, symbol, here) = evidence(instrument, arm, interval, cell)
        let general = (pooled.events + priorWeight * assumed) / (pooled.atRisk + priorWeight)
        let own = (symbol.events + priorWeight * general) / (symbol.atRisk + priorWeight)
        return min(1, max(0, (here.events + priorWeight * own) / (here.atRisk + priorWeight)))
    }

    @inline(__always)
    private func evidence(_ instrument: InstrumentHandle, _ arm: RouteArm, _ interval: Int, _ cell: UInt8)
        -> (pooled: HazardRow, symbol: HazardRow, here: HazardRow)
    {
        let (all, deeper) = (ArmFeatures.cells, arm.isDeeper)
        let symbol = Int(instrument.index)
        return (
            rows[Self.place(pool, isDeeper: deeper, interval: interval, cell: all)],
            rows[Self.place(symbol, isDeeper: deeper, interval: interval, cell: all)],
            rows[Self.place(symbol, isDeeper: deeper, interval: interval, cell: Int(cell))]
        )
    }

    // MARK: What is told

    /// Lets the evidence of a symbol, and of the pool, age to `now`.
    mutating func decay(_ instrument: InstrumentHandle, at now: Timestamp) {
        decay(Int(instrument.index), at: now)
        decay(pool, at: now)
    }

    private mutating func decay(_ symbol: Int, at now: Timestamp) {
        guard decayedAt[symbol] != .never else { return decayedAt[symbol] = now }
        let age = now - decayedAt[symbol]
        guard age >= Self.step else { return }
        decayedAt[symbol] = now
        let factor = DeterministicMath.exp(-DeterministicMath.log(2) * age.seconds / halfLife)
        var row = symbol * Self.rowsOfSymbol
        let end = row + Self.rowsOfSymbol
        while row < end {
            rows[row].scale(by: factor)
            row += 1
        }
        impacts[symbol].count *= factor
        impacts[symbol].sum *= factor
    }

    /// A maker arm has come to its end.
    mutating func learn(_ sample: ArmSample, _ instrument: InstrumentHandle) {
        note(sample, Int(instrument.index))
        note(sample, pool)
    }

    private mutating func note(_ sample: ArmSample, _ symbol: Int) {
        note(sample, symbol, Int(sample.cell))
        note(sample, symbol, ArmFeatures.cells)
    }

    private mutating func note(_ sample: ArmSample, _ symbol: Int, _ cell: Int) {
        let first = Self.place(symbol, isDeeper: sample.arm.isDeeper, interval: 0, cell: cell)
        let second = Self.place(symbol, isDeeper: sample.arm.isDeeper, interval: 1, cell: cell)
        rows[first].atRisk += 1
        // A part of an order that was filled is that part of an event; when it was is not known.
        let isEarly = sample.arm.isShort || sample.isFilledEarly
        rows[isEarly ? first : second].events += sample.filled
        if !isEarly { rows[second].atRisk += 1 }
        guard let move = sample.move, sample.filled < 1 else { return }
        let missed = 1 - sample.filled
        let row = sample.arm.isShort ? first : second
        rows[row].moves += missed
        rows[row].moveSum += missed * min(Self.moveLimit, max(-Self.moveLimit, move))
    }

    /// An order was taken, and cost so many bps more than half spread and fee.
    mutating func taken(_ instrument: InstrumentHandle, extraBps: Double) {
        let extra = min(Self.moveLimit, max(-Self.moveLimit, extraBps))
        impacts[Int(instrument.index)].add(extra)
        impacts[pool].add(extra)
    }

    // MARK: State

    /// Writes, reads or hashes the evidence; settings are not part of it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for row in rows.indices { rows[row].visitState(&visitor) }
        for row in impacts.indices {
            visitor.visit(&impacts[row].count)
            visitor.visit(&impacts[row].sum)
            visitor.visit(&decayedAt[row])
        }
    }

    public func checkInvariants() {
        for row in rows {
            precondition(row.events <= row.atRisk + 1e-6, "Invariant: a fill is of a quote that was at risk")
            precondition(row.moves <= row.atRisk + 1e-6, "Invariant: a move is of a quote that was at risk")
        }
    }
}

/// What a maker arm came to.
struct ArmSample: Hashable, Sendable, BitwiseCopyable {
    var arm: RouteArm
    var cell: UInt8
    /// The part that was filled as maker, 0 to 1.
    var filled: Double
    /// All of it, before the short timeout.
    var isFilledEarly: Bool
    /// The middle's move against it when it gave way, in bps; nil where it is not known.
    var move: Double?
}

/// What is assumed of a symbol of which nothing is known: of what was measured on recorded books (EXECUTION-QUALITY 7),
/// rounded. Behind the touch about half of the hazard.
enum ArmPrior {
    static func hazard(isDeeper: Bool, interval: Int) -> Double {
        isDeeper ? (interval == 0 ? 0.2 : 0.35) : (interval == 0 ? 0.4 : 0.6)
    }

    static func move(interval: Int) -> Double { interval == 0 ? 1 : 2 }
}

/// Quotes of one place, interval and cell, decayed.
private struct HazardRow: BitwiseCopyable, Sendable {
    var atRisk = 0.0
    var events = 0.0
    /// Those that were not filled, with a known move; and the sum of their moves, in bps.
    var moves = 0.0
    var moveSum = 0.0

    mutating func scale(by factor: Double) {
        atRisk *= factor
        events *= factor
        moves *= factor
        moveSum *= factor
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&atRisk)
        visitor.visit(&events)
        visitor.visit(&moves)
        visitor.visit(&moveSum)
    }
}

private struct ImpactRow: BitwiseCopyable, Sendable {
    var count = 0.0
    var sum = 0.0

    mutating func add(_ extra: Double) {
        count += 1
        sum += extra
    }
}
