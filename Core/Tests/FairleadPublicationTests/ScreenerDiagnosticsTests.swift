import FairleadModel
import FairleadNode
import Testing

@testable import FairleadPublication

/// Signals of the built-in screener in the diagnostics (document 003).
@Suite struct ScreenerDiagnosticsTests {
    /// Goal: each signal that the screener gives is counted, once, with what came of it. Method: a run that the
    /// screener trades; the counters beside the acknowledgements of its journal.
    @Test func theScreenersSignalsAreCounted() throws {
        let run = try PublishedRun.play(.on, turns: 60, screener: true)
        var (screened, all, vetoed) = (0, 0, 0)
        var replayer = try Replayer(run.journal)
        try replayer.run { item in
            guard case .notice(let entry) = item, case .acknowledged(let record) = entry.notice else { return }
            all += 1
            if record.source == .screener { screened += 1 }
            if record.disposition == .vetoed { vetoed += 1 }
        }
        #expect(screened > 2)
        let vetoes = StateReader(run.state).runtimeDiagnostics().vetoes
        #expect(vetoes.signals == UInt64(all) && vetoes.vetoes == UInt64(vetoed))
        #expect(vetoes.bySymbol?.contains { $0.lastSignal != nil } == true)
    }
}
