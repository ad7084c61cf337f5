public import NIOCore

/// Who answers the lines of a connection. Called on the connection's loop.
public protocol LineReceiver: AnyObject, Sendable {
    /// Its peer is known and was let in; before its first line.
    func opened(_ connection: LineConnection)
    /// A whole line, without its line feed.
    func received(_ line: [UInt8], on connection: LineConnection)
    /// The connection can take more bytes again.
    func writable(_ connection: LineConnection)
    func closed(_ connection: LineConnection)
}

/// One connection of lines: what the control socket speaks. A line longer than `lineLimit` ends it.
///
/// All of it happens on the connection's loop, which the methods check.
public final class LineConnection: ChannelInboundHandler, @unchecked Sendable {
    // Unchecked: every property is read and written on the loop alone.
    public typealias InboundIn = ByteBuffer
    public typealias OutboundOut = ByteBuffer

    /// Bytes of one line, in either direction.
    public static let lineLimit = 1 << 20

    /// The uid of the other side's process, as the kernel told it when it connected.
    public internal(set) var peerUID: UInt32 = UInt32.max
    private let receiver: any LineReceiver
    private var pending = ByteBuffer()
    private var context: ChannelHandlerContext?

    public init(receiver: any LineReceiver) { self.receiver = receiver }

    public func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    public func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    public func channelActive(context: ChannelHandlerContext) {
        receiver.opened(self)
        context.fireChannelActive()
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        pending.writeBuffer(&bytes)
        while let end = pending.readableBytesView.firstIndex(of: 0x0A) {
            let count = end - pending.readerIndex
            guard var line = pending.readBytes(length: count) else { break }
            pending.moveReaderIndex(forwardBy: 1)
            if line.last == 0x0D { line.removeLast() }
            if !line.isEmpty { receiver.received(line, on: self) }
        }
        pending.discardReadBytes()
        guard pending.readableBytes > Self.lineLimit else { return }
        pending.clear()
        let refusal = #"{"code":"line_too_long","message":"at most 1048576 bytes","field":"request"}"#
        send(Array(#"{"ok":false,"error":\#(refusal)}"#.utf8))
        close()
    }

    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        // Who doesn't read its answers is not read either: what waits for it stays bounded.
        context.channel.setOption(ChannelOptions.autoRead, value: context.channel.isWritable).whenFailure { _ in }
        if context.channel.isWritable { receiver.writable(self) }
        context.fireChannelWritabilityChanged()
    }

    public func channelInactive(context: ChannelHandlerContext) {
        receiver.closed(self)
        context.fireChannelInactive()
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Writes a line and its line feed. Ignored once it is closed.
    public func send(_ line: [UInt8]) {
        guard let context else { return }
        context.eventLoop.preconditionInEventLoop()
        var buffer = context.channel.allocator.buffer(capacity: line.count + 1)
        buffer.writeBytes(line)
        buffer.writeInteger(UInt8(0x0A))
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// False while the other side does not read: a stream waits, an answer is queued all the same.
    public var isWritable: Bool { context?.channel.isWritable ?? false }

    public func close() { context?.close(promise: nil) }
}
