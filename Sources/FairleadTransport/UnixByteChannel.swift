public import FairleadNode
public import NIOCore
import NIOPosix

/// What a byte channel tells, always later and on its loop.
public protocol ByteChannelOwner: AnyObject, Sendable {
    func channelOpened()
    func channelClosed()
    /// False when there is no room: the channel keeps the bytes, stops reading, and offers them again at `resume`.
    func channelReceived(_ bytes: Span<UInt8>) -> Bool
}

/// A byte stream to a venue over a local socket. Lives on one loop, which all calls are made on.
public final class UnixByteChannel: ByteChannel, @unchecked Sendable {
    // Unchecked: every property is read and written on the loop alone.
    public let path: String
    private let loop: any EventLoop
    private weak var owner: (any ByteChannelOwner)?
    private var channel: (any Channel)?
    /// Counts connections, so that nothing of a closed one is told.
    private var generation: UInt64 = 0
    /// Bytes that NIO has and the kernel doesn't.
    private var unwritten = 0
    private var held: [UInt8] = []
    /// How an opening ended (true: it stands) before there was anybody to be told.
    private var untold: Bool?

    public init(path: String, on loop: any EventLoop) {
        self.path = path
        self.loop = loop
    }

    /// Set once. What came of an `open` before is told now: a venue on this machine answers sooner than its engine's
    /// parts are made.
    public func attach(_ owner: any ByteChannelOwner) {
        loop.preconditionInEventLoop()
        self.owner = owner
        guard let isOpen = untold else { return }
        untold = nil
        tell(isOpen: isOpen)
    }

    private func tell(isOpen: Bool) {
        guard let owner else {
            untold = isOpen
            return
        }
        guard isOpen else { return owner.channelClosed() }
        owner.channelOpened()
        channel?.read()
    }

    public func open() {
        loop.preconditionInEventLoop()
        close()
        let number = generation
        ClientBootstrap(group: loop)
            .channelOption(ChannelOptions.autoRead, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteChannelHandler(self, number))
                }
            }
            .connect(unixDomainSocketPath: path)
            .whenComplete { result in
                // Told in a turn of its own: never from inside the call that opened it.
                self.loop.execute { self.finishedOpening(result, number) }
            }
    }

    private func finishedOpening(_ result: Result<any Channel, any Error>, _ number: UInt64) {
        switch result {
        case .failure:
            if number == generation { tell(isOpen: false) }
        case .success(let opened):
            guard number == generation else {
                opened.close(promise: nil)
                return
            }
            channel = opened
            tell(isOpen: true)
        }
    }

    public func write(_ bytes: Span<UInt8>) -> WriteResult {
        loop.preconditionInEventLoop()
        guard let channel, isWritable else { return .blocked }
        var buffer = channel.allocator.buffer(capacity: bytes.count)
        // SAFETY: the bytes are copied while the span lives.
        let count = unsafe bytes.withUnsafeBufferPointer { source in unsafe buffer.writeBytes(source) }
        let number = generation
        unwritten += count
        channel.writeAndFlush(buffer).whenComplete { _ in
            if number == self.generation { self.unwritten -= count }
        }
        return .accepted
    }

    public var isWritable: Bool { channel != nil && unwritten == 0 }

    public func close() {
        generation += 1
        untold = nil
        channel?.close(promise: nil)
        channel = nil
        unwritten = 0
        held.removeAll(keepingCapacity: true)
    }

    /// After a pump: offers what found no room, and reads on.
    public func resume() {
        guard !held.isEmpty else { return }
        guard owner?.channelReceived(held.span) == true else { return }
        held.removeAll(keepingCapacity: true)
        channel?.read()
    }

    fileprivate func received(_ bytes: [UInt8], _ number: UInt64) {
        guard number == generation else { return }
        precondition(held.isEmpty, "Invariant: nothing is read while bytes wait for room")
        if owner?.channelReceived(bytes.span) == true {
            channel?.read()
        } else {
            held = bytes
        }
    }

    fileprivate func ended(_ number: UInt64) {
        guard number == generation, channel != nil else { return }
        generation += 1
        channel = nil
        unwritten = 0
        held.removeAll(keepingCapacity: true)
        tell(isOpen: false)
    }
}

private final class ByteChannelHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let owner: UnixByteChannel
    private let number: UInt64

    init(_ owner: UnixByteChannel, _ number: UInt64) {
        self.owner = owner
        self.number = number
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        guard let bytes = buffer.readBytes(length: buffer.readableBytes) else { return }
        owner.received(bytes, number)
    }

    func channelInactive(context: ChannelHandlerContext) { owner.ended(number) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
