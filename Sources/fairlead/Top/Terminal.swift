internal import CPlatform
import FairleadRuntime
import Glibc

/// The terminal as a whole screen: raw keys, the alternate screen, no cursor. There is one; it is given back by
/// `close`, and also when the process dies of a fault.
struct Terminal {
    private let input: Int32
    private let output: Int32
    private let signals: Int32

    /// What there is to look at.
    struct News {
        var hasKeys = false
        var hasSignal = false
        /// Of the descriptor that was given.
        var hasMore = false
    }

    /// Call before any other thread is made: all must have the signals blocked.
    init(input: Int32, output: Int32) throws(CommandFailure) {
        self.input = input
        self.output = output
        signals = fairlead_screen_signals()
        if signals < 0 { throw Self.failure("the signals can't be watched", signals) }
        let result = fairlead_screen_open(input, output)
        if result < 0 { throw Self.failure("the terminal can't be taken", result) }
    }

    /// Harmless when it is closed already.
    func close() { fairlead_screen_close() }

    /// After the process was stopped and goes on: the shell had the terminal meanwhile.
    func takeAgain() { _ = fairlead_screen_open(input, output) }

    var size: ScreenSize { Self.size(of: output) ?? .usual }

    /// nil where it is no terminal, or one that doesn't say.
    static func size(of descriptor: Int32) -> ScreenSize? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        // SAFETY: both are ours and live through the call.
        guard unsafe fairlead_terminal_size(descriptor, &columns, &rows) == 0 else { return nil }
        return ScreenSize(columns: Int(columns), rows: Int(rows))
    }

    /// False when the terminal is gone.
    func write(_ text: String) -> Bool { Descriptor.write(Array(text.utf8), to: output) }

    /// Waits for keys, a signal, or something on `other`.
    func wait(or other: Int32, milliseconds: Int32) -> News {
        let found = fairlead_screen_wait(input, signals, other, milliseconds)
        guard found > 0 else { return News() }
        return News(hasKeys: found & 1 != 0, hasSignal: found & 2 != 0, hasMore: found & 4 != 0)
    }

    /// The bytes that were typed; empty when the terminal is gone.
    func keys() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        // SAFETY: the pointer and the count name the whole array, which lives through the call.
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(input, buffer.baseAddress, buffer.count)
        }
        return Array(bytes.prefix(max(0, count)))
    }

    /// The number of the signal that came; nil when none has.
    func signal() -> Int32? {
        let number = fairlead_screen_take_signal(signals)
        return number > 0 ? number : nil
    }

    private static func failure(_ what: String, _ result: Int32) -> CommandFailure {
        // SAFETY: the system's text of an error number is terminated and outlives the copy that is made here.
        let reason = unsafe String(cString: strerror(-result))
        return CommandFailure(.failure, "\(what): \(reason); fairlead top --once needs none")
    }
}

/// A counter that one thread signals and another waits for by its descriptor.
final class WakeUp: Sendable {
    let descriptor: Int32

    init() {
        descriptor = fairlead_eventfd_create()
        precondition(descriptor >= 0, "Invariant: the system has a descriptor left")
    }

    deinit { fairlead_close(descriptor) }

    func signal() { _ = fairlead_eventfd_signal(descriptor) }

    /// Waits at most so long; true when it was signalled since.
    @discardableResult
    func wait(milliseconds: Int32) -> Bool { fairlead_eventfd_wait(descriptor, milliseconds) == 1 }
}
