import FairleadModel

/// The table of every key of the three documents. Decoder, schema, reference page, `show` and `diff` all walk it.
public enum KeyTable {
    /// The most instruments that may be configured.
    public static let instrumentLimit = 1000

    /// In the order of the documents and of their pages.
    public static let keys: [ConfigurationKey] =
        strategyKeys + strategyLaterKeys + riskKeys + riskLaterKeys + runtimeKeys + runtimeLaterKeys

    /// The tree of each document's keys.
    static let trees: [ConfigurationDocument: KeyNode] = {
        var trees: [ConfigurationDocument: KeyNode] = [:]
        for document in ConfigurationDocument.allCases { trees[document] = KeyNode() }
        for (index, key) in keys.enumerated() {
            trees[key.document]?.insert(key.segments[...], key: index)
        }
        return trees
    }()

    static func tree(_ document: ConfigurationDocument) -> KeyNode {
        guard let tree = trees[document] else {
            preconditionFailure("Invariant: each document has a tree of keys")
        }
        return tree
    }

    /// "symbols.*.max_nav_pct": `*` is a symbol, `[]` after a name an array's element.
    static func segments(_ path: String) -> [PathSegment] {
        var segments: [PathSegment] = []
        for part in path.split(separator: ".") {
            if part == "*" {
                segments.append(.symbol)
            } else if part.hasSuffix("[]") {
                segments += [.name(String(part.dropLast(2))), .element]
            } else {
                segments.append(.name(String(part)))
            }
        }
        return segments
    }
}

/// A node of a document's tree: names with their nodes in the table's order, or one node for all symbols or elements.
struct KeyNode: Sendable {
    private(set) var names: [String] = []
    private(set) var children: [KeyNode] = []
    /// What stands under any symbol (`bySymbol`) or in any element of an array.
    private(set) var each: [KeyNode] = []
    private(set) var isArray = false
    /// The index of the key that ends here.
    private(set) var key: Int?

    subscript(name: String) -> KeyNode? {
        names.firstIndex(of: name).map { children[$0] }
    }

    mutating func insert(_ path: ArraySlice<PathSegment>, key index: Int) {
        guard let first = path.first else {
            precondition(key == nil, "Invariant: a key stands once in the table")
            key = index
            return
        }
        switch first {
        case .name(let name):
            if let at = names.firstIndex(of: name) {
                children[at].insert(path.dropFirst(), key: index)
            } else {
                var child = KeyNode()
                child.insert(path.dropFirst(), key: index)
                names.append(name)
                children.append(child)
            }
        case .symbol, .element:
            isArray = first == .element
            if each.isEmpty { each.append(KeyNode()) }
            each[0].insert(path.dropFirst(), key: index)
        }
    }
}
