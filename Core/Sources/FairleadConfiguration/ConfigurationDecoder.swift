import FairleadModel

/// A value set by a flag of the command line: `risk_limits.price_collar_bps`, or the path alone where it is unique.
/// `instruments.BTCUSDT.taker_fee_bps` is one instrument's, `instruments.*.taker_fee_bps` that of each.
public struct ConfigurationOverride: Hashable, Sendable {
    public var path: String
    public var value: String

    public init(path: String, value: String) {
        self.path = path
        self.value = value
    }
}

/// The strict decoder of the three documents: everything known, typed and within its range, or all faults at once.
public struct ConfigurationDecoder {
    /// The name of the canonical document's form.
    public static let canonicalSchema = "fairlead.configuration.v1"

    var content = ConfigurationContent()
    var errors = ConfigurationErrors()
    var warnings: [ConfigurationWarning] = []
    var assignments: [Assignment] = []
    /// The place of each assignment by document and path. Only looked up, never walked.
    var places: [String: Int] = [:]
    /// The instruments' names in the order of the document; empty where one has none.
    var symbols: [String] = []
    var symbolPlaces: [String: Int] = [:]
    /// Paths that hold no usable value: what depends on them is not judged.
    var faulty: Set<String> = []
    /// Limits that the testnet's own took the place of.
    var testnetPaths: [String] = []
    /// A canonical document says `null` for an optional key whose default is not off.
    let isCanonical: Bool

    /// A key's value as it came, before it is checked.
    struct Assignment {
        enum Source {
            case json(JSONValue)
            case text(String)
        }
        var key: ConfigurationKey
        /// The index of the instrument; 0 for keys of which there is one.
        var instrument: Int
        var path: String
        var source: Source
        var origin: ConfigurationOrigin
    }

    private init(isCanonical: Bool) { self.isCanonical = isCanonical }

    /// Resolves the documents: flags over environment over file over defaults.
    ///
    /// - `environment`: the whole environment; only `FAIRLEAD__SECTION__KEY` and a few aliases are looked at.
    public static func resolve(
        _ documents: ConfigurationDocuments,
        environment: [String: String] = [:],
        overrides: [ConfigurationOverride] = []
    ) -> Result<ResolvedConfiguration, ConfigurationErrors> {
        var decoder = ConfigurationDecoder(isCanonical: false)
        var parsed: [JSONValue] = []
        for document in ConfigurationDocument.allCases {
            parsed.append(decoder.parse(documents[document], document))
        }
        guard decoder.errors.isEmpty else { return .failure(decoder.errors) }
        return decoder.decode(parsed, environment: environment, overrides: overrides)
    }

    /// The same for documents that are parsed already: one object a document, in their order.
    static func resolve(
        parsed: [JSONValue],
        environment: [String: String] = [:],
        overrides: [ConfigurationOverride] = []
    ) -> Result<ResolvedConfiguration, ConfigurationErrors> {
        var decoder = ConfigurationDecoder(isCanonical: false)
        return decoder.decode(parsed, environment: environment, overrides: overrides)
    }

    /// Reads the text that `ResolvedConfiguration.canonicalText` gave: what a journal carries.
    public static func decodeCanonical(_ text: String) -> Result<ResolvedConfiguration, ConfigurationErrors> {
        var decoder = ConfigurationDecoder(isCanonical: true)
        let root = decoder.parse(Array(text.utf8), nil)
        guard decoder.errors.isEmpty else { return .failure(decoder.errors) }
        let known = ["schema"] + ConfigurationDocument.allCases.map(\.rawValue)
        for member in root.object ?? [] where !known.contains(member.key) {
            decoder.errors.append(ConfigurationError(nil, member.key, .unknownKey, "is not part of the document"))
        }
        if root["schema"]?.string != canonicalSchema {
            decoder.errors.append(ConfigurationError(nil, "schema", .malformed, "must be \(canonicalSchema)"))
        }
        var parsed: [JSONValue] = []
        for document in ConfigurationDocument.allCases {
            guard let part = root[document.rawValue], part.object != nil else {
                decoder.errors.append(ConfigurationError(nil, document.rawValue, .missing, "must be an object"))
                continue
            }
            parsed.append(part)
        }
        guard decoder.errors.isEmpty else { return .failure(decoder.errors) }
        return decoder.decode(parsed, environment: [:], overrides: [])
    }

    private mutating func parse(_ bytes: [UInt8], _ document: ConfigurationDocument?) -> JSONValue {
        let limits = JSONLimits(bytes: 3 * ConfigurationDocuments.byteLimit, depth: 32, values: 1_000_000)
        guard document == nil || bytes.count <= ConfigurationDocuments.byteLimit else {
            let reason = "is longer than \(ConfigurationDocuments.byteLimit) bytes"
            errors.append(ConfigurationError(document, "", .malformed, reason))
            return .null
        }
        do throws(JSONError) {
            let value = try JSONParser.parse(bytes, limits: limits)
            if value.object == nil {
                errors.append(ConfigurationError(document, "", .malformed, "must be a JSON object, is \(value.kind)"))
            }
            return value
        } catch {
            errors.append(ConfigurationError(document, "", .malformed, "is not valid JSON: \(error)"))
            return .null
        }
    }

