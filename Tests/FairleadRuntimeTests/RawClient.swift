import Glibc

/// A client of the control socket that decides itself when it reads.
final class RawClient {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result != 0 { throw RawClientFault(number: errno) }
    }

    deinit { close(descriptor) }

    /// Writes whole lines, `limit` at most, until none has gone out for some seconds; how many did.
    func write(_ line: [UInt8], atMost limit: Int, untilQuietFor seconds: Int) -> Int {
        var (sent, offset, waited) = (0, 0, 0)
        while sent < limit, waited < seconds * 100 {
            let count = line[offset...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL.rawValue))
            }
            guard count > 0 else {
                waited += 1
                usleep(10_000)
                continue
            }
            (waited, offset) = (0, offset + count)
            if offset == line.count { (sent, offset) = (sent + 1, 0) }
        }
        return sent
    }

    /// Reads until so many lines have come, or nothing for ten seconds; how many did.
    func readLines(_ wanted: Int) -> Int {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var (found, waited) = (0, 0)
        while found < wanted, waited < 1000 {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else {
                waited += 1
                usleep(10_000)
                continue
            }
            waited = 0
            for byte in bytes[..<count] where byte == 0x0A { found += 1 }
        }
        return found
    }
}

struct RawClientFault: Error {
    var number: Int32
}
