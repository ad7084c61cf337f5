import FairleadModel

/// What this version does with a key.
public enum KeyStatus: Hashable, Sendable {
    case enforced
    /// Known, kept, and without effect until that part: loads with a warning.
    case later(part: Int)
    /// A limit that is not enforced before that part: refused at load, by name.
    case laterLimit(part: Int)

    /// Part 6 stands for the venues, the dashboard and the bus, which come after the first five.
    static func partName(_ part: Int) -> String { part > 5 ? "the parts after 5" : "part \(part)" }

    public var name: String {
        switch self {
        case .enforced: "enforced"
        case .later(let part): "later (\(Self.partName(part)))"
        case .laterLimit(let part): "refused until \(Self.partName(part))"
        }
    }
}

/// When a changed key takes effect.
public enum KeyChange: String, Sendable, CaseIterable {
    /// With the next reload.
    case reload
    /// With the next start; a reload that changes it is refused.
    case restart
}

/// One step of a key's path.
public enum PathSegment: Hashable, Sendable {
    case name(String)
    /// The name of a configured instrument.
    case symbol
    /// An element of an array: an instrument.
    case element
}

/// One row of the table of all keys: where it stands, what it may be, what it does.
public struct ConfigurationKey: Sendable {
    public let document: ConfigurationDocument
    public let segments: [PathSegment]
    public let kind: ConfigurationKind
    public let status: KeyStatus
    public let change: KeyChange
    /// Must be given where its object is given.
    public let isRequired: Bool
    /// Off where it is left out, though the table may have a default for it.
    public let isOptional: Bool
    /// One line.
    public let summary: String
    /// The value of the instance at an index (an instrument's); nil when it is off.
    let read: @Sendable (ConfigurationContent, Int) -> ConfigurationValue?
    /// Sets it; nil turns it off.
    let write: @Sendable (inout ConfigurationContent, Int, ConfigurationValue?) -> Void

    /// `symbols.SYM.max_nav_pct`, `instruments[].tick`.
    public var path: String {
        var text = ""
        for segment in segments {
            switch segment {
            case .name(let name): text += text.isEmpty ? name : "." + name
            case .symbol: text += ".SYM"
            case .element: text += "[]"
            }
        }
        return text
    }

    /// True when there is one value an instrument.
    public var isPerInstrument: Bool { segments.contains { $0 == .symbol || $0 == .element } }

    /// The path of one instance: `symbols.BTCUSDT.max_nav_pct`, `instruments[0].tick`.
    func path(symbol: String, index: Int) -> String {
        var text = ""
        for segment in segments {
            switch segment {
            case .name(let name): text += text.isEmpty ? name : "." + name
            case .symbol: text += "." + symbol
            case .element: text += "[\(index)]"
            }
        }
        return text
    }
}

/// A kept value of a key that a later part uses.
struct KeptValue: Hashable, Sendable {
    var document: ConfigurationDocument
    var path: String
    var value: ConfigurationValue
}

/// The typed values that the table reads and writes.
struct ConfigurationContent: Hashable, Sendable {
    var engine = EngineConfiguration()
    var runtime = RuntimeConfiguration()
    /// In the order of document and path.
    var kept: [KeptValue] = []

    func kept(_ document: ConfigurationDocument, _ path: String) -> ConfigurationValue? {
        kept.first { $0.document == document && $0.path == path }?.value
    }

    mutating func keep(_ document: ConfigurationDocument, _ path: String, _ value: ConfigurationValue?) {
        kept.removeAll { $0.document == document && $0.path == path }
        guard let value else { return }
        let row = KeptValue(document: document, path: path, value: value)
        let at = kept.firstIndex { ($0.document.rawValue, $0.path) > (document.rawValue, path) } ?? kept.endIndex
        kept.insert(row, at: at)
    }
}
