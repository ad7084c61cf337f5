import FairleadModel

/// Where the values of a section live in the content: one instance, or one an instrument.
struct KeyScope<Root>: Sendable {
    /// nil where this instrument has none.
    let get: @Sendable (ConfigurationContent, Int) -> Root?
    let set: @Sendable (inout ConfigurationContent, Int, (inout Root) -> Void) -> Void
}

extension KeyScope {
    static func part(_ path: any WritableKeyPath<ConfigurationContent, Root> & Sendable) -> KeyScope {
        KeyScope(get: { content, _ in content[keyPath: path] }, set: { $2(&$0[keyPath: path]) })
    }
}

/// Rows of one object of a document, over one typed struct.
struct KeySection<Root> {
    let document: ConfigurationDocument
    let prefix: [PathSegment]
    let change: KeyChange
    let scope: KeyScope<Root>
    private(set) var rows: [ConfigurationKey] = []

    init(
        _ document: ConfigurationDocument,
        _ prefix: [PathSegment],
        _ change: KeyChange,
        _ scope: KeyScope<Root>
    ) {
        self.document = document
        self.prefix = prefix
        self.change = change
        self.scope = scope
    }

    /// A key with a value always: its default, unless `isRequired`.
    mutating func key<Value>(
        _ name: String,
        _ path: any WritableKeyPath<Root, Value> & Sendable,
        _ codec: KeyCodec<Value>,
        _ summary: String,
        isRequired: Bool = false,
        change: KeyChange? = nil
    ) {
        let scope = scope
        add(
            name,
            codec.kind,
            change,
            isRequired,
            summary,
            read: { content, index in scope.get(content, index).map { codec.encode($0[keyPath: path]) } },
            write: { content, index, value in
                guard let value else { return }
                scope.set(&content, index) { $0[keyPath: path] = codec.decode(value) }
            }
        )
    }

    /// A limit that may be off.
    mutating func limit<Value>(
        _ name: String,
        _ path: any WritableKeyPath<Root, Value?> & Sendable,
        _ codec: KeyCodec<Value>,
        _ summary: String,
        change: KeyChange? = nil
    ) {
        let scope = scope
        add(
            name,
            codec.kind,
            change,
            false,
            summary,
            isOptional: true,
            read: { content, index in
                guard let root = scope.get(content, index) else { return nil }
                return root[keyPath: path].map(codec.encode)
            },
            write: { content, index, value in
                scope.set(&content, index) { $0[keyPath: path] = value.map(codec.decode) }
            }
        )
    }

    /// A key that stands for more than one field.
    mutating func custom<Value>(
        _ name: String,
        _ codec: KeyCodec<Value>,
        _ summary: String,
        isRequired: Bool = false,
        get: @escaping @Sendable (Root) -> Value,
        set: @escaping @Sendable (inout Root, Value) -> Void
    ) {
        let scope = scope
        add(
            name,
            codec.kind,
            nil,
            isRequired,
            summary,
            read: { content, index in scope.get(content, index).map { codec.encode(get($0)) } },
            write: { content, index, value in
                guard let value else { return }
                scope.set(&content, index) { set(&$0, codec.decode(value)) }
            }
        )
    }

    private mutating func add(
        _ name: String,
        _ kind: ConfigurationKind,
        _ change: KeyChange?,
        _ isRequired: Bool,
        _ summary: String,
        isOptional: Bool = false,
        read: @escaping @Sendable (ConfigurationContent, Int) -> ConfigurationValue?,
        write: @escaping @Sendable (inout ConfigurationContent, Int, ConfigurationValue?) -> Void
    ) {
        rows.append(
            ConfigurationKey(
                document: document,
                segments: prefix + KeyTable.segments(name),
                kind: kind,
                status: .enforced,
                change: change ?? self.change,
                isRequired: isRequired,
                isOptional: isOptional,
                summary: summary,
                read: read,
                write: write
            )
        )
    }
}

/// Rows of keys that this version only knows: kept as they are, with a warning or a refusal.
struct LaterSection {
    let document: ConfigurationDocument
    let prefix: String
    let part: Int
    private(set) var rows: [ConfigurationKey] = []

    init(_ document: ConfigurationDocument, _ prefix: String, part: Int) {
        self.document = document
        self.prefix = prefix
        self.part = part
    }

    /// Loads with a warning.
    mutating func key(_ name: String, _ kind: ConfigurationKind, _ summary: String) {
        add(name, kind, .later(part: part), summary)
    }

    /// Refused: a limit that nobody watches is worse than none.
    mutating func limit(_ name: String, _ kind: ConfigurationKind, _ summary: String) {
        add(name, kind, .laterLimit(part: part), summary)
    }

    private mutating func add(_ name: String, _ kind: ConfigurationKind, _ status: KeyStatus, _ summary: String) {
        let document = document
        let path = prefix.isEmpty ? name : prefix + "." + name
        let segments = KeyTable.segments(path)
        let isPerInstrument = segments.contains { $0 == .symbol || $0 == .element }
        rows.append(
            ConfigurationKey(
                document: document,
                segments: segments,
                kind: kind,
                status: status,
                change: .reload,
                isRequired: false,
                isOptional: true,
                summary: summary,
                read: { content, _ in isPerInstrument ? nil : content.kept(document, path) },
                write: { content, _, value in if !isPerInstrument { content.keep(document, path, value) } }
            )
        )
    }
}

extension ConfigurationKind {
    static var fraction: Self { KeyCodec<Rate>.fraction.kind }
    static var share: Self { KeyCodec<Rate>.share.kind }
    static func ratio(upTo maximum: Int64) -> Self { KeyCodec<Rate>.ratio(upTo: maximum).kind }
    static func bps(_ range: ClosedRange<Int64>) -> Self { KeyCodec<Rate>.bps(range).kind }
    static func milliseconds(_ range: ClosedRange<Int64>) -> Self { KeyCodec<TimeSpan>.milliseconds(range).kind }
    static func seconds(_ range: ClosedRange<Int64>) -> Self { KeyCodec<TimeSpan>.seconds(range).kind }
    static var money: Self { KeyCodec<Money>.money(isAboveZero: false).kind }
}
