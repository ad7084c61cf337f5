import FairleadRuntime
import Foundation

/// Runs of this program in processes of their own, so many at a time.
struct WorkerPool {
    /// One run of the program, and where its words on stderr are kept while it is at work.
    struct Task {
        var words: [String]
        var directory: String
    }

    private struct Worker {
        var task: Int
        var process: Process
        var errors: String
    }

    private let jobs: Int
    private let stop: StopRequest
    private var workers: [Worker] = []
    /// How each task ended; nil where it ended well.
    private(set) var failures: [String?] = []

    init(jobs: Int, stop: StopRequest) {
        self.jobs = jobs
        self.stop = stop
    }

    /// Runs all. When it is asked to stop, what is at work is asked in turn and waited for, and nothing else begins.
    mutating func run(_ tasks: [Task]) throws {
        failures = [String?](repeating: nil, count: tasks.count)
        var progress = ProgressLine()
        var next = 0
        var isInterrupted = false
        while next < tasks.count || !workers.isEmpty {
            while !stop.isAsked, next < tasks.count, workers.count < jobs {
                try start(tasks[next], next)
                next += 1
            }
            if stop.isAsked {
                next = tasks.count
                if !isInterrupted { for worker in workers { worker.process.interrupt() } }
                isInterrupted = true
            }
            let done = next - workers.count
            progress.show(Double(done) / Double(max(1, tasks.count))) {
                "\(done) of \(tasks.count) runs, \(workers.count) at work"
            }
            for place in workers.indices.reversed() where !workers[place].process.isRunning {
                end(workers.remove(at: place))
            }
            if !workers.isEmpty { usleep(10_000) }
        }
        progress.clear()
    }

    private mutating func start(_ task: Task, _ index: Int) throws {
        let errors = HomePaths.under(task.directory, "stderr.txt")
        try OutputFile.write("", to: errors)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = task.words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do {
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
            try process.run()
        } catch {
            throw CommandFailure(.failure, "a run can't be started: \(error.localizedDescription)")
        }
        workers.append(Worker(task: index, process: process, errors: errors))
    }

    private mutating func end(_ worker: Worker) {
        worker.process.waitUntilExit()
        let status = worker.process.terminationStatus
        if worker.process.terminationReason == .exit, status == ExitStatus.success.rawValue {
            do { try FileManager.default.removeItem(atPath: worker.errors) } catch {
                Output.detail("\(worker.errors) stays: \(error.localizedDescription)")
            }
            return
        }
        let how = worker.process.terminationReason == .exit ? "exit \(status)" : "killed by signal \(status)"
        failures[worker.task] = how + Self.lastWords(worker.errors)
    }

    /// The first line that a dying process said, which names the reason; its trace follows it.
    private static func lastWords(_ path: String) -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else { return "" }
        let lines = String(decoding: bytes.prefix(65_536), as: UTF8.self).split(separator: "\n")
        let telling = lines.first { $0.contains("Fatal error") || $0.hasPrefix("fairlead:") } ?? lines.last
        return telling.map { ": " + LogLine.plain(String($0.prefix(300))) } ?? ""
    }
}
