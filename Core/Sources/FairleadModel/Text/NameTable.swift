/// Gives handles their names where records become text. A name that isn't known is written as null, never guessed.
public protocol NameTable {
    func symbol(of instrument: InstrumentHandle) -> String?
    func venue(of instrument: InstrumentHandle) -> VenueHandle?
    func name(of strategy: StrategyHandle) -> String?
    /// The sender's id of a signal.
    func signalID(of number: SignalNumber) -> String?
}

/// The account at a venue. This version has one.
public enum AccountName {
    public static let only = "default"
}

extension VenueHandle {
    /// The venue's name on every surface.
    public var name: String { self == .paper ? "paper" : "venue-\(index)" }
}

/// When a record was made: its sequence number and the engine's time of it (the time of receipt).
@frozen public struct RecordStamp: Hashable, Sendable, BitwiseCopyable {
    public var sequence: UInt64
    public var time: Timestamp
    @inlinable public init(sequence: UInt64, time: Timestamp) {
        self.sequence = sequence
        self.time = time
    }
}

/// A record that writes its fields into an open JSON object.
protocol RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable)
}

extension JSONWriter {
    /// The fields that open each record: kind, version, sequence, time.
    mutating func begin(_ key: String, _ name: String, version: Int, _ stamp: RecordStamp) {
        beginObject()
        field(key, name)
        field("version", version)
        field("sequence", stamp.sequence)
        field("ts", stamp.time, .nanoseconds)
    }

    mutating func field(signal number: SignalNumber, _ names: some NameTable) {
        field("signal", number)
        field("signal_id", number == .none ? nil : names.signalID(of: number))
    }

    mutating func field(symbol instrument: InstrumentHandle, _ names: some NameTable) {
        field("symbol", instrument == .none ? nil : names.symbol(of: instrument))
    }

    /// Where an instrument is traded, and its name.
    mutating func field(place instrument: InstrumentHandle, _ names: some NameTable) {
        let venue = instrument == .none ? nil : names.venue(of: instrument)
        field("venue", venue?.name)
        field("account", venue == nil ? nil : AccountName.only)
        field(symbol: instrument, names)
    }

    /// The order's own id with what it tells of its parent.
    mutating func field(order id: ClientOrderID) {
        field("intent_id", id.intent)
        key("parent_id")
        if id.isNone { null() } else { integer(id.parent) }
        field("client_order_id", id)
    }

    /// A venue's number as text, since it may pass 2^53; null when there is none.
    mutating func field(_ key: String, number: UInt64) { field(key, number == 0 ? nil : String(number)) }

    mutating func field(_ key: String, milliseconds span: TimeSpan?) {
        field(key, span.map { Double($0.nanoseconds) / 1e6 })
    }
}
