import FairleadModel

extension ConfigurationDecoder {
    static let prefix = "FAIRLEAD__"
    /// Variables of the source systems.
    static let variableAliases = [
        "ROUTER_AUTOTUNE_V6_APPLY_ENABLED": "strategy_config.autotune.apply_enabled"
    ]

    /// Variables in the order of their names, so that errors always come in the same order.
    mutating func collectEnvironment(_ environment: [String: String]) {
        for name in environment.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let value = environment[name] else { continue }
            if let alias = Self.variableAliases[name] {
                let flag = value == "1" ? "true" : value == "0" ? "false" : value
                override(alias.split(separator: ".").map(String.init), flag, .environment(name))
            } else if name.hasPrefix(Self.prefix) {
                override(Self.parts(name.dropFirst(Self.prefix.count)), value, .environment(name))
            }
        }
    }

    mutating func collectFlags(_ overrides: [ConfigurationOverride]) {
        for row in overrides {
            let parts = row.path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            override(parts, row.value, .flag)
        }
    }

    /// `ROUTER__MAX_SPREAD_BPS` in its parts.
    private static func parts(_ name: Substring) -> [String] {
        var parts: [String] = [""]
        var rest = Array(name.utf8)[...]
        while let byte = rest.first {
            if byte == 0x5F, rest.dropFirst().first == 0x5F, parts[parts.count - 1].isEmpty == false {
                parts.append("")
                rest = rest.dropFirst(2)
            } else {
                parts[parts.count - 1].append(Character(UnicodeScalar(byte)))
                rest = rest.dropFirst()
            }
        }
        return parts
    }

    /// Finds the one key that the parts name, and sets it.
    private mutating func override(_ parts: [String], _ value: String, _ origin: ConfigurationOrigin) {
        let shown = ConfigurationKind.shown(parts.joined(separator: ".").lowercased())
        var documents = ConfigurationDocument.allCases
        var rest = parts[...]
        let named = parts.first.flatMap { part in documents.first { Self.names($0).contains(part.lowercased()) } }
        if let named {
            documents = [named]
            rest = rest.dropFirst()
        }
        var found: [(key: ConfigurationKey, instrument: Int)] = []
        for document in documents {
            if let match = match(rest, KeyTable.tree(document), 0) { found.append(match) }
        }
        guard let only = found.first else {
            let hint = Suggestion.hint(
                for: rest.joined(separator: ".").lowercased(),
                in: KeyTable.keys.filter { documents.contains($0.document) && !$0.isPerInstrument }.map(\.path)
            )
            return report(named, shown, .unknownKey, "is not a key that can be set so\(hint)", origin)
        }
        guard found.count == 1 else {
            let reason = "stands in several documents; put the document's name first"
            return report(nil, shown, .ambiguous, reason, origin)
        }
        let symbol = symbols.isEmpty ? "" : symbols[only.instrument]
        let path = only.key.path(symbol: symbol, index: only.instrument)
        assign(only.key, only.instrument, path, .text(value), origin)
    }

    private static func names(_ document: ConfigurationDocument) -> [String] {
        switch document {
        case .strategy: ["strategy_config", "strategy"]
        case .risk: ["risk_limits", "risk"]
        case .runtime: ["runtime"]
        }
    }

    /// Elements of arrays can't be named from outside.
    private func match(_ parts: ArraySlice<String>, _ node: KeyNode, _ instrument: Int) -> (ConfigurationKey, Int)? {
        guard let first = parts.first else { return node.key.map { (KeyTable.keys[$0], instrument) } }
        if let child = node[first.lowercased()] { return match(parts.dropFirst(), child, instrument) }
        guard let each = node.each.first, !node.isArray else { return nil }
        guard let index = symbolPlaces[first.uppercased()] else { return nil }
        return match(parts.dropFirst(), each, index)
    }
}
