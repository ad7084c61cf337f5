import FairleadMarketData
import FairleadModel
import Testing

struct GzipReaderTests {
    private func sample(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = DeterministicRandom(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: 97 + random.next(below: 12)) }
    }

    /// Goal: text comes back whole, however the file is cut into reads. Method: compressed and plain text of several
    /// lengths, the source's pieces and the reader's room from one byte up.
    @Test func readsBack() throws {
        for count in [0, 1, 2, 3, 1000, 70_000, 200_000] {
            let text = sample(count, seed: UInt64(count))
            for (piece, room) in [(65_536, 4096), (1, 1000), (7, 1), (1000, 65_536)] where count < 5000 || piece > 7 {
                let packed = MemoryByteSource(Gzip.compress(text), pieceSize: piece)
                #expect(try Gzip.readAll(packed, room: room) == text, "\(count) bytes, pieces of \(piece)")
                let plain = MemoryByteSource(text, pieceSize: piece)
                #expect(try Gzip.readAll(plain, room: room) == text, "\(count) plain bytes, pieces of \(piece)")
            }
        }
    }

    /// Goal: files that were joined by `cat` read as one, and padding is no damage. Method: three members, one of them
    /// empty, with zeros behind; then a byte that is no zero.
    @Test func readsConcatenatedMembers() throws {
        let texts = [sample(5000, seed: 1), [], sample(70_000, seed: 2)]
        let joined = texts.flatMap { Gzip.compress($0) }
        let whole = texts.flatMap { $0 }
        for piece in [1, 10, 65_536] {
            #expect(try Gzip.readAll(MemoryByteSource(joined, pieceSize: piece)) == whole)
            let padded = joined + [UInt8](repeating: 0, count: 513)
            #expect(try Gzip.readAll(MemoryByteSource(padded, pieceSize: piece)) == whole)
            let error = #expect(throws: ByteSourceError.self) {
                try Gzip.readAll(MemoryByteSource(joined + [0, 0, 9], pieceSize: piece))
            }
            #expect(error == .corrupt(offset: UInt64(joined.count + 2)))
        }
    }

    /// Goal: a file that was cut off never reads as a whole one. Method: every prefix of a compressed file; the error
    /// names the offset at which the bytes ended.
    @Test func everyTruncationIsAnError() {
        let packed = Gzip.compress(sample(3000, seed: 3))
        for count in 2..<packed.count {
            let error = #expect(throws: ByteSourceError.self, "cut at \(count)") {
                try Gzip.readAll(MemoryByteSource(Array(packed[..<count])))
            }
            #expect(error == .truncated(offset: UInt64(count)))
        }
    }

    /// Goal: damage is found and never read as data. Method: every byte of a compressed file flipped in turn; only the
    /// header's fields that say nothing (time, system) may pass, and then the text is right.
    @Test func everyFlippedByteIsFoundOrHarmless() {
        let text = sample(2000, seed: 4)
        let packed = Gzip.compress(text)
        var harmless = 0
        for index in packed.indices where index > 1 {
            var damaged = packed
            damaged[index] ^= 0x41
            do {
                #expect(try Gzip.readAll(MemoryByteSource(damaged)) == text, "byte \(index)")
                harmless += 1
            } catch {
                if case .corrupt(let offset) = error { #expect(offset <= UInt64(packed.count)) }
            }
        }
        #expect(harmless <= 6)
    }

    /// Goal: a reader that failed stays failed. Method: read on after the errors of a cut and of a damaged file.
    @Test func errorsStay() throws {
        var damaged = Gzip.compress(sample(5000, seed: 5))
        damaged[damaged.count - 5] ^= 1
        for bytes in [damaged, Array(damaged[..<200])] {
            var reader = GzipReader(MemoryByteSource(bytes))
            var buffer = ContiguousArray<UInt8>(repeating: 0, count: 65_536)
            var errors = 0
            for _ in 0..<10 {
                do {
                    let count = try reader.read(into: &buffer, range: 0..<buffer.count)
                    #expect(count > 0 && errors == 0, "never an end, and nothing after the first error")
                } catch {
                    errors += 1
                }
            }
            #expect(errors >= 5)
        }
    }

    /// Goal: a file that is not there, or is no file, is a typed error. Method: a path that nobody has, and a folder.
    @Test func namesWhatCannotBeOpened() throws {
        #expect(throws: ByteSourceError.openFailed(code: 2)) { try FileByteSource(path: "/no/such/tape.gz") }
        let folder = try FileByteSource(path: "/")
        let error = #expect(throws: ByteSourceError.self) { try Gzip.readAll(folder) }
        #expect(error == .readFailed(offset: 0, code: 21))
    }

    /// Goal: a file is named by the hash that every tool gives for it. Method: FIPS 180-4's vectors and a long input
    /// in odd pieces against the same input at once.
    @Test func hashesFiles() throws {
        let empty = try FileDigest(of: MemoryByteSource([]))
        #expect(empty.description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let abc = try FileDigest(of: MemoryByteSource(Array("abc".utf8)))
        #expect(abc.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(abc.prefix == Digest128(of: "abc"))
        let long = sample(200_000, seed: 6)
        let odd = try FileDigest(of: MemoryByteSource(long, pieceSize: 777))
        #expect(try odd == FileDigest(of: MemoryByteSource(long)))
    }
}
