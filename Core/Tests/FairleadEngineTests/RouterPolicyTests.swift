import FairleadModel
import Testing

@testable import FairleadEngine

struct RouterPolicyTests {
    private func evidence(
        fill: Int64? = 75,
        fallback: Int64? = 10,
        slip: Int64? = 2,
        milliseconds: Int64? = nil,
        samples: Double = 100
    ) -> Effectiveness {
        Effectiveness(
            makerFill: fill.map { Rate(raw: $0 * 1_000_000) },
            fallback: fallback.map { Rate(raw: $0 * 1_000_000) },
            slipMedian: slip.map { Rate(bps: $0) },
            slip95: slip.map { Rate(bps: $0) },
            acknowledgement: milliseconds.map { .milliseconds($0) },
            starts: samples,
            extremeSlips: samples
        )
    }

    /// Without a prior: what is observed is believed.
    private var bare: PolicyConfiguration {
        var settings = PolicyConfiguration()
        settings.prior.weight = 0
        return settings
    }

    /// Goal: SPEC 7's quality rows, exactly at their bounds. Method: each bound of each row, and one step before it.
    @Test func qualityRows() {
        func quality(_ values: Effectiveness) -> PolicyQuality { PolicyRules.quality(values, bare) }
        #expect(PolicyRules.quality(.none, PolicyConfiguration()) == .good)
        #expect(quality(evidence(fallback: 90)) == .broken)
        #expect(quality(evidence(fallback: 89)) == .degraded)
        #expect(quality(evidence(slip: 20)) == .broken)
        #expect(quality(evidence(slip: 19)) == .degraded)
        #expect(quality(evidence(milliseconds: 2500)) == .broken)
        #expect(quality(evidence(milliseconds: 2499)) == .degraded)
        #expect(quality(evidence(fallback: 60)) == .degraded)
        #expect(quality(evidence(fallback: 59)) == .ok)
        #expect(quality(evidence(slip: 8)) == .degraded)
        #expect(quality(evidence(slip: 7)) == .ok)
        #expect(quality(evidence(milliseconds: 1500)) == .degraded)
        #expect(quality(evidence(milliseconds: 1499)) == .ok)
        #expect(quality(evidence(fill: 70, fallback: 30, slip: 4, milliseconds: 800)) == .good)
        #expect(quality(evidence(fill: 69)) == .ok)
        #expect(quality(evidence(fallback: 31)) == .ok)
        #expect(quality(evidence(slip: 5)) == .ok)
        #expect(quality(evidence(milliseconds: 801)) == .ok)
    }

    /// Goal: every threshold is a setting. Method: each bound moved past what is observed, one after another.
    @Test func thresholdsAreSettings() {
        func quality(_ values: Effectiveness, _ change: (inout PolicyConfiguration) -> Void) -> PolicyQuality {
            var settings = bare
            change(&settings)
            return PolicyRules.quality(values, settings)
        }
        let share = Rate(raw: 9_000_000)
        #expect(quality(evidence()) { $0.broken.fallback = share } == .broken)
        #expect(quality(evidence()) { $0.broken.slip = Rate(bps: 2) } == .broken)
        #expect(quality(evidence(milliseconds: 9)) { $0.broken.acknowledgement = .milliseconds(9) } == .broken)
        #expect(quality(evidence()) { $0.degraded.fallback = share } == .degraded)
        #expect(quality(evidence()) { $0.degraded.slip = Rate(bps: 2) } == .degraded)
        #expect(quality(evidence(milliseconds: 9)) { $0.degraded.acknowledgement = .milliseconds(9) } == .degraded)
        #expect(quality(evidence()) { $0.goodMakerFill = Rate(raw: 76_000_000) } == .ok)
        #expect(quality(evidence()) { $0.good.fallback = share } == .ok)
        #expect(quality(evidence()) { $0.good.slip = Rate(bps: 1) } == .ok)
        #expect(quality(evidence(milliseconds: 9)) { $0.good.acknowledgement = .milliseconds(8) } == .ok)
    }

    /// Goal: what is unknown fires nothing, and the median stands in for a missing 95 % quantile. Method: leave out.
    @Test func unknownsFireNothing() {
        #expect(PolicyRules.quality(evidence(fill: nil, fallback: nil), bare) == .ok)
        #expect(PolicyRules.quality(evidence(slip: nil), bare) == .good)
        var values = evidence()
        values.slip95 = nil
        values.slipMedian = Rate(bps: 20)
        #expect(PolicyRules.quality(values, bare) == .broken)
    }

