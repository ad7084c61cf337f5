import FairleadModel
import Foundation
import Testing

/// The built `fairlead` in processes of its own, over a directory that is removed at the end.
final class CommandProcess {
    let directory: String
    private var running: [Process] = []

    /// Beside the tests' own executable.
    static let executable: URL = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("fairlead")
    }()

    init() throws {
        directory = NSTemporaryDirectory() + "fl-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        #expect(try run("init", "--config", path("config")).status == 0)
    }

    deinit {
        for process in running where process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        do { try FileManager.default.removeItem(atPath: directory) } catch { print("\(directory) stays: \(error)") }
    }

    func path(_ name: String) -> String { directory + "/" + name }

    /// Replaces texts in one of the configuration's documents.
    func configure(_ document: String, _ changes: [(String, String)], config: String = "config") throws {
        let file = URL(fileURLWithPath: path("\(config)/\(document).json"))
        var text = try String(contentsOf: file, encoding: .utf8)
        for (old, new) in changes {
            #expect(text.contains(old), "\(document) has no \(old)")
            text = text.replacingOccurrences(of: old, with: new)
        }
        try Data(text.utf8).write(to: file)
    }

    func start(_ words: [String]) throws -> Process {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = words
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        running.append(process)
        return process
    }

    func run(_ words: String..., input: String = "") throws -> (status: Int32, output: String, errors: String) {
        try run(words: words, input: input)
    }

    func run(words: [String], input: String = "", program: URL = executable) throws
        -> (status: Int32, output: String, errors: String)
    {
        let process = Process()
        process.executableURL = program
        process.arguments = words
        let name = UUID().uuidString
        let files = ["in", "out", "err"].map { URL(fileURLWithPath: path("\(name).\($0)")) }
        try Data(input.utf8).write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        let texts = try files.dropFirst().map { try String(contentsOf: $0, encoding: .utf8) }
        return (process.terminationStatus, texts[0], texts[1])
    }

    func json(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8), limits: JSONLimits(bytes: 64 << 20, depth: 40, values: 1 << 20))
    }

    func status(_ home: String) throws -> JSONValue {
        let found = try run("status", "--home", path(home), "--config", path("config"), "--json")
        return found.output.isEmpty ? .null : try json(found.output)
    }

    /// Looks until `isDone`; false when it never was within so many seconds.
    func waitUntil(within seconds: Double = 60, _ isDone: () throws -> Bool) rethrows -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            if try isDone() { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return false
    }

    func end(_ process: Process, _ signal: Int32) {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }
}
