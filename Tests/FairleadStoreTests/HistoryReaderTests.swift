import FairleadModel
import FairleadNode
import FairleadPublication
import Foundation
import GRDB
import Testing

@testable import FairleadStore

@Suite struct HistoryReaderTests {
    /// Goal: a row that nobody wrote doesn't end a reader. Method: a gap to the end of the count.
    @Test func aGapWithoutAnEndIsRead() throws {
        let directory = try HistoryDirectory()
        try HistoryFixture(seed: 31).write(to: directory.file)
        try directory.execute("INSERT INTO gaps VALUES (1, 9223372036854775807)")
        #expect(try HistoryReader(path: directory.file).storedThrough > 0)
    }

    /// Goal: lists are the newest rows that pass, oldest first. Method: each filter against the same of the replay.
    @Test func listsByFilter() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 31)
        try fixture.write(to: directory.file)
        let reader = try HistoryReader(path: directory.file)
        let (entries, names) = try fixture.told()
        let fills = entries.compactMap { entry -> (NoticeEntry, FillRecord)? in
            if case .filled(let fill) = entry.notice { (entry, fill) } else { nil }
        }
        #expect(fills.count > 10)
        let since = fills[fills.count / 2].0.time
        for filter in [
            HistoryFilter(limit: 1_000), HistoryFilter(limit: 5), HistoryFilter(symbol: "BTCUSDT", limit: 1_000),
            HistoryFilter(symbol: "ETHUSDT", limit: 3), HistoryFilter(since: since, limit: 1_000),
            HistoryFilter(symbol: "BTCUSDT", since: since, limit: 2), HistoryFilter(symbol: "' OR 1=1", limit: 9),
        ] {
            let expected = fills.filter { entry, fill in
                if let symbol = filter.symbol, names.symbol(of: fill.execution.instrument) != symbol { return false }
                return filter.since.map { entry.time >= $0 } ?? true
            }.suffix(filter.limit).map { text($0.0, names) }
            #expect(try reader.fills(filter).map { text($0.entry, names) } == expected, "\(filter)")
        }
        #expect(try reader.fills(HistoryFilter(limit: 1_000)).contains { $0.strategy == "screener" })
        #expect(try reader.fills(HistoryFilter(limit: 1_000)).contains { $0.strategy?.hasPrefix("strategy ") == true })
    }

    /// Goal: orders stand as their last change left them; live ones are never left out. Method: against the replay.
    @Test func ordersStandAsTheyWereLeft() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 32)
        try fixture.write(to: directory.file)
        let reader = try HistoryReader(path: directory.file)
        var last: [ClientOrderID: OrderChange] = [:]
        var ids: [ClientOrderID] = []
        for entry in try fixture.told().entries {
            guard case .orderChanged(let change) = entry.notice else { continue }
            if last[change.id] == nil { ids.append(change.id) }
            last[change.id] = change
        }
        let all = try reader.orders(HistoryFilter(limit: 10_000))
        #expect(all.map(\.change.id) == ids)
        for order in all {
            let change = try #require(last[order.change.id])
            #expect(order.change.to == change.to)
            #expect(order.change.filled == change.filled)
            #expect(order.change.quantity == change.quantity)
            #expect(order.change.price == change.price)
            #expect(order.change.endReason == change.endReason)
            #expect(order.created <= order.updated)
        }
        let live = ids.filter { last[$0]?.to.isTerminal == false }
        let few = try reader.orders(HistoryFilter(limit: live.count + 2))
        #expect(few.count == live.count + 2)
        #expect(Set(few.map(\.change.id)).isSuperset(of: live))
    }

    /// Goal: what a person asks by is found by an index. Method: SQLite's plan of each query's shape.
    @Test func findsByAnIndex() throws {
        let directory = try HistoryDirectory()
        let queue = try HistoryDatabase.open(directory.file)
        let queries = [
            "SELECT * FROM signals WHERE signal_id = ?", "SELECT * FROM acknowledgements WHERE intent_id = ?",
            "SELECT * FROM routes WHERE signal = ?", "SELECT * FROM orders WHERE client_order_id = ?",
            "SELECT * FROM orders WHERE signal = ?", "SELECT * FROM order_events WHERE order_id = ?",
            "SELECT * FROM fills WHERE symbol = ? ORDER BY ts DESC, id DESC LIMIT 9",
            "SELECT * FROM fills WHERE ts >= ? ORDER BY ts DESC, id DESC LIMIT 9",
            "SELECT * FROM fills WHERE intent_id = ?", "SELECT * FROM fills WHERE signal = ?",
            "SELECT * FROM parents WHERE strategy = ? ORDER BY ts", "SELECT * FROM parents WHERE intent_id = ?",
            "SELECT * FROM orders WHERE is_live = 1 AND 1 = ? ORDER BY id DESC LIMIT 9",
            "SELECT * FROM acknowledgements WHERE caused_by = ?",
            "SELECT * FROM closed_trades WHERE symbol = ? AND ts >= 1 ORDER BY ts, id",
        ]
        for query in queries {
            let plan = try queue.read {
                try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + query, arguments: ["x"])
                    .map { $0["detail"] as String }
            }
            #expect(plan.allSatisfy { $0.contains("INDEX") }, "\(query): \(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(query): \(plan)")
        }
    }

    /// Goal: a value that no row of ours holds is refused by its column, and traps nothing. Method: rows changed by
    /// hand.
    @Test(
        arguments: [
            ("UPDATE fills SET side = 'LEFT'", "side"), ("UPDATE fills SET client_order_id = 'x'", "client_order_id"),
            ("UPDATE fills SET symbol = 'NONE'", "symbol"), ("UPDATE fills SET liquidity = ''", "liquidity"),
        ]
    ) func refusesForeignRows(_ sql: String, _ column: String) throws {
        let directory = try HistoryDirectory()
        try HistoryFixture(seed: 33, minutes: 2, signals: 20).write(to: directory.file)
        try directory.execute(sql)
        let reader = try HistoryReader(path: directory.file)
        do throws(HistoryFault) {
            _ = try reader.fills(HistoryFilter(limit: 100))
            Issue.record("nothing was refused")
        } catch {
            guard case .unreadable(column, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    /// Goal: a file of the first version is refused by name until it is renewed, and loses nothing by that.
    /// Method: one made here of that version's own statements, as they were released, with a row in each of the tables
    /// that people ask.
    @Test func readsTheFirstVersion() throws {
        let directory = try HistoryDirectory()
        for statement in FirstVersion.statements { try directory.execute(statement) }
        do throws(HistoryFault) {
            _ = try HistoryReader(path: directory.file)
            Issue.record("older tables were read")
        } catch {
            guard case .refused(_, let reason) = error, reason.contains("schema 1") else { throw error }
        }
        let queue = try HistoryDatabase.open(directory.file)
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == HistorySchema.version)
        try queue.close()
        let reader = try HistoryReader(path: directory.file)
        #expect(reader.journal == "00000000000000070000000000000002")
        #expect(reader.storedThrough == 100)
        let fill = try #require(try reader.fills(HistoryFilter(limit: 5)).first)
        guard case .filled(let record) = fill.entry.notice else {
            Issue.record("no fill")
            return
        }
        #expect(record.execution.price == Price(raw: 6_180_020_000_000))
        #expect(fill.signalID == "mine")
        #expect(fill.strategy == "trend")
        #expect(try reader.signal(id: "mine") == SignalNumber(value: 1))
        #expect(try reader.story(of: SignalNumber(value: 1)).entries.count == 2)
    }

    /// Goal: a file of before causes were kept learns those of the exits that a level fired, as the journal tells them.
    /// Method: a history as it is written now, taken back to the version before by hand, and renewed.
    @Test(arguments: [UInt64(3), 33]) func renewedFilesKnowTheCauses(_ seed: UInt64) throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: seed)
        try fixture.write(to: directory.file)
        var expected: [SignalNumber: SignalNumber] = [:]
        for case .acknowledged(let record) in try fixture.told().entries.map(\.notice) where record.cause != .none {
            expected[record.number] = record.cause
        }
        #expect(expected.count >= 3)
        func causes() throws -> [SignalNumber: SignalNumber] {
            let reader = try HistoryReader(path: directory.file)
            var found: [SignalNumber: SignalNumber] = [:]
            for number in expected.keys { found[number] = try reader.story(of: number).cause }
            return found
        }
        #expect(try causes() == expected)
        for statement in [
            "DROP INDEX acknowledgements_by_cause", "DROP INDEX closed_trades_by_symbol",
            "ALTER TABLE acknowledgements DROP COLUMN caused_by", "ALTER TABLE orders DROP COLUMN trigger_price",
            "ALTER TABLE order_events DROP COLUMN trigger_price",
            "DROP TABLE position_decisions",
            "DELETE FROM grdb_migrations WHERE identifier LIKE '8 %' OR identifier LIKE '9 %'",
            "PRAGMA user_version = 7",
        ] { try directory.execute(statement) }
        let queue = try HistoryDatabase.open(directory.file)
        try queue.close()
        #expect(try causes() == expected)
    }

    /// Goal: what belongs to a signal beside its own rows is found, once each and in the journal's order; every exit of
    /// a level has a cause, an entry that was accepted before it, and nothing else has one. Method: of each signal with
    /// an exit that its level caused, and of that exit, against the replay's notices; levels watched, and placed at the
    /// venue.
    @Test(arguments: [false, true]) func relatedRows(_ isNative: Bool) throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 33, changes: ["strategy_config.exits.native": "\(isNative)"])
        try fixture.write(to: directory.file)
        let (entries, names) = try fixture.told()
        let reader = try HistoryReader(path: directory.file)
        var pairs: [(entry: SignalNumber, exit: SignalNumber)] = []
        var accepted: Set<SignalNumber> = []
        for case .acknowledged(let record) in entries.map(\.notice) {
            #expect((record.source == .exitScanner) == (record.cause != .none), "\(record)")
            if record.cause != .none {
                #expect(accepted.contains(record.cause), "\(record)")
                pairs.append((record.cause, record.number))
            } else if record.disposition == .accepted {
                accepted.insert(record.number)
            }
        }
        let stored = entries.filter(\.notice.isStored).map { (signal(of: $0.notice), text($0, names)) }
        for entry in Set(pairs.map(\.entry)) {
            let family = Set(pairs.filter { $0.entry == entry }.map(\.exit) + [entry])
            let told = try reader.related(to: entry).map { text($0, names) }
            let own = stored.filter { row in row.0.map { family.contains($0) } == true }.map(\.1)
            #expect(told.filter { Set(own).contains($0) } == own, "\(entry)")
            var rest = stored.map(\.1)[...]
            for row in told {
                let place = rest.firstIndex(of: row)
                #expect(place != nil, "\(entry): \(row)")
                if let place { rest = rest[(place + 1)...] }
            }
        }
        let exit = try #require(pairs.first)
        let firings = try reader.related(to: exit.exit).filter {
            if case .levelChanged(let level) = $0.notice { level.number == exit.entry } else { false }
        }
        #expect(!firings.isEmpty)
    }

    /// Goal: the router's history is each policy that decisions were made under, where it differs from the one before
    /// of its symbol. Method: against the replay's route decisions; by symbol, and the newest few.
    @Test func policiesWhereTheyChange() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 33)
        try fixture.write(to: directory.file)
        let reader = try HistoryReader(path: directory.file)
        let (entries, names) = try fixture.told()
        var last: [InstrumentHandle: RouterPolicy] = [:]
        var expected: [RouterHistoryEntry] = []
        for entry in entries {
            guard case .routed(let decision) = entry.notice, decision.moment != .end,
                last.updateValue(decision.policy, forKey: decision.instrument) != decision.policy
            else { continue }
            let symbol = names.symbol(of: decision.instrument) ?? "?"
            let policy = RouterPolicyView(decision.policy, at: entry.time)
            expected.append(RouterHistoryEntry(time: entry.time, symbol: symbol, policy: policy))
        }
        #expect(expected.count >= 3)
        #expect(try reader.routerHistory() == expected)
        #expect(try reader.routerHistory(limit: 2) == Array(expected.suffix(2)))
        #expect(try reader.routerHistory(symbol: "ethusdt") == expected.filter { $0.symbol == "ETHUSDT" })
        #expect(try reader.routerHistory(symbol: "NONE") == [])
    }
}
