import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct BacktestAudienceTests {
    private static func run(_ disk: MemoryDisk, _ observer: RecordingObserver, records: Int? = nil) throws {
        let setup = try BacktestTests.setup(disk)
        var backtest = try Backtest(
            setup,
            tape: try BacktestTests.tape(setup.configuration),
            signals: BacktestTests.signals,
            observers: [observer]
        )
        if let records {
            _ = try backtest.run(records: records)
            return
        }
        while try backtest.run(records: 700) {}
        _ = try backtest.finish()
    }

    /// Goal: a backtest tells its observers what a replay of its journal tells. Method: both, side by side.
    @Test func aBacktestTellsWhatItsReplayTells() throws {
        let disk = MemoryDisk()
        let observer = RecordingObserver()
        try Self.run(disk, observer)
        let tape = try BacktestTests.tape(try BacktestTests.configuration())
        let expected = try RecordingObserver.replayed(disk, tape: tape)
        #expect(expected.contains { $0.contains("execution_fill") })
        #expect(observer.lines.count == expected.count)
        for (line, other) in zip(observer.lines, expected) where line.text != other {
            Issue.record("told \(line.text), replayed \(other)")
            break
        }
    }

    /// Goal: an observer of a backtest that was killed and resumed has what one of a whole run has. Method: killed at
    /// several places; once with the observer as it was, once with a new one.
    @Test func aResumedBacktestTellsTheSame() throws {
        let whole = RecordingObserver()
        try Self.run(MemoryDisk(), whole)
        for stop in stride(from: 150, to: BacktestTests.lines, by: 613) {
            let disk = MemoryDisk()
            let kept = RecordingObserver()
            try Self.run(disk, kept, records: stop)
            for observer in [kept, RecordingObserver()] {
                try Self.run(disk.crash(.process), observer)
                #expect(observer.lines.map(\.text) == whole.lines.map(\.text), "killed after \(stop)")
            }
        }
    }
}
