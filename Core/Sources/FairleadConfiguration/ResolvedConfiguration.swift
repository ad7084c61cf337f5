public import FairleadModel

/// One key of a resolved configuration with its value and where that comes from.
public struct ConfigurationEntry: Sendable {
    public let key: ConfigurationKey
    /// `symbols.BTCUSDT.max_nav_pct`.
    public let path: String
    /// nil: off.
    public let value: ConfigurationValue?
    public let origin: ConfigurationOrigin

    public var document: ConfigurationDocument { key.document }
}

/// A configuration that was checked as a whole.
public struct ResolvedConfiguration: Sendable {
    public var engine: EngineConfiguration { content.engine }
    public var runtime: RuntimeConfiguration { content.runtime }
    /// In the order of the documents.
    public let warnings: [ConfigurationWarning]
    /// The whole configuration as one line of JSON with sorted keys, environment applied, secrets by reference: what a
    /// journal carries. The same configuration gives the same bytes; `decodeCanonical` gives an equal one back.
    /// Made anew at each call: keep it.
    public var canonicalText: String { Self.canonicalText(of: content) }
    /// The longest canonical text in bytes: a journal's record holds it.
    public static let canonicalByteLimit = 1_000_000
    let content: ConfigurationContent
    /// By document and path; only looked up, never walked.
    private let origins: [String: ConfigurationOrigin]

    init(
        content: ConfigurationContent,
        origins: [String: ConfigurationOrigin],
        warnings: [ConfigurationWarning]
    ) {
        self.content = content
        self.origins = origins
        self.warnings = warnings
    }

    private static func canonicalText(of content: ConfigurationContent) -> String {
        var members = [JSONMember("schema", .string(ConfigurationDecoder.canonicalSchema))]
        for document in ConfigurationDocument.allCases {
            members.append(JSONMember(document.rawValue, DocumentText.value(document, content, saysOff: true)))
        }
        return JSONWriter.text(of: .object(members), .compact, keys: .sorted)
    }

    /// Where the value at a path comes from: a default unless something was given.
    public func origin(_ document: ConfigurationDocument, _ path: String) -> ConfigurationOrigin {
        origins[ConfigurationDecoder.place(document, path)] ?? .builtIn
    }

    /// Every key in the order of the table: what `config show --origin` prints. Keys of later parts only where given.
    public var entries: [ConfigurationEntry] {
        var entries: [ConfigurationEntry] = []
        for key in KeyTable.keys {
            if !key.isPerInstrument {
                let value = key.read(content, 0)
                if value == nil, key.status != .enforced { continue }
                let origin = origin(key.document, key.path)
                entries.append(ConfigurationEntry(key: key, path: key.path, value: value, origin: origin))
                continue
            }
            for (index, instrument) in content.engine.instruments.enumerated() {
                guard let value = key.read(content, index) else { continue }
                let path = key.path(symbol: instrument.symbol, index: index)
                let origin = origin(key.document, path)
                entries.append(ConfigurationEntry(key: key, path: path, value: value, origin: origin))
            }
        }
        return entries
    }

    /// The first 128 bits of the canonical text's SHA-256: the configuration's identity.
    public var hash: Digest128 { Digest128(of: canonicalText) }
}

extension ResolvedConfiguration: Equatable {
    /// The same decisions and the same machinery; where the values come from doesn't matter.
    public static func == (a: Self, b: Self) -> Bool { a.content == b.content }
}

/// A configuration's typed values as documents.
enum DocumentText {
    /// A document's object, in the order of the table. `saysOff` writes null where a key is off that has a default.
    static func value(_ document: ConfigurationDocument, _ content: ConfigurationContent, saysOff: Bool) -> JSONValue {
        build(KeyTable.tree(document), content, 0, saysOff) ?? .object([])
    }

    private static func build(_ node: KeyNode, _ content: ConfigurationContent, _ index: Int, _ saysOff: Bool)
        -> JSONValue?
    {
        if let at = node.key {
            let key = KeyTable.keys[at]
            if let value = key.read(content, index) { return value.json }
            guard saysOff, key.isOptional, !key.isPerInstrument, key.status == .enforced else { return nil }
            return key.read(ConfigurationContent(), 0) == nil ? nil : .null
        }
        if let each = node.each.first {
            let instruments = content.engine.instruments.indices
            if node.isArray {
                return .array(instruments.compactMap { build(each, content, $0, saysOff) })
            }
            let members = instruments.compactMap { index in
                build(each, content, index, saysOff).map { JSONMember(content.engine.instruments[index].symbol, $0) }
            }
            return members.isEmpty ? nil : .object(members)
        }
        let members = zip(node.names, node.children).compactMap { name, child in
            build(child, content, index, saysOff).map { JSONMember(name, $0) }
        }
        return members.isEmpty ? nil : .object(members)
    }
}
