import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
import FairleadModel
import Foundation
import Testing

@testable import FairleadNode

/// Backtests at the depth of the recordings. All of each recording with FAIRLEAD_WHOLE_TAPES=1, else its beginning.
@Suite(.enabled(if: RecordedRun.isPresent(), "recordings (../shared/marketdata) are not there: skipped"))
struct RecordedRunTests {
    private static let limit: Int? = ProcessInfo.processInfo.environment["FAIRLEAD_WHOLE_TAPES"] == nil ? 8_000 : nil
    private static let bitcoin = RecordedRun.Traded(symbol: "BTCUSDT", tick: "0.1", lot: "0.001")
    private static let ether = RecordedRun.Traded(symbol: "ETHUSDT", tick: "0.01", lot: "0.001")
    private static let alts = ["SUSHIUSDT", "AKROUSDT", "KEEPUSDT", "CTKUSDT"].map {
        RecordedRun.Traded(symbol: $0, tick: "0.00001", lot: "1")
    }
    private static let altFiles = ["0", "http.0.0", "ws.1.0"].map { "binance-usdm-alts/BINANCE_FUTURES.\($0).gz" }
    private static let ibmFiles = ["07", "08"].flatMap { day in
        ["quote", "trade"].map { "us-equities/equity_usa_tick_ibm_201310\(day)_\($0).zip" }
    }

    private static func runs() -> [RecordedRun] {
        [
            RecordedRun(files: ["binance-usdm/usdm_btcusdt_20240808.gz"], traded: [bitcoin], limit: limit),
            RecordedRun(
                files: ["binance-usdm/usdm_ethusdt_20240808.gz", "binance-usdm/usdm_btcusdt_20240808.gz"],
                traded: [bitcoin, ether],
                limit: limit
            ),
            RecordedRun(
                files: ["binance-usdm/usdm_btcusdt_20230404.dat.gz", "binance-usdm/usdm_btcusdt_20230405.dat.gz"],
                traded: [bitcoin],
                limit: limit
            ),
            RecordedRun(files: altFiles, traded: alts, limit: limit),
            RecordedRun(
                files: ibmFiles,
                traded: [RecordedRun.Traded(symbol: "IBM", tick: "0.01", lot: "1", isEquity: true)],
                limit: limit
            ),
        ]
    }

    /// Goal: a sceptic believes the passive fills of the reference runs: trades since the order joined, at its price or
    /// through it, cover each, no unit twice; the books are in sync all the time. Method: each recording played at its
    /// depth with generated signals, its fills counted against the tape's trades; numbers printed.
    @Test(arguments: [0, 1, 2, 3, 4])
    func tradesCoverPassiveFills(_ place: Int) throws {
        for model in ["risk_averse", "probabilistic"] {
            var run = Self.runs()[place]
            run.paper = #","queue_model":"\#(model)""#
            if run.limit == nil { run.signalCount = 400 }
            let (result, disk) = try run.play(MemoryDisk())
            var sceptic = try ScepticsCheck(run)
            try sceptic.read(disk)
            print(
                "\(run.files[0]) \(model): \(result.marketEvents) records, \(sceptic.makerFills) passive fills "
                    + "checked, \(sceptic.uncovered) not covered; \(sceptic.takerFills) takes; "
                    + "depth \(result.depth.map { "\($0.symbol) \($0.applied) applied, \($0.quotesInstead) quotes" })"
            )
            #expect(sceptic.uncovered == 0)
            #expect(sceptic.makerFills > 0 && sceptic.takerFills > 0)
            #expect(result.statistics.fills == UInt64(sceptic.makerFills + sceptic.takerFills))
            let expected = run.traded[0].isEquity ? [] : run.traded.map(\.symbol)
            #expect(result.depth.map(\.symbol) == expected)
            #expect(result.depth.allSatisfy { $0.gaps == 0 })
        }
    }

    /// Goal: at depth too, two runs and a killed one end the same, a replay agrees, and tapes opened for another depth
    /// are refused by name. Method: a recording's beginning, twice, killed three times, replayed at book and touch.
    @Test func runsAtDepthAreTheSame() throws {
        var run = Self.runs()[0]
        run.limit = 9_000
        let (first, disk) = try run.play(MemoryDisk())
        let journal = try JournalVerifier.verify(disk).hash
        #expect(first.statistics.fills > 5)
        let configuration = try run.configuration()
        #expect(configuration.runtime.market.depth == .book)
        for stops in [[], [1_234, 2_500], [7_003]] {
            let (other, its) = try run.play(MemoryDisk(), stops: stops)
            #expect(other.stateHash == first.stateHash, "killed after \(stops)")
            #expect(other.commandHash == first.commandHash, "killed after \(stops)")
            #expect(try JournalVerifier.verify(its).hash == journal, "killed after \(stops)")
        }
        var replayer = try Replayer(disk, tape: try run.feed(configuration))
        try replayer.run()
        let replayed = replayer.result()
        #expect(replayed.stateHash == first.stateHash)
        #expect(replayed.commandHash == first.commandHash)
        var touch = try Replayer(disk, tape: try run.feed(configuration, .touch))
        do {
            try touch.run()
            Issue.record("tapes opened for another depth must be refused")
        } catch {
            guard case .otherKind(let reason) = error else { return #expect(Bool(false), "\(error)") }
            #expect(reason.contains("market.depth"))
        }
    }

    /// Goal: the depth of a run is the configuration's: at the touch no book is built, and the run is another one.
    /// Method: the same beginning at the touch with the touch's rule.
    @Test func theTouchStaysTheTouch() throws {
        var run = Self.runs()[0]
        run.limit = 6_000
        run.market = #","depth":"touch""#
        run.paper = #","queue_model":"touch""#
        let (result, disk) = try run.play(MemoryDisk())
        #expect(result.depth.isEmpty)
        let configuration = try run.configuration()
        var replayer = try Replayer(disk, tape: try run.feed(configuration))
        try replayer.run()
        let replayed = replayer.result()
        #expect(replayed.stateHash == result.stateHash)
    }
}
