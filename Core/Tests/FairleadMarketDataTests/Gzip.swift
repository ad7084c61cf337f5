import CZlib
import FairleadMarketData

/// Compresses for tests, with the system's zlib.
enum Gzip {
    static func compress(_ text: [UInt8]) -> [UInt8] {
        // SAFETY: the stream stays at its place for the three calls, and both buffers outlive them.
        var stream = unsafe z_stream()
        let opened = unsafe deflateInit2_(
            &stream,
            6,
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(opened == Z_OK, "Invariant: the test's compressor opens")
        var input = text
        var output = [UInt8](repeating: 0, count: text.count + text.count / 2 + 100)
        let capacity = output.count
        unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe stream.next_in = source.baseAddress
                unsafe stream.avail_in = UInt32(source.count)
                unsafe stream.next_out = target.baseAddress
                unsafe stream.avail_out = UInt32(target.count)
                let ended = unsafe deflate(&stream, Z_FINISH)
                precondition(ended == Z_STREAM_END, "Invariant: the test's compressor ends")
            }
        }
        let count = unsafe capacity - Int(stream.avail_out)
        unsafe deflateEnd(&stream)
        return Array(output[..<count])
    }

    /// Everything that a reader gives, read in pieces of `room` bytes.
    static func readAll(_ source: any ByteSource, room: Int = 1000) throws(ByteSourceError) -> [UInt8] {
        var reader = GzipReader(source)
        var buffer = ContiguousArray<UInt8>(repeating: 0, count: room)
        var text: [UInt8] = []
        while true {
            let count = try reader.read(into: &buffer, range: 0..<room)
            if count == 0 { return text }
            text.append(contentsOf: buffer[..<count])
        }
    }
}
