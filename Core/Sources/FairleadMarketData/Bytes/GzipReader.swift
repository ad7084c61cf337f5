/// Inflates gzip in fixed buffers; text that is not compressed passes through unchanged.
///
/// Concatenated members read as one stream, and zero bytes after the last are padding. Memory: one input chunk and
/// zlib's window (about 48 KiB), whatever the file's size. The check sum of each member is verified at its end.
public struct GzipReader: ~Copyable {
    /// Bytes asked of the source at a time.
    public static let chunkSize = 65_536

    private enum Format {
        /// Nothing was read yet.
        case unknown
        case plain
        /// Inside a member.
        case member
        /// After a member: another, padding, or the end may follow.
        case betweenMembers
        case ended
    }

    private let source: any ByteSource
    private var input: ContiguousArray<UInt8>
    private var inputStart = 0
    private var inputEnd = 0
    /// Bytes of the source that were read before `inputStart`.
    private var consumed: UInt64 = 0
    private var format = Format.unknown
    private var sourceEnded = false
    private var stream = InflateStream()

    public init(_ source: any ByteSource) {
        self.source = source
        input = ContiguousArray(repeating: 0, count: Self.chunkSize)
    }

    /// Offset in the file of the next byte that is looked at: what errors name.
    public var offset: UInt64 { consumed }

    /// Puts the next bytes of text at the start of `range` (not empty) of `buffer`; 0 at the end.
    ///
    /// After an error the reader is spent: the same error comes again or the stream reads as damaged, never as ended.
    public mutating func read(
        into buffer: inout ContiguousArray<UInt8>,
        range: Range<Int>
    ) throws(ByteSourceError) -> Int {
        precondition(!range.isEmpty, "Invariant: a read has room")
        precondition(range.upperBound <= buffer.count, "Invariant: a read stays inside its buffer")
        while true {
            switch format {
            case .unknown: try recognize()
            case .plain: return try passThrough(into: &buffer, range)
            case .member:
                let count = try inflate(into: &buffer, range)
                if count > 0 { return count }
            case .betweenMembers: try beginNextMember()
            case .ended: return 0
            }
        }
    }

    /// Reads on until at least `count` bytes wait, or the source has no more. `count` is at most 2.
    private mutating func fill(_ count: Int) throws(ByteSourceError) {
        while inputEnd - inputStart < count, !sourceEnded {
            if inputStart == inputEnd {
                inputStart = 0
                inputEnd = 0
            } else if inputStart > 0 {
                for index in inputStart..<inputEnd { input[index - inputStart] = input[index] }
                inputEnd -= inputStart
                inputStart = 0
            }
            let received = try source.read(into: &input, range: inputEnd..<Self.chunkSize)
            inputEnd += received
            sourceEnded = received == 0
        }
    }

    private mutating func advance(_ count: Int) {
        inputStart += count
        consumed += UInt64(count)
    }

    private var beginsMember: Bool {
        inputEnd - inputStart >= 2 && input[inputStart] == 0x1F && input[inputStart + 1] == 0x8B
    }

    private mutating func recognize() throws(ByteSourceError) {
        try fill(2)
        guard beginsMember else {
            format = .plain
            return
        }
        try stream.open()
        format = .member
    }

    private mutating func beginNextMember() throws(ByteSourceError) {
        try fill(2)
        if beginsMember {
            try stream.reset()
            format = .member
            return
        }
        // As gzip(1) has it: zeros after the last member are padding, anything else is damage.
        while inputStart < inputEnd || !sourceEnded {
            while inputStart < inputEnd {
                guard input[inputStart] == 0 else { throw .corrupt(offset: consumed) }
                advance(1)
            }
            try fill(1)
        }
        format = .ended
    }

    private mutating func passThrough(
        into buffer: inout ContiguousArray<UInt8>,
        _ range: Range<Int>
    ) throws(ByteSourceError) -> Int {
        // What was read to recognise the format goes first; the rest needs no copy.
        if inputStart == inputEnd {
            let count = sourceEnded ? 0 : try source.read(into: &buffer, range: range)
            sourceEnded = count == 0
            consumed += UInt64(count)
            return count
        }
        let count = min(range.count, inputEnd - inputStart)
        for index in 0..<count { buffer[range.lowerBound + index] = input[inputStart + index] }
        advance(count)
        return count
    }

    private mutating func inflate(
        into buffer: inout ContiguousArray<UInt8>,
        _ range: Range<Int>
    ) throws(ByteSourceError) -> Int {
        while true {
            try fill(1)
            let step = stream.inflate(input, inputStart..<inputEnd, into: &buffer, range)
            advance(step.consumed)
            switch step.outcome {
            case .memberEnded:
                format = .betweenMembers
                return step.produced
            case .progressed:
                if step.produced > 0 { return step.produced }
                if inputStart == inputEnd, sourceEnded { throw .truncated(offset: consumed) }
                // With input and room zlib always moves on; were it ever not to, this loop still ends.
                if inputStart < inputEnd, step.consumed == 0 { throw .corrupt(offset: consumed) }
            case .corrupt: throw .corrupt(offset: consumed)
            case .outOfMemory: throw .outOfMemory
            }
        }
    }
}
