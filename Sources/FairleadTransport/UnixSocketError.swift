/// Why a local socket can't be served or reached.
public enum UnixSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system's limit for a socket's path is 107 bytes.
    case pathTooLong(String)
    /// Another process answers on it.
    case inUse(String)
    /// Something that is no socket stands at the path.
    case notASocket(String)
    /// Nobody answers: not there, or left behind by a process that is gone.
    case notServed(String)
    case permissionDenied(String)
    /// The other side closed before it answered.
    case closed(String)
    /// The other side did not answer within the time given.
    case timedOut(String)
    case tooLong(limit: Int)
    case system(String, code: Int32)

    /// Bytes of a path that fit `sockaddr_un`.
    public static let pathLimit = 107

    public var description: String {
        switch self {
        case .pathTooLong(let path): "\(path): a socket's path has at most \(Self.pathLimit) bytes"
        case .inUse(let path): "\(path): another process serves it already"
        case .notASocket(let path): "\(path): is there, and is no socket"
        case .notServed(let path): "\(path): nobody answers"
        case .permissionDenied(let path): "\(path): permission denied"
        case .closed(let path): "\(path): closed before it answered"
        case .timedOut(let path): "\(path): no answer in time"
        case .tooLong(let limit): "a line of the control protocol has at most \(limit) bytes"
        case .system(let path, let code): "\(path): error \(code)"
        }
    }
}
