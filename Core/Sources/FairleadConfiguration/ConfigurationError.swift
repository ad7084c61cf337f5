/// What is wrong with a key.
public enum ConfigurationFault: String, Sendable, CaseIterable {
    /// The document is no JSON, or no object.
    case malformed
    case unknownKey = "unknown_key"
    case wrongType = "wrong_type"
    case outOfRange = "out_of_range"
    case missing
    /// A rail that live trading needs.
    case missingRail = "missing_rail"
    /// A limit, or a mode, that this version does not enforce yet.
    case notEnforced = "not_enforced"
    /// Two keys that can't both hold.
    case contradiction
    /// The same key twice, by an alias or an ambiguous variable.
    case ambiguous
    /// A secret that stands in the document itself.
    case literalSecret = "literal_secret"
    /// A change that a running engine can't take.
    case needsRestart = "needs_restart"
}

/// One fault: where it is and why. The text never holds a secret.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// nil for a variable or flag that belongs to no document.
    public var document: ConfigurationDocument?
    /// `symbols.BTCUSDT.max_nav_pct`; empty for the document as a whole.
    public var path: String
    public var fault: ConfigurationFault
    /// A sentence's end: "must be at most 1".
    public var reason: String
    /// The variable or flag, where the value did not come from the document.
    public var origin: ConfigurationOrigin?

    public init(
        _ document: ConfigurationDocument?,
        _ path: String,
        _ fault: ConfigurationFault,
        _ reason: String,
        origin: ConfigurationOrigin? = nil
    ) {
        self.document = document
        self.path = path
        self.fault = fault
        self.reason = reason
        self.origin = origin
    }

    /// `risk_limits.json: max_nav_pct: must be at most 1`.
    public var description: String {
        var parts: [String] = []
        switch origin {
        case .environment, .flag: parts.append(origin?.name ?? "")
        case .builtIn, .file, .journal, nil: break
        }
        if let document { parts.append(document.fileName) }
        if !path.isEmpty { parts.append(path) }
        return (parts + [reason]).joined(separator: ": ")
    }
}

/// All that is wrong, in the order of the documents.
public struct ConfigurationErrors: Error, Hashable, Sendable, CustomStringConvertible {
    /// Further faults are counted only.
    public static let limit = 200
    public private(set) var list: [ConfigurationError] = []
    /// Faults beyond `limit`.
    public private(set) var suppressed = 0

    public init() {}

    public var isEmpty: Bool { list.isEmpty }

    public mutating func append(_ error: ConfigurationError) {
        if list.count < Self.limit { list.append(error) } else { suppressed += 1 }
    }

    /// A line an error.
    public var description: String {
        var lines = list.map(\.description)
        if suppressed > 0 { lines.append("and \(suppressed) more") }
        return lines.joined(separator: "\n")
    }
}

/// Something that was accepted, and that the owner should know.
public struct ConfigurationWarning: Hashable, Sendable, CustomStringConvertible {
    public var document: ConfigurationDocument
    public var path: String
    public var reason: String

    public init(_ document: ConfigurationDocument, _ path: String, _ reason: String) {
        self.document = document
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(document.fileName): \(path): \(reason)" }
}
