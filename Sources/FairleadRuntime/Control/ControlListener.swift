import FairleadTransport
import Foundation
import NIOCore

/// The control socket of a run: listens, and listens anew where the socket's file was removed while the engine runs.
/// Without it nobody could halt an engine that trades on.
final class ControlListener: @unchecked Sendable {
    // Unchecked: the condition guards everything that changes.
    /// Between two looks at the file, in seconds.
    private static let period = 1.0

    private let path: String
    private let loop: any EventLoop
    private let gate: ClientGate
    private let tell: @Sendable (String, LogLevel) -> Void
    private let condition = NSCondition()
    private var listener: SocketListener
    private var isStopping = false
    private var fault = ""

    /// Called before any other thread makes files. `tell` gets what people should know, from the listener's thread.
    init(
        path: String,
        on loop: any EventLoop,
        _ gate: ClientGate,
        tell: @escaping @Sendable (String, LogLevel) -> Void
    ) throws(LiveError) {
        self.path = path
        self.loop = loop
        self.gate = gate
        self.tell = tell
        do { listener = try SocketListener.bind(path: path, on: loop) { gate.open() } } catch {
            throw LiveError(path, error)
        }
        let thread = Thread { [self] in watch() }
        thread.name = "control socket"
        thread.start()
    }

    /// Takes no more connections and removes the file. Connections that stand live on.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        isStopping = true
        condition.broadcast()
        listener.close()
    }

    private func watch() {
        condition.lock()
        defer { condition.unlock() }
        while !isStopping {
            _ = condition.wait(until: Date(timeIntervalSinceNow: Self.period))
            if !isStopping, !listener.isInPlace { renew() }
        }
    }

    /// The loop never waits for the condition, so that it can bind while this holds it.
    private func renew() {
        guard listener.isGone else {
            return note("\(path) is another file now: nobody can halt this engine before it is removed")
        }
        listener.abandon()
        do {
            let gate = gate
            listener = try SocketListener.bind(path: path, on: loop, masksFiles: false) { gate.open() }
            fault = ""
            tell("\(path) was removed; it is made anew", .warning)
        } catch {
            note("\(LiveError(path, error)); it was removed and can't be made anew: nobody can halt this engine")
        }
    }

    private func note(_ text: String) {
        if text != fault { tell(text, .error) }
        fault = text
    }
}
