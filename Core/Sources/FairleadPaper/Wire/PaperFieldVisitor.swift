internal import FairleadModel

/// Walks the fields of a payload in the order of the wire: one visitor writes them, one reads them, one lists them.
///
/// Each payload is described once (`PaperFrameFields.swift`), so that what is written is what is read, and the table
/// in the documentation can be compared with the code.
protocol PaperFieldVisitor {
    mutating func field(_ name: StaticString, _ unit: StaticString, size: Int, _ value: inout UInt64)
    /// Tells a reader that the field just visited holds none of its values. Writers never call it.
    mutating func refuse()
    var isReading: Bool { get }
    mutating func reserved(_ size: Int)
}

extension PaperFieldVisitor {
    mutating func number(_ name: StaticString, _ value: inout UInt64) { field(name, "", size: 8, &value) }

    mutating func number(_ name: StaticString, _ value: inout UInt32) {
        var word = UInt64(value)
        field(name, "", size: 4, &word)
        value = UInt32(truncatingIfNeeded: word)
    }

    mutating func number(_ name: StaticString, _ value: inout UInt16) {
        var word = UInt64(value)
        field(name, "", size: 2, &word)
        value = UInt16(truncatingIfNeeded: word)
    }

    mutating func number(_ name: StaticString, _ value: inout UInt8) {
        var word = UInt64(value)
        field(name, "", size: 1, &word)
        value = UInt8(truncatingIfNeeded: word)
    }

    mutating func signed(_ name: StaticString, _ unit: StaticString, _ value: inout Int64) {
        var word = UInt64(bitPattern: value)
        field(name, unit, size: 8, &word)
        value = Int64(bitPattern: word)
    }

    mutating func flag(_ name: StaticString, _ value: inout Bool) {
        var word: UInt64 = value ? 1 : 0
        field(name, "0 or 1", size: 1, &word)
        if word > 1 { refuse() }
        value = word == 1
    }

    /// An enum by its raw value of one byte.
    mutating func choice<Choice: RawRepresentable>(_ name: StaticString, _ value: inout Choice)
    where Choice.RawValue == UInt8 {
        var word = UInt64(value.rawValue)
        field(name, "code", size: 1, &word)
        if let known = Choice(rawValue: UInt8(truncatingIfNeeded: word)) { value = known } else { refuse() }
    }

    /// 0 up to the bound of what is accepted from outside.
    mutating func price(_ name: StaticString, _ value: inout Price) {
        var raw = value.raw
        signed(name, "10^-8", &raw)
        if raw < 0 || raw > Price.bound.raw { refuse() } else { value = Price(raw: raw) }
    }

    mutating func quantity(_ name: StaticString, _ value: inout Quantity) {
        var raw = value.raw
        signed(name, "10^-8", &raw)
        if raw < 0 || raw > Quantity.bound.raw { refuse() } else { value = Quantity(raw: raw) }
    }

    mutating func quantity(_ name: StaticString, _ value: inout SignedQuantity) {
        var raw = value.raw
        signed(name, "10^-8, signed", &raw)
        if raw < -Quantity.bound.raw || raw > Quantity.bound.raw {
            refuse()
        } else {
            value = SignedQuantity(raw: raw)
        }
    }

    mutating func time(_ name: StaticString, _ value: inout Timestamp) { signed(name, "ns", &value.nanoseconds) }

    mutating func rate(_ name: StaticString, _ value: inout Rate) { signed(name, "10^-8, signed", &value.raw) }

    mutating func instrument(_ value: inout InstrumentHandle) { number("instrument", &value.index) }

    mutating func id(_ value: inout ClientOrderID) {
        number("id_parent", &value.parent)
        number("id_slot", &value.slot)
        number("id_epoch", &value.epoch.number)
        number("id_slice", &value.slice)
        choice("id_leg", &value.leg)
        number("id_attempt", &value.attempt)
        reserved(2)
    }
}

/// Appends fields to bytes, little-endian.
struct PaperFieldWriter: PaperFieldVisitor {
    var bytes: ContiguousArray<UInt8>

    var isReading: Bool { false }

    mutating func field(_ name: StaticString, _ unit: StaticString, size: Int, _ value: inout UInt64) {
        var rest = value
        for _ in 0..<size {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func reserved(_ size: Int) {
        for _ in 0..<size { bytes.append(0) }
    }

    mutating func refuse() { preconditionFailure("Invariant: a frame is written from values that it can hold") }
}

/// Reads fields from bytes whose length has been checked against the kind's.
struct PaperFieldReader: PaperFieldVisitor {
    let bytes: ContiguousArray<UInt8>
    let start: Int
    let kind: PaperFrameKind
    var position: Int
    var failure: PaperFrameError?
    private var lastOffset = 0
    private var lastName: StaticString = ""

    init(_ bytes: ContiguousArray<UInt8>, frameAt start: Int, kind: PaperFrameKind) {
        self.bytes = bytes
        self.start = start
        self.kind = kind
        position = start + PaperProtocol.headerSize
    }

    var isReading: Bool { true }

    mutating func field(_ name: StaticString, _ unit: StaticString, size: Int, _ value: inout UInt64) {
        lastName = name
        lastOffset = position - start
        var word: UInt64 = 0
        for place in 0..<size { word |= UInt64(bytes[position + place]) << UInt64(8 * place) }
        position += size
        value = word
    }

    mutating func reserved(_ size: Int) {
        for place in 0..<size where bytes[position + place] != 0 && failure == nil {
            failure = .reservedNotZero(kind, offset: position + place - start)
        }
        position += size
    }

    mutating func refuse() {
        if failure == nil { failure = .invalidField(kind, offset: lastOffset, name: "\(lastName)") }
    }
}

/// One field of a payload as the documentation shows it.
public struct PaperFieldLayout: Hashable, Sendable {
    /// From the frame's first byte.
    public var offset: Int
    public var size: Int
    public var name: String
    /// Empty for a plain number.
    public var unit: String
}

/// Lists fields instead of moving them.
struct PaperFieldLister: PaperFieldVisitor {
    var fields: [PaperFieldLayout] = []
    var offset = PaperProtocol.headerSize

    var isReading: Bool { false }

    mutating func field(_ name: StaticString, _ unit: StaticString, size: Int, _ value: inout UInt64) {
        fields.append(PaperFieldLayout(offset: offset, size: size, name: "\(name)", unit: "\(unit)"))
        offset += size
    }

    mutating func reserved(_ size: Int) {
        fields.append(PaperFieldLayout(offset: offset, size: size, name: "reserved", unit: "zero"))
        offset += size
    }

    mutating func refuse() { preconditionFailure("Invariant: a blank payload holds valid values") }
}
