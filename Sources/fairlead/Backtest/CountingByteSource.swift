import FairleadMarketData
import FairleadModel
import Foundation

/// How many of the tapes' bytes were read: what a progress line goes by.
final class BytesRead {
    fileprivate(set) var count = 0
    /// Of all files together; 0 where it is not known.
    private(set) var size = 0

    init(_ paths: [String]) {
        for path in paths {
            do {
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                size += (attributes[.size] as? NSNumber)?.intValue ?? 0
            } catch {
                // Whoever opens the file says what is wrong with it.
                continue
            }
        }
    }

    var share: Double? { size > 0 ? Double(count) / Double(size) : nil }
}

/// A file whose bytes are counted as they are read.
final class CountingByteSource: ByteSource {
    private let source: any ByteSource
    private let counter: BytesRead

    init(_ source: any ByteSource, _ counter: BytesRead) {
        self.source = source
        self.counter = counter
    }

    func read(into buffer: inout ContiguousArray<UInt8>, range: Range<Int>) throws(ByteSourceError) -> Int {
        let count = try source.read(into: &buffer, range: range)
        counter.count += count
        return count
    }
}
