import CZlib

/// zlib's state behind one owner. It lives on the heap: zlib keeps its address and refuses a stream that has moved.
@safe struct InflateStream: ~Copyable {
    enum Outcome {
        case progressed
        case memberEnded
        case corrupt
        case outOfMemory
    }

    struct Step {
        var consumed: Int
        var produced: Int
        var outcome: Outcome
    }

    private var stream: UnsafeMutablePointer<z_stream>?

    init() { unsafe stream = nil }

    deinit {
        // SAFETY: the pointer came from `open`, is owned by this value alone and freed once.
        if let stream = unsafe stream {
            unsafe inflateEnd(stream)
            unsafe stream.deallocate()
        }
    }

    /// What stands around the packed bytes.
    enum Wrapping: Int32 {
        /// 15 bits of window, and 16 for the gzip header and its check sum.
        case gzip = 31
        /// Nothing: zip keeps name, sizes and check sum itself.
        case bare = -15
    }

    /// Prepares for the first gzip member, or for the bytes of a zip's file. Called once.
    mutating func open(_ wrapping: Wrapping = .gzip) throws(ByteSourceError) {
        // SAFETY: allocated and initialised here; `inflateEnd` and the deallocation are in `deinit`, or below.
        let opened = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe opened.initialize(to: z_stream())
        let result = unsafe inflateInit2_(opened, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else {
            unsafe opened.deallocate()
            throw .outOfMemory
        }
        unsafe stream = opened
    }

    /// Prepares for another member.
    mutating func reset() throws(ByteSourceError) {
        // SAFETY: the pointer is valid from `open` to `deinit`.
        guard let stream = unsafe stream, unsafe inflateReset(stream) == Z_OK else { throw .outOfMemory }
    }

    /// Inflates what fits from `input` into `output`.
    ///
    /// Both ranges lie inside their buffers; the reader that owns this has checked them.
    mutating func inflate(
        _ input: ContiguousArray<UInt8>,
        _ offered: Range<Int>,
        into output: inout ContiguousArray<UInt8>,
        _ room: Range<Int>
    ) -> Step {
        guard let stream = unsafe stream else { preconditionFailure("Invariant: a stream is opened before it is read") }
        precondition(offered.upperBound <= input.count, "Invariant: what is offered lies inside its buffer")
        precondition(room.upperBound <= output.count, "Invariant: the room lies inside its buffer")
        let available = UInt32(clamping: offered.count)
        let capacity = UInt32(clamping: room.count)
        // SAFETY: both pointers are used inside the closures only, for ranges inside their buffers; zlib does not
        // write through `next_in`. The stream does not keep them: they are set anew before each call.
        let result = unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return Z_STREAM_ERROR }
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: from + offered.lowerBound)
                unsafe stream.pointee.avail_in = available
                unsafe stream.pointee.next_out = to + room.lowerBound
                unsafe stream.pointee.avail_out = capacity
                return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            }
        }
        let outcome: Outcome
        switch result {
        case Z_STREAM_END: outcome = .memberEnded
        case Z_OK, Z_BUF_ERROR: outcome = .progressed
        case Z_MEM_ERROR: outcome = .outOfMemory
        default: outcome = .corrupt
        }
        return unsafe Step(
            consumed: Int(available - stream.pointee.avail_in),
            produced: Int(capacity - stream.pointee.avail_out),
            outcome: outcome
        )
    }
}