    /// Goal: few samples move little. Method: RULES' formula by hand, for ratios and slip; latency and n stay.
    @Test func evidenceIsShrunkTowardThePrior() {
        let prior = PolicyPrior()
        let five = evidence(fill: 25, fallback: 60, slip: 12, milliseconds: 900, samples: 5).believed(prior)
        // (0.25 * 5 + 0.75 * 20) / 25, and so on.
        #expect(five.makerFill == Rate(raw: 65_000_000))
        #expect(five.fallback == Rate(raw: 20_000_000))
        #expect(five.slipMedian == Rate(bps: 4) && five.slip95 == Rate(bps: 4))
        #expect(five.acknowledgement == .milliseconds(900))
        #expect(five.starts == 5)
        let none = Effectiveness.none.believed(prior)
        #expect(none.makerFill == prior.makerFill && none.fallback == prior.fallback && none.slip == prior.slip)
        #expect(none.acknowledgement == nil)
        let unfilled = evidence(slip: nil, samples: 5).believed(prior)
        #expect(unfilled.slip == prior.slip, "an unknown slip is the prior's")
        var weightless = prior
        weightless.weight = 0
        #expect(Effectiveness.none.believed(weightless) == .none)
    }

    /// Goal: at the level of broken, slip counts in full, fallback from 20 samples on, and latency always. Method: each
    /// with few samples, where the shrunk value is far from the bound; and what is just under it is shrunk.
    @Test func extremesCountInFull() {
        let settings = PolicyConfiguration()
        #expect(PolicyRules.quality(evidence(slip: 20, samples: 1), settings) == .broken)
        #expect(PolicyRules.quality(evidence(slip: 19, samples: 1), settings) == .good)
        // Less than half of a sample as bad is believed no more.
        #expect(PolicyRules.quality(evidence(slip: 20, samples: 0.5), settings) == .broken)
        #expect(PolicyRules.quality(evidence(slip: 20, samples: 0.49), settings) == .good)
        #expect(PolicyRules.quality(evidence(fill: 10, fallback: 90, samples: 20), settings) == .broken)
        #expect(PolicyRules.quality(evidence(fill: 10, fallback: 90, samples: 19.9), settings) == .ok)
        #expect(PolicyRules.quality(evidence(fill: 10, fallback: 89, samples: 20), settings) == .ok)
        #expect(PolicyRules.quality(evidence(milliseconds: 2500, samples: 0), settings) == .broken)
        #expect(PolicyRules.quality(evidence(milliseconds: 1500, samples: 0), settings) == .degraded)
    }

    /// Goal: a quality gets worse at its bound, and better only past it by the hysteresis, so that it doesn't flap.
    /// Method: evidence about each bound, from each side, with a tenth of hysteresis.
    @Test func qualitiesDoNotFlap() {
        func next(_ values: Effectiveness, _ current: PolicyQuality, _ tenths: Int64 = 1) -> PolicyQuality {
            var settings = bare
            settings.hysteresis = Rate(raw: tenths * 10_000_000)
            return PolicyRules.quality(values, settings, from: current)
        }
        #expect(next(evidence(slip: 20), .good) == .broken)
        #expect(next(evidence(slip: 19), .broken) == .broken)
        #expect(next(evidence(slip: 18), .broken) == .broken, "exactly at it is not past it")
        #expect(next(evidence(slip: 17), .broken) == .degraded)
        #expect(next(evidence(slip: 19), .broken, 0) == .degraded)
        #expect(next(evidence(milliseconds: 2300), .broken) == .broken)
        #expect(next(evidence(milliseconds: 2249), .broken) == .degraded)
        #expect(next(evidence(fallback: 81), .broken) == .broken)
        #expect(next(evidence(fallback: 80), .broken) == .degraded)
        #expect(next(evidence(milliseconds: 1400), .degraded) == .degraded)
        #expect(next(evidence(milliseconds: 1349), .degraded) == .ok)
        #expect(next(evidence(slip: 4), .ok) == .ok)
        #expect(next(evidence(slip: 4), .good) == .good)
        #expect(next(evidence(slip: 3), .ok) == .good)
        #expect(next(evidence(fallback: 28), .ok) == .ok)
        #expect(next(evidence(fallback: 27), .ok) == .good)
        #expect(next(evidence(milliseconds: 721), .ok) == .ok)
        #expect(next(evidence(milliseconds: 720), .ok) == .good)
        // A quarter of the way to the prior's 75 % at most.
        #expect(next(evidence(fill: 71), .ok) == .ok)
        #expect(next(evidence(fill: 72), .ok) == .good)
        // Past several bounds at once.
        #expect(next(evidence(), .broken) == .good)
    }

