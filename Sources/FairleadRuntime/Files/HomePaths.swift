public import FairleadConfiguration
import FairleadTransport

/// Where an engine keeps its files: each under the home directory unless the configuration names an absolute path.
public struct HomePaths: Hashable, Sendable {
    public let home: String
    public let journal: String
    public let logs: String
    public let history: String
    public let controlSocket: String
    public let paperSocket: String

    /// `home` replaces the configured home where it is given.
    public init(_ runtime: RuntimeConfiguration, home given: String? = nil) {
        home = given ?? runtime.home
        journal = Self.under(home, runtime.journal.directory)
        logs = Self.under(home, runtime.logs.directory)
        history = Self.under(home, runtime.history.file)
        controlSocket = Self.under(home, runtime.control.socket)
        paperSocket = Self.under(home, runtime.paperSocket)
    }

    /// The socket that can't be bound under this home, by its key; nil where all can be.
    public func socketFault(_ runtime: RuntimeConfiguration) -> String? {
        var sockets = [("control.socket", controlSocket)]
        if runtime.paperConnection == .socket { sockets.append(("paper.socket", paperSocket)) }
        for (key, path) in sockets where path.utf8.count > UnixSocketError.pathLimit {
            return "\(key): \(UnixSocketError.pathTooLong(path)), this one \(path.utf8.count)"
        }
        return nil
    }

    public static func under(_ home: String, _ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return home.hasSuffix("/") ? home + path : home + "/" + path
    }
}
