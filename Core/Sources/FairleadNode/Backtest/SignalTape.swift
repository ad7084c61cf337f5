public import FairleadModel

/// Signals in a file, one JSON object a line, each with the time at which it is given to the engine.
///
/// A line's time is its `ts`; one without, or with one that is no time, comes right after the line before it. Blank
/// lines are passed over. At most `lineLimit` lines.
public struct SignalTape: Sendable {
    public static let lineLimit = 10_000_000

    /// A line's bytes and its time.
    public struct Line: Sendable {
        public var time: Timestamp
        public var bytes: [UInt8]
        /// From 1, blank lines counted.
        public var number: Int
    }

    /// In the order of their times; equal times in the order of the lines.
    public private(set) var lines: [Line] = []

    /// Reads a whole file's text. Lines that are no signals are kept: the engine refuses them by name.
    public init(_ text: [UInt8]) {
        var last = Timestamp.never
        var number = 0
        for slice in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let bytes = Array(slice)
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
            guard lines.count < Self.lineLimit else { break }
            last = Self.time(of: bytes) ?? last
            lines.append(Line(time: last, bytes: bytes, number: number))
        }
        // Stable: a sort by time and then by line.
        lines.sort { ($0.time, $0.number) < ($1.time, $1.number) }
    }

    private static func time(of line: [UInt8]) -> Timestamp? {
        do throws(JSONError) {
            guard let text = try JSONParser.parse(line)["ts"]?.string else { return nil }
            do throws(TimestampError) { return try Timestamp(text: text) } catch { return nil }
        } catch {
            return nil
        }
    }
}
