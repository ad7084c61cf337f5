internal import FairleadModel

/// What a way of a message takes, drawn from a distribution, to the nanosecond and the same on every machine.
///
/// A table of quantiles q(0)...q(n) at even steps gives `q(k) + f (q(k+1) - q(k))`, where `u n = k + f` and u is
/// uniform in [0, 1). A log-normal one gives `median e^(s z)` with `s = ln(p99 / median) / 2.3263478740408408` (the
/// normal distribution's 99th percentile) and z standard normal by Marsaglia's polar method: of u, v uniform in [-1, 1)
/// with `w = u^2 + v^2` in (0, 1), `z = u sqrt(-2 ln w / w)`. Both are cut to the bounds. Without either it is uniform
/// between the bounds.
struct PaperDelay: Sendable {
    private let bounds: LatencyConfiguration
    private let median: Double
    private let spread: Double

    /// The 99th percentile of the standard normal distribution.
    private static let normal99 = 2.326_347_874_040_840_8

    init(_ configuration: LatencyConfiguration) {
        bounds = configuration
        median = Double(configuration.median.nanoseconds)
        precondition(median >= 0, "Invariant: a median latency is never negative")
        if configuration.median > .zero, configuration.p99 > .zero {
            precondition(configuration.p99 >= configuration.median, "Invariant: a p99 is at least its median")
            spread = DeterministicMath.log(Double(configuration.p99.nanoseconds) / median) / Self.normal99
        } else {
            spread = 0
        }
        precondition(configuration.quantiles.count != 1, "Invariant: a table of quantiles has two ends")
    }

    func draw(_ random: inout DeterministicRandom) -> TimeSpan {
        if bounds.quantiles.count > 1 { return cut(fromTable(random.nextUnit())) }
        if median > 0 { return cut(median * DeterministicMath.exp(spread * Self.normal(&random))) }
        if bounds.minimum == bounds.maximum { return bounds.minimum }
        return TimeSpan(nanoseconds: random.next(in: bounds.minimum.nanoseconds...bounds.maximum.nanoseconds))
    }

    private func cut(_ nanoseconds: Double) -> TimeSpan {
        let drawn = TimeSpan(nanoseconds: Int64(max(0, min(nanoseconds, 9e18)).rounded()))
        return max(bounds.minimum, min(bounds.maximum, drawn))
    }

    private func fromTable(_ unit: Double) -> Double {
        let place = unit * Double(bounds.quantiles.count - 1)
        let step = min(Int(place), bounds.quantiles.count - 2)
        let low = Double(bounds.quantiles[step].nanoseconds)
        let high = Double(bounds.quantiles[step + 1].nanoseconds)
        return low + (place - Double(step)) * (high - low)
    }

    private static func normal(_ random: inout DeterministicRandom) -> Double {
        while true {
            let u = 2 * random.nextUnit() - 1
            let v = 2 * random.nextUnit() - 1
            let w = u * u + v * v
            if w > 0, w < 1 { return u * DeterministicMath.squareRoot(-2 * DeterministicMath.log(w) / w) }
        }
    }
}
