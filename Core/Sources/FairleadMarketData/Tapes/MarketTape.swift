/// A tape of any format, opened: recorded market data in the order of its time.
public protocol MarketTape: AnyObject {
    var format: TapeFormat { get }
    /// The next record; nil at the end. After an error it comes again.
    func next() throws(TapeError) -> MarketRecord?
    /// The levels of the `depth` record that was given last: bids first, then asks. Valid until the next `next()`.
    var levels: ContiguousArray<DepthLevel> { get }
    /// What the tape held so far.
    var counts: TapeCounts { get }
    /// The first line that was refused, and why.
    var firstMalformed: MalformedLine? { get }
}

/// What a tape is made of.
@frozen public enum TapeFormat: String, Sendable, BitwiseCopyable, CaseIterable {
    /// Lines of a recorded Binance stream.
    case binanceStream = "binance_stream"
    /// Rows of US equity ticks or minutes.
    case equityRows = "equity_rows"
    /// Our own columns.
    case fairleadTape = "fairlead_tape"
}

/// What each format's reader offers; `TapeBox` makes a `MarketTape` of it.
protocol TapeReading: ~Copyable {
    var format: TapeFormat { get }
    mutating func nextRecord() throws(TapeError) -> MarketRecord?
    var levels: ContiguousArray<DepthLevel> { get }
    var counts: TapeCounts { get }
    var firstMalformed: MalformedLine? { get }
}

/// A reader behind a reference: tapes of several formats stand in one list.
final class TapeBox<Reader: TapeReading & ~Copyable>: MarketTape {
    private var reader: Reader

    init(_ reader: consuming Reader) { self.reader = reader }

    var format: TapeFormat { reader.format }
    func next() throws(TapeError) -> MarketRecord? { try reader.nextRecord() }
    var levels: ContiguousArray<DepthLevel> { reader.levels }
    var counts: TapeCounts { reader.counts }
    var firstMalformed: MalformedLine? { reader.firstMalformed }
}
