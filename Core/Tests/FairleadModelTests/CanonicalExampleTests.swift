import FairleadModel
import FairleadSchema
import Foundation
import Testing

/// SPEC 10's canonical values: for each a schema, a text, and an example that is published beside the schema.
@Suite struct CanonicalExampleTests {
    private static let stamp = RecordStamp(sequence: 42, time: Timestamp(nanoseconds: 1_723_120_496_789_000_001))
    private static let order = ClientOrderID(
        epoch: Epoch(number: 1),
        parent: 12,
        leg: .maker,
        slice: 0,
        attempt: 0,
        slot: 3
    )
    private static let bitcoin = InstrumentHandle(0)
    private static let number = SignalNumber(value: 12)
    private static let price = Price(raw: 6_180_020_000_000)
    private static let quantity = Quantity(raw: 1_000_000)
    private static let told = Timestamp(milliseconds: 1_723_120_496_700)

    private struct Names: NameTable {
        func symbol(of instrument: InstrumentHandle) -> String? { "BTCUSDT" }
        func venue(of instrument: InstrumentHandle) -> VenueHandle? { .paper }
        func name(of strategy: StrategyHandle) -> String? { "momentum" }
        func signalID(of number: SignalNumber) -> String? { "momentum/2024-08-08T12:34:56Z/BTCUSDT" }
    }

    private static let texts: [String: [UInt8]] = [
        "order_request.v1": command(.submit(submission)),
        "order_lifecycle.v1": notice(.orderChanged(change)), "execution_fill.v1": notice(.filled(fill)),
        "position_snapshot.v1": notice(.positionChanged(position)),
        "pnl_snapshot.v1": notice(.profitMeasured(profit)), "route_decision.v1": notice(.routed(route)),
        "risk_decision.v1": notice(.riskDecided(decision)), "instrument.v1": JSONWriter.bytes(of: instrument.json),
    ]

