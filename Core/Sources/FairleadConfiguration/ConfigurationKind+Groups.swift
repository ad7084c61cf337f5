import FairleadModel

extension ConfigurationKind {
    /// Groups of symbols by name, each `{"max_nav_pct": ..., "symbols": [...]}` and nothing else.
    static func readGroups(_ json: JSONValue, _ limit: Int) throws(ValueFault) -> [CorrelationGroup] {
        guard let members = json.object else { throw .wrongType("an object", json) }
        guard members.count <= limit else { throw .outOfRange("must hold at most \(limit) groups") }
        var groups: [CorrelationGroup] = []
        for member in members {
            if let fault = TextRule.line.fault(of: member.key) { throw .outOfRange("a group's name \(fault)") }
            groups.append(try readGroup(member))
        }
        return groups.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func readGroup(_ member: JSONMember) throws(ValueFault) -> CorrelationGroup {
        let name = shown(member.key)
        guard let fields = member.value.object else { throw .wrongType("an object of groups", member.value) }
        for field in fields where field.key != "max_nav_pct" && field.key != "symbols" {
            throw .outOfRange("\(name) holds \(shown(field.key)); a group has max_nav_pct and symbols")
        }
        guard let cap = member.value["max_nav_pct"], let list = member.value["symbols"] else {
            throw .outOfRange("\(name) must give max_nav_pct and symbols")
        }
        guard case .number(let raw) = try KeyCodec<Rate>.fraction.kind.read(cap) else {
            preconditionFailure("Invariant: a fraction is read as a number")
        }
        let kind = Self.texts(.symbol, limit: KeyTable.instrumentLimit)
        guard case .texts(let symbols) = try kind.read(list) else {
            preconditionFailure("Invariant: a list of texts is read as one")
        }
        guard !symbols.isEmpty else { throw .outOfRange("\(name) must name a symbol") }
        return CorrelationGroup(name: member.key, symbols: symbols, maximumNavFraction: Rate(raw: raw))
    }
}

extension KeyCodec where Value == [CorrelationGroup] {
    static var groups: KeyCodec {
        KeyCodec(
            kind: .groups(limit: CorrelationGroup.limit),
            encode: { .groups($0) },
            decode: { value in
                guard case .groups(let groups) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return groups
            }
        )
    }
}
