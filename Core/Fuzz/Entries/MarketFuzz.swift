import FairleadMarketData
import FairleadModel

/// Market data of the other formats: depth, rows, zips and our own files.
enum MarketFuzz {
    static func depth(_ bytes: [UInt8]) {
        play(bytes, name: "depth.txt") { tape, symbols in
            var books = (0..<4).map { OrderBook(InstrumentHandle($0), levelLimit: 64) }
            while let record = try tape.next() {
                guard case .depth(let update) = record.content else { continue }
                let levels = tape.levels
                FuzzEntry.require(levels.count == update.levelCount, "a depth record has its levels beside it")
                books[Int(update.instrument.index)].apply(update, levels)
                books[Int(update.instrument.index)].checkInvariants()
            }
        }
    }

    static func equity(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let kinds = ["Quote_Tick", "Trade_Tick", "minute_quote", "minute_trade"]
        play(Array(bytes.dropFirst()), name: "20131007_xyz_\(kinds[Int(first) % 4]).csv") { tape, _ in
            var last = Timestamp.never
            while let record = try tape.next() {
                FuzzEntry.require(record.time >= last, "a tape's time never goes back")
                last = record.time
            }
        }
    }

    static func zip(_ bytes: [UInt8]) {
        do throws(ByteSourceError) {
            let zip = try ZipByteSource(MemoryByteSource(bytes, pieceSize: 41))
            var buffer = ContiguousArray<UInt8>(repeating: 0, count: 512)
            // A compressed megabyte can hold a thousand; a reader that is asked no further holds none of it.
            var rounds = 0
            while rounds < 4096, try zip.read(into: &buffer, range: 0..<512) > 0 { rounds += 1 }
        } catch {
            FuzzEntry.require(!"\(error)".isEmpty, "a refusal has a reason")
        }
    }

    /// What is read can be written again.
    static func cache(_ bytes: [UInt8]) {
        play(bytes, name: "tape.fltape") { tape, symbols in
            var records: [(MarketRecord, ContiguousArray<DepthLevel>)] = []
            while records.count < 50_000, let record = try tape.next() {
                let levels = tape.levels
                records.append((record, levels))
                FuzzEntry.require(record.ordinal == UInt64(records.count), "ordinals count up")
            }
            do throws(ByteSinkError) {
                let sink = MemoryByteSink()
                var writer = try CacheWriter(to: sink, symbols: symbols)
                for (record, levels) in records { try writer.append(record, levels: levels) }
                try writer.finish()
                FuzzEntry.require(Int(writer.recordCount) == records.count, "each record is written")
            } catch {
                FuzzEntry.require(false, "memory takes what is written")
            }
        }
    }

    private static func play(
        _ bytes: [UInt8],
        name: String,
        _ body: (any MarketTape, TapeSymbols) throws -> Void
    ) {
        let symbols = TapeSymbols(upTo: 4)
        do {
            try body(TapeFile.open(MemoryByteSource(bytes, pieceSize: 37), name: name, symbols: symbols), symbols)
        } catch {
            FuzzEntry.require(!"\(error)".isEmpty, "a refusal has a reason")
        }
    }
}
