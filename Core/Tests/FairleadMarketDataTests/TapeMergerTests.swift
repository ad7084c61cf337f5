import FairleadMarketData
import FairleadModel
import Testing

struct TapeMergerTests {
    private func quote(_ symbol: String, at time: Int64, bid: String) -> String {
        TapeLines.quote.replacing("1723161255088169167", with: "\(time)").replacing("BTCUSDT", with: symbol)
            .replacing("61800.20", with: bid)
    }

    private let base: Int64 = 1_723_161_255_000_000_000

    private func merger(_ tapes: [[String]]) throws -> TapeMerger {
        var merger = TapeMerger()
        for lines in tapes {
            let text = lines.map { $0 + "\n" }.joined()
            let isTaken = merger.add(MemoryByteSource(Array(text.utf8)), instruments: try Instruments.usdm())
            #expect(isTaken)
        }
        return merger
    }

    /// Goal: several tapes play in time, and equal times in the order of the files. Method: three tapes with ties, one
    /// of them empty, and a step back in one of them.
    @Test func mergesByTimeThenByFile() throws {
        let first = [1, 5, 5, 9].map { quote("BTCUSDT", at: base + $0, bid: "61800.0") }
        // The step back to 2 becomes 5: a tape's own order is never changed.
        let second = [5, 2, 9, 12].map { quote("ETHUSDT", at: base + $0, bid: "61799.99") }
        var merger = try merger([first, [], second])
        var order: [String] = []
        while let record = try merger.next() {
            guard case .quoted(let quote) = record.event else { continue }
            order.append("\(record.ordinal):\(record.time.nanoseconds - base):\(quote.instrument.index)")
        }
        #expect(order == ["1:1:0", "2:5:0", "3:5:0", "4:5:1", "5:5:1", "6:9:0", "7:9:1", "8:12:1"])
        #expect(merger.ordinal == 8)
        #expect(merger.counts(ofTape: 2).clampedTimes == 1)
        #expect(merger.counts(ofTape: 1) == TapeCounts())
        #expect(try merger.next() == nil, "the end stays the end")
    }

    /// Goal: a run goes on at an ordinal. Method: skip to each ordinal and compare the next record; past the end says
    /// so.
    @Test func skipsToAnOrdinal() throws {
        let tapes = [
            (0..<20).map { quote("BTCUSDT", at: base + $0 * 3, bid: "6180\($0 % 10).0") },
            (0..<20).map { quote("ETHUSDT", at: base + $0 * 2, bid: "6170\($0 % 10).01") },
        ]
        var whole = try merger(tapes)
        var records: [String] = []
        while let record = try whole.next() { records.append("\(record.ordinal) \(EventText.text(record.event))") }
        #expect(records.count == 40)
        for ordinal in 0..<40 {
            var resumed = try merger(tapes)
            #expect(try resumed.skip(through: UInt64(ordinal)))
            let record = try #require(try resumed.next())
            #expect("\(record.ordinal) \(EventText.text(record.event))" == records[ordinal])
        }
        var past = try merger(tapes)
        #expect(try past.skip(through: 40))
        #expect(try past.next() == nil)
        #expect(try !past.skip(through: 41))
    }

    /// Goal: an error in one tape comes after the records before it, and names the tape. Method: a second tape that is
    /// off its tick at its second line.
    @Test func anErrorComesInItsPlace() throws {
        let first = [1, 9].map { quote("BTCUSDT", at: base + $0, bid: "61800.0") }
        let second = [quote("ETHUSDT", at: base + 4, bid: "1.01"), quote("ETHUSDT", at: base + 6, bid: "1.001")]
        var merger = try merger([first, second])
        #expect(try merger.next()?.time.nanoseconds == base + 1)
        #expect(try merger.next()?.time.nanoseconds == base + 4)
        for _ in 0..<3 {
            let error = #expect(throws: TapeError.self) { try merger.next() }
            guard case .offTick(let tape, let line, .bid, let instrument, _, _) = error else {
                Issue.record("wrong error: \(String(describing: error))")
                return
            }
            #expect(tape == 1 && line == 2 && instrument == InstrumentHandle(1))
        }
    }

    /// Goal: the number of tapes is bounded. Method: one more than the limit is not taken.
    @Test func takesItsLimitOfTapes() throws {
        var merger = TapeMerger()
        let instruments = try Instruments.usdm()
        for number in 0...TapeMerger.tapeLimit {
            let isTaken = merger.add(MemoryByteSource([]), instruments: instruments)
            #expect(isTaken == (number < TapeMerger.tapeLimit))
        }
        #expect(merger.tapeCount == TapeMerger.tapeLimit)
        #expect(try merger.next() == nil)
    }
}
