import FairleadMarketData
import FairleadModel
import Testing

struct ZipByteSourceTests {
    private func sample(_ count: Int, seed: UInt64 = 7) -> [UInt8] {
        var random = DeterministicRandom(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: 97 + random.next(below: 12)) }
    }

    /// Goal: the file inside comes back whole, with its name. Method: several sizes, deflated and stored, sizes before
    /// and behind the data, pieces and room from one byte up.
    @Test func readsBack() throws {
        for count in [0, 1, 1000, 200_000] {
            let text = sample(count)
            for (isStored, hasDescriptor) in [(false, false), (false, true), (true, false)] {
                let zip = Zip.pack(text, name: "a/b.csv", isStored: isStored, hasDescriptor: hasDescriptor)
                for (piece, room) in [(65_536, 4096), (1, 1000), (7, 1)] where count < 5000 || piece > 7 {
                    let found = try Zip.readAll(zip, piece: piece, room: room)
                    #expect(found.name == "a/b.csv")
                    #expect(found.text == text, "\(count) bytes, stored \(isStored), descriptor \(hasDescriptor)")
                }
            }
        }
    }

    /// Goal: a zip that was cut off, wherever, is an error. Method: every prefix of three zips.
    @Test func everyTruncationIsAnError() {
        let text = sample(800)
        for (isStored, hasDescriptor) in [(false, false), (false, true), (true, false)] {
            let zip = Zip.pack(text, name: "rows.csv", isStored: isStored, hasDescriptor: hasDescriptor)
            for count in zip.indices {
                let error = #expect(throws: ByteSourceError.self, "cut at \(count)") {
                    try Zip.readAll(Array(zip[..<count]))
                }
                if case .truncated(let offset) = error {
                    #expect(offset == UInt64(count))
                } else {
                    Issue.record("cut at \(count): \(String(describing: error))")
                }
            }
        }
    }

    /// Goal: damage is found and never read as data. Method: 10,000 zips with one to three bytes changed, from a
    /// printed seed: an error, or the text as it was.
    @Test func damageIsFoundOrHarmless() {
        let text = sample(600)
        let zip = Zip.pack(text, name: "rows.csv")
        let seed: UInt64 = 0x21B
        print("zip: 10000 mutations, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var harmless = 0
        for _ in 0..<10_000 {
            var damaged = zip
            for _ in 0...random.next(below: 3) {
                damaged[Int(random.next(below: UInt64(zip.count)))] = UInt8(random.next(below: 256))
            }
            do {
                let found = try Zip.readAll(damaged)
                #expect(found.text == text)
                harmless += 1
            } catch {
                #expect(error is ByteSourceError)
            }
        }
        #expect(harmless < 9000)
    }

    /// Goal: what isn't read here is said so. Method: an encrypted zip, another method, and two files in one.
    @Test func refusesWhatItCannotRead() {
        let zip = Zip.pack(sample(100), name: "rows.csv")
        var encrypted = zip
        encrypted[6] |= 1
        var packed = zip
        packed[8] = 12
        for bytes in [encrypted, packed] {
            #expect(throws: ByteSourceError.unsupported(offset: 0)) { try Zip.readAll(bytes) }
        }
        let data = zip.count - 22 - 46 - 8
        let error = #expect(throws: ByteSourceError.self) { try Zip.readAll(Array(zip[..<data]) + zip) }
        #expect(error == .unsupported(offset: UInt64(data)))
    }
}
