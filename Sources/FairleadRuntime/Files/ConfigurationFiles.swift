public import FairleadConfiguration
import Foundation

/// A directory with the three documents.
public struct ConfigurationFiles: Sendable {
    public let directory: String

    public init(directory: String) { self.directory = directory }

    /// What a command that is shown must be given to mean the same directory.
    public var flag: String { directory == "config" ? "" : " --config \(Self.quoted(directory))" }

    /// A path as a shell reads it.
    public static func quoted(_ path: String) -> String {
        let isBare = path.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "/._-+".utf8.contains(byte)
        }
        return isBare && !path.isEmpty
            ? path
            : "'"
                + path.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
    }

    public func path(of document: ConfigurationDocument) -> String {
        HomePaths.under(directory, document.fileName)
    }

    /// The three files' bytes; all that can't be read are told at once.
    public func read() throws(ConfigurationErrors) -> ConfigurationDocuments {
        var documents = ConfigurationDocuments(strategy: [], risk: [], runtime: [])
        var errors = ConfigurationErrors()
        for document in ConfigurationDocument.allCases {
            if let bytes = FileManager.default.contents(atPath: path(of: document)) {
                documents[document] = Array(bytes)
            } else {
                let reason = "can't be read at \(path(of: document)); `fairlead init\(flag)` writes one"
                errors.append(ConfigurationError(document, "", .missing, reason))
            }
        }
        guard errors.isEmpty else { throw errors }
        return documents
    }

    /// Reads and resolves: flags over environment over files over defaults. The environment is the process's unless
    /// one is given.
    public func resolve(
        environment: [String: String]? = nil,
        overrides: [ConfigurationOverride] = []
    ) throws(ConfigurationErrors) -> ResolvedConfiguration {
        let environment = environment ?? ProcessInfo.processInfo.environment
        switch ConfigurationDecoder.resolve(try read(), environment: environment, overrides: overrides) {
        case .success(let configuration):
            let errors = Self.withoutAdapter(configuration)
            guard errors.isEmpty else { throw errors }
            return configuration
        case .failure(let errors): throw errors
        }
    }

    /// What this program can't do yet, whatever the engine could: there is no adapter of a venue but paper.
    private static func withoutAdapter(_ configuration: ResolvedConfiguration) -> ConfigurationErrors {
        let runtime = configuration.runtime
        var errors = ConfigurationErrors()
        func refuse(_ key: String, _ word: String, _ instead: String) {
            let reason = "\(word) needs the adapter of a venue, and this version has paper alone; say \(instead)"
            let origin = configuration.origin(.runtime, key)
            errors.append(ConfigurationError(.runtime, key, .notEnforced, reason, origin: origin))
        }
        if runtime.mode == .live { refuse("mode", runtime.mode.word, RunMode.dryRun.word) }
        if runtime.environment != .paper { refuse("environment", runtime.environment.word, RunEnvironment.paper.word) }
        return errors
    }
}
