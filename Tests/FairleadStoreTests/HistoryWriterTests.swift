import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import Foundation
import GRDB
import Testing

@testable import FairleadStore

@Suite struct HistoryWriterTests {
    /// Goal: the history tells every signal in the words of the journal. Method: runs of drawn signals, orders of a
    /// person and the screener; of each signal the rows of the history as JSON against the replay's notices.
    @Test(arguments: [UInt64(1), 2, 3, 20_240_808]) func tellsWhatTheJournalTells(_ seed: UInt64) throws {
        print("seed \(seed)")
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: seed)
        try fixture.write(to: directory.file)
        let (entries, names) = try fixture.told()
        let reader = try HistoryReader(path: directory.file)
        #expect(reader.storedThrough == fixture.last)
        #expect(reader.keptSince <= 1)
        var stories: [SignalNumber: [String]] = [:]
        for entry in entries where entry.notice.isStored {
            guard let number = signal(of: entry.notice), number != .none else { continue }
            stories[number, default: []].append(text(entry, names))
        }
        #expect(stories.count > 30)
        for (number, told) in stories {
            let found = try reader.story(of: number).entries.map { text($0, names) }
            #expect(found == told, "seed \(seed), \(number)")
        }
    }

    /// Goal: nothing is counted twice or left out. Method: the rows of each table against the replay's notices.
    @Test(arguments: [UInt64(4), 5, 6]) func countsWhatTheJournalCounts(_ seed: UInt64) throws {
        print("seed \(seed)")
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: seed)
        try fixture.write(to: directory.file, piece: 5_000)
        var expected: [String: Int] = [:]
        var orders: Set<ClientOrderID> = []
        for entry in try fixture.told().entries {
            let name = entry.notice.name
            expected[name, default: 0] += 1
            if case .orderChanged(let change) = entry.notice { orders.insert(change.id) }
        }
        let counts = Dictionary(
            uniqueKeysWithValues: try HistoryReader(path: directory.file).counts().map { ($0.table, $0.rows) }
        )
        let tables = [
            "signal_acknowledged": "acknowledgements", "sizing": "sizings", "risk_row": "risk_rows",
            "risk_decision": "decisions", "route_decision": "routes", "order_lifecycle": "order_events",
            "execution_fill": "fills", "parent_closed": "parents", "level_changed": "levels",
            "operator_refused": "refusals", "fill_measured": "fill_measures", "markout_measured": "markouts",
            "shortfall_measured": "shortfalls", "funding_booked": "fundings", "parent_progress": "parent_progress",
            "trade_closed": "closed_trades", "arm_decision": "arm_decisions",
            "position_decided": "position_decisions",
        ]
        for (notice, table) in tables { #expect(counts[table] == expected[notice] ?? 0, "\(table), seed \(seed)") }
        #expect(counts["orders"] == orders.count)
        for notice in ["execution_fill", "order_lifecycle", "operator_refused", "parent_closed", "parent_progress"] {
            #expect(expected[notice] ?? 0 > 3, "\(notice): the run tells too little")
        }
    }

    /// Goal: killed anywhere, it goes on exactly there. Method: a whole history, and one whose writer is dropped at
    /// drawn places, most of them within what is staged; every table row by row.
    @Test(arguments: [UInt64(7), 8]) func goesOnAfterACrash(_ seed: UInt64) throws {
        print("seed \(seed)")
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: seed)
        try fixture.write(to: directory.file)
        let other = directory.path + "/other.sqlite"
        var random = DeterministicRandom(seed: seed)
        var end: UInt64 = 0
        var crashes = 0
        while end < fixture.last {
            end += UInt64(random.next(in: 1...600))
            let writer = HistoryWriter(path: other)
            // What comes after the last whole piece is taken and never stored.
            try fixture.showWithoutReaching(to: writer, through: end, piece: UInt64(random.next(in: 100...500)))
            #expect(writer.storedThrough <= end)
            crashes += 1
        }
        #expect(crashes > 5)
        try fixture.write(to: other)
        let (difference, rows) = try HistoryComparison.difference(directory.file, other)
        #expect(difference == nil, "seed \(seed): \(difference.map { "\($0)" } ?? "")")
        #expect(rows > 500)
        #expect(try HistoryComparison.dump(directory.file) == (try HistoryComparison.dump(other)))
    }

    /// Goal: a rebuilt history is the one that was written live. Method: both of one journal, compared and dumped; a
    /// fill changed by hand is found.
    @Test func rebuiltEqualsWritten() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 9)
        try fixture.write(to: directory.file, piece: 333)
        let new = directory.path + "/new.sqlite"
        var replayer = try Replayer(fixture.disk)
        var steps = 0
        let result = try HistoryRebuild.write(&replayer, try fixture.journal.id, to: new) { _ in steps += 1 }
        #expect(result.storedThrough == fixture.last)
        #expect(result.firstSequence == 1)
        #expect(steps > 0)
        #expect(directory.names.contains("new.sqlite-wal") == false)
        #expect(try HistoryComparison.difference(directory.file, new).difference == nil)
        try directory.execute("UPDATE fills SET fee = fee + 1 WHERE id = (SELECT max(id) FROM fills)", on: new)
        #expect(try HistoryComparison.difference(directory.file, new).difference?.table == "fills")
        try directory.execute("DELETE FROM orders WHERE id = (SELECT max(id) FROM orders)", on: new)
        #expect(try HistoryComparison.difference(directory.file, new).difference?.table == "orders")
        let again = directory.path + "/again.sqlite"
        var second = try Replayer(fixture.disk)
        _ = try HistoryRebuild.write(&second, try fixture.journal.id, to: again)
        try HistoryRebuild.swap(again, into: directory.file)
        #expect(!directory.names.contains { $0.hasPrefix("again") || $0.hasPrefix("history.sqlite-") })
        #expect(try HistoryReader(path: directory.file).storedThrough == fixture.last)
    }

    /// Goal: a journal whose beginning is gone leaves a gap that is told, and the orders that live behind it are there.
    /// Method: a history that is begun at the newest snapshot, as a replica does where the rest is not retained.
    @Test func tellsOfAGap() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 10)
        let writer = HistoryWriter(path: directory.file)
        writer.open(try fixture.journal)
        var early = try Replayer(fixture.disk)
        try early.show(to: writer, through: 400, piece: 100)
        // The rest of a replay, told to begin later: what lies between is not given.
        var late = try Replayer(fixture.disk)
        try late.run(through: 900)
        try late.showAsPart(to: writer, piece: 300)
        #expect(writer.health.fault == nil)
        let reader = try HistoryReader(path: directory.file)
        #expect(reader.keptSince == 901)
        #expect(reader.storedThrough == fixture.last)
        let live = try reader.orders(HistoryFilter(limit: 10_000)).filter { !$0.change.to.isTerminal }.map(\.change.id)
        let expected = late.withEngine { engine in
            var found: [ClientOrderID] = []
            engine.forEachLiveOrder { found.append($0.id) }
            return found
        }
        #expect(Set(live).isSuperset(of: expected))
    }

    /// Goal: every column of a record is a column of its table, in both directions. Method: the walks against
    /// SQLite's own list of columns.
    @Test func everyColumnIsWalked() throws {
        let directory = try HistoryDirectory()
        let queue = try HistoryDatabase.open(directory.file)
        func names(_ table: HistoryTable) throws -> Set<String> {
            try queue.read { Set(try $0.columns(in: table.rawValue).map(\.name)) }
        }
        func walked<Record: HistoryRecord>(_ type: Record.Type) -> Set<String> {
            Set(HistoryRows.columns(of: Record.self) + ["id", "ts"])
        }
        #expect(try names(.acknowledgements).subtracting(["sequence"]) == walked(SignalAcknowledgement.self))
        #expect(try names(.sizings).subtracting(["sequence"]) == walked(SizingRecord.self))
        #expect(try names(.riskRows).subtracting(["sequence"]) == walked(RiskRow.self))
        #expect(try names(.decisions).subtracting(["sequence"]) == walked(RiskDecision.self))
        #expect(try names(.routes).subtracting(["sequence"]) == walked(RouteDecision.self))
        #expect(try names(.fills).subtracting(["sequence"]) == walked(FillRecord.self))
        #expect(try names(.parents).subtracting(["sequence"]) == walked(ParentRecord.self))
        #expect(try names(.levels).subtracting(["sequence"]) == walked(LevelRecord.self))
        #expect(try names(.refusals).subtracting(["sequence"]) == walked(OperatorRefused.self))
        #expect(try names(.fillMeasures).subtracting(["sequence"]) == walked(FillMeasure.self))
        #expect(try names(.markouts).subtracting(["sequence"]) == walked(MarkoutMeasure.self))
        #expect(try names(.shortfalls).subtracting(["sequence"]) == walked(ShortfallMeasure.self))
        #expect(try names(.fundings).subtracting(["sequence"]) == walked(FundingRecord.self))
        #expect(try names(.progress).subtracting(["sequence"]) == walked(ProgressRecord.self))
        #expect(try names(.arms).subtracting(["sequence"]) == walked(ArmDecision.self))
        #expect(try names(.positionDecisions).subtracting(["sequence"]) == walked(PositionDecision.self))
        #expect(try names(.trades).subtracting(["sequence"]) == walked(ClosedTrade.self))
        let signal = StoredSignal.columns
        #expect(try names(.signals) == Set(signal))
    }

    /// Goal: nobody else reads the file. Method: the modes of the file and of what SQLite keeps beside it.
    @Test func belongsToItsOwnerAlone() throws {
        let directory = try HistoryDirectory()
        let writer = try HistoryFixture(seed: 11, minutes: 1, signals: 5).write(to: directory.file)
        #expect(directory.names.count > 1)
        for name in directory.names {
            let found = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + name)
            #expect((found[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
        withExtendedLifetime(writer) {}
    }
}

