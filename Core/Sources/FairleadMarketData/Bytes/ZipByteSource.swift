/// The one file inside a zip, unpacked as it is read. Memory: one chunk and zlib's window.
///
/// Stored and deflated files are read, with their sizes before or behind the data. Check sum and size are verified at
/// the file's end, and the directory behind it to the last byte, so that a zip that was cut off never reads as a whole
/// one. Zips of several files and encrypted ones are refused as `unsupported`.
public final class ZipByteSource: ByteSource {
    private enum Stage {
        case data
        case ended
    }

    /// Sizes and signatures of the format (APPNOTE 4.3).
    private enum Layout {
        static let localHeader = 30
        static let directoryHeader = 46
        static let endRecord = 22
        static let local: UInt32 = 0x0403_4B50
        static let directory: UInt32 = 0x0201_4B50
        static let end: UInt32 = 0x0605_4B50
        static let descriptor: UInt32 = 0x0807_4B50
        static let largeEnd: UInt32 = 0x0606_4B50
        static let largeEndSize = 56
        static let largeEndLocator: UInt32 = 0x0706_4B50
        static let largeEndLocatorSize = 20
        /// The extra field with sizes of 64 bits.
        static let largeSizes: UInt32 = 1
    }

    private let source: any ByteSource
    private var input = ContiguousArray<UInt8>(repeating: 0, count: GzipReader.chunkSize)
    private var inputStart = 0
    private var inputEnd = 0
    private var consumed: UInt64 = 0
    private var sourceEnded = false
    private var stage = Stage.data
    private var failure: ByteSourceError?
    private var stream = InflateStream()
    private var isDeflated = false
    /// Sizes and check sum stand behind the data.
    private var hasDescriptor = false
    private var expected = Sizes()
    private var found = Sizes()
    private var checkSum = CheckSum()
    /// The file's name, as the zip has it; bytes that are no UTF-8 are replaced.
    public private(set) var name = ""

    private struct Sizes: Hashable {
        var checkSum: UInt32 = 0
        var packed: UInt64 = 0
        var whole: UInt64 = 0
    }

    /// Reads the header, and `name` is known.
    public init(_ source: any ByteSource) throws(ByteSourceError) {
        self.source = source
        try readHeader()
    }

    public func read(into buffer: inout ContiguousArray<UInt8>, range: Range<Int>) throws(ByteSourceError) -> Int {
        precondition(!range.isEmpty, "Invariant: a read has room")
        precondition(range.upperBound <= buffer.count, "Invariant: a read stays inside its buffer")
        if let failure { throw failure }
        do {
            return try unpack(into: &buffer, range)
        } catch {
            failure = error
            throw error
        }
    }

    private func unpack(
        into buffer: inout ContiguousArray<UInt8>,
        _ range: Range<Int>
    ) throws(ByteSourceError) -> Int {
        while stage == .data {
            let count = isDeflated ? try inflate(into: &buffer, range) : try copy(into: &buffer, range)
            if count > 0 { return count }
        }
        return 0
    }

    private func inflate(
        into buffer: inout ContiguousArray<UInt8>,
        _ range: Range<Int>
    ) throws(ByteSourceError) -> Int {
        try fill(1)
        let step = stream.inflate(input, inputStart..<inputEnd, into: &buffer, range)
        advance(step.consumed)
        found.packed += UInt64(step.consumed)
        found.whole += UInt64(step.produced)
        checkSum.add(buffer, range.lowerBound..<(range.lowerBound + step.produced))
        switch step.outcome {
        case .memberEnded:
            try finish()
            return step.produced
        case .progressed:
            if step.produced > 0 { return step.produced }
            if inputStart == inputEnd, sourceEnded { throw .truncated(offset: consumed) }
            if inputStart < inputEnd, step.consumed == 0 { throw .corrupt(offset: consumed) }
            return 0
        case .corrupt: throw .corrupt(offset: consumed)
        case .outOfMemory: throw .outOfMemory
        }
    }

    /// A stored file. Its size stands before it, or nobody could say where it ends.
    private func copy(into buffer: inout ContiguousArray<UInt8>, _ range: Range<Int>) throws(ByteSourceError) -> Int {
        guard found.packed < expected.packed else {
            try finish()
            return 0
        }
        try fill(1)
        guard inputStart < inputEnd else { throw .truncated(offset: consumed) }
        let count = min(range.count, inputEnd - inputStart, Int(clamping: expected.packed - found.packed))
        for index in 0..<count { buffer[range.lowerBound + index] = input[inputStart + index] }
        checkSum.add(buffer, range.lowerBound..<(range.lowerBound + count))
        advance(count)
        found.packed += UInt64(count)
        found.whole += UInt64(count)
        return count
    }

    // MARK: - Headers

