public import FairleadModel

/// What a parent that started as maker came to: one sample of SPEC 7's effectiveness.
public struct MakerSample: Hashable, Sendable, BitwiseCopyable {
    /// All that was filled was filled by makers.
    public var isFilled: Bool
    /// It gave way to a taker.
    public var isFallenBack: Bool
    /// Signed cost of all its fills against their intended prices; nil where nothing was filled, or a price missing.
    public var slip: Rate?

    public init(isFilled: Bool, isFallenBack: Bool, slip: Rate? = nil) {
        self.isFilled = isFilled
        self.isFallenBack = isFallenBack
        self.slip = slip
    }
}

/// The evidence of each symbol over the last 7 days: counts of maker starts in 168 hourly buckets, and the last
/// `DecayedSamples.capacity` slips and latencies, each with its hour.
///
/// Evidence decays by the hour, with `router.policy.half_life_hours`. A sample's hour is that of its parent's end; all
/// of an hour counts alike. It is written when a parent ends and an order is first answered, and summed up by
/// `evaluate`, on the policy's timer.
public struct EffectivenessTable: ~Copyable {
    /// Buckets a symbol: what `window_days` can't pass.
    public static let hours = 168
    /// Each slip is cut here, either way.
    public static let slipLimit = Rate(bps: 50)
    /// Latencies count from half of a sample on: alone, the last one is believed for one half-life.
    public static let leastWeight = 0.5

    private var buckets: ContiguousArray<HourBucket>
    private var slips: DecayedSamples
    /// In microseconds.
    private var latencies: DecayedSamples
    /// As of the last `evaluate`.
    private var evidence: ContiguousArray<Effectiveness>
    /// A sample has come since.
    private var isStale: ContiguousArray<Bool>
    private var evaluatedHour = Int32.min
    /// The last `evaluate` has summed it up anew.
    private var isFresh: ContiguousArray<Bool>
    /// By age in hours; 0 from the window's end on.
    private var weights: ContiguousArray<Double>
    /// Slips from here on are of a broken symbol.
    private var extreme = Int32.max

    public init(configuration: EngineConfiguration) {
        let count = configuration.instruments.count
        buckets = ContiguousArray(repeating: HourBucket(), count: count * Self.hours)
        slips = DecayedSamples(instruments: count)
        latencies = DecayedSamples(instruments: count)
        evidence = ContiguousArray(repeating: .none, count: count)
        isStale = ContiguousArray(repeating: false, count: count)
        isFresh = ContiguousArray(repeating: true, count: count)
        weights = ContiguousArray(repeating: 0, count: Self.hours)
        configure(configuration)
    }

    /// Takes new settings: they hold from the next `evaluate` on.
    public mutating func configure(_ configuration: EngineConfiguration) {
        let hours = configuration.policy.halfLife.seconds / 3600
        for age in weights.indices {
            let isInside = age < configuration.policy.windowDays * 24
            weights[age] = isInside ? DeterministicMath.exp(-DeterministicMath.log(2) * Double(age) / hours) : 0
        }
        extreme = Int32(clamping: configuration.policy.broken.slip.raw)
        for row in isStale.indices { isStale[row] = true }
    }

    /// What the last `evaluate` found.
    public subscript(instrument: InstrumentHandle) -> Effectiveness { evidence[Int(instrument.index)] }

    /// The last `evaluate` may have found something else than the one before it.
    func isFresh(_ instrument: InstrumentHandle) -> Bool { isFresh[Int(instrument.index)] }

    static func hour(_ time: Timestamp) -> Int32 {
        Int32(truncatingIfNeeded: FixedPoint.floorDivide(Int128(time.nanoseconds), by: 3_600_000_000_000))
    }

    // MARK: What is fed

    /// A parent that started as maker has ended.
    mutating func ended(_ sample: MakerSample, _ instrument: InstrumentHandle, at now: Timestamp) {
        let hour = Self.hour(now)
        let place = place(instrument, hour)
        if buckets[place].hour < hour { buckets[place] = HourBucket(hour: hour) }
        buckets[place].starts += 1
        if sample.isFilled { buckets[place].filled += 1 }
        if sample.isFallenBack { buckets[place].fallenBack += 1 }
        if let slip = sample.slip {
            let cut = min(Self.slipLimit.raw, max(-Self.slipLimit.raw, slip.raw))
            slips.append(DecayedSample(hour: hour, value: Int32(cut)), instrument)
        }
        isStale[Int(instrument.index)] = true
    }

