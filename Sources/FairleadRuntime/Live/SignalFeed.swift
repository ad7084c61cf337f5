import FairleadModel
import Foundation
import Glibc
import Synchronization

/// Follows a file of signals, or standard input: one JSON object a line, each handed on in order.
///
/// A file is read from its start at each run (what was seen before is acknowledged as a duplicate) and then followed as
/// it grows, also when another takes its name or it is cut. A last line without its end is handed on once the file has
/// rested, and at the stop. At most `inFlightLimit` signals wait for their answers: the reader waits. What is dropped
/// all the same is counted and told.
final class SignalFeed: @unchecked Sendable {
    // Unchecked: the condition guards the counts, `isStarted` and `hasEnded`; the rest belongs to the thread.
    static let inFlightLimit = 256
    /// How long a file rests before a line without an end counts as whole.
    static let rest = Duration.seconds(1)
    /// A longer line is handed on cut, so that the engine refuses and counts it.
    private static let lineLimit = SignalLimits.signal + 1
    private static let pauseMilliseconds: Int32 = 100

    /// Hands a line on; the last argument is called once, with false when nobody took it.
    typealias Submit = @Sendable ([UInt8], SignalSource, @escaping @Sendable (Bool) -> Void) -> Void

    let path: String
    private let source: SignalSource
    private var descriptor: Int32
    private var pending: [UInt8] = []
    private var isCut = false
    private var grewAt = ContinuousClock.now
    /// Another file was seen under the name; what still came into the old one is read first.
    private var isReplaced = false
    private let condition = NSCondition()
    private var inFlight = 0
    private var refused = 0
    private var isStarted = false
    private var hasEnded = false
    private let isStopping = Atomic<Bool>(false)
    private let submit: Submit
    private let tell: @Sendable (String, LogLevel) -> Void

    /// nil when the file can't be opened. `tell` gets what people should know, from the feed's thread.
    init?(path: String, tell: @escaping @Sendable (String, LogLevel) -> Void, submit: @escaping Submit) {
        self.path = path
        self.submit = submit
        self.tell = tell
        if path == "-" {
            descriptor = STDIN_FILENO
            source = .standardInput
        } else {
            descriptor = Self.opened(path)
            source = .file
        }
        guard descriptor >= 0 else { return nil }
    }

    /// A named pipe is opened without waiting for its writer, who may come later.
    private static func opened(_ path: String) -> Int32 {
        // SAFETY: the path is a terminated text for the call.
        unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    }

    /// Throws for what could not be read, before anything is made for a run. Opens nothing: the writer of a named pipe
    /// would take that for its reader.
    static func check(_ path: String) throws(LiveError) {
        if path == "-" { return }
        var status = stat()
        // SAFETY: the path is a terminated text for the call, and the structure is ours.
        guard unsafe stat(path, &status) == 0, unsafe access(path, R_OK) == 0 else {
            switch errno {
            case EACCES, EPERM: throw .permission("\(path): can't be read: permission denied")
            case ENOENT: throw .input("\(path): there is no such file of signals")
            default: throw .input("\(path): can't be read (error \(errno))")
            }
        }
        if status.st_mode & S_IFMT == S_IFDIR { throw .input("\(path): a directory is no file of signals") }
    }

    /// Begins to read, once; never after a stop.
    func start() {
        condition.lock()
        defer { condition.unlock() }
        guard !isStarted, !isStopping.load(ordering: .sequentiallyConsistent) else { return }
        isStarted = true
        let thread = Thread { [self] in run() }
        thread.name = "signals"
        thread.start()
    }

    /// False while nothing of it was read.
    var hasStarted: Bool {
        condition.lock()
        defer { condition.unlock() }
        return isStarted
    }

    /// Stops reading, hands on what was read, and waits for the answers. Gives how many lines nobody took, of the whole
    /// run: those that were refused, and those without an answer in time.
    func stop(within seconds: Double) -> Int {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        condition.broadcast()
        while isStarted && !hasEnded || inFlight > 0, condition.wait(until: deadline) {}
        return refused + inFlight
    }

    // MARK: - Reading

    private func run() {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        reading: while !isStopping.load(ordering: .relaxed) {
            switch next(&chunk) {
            case .bytes(let count): take(chunk[0..<count])
            case .nothing: continue
            case .end:
                if source == .standardInput { break reading }
                restAtTheEnd()
            case .failed(let code):
                tell("\(name) can't be read any more (error \(code)): nothing is taken from there", .error)
                break reading
            }
        }
        handPending()
        condition.lock()
        hasEnded = true
        condition.broadcast()
        condition.unlock()
    }

    private enum Found {
        case bytes(Int)
        case nothing
        case end
        case failed(Int32)
    }

    private func next(_ chunk: inout [UInt8]) -> Found {
        // A pipe may be silent for long: the stop must not wait for it.
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // SAFETY: one entry, which is ours and lives through the call.
        if unsafe poll(&wanted, 1, Self.pauseMilliseconds) <= 0 { return .nothing }
        // SAFETY: the pointer and the count name the whole array, which lives through the call.
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        return errno == EINTR || errno == EAGAIN ? .nothing : .failed(errno)
    }

    private func take(_ bytes: ArraySlice<UInt8>) {
        grewAt = .now
        for byte in bytes {
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

    private func restAtTheEnd() {
        if ContinuousClock.now - grewAt >= Self.rest { handPending() }
        follow()
        Thread.sleep(forTimeInterval: Double(Self.pauseMilliseconds) / 1000)
    }

    /// Goes on with the file that has the name now, from its start; with the same file from its start where it was cut.
    private func follow() {
        var (ours, there) = (stat(), stat())
        // SAFETY: both are ours, and the path is a terminated text for the call.
        guard unsafe fstat(descriptor, &ours) == 0, unsafe stat(path, &there) == 0 else { return }
        if ours.st_ino != there.st_ino || ours.st_dev != there.st_dev {
            guard isReplaced else { return isReplaced = true }
            let other = Self.opened(path)
            guard other >= 0 else { return }
            handPending()
            _ = close(descriptor)
            descriptor = other
            isReplaced = false
            tell("\(name) is another file now: read from its start", .info)
        } else if ours.st_mode & S_IFMT == S_IFREG, lseek(descriptor, 0, SEEK_CUR) > ours.st_size {
            handPending()
            _ = lseek(descriptor, 0, SEEK_SET)
            tell("\(name) was cut: read from its start", .info)
        }
    }

    /// As people are told of it.
    var name: String { source == .standardInput ? "standard input" : path }

    // MARK: - Handing on

    private func handPending() {
        if !pending.isEmpty { hand(pending) }
        pending.removeAll(keepingCapacity: true)
        isCut = false
    }

    private func hand(_ line: [UInt8]) {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        condition.lock()
        while inFlight >= Self.inFlightLimit, !isStopping.load(ordering: .relaxed) { condition.wait() }
        inFlight += 1
        condition.unlock()
        submit(line, source) { [self] isTaken in
            condition.lock()
            inFlight -= 1
            if !isTaken { refused += 1 }
            condition.broadcast()
            condition.unlock()
        }
    }
}
