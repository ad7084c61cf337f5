import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadPublication

/// Changes of policies as the log tells them.
@Suite struct RouterHistoryTests {
    private static func disk(_ files: [String: [String]]) throws -> MemoryDisk {
        let disk = MemoryDisk()
        for (name, lines) in files.sorted(by: { $0.key < $1.key }) {
            try disk.write(name, Array(lines.map { $0 + "\n" }.joined().utf8))
        }
        return disk
    }

    /// Goal: a log that can't be read is no log without changes. Method: a directory in its place, and no directory.
    @Test func anUnreadableLogIsTold() throws {
        let disk = MemoryDisk()
        try disk.write("router_health.jsonl", Array((Self.line(14) + "\n").utf8))
        disk.setHook { operation, _ in operation == .read ? .fail(.permissionDenied) : nil }
        let history = RouterHistory(disk)
        #expect(history.entries.isEmpty)
        #expect(history.fault?.kind == .permissionDenied)
        #expect(RouterHistory(directory: "/nowhere/at/all").fault == nil)
    }

    private static func line(_ second: Int, _ symbol: String = "BTCUSDT") -> String {
        """
        {"event":"router_policy","version":1,"sequence":\(second),"ts":"2024-08-08T00:00:\(second).000000000Z",\
        "symbol":"\(symbol)","policy":{"maker_first":true,"taker_bias":"balanced","bias":0.5,"quality":"ok",\
        "regime":"normal","reason":"quality=ok;regime=normal","offset_bps":1.0},"evidence":{"maker_starts":21.5,\
        "maker_fill_ratio":0.6,"fallback_ratio":null,"slip_p50_bps":1.0,"slip_p95_bps":2.5,"ack_latency_ms":80.0}}
        """
    }

    /// Goal: entries of all files in their order, the newest `limit`, of one symbol where asked; broken lines are
    /// counted. Method: three files with lines of two symbols, damage among them.
    @Test func entriesAreInOrder() throws {
        let disk = try Self.disk([
            "router_health.2.jsonl": [Self.line(10), Self.line(11, "ETHUSDT")],
            "router_health.1.jsonl": [Self.line(12), "{\"ts\":", "7", Self.line(13)],
            "router_health.jsonl": [Self.line(14, "ETHUSDT"), "{\"ts\":\"then\",\"symbol\":\"X\"}", Self.line(15)],
        ])
        let all = RouterHistory(disk)
        #expect(all.entries.map { ($0.time.milliseconds - 1_723_075_200_000) / 1000 } == [10, 11, 12, 13, 14, 15])
        #expect(all.skippedLines == 3)
        let newest = RouterHistory(disk, symbol: "btcusdt", limit: 2)
        #expect(newest.entries.map(\.time.milliseconds) == [1_723_075_213_000, 1_723_075_215_000])
        let policy = newest.entries[1].policy
        #expect(policy.quality == .ok && policy.takerBias == .balanced && policy.bias == 0.5 && policy.samples == 21)
        #expect(policy.makerFillRate == 0.6 && policy.fallbackRate == nil && policy.slippage95Bps == 2.5)
        #expect(policy.acknowledgementMilliseconds == 80 && policy.reasons == ["quality=ok", "regime=normal"])
        #expect(policy.updated == newest.entries[1].time)
        #expect(RouterHistory(MemoryDisk()) == RouterHistory())
        #expect(RouterHistory(directory: "/nowhere/at/all") == RouterHistory())
    }

    /// Goal: the snapshots of document 001 are understood, each a line of all symbols. Method: two of them.
    @Test func snapshotsOfDocument001() throws {
        func snapshot(_ second: Int) -> String {
            """
            {"updated_ts": "2024-08-08T00:00:\(second)+00:00", "summary": {}, "per_symbol": {
             "BTCUSDT": {"maker_fill_rate": 0.7, "policy": {"quality": "good"}},
             "ETHUSDT": {"maker_fill_rate": NaN, "policy": {"quality": "broken"}}}}
            """.replacing("\n", with: "")
        }
        let history = RouterHistory(try Self.disk(["router_health.jsonl": [snapshot(10), snapshot(20)]]))
        #expect(history.entries.map(\.symbol) == ["BTCUSDT", "ETHUSDT", "BTCUSDT", "ETHUSDT"])
        #expect(history.entries[3].policy.quality == .broken && history.entries[3].policy.makerFillRate == nil)
        #expect(history.entries[2].time == Timestamp(milliseconds: 1_723_075_220_000))
    }

    /// Goal: what a run logs is read back. Method: a run; each line has its entry.
    @Test func aRunIsReadBack() throws {
        let run = try PublishedRun.play(.on)
        let lines = try ExecutionLogsTests.lines(run.logs, .routerHealth)
        let history = RouterHistory(run.logs)
        #expect(history.skippedLines == 0 && history.entries.count == lines.count && !lines.isEmpty)
        for (line, entry) in zip(lines, history.entries) {
            #expect(line["symbol"]?.string == entry.symbol)
            #expect(line["policy"]?["quality"]?.string == entry.policy.quality?.name)
            #expect(line["policy"]?["bias"]?.lexeme == entry.policy.bias?.description)
        }
    }
}
