import Glibc

/// A blocking client of the control socket, for a command that asks once and ends: lines out, lines in.
public final class ControlClient {
    public let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var head = 0

    /// Connects. `timeoutMilliseconds` bounds each later wait for bytes; 0 waits for ever.
    public init(path: String, timeoutMilliseconds: Int = 10_000) throws(UnixSocketError) {
        self.path = path
        descriptor = try UnixSocket.connect(path)
        guard timeoutMilliseconds > 0 else { return }
        var limit = timeval(tv_sec: timeoutMilliseconds / 1000, tv_usec: (timeoutMilliseconds % 1000) * 1000)
        // SAFETY: the structure lives through the call and its size is given.
        let result = unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
        precondition(result == 0, "Invariant: a connected socket takes a time limit")
    }

    deinit { _ = close(descriptor) }

    /// Writes one line. `line` holds no line feed.
    public func send(_ line: [UInt8]) throws(UnixSocketError) {
        var bytes = line
        bytes.append(0x0A)
        var sent = 0
        while sent < bytes.count {
            // SAFETY: the pointer and the count name the unsent end of the array, which lives through the call.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor,
                    buffer.baseAddress?.advanced(by: sent),
                    buffer.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                throw .closed(path)
            }
        }
    }

    /// The next line; nil when the other side closed.
    public func receive() throws(UnixSocketError) -> [UInt8]? {
        while true {
            if let end = pending[head...].firstIndex(of: 0x0A) {
                let line = Array(pending[head..<end])
                head = end + 1
                if head == pending.count {
                    pending.removeAll(keepingCapacity: true)
                    head = 0
                }
                return line
            }
            guard pending.count - head <= LineConnection.lineLimit * 16 else {
                throw .tooLong(limit: LineConnection.lineLimit * 16)
            }
            guard try fill() else { return nil }
        }
    }

    /// Sends a request and waits for its answer.
    public func request(_ line: [UInt8]) throws(UnixSocketError) -> [UInt8] {
        try send(line)
        guard let answer = try receive() else { throw .closed(path) }
        return answer
    }

    private func fill() throws(UnixSocketError) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            // SAFETY: the pointer and the count name the whole array, which lives through the call.
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            }
            if count > 0 {
                pending.append(contentsOf: chunk[0..<count])
                return true
            }
            if count == 0 { return false }
            switch errno {
            case EINTR: continue
            case EAGAIN: throw .timedOut(path)
            case ECONNRESET: return false
            default: throw .system(path, code: errno)
            }
        }
    }
}
