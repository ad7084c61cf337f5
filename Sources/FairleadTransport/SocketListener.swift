import Glibc
public import NIOCore
import NIOPosix

/// Listens on a local socket of mode 0600 and lets in only processes of the same user.
///
/// The socket is made under a mask that lets nobody else in, and each peer's uid is asked of the kernel
/// (`SO_PEERCRED`) before its first byte is read.
public struct SocketListener: Sendable {
    public let path: String
    private let channel: any Channel
    private let file: FileIdentity?

    /// - `loop`: serves the listener and all its connections.
    /// - `masksFiles`: the mask is the whole process's for that moment; false where other threads make files already.
    ///   Then the file is restricted at once after it was made, and the peers are asked all the same.
    /// - `makeHandler`: the handler of a connection, made on `loop`; nil refuses the connection (too many).
    public static func bind(
        path: String,
        on loop: any EventLoop,
        masksFiles: Bool = true,
        makeHandler: @escaping @Sendable () -> (any ChannelInboundHandler & Sendable)?
    ) throws -> SocketListener {
        try UnixSocket.clear(path)
        let mask = masksFiles ? umask(0o177) : nil
        defer { if let mask { _ = umask(mask) } }
        let channel = try ServerBootstrap(group: loop)
            .serverChannelOption(ChannelOptions.backlog, value: 16)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(PeerCheck(makeHandler: makeHandler))
                }
            }
            .bind(unixDomainSocketPath: path).wait()
        try UnixSocket.restrict(path)
        return SocketListener(path: path, channel: channel, file: UnixSocket.identity(path))
    }

    /// False once somebody removed or replaced the socket's file: nobody finds this listener any more.
    public var isInPlace: Bool { UnixSocket.identity(path) == file }

    /// Nothing stands at its path, so that another listener may be bound there once this one is closed.
    public var isGone: Bool { UnixSocket.identity(path) == nil }

    /// Closes a listener whose file is gone, and waits for it: a channel that closes removes what stands at its path.
    /// Not to be called on the loop.
    public func abandon() {
        do { try channel.close().wait() } catch { /* It was closed by an earlier try. */  }
    }

    /// Takes no more connections and removes the socket's file. Connections that stand live on.
    public func close() {
        channel.close(promise: nil)
        // SAFETY: the path is a terminated text for the call.
        _ = unsafe unlink(path)
    }
}

/// The kernel's `struct ucred`, which the C library shows to GNU sources only.
private struct PeerCredentials: Sendable, BitwiseCopyable {
    var pid: Int32
    var uid: UInt32
    var gid: UInt32
}

/// Asks the kernel who connected, before anything is read.
private final class PeerCheck: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let makeHandler: @Sendable () -> (any ChannelInboundHandler & Sendable)?

    init(makeHandler: @escaping @Sendable () -> (any ChannelInboundHandler & Sendable)?) {
        self.makeHandler = makeHandler
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        guard let provider = channel as? any SocketOptionProvider else {
            context.close(promise: nil)
            return
        }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let answer: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
            level: .socket,
            name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        )
        answer.whenComplete { result in
            let context = bound.value
            switch result {
            case .success(let peer) where peer.uid == getuid() || peer.uid == 0: self.admit(context, peer)
            case .success, .failure: context.close(promise: nil)
            }
        }
    }

    private func admit(_ context: ChannelHandlerContext, _ peer: PeerCredentials) {
        guard let handler = makeHandler() else {
            context.close(promise: nil)
            return
        }
        if let lines = handler as? LineConnection { lines.peerUID = peer.uid }
        do {
            try context.pipeline.syncOperations.addHandler(handler)
        } catch {
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
        context.channel.setOption(ChannelOptions.autoRead, value: true).whenComplete { _ in }
        context.channel.read()
    }
}
