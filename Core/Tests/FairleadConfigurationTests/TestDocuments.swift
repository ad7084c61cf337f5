import FairleadModel

@testable import FairleadConfiguration

/// The three documents as JSON values that a test changes before they are resolved.
struct TestDocuments {
    private(set) var values: [JSONValue]

    /// The demo's documents.
    init() throws {
        values = try Self.demonstration.get()
    }

    private static let demonstration = Result {
        try ConfigurationDocument.allCases.map { try JSONParser.parse(InitialDocuments.text(of: $0)) }
    }

    /// One instrument, nothing else: the smallest configuration that resolves.
    static func smallest() throws -> TestDocuments {
        var documents = try TestDocuments()
        let tapes = """
            {"instruments": [{"symbol": "BTCUSDT", "tick": 0.1, "lot": 0.001, "min_quantity": 0.001,
            "max_quantity": 1000, "origin": "test", "date": "2024-08-08"}],
            "market": {"source": "tape", "tapes": ["a.gz"]}}
            """
        documents.values = [.object([]), .object([]), try JSONParser.parse(tapes)]
        return documents
    }

    static func index(_ document: ConfigurationDocument) -> Int {
        switch document {
        case .strategy: 0
        case .risk: 1
        case .runtime: 2
        }
    }

    subscript(document: ConfigurationDocument) -> JSONValue {
        get { values[Self.index(document)] }
        set { values[Self.index(document)] = newValue }
    }

    /// The value at a path like `symbols.BTCUSDT.max_nav_pct` or `instruments[0].tick`; nil removes it.
    mutating func set(_ document: ConfigurationDocument, _ path: String, _ value: JSONValue?) {
        let steps = path.split { $0 == "." || $0 == "[" || $0 == "]" }.map(String.init)
        values[Self.index(document)] = Self.replaced(self[document], steps[...], value) ?? .null
    }

    private static func replaced(_ json: JSONValue, _ steps: ArraySlice<String>, _ value: JSONValue?) -> JSONValue? {
        guard let first = steps.first else { return value }
        if case .array(var elements) = json, let index = Int(first), elements.indices.contains(index) {
            elements[index] = replaced(elements[index], steps.dropFirst(), value) ?? .null
            return .array(elements)
        }
        var members = json.object ?? []
        let at = members.firstIndex { $0.key == first }
        let inner: JSONValue? = replaced(at.map { members[$0].value } ?? .object([]), steps.dropFirst(), value)
        switch (at, inner) {
        case (let at?, let inner?): members[at].value = inner
        case (let at?, nil): members.remove(at: at)
        case (nil, let inner?): members.append(JSONMember(first, inner))
        case (nil, nil): break
        }
        return .object(members)
    }

    var documents: ConfigurationDocuments {
        ConfigurationDocuments(
            strategy: JSONWriter.bytes(of: values[0]),
            risk: JSONWriter.bytes(of: values[1]),
            runtime: JSONWriter.bytes(of: values[2])
        )
    }

    func resolve(_ environment: [String: String] = [:], _ overrides: [ConfigurationOverride] = [])
        -> Result<ResolvedConfiguration, ConfigurationErrors>
    {
        ConfigurationDecoder.resolve(parsed: values, environment: environment, overrides: overrides)
    }

    /// The errors, empty where it resolves.
    func errors(_ environment: [String: String] = [:], _ overrides: [ConfigurationOverride] = [])
        -> [ConfigurationError]
    {
        switch resolve(environment, overrides) {
        case .success: []
        case .failure(let errors): errors.list
        }
    }
}

