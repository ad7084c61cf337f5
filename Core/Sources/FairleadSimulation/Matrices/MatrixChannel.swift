import FairleadJournal
import FairleadModel
import FairleadNode

/// The router's end of the line in a matrix: keeps each write apart, with how much of the journal stood before it, and
/// lets somebody engage the kill switch at the very moment at which the router asks whether it may write.
final class MatrixChannel: ByteChannel {
    struct Write {
        /// Bytes of records that this life had appended when it was made.
        var stored: UInt64
        var bytes: ContiguousArray<UInt8>
    }

    /// Taken, and not carried on.
    var writes: ContiguousArray<Write> = []
    /// Writes over the channel's life.
    private(set) var writeCount = 0
    var isOpen = false
    var isAskedToOpen = false
    var isAskedToClose = false
    var committer: JournalCommitter?
    /// How often the router has asked.
    private(set) var asks = 0
    /// Called at each ask.
    var asked: ((MatrixChannel) -> Void)?

    func open() { isAskedToOpen = true }

    func write(_ bytes: Span<UInt8>) -> WriteResult {
        guard isOpen else { return .blocked }
        var copy: ContiguousArray<UInt8> = []
        copy.reserveCapacity(bytes.count)
        for index in 0..<bytes.count { copy.append(bytes[index]) }
        writes.append(Write(stored: committer?.storedByteCount ?? 0, bytes: copy))
        writeCount += 1
        return .accepted
    }

    var isWritable: Bool {
        asks += 1
        if let asked { asked(self) }
        return isOpen
    }

    func close() {
        isOpen = false
        isAskedToClose = true
    }

    /// A new life goes on counting where the last one ended.
    func count(from old: MatrixChannel) {
        asks = old.asks
        writeCount = old.writeCount
        asked = old.asked
    }
}
