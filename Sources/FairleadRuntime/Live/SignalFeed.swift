import FairleadModel
import Foundation
import Glibc
import Synchronization

/// Follows a file of signals, or standard input: one JSON object a line, each handed on in order.
///
/// A file is read from its start at each run (what was seen before is acknowledged as a duplicate) and then followed as
/// it grows. At most `inFlightLimit` signals wait for their answers: the reader waits, nothing is dropped.
final class SignalFeed: @unchecked Sendable {
    // Unchecked: the condition guards the count; the rest belongs to the thread.
    static let inFlightLimit = 256
    /// A longer line is handed on cut, so that the engine refuses and counts it.
    private static let lineLimit = SignalLimits.signal + 1

    private let descriptor: Int32
    private let source: SignalSource
    private let condition = NSCondition()
    private var inFlight = 0
    private let isStopping = Atomic<Bool>(false)
    private let submit: @Sendable ([UInt8], SignalSource, @escaping @Sendable () -> Void) -> Void

    /// nil when the file can't be opened.
    init?(
        path: String,
        submit: @escaping @Sendable ([UInt8], SignalSource, @escaping @Sendable () -> Void) -> Void
    ) {
        if path == "-" {
            descriptor = STDIN_FILENO
            source = .standardInput
        } else {
            // SAFETY: the path is a terminated text for the call.
            descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            source = .file
        }
        self.submit = submit
        guard descriptor >= 0 else { return nil }
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "signals"
        thread.start()
    }

    func stop() { isStopping.store(true, ordering: .relaxed) }

    private func run() {
        var pending: [UInt8] = []
        var isCut = false
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while !isStopping.load(ordering: .relaxed) {
            // SAFETY: the pointer and the count name the whole array, which lives through the call.
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            if count <= 0 {
                if source == .standardInput, count == 0 { break }
                Thread.sleep(forTimeInterval: 0.1)
                continue
            }
            for byte in chunk[0..<count] {
                if byte == 0x0A {
                    hand(pending)
                    pending.removeAll(keepingCapacity: true)
                    isCut = false
                } else if pending.count < Self.lineLimit {
                    pending.append(byte)
                } else {
                    isCut = true
                }
            }
        }
        if !pending.isEmpty, source == .standardInput || isCut { hand(pending) }
    }

    private func hand(_ line: [UInt8]) {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        condition.lock()
        while inFlight >= Self.inFlightLimit { condition.wait() }
        inFlight += 1
        condition.unlock()
        submit(line, source) { [self] in
            condition.lock()
            inFlight -= 1
            condition.signal()
            condition.unlock()
        }
    }
}
