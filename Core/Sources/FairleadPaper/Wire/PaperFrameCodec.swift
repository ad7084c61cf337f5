internal import FairleadModel

/// A frame with its number: a request's own, its answer's the same, 0 for news.
public struct PaperMessage: Hashable, Sendable, BitwiseCopyable {
    public var number: UInt32
    public var frame: PaperFrame
    @inlinable public init(number: UInt32, frame: PaperFrame) {
        self.number = number
        self.frame = frame
    }
}

extension PaperFrame {
    /// Appends the frame's bytes. Its prices and quantities must be within the bounds of what is accepted from outside.
    public func append(number: UInt32 = 0, to bytes: inout ContiguousArray<UInt8>) {
        var writer = PaperFieldWriter(bytes: [])
        swap(&writer.bytes, &bytes)
        var length = UInt32(kind.frameSize - 4)
        var kindCode = kind.rawValue
        var version = PaperProtocol.version
        var number = number
        writer.number("length", &length)
        writer.number("kind", &kindCode)
        writer.number("version", &version)
        writer.reserved(2)
        writer.number("number", &number)
        var frame = self
        writer.visit(&frame)
        swap(&writer.bytes, &bytes)
    }
}

/// Frames out of a stream of bytes that may be cut anywhere.
///
/// Holds at most one unfinished frame beyond the chunk just given. After an error nothing more is read: the stream has
/// lost its frame boundaries, and its connection must be closed.
public struct PaperFrameReader: Sendable {
    private var bytes: ContiguousArray<UInt8> = []
    private var head = 0
    /// What broke the stream; nil while it is sound.
    public private(set) var failure: PaperFrameError?

    public init() {}

    /// Bytes that wait for the rest of their frame.
    public var unreadCount: Int { bytes.count - head }

    /// Takes the next bytes of the stream. Dropped once the stream is broken.
    public mutating func append(_ chunk: Span<UInt8>) {
        guard failure == nil else { return }
        if head == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            head = 0
        } else if head > PaperProtocol.maximumFrameSize {
            bytes.removeFirst(head)
            head = 0
        }
        for index in chunk.indices { bytes.append(chunk[index]) }
    }

    /// The next whole frame; nil when its rest has not come yet.
    public mutating func next() throws(PaperFrameError) -> PaperMessage? {
        if let failure { throw failure }
        do {
            return try decodeNext()
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func decodeNext() throws(PaperFrameError) -> PaperMessage? {
        guard bytes.count - head >= 4 else { return nil }
        let length = word(at: 0, size: 4)
        let isInRange = length >= PaperProtocol.headerSize - 4 && length <= PaperProtocol.maximumFrameSize - 4
        if !isInRange { throw .lengthOutOfRange(UInt32(length)) }
        guard bytes.count - head >= 5 else { return nil }
        let code = bytes[head + 4]
        guard let kind = PaperFrameKind(rawValue: code) else { throw .unknownKind(code) }
        guard bytes.count - head >= 6 else { return nil }
        if bytes[head + 5] != PaperProtocol.version { throw .wrongVersion(bytes[head + 5]) }
        if length != kind.frameSize - 4 { throw .wrongLength(kind, UInt32(length)) }
        guard bytes.count - head >= kind.frameSize else { return nil }
        if word(at: 6, size: 2) != 0 { throw .reservedNotZero(kind, offset: 6) }
        let number = UInt32(word(at: 8, size: 4))
        var reader = PaperFieldReader(bytes, frameAt: head, kind: kind)
        var frame = PaperFrame.blank(kind)
        reader.visit(&frame)
        if let failure = reader.failure { throw failure }
        head += kind.frameSize
        return PaperMessage(number: number, frame: frame)
    }

    private func word(at offset: Int, size: Int) -> Int {
        var word = 0
        for place in 0..<size { word |= Int(bytes[head + offset + place]) << (8 * place) }
        return word
    }
}
