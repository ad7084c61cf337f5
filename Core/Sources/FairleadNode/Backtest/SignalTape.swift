public import FairleadModel

/// A file of signals, as read.
public struct SignalFile: Sendable {
    /// The strategy of the file's signals that name none; nil leaves them without.
    public var strategy: String?
    public var text: [UInt8]

    public init(strategy: String? = nil, _ text: [UInt8]) {
        self.strategy = strategy
        self.text = text
    }
}

/// Signals of one or several files, one JSON object a line, each with the time at which it is given to the engine.
///
/// A line's time is its `ts`; one without, or with one that is no time, comes right after the line before it in its
/// file. Blank lines are passed over. At most `lineLimit` lines in all.
public struct SignalTape: Sendable {
    public static let lineLimit = 10_000_000

    /// A line's bytes and its time.
    public struct Line: Sendable {
        public var time: Timestamp
        public var bytes: [UInt8]
        /// In its file, from 1, blank lines counted.
        public var number: Int
        /// The place of its file among the files, from 0.
        public var file: Int
    }

    /// In the order of their times; equal times in the order of the files and of their lines.
    public private(set) var lines: [Line] = []

    /// Reads a whole file's text. Lines that are no signals are kept: the engine refuses them by name.
    public init(_ text: [UInt8]) { self.init([SignalFile(text)]) }

    /// Reads several files' texts as one stream.
    public init(_ files: [SignalFile]) {
        for (index, file) in files.enumerated() { read(file, index) }
        // Stable: a sort by time, then by file and line.
        lines.sort { ($0.time, $0.file, $0.number) < ($1.time, $1.file, $1.number) }
    }

    private mutating func read(_ file: SignalFile, _ index: Int) {
        var last = Timestamp.never
        var number = 0
        for slice in file.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var bytes = Array(slice)
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
            guard lines.count < Self.lineLimit else { break }
            let object = Self.object(bytes)
            last = Self.time(of: object) ?? last
            if let strategy = file.strategy, object != nil, object?["strategy"] == nil {
                Self.add(strategy, to: &bytes, isFirst: object?.object?.isEmpty == true)
            }
            lines.append(Line(time: last, bytes: bytes, number: number, file: index))
        }
    }

    private static func object(_ line: [UInt8]) -> JSONValue? {
        do throws(JSONError) {
            let value = try JSONParser.parse(line)
            return value.object == nil ? nil : value
        } catch {
            return nil
        }
    }

    private static func time(of object: JSONValue?) -> Timestamp? {
        guard let text = object?["ts"]?.string else { return nil }
        do throws(TimestampError) { return try Timestamp(text: text) } catch { return nil }
    }

    /// Puts the strategy before the object's end; everything else stays as it was written.
    private static func add(_ strategy: String, to line: inout [UInt8], isFirst: Bool) {
        guard let end = line.lastIndex(of: UInt8(ascii: "}")) else { return }
        let member = (isFirst ? "" : ",") + "\"strategy\":" + JSONWriter.text(of: .string(strategy))
        line.insert(contentsOf: member.utf8, at: end)
    }
}
