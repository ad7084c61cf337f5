import FairleadEngine
import FairleadModel
import Testing

/// The numbers of SPEC 12.3 and EXECUTION-QUALITY 1 and 2, as they stand there and as the shared file has them.
@Suite struct RouterQualityScoringTests {
    private static let absent: Comment = "shared/spec/vectors.json is not beside the project"

    private func price(_ text: String) throws -> Price { try Price(text: text) }

    /// Goal: SPEC 12.3's first vector. Method: intended 100 filled 101 after a second with notional 1000, then
    /// intended 200 filled 200.5 after half a second, as a TWAP child's 2000 of 2100.
    @Test func statisticsOfTwoFills() throws {
        var bench = StatsBench()
        bench.fill("100", "101", after: .seconds(1), notional: 1000)
        bench.fill("200", "200.5", after: .milliseconds(500), notional: 2000, of: 2100)
        let found = bench.view
        let view = try #require(found)
        #expect(isClose(view.averageSlippageBps, 50))
        #expect(isClose(view.averageLatencyMilliseconds, 2000.0 / 3))
        #expect(isClose(view.twapUsageRatio, 2.0 / 3))
        #expect(isClose(view.children.fillRatio, 2000.0 / 2100))
        #expect(view.children.count == 1)
        #expect(isClose(view.slippageDriftBps, 77.5))
        #expect(view.eventCount == 2)
        #expect(view.totalNotional == Money(whole: 3000))
    }

    /// Goal: SPEC 12.3's second vector. Method: drift 4, latency 120 ms, half by TWAP, B_MEDIUM.
    @Test func scoreOfAYellowSymbol() {
        let quality = QualityScore(driftBps: 4, latencyMilliseconds: 120, twapUsageRatio: 0.5, bucket: .medium)
        #expect(isClose(quality.score, 0.65))
        #expect(quality.drift.name == "YELLOW")
        #expect(quality.latency.name == "FAST")
    }

    /// Goal: bounds, penalties and clamps of SPEC 12.2. Method: each bound exactly and past it; the worst and the best.
    @Test func scoreAtItsBounds() {
        func score(
            _ drift: Double?,
            _ latency: Double?,
            usage: Double = 1,
            _ bucket: RouterBucket = .high,
            slippage: Double? = nil
        ) -> QualityScore {
            QualityScore(
                driftBps: drift,
                averageSlippageBps: slippage,
                latencyMilliseconds: latency,
                twapUsageRatio: usage,
                bucket: bucket
            )
        }
        #expect(score(2, 150).drift == .green && score(2, 150).latency == .fast)
        #expect(score(2.1, 150.1).drift == .yellow && score(2.1, 150.1).latency == .normal)
        #expect(score(6, 400).drift == .yellow && score(6, 400).latency == .normal)
        #expect(score(6.1, 400.1).drift == .red && score(6.1, 400.1).latency == .slow)
        #expect(isClose(score(-50, 0).score, 0.8), "a negative drift is no cost")
        #expect(isClose(score(7, 500, usage: 0, .low).score, 0.8 - 0.15 - 0.12 - 0.08 - 0.1))
        #expect(isClose(score(nil, nil, slippage: 3).score, 0.75), "slippage stands in for a missing drift")
        #expect(isClose(score(nil, nil).score, 0.8))
        #expect(score(0, 0, usage: 5).score == score(0, 0, usage: 1).score, "usage is clamped")
        var settings = QualityScoreSettings()
        settings.baseScore = 5
        let best = QualityScore(driftBps: 0, latencyMilliseconds: 0, twapUsageRatio: 1, bucket: .high, settings)
        settings.baseScore = -5
        let worst = QualityScore(driftBps: 0, latencyMilliseconds: 0, twapUsageRatio: 1, bucket: .high, settings)
        #expect([worst.score, best.score] == [0.2, 1])
    }

