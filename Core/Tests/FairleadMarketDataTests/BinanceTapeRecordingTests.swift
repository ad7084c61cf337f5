import FairleadMarketData
import FairleadModel
import Testing

/// What a whole tape held: read once, compared in one place.
private struct TapeSummary {
    var counts = TapeCounts()
    var firstMalformed: MalformedLine?
    var first: TapeRecord?
    var last: TapeRecord?
    var records: UInt64 = 0
    var isMonotone = true

    init(_ name: String) throws {
        let path = try #require(SharedFiles.path("binance-usdm/" + name))
        var tape = BinanceTape(try FileByteSource(path: path), instruments: try Instruments.usdm())
        while let record = try tape.next() {
            if first == nil { first = record }
            if let last, record.time < last.time || record.ordinal != last.ordinal + 1 { isMonotone = false }
            last = record
            records += 1
        }
        counts = tape.counts
        firstMalformed = tape.firstMalformed
    }
}

@Suite(.enabled(if: SharedFiles.isPresent(), "recordings (../shared/marketdata) are not there: skipped"))
struct BinanceTapeRecordingTests {
    /// Goal: a real recording is read whole, and nothing of it is lost or misread. Method: the counts by kind that
    /// `grep -c` gives for each file, the first and the last record as they stand in it, and no malformed line.
    @Test func readsBitcoin2024() throws {
        let tape = try TapeSummary("usdm_btcusdt_20240808.gz")
        #expect(tape.counts.lines == 93_954)
        #expect(tape.counts.quotes == 66_089)
        #expect(tape.counts.trades == 21_313)
        #expect(tape.counts.depthUpdates == 6_551)
        #expect(tape.counts.snapshots == 1)
        #expect(tape.counts.marks == 0)
        #expect(tape.firstMalformed == nil)
        #expect(tape.isMonotone)
        #expect(tape.records == 66_089 + 21_313)
        let first = try #require(tape.first)
        #expect(first.time.nanoseconds == 1_723_161_255_088_169_167)
        guard case .quoted(let quote) = first.event else {
            Issue.record("the first record is a quote")
            return
        }
        #expect(try quote.bid == Price(text: "61800.2"))
        #expect(try quote.ask == Price(text: "61800.3"))
        #expect(try quote.bidQuantity == Quantity(text: "2.507"))
        #expect(try quote.askQuantity == Quantity(text: "2.51"))
        #expect(quote.venueTime == Timestamp(milliseconds: 1_723_161_256_313))
    }

    /// Goal: the same of the second symbol of 2024. Method: as above.
    @Test func readsEther2024() throws {
        let tape = try TapeSummary("usdm_ethusdt_20240808.gz")
        #expect(tape.counts.lines == 74_655)
        #expect(tape.counts.quotes == 53_992)
        #expect(tape.counts.trades == 14_076)
        #expect(tape.counts.depthUpdates == 6_586)
        #expect(tape.counts.snapshots == 1)
        #expect(tape.firstMalformed == nil)
        #expect(tape.isMonotone)
    }

    /// Goal: times in microseconds, mark prices and a trade of the insurance fund are read as what they are. Method:
    /// the two files of 2023, whose counts `grep -c` gives, and their first and last times.
    @Test func readsBitcoin2023() throws {
        let before = try TapeSummary("usdm_btcusdt_20230404.dat.gz")
        #expect(before.counts.lines == 13_384)
        #expect(before.counts.quotes == 6_765)
        #expect(before.counts.trades == 2_197)
        #expect(before.counts.marks == 99)
        #expect(before.counts.depthUpdates == 4_322)
        #expect(before.counts.snapshots == 1)
        #expect(before.firstMalformed == nil)
        #expect(before.first?.time == Timestamp(nanoseconds: 1_680_652_700_423_575_000))
        let after = try TapeSummary("usdm_btcusdt_20230405.dat.gz")
        #expect(after.counts.lines == 60_381)
        #expect(after.counts.quotes == 37_440)
        #expect(after.counts.trades == 10_737)
        #expect(after.counts.tradesOutsideTheBook == 1)
        #expect(after.counts.marks == 415)
        #expect(after.counts.depthUpdates == 11_788)
        #expect(after.firstMalformed == nil)
        #expect(after.isMonotone)
        let end = try #require(before.last)
        let start = try #require(after.first)
        #expect(end.time <= start.time)
    }

