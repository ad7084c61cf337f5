/// Logarithm and exponential of our own: the same bits on every machine, which a system's libm does not promise.
///
/// Only additions, multiplications, divisions and square roots, which IEEE 754 defines to the last bit and Swift does
/// not contract. Errors stay below 2 units in the last place.
public enum DeterministicMath {
    /// ln 2 in two parts: the first has so few bits that its product with an exponent is exact.
    @usableFromInline static let logOfTwoHigh = 0x1.62e42feep-1
    @usableFromInline static let logOfTwoLow = 0x1.a39ef35793c76p-33
    /// Where the exponential leaves the range of normal numbers.
    public static let exponentLimit = 700.0

    /// The natural logarithm. `value` must be positive and finite.
    public static func log(_ value: Double) -> Double {
        precondition(value > 0, "Invariant: a logarithm is taken of a positive number")
        precondition(value.isFinite, "Invariant: a logarithm is taken of a finite number")
        // value = fraction * 2^exponent with the fraction in [sqrt(1/2), sqrt(2)).
        var fraction = value.significand
        var exponent = Double(value.exponent)
        if fraction > 1.414_213_562_373_095_1 {
            fraction *= 0.5
            exponent += 1
        }
        // ln f = 2 artanh(s), s = (f - 1) / (f + 1), |s| < 0.172: 11 terms of the series reach 2^-56.
        let s = (fraction - 1) / (fraction + 1)
        let square = s * s
        var sum = 1.0 / 23
        var divisor = 21.0
        while divisor > 2 {
            sum = sum * square + 1 / divisor
            divisor -= 2
        }
        let series = 2 * s * square * sum + 2 * s
        return exponent * logOfTwoHigh + (exponent * logOfTwoLow + series)
    }

    /// e to the power of `value`, which is cut to -700...700; not a number gives e^-700.
    public static func exp(_ value: Double) -> Double {
        let floored = value > -exponentLimit ? value : -exponentLimit
        let x = floored < exponentLimit ? floored : exponentLimit
        // x = k ln 2 + r with |r| < 0.347: 13 terms of the series reach 2^-57.
        let count = (x * 1.442_695_040_888_963_4).rounded()
        let r = (x - count * logOfTwoHigh) - count * logOfTwoLow
        var sum = 1.0
        var term = 13.0
        while term >= 1 {
            sum = 1 + r / term * sum
            term -= 1
        }
        return Double(sign: .plus, exponent: Int(count), significand: sum)
    }

    /// The hyperbolic tangent, within 2^-51; -1 for what is not a number.
    public static func tanh(_ value: Double) -> Double {
        // (1 - t) / (1 + t) with t = e^(-2 |x|): no difference of large numbers.
        let t = exp(-2 * value.magnitude)
        let size = (1 - t) / (1 + t)
        return value > 0 ? size : -size
    }

    /// The square root, exact to the last bit by the hardware's own rule. Negative values and NaN give zero.
    public static func squareRoot(_ value: Double) -> Double { value > 0 ? value.squareRoot() : 0 }
}
