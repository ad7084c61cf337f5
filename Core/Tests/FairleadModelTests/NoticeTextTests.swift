import FairleadModel
import FairleadSchema
import Testing

/// Names for every handle that the tests draw, except for those that are none.
struct TestNames: NameTable {
    func symbol(of instrument: InstrumentHandle) -> String? { "SYM\(instrument.index)" }
    func venue(of instrument: InstrumentHandle) -> VenueHandle? { .paper }
    func name(of strategy: StrategyHandle) -> String? { "strategy \"\(strategy.index)\"" }
    func signalID(of number: SignalNumber) -> String? { number.value % 5 == 0 ? nil : "id/\(number.value)\n" }
}

@Suite struct NoticeTextTests {
    private let stamp = RecordStamp(sequence: 42, time: Timestamp(nanoseconds: 1_723_120_496_789_000_001))

    private func text(of notice: Notice) -> [UInt8] {
        var writer = JSONWriter()
        NoticeText.write(notice, stamp, names: TestNames(), to: &writer)
        return writer.bytes
    }

    /// Goal: what was not observed is null, never a made-up number. Method: a cooldown row of a symbol without a
    /// stop-out.
    @Test func missingObservationsAreNull() throws {
        let row = RiskRow(
            number: SignalNumber(value: 1),
            rule: .cooldown,
            status: .passed,
            unit: .milliseconds,
            observed: RiskRow.missing,
            threshold: 60_000
        )
        let json = try JSONParser.parse(text(of: .riskRow(row)))
        #expect(json["observed"] == .null)
        #expect(json["threshold"]?.lexeme == "60000")
    }

    /// Goal: the canonical events are what their schemas say. Method: 1,000 random ones of each through its schema.
    @Test(arguments: [
        "order_lifecycle", "execution_fill", "position_snapshot", "pnl_snapshot", "route_decision", "risk_decision",
    ])
    func canonicalEventsFitTheirSchemas(_ name: String) throws {
        let schema = try Fixtures.schema("\(name).v1")
        var random = SeededRandom(printedAs: "NoticeTextTests.\(name)")
        var draw = RandomRecords(random: random)
        var seen = 0
        while seen < 1000 {
            let notice = draw.notice(named: name)
            seen += 1
            let bytes = text(of: notice)
            let violation = schema.violation(of: try JSONParser.parse(bytes))
            let reason = violation?.description ?? ""
            let note: Comment = "\(reason) \(String(decoding: bytes, as: UTF8.self)), seed \(random.seed)"
            try #require(violation == nil, note)
        }
        // A schema that accepts anything would prove nothing: without one field it must refuse.
        var members = try #require(JSONParser.parse(text(of: draw.notice(named: name))).object)
        members.remove(at: Int.random(in: 0..<members.count, using: &random))
        #expect(schema.violation(of: .object(members)) != nil)
    }

    /// Goal: every notice, event and command becomes one valid object that says what it is, and no name has two
    /// meanings. Method: 8,000 random ones of each, the opening fields looked at, all names collected.
    @Test func allRecordsOpenAlike() throws {
        var draw = RandomRecords(random: SeededRandom(printedAs: "NoticeTextTests.allRecordsOpenAlike"))
        var names: Set<String> = []
        var facts: Set<String> = []
        var commands: Set<String> = []
        for _ in 0..<8000 {
            let notice = draw.notice()
            try expectOpening("event", notice.name, text(of: notice))
            names.insert(notice.name)
            var writer = JSONWriter()
            let event = draw.event()
            EventText.write(event, stamp, names: TestNames(), to: &writer)
            try expectOpening("fact", event.name, writer.bytes)
            facts.insert(event.name)
            writer.removeAll()
            let command = draw.command()
            CommandText.write(command, stamp, names: TestNames(), to: &writer)
            try expectOpening("command", command.name, writer.bytes)
            commands.insert(command.name)
        }
        #expect(names.count == RandomRecords.noticeKinds)
        #expect(facts.count == RandomRecords.eventKinds)
        #expect(commands.count == RandomRecords.commandKinds)
        #expect(names.isDisjoint(with: facts))
    }

    private func expectOpening(_ key: String, _ name: String, _ bytes: [UInt8]) throws {
        let value = try JSONParser.parse(bytes)
        let members = try #require(value.object)
        try #require(members.prefix(4).map(\.key) == [key, "version", "sequence", "ts"])
        try #require(value[key]?.string == name)
        try #require(value["version"] == 1)
        try #require(value["sequence"] == 42)
        try #require(value["ts"]?.string == "2024-08-08T12:34:56.789000001Z")
        try #require(name.utf8.allSatisfy { $0 == 0x5F || 0x61...0x7A ~= $0 })
        try #require(!bytes.contains(0x0A), "A record is one line")
    }

