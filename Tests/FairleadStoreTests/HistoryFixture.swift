import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import Foundation
import GRDB
import Testing

@testable import FairleadStore

/// A directory of a test's own, removed with it.
final class HistoryDirectory {
    let path: String
    var file: String { path + "/history.sqlite" }

    init() throws {
        path = NSTemporaryDirectory() + "fh-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    var names: [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch { return [] }
    }

    /// Runs one statement as another process would.
    func execute(_ sql: String, on file: String? = nil) throws {
        let queue = try DatabaseQueue(path: file ?? self.file)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("\(path) stays: \(error)") }
    }
}

/// A journal of a run in virtual time, and what a replay of it tells.
struct HistoryFixture {
    static let start = Timestamp(milliseconds: 1_723_075_200_000)

    let disk: MemoryDisk
    let last: UInt64
    let seed: UInt64

    static func configuration(_ changes: [String: String] = [:]) throws -> ResolvedConfiguration {
        var values = [
            "runtime.capacities.orders": "512", "runtime.capacities.parents": "512",
            "runtime.capacities.signals": "4096", "runtime.capacities.executions": "4096",
            "runtime.capacities.levels": "512", "runtime.journal.segment_bytes": "2097152",
            "runtime.market.synthetic.backfill_bars": "60", "runtime.queues.notices": "4096",
            "risk_limits.cooldown_minutes_after_stop": "0.05",
        ]
        for (path, value) in changes { values[path] = value }
        let overrides = values.sorted { $0.key < $1.key }.map { ConfigurationOverride(path: $0.key, value: $0.value) }
        switch ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: overrides) {
        case .success(let configuration): return configuration
        case .failure(let errors): throw errors
        }
    }

    /// Plays the synthetic market with the screener, and draws signals and a person's orders of every kind.
    init(seed: UInt64, minutes: Int64 = 4, signals: Int = 60, changes: [String: String] = [:]) throws {
        self.seed = seed
        disk = MemoryDisk()
        let clock = VirtualClock(Self.start)
        var values = ["runtime.market.synthetic.seed": "\(seed)"]
        for (path, value) in changes { values[path] = value }
        var setup = NodeSetup(disk: disk, configuration: try Self.configuration(values), clock: clock)
        setup.preparesInline = true
        setup.runID = Digest128(high: seed, low: 2)
        var node = try Node.open(setup)
        var random = DeterministicRandom(seed: seed)
        Self.run(&node, clock, for: .seconds(20))
        for number in 0..<signals {
            if random.chance(1, in: 6) {
                Self.direct(&node, &random)
            } else {
                _ = node.offer(signal: Self.signal(number, &random), source: .file, ticket: UInt64(number + 1))
            }
            let pause = minutes * 60_000 / Int64(signals)
            Self.run(&node, clock, for: .milliseconds(random.next(in: 1...max(2, 2 * pause))))
        }
        last = node.sequence
    }

    private static func run(_ node: inout Node, _ clock: VirtualClock, for span: TimeSpan) {
        let end = clock.now + span
        while true {
            node.pump()
            let wake = node.nextWake
            if wake > end { break }
            clock.advance(to: max(wake, clock.now))
        }
        clock.advance(to: end)
        node.pump()
    }

    /// A person's order: some of them are refused.
    private static func direct(_ node: inout Node, _ random: inout DeterministicRandom) {
        let id = node.withEngine { engine in
            var found = ClientOrderID.none
            engine.forEachLiveOrder { if found.isNone { found = $0.id } }
            return found
        }
        var nobody = id
        (nobody.epoch, nobody.parent, nobody.slot) = (Epoch(number: 1), 900_000, 3)
        let order = random.chance(1, in: 3) || id.isNone ? nobody : id
        let command: OperatorCommand =
            switch random.next(below: 4) {
            case 0: OperatorCommand(.cancelOrder, order: order)
            case 1: OperatorCommand(.amendOrder, order: order, quantity: Quantity(raw: 1))
            case 2: OperatorCommand(.pauseParent, order: order)
            default: OperatorCommand(.flatten, instrument: InstrumentHandle(Int(random.next(below: 2))))
            }
        _ = node.offer(command)
    }

    private static func signal(_ number: Int, _ random: inout DeterministicRandom) -> [UInt8] {
        let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "NOSUCH"]
        let symbol = symbols[Int(random.next(below: random.chance(1, in: 5) ? 4 : 3))]
        // The same id again now and then: a duplicate.
        let id = random.chance(1, in: 10) ? number / 2 : number
        var text = #"{"schema":"fairlead.signal.v1","signal_id":"s'\#(id)","symbol":"\#(symbol)""#
        if random.chance(1, in: 4) {
            text += #","side":"SELL","intent":"flatten","order_type":"market"}"#
            return Array(text.utf8)
        }
        text += #","side":"\#(random.chance(1, in: 2) ? "BUY" : "SELL")""#
        text += #","strategy":"strategy \#(random.next(below: 3))""#
        switch random.next(below: 3) {
        case 0: text += #","size":{"quantity":"0.\#(random.next(in: 1...9))"}"#
        case 1: text += #","size":{"notional":"\#(random.next(in: 50...5_000)).123456789"}"#
        default: text += #","size":{"nav_pct":"0.0\#(random.next(in: 1...9))"}"#
        }
        switch random.next(below: 4) {
        case 0: text += #","execution":{"style":"maker_first"}"#
        case 1: text += #","execution":{"style":"twap","slices":3,"interval_s":2.5,"jitter":0.25}"#
        case 2: text += #","execution":{"style":"pov","participation_rate":0.1,"duration_s":600}"#
        default: break
        }
        if number % 3 == 0 {
            text += #","trailing_stop":{"percent":"1.5"},"profit_stages":[{"profit":"0.01","stop":"-0.005"}]"#
        }
        if random.chance(1, in: 2) { text += #","order_type":"market""# }
        if random.chance(1, in: 3) { text += #","meta":{"note":"Größe; \"quoted\", 1"}"# }
        return Array((text + "}").utf8)
    }

    // MARK: - What a replay tells

    /// Every notice of the journal, with the names at its end.
    func told(through last: UInt64 = .max) throws -> (entries: [NoticeEntry], names: RunNames) {
        var names = RunNames(try Self.configuration().engine.instruments)
        var entries: [NoticeEntry] = []
        var replayer = try Replayer(disk)
        try replayer.run(through: last) { item in
            switch item {
            case .record(let record): names.note(record)
            case .notice(let entry): entries.append(entry)
            case .command: break
            }
        }
        return (entries, names)
    }

    var journal: JournalIdentity {
        get throws { JournalIdentity(id: try JournalReader(disk).journalID, durableThrough: last) }
    }

    /// Gives the journal to a writer as a replica would, from the newest snapshot before what it has stored.
    func show(to writer: HistoryWriter, through end: UInt64 = .max, piece: UInt64 = 700) throws {
        writer.open(try journal)
        guard !writer.hasFailed else { return }
        var replayer = try Replayer(disk, from: .snapshot(before: writer.storedThrough + 1))
        try replayer.show(to: writer, through: end, piece: piece)
    }

    /// A whole history at `path`.
    @discardableResult
    func write(to path: String, piece: UInt64 = 700) throws -> HistoryWriter {
        let writer = HistoryWriter(path: path)
        try show(to: writer, piece: piece)
        #expect(writer.health.fault == nil)
        return writer
    }
}