    /// Goal: each published schema has an example that it accepts and that the code writes; none stands alone.
    /// Method: the files of both folders; each example against its schema and against the text of a fixed record.
    /// `FAIRLEAD_UPDATE_GOLDEN=1` writes the examples anew.
    @Test func eachCanonicalValueHasItsExample() throws {
        if ProcessInfo.processInfo.environment["FAIRLEAD_UPDATE_GOLDEN"] == "1" {
            for (name, text) in Self.texts { try Data(text + [0x0A]).write(to: Fixtures.example(name)) }
        }
        let names = try Fixtures.schemaNames()
        #expect(names == (Array(Self.texts.keys) + ["signal.v1"]).sorted())
        #expect(try Fixtures.exampleNames() == names)
        for name in names {
            let bytes = Array(try Data(contentsOf: Fixtures.example(name)))
            let violation = try Fixtures.schema(name).violation(of: try JSONParser.parse(bytes))
            #expect(violation == nil, "\(name): \(violation?.description ?? "")")
            if let text = Self.texts[name] { #expect(bytes == text + [0x0A], "\(name) is written otherwise") }
        }
    }

    /// Goal: the new schemas refuse what lacks a field. Method: the examples of values that are no notice, one field
    /// less each.
    @Test(arguments: ["order_request.v1", "instrument.v1"])
    func nothingMayBeMissing(_ name: String) throws {
        let schema = try Fixtures.schema(name)
        let whole = try #require(JSONParser.parse(Array(try Data(contentsOf: Fixtures.example(name)))).object)
        for index in whole.indices {
            var members = whole
            members.remove(at: index)
            #expect(schema.violation(of: .object(members)) != nil, "\(whole[index].key)")
        }
    }

    /// Goal: what is not known is null and never a made-up 0 (RULES). Method: a position without a mark, a size without
    /// a NAV, an account before its first balance.
    @Test func whatIsMissingStaysMissing() throws {
        var bare = Self.position
        bare.mark = .zero
        bare.unrealized = nil
        let position = try JSONParser.parse(Self.notice(.positionChanged(bare)))
        #expect(position["unrealized_pnl"] == .null)
        #expect(position["mark_price"] == .null)
        let sizing = SizingRecord(
            number: Self.number,
            instrument: Self.bitcoin,
            requested: .quantity(Self.quantity),
            referencePrice: .zero,
            nav: nil,
            requestedQuantity: Self.quantity,
            sizedQuantity: Self.quantity
        )
        let size = try JSONParser.parse(Self.notice(.sized(sizing)))
        let ofKelly = [
            "nav", "basis", "closed_trades", "win_rate", "payoff_ratio", "kelly_fraction", "confidence_factor",
            "kelly_multiplier", "correlation_load", "volatility_regime", "regime_multiplier", "nav_fraction",
        ]
        for key in ofKelly { #expect(size[key] == .null, "\(key)") }
        #expect(size["clamps"] == [])
        var early = Self.profit
        early.nav = nil
        early.drawdown = nil
        let profit = try JSONParser.parse(Self.notice(.profitMeasured(early)))
        #expect(profit["nav"] == .null)
        #expect(profit["drawdown_ratio"] == .null)
    }

    // MARK: - One of each

    private static func notice(_ notice: Notice) -> [UInt8] {
        var writer = JSONWriter()
        NoticeText.write(notice, stamp, names: Names(), to: &writer)
        return writer.bytes
    }

    private static func command(_ command: Command) -> [UInt8] {
        var writer = JSONWriter()
        CommandText.write(command, stamp, names: Names(), to: &writer)
        return writer.bytes
    }

    private static var submission: OrderSubmission {
        OrderSubmission(
            id: order,
            instrument: bitcoin,
            side: .buy,
            type: .postOnly,
            timeInForce: .gtc,
            price: price,
            quantity: quantity,
            approved: quantity,
            collar: Price(raw: 6_242_000_000_000),
            validUntil: told + .seconds(5),
            number: number
        )
    }

    private static var change: OrderChange {
        OrderChange(
            id: order,
            number: number,
            venueOrderID: VenueOrderID(value: 77),
            instrument: bitcoin,
            side: .buy,
            positionSide: .both,
            type: .postOnly,
            timeInForce: .gtc,
            price: price,
            quantity: quantity,
            filled: .zero,
            from: .submitted,
            to: .working,
            reduceOnly: false,
            venueTime: told
        )
    }

    private static var fill: FillRecord {
        FillRecord(
            execution: Execution(
                id: order,
                executionID: ExecutionID(value: 9_007_199_254_740_993),
                instrument: bitcoin,
                side: .buy,
                positionSide: .both,
                price: price,
                quantity: quantity,
                fee: 12_360_040,
                liquidity: .maker,
                venueTime: told
            ),
            number: number,
            venueOrderID: VenueOrderID(value: 77),
            arrival: Price(raw: 6_180_025_000_000),
            intended: price,
            realized: 0,
            isLate: false,
            isExternal: false
        )
    }

    private static var position: PositionRecord {
        PositionRecord(
            instrument: bitcoin,
            positionSide: .both,
            quantity: SignedQuantity(raw: quantity.raw),
            averagePrice: price,
            mark: Price(raw: 6_180_120_000_000),
            realized: 0,
            unrealized: 1_000_000,
            fees: 12_360_040,
            funding: 6_180_120
        )
    }

    private static var profit: ProfitRecord {
        ProfitRecord(
            venue: .paper,
            nav: 10_000_988_639_960,
            peak: 10_001_000_000_000,
            drawdown: Rate(raw: 113),
            cash: 9_999_987_639_960,
            realized: 0,
            unrealized: 1_000_000,
            fees: 12_360_040,
            funding: 6_180_120,
            resultToday: -18_540_160,
            openPositions: 1
        )
    }

    private static var route: RouteDecision {
        RouteDecision(
            number: number,
            intent: order.intent,
            instrument: bitcoin,
            side: .buy,
            moment: .start,
            policy: RouterPolicy(),
            bid: price,
            ask: Price(raw: 6_180_030_000_000),
            price: price,
            effectivePrice: Price(raw: 6_181_256_004_000),
            quantity: quantity,
            spread: Rate(raw: 162),
            bookAge: .milliseconds(120),
            offset: .zero,
            latency: RouteLatency(signalToDecision: .zero),
            makerStart: true,
            isMakerFinal: false,
            usedFallback: false,
            routedAs: .maker,
            vetoReason: .none,
            fallbackReason: .none
        )
    }

    private static var decision: RiskDecision {
        RiskDecision(
            number: number,
            instrument: bitcoin,
            side: .buy,
            isReducing: false,
            vetoes: VetoReasons(),
            sizedQuantity: quantity,
            approvedQuantity: quantity
        )
    }

    private static let instrument = Instrument(
        symbol: "BTCUSDT",
        terms: InstrumentTerms(
            tick: Price(raw: 10_000_000),
            lot: Quantity(raw: 100_000),
            minimumQuantity: Quantity(raw: 100_000),
            maximumQuantity: Quantity(raw: 100_000_000_000),
            minimumNotional: Money(whole: 5),
            percentPrice: Rate(raw: 5_000_000)
        ),
        origin: "exchangeInfo 2024-08-08"
    )
}
