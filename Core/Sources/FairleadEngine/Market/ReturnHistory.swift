public import FairleadModel

/// Returns of closed bars, side by side for all instruments: a scenario a bar time, the newest `lookback_bars` of them.
///
/// A return is of one close on the instrument's close before it, brought to a day by `sqrt(1 day / time between the two
/// bars)`: for bars in a row that is `sqrt(1 day / L)`. Scenarios are the distinct times at which any instrument had a
/// bar; where one had none, it has no return there, and nothing is made up. A backfilled bar joins the scenario of its
/// time; one older than the newest, at a time that no scenario has, only moves its close.
///
/// Weights are those of RiskMetrics: 1 for the newest scenario, halved every `half_life_bars`.
public struct ReturnHistory: ~Copyable {
    typealias Lanes = SIMD8<Double>
    static let laneCount = 8
    private static let day = Double(TimeSpan.hours(24).nanoseconds)

    let capacity: Int
    /// Of 8 scenarios each.
    let blocks: Int
    private var times: ContiguousArray<Timestamp>
    private var newest: Int
    private var count = 0
    private var decay = 1.0
    /// Per instrument a row of `blocks`: returns, zero where there is none, and a bit a scenario that has one.
    private(set) var returns: ContiguousArray<Lanes>
    private(set) var presence: ContiguousArray<UInt8>
    /// Of each scenario, the newest 1.
    private(set) var weights: ContiguousArray<Lanes>
    /// Zero and `never` before an instrument's first bar.
    private var closes: ContiguousArray<Price>
    private var closeTimes: ContiguousArray<Timestamp>

    public init(configuration: ReturnConfiguration, instruments: Int) {
        capacity = max(1, configuration.lookbackBars)
        blocks = (capacity + Self.laneCount - 1) / Self.laneCount
        times = ContiguousArray(repeating: .never, count: capacity)
        newest = capacity - 1
        returns = ContiguousArray(repeating: .zero, count: instruments * blocks)
        presence = ContiguousArray(repeating: 0, count: instruments * blocks)
        weights = ContiguousArray(repeating: .zero, count: blocks)
        closes = ContiguousArray(repeating: .zero, count: instruments)
        closeTimes = ContiguousArray(repeating: .never, count: instruments)
        configure(configuration)
    }

    /// Takes another half-life: it holds for all scenarios at once.
    public mutating func configure(_ configuration: ReturnConfiguration) {
        let next = Self.decay(halfLife: configuration.halfLifeBars)
        guard next != decay else { return }
        decay = next
        weighAll()
    }

    /// `0.5 ^ (1 / half-life)`.
    static func decay(halfLife: Int) -> Double {
        DeterministicMath.exp(-DeterministicMath.log(2) / Double(max(1, halfLife)))
    }

    /// Takes a closed or backfilled bar that the bar builder accepted; its prices are positive.
    public mutating func apply(_ bar: BarReport) {
        let instrument = Int(bar.instrument.index)
        let before = closes[instrument]
        let span = bar.openTime - closeTimes[instrument]
        let isFirst = closeTimes[instrument] == .never
        guard isFirst || span > .zero else { return }
        closes[instrument] = bar.close
        closeTimes[instrument] = bar.openTime
        guard !isFirst, before.raw > 0, let slot = slot(of: bar.openTime) else { return }
        set(Self.dailyReturn(bar.close, on: before, over: span), instrument, slot)
    }

    /// A day's return of the same variance.
    static func dailyReturn(_ close: Price, on before: Price, over span: TimeSpan) -> Double {
        let change = Double(close.raw) / Double(before.raw) - 1
        return change * DeterministicMath.squareRoot(day / Double(span.nanoseconds))
    }

    /// Scenarios that the instrument has a return in.
    public func count(_ instrument: InstrumentHandle) -> Int {
        let first = Int(instrument.index) * blocks
        var sum = 0
        for block in first..<first + blocks { sum += presence[block].nonzeroBitCount }
        return sum
    }

