import FairleadModel
import FairleadSimulation
import Glibc

/// A range of seeds in processes of their own: one that traps takes only itself down, is told by its seed, and the run
/// goes on after it.
struct SeedWorkers {
    /// What one seed said: its line, or how its process ended.
    enum Outcome {
        case line(String)
        case trapped(UInt64, String)
    }

    /// Owns its pipe until `pclose`.
    @safe private struct Worker {
        var pipe: UnsafeMutablePointer<FILE>
        /// Seeds of this worker that have not spoken.
        var next: UInt64
        var last: UInt64
        var text: [UInt8] = []
        /// What is neither of ours: the words of a process that dies.
        var stray: [String] = []
    }

    private let arguments: Arguments
    private var ranges: [(UInt64, UInt64)]
    private var workers: [Worker] = []

    init(_ arguments: Arguments) {
        self.arguments = arguments
        // Small pieces, so that all jobs end together.
        let count = arguments.last - arguments.first + 1
        let size = max(1, min(50, count / UInt64(arguments.jobs)))
        ranges = []
        var first = arguments.first
        while first <= arguments.last {
            let last = min(arguments.last, first + size - 1)
            ranges.append((first, last))
            if last == UInt64.max { break }
            first = last + 1
        }
        ranges.reverse()
    }

    /// Runs all; `body` sees the outcomes as they come.
    mutating func run(_ body: (Outcome) -> Void) {
        while fill() {
            var waiting: [pollfd] = []
            for worker in workers {
                // SAFETY: the pipe is open as long as its worker is in the list.
                let descriptor = unsafe fileno(worker.pipe)
                waiting.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            }
            // SAFETY: the array outlives the call, and its count is its own.
            let ready = unsafe poll(&waiting, nfds_t(waiting.count), -1)
            guard ready > 0 else { continue }
            for place in waiting.indices.reversed() where waiting[place].revents != 0 { read(place, body) }
        }
    }

    /// Starts workers while there is something to do. False when all is done.
    private mutating func fill() -> Bool {
        while workers.count < arguments.jobs, let range = ranges.popLast() {
            let words = arguments.words(from: range.0, through: range.1).map { "'\($0)'" }.joined(separator: " ")
            // The program itself; its errors come by the same pipe.
            // SAFETY: both texts live through the call; the pipe is closed once, when its worker ends.
            guard let pipe = unsafe popen("exec /proc/\(getpid())/exe \(words) 2>&1", "r") else { continue }
            unsafe workers.append(Worker(pipe: pipe, next: range.0, last: range.1))
        }
        return !workers.isEmpty
    }

    private mutating func read(_ place: Int, _ body: (Outcome) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // SAFETY: the pipe is open as long as its worker is in the list.
        let descriptor = unsafe fileno(workers[place].pipe)
        // SAFETY: the buffer has room for what is asked, and the pointer stays in the closure.
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            workers[place].text += buffer[..<count]
            takeLines(place, body)
            return
        }
        let worker = workers.remove(at: place)
        // SAFETY: taken out of the list, so that nobody uses it again.
        _ = unsafe pclose(worker.pipe)
        guard worker.next <= worker.last else { return }
        let rest = String(decoding: worker.text, as: UTF8.self)
        body(.trapped(worker.next, (worker.stray + [rest]).joined(separator: "\n")))
        if worker.next < worker.last { ranges.append((worker.next + 1, worker.last)) }
    }

    private mutating func takeLines(_ place: Int, _ body: (Outcome) -> Void) {
        while let end = workers[place].text.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: workers[place].text[..<end], as: UTF8.self)
            workers[place].text.removeSubrange(...end)
            if line.hasPrefix("{\"seed\":") {
                workers[place].next += 1
                workers[place].stray = []
                body(.line(line))
            } else if workers[place].stray.count < 60 {
                workers[place].stray.append(line)
            }
        }
    }
}
