public import FairleadConfiguration
import Foundation

/// A directory with the three documents.
public struct ConfigurationFiles: Sendable {
    public let directory: String

    public init(directory: String) { self.directory = directory }

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
                let reason = "can't be read at \(path(of: document)); `fairlead init` writes one"
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
        case .success(let configuration): return configuration
        case .failure(let errors): throw errors
        }
    }
}
