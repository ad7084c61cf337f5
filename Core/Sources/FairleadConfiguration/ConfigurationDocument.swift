/// The three documents of a configuration.
public enum ConfigurationDocument: String, Sendable, CaseIterable {
    case strategy = "strategy_config"
    case risk = "risk_limits"
    case runtime

    /// "risk_limits.json": the file's name under `config/`.
    public var fileName: String { rawValue + ".json" }
    /// Its JSON Schema's name under `schemas/config/`.
    public var schemaName: String { rawValue + ".schema.json" }
}

/// The bytes of the three files, as read.
public struct ConfigurationDocuments: Hashable, Sendable {
    /// The largest document that is looked at. A larger one is refused.
    public static let byteLimit = 4 << 20
    public var strategy: [UInt8]
    public var risk: [UInt8]
    public var runtime: [UInt8]

    public init(strategy: [UInt8], risk: [UInt8], runtime: [UInt8]) {
        self.strategy = strategy
        self.risk = risk
        self.runtime = runtime
    }

    public subscript(document: ConfigurationDocument) -> [UInt8] {
        get {
            switch document {
            case .strategy: strategy
            case .risk: risk
            case .runtime: runtime
            }
        }
        set {
            switch document {
            case .strategy: strategy = newValue
            case .risk: risk = newValue
            case .runtime: runtime = newValue
            }
        }
    }
}

/// Where a value comes from. The later ones win: flag over environment over file over default.
public enum ConfigurationOrigin: Hashable, Sendable {
    /// `EngineConfiguration`, `RuntimeConfiguration` and their parts.
    case builtIn
    case file(ConfigurationDocument)
    /// The variable's name.
    case environment(String)
    /// A flag of the command line.
    case flag
    /// The resolved document of a journal.
    case journal

    public var name: String {
        switch self {
        case .builtIn: "default"
        case .file(let document): document.fileName
        case .environment(let variable): variable
        case .flag: "flag"
        case .journal: "journal"
        }
    }
}
