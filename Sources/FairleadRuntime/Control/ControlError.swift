public import FairleadModel

/// Why a request is not carried out, as the control socket tells it.
public struct ControlError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case malformed
        case lineTooLong = "line_too_long"
        case unknownCommand = "unknown_command"
        case missingField = "missing_field"
        case wrongType = "wrong_type"
        case outOfRange = "out_of_range"
        case unknownField = "unknown_field"
        case unknownSymbol = "unknown_symbol"
        case unknownStrategy = "unknown_strategy"
        case unknownOrder = "unknown_order"
        /// It needs `"confirm": true`.
        case notConfirmed = "not_confirmed"
        /// The engine had it and did not carry it out; `reason` says why.
        case refused
        case invalidSignal = "invalid_signal"
        case invalidConfiguration = "invalid_configuration"
        /// A queue is full; try again.
        case busy
        case journalUnavailable = "journal_unavailable"
        /// The engine doesn't do this while it runs.
        case notWhileRunning = "not_while_running"
        case stopping
        /// `control.clients` are connected; the connection ends.
        case tooManyClients = "too_many_clients"
    }

    public var code: Code
    public var message: String
    /// The field concerned: `request` where it is the line as a whole; empty when none is.
    public var field: String
    /// The name of the engine's reason, or of what is wrong with a signal's `field`; else empty.
    public var reason: String

    public init(_ code: Code, _ message: String, field: String = "", reason: String = "") {
        self.code = code
        self.message = message
        self.field = field
        self.reason = reason
    }

    /// Of a signal the first fault; the message tells all of them.
    public init(_ error: SignalError) {
        self.init(.invalidSignal, error.description, field: error.field, reason: error.reason.name)
    }

    public init(_ refusal: OperatorRefusal) {
        self.init(.refused, refusal.explanation, reason: refusal.name)
    }

    public var description: String { field.isEmpty ? message : "\(field): \(message)" }

    public var json: JSONValue {
        var members: [JSONMember] = [
            JSONMember("code", .string(code.rawValue)), JSONMember("message", .string(message)),
        ]
        if !field.isEmpty { members.append(JSONMember("field", .string(field))) }
        if !reason.isEmpty { members.append(JSONMember("reason", .string(reason))) }
        return .object(members)
    }
}
