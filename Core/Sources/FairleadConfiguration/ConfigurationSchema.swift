public import FairleadModel

/// JSON Schemas (2020-12) of the three documents, made from the table: what they accept the decoder accepts, but for
/// rules between keys.
public enum ConfigurationSchema {
    public static func schema(_ document: ConfigurationDocument) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("$schema", "https://json-schema.org/draft/2020-12/schema"),
            JSONMember("$id", .string("fairlead.\(document.rawValue).v1")),
            JSONMember("title", .string("Fairlead: \(document.fileName)")),
        ]
        var body = node(KeyTable.tree(document))
        if let at = body.firstIndex(where: { $0.key == "properties" }), let rows = body[at].value.object {
            body[at].value = .object([JSONMember("$schema", ["type": "string"])] + rows + aliases(document))
        }
        members += body
        return .object(members)
    }

    /// Indented, with a line feed at the end: the file's text.
    public static func text(of document: ConfigurationDocument) -> String {
        JSONWriter.text(of: schema(document), .pretty) + "\n"
    }

    private static func node(_ node: KeyNode) -> [JSONMember] {
        if let index = node.key { return leaf(KeyTable.keys[index]) }
        if let each = node.each.first {
            let row = JSONValue.object(self.node(each))
            guard node.isArray else {
                return [
                    JSONMember("type", "object"),
                    JSONMember("propertyNames", ["pattern": .string(TextRule.symbol.pattern)]),
                    JSONMember("additionalProperties", row),
                ]
            }
            return [
                JSONMember("type", "array"), JSONMember("minItems", 1),
                JSONMember("maxItems", .integer(KeyTable.instrumentLimit)), JSONMember("items", row),
            ]
        }
        let properties = zip(node.names, node.children).map { JSONMember($0, .object(self.node($1))) }
        var members: [JSONMember] = [
            JSONMember("type", "object"), JSONMember("additionalProperties", false),
            JSONMember("properties", .object(properties)),
        ]
        let required = zip(node.names, node.children).filter { _, child in
            child.key.map { KeyTable.keys[$0].isRequired } ?? false
        }
        if !required.isEmpty { members.append(JSONMember("required", .array(required.map { .string($0.0) }))) }
        return members
    }

    private static func leaf(_ key: ConfigurationKey) -> [JSONMember] {
        var members = [JSONMember("description", .string(key.summary))]
        switch key.status {
        case .enforced, .later: members += type(of: key.kind)
        // Refused whatever it holds.
        case .laterLimit: members.append(JSONMember("not", [:]))
        }
        if let value = KeyDefaults.value(of: key) { members.append(JSONMember("default", value.json)) }
        members.append(JSONMember("x-fairlead-status", .string(key.status.name)))
        members.append(JSONMember("x-fairlead-change", .string(key.change.rawValue)))
        return members
    }

    private static func type(of kind: ConfigurationKind) -> [JSONMember] {
        switch kind {
        case .flag: return [JSONMember("type", "boolean")]
        case .count(let range):
            return [
                JSONMember("type", "integer"), JSONMember("minimum", .integer(range.lowerBound)),
                JSONMember("maximum", .integer(range.upperBound)),
            ]
        case .number(let unit, let range, let isAbove, _):
            return [
                JSONMember("type", "number"),
                JSONMember(isAbove ? "exclusiveMinimum" : "minimum", .number(DecimalText.text(raw: range.lowerBound))),
                JSONMember("maximum", .number(DecimalText.text(raw: range.upperBound))),
                JSONMember("x-fairlead-unit", .string(unit.rawValue)),
            ]
        case .money(let maximum, let isAbove):
            return [
                JSONMember("type", "number"), JSONMember(isAbove ? "exclusiveMinimum" : "minimum", 0),
                JSONMember("maximum", .number(maximum.description)), JSONMember("x-fairlead-unit", "money"),
            ]
        case .choice(let names): return [JSONMember("enum", .array(names.map(JSONValue.string)))]
        case .text(let rule):
            return [JSONMember("type", "string"), JSONMember("pattern", .string(rule.pattern))]
        case .texts(let rule, let limit):
            return [
                JSONMember("type", "array"), JSONMember("maxItems", .integer(limit)),
                JSONMember("uniqueItems", true),
                JSONMember("items", ["type": "string", "pattern": .string(rule.pattern)]),
            ]
        case .numbers(let unit, let range, _, let limit):
            return [
                JSONMember("type", "array"), JSONMember("maxItems", .integer(limit)),
                JSONMember(
                    "items",
                    [
                        "type": "number", "minimum": .number(DecimalText.text(raw: range.lowerBound)),
                        "maximum": .number(DecimalText.text(raw: range.upperBound)),
                    ]
                ),
                JSONMember("x-fairlead-unit", .string(unit.rawValue)),
            ]
        case .secret:
            return [JSONMember("type", "string"), JSONMember("pattern", "^(file|env|credential):.+$")]
        case .groups(let limit): return groups(limit)
        case .tree: return [JSONMember("type", ["object", "array"])]
        }
    }

    private static func groups(_ limit: Int) -> [JSONMember] {
        let group: [JSONMember] = [
            JSONMember("type", "object"), JSONMember("additionalProperties", false),
            JSONMember("required", ["max_nav_pct", "symbols"]),
            JSONMember(
                "properties",
                [
                    "max_nav_pct": .object(type(of: .fraction)),
                    "symbols": .object(
                        type(of: .texts(.symbol, limit: KeyTable.instrumentLimit)) + [JSONMember("minItems", 1)]
                    ),
                ]
            ),
        ]
        return [
            JSONMember("type", "object"), JSONMember("maxProperties", .integer(limit)),
            JSONMember("propertyNames", ["pattern": .string(TextRule.line.pattern)]),
            JSONMember("additionalProperties", .object(group)),
        ]
    }

    /// Names of the source systems, accepted with a warning.
    private static func aliases(_ document: ConfigurationDocument) -> [JSONMember] {
        func alias(_ name: String, _ target: String) -> JSONMember {
            JSONMember(name, ["deprecated": true, "$ref": .string(target)])
        }
        switch document {
        case .strategy:
            return [
                alias("router_max_spread_bps", "#/properties/router/properties/max_spread_bps"),
                alias(
                    "router_offset_spread_clamp_bps",
                    "#/properties/router/properties/offset_spread_clamp_bps"
                ),
            ]
        case .risk:
            return [
                alias("global", "#"), alias("per_symbol", "#/properties/symbols"),
                alias("trade_equity_nav_pct", "#/properties/max_trade_nav_pct"),
                alias("drawdown_alert_pct", "#/properties/dd_bands/properties/warn"),
                alias(
                    "symbol_notional_share_cap_pct",
                    "#/properties/symbols/additionalProperties/properties/max_nav_pct"
                ),
                JSONMember("reset_timezone", ["deprecated": true, "const": "UTC"]),
            ]
        case .runtime: return []
        }
    }
}

/// The defaults, read from the typed structs: they stand nowhere else.
enum KeyDefaults {
    private static let template: ConfigurationContent = {
        var content = ConfigurationContent()
        let terms = InstrumentTerms(
            tick: Price(raw: 1),
            lot: Quantity(raw: 1),
            minimumQuantity: Quantity(raw: 1),
            maximumQuantity: Quantity(raw: 1)
        )
        content.engine.add(Instrument(symbol: "SYM", terms: terms, origin: " "))
        let row = SyntheticSymbolConfiguration(symbol: "SYM", startPrice: Price(raw: 1))
        content.runtime.market.synthetic.symbols = [row]
        return content
    }()

    /// nil: off, or must be given, or follows from other keys.
    static func value(of key: ConfigurationKey) -> ConfigurationValue? {
        guard !key.isRequired, key.status == .enforced else { return nil }
        // Left out, this list means all instruments, whatever they are.
        if case .texts(.symbol, _) = key.kind { return nil }
        return key.read(template, 0)
    }
}
