import FairleadModel
import Testing

@Suite struct ExecutionCostTests {
    private func price(_ text: String) throws -> Price { try Price(text: text) }

    /// Goal: spreads, impact and mark-out of EXECUTION-QUALITY 1 to six digits. Method: a buy at 100.08 with the middle
    /// at 100.05, and at 100.09 five seconds later; the sell that mirrors it.
    @Test func spreadsAndMarkoutOfOneFill() throws {
        let (fill, mid, later) = (try price("100.08"), try price("100.05"), try price("100.09"))
        #expect(isClose(ExecutionCost.effectiveSpreadBps(.buy, fill, mid: mid), 5.997001499250602))
        #expect(isClose(ExecutionCost.realizedSpreadBps(.buy, fill, mid: mid, later: later), -1.9990004997511477))
        #expect(isClose(ExecutionCost.priceImpactBps(.buy, mid: mid, later: later), 7.99600199900175))
        #expect(isClose(ExecutionCost.markoutBps(.buy, fill, later: later), 0.9992006394889205))
        #expect(isClose(ExecutionCost.effectiveSpreadBps(.sell, fill, mid: mid), -5.997001499250602))
        #expect(isClose(ExecutionCost.markoutBps(.sell, fill, later: later), -0.9992006394889205))
    }

    /// Goal: slippage is signed by the side, and positive is a cost. Method: a buy and a sell above their reference.
    @Test func slippageIsACostWherePositive() throws {
        #expect(isClose(ExecutionCost.slippageBps(.buy, try price("101"), against: try price("100")), 100))
        #expect(isClose(ExecutionCost.slippageBps(.sell, try price("101"), against: try price("100")), -100))
        #expect(ExecutionCost.slippageBps(.buy, try price("100"), against: try price("100")) == 0)
    }

    /// Goal: what has no reference has no number. Method: each measure without each of its prices.
    @Test func aMissingReferenceGivesNoNumber() throws {
        let known = try price("100")
        #expect(ExecutionCost.slippageBps(.buy, known, against: .zero) == nil)
        #expect(ExecutionCost.effectiveSpreadBps(.buy, known, mid: .zero) == nil)
        #expect(ExecutionCost.realizedSpreadBps(.buy, known, mid: .zero, later: known) == nil)
        #expect(ExecutionCost.realizedSpreadBps(.buy, known, mid: known, later: .zero) == nil)
        #expect(ExecutionCost.priceImpactBps(.buy, mid: known, later: .zero) == nil)
        #expect(ExecutionCost.markoutBps(.buy, known, later: .zero) == nil)
        #expect(ExecutionCost.bps(5, of: 0) == nil)
    }

    /// Goal: effective spread = realised spread + impact, and every number is finite. Method: 10,000 random fills over
    /// the whole range of prices.
    @Test func impactIsWhatSpreadsDifferBy() throws {
        var random = SeededRandom(printedAs: "ExecutionCostTests.impactIsWhatSpreadsDifferBy")
        for _ in 0..<10_000 {
            let scale = Int64.random(in: 1...Price.bound.raw, using: &random)
            let draw = { Price(raw: Int64.random(in: max(1, scale / 2)...scale, using: &random)) }
            let (fill, mid, later) = (draw(), draw(), draw())
            let side: Side = Bool.random(using: &random) ? .buy : .sell
            let effective = try #require(ExecutionCost.effectiveSpreadBps(side, fill, mid: mid))
            let realized = try #require(ExecutionCost.realizedSpreadBps(side, fill, mid: mid, later: later))
            let impact = try #require(ExecutionCost.priceImpactBps(side, mid: mid, later: later))
            try #require(effective.isFinite && realized.isFinite && impact.isFinite)
            let size = abs(effective) + abs(realized) + abs(impact)
            try #require(abs(effective - realized - impact) <= 1e-9 * size, "seed \(random.seed)")
        }
    }

    /// Goal: a fill's text carries each price and each number that follows from it, and null where one is missing.
    /// Method: a taker's buy with everything known, and the same one without a book.
    @Test func fillMeasureReadsLikeThis() throws {
        let measure = FillMeasure(
            Execution(
                id: ClientOrderID(epoch: Epoch(number: 1), parent: 7, leg: .taker, slice: 0, attempt: 0, slot: 3),
                executionID: ExecutionID(value: 9),
                instrument: InstrumentHandle(0),
                side: .buy,
                positionSide: .both,
                price: try price("100.08"),
                quantity: try Quantity(text: "2"),
                fee: 10_000_000,
                liquidity: .taker,
                venueTime: .never
            ),
            number: SignalNumber(value: 12),
            notional: 20_016_000_000,
            intended: try price("100.06"),
            arrival: try price("100"),
            decision: try price("100"),
            mid: try price("100.05"),
            latency: .milliseconds(-3),
            isTwapChild: false,
            isLate: false
        )
        let json = try self.json(.fillMeasured(measure))
        #expect(json["event"] == "fill_measured")
        #expect(isClose(json["slippage_bps"]?.double, 0.02 / 100.06 * 10_000))
        #expect(isClose(json["arrival_slippage_bps"]?.double, 8))
        #expect(isClose(json["effective_spread_bps"]?.double, 5.997001499250602))
        #expect(isClose(json["fee_bps"]?.double, 0.1 / 200.16 * 10_000))
        #expect(json["latency_ms"]?.double == 0, "a latency is never negative")
        var unknown = measure
        (unknown.intended, unknown.mid) = (.zero, .zero)
        let blank = try self.json(.fillMeasured(unknown))
        for name in ["intended_price", "mid_price", "slippage_bps", "effective_spread_bps", "cost_bps"] {
            #expect(blank[name] == .null, "\(name)")
        }
        var markout = MarkoutMeasure(measure, at: Timestamp(milliseconds: 1))
        markout.later[.seconds5] = try price("100.09")
        let horizons = try #require(self.json(.markoutMeasured(markout))["horizons"]?.array)
        #expect(horizons.count == MarkoutHorizon.count)
        #expect(isClose(horizons[2]["markout_bps"]?.double, 0.9992006394889205))
        #expect(horizons[3]["markout_bps"] == .null)
    }

    /// Goal: no sum of parts can trap, whatever saturated. Method: the largest parts there are.
    @Test func hugePartsSaturate() throws {
        var measure = ShortfallMeasure(
            number: SignalNumber(value: 1),
            intent: .none,
            instrument: InstrumentHandle(0),
            strategy: .unnamed,
            side: .buy,
            basis: .received,
            quantity: .zero,
            filled: .zero,
            decision: .zero,
            arrival: .zero,
            end: .zero,
            notional: 0,
            fees: Int64.max
        )
        #expect(measure.total == nil)
        (measure.delay, measure.trading, measure.opportunity) = (Int64.max, Int64.max, Int64.max)
        #expect(measure.total == Int64.max)
        #expect(measure.bps(measure.total) == nil)
        #expect(try json(.shortfallMeasured(measure))["total_bps"] == .null)
    }

    private func json(_ notice: Notice) throws -> JSONValue {
        var writer = JSONWriter()
        NoticeText.write(notice, RecordStamp(sequence: 1, time: .never), names: TestNames(), to: &writer)
        return try JSONParser.parse(writer.bytes)
    }
}

extension JSONValue {
    /// A number as a `Double`.
    var double: Double? { lexeme.flatMap(Double.init) }
}

/// Within 10^-6 of what is expected, relatively.
func isClose(_ value: Double?, _ expected: Double) -> Bool {
    guard let value else { return false }
    return abs(value - expected) <= 1e-6 * max(abs(expected), 1e-9)
}
