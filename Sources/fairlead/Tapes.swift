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
        guard paths.count <= TapeMerger.tapeLimit else {
            throw .otherKind("at most \(TapeMerger.tapeLimit) tapes are played at a time")
        }
        do throws(TapeError) {
            var merger = TapeMerger()
            var digests: [FileDigest] = []
            let symbols = TapeSymbols(instruments)
            for (index, path) in paths.enumerated() {
                do throws(ByteSourceError) {
                    digests.append(try FileDigest(path: path))
                } catch {
                    throw TapeError.unreadable(tape: index, error)
                }
                let isAdded = try add(path, symbols, depth, to: &merger)
                precondition(isAdded, "Invariant: the tapes were counted")
            }
            return try TapeFeed(merger, digests: digests, depth: depth)
        } catch {
            throw .tape(error)
        }
    }

    /// Opens a tape of any format.
    private static func add(
        _ path: String,
        _ symbols: TapeSymbols,
        _ depth: MarketDepth,
        to merger: inout TapeMerger
    ) throws(TapeError) -> Bool {
        merger.add(try TapeFile.open(path: path, symbols: symbols, content: depth.content, tape: merger.tapeCount))
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
            for path in paths { _ = try add(path, known, .touch, to: &merger) }
            let generator = SignalGenerator(seed: seed, symbols: symbols)
            return try generator.lines(count: count, over: first...last, tape: merger, instruments: instruments)
        } catch {
            throw CommandFailure(.invalidInput, "\(error)")
        }
    }
}
