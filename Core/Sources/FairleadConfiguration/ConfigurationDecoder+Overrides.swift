import FairleadModel

extension ConfigurationDecoder {
    static let prefix = "FAIRLEAD__"
    /// Variables of the source systems.
    static let variableAliases = [
        "ROUTER_AUTOTUNE_V6_APPLY_ENABLED": "strategy_config.autotune.apply_enabled",
        "MAX_BIAS_DELTA": "strategy_config.autotune.max_bias_delta",
        "MAX_OFFSET_STEP_BPS": "strategy_config.autotune.max_offset_step_bps",
        "MAX_OFFSET_ABS_BPS": "strategy_config.autotune.max_offset_abs_bps",
        "ALLOW_MAKER_FLIP": "strategy_config.autotune.allow_maker_flip",
    ]
    /// Those that say 1 and 0 for true and false.
    private static let flagAliases: Set = ["ROUTER_AUTOTUNE_V6_APPLY_ENABLED", "ALLOW_MAKER_FLIP"]

    /// Variables in the order of their names, so that errors always come in the same order.
    mutating func collectEnvironment(_ environment: [String: String]) {
        for name in environment.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let value = environment[name] else { continue }
            if let alias = Self.variableAliases[name] {
                var text = value
                if Self.flagAliases.contains(name) { text = value == "1" ? "true" : value == "0" ? "false" : value }
                override(alias.split(separator: ".").map(String.init), text, .environment(name))
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

    /// Finds the key that the parts name, and sets it.
    private mutating func override(_ parts: [String], _ value: String, _ origin: ConfigurationOrigin) {
        let shown = ConfigurationKind.shown(parts.joined(separator: ".").lowercased())
        var documents = ConfigurationDocument.allCases
        var rest = parts[...]
        let named = parts.first.flatMap { part in documents.first { Self.names($0).contains(part.lowercased()) } }
        if let named {
            documents = [named]
            rest = rest.dropFirst()
        }
        var found: [Match] = []
        for document in documents {
            let matches = match(rest, KeyTable.tree(document), 0, reachesElements: origin == .flag)
            if !matches.isEmpty { found.append(Match(document: document, keys: matches)) }
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
        for (key, instrument) in only.keys {
            let symbol = symbols.isEmpty ? "" : symbols[instrument]
            if key.segments.last == .name("symbol") {
                return report(key.document, shown, .unknownKey, "is not a key that can be set so", origin)
            }
            assign(key, instrument, key.path(symbol: symbol, index: instrument), .text(value), origin)
        }
    }

    /// The keys of one document that a path names: one, or one an instrument.
    private struct Match {
        var document: ConfigurationDocument
        var keys: [(ConfigurationKey, Int)]
    }

    private static func names(_ document: ConfigurationDocument) -> [String] {
        switch document {
        case .strategy: ["strategy_config", "strategy"]
        case .risk: ["risk_limits", "risk"]
        case .runtime: ["runtime"]
        }
    }

    /// A flag names the instruments of an array by their symbols, as in `instruments.BTCUSDT.tick`; `*` is each of
    /// them. To a variable, which stays when it is forgotten, they can't be named.
    private func match(
        _ parts: ArraySlice<String>,
        _ node: KeyNode,
        _ instrument: Int,
        reachesElements: Bool
    ) -> [(ConfigurationKey, Int)] {
        guard let first = parts.first else { return node.key.map { [(KeyTable.keys[$0], instrument)] } ?? [] }
        func go(_ node: KeyNode, _ instrument: Int) -> [(ConfigurationKey, Int)] {
            match(parts.dropFirst(), node, instrument, reachesElements: reachesElements)
        }
        // Names of tiers are capitals.
        if let child = node[first.lowercased()] ?? node[first.uppercased()] { return go(child, instrument) }
        guard let each = node.each.first, !node.isArray || reachesElements else { return [] }
        if first == "*" { return symbols.indices.flatMap { go(each, $0) } }
        guard let index = symbolPlaces[first.uppercased()] else { return [] }
        return go(each, index)
    }

    /// Whether an override's path ends at a list, whose text is split at commas.
    public static func isList(_ path: String) -> Bool {
        var parts = path.split(separator: ".", omittingEmptySubsequences: false).map { $0.lowercased() }[...]
        var documents = ConfigurationDocument.allCases
        if let named = documents.first(where: { names($0).contains(parts.first ?? "") }) {
            documents = [named]
            parts = parts.dropFirst()
        }
        return documents.contains { document in
            guard let key = KeyTable.tree(document).key(at: parts) else { return false }
            switch KeyTable.keys[key].kind {
            case .texts, .numbers: return true
            case .flag, .count, .number, .money, .choice, .text, .secret, .groups, .tree: return false
            }
        }
    }
}

extension KeyNode {
    /// The key at a path whose parts stand for names, and for symbols where those are asked for.
    fileprivate func key(at parts: ArraySlice<String>) -> Int? {
        guard let first = parts.first else { return key }
        if let child = self[first] ?? self[first.uppercased()] { return child.key(at: parts.dropFirst()) }
        return each.first?.key(at: parts.dropFirst())
    }
}
