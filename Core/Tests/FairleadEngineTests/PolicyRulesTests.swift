import FairleadModel
import Testing

@testable import FairleadEngine

struct PolicyRulesTests {
    private func evidence(
        fill: Int64? = 75,
        fallback: Int64? = 10,
        slip: Int64? = 2,
        milliseconds: Int64? = nil,
        samples: Int = 100
    ) -> Effectiveness {
        Effectiveness(
            makerFill: fill.map { Rate(raw: $0 * 1_000_000) },
            fallback: fallback.map { Rate(raw: $0 * 1_000_000) },
            slipMedian: slip.map { Rate(bps: $0) },
            slip95: slip.map { Rate(bps: $0) },
            acknowledgement: milliseconds.map { .milliseconds($0) },
            samples: samples
        )
    }

    /// Goal: SPEC 7's quality rows, exactly at their bounds. Method: each bound of each row, and one step before it.
    @Test func qualityRows() {
        #expect(PolicyRules.quality(.prior) == .good)
        #expect(PolicyRules.quality(evidence(fallback: 90)) == .broken)
        #expect(PolicyRules.quality(evidence(fallback: 89)) == .degraded)
        #expect(PolicyRules.quality(evidence(slip: 20)) == .broken)
        #expect(PolicyRules.quality(evidence(slip: 19)) == .degraded)
        #expect(PolicyRules.quality(evidence(milliseconds: 2500)) == .broken)
        #expect(PolicyRules.quality(evidence(milliseconds: 2499)) == .degraded)
        #expect(PolicyRules.quality(evidence(fallback: 60)) == .degraded)
        #expect(PolicyRules.quality(evidence(fallback: 59)) == .ok)
        #expect(PolicyRules.quality(evidence(slip: 8)) == .degraded)
        #expect(PolicyRules.quality(evidence(slip: 7)) == .ok)
        #expect(PolicyRules.quality(evidence(milliseconds: 1500)) == .degraded)
        #expect(PolicyRules.quality(evidence(milliseconds: 1499)) == .ok)
        #expect(PolicyRules.quality(evidence(fill: 70, fallback: 30, slip: 4, milliseconds: 800)) == .good)
        #expect(PolicyRules.quality(evidence(fill: 69)) == .ok)
        #expect(PolicyRules.quality(evidence(fallback: 31)) == .ok)
        #expect(PolicyRules.quality(evidence(slip: 5)) == .ok)
        #expect(PolicyRules.quality(evidence(milliseconds: 801)) == .ok)
    }

    /// Goal: what is unknown fires nothing, and the median stands in for a missing 95 % quantile. Method: leave out.
    @Test func unknownsFireNothing() {
        #expect(PolicyRules.quality(evidence(fill: nil, fallback: nil)) == .ok)
        #expect(PolicyRules.quality(evidence(slip: nil)) == .good)
        var values = evidence()
        values.slip95 = nil
        values.slipMedian = Rate(bps: 20)
        #expect(PolicyRules.quality(values) == .broken)
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
        #expect(tenths(.prior, .normal) == 20)
        #expect(tenths(.prior, .quiet) == 15)
        #expect(tenths(.prior, .hot) == 25)
        #expect(tenths(.prior, .panic) == 30)
        #expect(tenths(.prior, .normal, .touch) == 0)
        #expect(tenths(.prior, .quiet, .touch) == 0)
        #expect(tenths(.prior, .hot, .touch) == 5)
        #expect(tenths(.prior, .panic, .touch) == 10)
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
    }

    /// Goal: a reason says what was assumed. Method: the prior with and without a regime, and enough samples.
    @Test func reasons() {
        let first = PolicyRules.policy(.prior, regime: .normal, isRegimeAssumed: true, reference: .touch)
        #expect(first.reason == "quality=good;regime=normal;regime_assumed;bootstrap")
        #expect(first == RouterPolicy())
        let later = PolicyRules.policy(evidence(samples: 20), regime: .hot, isRegimeAssumed: false, reference: .touch)
        #expect(later.reason == "quality=good;regime=hot")
    }

    /// Goal: what a person sets replaces that and nothing else. Method: each field alone on a symbol in panic.
    @Test func overridesAreLaidOver() {
        func policy(_ override: PolicyOverride) -> RouterPolicy {
            PolicyRules.policy(
                evidence(),
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
        table.recompute(at: Timestamp(milliseconds: 1), regimes: AtrRegime(instruments: 2), into: &out)
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
        var out = Outbox()
        #expect(table.age(at: Timestamp(milliseconds: 5)) == nil)
        #expect(table.nextDue == .never)
        table.recompute(at: Timestamp(milliseconds: 1000), regimes: regimes, into: &out)
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
        var out = Outbox()
        table.recompute(at: Timestamp(milliseconds: 1), regimes: regimes, into: &out)
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
        table.recompute(at: Timestamp(milliseconds: 2), regimes: regimes, into: &out)
        #expect(table[InstrumentHandle(1)].quality == .good)
    }
}
