import FairleadModel

/// The distributions that the synthetic market draws from, over our own random numbers and mathematics.
extension DeterministicRandom {
    /// Normal with mean 0 and deviation 1, by Marsaglia's polar method.
    mutating func nextNormal() -> Double {
        while true {
            let x = 2 * nextUnit() - 1
            let y = 2 * nextUnit() - 1
            let square = x * x + y * y
            if square < 1, square > 0 {
                return x * (-2 * DeterministicMath.log(square) / square).squareRoot()
            }
        }
    }

    /// Exponential with mean 1: the time between two events that come once a unit.
    mutating func nextExponential() -> Double { -DeterministicMath.log(1 - nextUnit()) }

    /// Log-normal with median 1; in one case of fifty a tail of the power 1.5, cut at 300.
    mutating func nextSize(deviation: Double) -> Double {
        let body = DeterministicMath.exp(deviation * nextNormal())
        guard nextUnit() < 0.02 else { return body }
        return body * min(300, DeterministicMath.exp(nextExponential() / 1.5))
    }

    /// Uniform between two bounds.
    mutating func nextUnit(from low: Double, to high: Double) -> Double { low + (high - low) * nextUnit() }
}

/// Seconds of the market and nanoseconds of the clock: `speed` market seconds pass in each of the clock's.
struct MarketClock: Hashable, BitwiseCopyable {
    private let nanosecondsPerSecond: Double
    private let secondsPerNanosecond: Double

    init(speed: Rate) {
        precondition(speed > .zero, "Invariant: a market's time moves on")
        nanosecondsPerSecond = 1e9 * Double(FixedPoint.one) / Double(speed.raw)
        secondsPerNanosecond = 1 / nanosecondsPerSecond
    }

    /// Market seconds between two moments, 0...3600: what lies further apart is one jump of an hour.
    func seconds(from: Timestamp, to: Timestamp) -> Double {
        min(3600, max(0, Double((to - from).nanoseconds) * secondsPerNanosecond))
    }

    /// So many market seconds (0...10^6) as time of the clock, at least a microsecond.
    func span(seconds: Double) -> TimeSpan {
        TimeSpan(nanoseconds: max(1000, Int64(min(1e6, max(0, seconds)) * nanosecondsPerSecond)))
    }
}
