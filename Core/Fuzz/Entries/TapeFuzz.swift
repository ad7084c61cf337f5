import FairleadMarketData
import FairleadModel

/// Recorded market data, plain and compressed.
enum TapeFuzz {
    private static let instruments = ["BTCUSDT", "ETHUSDT"].map {
        Instrument(
            symbol: $0,
            terms: InstrumentTerms(
                tick: Price(raw: 10_000_000),
                lot: Quantity(raw: 100_000),
                minimumQuantity: Quantity(raw: 100_000),
                maximumQuantity: Quantity(raw: 100_000_000_000)
            ),
            origin: "fuzz"
        )
    }

    static func tape(_ bytes: [UInt8]) {
        var tape = BinanceTape(MemoryByteSource(bytes, pieceSize: 37), instruments: instruments, lineLimit: 4096)
        var last = Timestamp.never
        var ordinal: UInt64 = 0
        do throws(TapeError) {
            while let record = try tape.next() {
                FuzzEntry.require(record.time >= last, "a tape's time never goes back")
                FuzzEntry.require(record.ordinal > ordinal, "ordinals count up")
                (last, ordinal) = (record.time, record.ordinal)
            }
        } catch {
            FuzzEntry.require(!"\(error)".isEmpty, "a refusal has a reason")
        }
    }

    static func gzip(_ bytes: [UInt8]) {
        var reader = GzipReader(MemoryByteSource(bytes, pieceSize: 41))
        var buffer = ContiguousArray<UInt8>(repeating: 0, count: 512)
        // A compressed megabyte can hold a thousand; a reader that is asked no further holds none of it.
        var rounds = 0
        do throws(ByteSourceError) {
            while rounds < 4096, try reader.read(into: &buffer, range: 0..<512) > 0 { rounds += 1 }
        } catch {
            FuzzEntry.require(reader.offset <= UInt64(bytes.count), "an error lies inside the file")
        }
    }
}