/// The signal that a stored notice belongs to.
func signal(of notice: Notice) -> SignalNumber? {
    switch notice {
    case .acknowledged(let record): record.number
    case .sized(let record): record.number
    case .riskRow(let record): record.number
    case .riskDecided(let record): record.number
    case .routed(let record): record.number
    case .armChosen(let record): record.number
    case .orderChanged(let record): record.number
    case .filled(let record): record.number
    case .parentClosed(let record): record.number
    case .levelChanged(let record): record.number
    case .progressed(let record): record.number
    case .tradeClosed(let record): record.number == .none ? nil : record.number
    case .operatorRefused(let record): record.number
    case .fillMeasured(let record): record.number
    case .markoutMeasured(let record): record.number
    case .shortfallMeasured(let record): record.number
    case .positionChanged, .profitMeasured, .tradingStateChanged, .riskModeChanged, .divergence, .alarm,
        .venueChanged, .policyComputed, .barClosed, .funded, .riskChanged, .positionDecided:
        nil
    }
}

/// A notice in the words in which every surface tells it.
func text(_ entry: NoticeEntry, _ names: RunNames) -> String {
    var writer = JSONWriter()
    NoticeText.write(
        entry.notice,
        RecordStamp(sequence: entry.sequence, time: entry.time),
        names: names,
        to: &writer
    )
    return writer.text
}
