import FairleadConfiguration
import FairleadMarketData
import FairleadModel
import Foundation
import Testing

@testable import FairleadFuzz
@testable import FairleadJournal
@testable import FairleadPaper

/// Writes the corpora that are not plain text; the others are written by hand.
@Suite struct CorpusMakerTests {
    private static var isWanted: Bool { ProcessInfo.processInfo.environment["FAIRLEAD_UPDATE_CORPUS"] == "1" }
    private static let time = Timestamp(milliseconds: 1_700_000_000_000)
    private static let id = ClientOrderID(
        epoch: Epoch(number: 1),
        parent: 1,
        leg: .direct,
        slice: 0,
        attempt: 0,
        slot: 1
    )

    /// Makes the binary examples where `FAIRLEAD_UPDATE_CORPUS=1` asks for them: what our own writers write.
    @Test(.enabled(if: isWanted)) func writeCorpora() throws {
        try write(.paperServer, "session", [255] + frames(clientFrames))
        try write(.paperServer, "bytewise", [1] + frames(Array(clientFrames.prefix(3))))
        try write(.paperClient, "session", [255] + frames(serverFrames))
        try write(.cache, "two-symbols", try tapeFile())
        try write(.journal, "segment", try segment())
        try write(.snapshot, "two-sections", snapshot())
        for (index, payload) in try payloads().enumerated() {
            try write(.record, "\(index)-\(payload.type)", [UInt8(payload.place)] + payload.bytes)
        }
        let demo = InitialDocuments.documents
        for (index, document) in ConfigurationDocument.allCases.enumerated() {
            try write(.configuration, document.rawValue, [UInt8(index)] + demo[document])
        }
        guard case .success(let resolved) = ConfigurationDecoder.resolve(demo) else {
            Issue.record("the demo doesn't resolve")
            return
        }
        try write(.canonical, "demo", Array(resolved.canonicalText.utf8))
    }

    private func write(_ entry: FuzzEntry, _ name: String, _ bytes: [UInt8]) throws {
        let folder = FuzzCorpusTests.folder.appendingPathComponent(entry.rawValue)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: folder.appendingPathComponent(name))
    }

    private func frames(_ frames: [PaperFrame]) -> [UInt8] {
        var bytes: ContiguousArray<UInt8> = []
        for (number, frame) in frames.enumerated() { frame.append(number: UInt32(number), to: &bytes) }
        return Array(bytes)
    }

    private var order: PaperOrder {
        PaperOrder(
            id: Self.id,
            instrument: InstrumentHandle(0),
            side: .buy,
            positionSide: .both,
            type: .limit,
            timeInForce: .gtc,
            price: Price(raw: 10_000_000_000),
            quantity: Quantity(raw: 1_000_000)
        )
    }

    private var clientFrames: [PaperFrame] {
        [
            .hello(PaperHello(client: 1, session: 1)), .subscribe(PaperSubscription(instrument: .none, isOn: true)),
            .submit(order),
        ] + PaperFrameKind.allCases.filter { $0 != .hello }.map { .blank($0) }
    }

    private var serverFrames: [PaperFrame] {
        [.welcome(PaperWelcome(session: 1, instruments: 0, venueTime: Self.time, ledgerSequence: 0))]
            + PaperFrameKind.allCases.filter { $0 != .welcome }.map { .blank($0) }
    }

    /// The records that version 1 wrote: each payload, with its type's place.
    private func payloads() throws -> [(type: RecordType, place: Int, bytes: [UInt8])] {
        let disk = MemoryDisk()
        disk.place(JournalFormat.segmentName(1), [UInt8](try Data(contentsOf: Self.golden)))
        var reader = try JournalReader(disk)
        var found: [(type: RecordType, place: Int, bytes: [UInt8])] = []
        while let record = try reader.next() {
            let type = record.header.type
            guard let place = RecordType.allCases.firstIndex(of: type) else { continue }
            reader.withPayload { bytes in
                found.append((type, place, (0..<bytes.byteCount).map { ByteSource.load(bytes, at: $0) }))
            }
        }
        return found
    }

    private static let golden = FuzzCorpusTests.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Tests/Golden/journal-version-1.segment")

    /// A tape file of a few records of every kind.
    private func tapeFile() throws -> [UInt8] {
        let symbols = TapeSymbols()
        let lines = [
            #"https://v.test/fapi/v1/depth?symbol=ETHUSDT -> 1700000000.2: {"lastUpdateId":7,"bids":[["10","3"]],"#
                + #""asks":[["10.10","1"]]}"#,
            #"1700000000.3: {"stream":"x","data":{"e":"depthUpdate","T":1,"s":"ETHUSDT","U":6,"u":9,"pu":5,"b":[],"#
                + #""a":[["10.50","1"],["10.10","0"]]}}"#,
            #"1700000000.4: {"stream":"x","data":{"e":"bookTicker","u":9,"s":"BTCUSDT","b":"100.1","B":"1","#
                + #""a":"100.2","A":"2","T":1}}"#,
            #"1700000000.5: {"stream":"x","data":{"e":"trade","T":1,"s":"BTCUSDT","p":"100.2","q":"1","m":true}}"#,
            #"1700000000.6: {"stream":"x","data":{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"100.12345678"}}"#,
        ]
        let tapes = [
            try TapeFile.open(
                MemoryByteSource(Array("1,1000000,1002000,999900,1001000,5500\n".utf8)),
                name: "20131007_xyz_minute_trade.csv",
                symbols: symbols
            ),
            try TapeFile.open(
                MemoryByteSource(Array(lines.joined(separator: "\n").utf8)),
                name: "x",
                symbols: symbols
            ),
        ]
        let sink = MemoryByteSink()
        var writer = try CacheWriter(to: sink, symbols: symbols)
        for tape in tapes {
            while let record = try tape.next() { try writer.append(record, levels: tape.levels) }
            #expect(tape.firstMalformed == nil)
        }
        try writer.finish()
        return sink.bytes
    }

    /// A segment that is cut behind its last record.
    private func segment() throws -> [UInt8] {
        let disk = MemoryDisk()
        var writer = try JournalWriter(disk, options: JournalOptions(segmentByteCount: 4096, reserveByteCount: 256))
        _ = try writer.append(.text(TextRecord(.signalID, key: 1, text: "a1")), at: Self.time)
        _ = try writer.append(.epochOpened(Epoch(number: 1)), at: Self.time)
        for _ in 0..<3 { _ = try writer.append(.timer, at: Self.time) }
        let bytes = try disk.readAll(JournalFormat.segmentName(1), limit: 1 << 20)
        let last = bytes.lastIndex { $0 != 0 } ?? 0
        return Array(bytes[...min(bytes.count - 1, last + 16)])
    }

    private func snapshot() -> [UInt8] {
        var writer = SnapshotWriter()
        for name in ["engine", "venue"] {
            writer.beginSection(name)
            for number in 0..<4 as Range<UInt64> {
                var word = number
                writer.visit(&word)
            }
        }
        return writer.encoded(
            SnapshotIdentity(
                stateVersion: 1,
                sequence: 7,
                time: Self.time,
                chain: 5,
                configurationHash: SHA256.digest([1]),
                journalID: JournalID(high: 1, low: 2)
            )
        )
    }
}
