import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadPaper
import Testing

@testable import FairleadConfiguration
@testable import FairleadNode

/// Funding, liquidations and sessions through a whole node: journaled, replayed, and equal to the venue's books.
@Suite struct AccountNodeTests {
    typealias Fixture = NodeFixture

    /// The demonstration's documents with other terms of its first instrument.
    static func configuration(
        _ changes: [String: String] = [:],
        _ adjust: (inout Instrument) -> Void = { _ in }
    ) throws -> ResolvedConfiguration {
        var values = [
            "strategy_config.screener.enabled": "false", "runtime.paper.funding_interval_min": "1",
            "runtime.paper.starting_balance": "100000",
        ]
        for (path, value) in changes { values[path] = value }
        var content = try Fixture.configuration(values).content
        adjust(&content.engine.instruments[0])
        let text = ResolvedConfiguration(content: content, origins: [:], warnings: []).canonicalText
        return try ConfigurationDecoder.decodeCanonical(text).get()
    }

    /// What the engine and the venue say differently of positions, cash, fees and funding; empty when they agree.
    static func differences(_ node: borrowing Node) -> [String] {
        let found = node.withEmbeddedVenue { venue -> [String] in
            var found: [String] = []
            for index in venue.instruments.indices {
                let ours = node.withEngine { $0.position(PositionKey(InstrumentHandle(index), .both)) }
                let theirs = venue.ledger.positions[index * 3]
                if ours.quantity != theirs.quantity { found.append("quantity \(index)") }
                if ours.cost != theirs.cost { found.append("cost \(index)") }
                if ours.funding != Money(raw8: theirs.funding) { found.append("funding \(index)") }
                if ours.fees != Money(raw8: theirs.fees) { found.append("fees \(index)") }
            }
            let cash = node.withEngine { $0.cash }
            if cash != venue.ledger.cash { found.append("cash") }
            return found
        }
        return found ?? ["no venue"]
    }

