import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct KellyEdgeTests {
    private static func edge(_ rates: [Double], minimum: Int = 15) -> KellyEdge {
        var configuration = KellyConfiguration()
        configuration.minimumTrades = minimum
        return KellyEdge(tally(rates), configuration)
    }

    /// Goal: the fraction is Kelly's. Method: the shared vector, 0.55 and 1.2 to 0.175, as twenty trades; its file
    /// where it is there.
    @Test func theVectorHolds() throws {
        let edge = Self.edge(times(11, 0.012) + times(9, -0.010))
        #expect(edge.basis == .edge)
        #expect(edge.winRate == rate(0.55))
        #expect(edge.payoff == rate(1.2))
        #expect(isClose(edge.fraction?.double, 0.175))
        let expected = try SharedVectors.load()?["kelly"]?["binary_p0.55_b1.2"]?.double
        #expect(expected == nil || isClose(edge.fraction?.double, expected))
    }

    /// Goal: the fraction is (p b - (1 - p)) / b of whatever trades, rounded down. Method: drawn trades against the
    /// formula in doubles.
    @Test func theFormulaHolds() {
        let seed: UInt64 = 5
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let count = Int.random(in: 15...400, using: &generator)
            let rates = (0..<count).map { _ in
                (Double.random(in: -0.2...0.25, using: &generator) * 1e6).rounded() / 1e6
            }
            let wins = rates.filter { $0 > 0 }
            let losses = rates.filter { $0 < 0 }
            guard !wins.isEmpty, !losses.isEmpty else { continue }
            let p = Double(wins.count) / Double(count)
            let b = (wins.reduce(0, +) / Double(wins.count)) / (-losses.reduce(0, +) / Double(losses.count))
            let edge = Self.edge(rates)
            let expected = (p * b - (1 - p)) / b
            #expect(abs((edge.fraction?.double ?? .nan) - expected) < 2e-8, "seed \(seed)")
            #expect(edge.basis == ((edge.fraction ?? .zero) > .zero ? .edge : .noEdge))
        }
    }

    /// Goal: break-evens are trades, and neither wins nor losses. Method: the same wins and losses with and without.
    @Test func breakEvensCountAsTrades() {
        let without = Self.edge(times(12, 0.02) + times(3, -0.01))
        let with = Self.edge(times(12, 0.02) + times(3, -0.01) + times(5, 0))
        #expect(without.winRate == rate(0.8))
        #expect(with.winRate == rate(0.6))
        #expect(without.payoff == with.payoff)
        #expect(with.trades == 20)
        #expect(without.fraction == rate(0.7))
        #expect(with.fraction == rate(0.4))
    }

    /// Goal: nothing is believed under `min_trades`, and all of it from there on. Method: losses only and wins only,
    /// one short of it and at it.
    @Test func fewTradesGetTheBaseFraction() {
        for rates in [times(14, -0.5), times(14, 0.5), times(7, 0.01) + times(7, -0.5), []] {
            let edge = Self.edge(rates)
            #expect(edge.basis == .base)
            #expect(edge.fraction == rate(0.02))
        }
        #expect(Self.edge([]).winRate == nil)
        #expect(Self.edge(times(14, -0.5)).winRate == .zero)
        #expect(Self.edge(times(15, -0.5)).basis == .noEdge)
    }

    /// Goal: a strategy that never lost has the base fraction; one that never won has no edge, and no number for it.
    /// Method: fifteen of each, with break-evens, and break-evens alone.
    @Test func withoutALossOrWithoutAWin() {
        for rates in [times(15, 0.1), times(14, 0.1) + [0]] {
            #expect(Self.edge(rates).basis == .base)
            #expect(Self.edge(rates).fraction == rate(0.02))
            #expect(Self.edge(rates).payoff == nil)
        }
        for rates in [times(15, -0.1), times(14, 0) + [-0.1], times(15, 0)] {
            #expect(Self.edge(rates).basis == .noEdge)
            #expect(Self.edge(rates).fraction == nil)
        }
    }

    /// Goal: an edge of 0 is none. Method: even bets, and ones that are better by the least return.
    @Test func anEdgeOfZeroIsNone() {
        let even = Self.edge(times(10, 0.1) + times(10, -0.1))
        #expect(even.basis == .noEdge)
        #expect(even.fraction == .zero)
        #expect(Self.edge(times(10, 0.1) + times(10, -0.2)).fraction == rate(-0.5))
        let better = Self.edge(times(10, 0.1000001) + times(10, -0.1))
        #expect(better.basis == .edge)
    }

    /// Goal: the load sums what moves together, and nothing else. Method: same and opposite directions with positive
    /// and negative correlations, none known, no number, more than 1, no position.
    @Test func theLoadIsWhatMovesTogether() {
        func load(_ positions: [CorrelationHaircut.Holding]) -> Rate { CorrelationHaircut.load(positions) }
        #expect(load([]) == .zero)
        #expect(load([(0.6, true)]) == rate(0.6))
        #expect(load([(0.6, false)]) == .zero)
        #expect(load([(-0.4, false)]) == rate(0.4))
        #expect(load([(-0.4, true)]) == .zero)
        #expect(load([(0.6, true), (-0.4, false), (0.9, false), (0, true)]) == rate(1))
        #expect(load([(nil, true), (.nan, true), (0.25, true)]) == rate(0.25))
        #expect(load([(7, true)]) == rate(1))
        // Up: the size that is divided by it is never too large.
        #expect(load([(0.123456781, true)]) == Rate(raw: 12_345_679))
    }
}