    /// Goal: what a new symbol is believed to be is always enough to get better, whatever the hysteresis, so that no
    /// quality is for ever. Method: from each quality, with no evidence left.
    @Test func thePriorEndsEachQuality() {
        for percent in stride(from: Int64(0), through: 100, by: 5) {
            var settings = PolicyConfiguration()
            settings.hysteresis = Rate(raw: percent * 1_000_000)
            for quality in PolicyQuality.allCases {
                #expect(PolicyRules.quality(.none, settings, from: quality) == .good, "\(percent) %, \(quality.name)")
            }
        }
    }

    /// Goal: the labels of each quality in each regime. Method: the whole table of SPEC 7 and RULES as rows.
    @Test func labelsByQualityAndRegime() {
        for regime in [MarketRegime.quiet, .normal, .hot] {
            #expect(PolicyRules.takerBias(.good, regime) == .preferMaker)
            #expect(PolicyRules.takerBias(.ok, regime) == .balanced)
            #expect(PolicyRules.takerBias(.degraded, regime) == .preferTaker)
            #expect(PolicyRules.takerBias(.broken, regime) == .preferTaker)
            #expect(PolicyRules.makerFirst(.degraded, regime))
            #expect(!PolicyRules.makerFirst(.broken, regime))
        }
        for quality in PolicyQuality.allCases {
            #expect(PolicyRules.takerBias(quality, .panic) == .preferTaker)
        }
        #expect(PolicyRules.makerFirst(.good, .panic))
        #expect(PolicyRules.makerFirst(.ok, .panic))
        #expect(!PolicyRules.makerFirst(.degraded, .panic))
        #expect(!PolicyRules.makerFirst(.broken, .panic))
        #expect(PolicyRules.biasValue(.preferMaker) == Rate(raw: 25_000_000))
        #expect(PolicyRules.biasValue(.balanced) == Rate(raw: 50_000_000))
        #expect(PolicyRules.biasValue(.preferTaker) == Rate(raw: 75_000_000))
    }

    /// Goal: the base offset, each addition and both clamps. Method: tenths of a bp by hand, from touch and middle.
    @Test func offsets() {
        func tenths(_ values: Effectiveness, _ regime: MarketRegime, _ reference: OffsetReference = .mid) -> Int64 {
            PolicyRules.offset(values, regime, reference).raw * 10 / Rate.bps
        }
        let prior = Effectiveness.none.believed(PolicyPrior())
        #expect(tenths(prior, .normal) == 20)
        #expect(tenths(prior, .quiet) == 15)
        #expect(tenths(prior, .hot) == 25)
        #expect(tenths(prior, .panic) == 30)
        #expect(tenths(prior, .normal, .touch) == 0)
        #expect(tenths(prior, .quiet, .touch) == 0)
        #expect(tenths(prior, .hot, .touch) == 5)
        #expect(tenths(prior, .panic, .touch) == 10)
        #expect(tenths(evidence(fill: 71), .normal) == 15)
        #expect(tenths(evidence(fill: 70), .normal) == 20)
        #expect(tenths(evidence(fill: 70, fallback: 50), .normal) == 20)
        #expect(tenths(evidence(fill: 70, fallback: 51), .normal) == 30)
        #expect(tenths(evidence(fill: 70, fallback: 81), .normal) == 45)
        #expect(tenths(evidence(fill: 70, slip: 5), .normal) == 20)
        #expect(tenths(evidence(fill: 70, slip: 6), .normal) == 28)
        #expect(tenths(evidence(fill: 70, slip: 1), .normal) == 20)
        #expect(tenths(evidence(fill: 70, slip: 0), .normal) == 18)
        #expect(tenths(evidence(fill: 80, slip: 0), .quiet) == 8)
        #expect(tenths(evidence(fill: 80, slip: 0), .quiet, .touch) == 0)
        #expect(tenths(evidence(fallback: 95, slip: 9, samples: 0), .normal) == 20)
        #expect(tenths(evidence(fill: 70, fallback: 95, slip: 9, samples: 0.1), .normal) == 53)
    }