    /// A venue's first word on an order came so long after it was handed out.
    mutating func answered(_ instrument: InstrumentHandle, after latency: TimeSpan, at now: Timestamp) {
        let microseconds = Int32(clamping: max(0, latency.nanoseconds) / 1000)
        latencies.append(DecayedSample(hour: Self.hour(now), value: microseconds), instrument)
        isStale[Int(instrument.index)] = true
    }

    private func place(_ instrument: InstrumentHandle, _ hour: Int32) -> Int {
        let index = Int(hour) % Self.hours
        return Int(instrument.index) * Self.hours + (index < 0 ? index + Self.hours : index)
    }

    // MARK: What is summed up

    /// Sums up the symbols that have a new sample; all of them where another hour has begun.
    mutating func evaluate(at now: Timestamp) {
        let hour = Self.hour(now)
        for row in evidence.indices {
            isFresh[row] = isStale[row] || hour != evaluatedHour
            guard isFresh[row] else { continue }
            evidence[row] = summed(InstrumentHandle(row), at: hour)
            isStale[row] = false
        }
        evaluatedHour = hour
    }

    private mutating func summed(_ instrument: InstrumentHandle, at hour: Int32) -> Effectiveness {
        var starts = 0.0
        var filled = 0.0
        var fallenBack = 0.0
        let first = Int(instrument.index) * Self.hours
        for place in first..<first + Self.hours where buckets[place].starts > 0 {
            let weight = DecayedSamples.weight(of: buckets[place].hour, at: hour, weights)
            starts += weight * Double(buckets[place].starts)
            filled += weight * Double(buckets[place].filled)
            fallenBack += weight * Double(buckets[place].fallenBack)
        }
        var sum = Effectiveness(starts: starts)
        if starts > 0 {
            sum.makerFill = Self.ratio(filled, starts)
            sum.fallback = Self.ratio(fallenBack, starts)
        }
        slips.prepare(instrument, at: hour, weights)
        sum.extremeSlips = slips.weight(from: extreme)
        sum.slipMedian = slips.quantile(0.5).map { Rate(raw: Int64($0.rounded())) }
        sum.slip95 = slips.quantile(0.95).map { Rate(raw: Int64($0.rounded())) }
        latencies.prepare(instrument, at: hour, weights)
        if latencies.weight(from: .min) >= Self.leastWeight {
            sum.acknowledgement = latencies.quantile(0.5).map { TimeSpan(nanoseconds: Int64($0.rounded()) * 1000) }
        }
        return sum
    }

    private static func ratio(_ part: Double, _ whole: Double) -> Rate {
        Rate(raw: Int64((part / whole * Double(FixedPoint.one)).rounded()))
    }

    // MARK: State

    /// Writes, reads or hashes the evidence; settings, and what is fresh, are not part of it.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&evaluatedHour)
        for place in buckets.indices { buckets[place].visitState(&visitor) }
        slips.visitState(&visitor)
        latencies.visitState(&visitor)
        for row in evidence.indices {
            evidence[row].visitState(&visitor)
            visitor.visit(&isStale[row])
        }
    }

    public func checkInvariants() {
        for place in buckets.indices {
            let bucket = buckets[place]
            precondition(bucket.filled <= bucket.starts, "Invariant: a maker fill is of a maker start")
            precondition(bucket.fallenBack <= bucket.starts, "Invariant: a fallback is of a maker start")
        }
    }
}

/// The maker starts of one hour.
private struct HourBucket: BitwiseCopyable, Sendable {
    /// Since the epoch.
    var hour = Int32.min
    var starts: UInt32 = 0
    var filled: UInt32 = 0
    var fallenBack: UInt32 = 0

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&hour)
        visitor.visit(&starts)
        visitor.visit(&filled)
        visitor.visit(&fallenBack)
    }
}
