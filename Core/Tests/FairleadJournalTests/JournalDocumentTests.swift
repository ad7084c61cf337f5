import FairleadModel
import Foundation
import Testing

@testable import FairleadJournal

/// Holds `docs/JOURNAL.md` and the encoders together.
@Suite struct JournalDocumentTests {
    private struct Row {
        var offset: Int
        /// nil for `rest`.
        var size: Int?
        var name: String
    }

    /// The tables of the page, by the heading above them (without a number after a colon).
    private func tables() throws -> [String: [Row]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/JOURNAL.md")
        var (tables, heading): ([String: [Row]], String) = ([:], "")
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("#") {
                heading = String(line.drop { $0 == "#" || $0 == " " }.split(separator: ":")[0])
            } else if line.hasPrefix("|") {
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                guard cells.count >= 3, let offset = Int(cells[0]) else { continue }
                tables[heading, default: []].append(Row(offset: offset, size: Int(cells[1]), name: cells[2]))
            }
        }
        return tables
    }

    /// Little-endian bytes of a number.
    private func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// A field's bytes from its value, by the page's units and without the encoder.
    private func expected(_ value: Any) throws -> [UInt8] {
        switch value {
        case let id as ClientOrderID:
            return bytes(id.parent) + bytes(id.slot) + bytes(id.epoch.number) + bytes(id.slice)
                + [id.leg.rawValue, id.attempt]
        case let price as Price: return bytes(price.raw)
        case let rate as Rate: return bytes(rate.raw)
        case let quantity as Quantity: return bytes(quantity.raw)
        case let quantity as SignedQuantity: return bytes(quantity.raw)
        case let time as Timestamp: return bytes(time.nanoseconds)
        case let instrument as InstrumentHandle: return bytes(instrument.index)
        case let strategy as StrategyHandle: return bytes(strategy.index)
        case let venue as VenueHandle: return bytes(venue.index)
        case let epoch as Epoch: return bytes(epoch.number)
        case let number as SignalNumber: return bytes(number.value)
        case let number as VenueOrderID: return bytes(number.value)
        case let number as ExecutionID: return bytes(number.value)
        case let flag as Bool: return [flag ? 1 : 0]
        case let number as Int64: return bytes(number)
        case let number as UInt64: return bytes(number)
        case let number as UInt32: return bytes(number)
        case let choice as any RawRepresentable: return [try #require(choice.rawValue as? UInt8)]
        default: throw FieldError(.eventNumber, 0)
        }
    }

    /// Goal: the page tells every byte of every event. Method: each row's bytes in an encoded sample against the
    /// field of that name, found by reflection; rows without gaps up to the end.
    @Test(arguments: EventKind.allCases) func everyEventIsAsDocumented(_ kind: EventKind) throws {
        let rows = try #require(try tables()["\(kind)"], "no table for \(kind)")
        var samples = Samples(seed: 61)
        let event = samples.event(kind)
        let encoded = EventCodec.encode(event)
        var fields: [String: Any] = [:]
        for payload in Mirror(reflecting: event).children {
            let children = Mirror(reflecting: payload.value).children
            if payload.value is ClientOrderID { fields["id"] = payload.value }
            if payload.value is VenueHandle { fields["venue"] = payload.value }
            if payload.value is Epoch { fields["epoch"] = payload.value }
            if fields.isEmpty { for child in children { fields[try #require(child.label)] = child.value } }
        }
        #expect(encoded[0] == kind.rawValue)
        // Who made an execution stands in the high half of its liquidity's byte.
        let origin = fields.removeValue(forKey: "origin") as? ExecutionOrigin
        #expect(rows.count == fields.count + 1)
        var end = 0
        for row in rows {
            #expect(row.offset == end)
            end += try #require(row.size)
            if row.name == "event" { continue }
            let value = try #require(fields[row.name], "\(kind) has no \(row.name)")
            var bytes = try expected(value)
            if row.name == "liquidity", let origin { bytes[0] |= origin.rawValue << 4 }
            #expect(Array(encoded[row.offset..<end]) == bytes, "\(kind).\(row.name)")
        }
        #expect(end == encoded.count)
    }

    /// Goal: the other tables have no gap and the right size. Method: the sum of each against what is encoded.
    @Test(arguments: [
        ("Segment header", SegmentHeader.byteCount), ("Record header", RecordHeader.byteCount),
        ("market_reference", MarketReference.byteCount), ("manifest", RunManifest.byteCount),
        ("snapshot_mark", SnapshotMark.byteCount), ("seal", SegmentSeal.byteCount),
        ("signal_terms", SignalTermsCodec.maximumByteCount), ("ClientOrderID", 14),
        ("Snapshot", Snapshot.headerByteCount),
        ("text", 9), ("configuration", 32),
    ]) func everyTableAddsUp(_ name: String, _ byteCount: Int) throws {
        var end = 0
        for row in try #require(try tables()[name]).filter({ $0.size != nil && $0.name != "name" }) {
            if name == "Record header", row.size == nil { continue }
            #expect(row.offset == end, "\(name).\(row.name)")
            end += row.size ?? 0
        }
        #expect(end == byteCount, "\(name)")
    }

    /// Goal: every code of a byte stands on the page with its name. Method: the tables of codes against the enums, row
    /// by row and none more; every `code` of the tables above has one.
    @Test func everyCodeIsListed() throws {
        var listed = 0
        func check<Choice: NamedChoice & RawRepresentable>(_ heading: String, _: Choice.Type) throws
        where Choice.RawValue == UInt8 {
            let rows = try codes("Codes of \(heading)")
            let expected = Choice.allCases.map { "\($0.rawValue) \($0.name.isEmpty ? "-" : $0.name)" }
            #expect(rows == expected, "\(heading)")
            listed += 1
        }
        try check("a source", SignalSource.self)
        try check("an order's type", OrderType.self)
        try check("a time in force", TimeInForce.self)
        try check("a style", ExecutionStyle.self)
        try check("an action", OperatorAction.self)
        try check("an order to the risk gateway", RiskAction.self)
        try check("a decision about a position", PositionAction.self)
        try check("a limit", OverridableLimit.self)
        try check("a refused signal", InvalidSignalReason.self)
        try check("a refused order", RejectReason.self)
        try check("an end", EndReason.self)
        try check("our own edge", EgressRefusal.self)
        try check("a state", OrderState.self)
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        #expect(page.split(separator: "\n").count { $0.hasPrefix("### Codes of ") } == listed)
        #expect(!page.contains("raw value"))
        #expect(TextKind.allCases.map(\.rawValue) == [0, 1, 2, 3, 4])
    }

    private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/JOURNAL.md")

    /// The rows of the table under a heading: "3 screener".
    private func codes(_ heading: String) throws -> [String] {
        let lines = try String(contentsOf: Self.page, encoding: .utf8).components(separatedBy: "\n")
        let start = try #require(lines.firstIndex(of: "### \(heading)"), "no table for \(heading)")
        return lines[(start + 1)...].prefix { !$0.hasPrefix("#") }.compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return cells.count == 2 && Int(cells[0]) != nil ? "\(cells[0]) \(cells[1])" : nil
        }
    }

    /// Goal: the types' table is the code. Method: names, inputs and hashing of each.
    @Test func everyTypeIsListed() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/JOURNAL.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        for type in RecordType.allCases {
            let row = "| \(type.rawValue) | \(type.name) | \(type.isInput ? "yes" : "no") | "
            #expect(page.contains(row + (type.isHashed ? "yes |" : "no |")), "\(type)")
        }
        for kind in EventKind.allCases { #expect(page.contains("### \(kind): \(kind.rawValue)\n")) }
    }
}
