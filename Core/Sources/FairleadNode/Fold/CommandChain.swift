import FairleadJournal
import FairleadModel

/// The hash of everything that a run sent, in order: two runs that send the same have the same.
///
/// A chain of SHA-256 over blocks of commands, so that it can be kept in a snapshot and go on after it. Each full
/// block, about 51 commands, takes a digest context and a few small arrays, and gives them back: the one place of a
/// step that allocates after warm-up.
struct CommandChain {
    /// Bytes that are gathered before the digest takes them.
    private static let blockByteCount = 4096

    private var digest = Digest256.zero
    private var block: [UInt8] = []
    /// Commands so far.
    private(set) var count: UInt64 = 0

    init() { block.reserveCapacity(Self.blockByteCount + CommandCodec.maximumByteCount + 32) }

    mutating func add(_ command: Command) {
        CommandCodec.append(command, to: &block)
        count += 1
        if block.count >= Self.blockByteCount {
            digest = Self.chained(digest, block)
            block.removeAll(keepingCapacity: true)
        }
    }

    /// The hash of the commands so far.
    var value: Digest256 { Self.chained(digest, block) }

    private static func chained(_ digest: Digest256, _ block: [UInt8]) -> Digest256 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(block.count + 32)
        for word in [digest.first, digest.second, digest.third, digest.fourth] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        bytes += block
        return SHA256.digest(bytes)
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&digest.first)
        visitor.visit(&digest.second)
        visitor.visit(&digest.third)
        visitor.visit(&digest.fourth)
        visitor.visit(&count)
        var bytes = ContiguousArray(block)
        let limit = Self.blockByteCount + CommandCodec.maximumByteCount
        visitor.visit(&bytes, limit: limit, blank: 0) { $1.visit(&$0) }
        if visitor.isReading {
            block.removeAll(keepingCapacity: true)
            block.append(contentsOf: bytes)
        }
    }
}