    /// Goal: funding of the embedded venue is in the journal, moves the engine's cash by the unit, and replays. Method:
    /// a position over ten settlements of a minute, then its close; both ledgers, and a replay in a fresh engine.
    @Test func fundingIsJournaledAndReplayed() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Self.configuration { $0.fundingRate = Rate(raw: 12_345) }
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .seconds(2))
        _ = node.offer(signal: Fixture.signal("a", more: #","maker_first":false"#), source: .file, ticket: 1)
        Fixture.run(&node, clock, for: .seconds(601))
        let paid = node.withEngine { $0.funding }
        #expect(paid > .zero)
        let payments = try JournalVerifier.verify(disk).events.first { $0.kind == .fundingPaid }?.count
        #expect(payments == 10)
        _ = node.offer(OperatorCommand(.flatten))
        Fixture.run(&node, clock, for: .seconds(90))
        let differences = Self.differences(node)
        #expect(differences == [])
        let after = node.withEngine { $0.funding }
        #expect(after == paid)
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
    }

    /// Goal: a payment that was told to nobody is told by the listing of the next session, once. Method: a venue in
    /// another process, the line cut over two settlements.
    @Test func fundingIsToldAgainAfterACut() throws {
        var world = try RemoteWorld(["runtime.paper.funding_interval_min": "1"]) { $0.fundingRate = Rate(bps: 3) }
        world.run(for: .seconds(2))
        world.give(RemoteNodeTests.taker)
        world.run(for: .seconds(30))
        let before = world.node.withEngine { $0.funding }
        world.bytesUntilCut = 1
        world.run(for: .seconds(150))
        let booked = world.node.withEngine { $0.funding }
        #expect(booked > before)
        #expect(booked == Money(raw8: world.server.venue.ledger.funding))
        let differences = world.differences()
        #expect(differences.isEmpty)
    }

    /// Goal: a liquidation halts the engine, leaves both ledgers equal, and replays. Method: so little cash and so much
    /// margin that the entry's own costs use it up; the fee of the close is in the books.
    @Test func aLiquidationIsJournaledAndReplayed() throws {
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        // 0.01 of 61,800 bind 30.90 to begin with; the taker's fee of 6.18 leaves less.
        let configuration = try Self.configuration([
            "runtime.paper.starting_balance": "34", "runtime.paper.initial_margin_pct": "0.05",
            "runtime.paper.maintenance_margin_pct": "0.04999999", "runtime.paper.liquidation_fee_bps": "50",
            "risk_limits.max_trade_nav_pct": "1", "risk_limits.max_gross_exposure_pct": "100",
            "risk_limits.circuit_breakers.max_portfolio_dd_nav_pct": "1",
            "risk_limits.max_effective_leverage": "100", "risk_limits.max_leverage": "100",
            "risk_limits.symbols.BTCUSDT.max_leverage": "100", "risk_limits.symbols.BTCUSDT.max_nav_pct": "1",
        ]) { $0.terms.takerFee = Rate(bps: 100) }
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .seconds(2))
        // Another client of the account buys: our own gateway would never let so large an entry out.
        node.fold.venue?.connect(client: 9, at: clock.now)
        var order = PaperOrder(
            id: ClientOrderID(epoch: Epoch(number: 9), parent: 1, leg: .direct, slice: 0, attempt: 0, slot: 0),
            instrument: InstrumentHandle(0),
            side: .buy,
            type: .market,
            quantity: Quantity(raw: 1_000_000)
        )
        order.timeInForce = .ioc
        node.fold.venue?.request(.submit(order), client: 9, at: clock.now)
        Fixture.run(&node, clock, for: .seconds(5))
        let state = node.withEngine { ($0.tradingState, $0.tradingStateCause, $0.openPositionCount) }
        #expect(state.0 == .halted)
        #expect(state.1 == .liquidation)
        #expect(state.2 == 0)
        let differences = Self.differences(node)
        #expect(differences == [])
        let closes = node.withEmbeddedVenue { venue -> [Int64] in
            (0..<venue.ledger.executionCount).map { venue.ledger.execution(at: $0).execution }
                .filter { $0.origin == .liquidation }.map { $0.fee * 10_000 / ($0.price.raw / 100) }
        }
        // 100 bps of a taker and 50 of the liquidation.
        #expect(closes == [150])
    }

    /// Goal: after quiet the engine's books are the venue's to the last unit, whatever the account went through.
    /// Method: the screener and signals by hand over twenty minutes with funding each minute and delays from a
    /// distribution; then a flatten, and the replay. Seeds of the market printed.
    @Test(arguments: [3, 4, 5]) func booksAgreeAfterEverything(seed: Int) throws {
        print("seed \(seed)")
        let disk = MemoryDisk()
        let clock = VirtualClock(Fixture.start)
        let configuration = try Self.configuration([
            "strategy_config.screener.enabled": "true", "runtime.market.synthetic.seed": "\(seed)",
            "runtime.paper.seed": "\(seed)", "runtime.paper.order_latency.median_ms": "8",
            "runtime.paper.order_latency.p99_ms": "18",
        ]) { $0.fundingRate = Rate(raw: -12_345) }
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        for minute in 0..<20 {
            Fixture.run(&node, clock, for: .seconds(60))
            let side = minute % 3 == 0 ? "BUY" : "SELL"
            _ = node.offer(signal: Fixture.signal("m\(minute)", side: side), source: .file, ticket: 1)
        }
        _ = node.offer(OperatorCommand(.stopEntries))
        _ = node.offer(OperatorCommand(.flatten))
        // Past the last settlement, whose news is under way at the full minute.
        Fixture.run(&node, clock, for: .seconds(10))
        Fixture.run(&node, clock, for: .minutes(2))
        let paid = node.withEngine { $0.funding }
        #expect(paid != .zero)
        let differences = Self.differences(node)
        #expect(differences == [])
        node.withEngine { $0.checkInvariants() }
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
    }

    /// Goal: sessions of the embedded venue are told, journaled and replayed, by the keys of trading_hours. Method: a
    /// session of ten minutes with an early close on the first day and a holiday on the second; when it trades.
    @Test func sessionsAreJournaledAndReplayed() throws {
        let disk = MemoryDisk()
        let date = CivilDate(year: 2024, month: 8, day: 8).daysSinceEpoch
        // 9:20 of a Thursday in New York's summer.
        let clock = VirtualClock(Timestamp(milliseconds: date * 86_400_000 + (13 * 60 + 20) * 60_000))
        let configuration = try Self.configuration([
            "runtime.trading_hours.open": "09:25", "runtime.trading_hours.close": "09:35",
            "runtime.trading_hours.early_close": "09:30", "runtime.trading_hours.early_closes": "2024-08-08",
            "runtime.trading_hours.holidays": "2024-08-09",
            "runtime.market.synthetic.symbols.BTCUSDT.trades_per_second": "0.05",
        ]) { $0.hours = .sessions }
        var node = try Node.open(Fixture.setup(disk, configuration, clock))
        Fixture.run(&node, clock, for: .minutes(2))
        _ = node.offer(signal: Fixture.signal("a", more: #","maker_first":false"#), source: .file, ticket: 1)
        Fixture.run(&node, clock, for: .minutes(6))
        let vetoed = node.withEngine { $0.counters.vetoed }
        #expect(vetoed == 1)
        let isOpen = node.withEngine { !$0.marketRow(InstrumentHandle(0)).isHalted }
        #expect(isOpen)
        _ = node.offer(signal: Fixture.signal("b", more: #","maker_first":false"#), source: .file, ticket: 2)
        Fixture.run(&node, clock, for: .minutes(1))
        let held = node.withEngine { $0.openPositionCount }
        #expect(held == 1)
        Fixture.run(&node, clock, for: .minutes(2))
        _ = node.offer(OperatorCommand(.flatten))
        Fixture.run(&node, clock, for: .minutes(5))
        let parked = node.withEngine { ($0.openPositionCount, $0.openParentCount) }
        #expect(parked == (1, 1))
        let halts = try JournalVerifier.verify(disk).events.first { $0.kind == .haltReported }?.count
        // Closed at the start, open, closed.
        #expect(halts == 3)
        try EmbeddedNodeTests.expectReplay(of: &node, disk)
    }
}