    /// Goal: the exact text of a fill, as readers will see it. Method: one fill, byte for byte.
    @Test func fillReadsLikeThis() {
        let id = ClientOrderID(epoch: Epoch(number: 1), parent: 7, leg: .maker, slice: 0, attempt: 0, slot: 3)
        let execution = Execution(
            id: id,
            executionID: ExecutionID(value: 9_007_199_254_740_993),
            instrument: InstrumentHandle(0),
            side: .buy,
            positionSide: .both,
            price: Price(raw: 6_180_020_000_000),
            quantity: Quantity(raw: 1_000_000),
            fee: -1236,
            liquidity: .maker,
            venueTime: Timestamp(milliseconds: 1_723_120_496_700)
        )
        let fill = FillRecord(
            execution: execution,
            number: SignalNumber(value: 12),
            venueOrderID: VenueOrderID(value: 77),
            arrival: .zero,
            intended: Price(raw: 6_180_010_000_000),
            realized: 0,
            isLate: false,
            isExternal: false
        )
        let expected =
            #"{"event":"execution_fill","version":1,"sequence":42,"ts":"2024-08-08T12:34:56.789000001Z","#
            + #""signal":"s-12","signal_id":"id/12\n","intent_id":"i-0001-00000007","parent_id":7,"#
            + #""client_order_id":"fl-0001-00000007-01-0000-00-000003","execution_id":"9007199254740993","#
            + #""venue":"paper","account":"default","symbol":"SYM0","side":"BUY","position_side":"BOTH","#
            + #""price":"61800.2","quantity":"0.01","#
            + #""fee":"-0.00001236","liquidity":"maker","origin":"order","venue_ts":"2024-08-08T12:34:56.700Z","#
            + #""venue_order_id":"77","#
            + #""arrival_price":null,"intended_price":"61800.1","realized_pnl":"0","is_late":false,"#
            + #""is_external":false}"#
        #expect(String(decoding: text(of: .filled(fill)), as: UTF8.self) == expected)
    }

    /// Goal: a risk row's numbers are written in their unit. Method: one row a unit.
    @Test func riskRowsSpeakTheirUnit() throws {
        let expected: [(RiskUnit, JSONValue)] = [
            (.flag, true), (.money, "0.00000001"), (.quantity, "0.00000001"), (.price, "0.00000001"),
            (.rate, "0.00000001"), (.count, 1), (.milliseconds, 1),
        ]
        #expect(expected.map(\.0) == RiskUnit.allCases)
        for (unit, value) in expected {
            let row = RiskRow(
                number: SignalNumber(value: 1),
                rule: .symbolCap,
                status: .broken,
                unit: unit,
                observed: 1,
                threshold: 0
            )
            let json = try JSONParser.parse(text(of: .riskRow(row)))
            #expect(json["observed"] == value)
            #expect(json["rule"] == "symbol_cap")
        }
    }

    /// Goal: a choice's name leads back to it, and no two choices of a kind share one. Method: all choices.
    @Test func namesLeadBack() {
        func check<Choice: NamedChoice & Equatable>(_: Choice.Type) {
            for choice in Choice.allCases { #expect(Choice(name: choice.name) == choice) }
            #expect(Choice(name: "no such name") == nil)
        }
        check(Side.self)
        check(PositionSide.self)
        check(Intent.self)
        check(OrderType.self)
        check(TimeInForce.self)
        check(Liquidity.self)
        check(ExecutionStyle.self)
        check(SignalSource.self)
        check(AssetClass.self)
        check(TradingState.self)
        check(OrderState.self)
        check(OrderLeg.self)
        check(VetoReason.self)
        check(RouteReason.self)
        check(FallbackReason.self)
        check(RoutedAs.self)
        check(RejectReason.self)
        check(EndReason.self)
        check(ParentOutcome.self)
        check(EgressRefusal.self)
        check(OperatorRefusal.self)
        check(InvalidSignalReason.self)
        check(SignalDisposition.self)
        check(RiskUnit.self)
        check(RiskStatus.self)
        check(PolicyQuality.self)
        check(TakerBias.self)
        check(MarketRegime.self)
        check(LevelKind.self)
        check(LevelEvent.self)
        check(StateCause.self)
        check(AlarmKind.self)
        check(VenueCondition.self)
        check(OperatorAction.self)
        check(RiskAction.self)
        check(RiskChangeKind.self)
        check(OverridableLimit.self)
        check(LimitUnit.self)
    }
}