    /// Goal: a reason says what was assumed. Method: the prior with and without a regime, and enough samples.
    @Test func reasons() {
        func policy(_ values: Effectiveness, _ regime: MarketRegime, isAssumed: Bool) -> RouterPolicy {
            PolicyRules.policy(
                .good,
                values,
                PolicyConfiguration(),
                regime: regime,
                isRegimeAssumed: isAssumed,
                reference: .touch
            )
        }
        let first = policy(.none, .normal, isAssumed: true)
        #expect(first.reason == "quality=good;regime=normal;regime_assumed;bootstrap")
        #expect(first == RouterPolicy())
        #expect(policy(evidence(samples: 20), .hot, isAssumed: false).reason == "quality=good;regime=hot")
        #expect(policy(evidence(samples: 19.9), .hot, isAssumed: false).reason == "quality=good;regime=hot;bootstrap")
        // Offsets are of what is believed: 95 % fallbacks of one sample are 14 %.
        #expect(policy(evidence(fallback: 95, samples: 1), .hot, isAssumed: false).offset == .zero)
    }

    /// Goal: what a person sets replaces that and nothing else. Method: each field alone on a symbol in panic.
    @Test func overridesAreLaidOver() {
        func policy(_ override: PolicyOverride) -> RouterPolicy {
            PolicyRules.policy(
                .good,
                evidence(),
                PolicyConfiguration(),
                regime: .panic,
                isRegimeAssumed: false,
                reference: .touch,
                override: override
            )
        }
        let computed = policy(.none)
        #expect(computed.takerBias == .preferTaker && !computed.isOverridden)
        var expected = computed
        expected.isOverridden = true
        expected.offset = Rate(bps: 7)
        #expect(policy(PolicyOverride(offset: Rate(bps: 7))) == expected)
        expected.offset = computed.offset
        expected.makerFirst = false
        #expect(policy(PolicyOverride(makerFirst: false)) == expected)
        expected.makerFirst = true
        expected.takerBias = .balanced
        expected.bias = Rate(raw: 50_000_000)
        #expect(policy(PolicyOverride(takerBias: .balanced)) == expected)
        expected.bias = Rate(raw: 60_000_000)
        #expect(policy(PolicyOverride(bias: Rate(raw: 60_000_000))) == expected)
        // Degraded in panic starts no maker: the table's own word.
        let degraded = policy(PolicyOverride(quality: .degraded))
        #expect(degraded.quality == .degraded && !degraded.makerFirst && degraded.takerBias == .preferTaker)
        let quiet = policy(PolicyOverride(regime: .quiet))
        #expect(quiet.regime == .quiet && quiet.takerBias == .preferMaker && quiet.offset == .zero)
    }

    /// Goal: a bias has SPEC 7's label, exactly. Method: both bounds, and one step beside them.
    @Test func biasesHaveLabels() {
        #expect(TakerBias(of: .zero) == .preferMaker)
        #expect(TakerBias(of: Rate(raw: 35_000_000)) == .preferMaker)
        #expect(TakerBias(of: Rate(raw: 35_000_001)) == .balanced)
        #expect(TakerBias(of: Rate(raw: 64_999_999)) == .balanced)
        #expect(TakerBias(of: Rate(raw: 65_000_000)) == .preferTaker)
        #expect(TakerBias(of: .one) == .preferTaker)
    }
}

