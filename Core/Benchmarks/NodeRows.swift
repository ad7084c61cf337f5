import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode

/// The demonstration's documents with the screener off and room for the benchmark's own signals.
private func configuration(market: String, connection: String = "embedded") -> ResolvedConfiguration {
    let values = [
        ("runtime.market.source", market), ("runtime.paper.connection", connection),
        ("strategy.screener.enabled", "false"), ("risk.max_trades_per_symbol_per_hour", "250"),
        ("risk.cooldown_minutes_after_stop", "0"), ("runtime.market.synthetic.backfill_bars", "60"),
    ]
    let overrides = values.map { ConfigurationOverride(path: $0.0, value: $0.1) }
    switch ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: overrides) {
    case .success(let configuration): return configuration
    case .failure(let errors): fatalError("the benchmark's configuration is refused: \(errors)")
    }
}

private func signal(_ number: Int, symbol: String, side: String, quantity: String) -> [UInt8] {
    Array(
        """
        {"schema":"fairlead.signal.v1","signal_id":"bench-\(number)","symbol":"\(symbol)","side":"\(side)",\
        "size":{"quantity":"\(quantity)"},"order_type":"market"}
        """.utf8
    )
}

/// The whole node on the synthetic market: bytes of a signal to the release of its order to the embedded venue, then
/// the replay of the journal that this made.
///
/// Virtual time; each signal comes seven seconds after the one before, every symbol in turn, a buy and then the sell
/// that closes it. Only the buys count: what they do is decode, journal (texts, terms, event), risk, route, gate,
/// guard.
func nodeRows(_ show: (String, Double, String, String) -> Void) throws {
    try withDirectory { disk in
        let configuration = configuration(market: "synthetic")
        let clock = VirtualClock(Timestamp(milliseconds: 1_723_075_200_000))
        var setup = NodeSetup(disk: disk, configuration: configuration, clock: clock)
        setup.preparesInline = true
        setup.runID = Digest128(high: 1, low: 2)
        var node = try Node.open(setup)
        let symbols = [("BTCUSDT", "0.01"), ("ETHUSDT", "0.1"), ("SOLUSDT", "2")]
        var times: [Int64] = []
        var lastReply = ""
        let cost = clockCost()
        for number in 0..<6_000 {
            let end = clock.now + .seconds(7)
            run(&node, clock, through: end)
            let isBuy = number / 3 % 2 == 0
            let (symbol, quantity) = symbols[number % 3]
            let bytes = signal(number, symbol: symbol, side: isBuy ? "BUY" : "SELL", quantity: quantity)
            let released = node.increasingReleases
            let begin = wallNanoseconds()
            _ = node.offer(signal: bytes, source: .file, ticket: UInt64(number))
            node.pump()
            let elapsed = wallNanoseconds() - begin - cost
            if isBuy, node.increasingReleases > released { times.append(max(0, elapsed)) }
            if let reply = node.takeReplies().last { lastReply = "\(reply)" }
        }
        guard times.count > 500 else {
            fatalError("only \(times.count) signals became orders: \(node.withEngine { $0.counters }) \(lastReply)")
        }
        show("node_signal_bytes_to_release p50", quantile(times, 0.5), "ns", "- (with JSON and texts)")
        show("node_signal_bytes_to_release p99", quantile(times, 0.99), "ns", "-")
        var stalls: [Int64] = []
        for number in 0..<200 {
            run(&node, clock, through: clock.now + .milliseconds(100))
            node.offer(
                snapshot: SnapshotMark(
                    fileHash: .zero,
                    stateHash: Digest256(first: UInt64(number), second: 0, third: 0, fourth: 0)
                )
            )
            let begin = wallNanoseconds()
            node.pump()
            stalls.append(max(0, wallNanoseconds() - begin - cost))
        }
        show("node_snapshot_stall p99", quantile(stalls, 0.99) / 1_000, "us", "<= 1000 us (made on another thread)")
        let sequence = node.sequence
        try node.close(status: .finished, wallTime: .never)
        var replayer = try Replayer(disk, isObserved: false)
        let begin = cpuNanoseconds()
        try replayer.run()
        let elapsed = Double(cpuNanoseconds() - begin)
        show("node_replay_synthetic (\(sequence / 1_000)k events)", Double(sequence) * 1e9 / elapsed, "/s", "-")
    }
}

/// A way to a venue that isn't there.
private final class ClosedChannel: ByteChannel {
    var isWritable: Bool { false }
    func open() {}
    func write(_ bytes: Span<UInt8>) -> WriteResult { .blocked }
    func close() {}
}

/// The node with a market from outside: quotes a second from the inbox through journal and engine, then the replay of
/// that journal: read, checked, decoded, hashed, applied.
func replayRows(_ show: (String, Double, String, String) -> Void) throws {
    try withDirectory { disk in
        let clock = VirtualClock(Timestamp(milliseconds: 1_723_075_200_000))
        var setup = NodeSetup(
            disk: disk,
            configuration: configuration(market: "venue", connection: "socket"),
            clock: clock
        )
        setup.channel = ClosedChannel()
        setup.preparesInline = true
        setup.isObserved = false
        setup.runID = Digest128(high: 1, low: 2)
        var node = try Node.open(setup)
        run(&node, clock, through: clock.now + .seconds(1))
        let quotes = walk(from: clock.now)
        let count = 2_000_000
        let begin = cpuNanoseconds()
        for index in 0..<count {
            clock.advance(to: clock.now + TimeSpan(nanoseconds: 100_000))
            node.offer(market: .quoted(quotes[index & 4_095]))
            node.pump()
        }
        show("node_quotes", Double(count) * 1e9 / Double(cpuNanoseconds() - begin), "/s", "-")
        let sequence = node.sequence
        guard sequence >= UInt64(count) else { fatalError("the benchmark's quotes were not journaled") }
        try node.close(status: .finished, wallTime: .never)
        var least = Double.infinity
        for _ in 0..<3 {
            var replayer = try Replayer(disk, isObserved: false)
            let begin = cpuNanoseconds()
            try replayer.run()
            least = min(least, Double(cpuNanoseconds() - begin) / Double(sequence))
        }
        show("node_replay", 1e9 / least, "/s", ">= 5 M/s")
    }
}

private func run(_ node: inout Node, _ clock: VirtualClock, through end: Timestamp) {
    while true {
        node.pump()
        guard node.nextWake <= end else { break }
        clock.advance(to: node.nextWake)
    }
    clock.advance(to: end)
    node.pump()
}
