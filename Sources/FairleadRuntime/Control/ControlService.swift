import FairleadConfiguration
import FairleadModel
import FairleadNode
import FairleadTransport
import NIOCore

/// Answers the lines of the control socket. Lives on the control loop; what concerns the engine hops to its loop.
///
/// Halt, kill and stop-entries store their word on the kill switch here, before anything waits in a queue: once the
/// answer is sent, no increasing order leaves any more, however busy the engine's loop is.
final class ControlService: Sendable {
    private let host: EngineHost
    private let observer: Observer
    private let files: ConfigurationFiles

    init(host: EngineHost, observer: Observer, files: ConfigurationFiles) {
        self.host = host
        self.observer = observer
        self.files = files
    }

    func received(_ line: [UInt8], on connection: LineConnection) {
        let request: ControlRequest
        do throws(ControlError) { request = try ControlRequest.decode(line) } catch {
            observer.requestRefused()
            return Self.refuse(error, id: Self.identity(line), connection)
        }
        let id = request.id
        switch request.command {
        case .halt(let isFrozen): engage(isFrozen ? [.halt, .frozen] : .halt, request, connection)
        case .kill: engage(.kill, request, connection)
        case .stopEntries: engage(.stopEntries, request, connection)
        case .fills(let limit): Self.answerFills(observer.newestFills(limit), id, connection)
        case .notices:
            Self.answer(["subscribed": "notices"], id, connection)
            observer.follow(connection)
        case .reload: reload(id, connection)
        case .signal(let bytes): submit(bytes, id, connection)
        case .status, .health, .orders, .positions, .resume, .cancelAll, .flatten, .cancel, .amend, .resolve,
            .reconcile, .enableSymbol, .disableSymbol, .enableStrategy, .disableStrategy, .overrideLimit,
            .removeOverride, .overrides, .resetDrawdown, .confirmNav, .paperReset, .pauseParent, .resumeParent,
            .decidePosition,
            .cancelParent, .amendParent:
            perform(request, connection)
        }
    }

    func writable(_ connection: LineConnection) {}
    func closed(_ connection: LineConnection) { observer.unfollow(connection) }

    // MARK: - Commands

    private func engage(_ bits: KillBits, _ request: ControlRequest, _ connection: LineConnection) {
        guard host.killSwitch.engage(bits) else {
            let reason = "engaged, but a write under way did not end: end the process"
            return Self.refuse(ControlError(.busy, reason), id: request.id, connection)
        }
        perform(request, connection)
    }

    private func perform(_ request: ControlRequest, _ connection: LineConnection) {
        let (host, loop, author) = (host, observer.loop, connection.peerUID)
        host.loop.execute {
            host.perform(request.command, author: author) { outcome in
                loop.execute {
                    switch outcome {
                    case .success(let value): Self.answer(value, request.id, connection)
                    case .failure(let error): Self.refuse(error, id: request.id, connection)
                    }
                }
            }
        }
    }

    private func submit(_ bytes: [UInt8], _ id: JSONValue, _ connection: LineConnection) {
        let (host, loop) = (host, observer.loop)
        host.loop.execute {
            host.submit(signal: bytes, source: .commandLine) { outcome in
                loop.execute { Self.answer(outcome, id, connection) }
            }
        }
    }

    private func reload(_ id: JSONValue, _ connection: LineConnection) {
        reload { outcome in
            switch outcome {
            case .success(let reload): Self.answer(reload.json, id, connection)
            case .failure(let fault): Self.refuse(ControlError(fault.code, "\(fault)"), id: id, connection)
            }
        }
    }

    /// Reads the files here and offers them to the engine; `answer` is called on the control loop.
    func reload(_ answer: @escaping @Sendable (Result<ConfigurationReload, ReloadFault>) -> Void) {
        let resolved: ResolvedConfiguration
        do throws(ConfigurationErrors) { resolved = try files.resolve() } catch {
            return answer(.failure(.invalid(error)))
        }
        let (host, loop) = (host, observer.loop)
        host.loop.execute {
            let outcome = host.reload(resolved)
            loop.execute { answer(outcome) }
        }
    }

    // MARK: - Answers

    private static func answer(_ result: JSONValue, _ id: JSONValue, _ connection: LineConnection) {
        connection.send(JSONWriter.bytes(of: ["id": id, "ok": true, "result": result]))
    }

    static func refuse(_ error: ControlError, id: JSONValue, _ connection: LineConnection) {
        connection.send(JSONWriter.bytes(of: ["id": id, "ok": false, "error": error.json]))
    }

    private static func answerFills(_ fills: [[UInt8]], _ id: JSONValue, _ connection: LineConnection) {
        var line = JSONWriter.bytes(of: ["id": id, "ok": true])
        line.removeLast()
        line += Array(",\"result\":{\"environment\":\"paper\",\"fills\":[".utf8)
        for (index, fill) in fills.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line += fill
        }
        line += Array("]}}".utf8)
        connection.send(line)
    }

    private static func answer(_ outcome: SignalAnswer, _ id: JSONValue, _ connection: LineConnection) {
        switch outcome {
        case .acknowledged(let record):
            answer(
                [
                    "disposition": .string(record.disposition.name), "signal": .string(record.number.description),
                    "intent_id": record.intent.isNone ? .null : .string(record.intent.description),
                    "reasons": .array(record.vetoes.all.map { .string($0.name) }),
                    "original": record.original == .none ? .null : .string(record.original.description),
                ],
                id,
                connection
            )
        case .received(let number):
            answer(["disposition": "received", "signal": .string(number.description)], id, connection)
        case .invalid(let error, _):
            refuse(ControlError(error), id: id, connection)
        case .journalUnavailable:
            refuse(ControlError(.journalUnavailable, "the journal takes no new signals"), id: id, connection)
        case .busy: refuse(ControlError(.busy, "too many signals wait; try again"), id: id, connection)
        }
    }

    /// The id of a line that is no request, so that its sender can tell which one it was.
    static func identity(_ line: [UInt8]) -> JSONValue {
        do throws(JSONError) {
            let id = try JSONParser.parse(line)["id"] ?? .null
            return id.string != nil || id.lexeme != nil ? id : .null
        } catch {
            return .null
        }
    }
}