struct PolicyTableTests {
    private func configuration(override: PolicyOverride = .none) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        var symbol = SymbolConfiguration()
        symbol.policyOverride = override
        configuration.add(Instrument(symbol: "AAA", terms: routingTerms, origin: "test"))
        configuration.add(Instrument(symbol: "BBB", terms: routingTerms, origin: "test"), symbol)
        return configuration
    }

    /// Goal: a regime that a person sets is the one that counts. Method: panic set for one symbol of two, without bars.
    @Test func regimesCanBeSet() {
        var table = PolicyTable(configuration: configuration(override: PolicyOverride(regime: .panic)))
        var out = Outbox()
        table.recompute(
            at: Timestamp(milliseconds: 1),
            regimes: AtrRegime(instruments: 2),
            evidence: EffectivenessTable(configuration: configuration()),
            into: &out
        )
        #expect(table[InstrumentHandle(0)] == RouterPolicy())
        #expect(table[InstrumentHandle(1)].reason == "quality=good;regime=panic;bootstrap;override")
        #expect(table[InstrumentHandle(1)].takerBias == .preferTaker)
        #expect(table[InstrumentHandle(1)].offset == Rate(bps: 1))
    }

    /// Goal: the age counts from the last recompute, never from a fill, and the next is due a period later. Method:
    /// recompute twice.
    @Test func ages() {
        var table = PolicyTable(configuration: configuration())
        let regimes = AtrRegime(instruments: 2)
        let none = EffectivenessTable(configuration: configuration())
        var out = Outbox()
        #expect(table.age(at: Timestamp(milliseconds: 5)) == nil)
        #expect(table.nextDue == .never)
        table.recompute(at: Timestamp(milliseconds: 1000), regimes: regimes, evidence: none, into: &out)
        #expect(table.age(at: Timestamp(milliseconds: 61_000)) == .seconds(60))
        #expect(table.age(at: .never) == .zero)
        #expect(table.nextDue == Timestamp(milliseconds: 11_000))
        #expect(out.notices.count == 0)
    }

    /// Goal: an override stands for the computed policy and says so. Method: one broken symbol beside one that is not,
    /// then a reload without it, and a copy through a snapshot.
    @Test func overrides() {
        var table = PolicyTable(configuration: configuration(override: PolicyOverride(quality: .broken)))
        let regimes = AtrRegime(instruments: 2)
        let none = EffectivenessTable(configuration: configuration())
        var out = Outbox()
        table.recompute(at: Timestamp(milliseconds: 1), regimes: regimes, evidence: none, into: &out)
        #expect(table[InstrumentHandle(0)].quality == .good)
        #expect(table[InstrumentHandle(1)].quality == .broken)
        #expect(table[InstrumentHandle(1)].takerBias == .preferTaker)
        #expect(!table[InstrumentHandle(1)].makerFirst)
        #expect(table[InstrumentHandle(1)].reason == "quality=broken;regime=normal;regime_assumed;override")
        #expect(out.notices.count == 1)

        var writer = VisitedWords()
        table.visitState(&writer)
        var reader = VisitedWords(reading: writer.words)
        var copy = PolicyTable(configuration: configuration())
        copy.visitState(&reader)
        #expect(copy[InstrumentHandle(1)] == table[InstrumentHandle(1)])
        #expect(copy.computedAt == table.computedAt)

        table.configure(configuration())
        #expect(table[InstrumentHandle(1)].quality == .broken)
        table.recompute(at: Timestamp(milliseconds: 2), regimes: regimes, evidence: none, into: &out)
        #expect(table[InstrumentHandle(1)].quality == .good)
    }

    /// Goal: evidence makes the policy, and what made it is told with it. Method: thirty parents that fell back, of one
    /// symbol of two.
    @Test func evidenceMakesThePolicy() throws {
        var table = PolicyTable(configuration: configuration())
        var evidence = EffectivenessTable(configuration: configuration())
        let regimes = AtrRegime(instruments: 2)
        let now = Timestamp(milliseconds: 1_700_000_000_000)
        for _ in 0..<30 {
            evidence.ended(
                MakerSample(isFilled: false, isFallenBack: true, slip: Rate(bps: 3)),
                InstrumentHandle(1),
                at: now
            )
        }
        evidence.evaluate(at: now)
        var out = Outbox()
        table.recompute(at: now, regimes: regimes, evidence: evidence, into: &out)
        #expect(table[InstrumentHandle(0)] == RouterPolicy())
        #expect(table[InstrumentHandle(1)].reason == "quality=broken;regime=normal;regime_assumed")
        #expect(out.notices.count == 1)
        guard case .policyComputed(let record) = try #require(out.notices.first) else {
            Issue.record("another notice")
            return
        }
        #expect(record.evidence == evidence[InstrumentHandle(1)])
        #expect(record.evidence.fallback == .one && record.evidence.samples == 30)
        #expect(record.evidence.slip95 == Rate(bps: 3))
    }
}
