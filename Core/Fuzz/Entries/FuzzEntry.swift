/// One decoder that takes bytes from outside, as something that may be fed anything.
///
/// An entry passes when it returns: whatever the bytes are, it may refuse them with a typed error, and may neither trap
/// nor run on. What it accepts it also checks (`require`): written again, it must read the same.
public enum FuzzEntry: String, Sendable, CaseIterable {
    /// A decimal number's text.
    case decimal
    /// Ids and times as text.
    case identifier
    case json
    /// A signal's JSON.
    case signal
    /// One of the three configuration documents; the first byte says which.
    case configuration
    /// The document that a journal carries.
    case canonical
    /// A record's payload, behind its check sum; the first byte is the record's type.
    case record
    /// A whole segment file: read, verified, and opened for appending.
    case journal
    /// A snapshot file, as it is and with its hash made right.
    case snapshot
    /// Frames to a paper venue, in pieces: the first byte is the size of a piece.
    case paperServer = "paper-server"
    /// Frames to a client of a paper venue, in pieces.
    case paperClient = "paper-client"
    /// Lines of a recorded stream.
    case tape
    /// A compressed tape.
    case gzip
    /// Lines of recorded depth updates and snapshots, played into books.
    case depth
    /// Rows of US equity files; the first byte says of which kind.
    case equity
    /// A zip with one file.
    case zip
    /// A tape file of our own.
    case cache

    /// Feeds the decoder.
    public func feed(_ bytes: [UInt8]) {
        switch self {
        case .decimal: TextFuzz.decimal(bytes)
        case .identifier: TextFuzz.identifier(bytes)
        case .json: TextFuzz.json(bytes)
        case .signal: SignalFuzz.signal(bytes)
        case .configuration: ConfigurationFuzz.document(bytes)
        case .canonical: ConfigurationFuzz.canonical(bytes)
        case .record: JournalFuzz.record(bytes)
        case .journal: JournalFuzz.segment(bytes)
        case .snapshot: JournalFuzz.snapshot(bytes)
        case .paperServer: PaperFuzz.server(bytes)
        case .paperClient: PaperFuzz.client(bytes)
        case .tape: TapeFuzz.tape(bytes)
        case .gzip: TapeFuzz.gzip(bytes)
        case .depth: MarketFuzz.depth(bytes)
        case .equity: MarketFuzz.equity(bytes)
        case .zip: MarketFuzz.zip(bytes)
        case .cache: MarketFuzz.cache(bytes)
        }
    }

    /// Traps, so that fuzzer and test name the input that broke the rule.
    static func require(_ condition: Bool, _ rule: StaticString) { precondition(condition, "Invariant: \(rule)") }
}
