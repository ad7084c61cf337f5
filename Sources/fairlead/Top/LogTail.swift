import FairleadModel
import FairleadRuntime
import Foundation

/// The newest lines of an engine's log, as events.
struct LogTail: Sendable {
    /// Read from the end of the log; some hundred lines.
    private static let byteLimit = 128 << 10
    private static let eventLimit = 300

    /// The directory of the logs.
    let directory: String

    /// The newest last; what is no line of a log is left out. Just after the log was rotated, the end of the file
    /// before is read too.
    func events() -> [TopModel.Event] {
        var events = Self.events(tail("fairlead.log"))
        if events.count < Self.eventLimit / 4 { events = Self.events(tail("fairlead.1.log")) + events }
        return Array(events.suffix(Self.eventLimit))
    }

    /// Whole lines from the end of a file; nothing where it can't be read.
    private func tail(_ name: String) -> Data {
        guard let file = FileHandle(forReadingAtPath: HomePaths.under(directory, name)) else { return Data() }
        do {
            defer { file.closeFile() }
            let end = try file.seekToEnd()
            let start = end > UInt64(Self.byteLimit) ? end - UInt64(Self.byteLimit) : 0
            try file.seek(toOffset: start)
            let bytes = try file.readToEnd() ?? Data()
            guard start > 0, let first = bytes.firstIndex(of: 0x0A) else { return bytes }
            return bytes[bytes.index(after: first)...]
        } catch {
            return Data()
        }
    }

    static func events(_ bytes: Data) -> [TopModel.Event] {
        bytes.split(separator: 0x0A).compactMap { line in
            do throws(JSONError) { return TopModel.Event(try JSONParser.parse(Array(line))) } catch { return nil }
        }
    }
}

extension TopModel.Event {
    /// A line of the log; nil for one that is none.
    init?(_ line: JSONValue) {
        guard let level = line["level"]?.string, let name = line["event"]?.string else { return nil }
        self.level = level
        self.name = name
        time = TopModel.time(line["ts"])
        symbol = line["symbol"]?.string
        message = line["msg"]?.string ?? ""
    }
}