    /// Scenarios that both instruments have a return in, and the correlation of the two over them; nil under
    /// `ReturnConfiguration.minimumBars`, and where one doesn't move. Mean not removed, as everywhere here.
    public func correlation(_ one: InstrumentHandle, _ other: InstrumentHandle) -> Double? {
        let (a, b) = (Int(one.index) * blocks, Int(other.index) * blocks)
        var (common, product, squareA, squareB) = (0, 0.0, 0.0, 0.0)
        for block in 0..<blocks {
            let mask = presence[a + block] & presence[b + block]
            common += mask.nonzeroBitCount
            guard mask != 0 else { continue }
            let (x, y) = (returns[a + block], returns[b + block])
            let weight = weights[block]
            for lane in 0..<Self.laneCount where mask & 1 << lane != 0 {
                product += weight[lane] * x[lane] * y[lane]
                squareA += weight[lane] * x[lane] * x[lane]
                squareB += weight[lane] * y[lane] * y[lane]
            }
        }
        guard common >= ReturnConfiguration.minimumBars, squareA > 0, squareB > 0 else { return nil }
        let scale = DeterministicMath.squareRoot(squareA) * DeterministicMath.squareRoot(squareB)
        guard scale > 0 else { return nil }
        return min(1, max(-1, product / scale))
    }

    // MARK: Scenarios

    /// The scenario of a bar's time; a newer one than all makes room for itself. nil where there is none.
    private mutating func slot(of time: Timestamp) -> Int? {
        if count == 0 || time > times[newest] {
            advance(to: time)
            return newest
        }
        for age in 0..<count {
            let slot = (newest + capacity - age) % capacity
            if times[slot] == time { return slot }
            if times[slot] < time { return nil }
        }
        return nil
    }

    private mutating func advance(to time: Timestamp) {
        newest = (newest + 1) % capacity
        count = min(count + 1, capacity)
        times[newest] = time
        let (block, lane) = (newest / Self.laneCount, newest % Self.laneCount)
        for row in closes.indices where presence[row * blocks + block] & 1 << lane != 0 {
            presence[row * blocks + block] &= ~(1 << lane)
            returns[row * blocks + block][lane] = 0
        }
        for index in weights.indices { weights[index] *= decay }
        weights[block][lane] = 1
    }

    private mutating func set(_ value: Double, _ instrument: Int, _ slot: Int) {
        let block = instrument * blocks + slot / Self.laneCount
        presence[block] |= 1 << (slot % Self.laneCount)
        returns[block][slot % Self.laneCount] = value
    }

    private mutating func weighAll() {
        var weight = 1.0
        for age in 0..<count {
            let slot = (newest + capacity - age) % capacity
            weights[slot / Self.laneCount][slot % Self.laneCount] = weight
            weight *= decay
        }
    }

    // MARK: State

    /// Writes, reads or hashes times, closes and the returns that there are; weights follow from their ages.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&newest)
        visitor.visit(&count)
        if visitor.isReading {
            newest = max(0, min(newest, capacity - 1))
            count = max(0, min(count, capacity))
        }
        for slot in times.indices { visitor.visit(&times[slot]) }
        for row in closes.indices {
            visitor.visit(&closes[row])
            visitor.visit(&closeTimes[row])
        }
        for block in presence.indices {
            visitor.visit(&presence[block])
            if visitor.isReading { returns[block] = .zero }
            for lane in 0..<Self.laneCount where presence[block] & 1 << lane != 0 {
                visitor.visit(&returns[block][lane])
            }
        }
        if visitor.isReading { weighAll() }
    }

    /// Slow: for tests and the simulator.
    public func checkInvariants() {
        for block in presence.indices {
            if presence[block] == 0, returns[block] == .zero { continue }
            for lane in 0..<Self.laneCount {
                let slot = block % blocks * Self.laneCount + lane
                let isPresent = presence[block] & 1 << lane != 0
                precondition(!isPresent || slot < capacity, "Invariant: a return lies in a scenario")
                precondition(isPresent || returns[block][lane] == 0, "Invariant: no return is a zero")
                precondition(returns[block][lane].isFinite, "Invariant: a return is finite")
            }
        }
        precondition(count <= capacity, "Invariant: scenarios are never over full")
    }
}
