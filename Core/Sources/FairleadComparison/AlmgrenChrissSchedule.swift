internal import Glibc

/// How fast a large order is best traded where trading moves the price in proportion to its pace, and waiting costs
/// risk (Almgren and Chriss 2000; EXECUTION-QUALITY 3). A pure function: nothing routes by it.
///
/// Quantities are units, prices money a unit, times of one unit that the caller chooses.
public struct AlmgrenChrissSchedule: Hashable, Sendable {
    public var quantity: Double
    /// Above 0.
    public var duration: Double
    /// 1 at least.
    public var slices: Int
    /// Standard deviation of the price over a unit of time.
    public var volatility: Double
    /// Paid by each unit whatever the pace: half the spread, and fees.
    public var fixedCost: Double
    /// What a unit moves the price for good.
    public var permanentImpact: Double
    /// What a unit of pace (units a unit of time) moves the price while it lasts.
    public var temporaryImpact: Double
    /// Money that a unit of variance is worth: 0 looks at cost alone, below 0 likes risk.
    public var riskAversion: Double

    /// nil unless there is a schedule: a duration and slices; a temporary impact that half of the permanent one over a
    /// slice does not outweigh (else the cheapest pace is without end); no risk liked so much that no pace is best.
    public init?(
        quantity: Double,
        duration: Double,
        slices: Int,
        volatility: Double,
        fixedCost: Double,
        permanentImpact: Double,
        temporaryImpact: Double,
        riskAversion: Double
    ) {
        self.quantity = quantity
        self.duration = duration
        self.slices = slices
        self.volatility = volatility
        self.fixedCost = fixedCost
        self.permanentImpact = permanentImpact
        self.temporaryImpact = temporaryImpact
        self.riskAversion = riskAversion
        guard duration > 0, slices > 0, slices <= 1_000_000, duration.isFinite else { return nil }
        guard adjustedImpact > 0, curvature.isFinite, curvature > -2 else { return nil }
        // Sines have no schedule behind half a turn.
        guard curvature >= 0 || pace * duration < .pi else { return nil }
    }

    private var interval: Double { duration / Double(slices) }
    /// The temporary impact less what the permanent one takes of it in a slice: `eta - gamma tau / 2`.
    private var adjustedImpact: Double { temporaryImpact - permanentImpact * interval / 2 }
    /// `lambda sigma^2 tau^2 / eta~`: above 0 the schedule begins fast, below 0 slowly.
    private var curvature: Double { riskAversion * volatility * volatility * interval * interval / adjustedImpact }

    /// Kappa, of a unit of time: `acosh(curvature / 2 + 1) / tau`; the angle's pace where risk is liked; 0 is TWAP.
    public var pace: Double {
        let argument = curvature / 2 + 1
        return (curvature >= 0 ? acosh(argument) : acos(argument)) / interval
    }

    /// The time in which what is held falls to 1/e of itself, were there no end; nil where the pace has none.
    public var halfLife: Double? { curvature > 0 ? 1 / pace : nil }

    /// What is still held at the beginning and behind each slice: `slices + 1` quantities, the last 0.
    public var holdings: [Double] {
        (0...slices).map { slice in
            if slice == slices { return 0 }
            let left = duration - Double(slice) * interval
            // `sinh(kappa left) / sinh(kappa T)` by exponentials that can't grow without bound.
            if curvature > 0 {
                let gone = exp(-pace * (duration - left))
                return quantity * gone * (1 - exp(-2 * pace * left)) / (1 - exp(-2 * pace * duration))
            }
            if curvature < 0 { return quantity * sin(pace * left) / sin(pace * duration) }
            return quantity * left / duration
        }
    }

    /// What each slice trades; they sum to the quantity.
    public var trades: [Double] {
        let held = holdings
        return (1...slices).map { held[$0 - 1] - held[$0] }
    }

    /// `gamma X^2 / 2 + epsilon sum |n| + (eta~ / tau) sum n^2`: money, against the price at arrival.
    public var expectedCost: Double {
        let trades = trades
        let fixed = trades.reduce(0) { $0 + abs($1) } * fixedCost
        let temporary = trades.reduce(0) { $0 + $1 * $1 } * adjustedImpact / interval
        return permanentImpact * quantity * quantity / 2 + fixed + temporary
    }

    /// `sigma^2 tau sum x^2` over what is held behind each slice: money squared.
    public var variance: Double {
        volatility * volatility * interval * holdings.dropFirst().reduce(0) { $0 + $1 * $1 }
    }
}