extension ConfigurationKind {
    /// Values that the key takes, among them its bounds.
    var goodValues: [JSONValue] {
        switch self {
        case .flag: return [true, false]
        case .count(let range): return [.integer(range.lowerBound), .integer(range.upperBound)]
        case .number(_, let range, let isAbove, let step):
            let low = isAbove ? range.lowerBound + step : range.lowerBound
            return [low, range.upperBound].map { .number(DecimalText.text(raw: $0)) }
        case .money(let maximum, let isAbove):
            return [isAbove ? .number("0.0000000000000001") : .number("0"), .number(maximum.description)]
        case .choice(let names): return names.map(JSONValue.string)
        case .text(let rule):
            switch rule {
            case .symbol: return ["BTCUSDT", "ETH-PERP_2.X"]
            case .path: return ["/var/run/x.sock"]
            case .date: return ["2024-02-29"]
            case .line: return ["a line, with: signs"]
            case .currency: return ["USDC"]
            case .minute: return ["13:05"]
            }
        case .texts(let rule, _): return [[], .array(Array(ConfigurationKind.text(rule).goodValues.prefix(1)))]
        case .numbers(_, let range, _, _):
            let bounds = [range.lowerBound, range.upperBound].map { JSONValue.number(DecimalText.text(raw: $0)) }
            return [[], .array(bounds)]
        case .secret: return ["file:/etc/key", "env:KEY", "credential:binance-key"]
        case .groups: return [[:], ["majors": ["max_nav_pct": 1, "symbols": ["BTCUSDT", "ETHUSDT"]]]]
        case .tree: return [["a": 1], [1, 2]]
        }
    }

    /// Values of another type.
    var mistypedValues: [JSONValue] {
        let all: [JSONValue] = [true, "text", 7, .number("1e3"), [7], ["a": 7], .null]
        switch self {
        case .flag: return all.filter { $0.bool == nil }
        case .count: return all.filter { $0.integer == nil } + [.number("1.5"), .number("1.0"), "7"]
        case .number, .money: return all.filter { $0.lexeme != "7" } + ["7", .number("0.12345678901234567")]
        case .choice, .text, .secret: return all.filter { $0.string == nil }
        case .texts: return all.filter { $0.array == nil } + [[7], [.null]]
        case .numbers: return all.filter { $0.array == nil } + [["7"], [.null]]
        case .groups: return all.filter { $0.object == nil } + [["a": 7]]
        case .tree: return all.filter { $0.array == nil && $0.object == nil }
        }
    }

    /// Values of the type that the key does not take.
    var excessiveValues: [JSONValue] {
        switch self {
        case .flag, .tree: return []
        case .count(let range):
            let above: [JSONValue] =
                range.upperBound == Int64.max ? [.number("9223372036854775808")] : [.integer(range.upperBound + 1)]
            return above + [.integer(range.lowerBound - 1)]
        case .number(_, let range, let isAbove, let step):
            return [range.upperBound + step, isAbove ? range.lowerBound : range.lowerBound - step].map {
                .number(DecimalText.text(raw: $0))
            }
        case .money(_, let isAbove): return [.number("1000000000000001"), .number(isAbove ? "0" : "-1")]
        case .choice: return ["", "no such word"]
        case .text(let rule):
            return ["", "\u{7}"] + (rule == .date ? ["2023-02-29", "2024-2-9"] : [])
                + (rule == .minute ? ["24:00", "9:30", "09:60", "09-30", "09:3x"] : [])
        case .texts(let rule, let limit):
            let many = (0...limit).map { JSONValue.string("\(rule == .symbol ? "S" : "s")\($0)") }
            return [[""], .array(many)] + (ConfigurationKind.text(rule).goodValues.first.map { [[$0, $0]] } ?? [])
        case .numbers(_, let range, let step, let limit):
            let ends = [range.upperBound + step, range.lowerBound - step].map { DecimalText.text(raw: $0) }
            let many = JSONValue.array((0...limit).map { _ in .number("0") })
            return ends.map { [.number($0)] } + [many, [2, 1]]
        case .groups(let limit):
            let group: JSONValue = ["max_nav_pct": 1, "symbols": ["BTCUSDT"]]
            let many = (0...limit).map { JSONMember("g\($0)", group) }
            return [
                .object(many), ["": group], ["a": [:]], ["a": ["max_nav_pct": 1]], ["a": ["symbols": ["BTCUSDT"]]],
                ["a": ["max_nav_pct": 2, "symbols": ["BTCUSDT"]]], ["a": ["max_nav_pct": 0, "symbols": ["BTCUSDT"]]],
                ["a": ["max_nav_pct": 1, "symbols": []]],
                ["a": ["max_nav_pct": 1, "symbols": ["BTCUSDT", "BTCUSDT"]]],
                ["a": ["max_nav_pct": 1, "symbols": ["BTCUSDT"], "cap": 1]],
            ]
        case .secret: return ["hunter2hunter2", "file:", "env:no name"]
        }
    }
}
