import FairleadModel
import FairleadRuntime
import FairleadTransport

/// Asks a running engine over its control socket.
struct EngineClient {
    private let client: ControlClient

    /// Connects; a failure names the way out.
    init(_ place: PlaceOptions, timeoutMilliseconds: Int = 10_000) throws {
        try self.init(place.paths, flags: place.flags, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// `flags`: what a command that is shown must be given to mean the same engine.
    init(_ paths: HomePaths, flags: String, timeoutMilliseconds: Int) throws {
        do throws(UnixSocketError) {
            client = try ControlClient(path: paths.controlSocket, timeoutMilliseconds: timeoutMilliseconds)
            Output.detail("from the engine at \(paths.controlSocket)")
        } catch {
            switch error {
            case .notServed:
                throw CommandFailure(
                    .unavailable,
                    "no engine runs in \(paths.home) (\(error)); start one: \(Program.name) run\(flags)"
                )
            case .permissionDenied: throw CommandFailure(.permission, "\(error)")
            case .pathTooLong, .inUse, .notASocket, .closed, .timedOut, .tooLong, .system:
                throw CommandFailure(.failure, "\(error)")
            }
        }
    }

    /// nil when no engine runs there.
    static func ifRunning(_ place: PlaceOptions) throws -> EngineClient? {
        do {
            return try EngineClient(place)
        } catch let failure as CommandFailure where failure.status == .unavailable {
            return nil
        }
    }

    /// The result of a command; a refusal becomes this command's end.
    func ask(_ command: ControlCommand) throws -> JSONValue {
        let answer = try exchange { () throws(UnixSocketError) in
            try client.request(ControlRequest(command).line)
        }
        let value = try Self.parse(answer)
        guard value["ok"]?.bool == true else { throw Self.failure(value) }
        return value["result"] ?? .null
    }

    /// The next line of a stream; nil at its end.
    func next() throws -> JSONValue? {
        guard let line = try exchange({ () throws(UnixSocketError) in try client.receive() }) else { return nil }
        return try Self.parse(line)
    }

    private func exchange<Result>(_ body: () throws(UnixSocketError) -> Result) throws -> Result {
        do throws(UnixSocketError) { return try body() } catch {
            throw CommandFailure(.unavailable, "\(error)")
        }
    }

    private static func parse(_ line: [UInt8]) throws -> JSONValue {
        let limits = JSONLimits(bytes: 64 << 20, depth: 40, values: 1 << 20)
        do throws(JSONError) { return try JSONParser.parse(line, limits: limits) } catch {
            throw CommandFailure(.failure, "the engine's answer is no JSON: \(error)")
        }
    }

    private static func failure(_ answer: JSONValue) -> CommandFailure {
        let message = answer["error"]?["message"]?.string ?? "refused without a reason"
        let code = ControlError.Code(rawValue: answer["error"]?["code"]?.string ?? "")
        // The message of a signal names each field and reason itself.
        if code == .invalidSignal { return CommandFailure(.invalidInput, message) }
        let field = answer["error"]?["field"]?.string.map { "\($0): " } ?? ""
        let reason = answer["error"]?["reason"]?.string.map { "refused: \($0): " } ?? ""
        let status: ExitStatus =
            switch code {
            case .refused: .vetoed
            case .invalidSignal, .unknownSymbol, .unknownStrategy, .unknownOrder, .outOfRange, .wrongType,
                .missingField:
                .invalidInput
            case .invalidConfiguration: .invalidConfiguration
            case .busy, .journalUnavailable, .stopping: .unavailable
            case .malformed, .lineTooLong, .unknownCommand, .unknownField, .notConfirmed, .notWhileRunning, nil:
                .failure
            }
        return CommandFailure(status, reason + field + message)
    }
}
