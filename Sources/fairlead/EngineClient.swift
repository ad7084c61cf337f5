import FairleadModel
import FairleadRuntime
import FairleadTransport
import Glibc

/// Asks a running engine over its control socket.
struct EngineClient {
    /// How long one that only looks waits for an answer.
    static let readerPatience = 2_000

    private let client: ControlClient
    private let timeoutMilliseconds: Int
    /// What a command that is shown must be given to mean the same engine.
    private let flags: String

    /// How long an engine that holds the journal and is not to be found has to come back: it looks for its socket once
    /// a second.
    private static let comeback = Duration.milliseconds(2_500)

    /// Connects; a failure names the way out.
    init(_ place: PlaceOptions, timeoutMilliseconds: Int = 10_000) throws {
        try self.init(place.paths, flags: place.flags, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// `flags`: what a command that is shown must be given to mean the same engine.
    init(_ paths: HomePaths, flags: String, timeoutMilliseconds: Int) throws {
        self.timeoutMilliseconds = timeoutMilliseconds
        self.flags = flags
        client = try Self.connected(paths, flags, timeoutMilliseconds)
        Output.detail("from the engine at \(paths.controlSocket)")
    }

    private static func connected(
        _ paths: HomePaths,
        _ flags: String,
        _ timeoutMilliseconds: Int
    ) throws -> ControlClient {
        let deadline = ContinuousClock.now + comeback
        while true {
            do throws(UnixSocketError) {
                return try ControlClient(path: paths.controlSocket, timeoutMilliseconds: timeoutMilliseconds)
            } catch {
                switch error {
                case .notServed:
                    guard let holder = JournalPlace.holder(of: paths.journal) else {
                        throw absent(paths, flags, "\(error)")
                    }
                    guard ContinuousClock.now < deadline else { throw hidden(paths, holder) }
                    usleep(50_000)
                case .permissionDenied: throw CommandFailure(.permission, "\(error)")
                case .pathTooLong, .inUse, .notASocket, .closed, .timedOut, .tooLong, .system:
                    throw CommandFailure(.failure, "\(error)")
                }
            }
        }
    }

    private static func absent(_ paths: HomePaths, _ flags: String, _ reason: String) -> CommandFailure {
        let start = "start one: \(Program.name) run\(flags)"
        return CommandFailure(
            .unavailable,
            "no engine runs in \(paths.home) (\(reason))\(waiting(paths.home)); \(start)"
        )
    }

    /// It trades, for all that is known, and can't be asked.
    private static func hidden(_ paths: HomePaths, _ holder: JournalHolder) -> CommandFailure {
        let process = holder.process.map { "process \($0)" } ?? "a process"
        let end = holder.process.map { "kill -TERM \($0)" } ?? "SIGTERM"
        var failure = CommandFailure(
            .unavailable,
            "an engine runs (\(process) holds \(paths.journal)) and nobody answers at \(paths.controlSocket): it is "
                + "starting, or its socket was removed and it makes it anew. Try again; \(end) ends it as Ctrl-C does"
        )
        failure.isEngineHidden = true
        return failure
    }

    /// What the next start will engage; empty when nothing waits.
    private static func waiting(_ home: String) -> String {
        do throws(LiveError) {
            let names = EngageAtStart.text(try EngageAtStart(home: home).read())
            return names.isEmpty ? "" : "; \(names.joined(separator: ", ")) waits for the next start"
        } catch {
            return "; \(error)"
        }
    }

    /// nil when no engine runs there. Throws where one holds the journal and can't be asked.
    static func ifRunning(_ place: PlaceOptions, timeoutMilliseconds: Int = 10_000) throws -> EngineClient? {
        do {
            return try EngineClient(place, timeoutMilliseconds: timeoutMilliseconds)
        } catch let failure as CommandFailure where failure.status == .unavailable && !failure.isEngineHidden {
            return nil
        }
    }

    /// The result of a command; a refusal becomes this command's end.
    func ask(_ command: ControlCommand) throws -> JSONValue {
        do throws(UnixSocketError) { try client.send(ControlRequest(command).line) } catch {
            // Whoever is turned away was told why before the connection ended.
            if let told = try farewell() { throw Self.failure(told) }
            throw CommandFailure(.unavailable, "\(error)")
        }
        let answer: [UInt8]?
        do throws(UnixSocketError) { answer = try client.receive() } catch {
            guard case .timedOut = error else { throw CommandFailure(.unavailable, "\(error)") }
            throw unanswered(command, "no answer within \(timeoutMilliseconds) ms")
        }
        guard let answer else { throw unanswered(command, "the connection ended before an answer came") }
        let value = try Self.parse(answer)
        guard value["ok"]?.bool == true else { throw Self.failure(value) }
        return value["result"] ?? .null
    }

    /// What was said before the connection was closed; nil where that is nothing.
    private func farewell() throws -> JSONValue? {
        let line: [UInt8]?
        do throws(UnixSocketError) { line = try client.receive() } catch { return nil }
        return try line.map { try Self.parse($0) }
    }

    /// The next line of a stream; nil at its end.
    func next() throws -> JSONValue? {
        guard let line = try exchange({ () throws(UnixSocketError) in try client.receive() }) else { return nil }
        return try Self.parse(line)
    }

    /// Commands that change nothing.
    private static let looks: Set<String> = [
        "status", "health", "orders", "positions", "fills", "overrides", "notices",
    ]

    /// What was sent and not answered may be carried out later: an engine that stands still reads it when it goes on.
    private func unanswered(_ command: ControlCommand, _ reason: String) -> CommandFailure {
        let doctor = "\(Program.name) doctor\(flags)"
        var isLook = Self.looks.contains(command.name)
        if case .overrideLimit(_, let isTrial) = command { isLook = isTrial }
        if isLook { return CommandFailure(.unavailable, "\(client.path): \(reason); look: \(doctor)") }
        let look = "\(Program.name) status\(flags)"
        var failure = CommandFailure(.unavailable, "sent; \(reason): it may still be done. Look: \(look)")
        failure.mayBeDone = true
        return failure
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
            case .busy, .journalUnavailable, .stopping, .tooManyClients: .unavailable
            case .malformed, .lineTooLong, .unknownCommand, .unknownField, .notConfirmed, .notWhileRunning, nil:
                .failure
            }
        return CommandFailure(status, reason + field + message)
    }
}
