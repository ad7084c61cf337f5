import FairleadNode
import FairleadTransport
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// The way to a venue on this machine, whose connection may stand before its engine's parts are made.
struct UnixByteChannelTests {
    private final class Owner: ByteChannelOwner {
        let told = Mutex<[String]>([])
        func channelOpened() { told.withLock { $0.append("opened") } }
        func channelClosed() { told.withLock { $0.append("closed") } }
        func channelReceived(_ bytes: Span<UInt8>) -> Bool { true }
    }

    private final class Quiet: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
    }

    /// Goal: what came of an opening is not lost on an owner that comes later. Method: a channel that is opened and
    /// left alone until the loop has nothing to do, then given its owner: at a socket that listens, at none, and closed
    /// in between.
    @Test func anEarlyAnswerIsKept() throws {
        let directory = try TemporaryDirectory()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { do { try group.syncShutdownGracefully() } catch { print("\(error)") } }
        let loop = group.next()
        let path = directory.path + "/s"
        let accepted = Accepted()
        let listener = try SocketListener.bind(path: path, on: loop) {
            accepted.count.wrappingAdd(1, ordering: .relaxed)
            return Quiet()
        }
        defer { listener.close() }

        func told(_ path: String, closes: Bool = false, accepts: Int = 0) throws -> [String] {
            let channel = UnixByteChannel(path: path, on: loop)
            try loop.submit { channel.open() }.wait()
            let deadline = Date(timeIntervalSinceNow: 20)
            while accepted.count.load(ordering: .relaxed) < accepts, Date() < deadline { usleep(1_000) }
            for _ in 0..<100 { try loop.submit {}.wait() }
            let owner = Owner()
            try loop.submit {
                if closes { channel.close() }
                channel.attach(owner)
            }.wait()
            for _ in 0..<100 { try loop.submit {}.wait() }
            try loop.submit { channel.close() }.wait()
            return owner.told.withLock { $0 }
        }
        #expect(try told(path, accepts: 1) == ["opened"])
        #expect(try told(directory.path + "/none") == ["closed"])
        #expect(try told(path, closes: true, accepts: 2) == [])
    }

    private final class Accepted: Sendable {
        let count = Atomic<Int>(0)
    }
}
