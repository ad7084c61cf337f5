import FairleadModel
import Glibc
import Testing

struct DeterministicMathTests {
    /// Goal: logarithm and exponential are right. Method: a sweep over the range of doubles against the system's, whose
    /// own error is below one unit in the last place.
    @Test func agreesWithTheSystem() {
        let seed: UInt64 = 31
        var random = DeterministicRandom(seed: seed)
        var wrong: [Double] = []
        for _ in 0..<50_000 {
            let exponent = Int(random.next(in: -300...300))
            let value = Double(sign: .plus, exponent: exponent, significand: 1 + random.nextUnit())
            let expected = Glibc.log(value)
            if abs(DeterministicMath.log(value) - expected) > 2 * expected.ulp + 1e-17 { wrong.append(value) }
            let power = (random.nextUnit() - 0.5) * 1390
            let raised = Glibc.exp(power)
            if abs(DeterministicMath.exp(power) - raised) > 3 * raised.ulp { wrong.append(power) }
        }
        #expect(wrong == [], "seed \(seed)")
    }

    /// Goal: the hyperbolic tangent is right, odd, and within its ends. Method: a sweep against the system's; 0, far
    /// out, and what is no number.
    @Test func hyperbolicTangent() {
        for step in -4000...4000 {
            let value = Double(step) * 0.0051
            let difference = abs(DeterministicMath.tanh(value) - Glibc.tanh(value))
            #expect(difference <= 0x1p-51, "\(value)")
            #expect(DeterministicMath.tanh(-value) == -DeterministicMath.tanh(value))
        }
        #expect(DeterministicMath.tanh(0) == 0)
        #expect(DeterministicMath.tanh(1e9) == 1)
        #expect(DeterministicMath.tanh(-.infinity) == -1)
        #expect(DeterministicMath.tanh(.nan) == -1)
    }

    /// Goal: the ends are where they are said to be. Method: exact values, limits, and what is no number.
    @Test func endsAndExactValues() {
        #expect(DeterministicMath.log(1) == 0)
        #expect(DeterministicMath.exp(0) == 1)
        #expect(DeterministicMath.exp(1e9) == DeterministicMath.exp(700))
        #expect(DeterministicMath.exp(-.infinity) == DeterministicMath.exp(-700))
        #expect(DeterministicMath.exp(.nan) == DeterministicMath.exp(-700))
        #expect(DeterministicMath.exp(700).isFinite)
        #expect(DeterministicMath.exp(-700) > 0)
        #expect(DeterministicMath.squareRoot(2) == 2.0.squareRoot())
        #expect(DeterministicMath.squareRoot(-1) == 0)
        #expect(DeterministicMath.squareRoot(.nan) == 0)
    }

    /// Goal: the bits never change with a toolchain or a machine. Method: a digest of a sweep, written down.
    @Test func goldenBits() {
        var mixed: UInt64 = 0
        for step in 1...10_000 {
            let value = Double(step) * 0.037
            mixed = mixed &* 31 &+ DeterministicMath.log(value).bitPattern
            mixed = mixed &* 31 &+ DeterministicMath.exp(value - 185).bitPattern
        }
        #expect(mixed == 3_600_401_422_363_280_828)
    }
}
