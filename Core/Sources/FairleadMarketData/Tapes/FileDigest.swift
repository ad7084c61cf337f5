import CCrypto
public import FairleadModel

/// The SHA-256 of a file: how a journal names market data that it does not hold.
public struct FileDigest: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// Big-endian, as the hash is written.
    public var words: SIMD4<UInt64>

    /// Of everything that `source` gives, read in chunks.
    public init(of source: any ByteSource) throws(ByteSourceError) {
        // SAFETY: the context is made here, used by this call alone and freed on each way out.
        guard let context = unsafe EVP_MD_CTX_new() else { throw .outOfMemory }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { throw .outOfMemory }
        var buffer = ContiguousArray<UInt8>(repeating: 0, count: GzipReader.chunkSize)
        while true {
            let count = try source.read(into: &buffer, range: 0..<buffer.count)
            if count == 0 { break }
            let updated = unsafe buffer.withUnsafeBufferPointer { bytes in
                unsafe EVP_DigestUpdate(context, bytes.baseAddress, min(count, bytes.count))
            }
            guard updated == 1 else { throw .outOfMemory }
        }
        var digest = ContiguousArray<UInt8>(repeating: 0, count: 32)
        let finished = unsafe digest.withUnsafeMutableBufferPointer { bytes in
            unsafe EVP_DigestFinal_ex(context, bytes.baseAddress, nil)
        }
        guard finished == 1 else { throw .outOfMemory }
        words = .zero
        for index in 0..<32 { words[index / 8] = words[index / 8] << 8 | UInt64(digest[index]) }
    }

    /// Of the file at `path`.
    public init(path: String) throws(ByteSourceError) {
        try self.init(of: FileByteSource(path: path))
    }

    /// The upper 128 bits, as journal records carry digests.
    public var prefix: Digest128 { Digest128(high: words[0], low: words[1]) }

    /// 64 lower-case hexadecimal digits.
    public var description: String {
        var text = ""
        for index in 0..<4 {
            let digits = String(words[index], radix: 16)
            text += String(repeating: "0", count: 16 - digits.count) + digits
        }
        return text
    }
}
