import FairleadMarketData
import FairleadModel
import FairleadNode

/// Recorded market data of the command line, opened as one.
enum Tapes {
    static func open(_ paths: [String], _ instruments: [Instrument]) throws(NodeError) -> TapeFeed {
        do {
            var merger = TapeMerger()
            var digests: [FileDigest] = []
            for path in paths {
                digests.append(try FileDigest(path: path))
                guard merger.add(try FileByteSource(path: path), instruments: instruments) else {
                    throw NodeError.otherKind("at most \(TapeMerger.tapeLimit) tapes are played at a time")
                }
            }
            return try TapeFeed(merger, digests: digests)
        } catch let error as TapeError {
            throw .tape(error)
        } catch let error as NodeError {
            throw error
        } catch {
            throw .otherKind("\(paths.joined(separator: ", ")): \(error)")
        }
    }
}
