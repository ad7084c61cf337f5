/// Where a secret is kept: the only form in which a document may name one. The secret itself is read by whoever uses
/// it, and never enters a configuration, a journal, a log or an error.
public struct SecretReference: Hashable, Sendable, CustomStringConvertible {
    public enum Place: String, Sendable, CaseIterable {
        /// A file of mode 0600.
        case file
        /// A variable of the environment.
        case environment = "env"
        /// A credential that systemd loaded.
        case credential
    }

    public static let byteLimit = 1024
    public let place: Place
    /// The path, variable or credential's name.
    public let name: String

    /// Reads `file:PATH`, `env:NAME` or `credential:NAME`; nil for anything else: a literal secret, most likely.
    public init?(reference: String) {
        guard reference.utf8.count <= Self.byteLimit, let colon = reference.firstIndex(of: ":") else { return nil }
        guard let place = Place(rawValue: String(reference[..<colon])) else { return nil }
        let name = String(reference[reference.index(after: colon)...])
        guard !name.isEmpty else { return nil }
        let isName = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x5F || (place == .credential && (byte == 0x2D || byte == 0x2E))
        }
        let isPath = name.utf8.allSatisfy { $0 > 0x1F && $0 != 0x7F }
        guard place == .file ? isPath : isName else { return nil }
        self.place = place
        self.name = name
    }

    /// `env:NAME`: what documents carry.
    public var reference: String { "\(place.rawValue):\(name)" }
    /// Never the secret, nor where it is kept.
    public var description: String { "***" }
}
