import CPlatform
import Foundation
import Glibc

/// The built `fairlead` on a terminal of its own, with this test as the person in front of it.
final class PseudoTerminal {
    enum Fault: Error { case system(Int32) }

    private(set) var screen: TestScreen
    let process: pid_t
    private let master: Int32
    /// How the process ended, as `wait` tells it.
    private var ended: Int32?

    init(_ size: (columns: Int, rows: Int), _ words: [String], environment: [String: String] = [:]) throws {
        screen = TestScreen(columns: size.columns, rows: size.rows)
        var name = [CChar](repeating: 0, count: 128)
        // SAFETY: the pointer and the count name the whole array, which lives through the call.
        master = unsafe name.withUnsafeMutableBufferPointer { buffer in
            unsafe fairlead_pseudo_terminal_open(
                Int32(size.columns),
                Int32(size.rows),
                buffer.baseAddress,
                buffer.count
            )
        }
        guard master >= 0 else { throw Fault.system(-master) }
        var inherited = ProcessInfo.processInfo.environment
        inherited["TERM"] = "xterm-256color"
        inherited["NO_COLOR"] = nil
        // It would ask the person at the terminal what to do about a fault.
        inherited["SWIFT_BACKTRACE"] = "enable=no"
        inherited.merge(environment) { $1 }
        let path = CommandProcess.executable.path
        let variables = inherited.map { "\($0.key)=\($0.value)" }
        // SAFETY: the lists end with nil, their texts are terminated; all live through the call and are freed after it.
        let arguments: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + words).map { unsafe strdup($0) } + [nil]
        let settings: [UnsafeMutablePointer<CChar>?] = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + settings).forEach { unsafe free($0) } }
        process = unsafe fairlead_pseudo_terminal_spawn(name, path, arguments, settings)
        guard process > 0 else { throw Fault.system(-process) }
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if ended == nil {
            kill(process, SIGKILL)
            _ = waitpid()
        }
        close(master)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        // SAFETY: the pointer and the count name the whole array, which lives through the call.
        _ = unsafe bytes.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
    }

    /// The window gets another size; the process hears of it.
    func resize(_ size: (columns: Int, rows: Int)) {
        readAll()
        screen.resize(columns: size.columns, rows: size.rows)
        _ = fairlead_pseudo_terminal_resize(master, Int32(size.columns), Int32(size.rows))
    }

    func send(_ signal: Int32) { kill(process, signal) }

    /// Keys are given at once, and not shown.
    var isRaw: Bool { fairlead_terminal_is_raw(master) == 1 }

    /// Looks until `isDone`; false when it never was within 60 s.
    func wait(until isDone: (TestScreen) -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: 60)
        while Date() < deadline {
            readAll()
            if isDone(screen) { return true }
            usleep(20_000)
        }
        return false
    }

    /// The status that it exits with, or the negative of the signal that it dies of; nil when it lives on for 20 s.
    func end() -> Int32? {
        let deadline = Date(timeIntervalSinceNow: 20)
        while Date() < deadline {
            readAll()
            if waitpid(WNOHANG), let ended {
                readAll()
                return ended & 0x7F == 0 ? ended >> 8 & 0xFF : -(ended & 0x7F)
            }
            usleep(20_000)
        }
        return nil
    }

    private func waitpid(_ options: Int32 = 0) -> Bool {
        var status: Int32 = 0
        // SAFETY: the number is ours and lives through the call.
        guard unsafe Glibc.waitpid(process, &status, options) == process else { return false }
        ended = status
        return true
    }

    private func readAll() {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            // SAFETY: the pointer and the count name the whole array, which lives through the call.
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            screen.write(bytes.prefix(count))
        }
    }
}
