import FairleadModel
import FairleadNode
import FairleadPaper

/// What happened, line by line: the last lines of a seed, or all of it. Made into text only when somebody reads it.
struct SeedTrace: Sendable {
    enum Line: Sendable {
        case text(String)
        case notice(NoticeEntry)
        case frame(String, PaperMessage)
    }

    /// Lines kept of a seed whose whole story nobody asked for.
    static let limit = 120

    let seed: UInt64
    let isWhole: Bool
    private let symbols: [String]
    private var lines: ContiguousArray<(time: Timestamp, line: Line)> = []

    init(seed: UInt64, isWhole: Bool, symbols: [String]) {
        self.seed = seed
        self.isWhole = isWhole
        self.symbols = symbols
    }

    mutating func note(_ line: Line, at time: Timestamp) {
        if !isWhole, case .notice(let entry) = line, Self.isSmall(entry.notice) { return }
        lines.append((time, line))
        if !isWhole, lines.count > 8 * Self.limit { lines.removeFirst(7 * Self.limit) }
    }

    /// What only a whole story tells.
    private static func isSmall(_ notice: Notice) -> Bool {
        switch notice {
        case .riskRow, .policyComputed, .barClosed, .positionChanged, .sized, .profitMeasured, .fillMeasured,
            .markoutMeasured, .shortfallMeasured, .funded, .tradeClosed:
            true
        case .acknowledged, .riskDecided, .routed, .armChosen, .orderChanged, .filled, .parentClosed, .levelChanged,
            .tradingStateChanged, .riskModeChanged, .divergence, .alarm, .venueChanged, .operatorRefused, .riskChanged,
            .positionDecided,
            .progressed:
            false
        }
    }

    var text: String {
        let shown = isWhole ? lines[...] : lines.suffix(Self.limit)
        return shown.map { "\($0.time.text()) \(Self.text($0.line, symbols))" }.joined(separator: "\n")
    }

    private static func text(_ line: Line, _ symbols: [String]) -> String {
        switch line {
        case .text(let text): return text
        case .notice(let entry):
            var writer = JSONWriter()
            let stamp = RecordStamp(sequence: entry.sequence, time: entry.time)
            NoticeText.write(entry.notice, stamp, names: TraceNames(symbols: symbols), to: &writer)
            return "  " + plain(writer.text)
        case .frame(let what, let message): return "  \(what) \(short("\(message.frame)"))"
        }
    }

    /// JSON without its signs: `order_lifecycle sequence=12 ...`, nulls left out.
    private static func plain(_ json: String) -> String {
        var words: [String] = []
        for part in json.dropFirst().dropLast().split(separator: ",") {
            let text = String(part.filter { $0 != "\"" && $0 != "{" && $0 != "}" })
            if text.hasSuffix(":null") || text.hasPrefix("version:") || text.hasPrefix("ts:") { continue }
            words.append(text.hasPrefix("event:") ? String(text.dropFirst(6)) : text)
        }
        return words.joined(separator: " ")
    }

    /// Without the names of modules and types.
    private static func short(_ text: String) -> String {
        var text = text
        for name in ["FairleadModel.", "FairleadPaper.", "InstrumentHandle", "Timestamp"] {
            while let range = text.firstRange(of: name) { text.removeSubrange(range) }
        }
        return text
    }
}

private struct TraceNames: NameTable {
    let symbols: [String]
    func symbol(of instrument: InstrumentHandle) -> String? {
        Int(instrument.index) < symbols.count ? symbols[Int(instrument.index)] : nil
    }
    func venue(of instrument: InstrumentHandle) -> VenueHandle? { nil }
    func name(of strategy: StrategyHandle) -> String? { nil }
    func signalID(of number: SignalNumber) -> String? { nil }
}
