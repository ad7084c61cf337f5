import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadRuntime

/// A journal read back into an engine of its own, whether its own engine runs or not. Takes no lock, writes nothing.
struct JournalView {
    let path: String
    /// The tapes that a backtest's journal refers to.
    let tapes: [String]

    init(_ paths: HomePaths, tapes: [String] = []) {
        path = paths.journal
        self.tapes = tapes
    }

    init(path: String, tapes: [String] = []) {
        self.path = path
        self.tapes = tapes
    }

    func disk() throws -> PosixDisk {
        do throws(DiskError) { return try PosixDisk(path: path, make: false) } catch {
            throw CommandFailure(.unavailable, "no journal in \(path): \(error)")
        }
    }

    /// The instruments of the configuration that the journal carries.
    func configuration() throws -> ResolvedConfiguration {
        let disk = try disk()
        return try Self.journaling { () throws(JournalError) in
            var reader = try JournalReader(disk)
            while let record = try reader.next() {
                if case .configuration(let configuration) = record.body {
                    if case .success(let resolved) = ConfigurationDecoder.decodeCanonical(configuration.document) {
                        return resolved
                    }
                    throw JournalError.noJournal
                }
            }
            throw JournalError.noJournal
        }
    }

    /// Replays the whole journal and shows each item with the names known so far.
    func replay(
        through last: UInt64 = .max,
        _ body: (ReplayItem, RunNames) -> Void
    ) throws -> (result: ReplayResult, names: RunNames) {
        let disk = try disk()
        var names = RunNames(try configuration().engine.instruments)
        do throws(NodeError) {
            var replayer: Replayer
            if tapes.isEmpty {
                replayer = try Replayer(disk)
            } else {
                replayer = try Replayer(disk, tape: try Tapes.open(tapes, try Self.instruments(disk)))
            }
            try replayer.run(through: last) { item in
                if case .record(let record) = item { Self.note(record, &names) }
                body(item, names)
            }
            return (replayer.result(), names)
        } catch {
            throw Self.failure(error)
        }
    }

    /// The engine at the journal's end.
    func atEnd<Result>(_ body: (borrowing Engine, [Instrument]) -> Result) throws -> Result {
        let disk = try disk()
        let instruments = try configuration().engine.instruments
        do throws(NodeError) {
            var replayer: Replayer
            if tapes.isEmpty {
                replayer = try Replayer(disk, isObserved: false)
            } else {
                replayer = try Replayer(disk, tape: try Tapes.open(tapes, instruments), isObserved: false)
            }
            try replayer.run()
            return replayer.withEngine { body($0, instruments) }
        } catch {
            throw Self.failure(error)
        }
    }

    private static func instruments(_ disk: PosixDisk) throws(NodeError) -> [Instrument] {
        do {
            return try JournalView(path: disk.path).configuration().engine.instruments
        } catch {
            throw .noConfiguration
        }
    }

    private static func note(_ record: JournalRecord, _ names: inout RunNames) {
        guard case .text(let text) = record.body else { return }
        switch text.kind {
        case .signalID: names.add(signal: SignalNumber(value: text.key), text.text)
        case .strategyName: names.setStrategy(Int(clamping: min(text.key, 65_535)), text.text)
        case .meta: break
        }
    }

    // MARK: - What the readers ask

    func positions() throws -> JSONValue {
        ["positions": .array(try atEnd { PositionView.rows($0, $1) })]
    }

    /// Live orders at the journal's end, or every order that it holds.
    func orders(includesClosed: Bool) throws -> [JSONValue] {
        if !includesClosed {
            return try atEnd { engine, instruments in
                var rows: [JSONValue] = []
                engine.forEachLiveOrder { order in
                    rows.append(OrderView.json(order, symbol: instruments[Int(order.instrument.index)].symbol))
                }
                return rows
            }
        }
        var places: [ClientOrderID: Int] = [:]
        var rows: [JSONValue] = []
        _ = try replay { item, names in
            guard case .notice(let entry) = item, case .orderChanged(let change) = entry.notice else { return }
            let row = Self.orderRow(change, entry, names)
            if let place = places[change.id] {
                rows[place] = row(rows[place]["created_ts"])
            } else {
                places[change.id] = rows.count
                rows.append(row(nil))
            }
        }
        return rows
    }

    private static func orderRow(_ change: OrderChange, _ entry: NoticeEntry, _ names: RunNames)
        -> (JSONValue?) -> JSONValue
    {
        let now = JSONValue.string(entry.time.text(.milliseconds))
        let symbol = names.symbol(of: change.instrument) ?? ""
        return { created in
            [
                "client_order_id": .string(change.id.description), "intent_id": .string(change.id.intent.description),
                "signal": .string(change.number.description),
                "venue_order_id": change.venueOrderID == .none ? .null : .string(String(change.venueOrderID.value)),
                "symbol": .string(symbol), "side": .string(change.side.name), "order_type": .string(change.type.name),
                "leg": .string(change.id.leg.name), "state": .string(change.to.name),
                "price": change.price == .zero ? .null : .decimal(change.price),
                "quantity": .decimal(change.quantity), "filled": .decimal(change.filled),
                "reduce_only": .bool(change.reduceOnly), "created_ts": created ?? now, "updated_ts": now,
                "end_reason": change.endReason.name.isEmpty ? .null : .string(change.endReason.name),
            ]
        }
    }

    /// The newest fills, oldest first.
    func fills(symbol: String?, limit: Int) throws -> [JSONValue] {
        var rows: [JSONValue] = []
        _ = try replay { item, names in
            guard case .notice(let entry) = item, case .filled(let fill) = entry.notice else { return }
            if let symbol, names.symbol(of: fill.execution.instrument) != symbol { return }
            if rows.count >= limit * 2 { rows.removeFirst(limit) }
            rows.append(Self.json(entry, names))
        }
        return Array(rows.suffix(limit))
    }

    static func json(_ entry: NoticeEntry, _ names: RunNames) -> JSONValue {
        var writer = JSONWriter()
        NoticeText.write(
            entry.notice,
            RecordStamp(sequence: entry.sequence, time: entry.time),
            names: names,
            to: &writer
        )
        do throws(JSONError) { return try JSONParser.parse(writer.bytes) } catch {
            preconditionFailure("Invariant: what the writer writes is JSON: \(error)")
        }
    }

    // MARK: - Failures

    static func journaling<Result>(_ body: () throws(JournalError) -> Result) throws -> Result {
        do throws(JournalError) { return try body() } catch { throw failure(.journal(error)) }
    }

    /// The exit code of a journal that can't be read.
    static func failure(_ error: NodeError) -> CommandFailure {
        guard case .journal(let reason) = error else { return CommandFailure(.failure, "\(error)") }
        switch reason {
        case .quarantined:
            return CommandFailure(.journalQuarantined, "\(reason); `fairlead run --recover-from-venue` starts anew")
        case .noJournal: return CommandFailure(.unavailable, "\(reason)")
        case .disk(let refusal) where refusal.kind == .locked:
            return CommandFailure(.failure, "another engine runs on this journal (\(refusal))")
        case .disk(let refusal) where refusal.kind == .permissionDenied:
            return CommandFailure(.permission, "\(reason)")
        case .disk, .failed, .noSpace, .recordTooLarge, .unsupportedVersion, .unsupportedRecord, .notRetained,
            .noSuchSequence:
            return CommandFailure(.failure, "\(reason)")
        }
    }
}
