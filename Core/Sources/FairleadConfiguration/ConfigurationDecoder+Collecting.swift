import FairleadModel

extension ConfigurationDecoder {
    /// Where in a document the walk is.
    struct Place {
        var document: ConfigurationDocument
        var path: String
        var instrument: Int
        var origin: ConfigurationOrigin

        func child(_ name: String) -> Place {
            var place = self
            place.path = path.isEmpty ? name : path + "." + name
            return place
        }

        func element(_ index: Int) -> Place {
            var place = self
            place.path = "\(path)[\(index)]"
            place.instrument = index
            return place
        }
    }

    /// Walks a value beside the tree of keys and notes what is assigned; what the tree doesn't know is an error.
    mutating func collect(_ json: JSONValue, _ node: KeyNode, _ place: Place) {
        if let index = node.key {
            return assign(KeyTable.keys[index], place.instrument, place.path, .json(json), place.origin)
        }
        if node.isArray { return collectElements(json, node.each[0], place) }
        guard let members = json.object else {
            return report(place.document, place.path, .wrongType, "must be an object, is \(json.kind)", nil)
        }
        if let each = node.each.first { return collectSymbols(members, each, place) }
        for member in members {
            if let child = node[member.key] {
                collect(member.value, child, place.child(member.key))
            } else if !collectAlias(member, node, place) {
                reportUnknown(member.key, node, place)
            }
        }
        for (name, child) in zip(node.names, node.children) {
            guard let index = child.key, KeyTable.keys[index].isRequired, json[name] == nil else { continue }
            report(place.document, place.child(name).path, .missing, "must be given", nil)
        }
    }

    private mutating func collectElements(_ json: JSONValue, _ each: KeyNode, _ place: Place) {
        guard let elements = json.array else {
            return report(place.document, place.path, .wrongType, "must be an array, is \(json.kind)", nil)
        }
        if elements.count > KeyTable.instrumentLimit {
            report(place.document, place.path, .outOfRange, "must hold at most \(KeyTable.instrumentLimit)", nil)
        }
        for (index, element) in elements.prefix(KeyTable.instrumentLimit).enumerated() {
            collect(element, each, place.element(index))
        }
    }

    private mutating func collectSymbols(_ members: [JSONMember], _ each: KeyNode, _ place: Place) {
        for member in members {
            var child = place.child(ConfigurationKind.shown(member.key))
            guard let index = symbolPlaces[member.key] else {
                let hint = Suggestion.hint(for: member.key, in: symbols)
                report(place.document, child.path, .unknownKey, "is not the symbol of an instrument\(hint)", nil)
                continue
            }
            child.instrument = index
            collect(member.value, each, child)
        }
    }

    private mutating func reportUnknown(_ name: String, _ node: KeyNode, _ place: Place) {
        let path = place.child(ConfigurationKind.shown(name)).path
        var hint = Suggestion.hint(for: name, in: node.names)
        if hint.isEmpty {
            // The right name at the wrong place, in this document or in another.
            let homes = KeyTable.keys.filter { $0.segments.last == .name(name) }
            if let home = homes.first(where: { $0.document == place.document }) ?? homes.first {
                let file = home.document == place.document ? "" : " of \(home.document.fileName)"
                hint = "; did you mean \"\(home.path)\"\(file)?"
            }
        }
        report(place.document, path, .unknownKey, "is not a known key\(hint)", nil)
    }

    mutating func assign(
        _ key: ConfigurationKey,
        _ instrument: Int,
        _ path: String,
        _ source: Assignment.Source,
        _ origin: ConfigurationOrigin
    ) {
        let row = Assignment(key: key, instrument: instrument, path: path, source: source, origin: origin)
        let place = Self.place(key.document, path)
        guard let at = places[place] else {
            places[place] = assignments.count
            assignments.append(row)
            return
        }
        // Within one source a key stands once; of two sources the later one wins.
        if assignments[at].origin == origin {
            report(key.document, path, .ambiguous, "is given twice, once by an alias", origin)
        } else {
            assignments[at] = row
        }
    }

