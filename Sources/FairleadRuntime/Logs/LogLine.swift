public import FairleadModel

public enum LogLevel: String, Sendable, CaseIterable, Comparable {
    case info
    case warning
    case error

    /// The graver is the greater.
    public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        }
    }
}

/// One event as a log tells it: the fields of a JSON line, and the sentence for a person.
public struct LogLine: Hashable, Sendable {
    public var time: Timestamp
    public var level: LogLevel
    /// snake_case.
    public var event: String
    public var message: String
    public var sequence: UInt64?
    public var signal: String?
    public var order: String?
    public var symbol: String?
    public var reason: String?

    public init(_ event: String, _ message: String, level: LogLevel = .info, at time: Timestamp) {
        self.time = time
        self.level = level
        self.event = event
        self.message = message
    }

    /// Publishing begins to fail, or works again.
    init(publishing fault: String?, at time: Timestamp) {
        if let fault {
            let text = "\(fault); trading goes on, the journal has all: fairlead status"
            self.init("publishing", text, level: .warning, at: time)
        } else {
            self.init("publishing", "everything is published again", at: time)
        }
    }

    /// One JSON object and its line feed.
    public func json(runID: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("ts", time)
        writer.field("level", level.rawValue)
        writer.field("event", event)
        writer.field("msg", message)
        writer.field("run_id", runID)
        if let sequence { writer.field("seq", sequence) }
        if let signal { writer.field("signal_id", signal) }
        if let order { writer.field("order_id", order) }
        writer.field("venue", "paper")
        if let symbol { writer.field("symbol", symbol) }
        if let reason { writer.field("reason", reason) }
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    /// `12:34:56 filled    BTCUSDT ...` and its line feed. Control characters of outside text are taken out.
    public func human(isColored: Bool) -> [UInt8] {
        let clock = time.isKnown ? String(time.text(.milliseconds).dropFirst(11).prefix(8)) : "--:--:--"
        let subject = Self.padded(symbol ?? "", 9)
        let text = "\(clock) \(Self.padded(Self.plain(event), 10)) \(subject)\(Self.plain(message))"
        guard isColored else { return Array((text + "\n").utf8) }
        switch level {
        case .info: return Array("\u{1B}[2m\(clock)\u{1B}[0m\(text.dropFirst(clock.count))\n".utf8)
        case .warning: return Array("\u{1B}[33m\(text)\u{1B}[0m\n".utf8)
        case .error: return Array("\u{1B}[31m\(text)\u{1B}[0m\n".utf8)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Without control characters, which a terminal would obey.
    public static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    return isControl ? "?" : scalar
                }
            )
        )
    }
}
