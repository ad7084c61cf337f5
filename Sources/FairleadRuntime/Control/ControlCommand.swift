public import FairleadModel

/// How an order that nobody knows the truth about is resolved by a person.
public enum Resolution: String, Sendable, CaseIterable {
    case dead
    case open
    case filled
}

/// What may be asked over the control socket. `docs/CONTROL.md` is the page of it, and a test holds them together.
public enum ControlCommand: Hashable, Sendable {
    case status
    case health
    case orders
    case positions
    /// The newest fills of this life of the engine, at most `limit`.
    case fills(limit: Int)
    case stopEntries
    case halt(isFrozen: Bool)
    case kill
    case resume
    case cancelAll(includesProtective: Bool)
    /// nil: all symbols.
    case flatten(symbol: String?)
    /// `isTrial`: says what it would do, and does nothing.
    case decidePosition(PositionRequest, isTrial: Bool)
    case cancel(ClientOrderID)
    /// Zero keeps what is.
    case amend(ClientOrderID, price: Price, quantity: Quantity)
    case resolve(ClientOrderID, Resolution)
    case pauseParent(ParentSubject)
    case resumeParent(ParentSubject)
    case cancelParent(ParentSubject)
    /// Zero keeps what is.
    case amendParent(ParentSubject, price: Price, quantity: Quantity)
    case reconcile
    case enableSymbol(String)
    /// nil: both directions.
    case disableSymbol(String, side: Side?)
    case enableStrategy(String)
    /// No entry of a strategy.
    case disableStrategy(String)
    /// `isTrial`: says what it would do, and does nothing.
    case overrideLimit(OverrideRequest, isTrial: Bool)
    case removeOverride(OverridableLimit, symbol: String?, strategy: String?)
    /// The overrides that stand.
    case overrides
    case resetDrawdown
    case confirmNav
    case paperReset
    case reload
    /// The signal's JSON text.
    case signal([UInt8])
    /// Streams the notices from now on, a line each.
    case notices

    /// The word on the wire.
    public var name: String {
        switch self {
        case .status: "status"
        case .health: "health"
        case .orders: "orders"
        case .positions: "positions"
        case .fills: "fills"
        case .stopEntries: "stop_entries"
        case .halt: "halt"
        case .kill: "kill"
        case .resume: "resume"
        case .cancelAll: "cancel_all"
        case .flatten: "flatten"
        case .decidePosition(let request, _):
            switch request.action {
            case .adopt: "adopt_position"
            case .close: "close_position"
            case .ignore: "ignore_position"
            }
        case .cancel: "cancel"
        case .amend: "amend"
        case .resolve: "resolve"
        case .pauseParent: "pause_parent"
        case .resumeParent: "resume_parent"
        case .cancelParent: "cancel_parent"
        case .amendParent: "amend_parent"
        case .reconcile: "reconcile"
        case .enableSymbol: "enable_symbol"
        case .disableSymbol: "disable_symbol"
        case .enableStrategy: "enable_strategy"
        case .disableStrategy: "disable_strategy"
        case .overrideLimit: "override_limit"
        case .removeOverride: "remove_override"
        case .overrides: "overrides"
        case .resetDrawdown: "reset_drawdown"
        case .confirmNav: "confirm_nav"
        case .paperReset: "paper_reset"
        case .reload: "reload"
        case .signal: "signal"
        case .notices: "notices"
        }
    }

    /// Every word, in the order of the page.
    public static let names = [
        "status", "health", "orders", "positions", "fills", "stop_entries", "halt", "kill", "resume", "cancel_all",
        "flatten", "adopt_position", "close_position", "ignore_position", "cancel", "amend", "resolve",
        "pause_parent", "resume_parent", "cancel_parent", "amend_parent", "reconcile", "enable_symbol",
        "disable_symbol", "enable_strategy", "disable_strategy", "override_limit", "remove_override", "overrides",
        "reset_drawdown", "confirm_nav", "paper_reset", "reload", "signal", "notices",
    ]
}