    // MARK: Names of the source systems

    /// Accepts a name that the source systems gave a key; false when it is none.
    private mutating func collectAlias(_ member: JSONMember, _ node: KeyNode, _ place: Place) -> Bool {
        if place.path.isEmpty, member.key == "$schema" { return acceptSchema(member.value, place) }
        switch place.document {
        case .risk: return collectRiskAlias(member, node, place)
        case .strategy: return collectStrategyAlias(member, place)
        case .runtime: return false
        }
    }

    /// Editors look for it; it says nothing to us.
    private mutating func acceptSchema(_ value: JSONValue, _ place: Place) -> Bool {
        if value.string == nil { report(place.document, "$schema", .wrongType, "must be a text", nil) }
        return true
    }

    private mutating func warnAlias(_ place: Place, _ name: String, _ meaning: String) {
        warnings.append(ConfigurationWarning(place.document, place.child(name).path, "is read as \(meaning)"))
    }

    private mutating func collectStrategyAlias(_ member: JSONMember, _ place: Place) -> Bool {
        let names = [
            "router_max_spread_bps": "max_spread_bps", "router_offset_spread_clamp_bps": "offset_spread_clamp_bps",
        ]
        guard place.path.isEmpty || place.path == "router", let name = names[member.key] else { return false }
        let router = place.path.isEmpty ? place.child("router") : place
        guard let node = KeyTable.tree(.strategy)["router"]?[name] else {
            preconditionFailure("Invariant: an alias names a key of the table")
        }
        warnAlias(place, member.key, "router.\(name)")
        collect(member.value, node, router.child(name))
        return true
    }

    private mutating func collectRiskAlias(_ member: JSONMember, _ node: KeyNode, _ place: Place) -> Bool {
        let root = KeyTable.tree(.risk)
        var top = place
        top.path = ""
        if place.path.isEmpty, member.key == "global" {
            warnAlias(place, member.key, "keys of the document itself")
            collect(member.value, root, top)
            return true
        }
        let targets = [
            "per_symbol": "symbols", "trade_equity_nav_pct": "max_trade_nav_pct",
            "drawdown_alert_pct": "dd_bands.warn",
        ]
        if place.path.isEmpty, let target = targets[member.key] {
            warnAlias(place, member.key, target)
            var node: KeyNode? = root
            var to = top
            for name in target.split(separator: ".") {
                node = node?[String(name)]
                to = to.child(String(name))
            }
            guard let node else { preconditionFailure("Invariant: an alias names a key of the table") }
            collect(member.value, node, to)
            return true
        }
        if place.path.isEmpty, member.key == "reset_timezone" {
            if member.value.string != "UTC" {
                report(.risk, member.key, .outOfRange, "must be UTC: risk days begin at 00:00 UTC", nil)
            }
            warnAlias(place, member.key, "nothing: risk days are always UTC")
            return true
        }
        return member.key == "symbol_notional_share_cap_pct" && collectShareCap(member, root, place)
    }

    /// One symbol's share, or the share of all symbols that have none of their own.
    private mutating func collectShareCap(_ member: JSONMember, _ root: KeyNode, _ place: Place) -> Bool {
        guard let node = root["symbols"]?.each.first?["max_nav_pct"] else {
            preconditionFailure("Invariant: an alias names a key of the table")
        }
        let name = "max_nav_pct"
        if !place.path.isEmpty {
            guard place.path.hasPrefix("symbols.") else { return false }
            warnAlias(place, member.key, name)
            collect(member.value, node, place.child(name))
            return true
        }
        warnAlias(place, member.key, "\(name) of each symbol")
        for (index, symbol) in symbols.enumerated() where !symbol.isEmpty {
            var to = place.child("symbols").child(symbol).child(name)
            to.instrument = index
            collect(member.value, node, to)
        }
        return true
    }
}