    /// Goal: two tapes play as one, in time, and a restart finds its place by the ordinal alone. Method: both symbols
    /// of 2024 merged; every record counted, times compared, then a second merger skipped to half of it and compared.
    @Test func mergesAndResumes() throws {
        var merger = try merged()
        var last = Timestamp.never
        var middle: TapeRecord?
        var count: UInt64 = 0
        while count < 20_000, let record = try merger.next() {
            #expect(record.time >= last)
            last = record.time
            count += 1
            #expect(record.ordinal == count)
            if count == 12_001 { middle = record }
        }
        var resumed = try merged()
        #expect(try resumed.skip(through: 12_000))
        let record = try #require(try resumed.next())
        let expected = try #require(middle)
        #expect(record.ordinal == expected.ordinal)
        #expect(record.time == expected.time)
        #expect(EventText.text(record.event) == EventText.text(expected.event))
    }

    /// Goal: a recording that was cut off plays up to the cut and then says so. Method: a real file cut at 40 offsets
    /// (printed seed); records before the cut are those of the whole file, and the error names the offset.
    @Test func truncatedRecordingsEndInAnError() throws {
        let path = try #require(SharedFiles.path("binance-usdm/usdm_btcusdt_20230404.dat.gz"))
        var bytes: [UInt8] = []
        let file = try FileByteSource(path: path)
        var buffer = ContiguousArray<UInt8>(repeating: 0, count: 65_536)
        while true {
            let count = try file.read(into: &buffer, range: 0..<buffer.count)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        let seed: UInt64 = 404
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<40 {
            let cut = Int(random.next(below: UInt64(bytes.count / 4)))
            var tape = BinanceTape(
                MemoryByteSource(Array(bytes[..<cut])),
                instruments: try Instruments.usdm(),
                tape: 3
            )
            var records: UInt64 = 0
            var failure: TapeError?
            do {
                while try tape.next() != nil { records += 1 }
            } catch {
                failure = error
            }
            // Below two bytes nothing says that the file was ever compressed.
            guard cut >= 2 else { continue }
            #expect(failure == .unreadable(tape: 3, .truncated(offset: UInt64(cut))), "seed \(seed), cut \(cut)")
            #expect(tape.counts.malformed == 0, "seed \(seed), cut \(cut)")
            #expect(cut < 100_000 || records > 500, "seed \(seed), cut \(cut)")
            #expect(tape.bufferSize < 512 * 1024)
        }
    }

    /// Goal: a journal names recordings by the hash that `sha256sum` gives. Method: one file's, written down.
    @Test func hashesARecording() throws {
        let path = try #require(SharedFiles.path("binance-usdm/usdm_btcusdt_20230404.dat.gz"))
        #expect(
            try FileDigest(path: path).description == "85c1c350353bc5d73c8d48daf1519d1a7ce8d0bbe703be0b45278171876e110d"
        )
    }

    private func merged() throws -> TapeMerger {
        var merger = TapeMerger()
        for name in ["usdm_btcusdt_20240808.gz", "usdm_ethusdt_20240808.gz"] {
            let path = try #require(SharedFiles.path("binance-usdm/" + name))
            #expect(merger.add(try FileByteSource(path: path), instruments: try Instruments.usdm()))
        }
        return merger
    }
}

/// Market events as text, to compare them whole.
enum EventText {
    static func text(_ event: Event) -> String {
        switch event {
        case .quoted(let quote):
            "quote \(quote.instrument.index) \(quote.bidQuantity)@\(quote.bid) \(quote.askQuantity)@\(quote.ask) "
                + "\(quote.venueTime.nanoseconds)"
        case .traded(let trade):
            "trade \(trade.instrument.index) \(trade.aggressor) \(trade.quantity)@\(trade.price) "
                + "\(trade.venueTime.nanoseconds)"
        case .marked(let mark): "mark \(mark.instrument.index) \(mark.price) \(mark.venueTime.nanoseconds)"
        default: "not a market event"
        }
    }
}
