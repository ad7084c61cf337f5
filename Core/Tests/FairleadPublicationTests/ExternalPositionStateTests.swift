import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Testing

@testable import FairleadPublication

/// What the state files say of positions that somebody else trades.
@Suite struct ExternalPositionStateTests {
    typealias Fixture = PublicationFixture

    /// Somebody else's trade at 100, in whole units; or a person's word.
    private enum Step {
        case trades(Int64, of: Int = 0)
        case decides(PositionAction, of: Int = 0, takeProfit: Int64 = 0, stopLoss: Int64 = 0)
    }

    /// The files of an engine that has `ours` of the first symbol by the venue's own word, after the steps, at `mark`.
    private func files(ours: Int64 = 0, _ steps: [Step], mark: Int64 = 100) throws -> [StateFile: JSONValue] {
        let configuration = try Fixture.configuration()
        var engine = Engine(configuration: configuration.engine)
        var out = Outbox()
        let start = Fixture.start
        func feed(_ event: Event) {
            out.clear()
            engine.apply(event, at: start, into: &out)
        }
        feed(.epochOpened(Epoch(number: 1)))
        for instrument in [InstrumentHandle(0), InstrumentHandle(1)] { feed(.marked(Self.mark(100, instrument))) }
        feed(.venueConnected(VenueConnection(venue: .paper, session: 1, venueTime: start)))
        feed(.reconciliationBegan(.paper))
        if ours != 0 {
            let position = PositionReport(
                instrument: InstrumentHandle(0),
                positionSide: .both,
                quantity: SignedQuantity(raw: ours * FixedPoint.one),
                averagePrice: Price(raw: 100 * FixedPoint.one),
                venueTime: start
            )
            feed(.positionReported(position))
        }
        let report = ReconciliationReport(venue: .paper, session: 1, ledgerSequence: 0, venueTime: start)
        feed(.reconciliationCompleted(report))
        for (index, step) in steps.enumerated() {
            switch step {
            case .trades(let units, let symbol): feed(.orderFilled(Self.trade(units, symbol, UInt64(index + 1))))
            case .decides(let action, let symbol, let takeProfit, let stopLoss):
                let order = PositionOrder(
                    action,
                    instrument: InstrumentHandle(symbol),
                    takeProfit: Price(raw: takeProfit * FixedPoint.one),
                    stopLoss: Price(raw: stopLoss * FixedPoint.one)
                )
                #expect(engine.refusal(of: order, at: start) == nil)
                feed(.positionOrdered(order))
            }
        }
        feed(.marked(Self.mark(mark, InstrumentHandle(0))))
        return try Self.documents(engine, configuration)
    }

    private static func mark(_ price: Int64, _ instrument: InstrumentHandle) -> MarkPrice {
        MarkPrice(instrument: instrument, price: Price(raw: price * FixedPoint.one), venueTime: Fixture.start)
    }

    private static func trade(_ units: Int64, _ symbol: Int, _ number: UInt64) -> Execution {
        Execution(
            id: .none,
            executionID: ExecutionID(value: number),
            instrument: InstrumentHandle(symbol),
            side: units > 0 ? .buy : .sell,
            positionSide: .both,
            price: Price(raw: 100 * FixedPoint.one),
            quantity: Quantity(raw: abs(units) * FixedPoint.one),
            fee: 0,
            liquidity: .taker,
            venueTime: Fixture.start
        )
    }

    private static func documents(_ engine: borrowing Engine, _ configuration: ResolvedConfiguration) throws
        -> [StateFile: JSONValue]
    {
        let documents = StateDocuments(
            journal: Fixture.journal.id,
            software: Fixture.software,
            configurationHash: .zero
        )
        let made = documents.make(
            ReplicaMoment(sequence: 9, time: Fixture.start + .seconds(1), configuration: configuration),
            engine: engine,
            names: RunNames(configuration.engine.instruments),
            counters: DiagnosticsCounters(since: Fixture.start, isComplete: true)
        )
        var files: [StateFile: JSONValue] = [:]
        for (file, bytes) in made {
            files[file] = try JSONParser.parse(bytes)
            #expect(try Fixture.schema(file).violation(of: files[file] ?? .null) == nil, "\(file.fileName)")
        }
        return files
    }

    private func pipeline(ours: Int64 = 0, _ steps: [Step], mark: Int64 = 100) throws -> JSONValue? {
        try files(ours: ours, steps, mark: mark)[.diagnostics]?["runtime_diagnostics"]?["exit_pipeline"]
    }

    /// `[missing_ledger_positions, ghost_ledger_entries]`
    private func counts(ours: Int64 = 0, _ steps: [Step]) throws -> [Int64?] {
        let breakdown = try pipeline(ours: ours, steps)?["mismatch_breakdown"]
        return ["missing_ledger_positions", "ghost_ledger_entries"].map { breakdown?[$0]?.integer }
    }

