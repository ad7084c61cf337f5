import FairleadModel
import FairleadNode

/// The router's end of the wire: takes whole frames, keeps them until the simulation carries them on, and can be as
/// unwilling as a socket's buffer.
final class SimulatedChannel: ByteChannel {
    /// Bytes that were taken and are not yet on the wire.
    var written: ContiguousArray<UInt8> = []
    var isOpen = false
    var isAskedToOpen = false
    var isAskedToClose = false
    /// The outbound buffer is full: nothing is taken.
    var isBlocked = false

    func open() { isAskedToOpen = true }

    func write(_ bytes: Span<UInt8>) -> WriteResult {
        guard isWritable else { return .blocked }
        for index in 0..<bytes.count { written.append(bytes[index]) }
        return .accepted
    }

    var isWritable: Bool { isOpen && !isBlocked }

    func close() {
        isOpen = false
        isAskedToClose = true
    }
}
