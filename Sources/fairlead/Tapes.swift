import FairleadConfiguration
import FairleadMarketData
import FairleadModel
import FairleadNode

/// Recorded market data of the command line, opened as one.
enum Tapes {
    /// Opened for what `depth` says of them: a journal's own `market.depth`.
    static func open(
        _ paths: [String],
        _ instruments: [Instrument],
        depth: MarketDepth
    ) throws(NodeError) -> TapeFeed {
        try open(paths, instruments, depth: depth, digests: try digests(paths), counter: nil)
    }

    /// The same with the files' digests known, and with a count of what is read.
    static func open(
        _ paths: [String],
        _ instruments: [Instrument],
        depth: MarketDepth,
        digests: [FileDigest],
        counter: BytesRead?
    ) throws(NodeError) -> TapeFeed {
        guard paths.count <= TapeMerger.tapeLimit else {
            throw .otherKind("at most \(TapeMerger.tapeLimit) tapes are played at a time")
        }
        do throws(TapeError) {
            var merger = TapeMerger()
            let symbols = TapeSymbols(instruments)
            for path in paths {
                let isAdded = try add(path, symbols, depth, counter, to: &merger)
                precondition(isAdded, "Invariant: the tapes were counted")
            }
            return try TapeFeed(merger, digests: digests, depth: depth)
        } catch {
            throw .tape(error)
        }
    }

    /// The SHA-256 of each file.
    static func digests(_ paths: [String]) throws(NodeError) -> [FileDigest] {
        var digests: [FileDigest] = []
        for (index, path) in paths.enumerated() {
            do throws(ByteSourceError) {
                digests.append(try FileDigest(path: path))
            } catch {
                throw .tape(.unreadable(tape: index, error))
            }
        }
        return digests
    }

    /// Opens a tape of any format.
    private static func add(
        _ path: String,
        _ symbols: TapeSymbols,
        _ depth: MarketDepth,
        _ counter: BytesRead?,
        to merger: inout TapeMerger
    ) throws(TapeError) -> Bool {
        let place = merger.tapeCount
        guard let counter else {
            return merger.add(try TapeFile.open(path: path, symbols: symbols, content: depth.content, tape: place))
        }
        do throws(ByteSourceError) {
            let source = CountingByteSource(try FileByteSource(path: path), counter)
            let tape = try TapeFile.open(source, name: path, symbols: symbols, content: depth.content, tape: place)
            return merger.add(tape)
        } catch {
            throw .unreadable(tape: place, error)
        }
    }

    /// Signals made from a seed at the prices of the tapes, spread over their time.
    static func signals(
        _ paths: [String],
        _ instruments: [Instrument],
        _ symbols: [String],
        seed: UInt64,
        count: Int
    ) throws -> [UInt8] {
        do {
            var feed = try open(paths, instruments, depth: .touch)
            guard let first = feed.next?.time else { throw NodeError.emptyTape }
            var last = first
            while let record = try feed.take() { last = record.time }
            var merger = TapeMerger()
            let known = TapeSymbols(instruments)
            for path in paths { _ = try add(path, known, .touch, nil, to: &merger) }
            let generator = SignalGenerator(seed: seed, symbols: symbols)
            return try generator.lines(count: count, over: first...last, tape: merger, instruments: instruments)
        } catch {
            throw CommandFailure(.invalidInput, "\(error)")
        }
    }
}