    /// Goal: a position that nobody has decided on is missing in the ledger, and one that our own trades had made
    /// larger is a ghost in it, a flat one too. Method: others' trades on none of ours, against ours, past flat, to
    /// flat, and on top; each by the counts.
    @Test func undecidedOnesAreCounted() throws {
        #expect(try counts([]) == [0, 0])
        #expect(try counts(ours: 31, []) == [0, 0])
        #expect(try counts([.trades(31)]) == [1, 0])
        #expect(try counts([.trades(-31)]) == [1, 0])
        #expect(try counts(ours: 31, [.trades(29)]) == [1, 0])
        #expect(try counts(ours: 31, [.trades(-29)]) == [1, 1])
        #expect(try counts(ours: 31, [.trades(-60)]) == [1, 1])
        #expect(try counts(ours: 29, [.trades(-60)]) == [1, 0])
        #expect(try counts(ours: 31, [.trades(-31)]) == [0, 1])
        #expect(try counts([.trades(31), .trades(29, of: 1)]) == [2, 0])
        #expect(try pipeline(ours: 31, [.trades(-31)])?["ledger_registry_mismatch"] == true)
    }

    /// Goal: a decision ends the counts; a close does once it is flat. Method: each decision, and what is left.
    @Test func decidedOnesAreNot() throws {
        #expect(try counts([.trades(31), .decides(.adopt)]) == [0, 0])
        #expect(try counts(ours: 31, [.trades(-29), .decides(.adopt)]) == [0, 0])
        #expect(try counts(ours: 31, [.trades(-31), .decides(.adopt)]) == [0, 0])
        #expect(try counts([.trades(31), .decides(.ignore)]) == [0, 0])
        #expect(try counts(ours: 31, [.trades(-29), .decides(.close)]) == [1, 0])
        let guarded = try pipeline([.trades(31), .decides(.adopt, stopLoss: 90)])
        #expect(guarded?["ledger_registry_mismatch"] == false)
    }

    /// Goal: an ignored position counts nowhere. Method: one under water, undecided and ignored.
    @Test func ignoredOnesCountNowhere() throws {
        let undecided = try pipeline([.trades(31)], mark: 90)
        #expect(undecided?["open_positions_count"] == 1)
        #expect(undecided?["tp_sl_missing_count"] == 1)
        #expect(undecided?["sl_missing_count"] == 1)
        #expect(undecided?["underwater_without_tp_sl_count"] == 1)
        #expect(undecided?["tp_sl_canary"] == true)
        let ignored = try pipeline([.trades(31), .decides(.ignore)], mark: 90)
        for count in ["open_positions_count", "tp_sl_missing_count", "sl_missing_count"] {
            #expect(ignored?[count] == 0, "\(count)")
        }
        #expect(ignored?["underwater_without_tp_sl_count"] == 0)
        #expect(ignored?["tp_sl_canary"] == false)
        #expect(ignored?["ledger_registry_mismatch"] == false)
    }

    /// Goal: coverage by quantity weighs positions by what they cost. Method: one of two with a stop, a quarter and
    /// three quarters of the cost; both; an ignored one left out; a take-profit whose position grew by others' hands.
    @Test func coverageIsWeighedByCost() throws {
        func coverage(_ steps: [Step]) throws -> [String?] {
            let found = try pipeline(steps)
            return ["tp_sl_coverage_pct", "tp_sl_quantity_coverage_pct"].map { found?[$0]?.lexeme }
        }
        let both: [Step] = [.trades(1), .trades(3, of: 1)]
        let stop = Step.decides(.adopt, of: 1, stopLoss: 90)
        #expect(try coverage(both) == ["0.0", "0.0"])
        #expect(try coverage(both + [stop]) == ["0.5", "0.75"])
        #expect(try coverage(both + [stop, .decides(.adopt, takeProfit: 120)]) == ["1.0", "1.0"])
        #expect(try coverage(both + [stop, .decides(.ignore)]) == ["1.0", "1.0"])
        let grown: [Step] = [.trades(1), .decides(.adopt, takeProfit: 120), .trades(3)]
        #expect(try coverage(grown) == ["1.0", "0.25"])
    }

    /// Goal: an open position's row says what others have traded of it, and what was decided; both of the file and of
    /// its reader. Method: undecided, ignored, adopted, and one that nobody else has traded.
    @Test func rowsTellWhoTraded() throws {
        func row(ours: Int64 = 0, _ steps: [Step]) throws -> JSONValue? {
            try files(ours: ours, steps)[.positionsState]?["positions"]?[0]
        }
        let undecided = try row(ours: 31, [.trades(-29)])
        #expect(undecided?["quantity"] == "2")
        #expect(undecided?["external"] == "undecided")
        #expect(undecided?["external_traded"] == "-29")
        #expect(undecided?["external_since"] == .string(Fixture.start.text(.milliseconds)))
        #expect(try row([.trades(31), .decides(.ignore)])?["external"] == "ignored")
        for steps: [Step] in [[.trades(31), .decides(.adopt)], []] {
            let plain = try row(ours: 29, steps)
            #expect(plain?["quantity"] != nil)
            #expect(plain?["external"] == nil)
            #expect(plain?["external_traded"] == nil)
            #expect(plain?["external_since"] == nil)
        }
        let view = PositionView(StateFields(undecided))
        #expect(view.external == .undecided)
        #expect(view.externalTraded == SignedQuantity(raw: -29 * FixedPoint.one))
        #expect(view.externalSince == Fixture.start)
    }
}
