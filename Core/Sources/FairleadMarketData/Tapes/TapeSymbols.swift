public import FairleadModel

/// The symbols of tapes and their handles, shared by all tapes that play together.
///
/// Made from configured instruments it knows those alone, and their ticks are checked. Made by `init(upTo:)` it gives a
/// handle to each new symbol, in the order of their first lines, and checks no tick.
public final class TapeSymbols {
    /// The most symbols that are discovered.
    public static let discoveryLimit = 1024

    struct Row: BitwiseCopyable {
        var key: SymbolKey
        /// Zero: not known, and not checked.
        var tick: Int64
    }

    private var rows: ContiguousArray<Row> = []
    private let limit: Int

    /// The handles are the places in `instruments`.
    ///
    /// - Precondition: symbols have 1 to 32 bytes, as the configuration's decoder sees to.
    public init(_ instruments: [Instrument]) {
        limit = 0
        rows.reserveCapacity(instruments.count)
        for instrument in instruments {
            guard let key = SymbolKey(instrument.symbol.utf8.span) else {
                preconditionFailure("Invariant: a symbol has 1 to 32 bytes")
            }
            rows.append(Row(key: key, tick: instrument.terms.tick.raw))
        }
    }

    /// Discovers up to `limit` symbols; the lines of further ones are counted as of unknown symbols.
    public init(upTo limit: Int = TapeSymbols.discoveryLimit) {
        precondition((1...Self.discoveryLimit).contains(limit), "Invariant: at most 1024 symbols are discovered")
        self.limit = limit
        rows.reserveCapacity(min(limit, 64))
    }

    public var count: Int { rows.count }

    /// The symbol of a handle; empty where there is none.
    public func name(_ instrument: InstrumentHandle) -> String {
        let index = Int(instrument.index)
        return index < rows.count ? rows[index].key.text : ""
    }

    func row(_ index: Int) -> Row { rows[index] }

    /// The place of a symbol, made where symbols are discovered; nil where it is not known.
    func find(_ key: SymbolKey) -> Int? {
        for index in rows.indices where rows[index].key.words == key.words { return index }
        guard rows.count < limit, key.isPrintable else { return nil }
        rows.append(Row(key: key, tick: 0))
        return rows.count - 1
    }
}

extension SymbolKey {
    /// Letters, digits, `.`, `_` and `-` alone: what a symbol is made of.
    var isPrintable: Bool {
        var count = 0
        var isEnded = false
        for index in 0..<Self.lengthLimit {
            switch byte(index) {
            case 0: isEnded = true
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D:
                guard !isEnded else { return false }
                count += 1
            default: return false
            }
        }
        return count > 0
    }

    var text: String {
        String(decoding: (0..<Self.lengthLimit).map { byte($0) }.prefix { $0 != 0 }, as: UTF8.self)
    }

    var byteCount: Int { (0..<Self.lengthLimit).prefix { byte($0) != 0 }.count }

    func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(index % 8 * 8)) }

    /// In upper case, as venues write symbols.
    init?(uppercased text: some Sequence<UInt8>) {
        let bytes = ContiguousArray(text.map { (0x61...0x7A).contains($0) ? $0 - 32 : $0 })
        self.init(bytes.span)
    }
}
