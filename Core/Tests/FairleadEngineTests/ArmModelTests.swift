import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct ArmModelTests {
    private static let one = InstrumentHandle(0)
    private static let other = InstrumentHandle(1)
    private static let start = Timestamp(milliseconds: 1_700_000_000_000)

    private static func model(_ adjust: (inout AdaptiveConfiguration) -> Void = { _ in }) -> ArmModel {
        var settings = AdaptiveConfiguration()
        adjust(&settings)
        var model = ArmModel(instruments: 3, settings)
        model.decay(one, at: start)
        model.decay(other, at: start)
        return model
    }

    /// What a quote comes to where the hazards of both intervals, and the move of what is not filled, are given.
    private static func sample(
        _ arm: RouteArm,
        cell: UInt8,
        _ hazards: (Double, Double),
        move: Double,
        _ random: inout DeterministicRandom
    ) -> ArmSample {
        var sample = ArmSample(arm: arm, cell: cell, filled: 0, isFilledEarly: false, move: move)
        if random.nextUnit() < hazards.0 {
            (sample.filled, sample.isFilledEarly, sample.move) = (1, true, nil)
        } else if !arm.isShort, random.nextUnit() < hazards.1 {
            (sample.filled, sample.move) = (1, nil)
        }
        return sample
    }

    /// Goal: of a symbol of which nothing is known the model says what is assumed. Method: every arm of a fresh model.
    @Test func knowsNothingAtFirst() {
        let model = Self.model()
        #expect(abs(model.fill(Self.one, .joinShort, cell: 0) - 0.4) < 1e-12)
        #expect(abs(model.fill(Self.one, .joinLong, cell: 11) - (1 - 0.6 * 0.4)) < 1e-12)
        #expect(model.fill(Self.one, .take, cell: 0) == 0)
        #expect(model.fill(Self.one, .deeperLong, cell: 5) < model.fill(Self.one, .joinLong, cell: 5))
        #expect(model.move(Self.one, .joinShort, cell: 3) == 1)
        #expect(model.move(Self.one, .joinLong, cell: 3) == 2)
        #expect(model.impact(Self.one) == 0)
        for arm in RouteArm.allCases { #expect(model.samples(Self.one, arm) == 0) }
    }

    /// Goal: the estimates come to what is true, each cell to its own. Method: a world whose hazards and moves differ
    /// by cell, 40,000 quotes of both timeouts, and another symbol that saw none of them.
    @Test func convergesOnASyntheticWorld() {
        var model = Self.model()
        var random = DeterministicRandom(seed: 11)
        func truth(_ cell: UInt8) -> (hazards: (Double, Double), move: Double) {
            let share = Double(cell % 3)
            return ((0.7 - 0.25 * share, 0.5 - 0.1 * share), 1 + share + (cell >= 6 ? 3 : 0))
        }
        for round in 0..<40_000 {
            let cell = UInt8(random.next(below: 12))
            let (hazards, move) = truth(cell)
            let arm: RouteArm = round % 2 == 0 ? .joinLong : .joinShort
            model.learn(Self.sample(arm, cell: cell, hazards, move: move, &random), Self.one)
        }
        for cell in 0..<UInt8(12) {
            let ((first, second), move) = truth(cell)
            #expect(abs(model.fill(Self.one, .joinShort, cell: cell) - first) < 0.03, "cell \(cell)")
            let whole = 1 - (1 - first) * (1 - second)
            #expect(abs(model.fill(Self.one, .joinLong, cell: cell) - whole) < 0.03, "cell \(cell)")
            #expect(abs(model.move(Self.one, .joinLong, cell: cell) - move) < 0.25, "cell \(cell)")
        }
        // A symbol of its own that saw nothing starts from what the others came to, not from what was assumed.
        let pooled = model.fill(Self.other, .joinShort, cell: 0)
        #expect(abs(pooled - 0.45) < 0.02)
        #expect(model.samples(Self.other, .joinShort) == 0)
        model.checkInvariants()
    }

    /// Goal: a quote that was only to rest for the short timeout is censored, not a failure of the long one. Method:
    /// 1,000 long quotes, then 5,000 short ones that did not fill; the second interval says what it said.
    @Test func censorsShortQuotes() {
        var model = Self.model()
        var random = DeterministicRandom(seed: 5)
        for _ in 0..<1_000 {
            model.learn(Self.sample(.joinLong, cell: 4, (0.3, 0.8), move: 1, &random), Self.one)
        }
        func second() -> Double {
            let (short, long) = (model.fill(Self.one, .joinShort, cell: 4), model.fill(Self.one, .joinLong, cell: 4))
            return 1 - (1 - long) / (1 - short)
        }
        let before = second()
        let sample = ArmSample(arm: .joinShort, cell: 4, filled: 0, isFilledEarly: false, move: 1)
        for _ in 0..<5_000 { model.learn(sample, Self.one) }
        #expect(abs(second() - before) < 1e-9)
        #expect(abs(before - 0.8) < 0.05)
        #expect(model.fill(Self.one, .joinShort, cell: 4) < 0.08)
    }

    /// Goal: a fill before the short timeout says of both arms that they fill; a later one that the short one does not.
    /// Method: one of each.
    @Test func splitsFillsByTheShortTimeout() {
        var model = Self.model { $0.priorWeight = 1 }
        model.learn(ArmSample(arm: .joinLong, cell: 0, filled: 1, isFilledEarly: true), Self.one)
        #expect(model.fill(Self.one, .joinShort, cell: 0) > 0.8)
        for _ in 0..<50 {
            model.learn(ArmSample(arm: .joinLong, cell: 0, filled: 1, isFilledEarly: false), Self.one)
        }
        #expect(model.fill(Self.one, .joinShort, cell: 0) < 0.1)
        #expect(model.fill(Self.one, .joinLong, cell: 0) > 0.9)
        #expect(model.samples(Self.one, .joinShort) == 51)
    }

    /// Goal: what is not tried any more is believed less and less. Method: bad evidence, ten half-lives, and the
    /// estimate is back at what is assumed.
    @Test func forgets() {
        var model = Self.model { $0.halfLife = .hours(24) }
        let miss = ArmSample(arm: .joinLong, cell: 1, filled: 0, isFilledEarly: false, move: 20)
        for _ in 0..<300 { model.learn(miss, Self.one) }
        #expect(model.fill(Self.one, .joinLong, cell: 1) < 0.1)
        #expect(model.move(Self.one, .joinLong, cell: 1) > 18)
        model.decay(Self.one, at: Self.start + .hours(24))
        #expect(abs(model.samples(Self.one, .joinLong) - 150) < 1)
        model.decay(Self.one, at: Self.start + .hours(24 * 14))
        #expect(abs(model.fill(Self.one, .joinLong, cell: 1) - 0.76) < 0.01)
        #expect(abs(model.move(Self.one, .joinLong, cell: 1) - 2) < 0.1)
        model.checkInvariants()
    }

    /// Goal: a price that jumped can't make an estimate absurd. Method: moves and impacts far over the limit.
    @Test func cutsMoves() {
        var model = Self.model { $0.priorWeight = 1 }
        for _ in 0..<1_000 {
            model.learn(
                ArmSample(arm: .deeperShort, cell: 2, filled: 0.25, isFilledEarly: false, move: 9_000),
                Self.one
            )
            model.taken(Self.one, extraBps: -9_000)
        }
        #expect(model.move(Self.one, .deeperShort, cell: 2) <= 50)
        #expect(model.impact(Self.one) >= -50)
        // A quarter of each order was filled.
        #expect(abs(model.fill(Self.one, .deeperShort, cell: 2) - 0.25) < 0.01)
    }

    /// Goal: a snapshot holds all of it. Method: write, read into a fresh model, and ask both.
    @Test func isWhollyVisited() {
        var model = Self.model()
        var random = DeterministicRandom(seed: 3)
        for _ in 0..<200 {
            let arm = RouteArm.at(Int(random.next(in: 1...4)))
            let cell = UInt8(random.next(below: 12))
            model.learn(Self.sample(arm, cell: cell, (0.4, 0.4), move: 3, &random), Self.other)
            model.taken(Self.one, extraBps: 2)
        }
        var writer = VisitedWords()
        model.visitState(&writer)
        var read = ArmModel(instruments: 3, AdaptiveConfiguration())
        var reader = VisitedWords(reading: writer.words)
        read.visitState(&reader)
        #expect(reader.isAtEnd)
        for arm in RouteArm.allCases {
            for cell in 0..<UInt8(12) {
                #expect(read.fill(Self.other, arm, cell: cell) == model.fill(Self.other, arm, cell: cell))
                #expect(read.move(Self.other, arm, cell: cell) == model.move(Self.other, arm, cell: cell))
            }
        }
        let (kept, was) = (read.impact(Self.one), model.impact(Self.one))
        #expect(kept == was && was > 0)
    }
}
