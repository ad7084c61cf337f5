public import FairleadConfiguration

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

    public static func under(_ home: String, _ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return home.hasSuffix("/") ? home + path : home + "/" + path
    }
}
