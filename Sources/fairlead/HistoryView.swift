import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime
import FairleadStore

/// A history that can answer in the journal's stead: of the same journal, and as far as it goes, or nearly so while an
/// engine writes both.
struct HistoryView {
    /// While an engine runs the history may be so much behind the journal; further behind, it is not being written.
    static let allowedLag = TimeSpan.seconds(5)

    let reader: HistoryReader
    /// The last input of the journal when it was looked at.
    let journalEnd: UInt64
    /// It ends before the journal does: answers are of `reader.storedThrough`.
    var isBehind: Bool { journalEnd > reader.storedThrough }
    /// The journal still has its first record.
    let isJournalWhole: Bool
    private let flags: String

    private static func tell(_ fault: HistoryFault, _ flags: String) {
        let next = "\(Program.name) journal rebuild-history\(flags)"
        Output.hint("\(fault); answering from the journal. \(next) makes it again")
    }

    /// nil where the journal must answer; `--verbose` says why.
    static func open(_ view: JournalView, isRunning: Bool) throws -> HistoryView? {
        guard let path = view.history else { return nil }
        let reader: HistoryReader
        do throws(HistoryFault) { reader = try HistoryReader(path: path) } catch {
            if case .missing = error { return nil }
            tell(error, view.flags)
            return nil
        }
        return try judged(reader, view, isRunning)
    }

    private static func judged(_ reader: HistoryReader, _ view: JournalView, _ isRunning: Bool) throws -> HistoryView? {
        let disk = try view.disk()
        do throws(JournalError) {
            var journal = try JournalReader(disk, from: reader.storedThrough + 1)
            guard "\(journal.journalID)" == reader.journal else {
                Output.detail("\(reader.path) is the history of another journal")
                return nil
            }
            var end: (sequence: UInt64, time: Timestamp)?
            while let record = try journal.next() {
                if record.body.type.isInput { end = (record.sequence, record.time) }
            }
            guard reader.storedThrough <= max(journal.sequence, end?.sequence ?? 0) else {
                Output.detail("\(reader.path) goes beyond the journal's end")
                return nil
            }
            if let end, !isRunning || end.time - reader.storedTime > allowedLag {
                Output.detail("\(reader.path) ends at sequence \(reader.storedThrough), the journal at \(end.sequence)")
                return nil
            }
            Output.detail("from the history in \(reader.path), through sequence \(reader.storedThrough)")
            return HistoryView(
                reader: reader,
                journalEnd: end?.sequence ?? reader.storedThrough,
                isJournalWhole: journal.firstRetained <= 1,
                flags: view.flags
            )
        } catch {
            // Damage, and what else the journal has to say, is told by whoever reads it next.
            return nil
        }
    }

    /// An answer, or nothing where the file turns out to be unreadable: then the journal has it.
    private func answering<Result>(_ body: () throws(HistoryFault) -> Result?) -> Result? {
        do throws(HistoryFault) { return try body() } catch {
            Self.tell(error, flags)
            return nil
        }
    }

    func names() -> RunNames {
        var names = RunNames(reader.instruments)
        for (index, name) in reader.strategies.enumerated() { names.setStrategy(index, name) }
        return names
    }

    // MARK: - Answers

    /// The number of a signal by its own id; nil where the history doesn't know it.
    func number(ofSignal id: String) -> SignalNumber? {
        answering { () throws(HistoryFault) in try reader.signal(id: id) }
    }

    /// The chain of a signal; nil where the history doesn't know the id.
    func chain(of id: String) -> [JSONMember]? {
        answering { () throws(HistoryFault) in
            let found: SignalNumber?
            switch JournalView.Subject(id) {
            case .text(let text): found = try reader.signal(id: text)
            case .number(let number): found = try reader.knows(number) ? number : nil
            case .intent(let intent): found = try reader.signal(intent: intent)
            }
            guard let number = found else { return nil }
            let story = try reader.story(of: number)
            // What came before it began, the journal may still know.
            if (story.entries.first?.sequence ?? 0) < reader.keptSince, reader.keptSince > 1 { return nil }
            var names = names()
            if let signalID = story.signalID { names.add(signal: number, signalID) }
            if let refusal = story.refusal { names.setRefusal(number, refusal) }
            var chain = SignalChain(number, cause: story.cause)
            for entry in try reader.related(to: number) { chain.take(entry) }
            for named in try reader.signalIDs(of: Array(chain.named)) { names.add(signal: named.number, named.id) }
            return chain.json(AskedSignal(number, story).json(names), names)
        }
    }

    /// The newest fills, oldest first; nil where the journal reaches further back than the history does.
    func fills(_ filter: HistoryFilter) -> FoundFills? {
        answering { () throws(HistoryFault) in
            let rows = try reader.fills(filter)
            guard isEnough(rows.count, filter) else { return nil }
            var names = names()
            for row in rows {
                guard let id = row.signalID, case .filled(let fill) = row.entry.notice else { continue }
                names.add(signal: fill.number, id)
            }
            return FoundFills(
                rows: rows,
                names: names,
                keptSince: try kept(rows.count, filter),
                through: through,
                total: rows.count < filter.limit ? rows.count : try reader.fillCount(filter)
            )
        }
    }

    /// What tells of costs; nil where the journal reaches further back than the history does.
    func costs() -> [NoticeEntry]? {
        answering { () throws(HistoryFault) in
            reader.keptSince > 1 && isJournalWhole ? nil : try reader.costs()
        }
    }

    /// Every live order and the newest closed ones, oldest first; nil as for fills.
    func orders(_ filter: HistoryFilter) -> JSONValue? {
        answering { () throws(HistoryFault) in
            let rows = try reader.orders(filter)
            guard isEnough(rows.count, filter) else { return nil }
            let names = names()
            let shown = rows.map { row in
                let created = JSONValue.string(row.created.text(.milliseconds))
                return JournalView.row(row.change, row.updated, created, row.change.timeInForce, names)
            }
            return [
                "environment": "paper", "orders": .array(shown), "kept_since": try kept(rows.count, filter),
                "through_sequence": through,
                "total": .integer(rows.count < filter.limit ? rows.count : try reader.orderCount(filter)),
            ]
        }
    }

    /// Through which input it answers; null: to the journal's end.
    var through: JSONValue { isBehind ? .integer(reader.storedThrough) : .null }

    private func isEnough(_ count: Int, _ filter: HistoryFilter) -> Bool {
        count >= filter.limit || reader.keptSince <= 1 || !isJournalWhole
    }

    /// Since when records are kept, where the list would have gone further back.
    private func kept(_ count: Int, _ filter: HistoryFilter) throws(HistoryFault) -> JSONValue {
        guard count < filter.limit, reader.keptSince > 1 else { return .null }
        let time = try reader.time(from: reader.keptSince)
        return ["sequence": .integer(reader.keptSince), "ts": time.map { .string($0.text(.milliseconds)) } ?? .null]
    }
}

/// Fills with the names that they need, from the history or the journal.
struct FoundFills {
    /// Oldest first.
    var rows: [StoredFill]
    var names: RunNames
    var keptSince: JSONValue
    /// Null: to the journal's end.
    var through: JSONValue
    /// How many there are, with those that the limit leaves out; nil where not all were looked at.
    var total: Int?

    var json: JSONValue {
        [
            "environment": "paper", "fills": .array(rows.map { JournalView.json($0.entry, names) }),
            "kept_since": keptSince, "through_sequence": through,
            "total": total.map { .integer($0) } ?? .null,
        ]
    }
}