/// One line of a client: `{"id": 1, "command": "halt", "frozen": false}`.
public struct ControlRequest: Hashable, Sendable {
    /// Given back with the answer; null when absent.
    public var id: JSONValue
    public var command: ControlCommand

    public init(id: JSONValue = .null, _ command: ControlCommand) {
        self.id = id
        self.command = command
    }

    /// Fills listed when the request doesn't say, and at most.
    public static let fillLimit = 1_000

    /// The text of the request.
    public var line: [UInt8] {
        var members: [JSONMember] = []
        if !id.isNull { members.append(JSONMember("id", id)) }
        members.append(JSONMember("command", .string(command.name)))
        members += fields
        return JSONWriter.bytes(of: .object(members))
    }

    private var fields: [JSONMember] {
        switch command {
        case .status, .health, .orders, .positions, .stopEntries, .kill, .reconcile, .reload, .notices,
            .overrides:
            return []
        case .fills(let limit): return [JSONMember("limit", .integer(limit))]
        case .halt(let isFrozen): return isFrozen ? [JSONMember("frozen", true)] : []
        case .resume, .confirmNav, .resetDrawdown, .paperReset: return [JSONMember("confirm", true)]
        case .cancelAll(let includesProtective):
            return includesProtective ? [JSONMember("protective", true)] : []
        case .flatten(let symbol):
            return (symbol.map { [JSONMember("symbol", .string($0))] } ?? []) + [JSONMember("confirm", true)]
        case .decidePosition(let request, let isTrial):
            return request.fields + [JSONMember(isTrial ? "dry_run" : "confirm", true)]
        case .cancel(let order): return [JSONMember("order", .string(order.description))]
        case .amend(let order, let price, let quantity):
            return Self.amendment("order", order.description, price, quantity)
        case .pauseParent(let parent), .resumeParent(let parent), .cancelParent(let parent):
            return [JSONMember("parent", .string(parent.description))]
        case .amendParent(let parent, let price, let quantity):
            return Self.amendment("parent", parent.description, price, quantity)
        case .resolve(let order, let resolution):
            return [
                JSONMember("order", .string(order.description)), JSONMember("as", .string(resolution.rawValue)),
                JSONMember("confirm", true),
            ]
        case .enableSymbol(let symbol): return [JSONMember("symbol", .string(symbol)), JSONMember("confirm", true)]
        case .disableSymbol(let symbol, let side):
            let direction = side.map { [JSONMember("side", .string($0 == .buy ? "buy" : "sell"))] } ?? []
            return [JSONMember("symbol", .string(symbol))] + direction
        case .enableStrategy(let name):
            return [JSONMember("strategy", .string(name)), JSONMember("confirm", true)]
        case .disableStrategy(let name): return [JSONMember("strategy", .string(name))]
        case .overrideLimit(let request, let isTrial):
            return request.fields + [JSONMember(isTrial ? "dry_run" : "confirm", true)]
        case .removeOverride(let limit, let symbol, let strategy):
            return [JSONMember("rule", .string(limit.name))] + OverrideRequest.scope(symbol, strategy)
                + [JSONMember("confirm", true)]
        case .signal(let bytes):
            // A signal that is no JSON is sent as text, so that the engine counts and refuses it.
            do throws(JSONError) {
                return [JSONMember("signal", try JSONParser.parse(bytes))]
            } catch {
                return [JSONMember("signal", .string(String(decoding: bytes, as: UTF8.self)))]
            }
        }
    }

    private static func amendment(_ key: String, _ meant: String, _ price: Price, _ quantity: Quantity) -> [JSONMember]
    {
        var members = [JSONMember(key, .string(meant))]
        if price != .zero { members.append(JSONMember("price", .decimal(price))) }
        if quantity != .zero { members.append(JSONMember("quantity", .decimal(quantity))) }
        return members
    }
}
