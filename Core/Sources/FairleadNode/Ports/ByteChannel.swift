/// What a channel did with the bytes that it was given.
@frozen public enum WriteResult: Sendable, BitwiseCopyable {
    /// All of them are the channel's now.
    case accepted
    /// None of them was taken: the outbound buffer is not empty, or the connection is gone.
    case blocked
}

/// A byte stream to a venue: the node's only way out. Implemented by the network runtime, by the simulator's transport,
/// and by the tests' pipe.
///
/// All calls are made on the loop's thread. An implementation never calls back into the node from inside a call: what
/// it has to tell (`opened`, bytes, `closed`) goes to the node's inbox, and the node is pumped later.
public protocol ByteChannel: AnyObject {
    /// Begins to connect, or to connect again. The outcome arrives in the inbox as opened or closed.
    func open()

    /// Takes all of the bytes or none: one frame is never split between two calls. A taken frame counts as sent, since
    /// its first byte may have left.
    func write(_ bytes: Span<UInt8>) -> WriteResult

    /// True when the connection is up and the outbound buffer is empty. Orders are released only then; what waits
    /// stays in the egress queue, where kill, expiry and cancel still reach it.
    var isWritable: Bool { get }

    /// Closes the connection, if there is one. Bytes that were taken may or may not have left. Nothing of the closed
    /// connection is told afterwards: neither bytes nor its end.
    func close()
}
