import CMallocCount
import FairleadMarketData
import FairleadModel
import Testing

/// Lines in the formats of three recorders, made for these tests.
enum DepthLines {
    static let update =
        #"1700000000000000001 {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1700000000002,"#
        + #""T":1700000000001,"s":"BTCUSDT","U":101,"u":105,"pu":99,"b":[["100.10","1.5"],["99.9","0"]],"#
        + #""a":[["100.2","2.000"]]}}"#
    static let snapshot =
        #"1700000000000000002 {"lastUpdateId":103,"E":1700000000001,"T":1700000000000,"#
        + #""bids":[["100.00","3"],["99.90","4"]],"asks":[["100.20","1"],["100.3","5"]]}"#
    static let answer =
        #"https://venue.test/fapi/v1/depth?symbol=ETHUSDT&limit=1000 -> 1700000000.25: {"lastUpdateId":7,"#
        + #""E":1700000000001,"T":1700000000000,"bids":[["10.00","3"]],"asks":[]}"#
    static let seconds =
        #"1700000000.3125128: {"stream":"ethusdt@depth@100ms","data":{"e":"depthUpdate","E":2,"T":1,"s":"ETHUSDT","#
        + #""U":6,"u":9,"pu":5,"b":[],"a":[["10.50","1"]]}}"#
    static let others = [
        #"https://venue.test/fapi/v1/exchangeInfo -> 1700000000.1: {"timezone":"UTC"}"#,
        #"configuration: {"trades":["X"]}"#, "wss://venue.test/stream?streams=a@b <-> 1700000000.2",
    ]
    static let all = [update, TapeLines.quote, snapshot, answer, seconds] + others

    /// What a tape of these lines says, one record a text.
    static func read(_ lines: [String], content: TapeContent = .all) throws -> (records: [String], tape: any MarketTape)
    {
        let tape = try TapeFile.open(
            MemoryByteSource(Array(lines.joined(separator: "\n").utf8), pieceSize: 100),
            name: "lines.txt",
            symbols: TapeSymbols(),
            content: content
        )
        var records: [String] = []
        while let record = try tape.next() { records.append(RecordText.text(record, tape.levels)) }
        return (records, tape)
    }
}

/// Records as text, to compare them whole.
enum RecordText {
    static func text(_ record: MarketRecord, _ levels: ContiguousArray<DepthLevel>) -> String {
        let head = "\(record.ordinal) \(record.time.nanoseconds) "
        switch record.content {
        case .depth(let update):
            let kind = update.isSnapshot ? "snapshot" : "depth"
            let previous = update.previousID == DepthUpdate.noPrevious ? "-" : "\(update.previousID)"
            let shown = levels.map { "\($0.quantity)@\($0.price)" }
            return head + "\(kind) \(update.instrument.index) \(update.firstID) \(update.lastID) \(previous) "
                + "\(update.venueTime.nanoseconds) \(shown[..<Int(update.bidCount)].joined(separator: " ")) | "
                + shown[Int(update.bidCount)...].joined(separator: " ")
        case .bar(let bar, let length):
            return head + "bar \(bar.instrument.index) \(bar.openTime.nanoseconds) \(bar.open) \(bar.high) \(bar.low) "
                + "\(bar.close) \(bar.volume) \(length.seconds)"
        case .quote(let quote, let id): return head + "\(EventText.text(.quoted(quote))) \(id)"
        case .trade(let trade, let conditions):
            return head + "\(EventText.text(.traded(trade))) \(conditions.rawValue)"
        case .mark(let mark): return head + EventText.text(.marked(mark))
        }
    }
}

