import FairleadModel
import Testing

@testable import FairleadEngine

/// Bars whose closes make given returns.
struct ReturnBars {
    private(set) var close: Double
    private(set) var openTime = Timestamp(milliseconds: 1_600_000_000_000)

    init(from close: Double = 100) { self.close = close }

    mutating func next(_ change: Double, of instrument: InstrumentHandle = InstrumentHandle(0)) -> BarReport {
        close *= 1 + change
        openTime = openTime + .minutes(1)
        let price = Price(raw: Int64((close * 1e8).rounded()))
        return BarReport(
            instrument: instrument,
            openTime: openTime,
            open: price,
            high: price,
            low: price,
            close: price,
            volume: .zero
        )
    }

    /// Returns of 0.1 % up and down, the last of them a hundred times that, or none: low, normal, high, crisis.
    static func returns(_ regime: SizingRegime) -> [Double] {
        func wave(_ size: Double, _ count: Int) -> [Double] { (0..<count).map { $0 % 2 == 0 ? size : -size } }
        let length = VolatilityTable.longBars + 1
        return switch regime {
        case .low: wave(0.001, length - 168) + wave(0, 168)
        case .normal: wave(0.001, length)
        case .high: wave(0.001, length - 168) + wave(0.1, 168)
        case .crisis: wave(0.001, length - 20) + wave(0.1, 20)
        }
    }
}

@Suite struct VolatilityTableTests {
    private static let instrument = InstrumentHandle(0)

    private static func regime(_ table: borrowing VolatilityTable) -> SizingRegime {
        table.regime(instrument).regime
    }

    /// Goal: the regimes are entered at their bounds. Method: squared ratios at each bound and just under it.
    @Test func boundsOfTheRegimes() {
        let cases: [(Double, SizingRegime)] = [
            (0, .low), (0.36.nextDown, .low), (0.36, .normal), (1.44.nextDown, .normal), (1.44, .high),
            (3.24.nextDown, .high), (3.24, .crisis), (1e30, .crisis),
        ]
        for (square, expected) in cases {
            #expect(VolatilityTable.regime(short: square, long: 1) == expected, "\(square)")
        }
    }

    /// Goal: each regime is reached by bars. Method: 720 returns of which the last are of another size.
    @Test(arguments: SizingRegime.allCases)
    func barsMakeARegime(expected: SizingRegime) {
        var table = VolatilityTable(instruments: 1)
        var bars = ReturnBars()
        for change in ReturnBars.returns(expected) { table.apply(bars.next(change)) }
        let found = table.regime(Self.instrument)
        #expect(found.regime == expected)
        #expect(!found.isAssumed)
    }

    /// Goal: without a long history it is normal, and said to be assumed. Method: a crisis one bar short of it; the
    /// first bar has no return.
    @Test func aShortHistoryIsNormal() {
        var table = VolatilityTable(instruments: 1)
        var bars = ReturnBars()
        let returns = ReturnBars.returns(.crisis)
        for change in returns.dropFirst() { table.apply(bars.next(change)) }
        let before = table.regime(Self.instrument)
        #expect(before.regime == .normal && before.isAssumed)
        let ratio = table.ratio(Self.instrument)
        #expect(ratio == nil)
        table.apply(bars.next(0.1))
        let after = table.regime(Self.instrument)
        #expect(after.regime == .crisis && !after.isAssumed)
    }

    /// Goal: a market that does not move is normal. Method: flat bars, also after it had moved.
    @Test func aStillMarketIsNormal() {
        var table = VolatilityTable(instruments: 1)
        var bars = ReturnBars()
        for _ in 0..<1000 { table.apply(bars.next(0)) }
        #expect(Self.regime(table) == .normal)
        for change in ReturnBars.returns(.crisis) { table.apply(bars.next(change)) }
        for _ in 0..<3000 { table.apply(bars.next(0)) }
        let found = table.regime(Self.instrument)
        #expect(found.regime == .normal && found.isAssumed)
    }

    /// Goal: running sums are the windows' own. Method: 3,000 drawn bars; the ratio against weights summed anew.
    @Test func runningSumsAreTheWindows() {
        let seed: UInt64 = 9
        var generator = SeededGenerator(seed: seed)
        var table = VolatilityTable(instruments: 2)
        var bars = ReturnBars()
        var closes: [Double] = []
        for step in 0..<3000 {
            let size = step / 400 % 2 == 0 ? 0.001 : 0.01
            let bar = bars.next(Double.random(in: -size...size, using: &generator), of: InstrumentHandle(1))
            closes.append(Double(bar.close.raw))
            table.apply(bar)
            guard step % 97 == 0, step >= VolatilityTable.longBars else { continue }
            let squares = zip(closes.dropFirst(), closes).map { ($0 / $1 - 1) * ($0 / $1 - 1) }
            func mean(_ count: Int, _ halfLife: Double) -> Double {
                let decay = DeterministicMath.exp(-0.693_147_180_559_945_3 / halfLife)
                var (sum, weights, weight) = (0.0, 0.0, 1.0)
                for square in squares.suffix(count).reversed() {
                    sum += weight * square
                    weights += weight
                    weight *= decay
                }
                return sum / weights
            }
            let expected = (mean(168, 84) / mean(720, 360)).squareRoot()
            let ratio = table.ratio(InstrumentHandle(1))
            #expect(abs((ratio ?? 0) - expected) < 1e-9 * expected, "step \(step), seed \(seed)")
        }
        let other = table.ratio(InstrumentHandle(0))
        #expect(other == nil)
    }

    /// Goal: a snapshot goes on as the table itself. Method: written and read after the ring has turned, both fed on.
    @Test func aSnapshotGoesOn() {
        var table = VolatilityTable(instruments: 1)
        var bars = ReturnBars()
        for step in 0..<900 { table.apply(bars.next(step % 7 == 0 ? 0.003 : -0.001)) }
        var writer = WordVisitor()
        table.visitState(&writer)
        var read = VolatilityTable(instruments: 1)
        var reader = WordVisitor(reading: writer.words)
        read.visitState(&reader)
        #expect(reader.isAtEnd)
        for step in 0..<900 {
            let bar = bars.next(step % 5 == 0 ? 0.002 : -0.001)
            table.apply(bar)
            read.apply(bar)
        }
        let (a, b) = (table.ratio(Self.instrument), read.ratio(Self.instrument))
        #expect(a != nil && a == b)
    }
}
