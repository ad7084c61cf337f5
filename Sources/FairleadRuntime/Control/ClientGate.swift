import FairleadModel
import FairleadTransport
import NIOCore
import Synchronization

/// Admits at most so many clients of the control socket at a time, and keeps places beside them for those who want to
/// hold something back: observers that stay connected and ask nothing must not keep a person from `halt`.
///
/// Full: one more is given a reserved place, in which only `urgent` commands are carried out; any other line is
/// refused by name and ends the connection, and so does a silence of `patience`. With those full too, a client is told
/// why and its connection is closed. Each refusal is counted and told.
final class ClientGate: Sendable {
    /// Places beside the configured ones.
    static let reserved = 4
    /// How long a client in a reserved place may ask nothing.
    static let patience = TimeAmount.seconds(2)

    private let service: ControlService
    private let observer: Observer
    private let limit: Int
    // Changed on the control loop alone.
    private let ordinary = Atomic<Int>(0)
    private let urgent = Atomic<Int>(0)

    init(_ service: ControlService, _ observer: Observer, limit: Int) {
        self.service = service
        self.observer = observer
        self.limit = limit
    }

    /// On the control loop: the handler of a new connection.
    func open() -> LineConnection {
        if ordinary.load(ordering: .relaxed) < limit {
            ordinary.wrappingAdd(1, ordering: .relaxed)
            return LineConnection(receiver: OrdinaryPlace(self))
        }
        if urgent.load(ordering: .relaxed) < Self.reserved {
            urgent.wrappingAdd(1, ordering: .relaxed)
            return LineConnection(receiver: ReservedPlace(self))
        }
        return LineConnection(receiver: NoPlace(self))
    }

    /// What may be ordered from a reserved place: all of it takes risk away.
    static func isUrgent(_ command: ControlCommand) -> Bool {
        switch command {
        case .halt, .kill, .stopEntries, .cancelAll, .flatten: true
        case .status, .health, .orders, .positions, .fills, .resume, .cancel, .amend, .resolve, .pauseParent,
            .resumeParent, .cancelParent, .amendParent, .reconcile, .enableSymbol, .disableSymbol, .enableStrategy,
            .disableStrategy, .overrideLimit, .removeOverride, .overrides, .resetDrawdown, .confirmNav, .paperReset,
            .reload, .signal, .notices, .decidePosition:
            false
        }
    }

    /// Says why, and closes. The connection's place is free once it is closed.
    private func refuse(_ connection: LineConnection, id: JSONValue = .null) {
        observer.clientRefused("control.clients is \(limit): one more was refused")
        let message =
            "too many clients: control.clients is \(limit); halt, stop-entries and kill are let in all the same"
        ControlService.refuse(ControlError(.tooManyClients, message), id: id, connection)
        connection.close()
    }

    // MARK: - Places

    private final class OrdinaryPlace: LineReceiver {
        private let gate: ClientGate
        init(_ gate: ClientGate) { self.gate = gate }

        func opened(_ connection: LineConnection) {}
        func received(_ line: [UInt8], on connection: LineConnection) { gate.service.received(line, on: connection) }
        func writable(_ connection: LineConnection) { gate.service.writable(connection) }

        func closed(_ connection: LineConnection) {
            gate.ordinary.wrappingSubtract(1, ordering: .relaxed)
            gate.service.closed(connection)
        }
    }

    private final class ReservedPlace: LineReceiver {
        private let gate: ClientGate
        private let hasAsked = Atomic<Bool>(false)
        init(_ gate: ClientGate) { self.gate = gate }

        func opened(_ connection: LineConnection) {
            _ = gate.observer.loop.scheduleTask(in: ClientGate.patience) { [self] in
                if !hasAsked.load(ordering: .relaxed) { gate.refuse(connection) }
            }
        }

        func received(_ line: [UInt8], on connection: LineConnection) {
            hasAsked.store(true, ordering: .relaxed)
            do throws(ControlError) {
                let request = try ControlRequest.decode(line)
                guard ClientGate.isUrgent(request.command) else { return gate.refuse(connection, id: request.id) }
            } catch {
                return gate.refuse(connection, id: ControlService.identity(line))
            }
            gate.service.received(line, on: connection)
        }

        func writable(_ connection: LineConnection) {}

        func closed(_ connection: LineConnection) {
            hasAsked.store(true, ordering: .relaxed)
            gate.urgent.wrappingSubtract(1, ordering: .relaxed)
        }
    }

    private final class NoPlace: LineReceiver {
        private let gate: ClientGate
        init(_ gate: ClientGate) { self.gate = gate }

        func opened(_ connection: LineConnection) { gate.refuse(connection) }
        func received(_ line: [UInt8], on connection: LineConnection) {}
        func writable(_ connection: LineConnection) {}
        func closed(_ connection: LineConnection) {}
    }
}
