/// Opens a file of recorded market data of any format that is read here.
public enum TapeFile {
    /// The first bytes tell our own format, zip and gzip; the name tells files of US equity rows. Everything else is
    /// read as lines of a recorded Binance stream, and what isn't such a line is counted as malformed.
    ///
    /// `symbols` are shared by the tapes that play together; `tape` is this one's place among them, for errors.
    public static func open(
        path: String,
        symbols: TapeSymbols,
        content: TapeContent = .all,
        tape: Int = 0
    ) throws(TapeError) -> any MarketTape {
        do throws(ByteSourceError) {
            return try open(FileByteSource(path: path), name: path, symbols: symbols, content: content, tape: tape)
        } catch {
            throw .unreadable(tape: tape, error)
        }
    }

    /// The same of bytes from anywhere; `name` is what the file would be called.
    public static func open(
        _ source: any ByteSource,
        name: String,
        symbols: TapeSymbols,
        content: TapeContent = .all,
        tape: Int = 0
    ) throws(ByteSourceError) -> any MarketTape {
        let peeked = try PeekedByteSource(source, count: CacheFormat.magic.count)
        if peeked.head == CacheFormat.magic {
            return TapeBox(CacheTape(peeked, symbols: symbols, content: content, tape: tape))
        }
        var text: any ByteSource = peeked
        var rows = EquityFileName(name)
        if peeked.head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            let zip = try ZipByteSource(peeked)
            rows = EquityFileName(zip.name) ?? rows
            text = zip
        }
        if let rows {
            return TapeBox(EquityTape(text, name: rows, symbols: symbols, content: content, tape: tape))
        }
        return TapeBox(BinanceTape(text, symbols: symbols, content: content, tape: tape))
    }
}