    private func readHeader() throws(ByteSourceError) {
        try need(Layout.localHeader)
        guard number(0, 4) == Layout.local else { throw .corrupt(offset: 0) }
        let flags = number(6, 2)
        let method = number(8, 2)
        // Bit 0: encrypted. Bit 3: a descriptor follows the data.
        guard flags & 1 == 0, method == 0 || method == 8 else { throw .unsupported(offset: 0) }
        isDeflated = method == 8
        hasDescriptor = flags & 8 != 0
        guard isDeflated || !hasDescriptor else { throw .unsupported(offset: 0) }
        expected = Sizes(checkSum: number(14, 4), packed: UInt64(number(18, 4)), whole: UInt64(number(22, 4)))
        let nameCount = Int(number(26, 2))
        let extraCount = Int(number(28, 2))
        advance(Layout.localHeader)
        name = try text(nameCount)
        try readExtra(extraCount)
        guard expected.packed != UInt64(UInt32.max), expected.whole != UInt64(UInt32.max) else {
            throw .unsupported(offset: 0)
        }
        if isDeflated { try stream.open(.bare) }
    }

    /// Fields of id and length; the sizes that 32 bits of the header could not hold, or were not asked to.
    private func readExtra(_ count: Int) throws(ByteSourceError) {
        var left = count
        while left >= 4 {
            try need(4)
            let (id, size) = (number(0, 2), Int(number(2, 2)))
            advance(4)
            left -= 4
            guard size <= left else { throw .corrupt(offset: consumed) }
            left -= size
            guard id == Layout.largeSizes else {
                try skip(size)
                continue
            }
            // Such sizes behind the data would be of 64 bits too.
            guard !hasDescriptor else { throw .unsupported(offset: 0) }
            try need(size)
            var place = 0
            if expected.whole == UInt64(UInt32.max), place + 8 <= size {
                expected.whole = UInt64(number(place, 4)) | UInt64(number(place + 4, 4)) << 32
                place += 8
            }
            if expected.packed == UInt64(UInt32.max), place + 8 <= size {
                expected.packed = UInt64(number(place, 4)) | UInt64(number(place + 4, 4)) << 32
            }
            advance(size)
        }
        try skip(left)
    }

    /// Compares sizes and check sum, and reads the directory to the end of the zip.
    private func finish() throws(ByteSourceError) {
        found.checkSum = checkSum.value
        if hasDescriptor {
            try need(4)
            if number(0, 4) == Layout.descriptor { advance(4) }
            try need(12)
            expected = Sizes(checkSum: number(0, 4), packed: UInt64(number(4, 4)), whole: UInt64(number(8, 4)))
            advance(12)
        }
        guard found == expected else { throw .corrupt(offset: consumed) }
        try need(4)
        if number(0, 4) == Layout.local { throw .unsupported(offset: consumed) }
        try need(Layout.directoryHeader)
        guard number(0, 4) == Layout.directory else { throw .corrupt(offset: consumed) }
        let behind = Int(number(28, 2)) + Int(number(30, 2)) + Int(number(32, 2))
        guard number(16, 4) == expected.checkSum else { throw .corrupt(offset: consumed) }
        advance(Layout.directoryHeader)
        try skip(behind)
        try need(4)
        if number(0, 4) == Layout.largeEnd {
            try skip(Layout.largeEndSize)
            try need(4)
            guard number(0, 4) == Layout.largeEndLocator else { throw .corrupt(offset: consumed) }
            try skip(Layout.largeEndLocatorSize)
        }
        try need(Layout.endRecord)
        guard number(0, 4) == Layout.end, number(10, 2) == 1 else { throw .corrupt(offset: consumed) }
        let commentCount = Int(number(20, 2))
        advance(Layout.endRecord)
        try skip(commentCount)
        try fill(1)
        guard inputStart == inputEnd else { throw .corrupt(offset: consumed) }
        stage = .ended
    }

    // MARK: - Input

    /// Reads on until `count` bytes wait, or the source has no more.
    private func fill(_ count: Int) throws(ByteSourceError) {
        while inputEnd - inputStart < count, !sourceEnded {
            if inputStart == inputEnd {
                inputStart = 0
                inputEnd = 0
            } else if inputEnd == input.count {
                for index in inputStart..<inputEnd { input[index - inputStart] = input[index] }
                inputEnd -= inputStart
                inputStart = 0
            }
            let received = try source.read(into: &input, range: inputEnd..<input.count)
            inputEnd += received
            sourceEnded = received == 0
        }
    }

    private func need(_ count: Int) throws(ByteSourceError) {
        try fill(count)
        guard inputEnd - inputStart >= count else { throw .truncated(offset: consumed + UInt64(inputEnd - inputStart)) }
    }

    private func advance(_ count: Int) {
        inputStart += count
        consumed += UInt64(count)
    }

    private func skip(_ count: Int) throws(ByteSourceError) {
        var left = count
        while left > 0 {
            try need(1)
            let step = min(left, inputEnd - inputStart)
            advance(step)
            left -= step
        }
    }

    private func text(_ count: Int) throws(ByteSourceError) -> String {
        // Names are at most 65,535 bytes, which is what the buffer holds.
        try need(count)
        let text = String(decoding: input[inputStart..<(inputStart + count)], as: UTF8.self)
        advance(count)
        return text
    }

    /// A little-endian number of up to four bytes at the present place.
    private func number(_ offset: Int, _ count: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in 0..<count { value |= UInt32(input[inputStart + offset + index]) << UInt32(index * 8) }
        return value
    }
}