struct TapeDepthTests {
    /// Goal: depth updates and snapshots of every recorder come with their numbers and levels. Method: one line of
    /// each, compared whole; what stands between the streams is counted.
    @Test func readsEachRecorder() throws {
        let (records, tape) = try DepthLines.read([DepthLines.update, DepthLines.snapshot] + DepthLines.others)
        #expect(
            records == [
                "1 1700000000000000001 depth 0 101 105 99 1700000000001000000 1.5@100.1 0@99.9 | 2@100.2",
                "2 1700000000000000002 snapshot 0 103 103 - 1700000000000000000 3@100 4@99.9 | 1@100.2 5@100.3",
            ]
        )
        #expect(tape.counts.depthUpdates == 1 && tape.counts.snapshots == 1 && tape.counts.others == 3)
        let alts = try DepthLines.read([DepthLines.answer, DepthLines.seconds])
        #expect(
            alts.records == [
                "1 1700000000250000000 snapshot 0 7 7 - 1700000000000000000 3@10 | ",
                "2 1700000000312512800 depth 0 6 9 5 1000000  | 1@10.5",
            ]
        )
        #expect(tape.firstMalformed == nil && alts.tape.firstMalformed == nil)
    }

    /// Goal: the order of members says nothing, and a stream without `pu` (spot) is read. Method: an update with asks
    /// first, and one without `pu`.
    @Test func readsMembersInAnyOrder() throws {
        let (records, _) = try DepthLines.read([
            #"1700000000000000001 {"data":{"a":[["3","1"],["4","1"]],"b":[["2","5"]],"u":2,"U":1,"s":"A","T":1,"#
                + #""e":"depthUpdate","more":[["1","2"]]},"stream":"x"}"#
        ])
        #expect(records == ["1 1700000000000000001 depth 0 1 2 - 1000000 5@2 | 1@3 1@4"])
    }

    /// Goal: a snapshot that doesn't say whose it is belongs to the tape's one symbol, and to none where there are
    /// several. Method: a snapshot behind lines of one and of two symbols, and one at the start.
    @Test func attributesSnapshots() throws {
        let one = try DepthLines.read([TapeLines.quote, DepthLines.snapshot])
        #expect(one.tape.counts.snapshots == 1)
        let two = try DepthLines.read([TapeLines.quote, TapeLines.aggTrade, DepthLines.snapshot])
        #expect(two.tape.counts.snapshots == 0 && two.tape.counts.unattributedSnapshots == 1)
        let none = try DepthLines.read([DepthLines.snapshot])
        #expect(none.tape.counts.unattributedSnapshots == 1)
    }

    /// Goal: only what is asked for is delivered, numbered without gaps, and all of it counted. Method: the same lines
    /// for several contents.
    @Test func deliversWhatIsAskedFor() throws {
        let lines = [DepthLines.update, TapeLines.quote, TapeLines.trade, TapeLines.mark]
        for (content, kinds) in [
            (TapeContent.quotes, ["quote"]), (.depth, ["depth"]), ([.trades, .marks], ["trade", "mark"]),
            (.touch, ["quote", "trade", "mark"]), (.bars, []),
        ] {
            let (records, tape) = try DepthLines.read(lines, content: content)
            #expect(records.map { String($0.split(separator: " ")[2]) } == kinds)
            #expect(records.enumerated().allSatisfy { $1.hasPrefix("\($0 + 1) ") })
            #expect(tape.counts.depthUpdates == 1 && tape.counts.quotes == 1 && tape.counts.marks == 1)
        }
    }

    /// Goal: a line that says nothing usable is counted with its field and reason. Method: one wrong line of each kind.
    @Test func namesWhatIsWrong() throws {
        let update = DepthLines.update
        let changed = TapeLines.changed
        let cases: [(String, TapeField, TapeFaultReason)] = [
            (try changed(update, #""U":101,"#, ""), .firstUpdateID, .missing),
            (try changed(update, #""u":105,"#, ""), .updateID, .missing),
            (try changed(update, #""U":101"#, #""U":106"#), .firstUpdateID, .outOfRange),
            (try changed(update, #""pu":99"#, #""pu":"99""#), .previousUpdateID, .syntax),
            (try changed(update, #""U":101"#, #""u":101"#), .updateID, .repeated),
            (try changed(update, #"["100.10","1.5"]"#, #"["100.10"]"#), .bids, .syntax),
            (try changed(update, #"["100.10","1.5"]"#, #"["100.10","1.5","2"]"#), .bids, .syntax),
            (try changed(update, #"["100.10","1.5"],"#, #"["100.10","1.5"]"#), .bids, .syntax),
            (try changed(update, #""100.10""#, #""0""#), .bids, .notPositive),
            (try changed(update, #""100.10""#, #""1000000001""#), .bids, .outOfRange),
            (try changed(update, #""2.000""#, #""-2.000""#), .asks, .decimal(.negative)),
            (try changed(update, #""2.000""#, #""10000000001""#), .asks, .outOfRange),
            (try changed(update, #""a":[["100.2","2.000"]]"#, #""x":1"#), .asks, .missing),
            (try changed(DepthLines.snapshot, #""lastUpdateId":103"#, #""lastUpdateId":"103""#), .snapshotID, .syntax),
            (try changed(DepthLines.snapshot, #""bids""#, #""bid""#), .bids, .missing),
            (DepthLines.snapshot + "}", .line, .syntax), (update + "x", .line, .syntax),
            (try changed(DepthLines.answer, "symbol=ETHUSDT", "sym=ETHUSDT"), .symbol, .missing),
            (try changed(DepthLines.answer, " -> ", " "), .url, .syntax),
            (try changed(DepthLines.answer, "1700000000.25", "17000000.25"), .receiveTime, .notATime),
            (try changed(DepthLines.seconds, "1700000000.3125128:", "1700000000.3125128"), .receiveTime, .notATime),
            (try changed(DepthLines.seconds, ".3125128", "."), .receiveTime, .notATime),
            (try changed(DepthLines.seconds, ".3125128", ".1234567890"), .receiveTime, .notATime),
            (try changed(DepthLines.seconds, "1700000000.3", "9999999999.3"), .receiveTime, .outOfRange),
        ]
        for (line, field, reason) in cases {
            let (_, tape) = try DepthLines.read([TapeLines.quote, line, TapeLines.quote])
            #expect(tape.counts.malformed == 1, "\(line)")
            #expect(tape.counts.quotes == 2)
            let malformed = try #require(tape.firstMalformed, "\(line)")
            #expect(malformed.line == 2)
            #expect(malformed.fault.field == field, "\(line): \(malformed)")
            #expect(malformed.fault.reason == reason, "\(line): \(malformed)")
        }
    }

    /// Goal: a level off its instrument's tick is delivered and counted, since it may rest since the tick was finer; a
    /// touch off it ends the tape.
    /// Method: a tick that the tape was not recorded with.
    @Test func keepsLevelsOfAnotherTick() throws {
        let symbols = TapeSymbols([try Instruments.make("BTCUSDT", tick: "0.5", lot: "0.001")])
        let lines = DepthLines.update + "\n" + TapeLines.quote
        let tape = try TapeFile.open(MemoryByteSource(Array(lines.utf8)), name: "x", symbols: symbols)
        guard case .depth(let update) = try tape.next()?.content else {
            Issue.record("no depth")
            return
        }
        #expect(tape.levels.count == update.levelCount)
        let offTick = tape.levels.count { $0.price.raw % 50_000_000 != 0 }
        #expect(offTick > 0 && tape.counts.offTickLevels == UInt64(offTick))
        let error = #expect(throws: TapeError.self) { try tape.next() }
        guard case .offTick(_, let line, .bid, _, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(line == 2)
    }

    /// Goal: no line traps, however cut or damaged. Method: every truncation of each line, and 12,000 changed lines
    /// from a printed seed; whatever is delivered holds what a record promises.
    @Test func truncationsAndMutationsAreAnswered() throws {
        let seed: UInt64 = 0xDE97
        print("depth lines: every truncation, 12000 mutations, seed \(seed)")
        var texts: [[UInt8]] = []
        for line in DepthLines.all { for count in 0..<line.utf8.count { texts.append(Array(line.utf8.prefix(count))) } }
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<12_000 {
            var line = Array(DepthLines.all[Int(random.next(below: UInt64(DepthLines.all.count)))].utf8)
            for _ in 0...random.next(below: 3) {
                let place = Int(random.next(below: UInt64(line.count)))
                switch random.next(below: 3) {
                case 0: line[place] = UInt8(random.next(below: 256))
                case 1: line.remove(at: place)
                default: line.insert(line[Int(random.next(below: UInt64(line.count)))], at: place)
                }
                if line.isEmpty { line = [0x20] }
            }
            texts.append(line)
        }
        let bytes = Array(texts.joined(separator: [10]))
        let tape = try TapeFile.open(MemoryByteSource(bytes, pieceSize: 999), name: "x", symbols: TapeSymbols(upTo: 8))
        var last = Timestamp.never
        var records: UInt64 = 0
        while let record = try tape.next() {
            records += 1
            #expect(record.time >= last && record.ordinal == records)
            last = record.time
            guard case .depth(let update) = record.content else { continue }
            let levels = tape.levels
            #expect(levels.count == update.levelCount && update.firstID <= update.lastID)
            #expect(levels.allSatisfy { $0.price > .zero && $0.price <= .bound && $0.quantity >= .zero })
        }
        #expect(tape.counts.malformed > 5000, "seed \(seed)")
        #expect(records > 100, "seed \(seed)")
    }

    /// Goal: nothing is allocated per depth record. Method: allocations of this thread over all records but the first.
    @Test func allocatesNothing() throws {
        let text = Array((0..<5000).map { _ in DepthLines.update + "\n" + TapeLines.quote + "\n" }.joined().utf8)
        var tape = BinanceTape(
            MemoryByteSource(Gzip.compress(text)),
            symbols: TapeSymbols(try Instruments.usdm()),
            content: .all
        )
        #expect(try tape.nextRecord() != nil)
        var count = 1
        let before = malloc_count_this_thread()
        while try tape.nextRecord() != nil { count += 1 }
        #expect(malloc_count_this_thread() == before)
        #expect(count == 10_000)
    }
}
