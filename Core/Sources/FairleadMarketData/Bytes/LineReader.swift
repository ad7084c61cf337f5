import Glibc

/// Cuts a stream of text into lines in one fixed buffer. A line over the limit is skipped and counted.
///
/// The bytes of the line that `next()` found stand in `text` at `line`, and `text[line.upperBound]` is a line feed,
/// also after a last line that has none. At least `padding` readable bytes follow, so that a scanner may load whole
/// words. A carriage return before the line feed is part of the line.
public struct LineReader: ~Copyable {
    /// The longest line that is delivered when nothing else is said: a book snapshot of 1,000 levels has 46 KB.
    public static let defaultLineLimit = 262_144
    /// Readable bytes behind the last line feed.
    public static let padding = 64

    private var reader: GzipReader
    private let lineLimit: Int
    private var start = 0
    private var end = 0
    /// Where the search for a line feed goes on.
    private var searched = 0
    private var isSkipping = false
    private var hasEnded = false
    /// The buffer; see `line`.
    private(set) var text: ContiguousArray<UInt8>
    /// The bytes of the current line, without its line feed.
    private(set) var line = 0..<0
    /// Lines begun so far, overlong ones included: the number of the current line, from 1.
    public private(set) var lineNumber: UInt64 = 0
    /// Lines over the limit, skipped.
    public private(set) var overlongLines: UInt64 = 0

    /// `lineLimit` in bytes, at least 1. Memory: `lineLimit` plus one chunk.
    public init(_ source: any ByteSource, lineLimit: Int = LineReader.defaultLineLimit) {
        precondition(lineLimit > 0, "Invariant: a line may hold a byte")
        self.lineLimit = lineLimit
        reader = GzipReader(source)
        text = ContiguousArray(repeating: 0, count: lineLimit + GzipReader.chunkSize + Self.padding)
    }

    /// Bytes of memory that the buffer takes, for as long as the reader lives.
    public var bufferSize: Int { text.count }

    /// Offset in the file: what errors name.
    public var offset: UInt64 { reader.offset }

    /// The current line as a `String`, for messages and tests.
    public var lineText: String { String(decoding: text[line], as: UTF8.self) }

    /// Finds the next line; false at the end.
    public mutating func next() throws(ByteSourceError) -> Bool {
        while true {
            if let feed = findLineFeed() {
                let found = start..<feed
                start = feed + 1
                searched = start
                lineNumber += 1
                if isSkipping || found.count > lineLimit {
                    isSkipping = false
                    overlongLines += 1
                    continue
                }
                line = found
                return true
            }
            if hasEnded { return false }
            try refill()
        }
    }

    private mutating func findLineFeed() -> Int? {
        let from = searched
        let count = end - from
        guard count > 0 else { return nil }
        // SAFETY: memchr reads `count` bytes from `from`, both inside the buffer; the pointer stays in the closure.
        let distance: Int? = unsafe text.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return nil }
            guard let hit = unsafe memchr(base + from, 10, count) else { return nil }
            return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base + from)
        }
        if let distance { return from + distance }
        searched = end
        return nil
    }

    /// Moves what is left of a line to the front and reads on behind it.
    private mutating func refill() throws(ByteSourceError) {
        if end - start > lineLimit {
            // The line can't be delivered any more: its bytes are dropped as they come.
            isSkipping = true
            start = end
        }
        moveToFront()
        let count = try reader.read(into: &text, range: end..<(text.count - Self.padding))
        end += count
        if count == 0 {
            hasEnded = true
            // There is room for this byte: a refill leaves at most `lineLimit` bytes before it.
            if end > start || isSkipping {
                text[end] = 10
                end += 1
            }
        }
    }

    private mutating func moveToFront() {
        guard start > 0 else { return }
        let count = end - start
        let from = start
        // SAFETY: both ranges lie inside the buffer; memmove allows that they overlap.
        unsafe text.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe _ = memmove(base, base + from, count)
        }
        start = 0
        end = count
        searched = count
    }
}