    /// `parsed` holds one object a document, in their order.
    private mutating func decode(
        _ parsed: [JSONValue],
        environment: [String: String],
        overrides: [ConfigurationOverride]
    ) -> Result<ResolvedConfiguration, ConfigurationErrors> {
        for (document, json) in zip(ConfigurationDocument.allCases, parsed) where document == .runtime {
            nameInstruments(json)
        }
        for (document, json) in zip(ConfigurationDocument.allCases, parsed) {
            let origin: ConfigurationOrigin = isCanonical ? .journal : .file(document)
            collect(json, KeyTable.tree(document), Place(document: document, path: "", instrument: 0, origin: origin))
        }
        collectEnvironment(environment)
        collectFlags(overrides)
        for assignment in assignments { apply(assignment) }
        finish()
        judge()
        guard errors.isEmpty else { return .failure(errors) }
        var origins: [String: ConfigurationOrigin] = [:]
        for assignment in assignments {
            origins[Self.place(assignment.key.document, assignment.path)] = assignment.origin
        }
        for path in testnetPaths {
            origins[Self.place(.risk, path)] = origins[Self.place(.risk, KeyTable.testnetPrefix + path)]
        }
        let resolved = ResolvedConfiguration(content: content, origins: origins, warnings: warnings)
        if mayBeLong { judgeLength(resolved) }
        guard errors.isEmpty else { return .failure(errors) }
        return .success(resolved)
    }

    /// Whether the canonical text needs measuring: all but instruments, tapes and kept parts is short by its rules, and
    /// an instrument with all its keys has less than 2,000 bytes.
    private var mayBeLong: Bool {
        content.engine.instruments.count > 250 || content.runtime.market.tapes.count > 100 || !content.kept.isEmpty
    }

    private mutating func judgeLength(_ resolved: ResolvedConfiguration) {
        let length = resolved.canonicalText.utf8.count
        let limit = ResolvedConfiguration.canonicalByteLimit
        guard length > limit else { return }
        let reason = "the resolved documents have \(length) bytes; a journal's record holds at most \(limit)"
        errors.append(ConfigurationError(nil, "", .outOfRange, reason))
    }

    /// One text for a document's path: what places and origins are looked up by.
    static func place(_ document: ConfigurationDocument, _ path: String) -> String { document.rawValue + "/" + path }

    /// Makes room for the instruments, so that other keys can name them.
    private mutating func nameInstruments(_ runtime: JSONValue) {
        for element in (runtime["instruments"]?.array ?? []).prefix(KeyTable.instrumentLimit) {
            let name = element["symbol"]?.string ?? ""
            if !name.isEmpty {
                if let first = symbolPlaces[name] {
                    let path = "instruments[\(symbols.count)].symbol"
                    let shown = ConfigurationKind.shown(name)
                    report(.runtime, path, .ambiguous, "\(shown) is already the symbol of instruments[\(first)]", nil)
                } else {
                    symbolPlaces[name] = symbols.count
                }
            }
            symbols.append(name)
            let blank = InstrumentTerms(
                tick: Price(raw: 1),
                lot: Quantity(raw: 1),
                minimumQuantity: .zero,
                maximumQuantity: .zero
            )
            content.engine.add(Instrument(symbol: name, terms: blank, origin: " "))
        }
    }

    mutating func report(
        _ document: ConfigurationDocument?,
        _ path: String,
        _ fault: ConfigurationFault,
        _ reason: String,
        _ origin: ConfigurationOrigin?
    ) {
        if let document { faulty.insert(Self.place(document, path)) }
        errors.append(ConfigurationError(document, path, fault, reason, origin: origin))
    }

    /// Checks one value and sets it.
    private mutating func apply(_ assignment: Assignment) {
        let key = assignment.key
        if case .laterLimit(let part) = key.status {
            let reason = "is a limit that this version does not enforce (it comes with \(KeyStatus.partName(part)))"
            return report(key.document, assignment.path, .notEnforced, reason, assignment.origin)
        }
        do throws(ValueFault) {
            let value: ConfigurationValue
            switch assignment.source {
            case .json(let json):
                if json.isNull, isCanonical, key.isOptional {
                    return key.write(&content, assignment.instrument, nil)
                }
                if json.isNull, key.isOptional {
                    throw .init(fault: .wrongType, reason: "must not be null; leave the key out")
                }
                value = try key.kind.read(json)
            case .text(let text): value = try key.kind.read(text: text)
            }
            key.write(&content, assignment.instrument, value)
            if case .later(let part) = key.status {
                let reason = "is kept, and has no effect before \(KeyStatus.partName(part))"
                warnings.append(ConfigurationWarning(key.document, assignment.path, reason))
            }
        } catch {
            report(key.document, assignment.path, error.fault, error.reason, assignment.origin)
        }
    }
}
