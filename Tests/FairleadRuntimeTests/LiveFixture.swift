import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import FairleadTransport
import Foundation

/// A directory of a test's own, removed with it.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fl-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("\(path) stays: \(error)") }
    }
}

/// A live engine on the demonstration's configuration, in a directory of its own, with small segments.
final class LiveFixture {
    let directory: TemporaryDirectory
    let files: ConfigurationFiles
    let paths: HomePaths
    private(set) var run: LiveRun?

    init(overrides: [ConfigurationOverride] = []) throws {
        directory = try TemporaryDirectory()
        let config = directory.path + "/config"
        try FileManager.default.createDirectory(atPath: config, withIntermediateDirectories: true)
        files = ConfigurationFiles(directory: config)
        for document in ConfigurationDocument.allCases {
            var text = InitialDocuments.text(of: document)
            text = text.replacingOccurrences(of: "\"segment_bytes\": 67108864", with: "\"segment_bytes\": 2097152")
            try Data(text.utf8).write(to: URL(fileURLWithPath: files.path(of: document)))
        }
        paths = HomePaths(try files.resolve(environment: [:]).runtime, home: directory.path + "/home")
        try start(overrides: overrides)
    }

    func start(
        overrides: [ConfigurationOverride] = [],
        signals: String? = nil,
        signalWait: Duration? = nil
    ) throws {
        let configuration = try files.resolve(environment: [:], overrides: overrides)
        var setup = LiveSetup(configuration: configuration, files: files, paths: paths)
        setup.showsEvents = false
        setup.signals = signals
        if let signalWait { setup.signalWait = signalWait }
        run = try LiveRun(setup)
    }

    @discardableResult
    func stop() -> String {
        defer { run = nil }
        return run?.stop() ?? ""
    }

    /// Sends one line and gives the answer.
    func ask(_ line: String) throws -> JSONValue {
        let client = try ControlClient(path: paths.controlSocket)
        return try JSONParser.parse(try client.request(Array(line.utf8)), limits: JSONLimits(bytes: 1 << 24))
    }

    func ask(_ command: ControlCommand) throws -> JSONValue {
        try ask(String(decoding: ControlRequest(command).line, as: UTF8.self))["result"] ?? .null
    }

    /// Looks until `isDone`, at most `seconds`; false when it never was.
    func waitUntil(seconds: Double = 60, _ isDone: () throws -> Bool) rethrows -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            if try isDone() { return true }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return false
    }

    deinit { stop() }
}
