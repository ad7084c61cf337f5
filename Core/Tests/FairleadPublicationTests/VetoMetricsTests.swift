import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode
import Testing

@testable import FairleadPublication

/// `veto_counters` of `diagnostics.json` (SPEC 13).
@Suite struct VetoMetricsTests {
    typealias Fixture = PublicationFixture

    static func time(_ second: Int64) -> Timestamp { Fixture.start + .seconds(second) }

    static func acknowledged(
        _ number: UInt64,
        _ disposition: SignalDisposition,
        _ reasons: [VetoReason] = [],
        symbol: Int = 0
    ) -> Notice {
        var vetoes = VetoReasons()
        for reason in reasons { vetoes.insert(reason) }
        return .acknowledged(
            SignalAcknowledgement(
                number: SignalNumber(value: number),
                disposition: disposition,
                source: .file,
                instrument: InstrumentHandle(symbol),
                vetoes: vetoes
            )
        )
    }

    private static func json(_ counters: DiagnosticsCounters, at now: Timestamp, _ signals: Int = 500) throws
        -> JSONValue
    {
        var settings = DiagnosticsConfiguration()
        settings.windowSignals = signals
        let names = RunNames(try Fixture.configuration().engine.instruments)
        return counters.json(at: now, settings, names: names)
    }

    /// Goal: by_reason counts the primary reason and sums to the vetoes; a veto without one is unknown.
    /// Method: one veto of two reasons, one of none, one accepted signal with an order.
    @Test func vetoesAreCountedOnce() throws {
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        counters.add(Self.acknowledged(1, .vetoed, [.cooldown, .symbolCap]), at: Self.time(1), windowSignals: 500)
        counters.add(Self.acknowledged(2, .vetoed), at: Self.time(2), windowSignals: 500)
        counters.add(Self.acknowledged(3, .accepted, symbol: 1), at: Self.time(3), windowSignals: 500)
        let order = Notice.orderChanged(Fixture.change(.none, 3))
        counters.add(order, at: Self.time(4), windowSignals: 500)
        let acknowledged = Notice.orderChanged(Fixture.change(.none, 3, from: .submitted, to: .working))
        counters.add(acknowledged, at: Self.time(5), windowSignals: 500)
        let value = try Self.json(counters, at: Self.time(6))
        #expect(value["by_reason"] == ["symbol_cap": 1, "unknown": 1])
        #expect(value["total_signals"] == 3)
        #expect(value["total_vetoes"] == 2)
        #expect(value["total_orders"] == 1)
        #expect(value["last_signal_ts"]?.string == Self.time(3).text(.milliseconds))
        #expect(value["last_order_ts"]?.string == Self.time(4).text(.milliseconds))
        #expect(value["last_veto_ts"]?.string == Self.time(2).text(.milliseconds))
        #expect(value["since"]?.string == Self.time(1).text(.milliseconds))
        #expect(counters.lastRouterEvent == Self.time(5))
        #expect(value["by_symbol"]?["BTCUSDT"]?["gated_by"] == ["unknown"])
        #expect(value["by_symbol"]?["ETHUSDT"]?["gated_by"] == [])
        #expect(value["window"]?["veto_rate"]?.lexeme == "0.6666666666666666")
    }

    /// Goal: a symbol is gated by all reasons of its newest signal, until one is accepted. Method: a veto, then none.
    @Test func aSymbolIsGatedByItsNewestVeto() throws {
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        counters.add(Self.acknowledged(1, .vetoed, [.cooldown, .symbolCap]), at: Self.time(1), windowSignals: 500)
        counters.add(Self.acknowledged(2, .duplicate), at: Self.time(2), windowSignals: 500)
        let gated = try Self.json(counters, at: Self.time(3))["by_symbol"]?["BTCUSDT"]?["gated_by"]
        #expect(gated == ["symbol_cap", "cooldown"])
        counters.add(Self.acknowledged(3, .accepted), at: Self.time(3), windowSignals: 500)
        #expect(try Self.json(counters, at: Self.time(3))["by_symbol"]?["BTCUSDT"]?["gated_by"] == [])
    }

    /// Goal: the window covers so many signals, or so much time, whichever is shorter. Method: 30 signals a minute
    /// apart, the window by count and by time, and with nothing in it.
    @Test func theWindowIsTheShorter() throws {
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        for number in 0..<30 {
            let notice = Self.acknowledged(UInt64(number), number % 3 == 0 ? .vetoed : .accepted, [.cooldown])
            counters.add(notice, at: Self.time(Int64(number) * 60), windowSignals: 10)
            let order = Notice.orderChanged(Fixture.change(.none, UInt64(number)))
            if number % 3 != 0 { counters.add(order, at: Self.time(Int64(number) * 60 + 1), windowSignals: 10) }
        }
        let now = Self.time(29 * 60 + 2)
        let byCount = try Self.json(counters, at: now, 10)["window"]
        #expect(byCount?["signals"] == 10)
        #expect(byCount?["vetoes"] == 3)
        #expect(byCount?["orders"] == 7)
        #expect(byCount?["by_reason"] == ["cooldown": 3])
        #expect(byCount?["since"]?.string == Self.time(20 * 60).text(.milliseconds))
        var settings = DiagnosticsConfiguration()
        settings.windowSpan = .seconds(122)
        #expect(counters.window(at: now, settings).count == 3)
        settings.windowSpan = .seconds(1)
        #expect(counters.window(at: now, settings).isEmpty)
        let later = try Self.json(counters, at: now + .hours(2))["window"]
        #expect(later?["veto_rate"]?.lexeme == "0.0")
        #expect(later?["since"] == nil)
        #expect(counters.vetoes(.cooldown) == 10)
    }

    /// Goal: what a checkpoint says is what was counted; anything else is refused. Method: random counts through it and
    /// back; each member taken away.
    @Test func aCheckpointIsTheCounters() throws {
        var counters = DiagnosticsCounters(since: .never, isComplete: true)
        var random = DeterministicRandom(seed: 11)
        for number in 0..<300 as Range<UInt64> {
            let disposition = SignalDisposition.allCases[Int(random.next(below: 4))]
            let reasons = [VetoReason.allCases[Int(random.next(below: UInt64(VetoReason.allCases.count)))]]
            let notice = Self.acknowledged(number, disposition, reasons, symbol: Int(random.next(below: 3)))
            counters.add(notice, at: Self.time(Int64(number)), windowSignals: 50)
            counters.add(.orderChanged(Fixture.change(.none, number)), at: Self.time(Int64(number)), windowSignals: 50)
        }
        let value = counters.checkpoint
        let text = try JSONParser.parse(JSONWriter.text(of: value))
        #expect(DiagnosticsCounters(checkpoint: text) == counters)
        for member in value.object ?? [] {
            let without = JSONValue.object((value.object ?? []).filter { $0.key != member.key })
            #expect(DiagnosticsCounters(checkpoint: without) == nil, "\(member.key)")
        }
        #expect(DiagnosticsCounters(checkpoint: .null) == nil)
    }
}