extension HistoryFixture {
    /// Whole pieces are stored; what comes after the last of them is only taken: then the process dies.
    func showWithoutReaching(to writer: HistoryWriter, through end: UInt64, piece: UInt64) throws {
        writer.open(try journal)
        var replayer = try Replayer(disk, from: .snapshot(before: writer.storedThrough + 1))
        try replayer.show(to: writer, through: end / piece * piece, piece: piece)
        var names = RunNames(try Self.configuration().engine.instruments)
        try replayer.run(through: end) { item in
            if case .record(let record) = item { names.note(record) }
            writer.take(item, names: names)
        }
    }
}

extension Replayer {
    /// As a replica that could not begin earlier.
    mutating func showAsPart(to writer: HistoryWriter, piece: UInt64) throws {
        let configuration = try HistoryFixture.configuration()
        var names = RunNames(configuration.engine.instruments)
        for (index, name) in strategies.enumerated() { names.setStrategy(index, name) }
        let place = ReplicaPlace(sequence: appliedThrough, time: .never, isWhole: false, configuration: configuration)
        writer.begins(at: place, names: names)
        var before = UInt64.max
        while appliedThrough != before {
            before = appliedThrough
            try run(through: before + piece) { item in
                if case .record(let record) = item { names.note(record) }
                writer.take(item, names: names)
            }
            let moment = ReplicaMoment(sequence: appliedThrough, time: .never, configuration: configuration)
            withEngine { writer.reached(moment, engine: $0, names: names) }
        }
    }
}
