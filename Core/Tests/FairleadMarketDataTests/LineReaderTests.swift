import FairleadModel
import Testing

@testable import FairleadMarketData

struct LineReaderTests {
    private func lines(_ text: [UInt8], limit: Int, piece: Int) throws -> (lines: [String], overlong: UInt64) {
        var reader = LineReader(MemoryByteSource(text, pieceSize: piece), lineLimit: limit)
        var found: [String] = []
        while try reader.next() {
            #expect(reader.text[reader.line.upperBound] == 10, "a line feed stands behind each line")
            #expect(reader.line.upperBound + LineReader.padding <= reader.bufferSize, "padding stands behind it")
            found.append(reader.lineText)
            #expect(reader.lineNumber == UInt64(found.count) + reader.overlongLines)
        }
        return (found, reader.overlongLines)
    }

    /// Goal: lines come out as they went in, and overlong ones are counted and left out. Method: random texts (printed
    /// seed) with lines around the limit, in pieces of every size, against a plain split.
    @Test func cutsAsASplitWould() throws {
        let seed: UInt64 = 77
        var random = DeterministicRandom(seed: seed)
        for round in 0..<300 {
            let limit = Int(random.next(below: 40)) + 1
            var text: [UInt8] = []
            for _ in 0..<random.next(below: 30) {
                let length = Int(random.next(below: UInt64(limit * 2)))
                for _ in 0..<length { text.append(UInt8(97 + random.next(below: 26))) }
                if random.chance(9, in: 10) { text.append(10) }
            }
            var expected = text.split(separator: 10, omittingEmptySubsequences: false)
            if expected.last?.isEmpty == true { expected.removeLast() }
            let kept = expected.filter { $0.count <= limit }.map { String(decoding: $0, as: UTF8.self) }
            let piece = Int(random.next(below: 60)) + 1
            let found = try lines(text, limit: limit, piece: piece)
            #expect(found.lines == kept, "seed \(seed), round \(round)")
            #expect(found.overlong == UInt64(expected.count - kept.count), "seed \(seed), round \(round)")
        }
    }

    /// Goal: memory is bounded whatever the file holds. Method: one line of 3 MB between two short ones; the buffer
    /// keeps its size, and the short ones come out.
    @Test func boundsALineWithoutAnEnd() throws {
        let text = Array("first\n".utf8) + [UInt8](repeating: 120, count: 3_000_000) + Array("\nlast".utf8)
        for piece in [4096, 65_536, 1_000_000] {
            var reader = LineReader(MemoryByteSource(text, pieceSize: piece), lineLimit: 1000)
            let size = reader.bufferSize
            #expect(size == 1000 + GzipReader.chunkSize + LineReader.padding)
            #expect(try reader.next())
            #expect(reader.lineText == "first")
            #expect(try reader.next())
            #expect(reader.lineText == "last")
            #expect(reader.lineNumber == 3)
            #expect(reader.overlongLines == 1)
            #expect(reader.bufferSize == size)
            #expect(try !reader.next())
            #expect(try !reader.next(), "the end stays the end")
        }
    }
}
