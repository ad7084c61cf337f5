import Glibc

/// What NIO leaves to the system: paths of local sockets, and who is at the other end.
enum UnixSocket {
    static func address(_ path: String) throws(UnixSocketError) -> sockaddr_un {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= UnixSocketError.pathLimit else { throw .pathTooLong(path) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // SAFETY: the buffer is the fixed array of the structure, and the path with its final zero fits it.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
            for (index, byte) in bytes.enumerated() { unsafe target[index] = byte }
            unsafe target[bytes.count] = 0
        }
        return address
    }

    /// Connects a blocking socket and gives its descriptor.
    static func connect(_ path: String) throws(UnixSocketError) -> Int32 {
        var address = try address(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(path, code: errno) }
        // SAFETY: the structure lives through the call and its size is given.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe Glibc.connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return descriptor }
        let code = errno
        _ = Glibc.close(descriptor)
        switch code {
        case ENOENT, ECONNREFUSED: throw .notServed(path)
        case EACCES, EPERM: throw .permissionDenied(path)
        default: throw .system(path, code: code)
        }
    }

    /// Removes what a process that is gone left behind. Throws when somebody answers, or when it is no socket.
    static func clear(_ path: String) throws(UnixSocketError) {
        _ = try address(path)
        var status = stat()
        // SAFETY: the path is a terminated text for the call, and the structure is ours.
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        do {
            _ = Glibc.close(try connect(path))
        } catch {
            switch error {
            case .notServed:
                // SAFETY: the path is a terminated text for the call.
                _ = unsafe unlink(path)
                return
            case .pathTooLong, .inUse, .notASocket, .permissionDenied, .closed, .timedOut, .tooLong, .system:
                throw error
            }
        }
        throw .inUse(path)
    }

    /// Which file stands at a path; nil where none does.
    static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        // SAFETY: the path is a terminated text for the call, and the structure is ours.
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return FileIdentity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
    }

    /// Read and written by its owner alone.
    static func restrict(_ path: String) throws(UnixSocketError) {
        // SAFETY: the path is a terminated text for the call.
        guard unsafe chmod(path, 0o600) == 0 else { throw .system(path, code: errno) }
    }
}

/// One file of the system, whatever its name.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let node: UInt64
}