    /// Goal: the shortfall of EXECUTION-QUALITY 2, part by part. Method: a buy of 1000 of which 700 are filled.
    @Test func shortfallOfAPartlyFilledBuy() throws {
        let fills = [("400", "100.08"), ("300", "100.12")]
        let shortfall = try shortfall("1000", "100", "100.05", "100.30", fills, feeRate: Rate(bps: 5))
        #expect(shortfall.delay == Money(whole: 35))
        #expect(shortfall.trading == Money(whole: 33))
        #expect(shortfall.opportunity == Money(whole: 90))
        #expect(isClose(shortfall.fees.double, 35.034))
        #expect(isClose(shortfall.total?.double, 193.034))
        #expect(isClose(shortfall.bps(shortfall.total), 19.3034))
    }

    private func shortfall(
        _ quantity: String,
        _ decision: String,
        _ arrival: String,
        _ end: String,
        _ fills: [(String, String)],
        feeRate: Rate
    ) throws -> Shortfall {
        var filled = Quantity.zero
        var notional = Money.zero
        for (part, price) in fills {
            let quantity = try Quantity(text: part)
            filled += quantity
            notional += Money.notional(try Price(text: price), quantity)
        }
        return Shortfall(
            ShortfallTerms(
                side: .buy,
                quantity: try Quantity(text: quantity),
                filled: filled,
                decision: try price(decision),
                arrival: try price(arrival),
                end: try price(end),
                filledNotional: notional,
                midNotional: nil,
                fees: notional.times(feeRate)
            )
        )
    }

    /// Goal: the shared shortfall vector. Method: `implementation_shortfall_buy` of vectors.json, with its split on the
    /// filled quantity.
    @Test(.enabled(if: SharedVectors.isPresent(), absent))
    func shortfallOfTheSharedVector() throws {
        let vector = try #require(try SharedVectors.load()?["implementation_shortfall_buy"])
        let (inputs, expected) = (vector["inputs"], vector["perold_split_on_filled"])
        let text = { (name: String) in try #require(inputs?[name]?.lexeme) }
        let fills = try #require(inputs?["fills"]?.array).map { fill -> (String, String) in
            let pair = try #require(fill.array)
            return (try #require(pair[0].lexeme), try #require(pair[1].lexeme))
        }
        let shortfall = try shortfall(
            text("Q"),
            text("p_decision"),
            text("p_arrival"),
            text("p_end"),
            fills,
            feeRate: try Rate(text: text("fee_rate"))
        )
        #expect(isClose(shortfall.delay?.double, expected?["delay"]?.double))
        #expect(isClose(shortfall.trading?.double, expected?["trading"]?.double))
        #expect(isClose(shortfall.opportunity?.double, expected?["opportunity"]?.double))
        #expect(isClose(shortfall.fees.double, expected?["fees"]?.double))
        #expect(isClose(shortfall.total?.double, expected?["total"]?.double))
        #expect(isClose(shortfall.bps(shortfall.total), expected?["bps"]?.double))
    }

    /// Goal: the shared spreads and mark-out. Method: `spreads_markout_buy` of vectors.json.
    @Test(.enabled(if: SharedVectors.isPresent(), absent))
    func spreadsAndMarkoutOfTheSharedVector() throws {
        let vector = try #require(try SharedVectors.load()?["spreads_markout_buy"])
        let (fill, mid, later) = (try Price(vector["fill"]), try Price(vector["mid"]), try Price(vector["mid_5s"]))
        let expected = { (name: String) in vector[name]?.double }
        let realized = ExecutionCost.realizedSpreadBps(.buy, fill, mid: mid, later: later)
        #expect(isClose(ExecutionCost.effectiveSpreadBps(.buy, fill, mid: mid), expected("effective_spread_bps")))
        #expect(isClose(realized, expected("realized_spread_bps")))
        #expect(isClose(ExecutionCost.priceImpactBps(.buy, mid: mid, later: later), expected("price_impact_bps")))
        #expect(isClose(ExecutionCost.markoutBps(.buy, fill, later: later), expected("markout_5s_bps")))
    }
}
