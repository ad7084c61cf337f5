import CMallocCount
import FairleadMarketData
import FairleadModel
import Testing

/// Lines as the recorders wrote them (hftbacktest's sample data, MIT), and variants of the venue's documented streams.
enum TapeLines {
    static let quote =
        #"1723161255088169167 {"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"#
        + #""s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256314}}"#
    static let trade =
        #"1723161255088176367 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256321,"#
        + #""s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}"#
    static let mark =
        #"1680652701048293 {"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1680652701000,"#
        + #""s":"BTCUSDT","p":"28147.27373413","P":"28142.15563565","i":"28159.75642857","r":"0.00002754","#
        + #""T":1680652800000}}"#
    static let aggTrade =
        #"1723161255088176368 {"stream":"ethusdt@aggTrade","data":{"e":"aggTrade","E":1723161256322,"a":77,"#
        + #""s":"ETHUSDT","p":"2677.03","q":"1.5","f":1,"l":2,"T":1723161256320,"m":true}}"#
    static let depth =
        #"1680652700600379 {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1680652700594,"#
        + #""T":1680652700586,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[["5000.00","14.368"]],"a":[]}}"#
    static let snapshot = #"1723161255319702566 {"lastUpdateId":5123107852948,"E":1,"T":1,"bids":[],"asks":[]}"#
    static let kline = #"1723161255319702566 {"stream":"x@kline_1m","data":{"e":"kline","E":1,"s":"X","k":{"t":1}}}"#
    static let all = [quote, trade, mark, aggTrade, depth, snapshot, kline]

    /// The line with the first occurrence of a text replaced; the text must be there.
    static func changed(_ line: String, _ from: String, _ to: String) throws -> String {
        let range = try #require(line.firstRange(of: from))
        return String(line[..<range.lowerBound]) + to + String(line[range.upperBound...])
    }

    static func tape(_ lines: [String], ending: String = "\n") throws -> BinanceTape {
        let text = lines.joined(separator: "\n") + ending
        return BinanceTape(
            MemoryByteSource(Array(text.utf8), pieceSize: 100),
            instruments: try Instruments.usdm(),
            lineLimit: 2048
        )
    }
}

struct BinanceTapeTests {
    /// Goal: each kind of line becomes the event that it tells, or its count. Method: one line of each, the events
    /// compared whole, with the last line ending in nothing.
    @Test func readsEachKind() throws {
        var tape = try TapeLines.tape(TapeLines.all + [""], ending: "  ")
        var found: [String] = []
        while let record = try tape.next() {
            found.append("\(record.ordinal) \(record.time.nanoseconds) \(EventText.text(record.event))")
        }
        #expect(
            found == [
                "1 1723161255088169167 quote 0 2.507@61800.2 2.51@61800.3 1723161256313000000",
                "2 1723161255088176367 trade 0 buy 0.006@61800.3 1723161256321000000",
                // Its receive time lies before: the time stays, and the step is counted.
                "3 1723161255088176367 mark 0 28147.27373413 1680652701000000000",
                "4 1723161255088176368 trade 1 sell 1.5@2677.03 1723161256320000000",
            ]
        )
        let counts = tape.counts
        #expect(counts.quotes == 1 && counts.trades == 2 && counts.marks == 1)
        #expect(counts.depthUpdates == 1 && counts.snapshots == 1 && counts.others == 1)
        #expect(counts.blankLines == 1 && counts.clampedTimes == 1)
        #expect(counts.lines == 8 && counts.malformed == 0)
        #expect(tape.firstMalformed == nil)
    }

    /// Goal: the order of members and the spaces between them say nothing. Method: the same quote written otherwise,
    /// with members that nobody knows, one of them long and nested.
    @Test func readsMembersInAnyOrder() throws {
        let variants = [
            #"1723161255088169167 {"data":{"A":"2.510","a":"61800.30","B":"2.507","b":"61800.20","s":"BTCUSDT","#
                + #""E":1723161256314,"T":1723161256313,"u":1,"e":"bookTicker"},"stream":"btcusdt@bookTicker"}"#,
            "1723161255088169167  { \"stream\" : \"x\" , \"more\":[{\"a\":\"}\\\"]\"}], \"data\" : { \"e\" : "
                + "\"bookTicker\" , \"s\" : \"BTCUSDT\", \"ps\":\"x\", \"long\":{\"b\":\"9\"}, \"b\" : \"61800.20\", "
                + "\"B\":\"2.507000000000\", \"a\":\"61800.3\", \"A\":\"2.51\", \"T\": 1723161256313 } } \r",
        ]
        for line in variants {
            var tape = try TapeLines.tape([line])
            let record = try #require(try tape.next(), "\(tape.firstMalformed?.description ?? "no record")")
            #expect(
                EventText.text(record.event) == "quote 0 2.507@61800.2 2.51@61800.3 1723161256313000000"
            )
        }
    }

    /// Goal: a line that says nothing usable is counted with its line, field and reason, and the tape goes on. Method:
    /// one wrong line of each kind between two right ones.
    @Test func namesWhatIsWrong() throws {
        let changed = TapeLines.changed
        let quote = TapeLines.quote
        let trade = TapeLines.trade
        let cases: [(String, TapeField, TapeFaultReason)] = [
            ("172316125508816916 {}", .receiveTime, .notATime),
            ("17231612550881691670 {}", .receiveTime, .notATime),
            ("9999999999999999999 {}", .receiveTime, .outOfRange),
            ("9214646400000000000 {}", .receiveTime, .outOfRange),
            ("9214646400000000 {}", .receiveTime, .outOfRange),
            ("9214646400.5: {}", .receiveTime, .outOfRange),
            ("x", .receiveTime, .notATime),
            ("1723161255088169167", .receiveTime, .syntax),
            ("1723161255088169167 ", .line, .syntax),
            ("1723161255088169167 []", .line, .syntax),
            ("1723161255088169167 {}", .line, .syntax),
            (#"1723161255088169167 {"stream":"x"}"#, .data, .missing),
            (#"1723161255088169167 {"stream":"x","data":{"E":1}}"#, .kind, .missing),
            (try changed(quote, #""stream":"btcusdt@bookTicker","#, ""), .stream, .missing),
            (try changed(quote, #""b":"61800.20","#, ""), .bid, .missing),
            (try changed(quote, #","A":"2.510""#, ""), .askQuantity, .missing),
            (try changed(quote, #""s":"BTCUSDT","#, ""), .symbol, .missing),
            (try changed(quote, "BTCUSDT", ""), .symbol, .missing),
            (try changed(quote, "BTCUSDT", String(repeating: "B", count: 33)), .symbol, .tooLong),
            (try changed(quote, #""a":"#, #""b":"#), .bid, .repeated),
            (try changed(quote, "61800.20", "6180O.20"), .bid, .decimal(.unexpectedCharacter)),
            (try changed(quote, "61800.20", "-1"), .bid, .decimal(.negative)),
            (try changed(quote, "61800.20", "0.00"), .bid, .notPositive),
            (try changed(quote, "61800.20", "1e9"), .bid, .decimal(.unexpectedCharacter)),
            (try changed(quote, "61800.20", "1000000000.1"), .bid, .outOfRange),
            (try changed(quote, "61800.20", "99999999999999999999"), .bid, .decimal(.outOfRange)),
            (try changed(quote, "61800.20", "61800.200000001"), .bid, .decimal(.tooPrecise)),
            (try changed(quote, "2.507", "10000000001"), .bidQuantity, .outOfRange),
            (try changed(quote, "\"2.507\"", "2.507"), .bidQuantity, .syntax),
            (try changed(quote, "1723161256313", "9214646400000"), .transactionTime, .outOfRange),
            (try changed(quote, "1723161256313", "9999999999999999999"), .transactionTime, .outOfRange),
            (try changed(quote, "1723161256313", "null"), .transactionTime, .syntax),
            (quote + "}", .line, .syntax),
            (quote + " x", .line, .syntax),
            (try changed(trade, "false", "falsy"), .buyerIsMaker, .syntax),
            (try changed(trade, "0.006", "0"), .quantity, .notPositive),
            (try changed(trade, #","m":false"#, ""), .buyerIsMaker, .missing),
            (try changed(trade, #""p":"61800.30","#, ""), .price, .missing),
        ]
        for (line, field, reason) in cases {
            var tape = try TapeLines.tape([quote, line, quote])
            #expect(try tape.next() != nil)
            #expect(try tape.next() != nil, "the tape goes on after: \(line)")
            #expect(try tape.next() == nil)
            #expect(tape.counts.malformed == 1, "\(line)")
            let first = tape.firstMalformed
            let malformed = try #require(first, "\(line)")
            #expect(malformed.line == 2)
            #expect(malformed.fault.field == field, "\(line): \(malformed)")
            #expect(malformed.fault.reason == reason, "\(line): \(malformed)")
            #expect(malformed.description.contains(field.key))
        }
    }

    /// Goal: a wrong configuration ends the run and says where. Method: a price between two ticks, in a quote's bid,
    /// its ask and a trade; a mark price there is none of that.
    @Test func aPriceOffItsTickEndsTheTape() throws {
        let cases: [(String, String, TapeField)] = [
            ("61800.20", "61800.25", .bid), ("61800.30", "61800.301", .ask), ("61800.30", "61800.35", .price),
        ]
        for (number, (from, to, field)) in cases.enumerated() {
            let line = number == 2 ? TapeLines.trade : TapeLines.quote
            let wrong = try TapeLines.changed(line, from, to)
            var tape = try TapeLines.tape([TapeLines.mark, wrong, TapeLines.quote])
            #expect(try tape.next() != nil)
            let expected = TapeError.offTick(
                tape: 0,
                line: 2,
                field: field,
                instrument: InstrumentHandle(0),
                price: try Price(text: to),
                tick: try Price(text: "0.1")
            )
            #expect(throws: expected) { try tape.next() }
            #expect(throws: expected, "the error stays") { try tape.next() }
            #expect(expected.description.contains(to))
        }
    }

    /// Goal: trades are counted once, and only those of the book move it. Method: both trade streams of one symbol,
    /// a trade of the insurance fund, and one with zeros that never was.
    @Test func skipsTradesThatAreNotTheBooks() throws {
        let single = TapeLines.trade
        let fund = single.replacing("MARKET", with: "INSURANCE_FUND")
        let none = single.replacing("MARKET", with: "NA").replacing("61800.30", with: "0")
            .replacing("0.006", with: "0")
        let aggregate = TapeLines.aggTrade.replacing("ETHUSDT", with: "BTCUSDT").replacing("2677.03", with: "2677.0")
        let unknown = single.replacing("BTCUSDT", with: "BTCUSDC")
        var tape = try TapeLines.tape([single, fund, none, aggregate, unknown, TapeLines.aggTrade, single])
        var count = 0
        while try tape.next() != nil { count += 1 }
        #expect(count == 3)
        #expect(tape.counts.trades == 3)
        #expect(tape.counts.tradesOutsideTheBook == 2)
        #expect(tape.counts.repeatedTrades == 1)
        #expect(tape.counts.unknownSymbols == 1)
        #expect(tape.counts.malformed == 0)
    }

    /// Goal: a cut line is never half an event. Method: every truncation of every example line, alone on a tape.
    @Test func everyTruncationIsRefusedOrSkipped() throws {
        for line in TapeLines.all {
            for length in 0..<line.utf8.count {
                let cut = String(decoding: Array(line.utf8)[..<length], as: UTF8.self)
                for ending in ["\n", ""] {
                    var tape = try TapeLines.tape([cut], ending: ending)
                    #expect(try tape.next() == nil, "\(length) bytes of \(line)")
                    let counts = tape.counts
                    #expect(counts.quotes + counts.trades + counts.marks == 0)
                    #expect(
                        counts.malformed + counts.blankLines + counts.depthUpdates + counts.snapshots + counts.others
                            == counts.lines
                    )
                }
            }
        }
    }

    /// Goal: no line crashes the reader, and each one is counted exactly once. Method: 20,000 lines with random bytes
    /// replaced, removed, doubled or swapped with another line's tail (printed seed).
    @Test func mutatedLinesAreCounted() throws {
        let seed: UInt64 = 20_240_808
        var random = DeterministicRandom(seed: seed)
        let alphabet = Array(#"0123456789.-+eE"{}[],: \truefalsnxXbBaApqmTs"#.utf8) + [0, 9, 13, 127, 128, 255]
        var text: [UInt8] = []
        let count = 20_000
        for _ in 0..<count {
            var line = Array(TapeLines.all[Int(random.next(below: UInt64(TapeLines.all.count)))].utf8)
            for _ in 0...random.next(below: 4) {
                let index = Int(random.next(below: UInt64(line.count)))
                switch random.next(below: 5) {
                case 0: line.remove(at: index)
                case 1: line.insert(line[index], at: index)
                case 2:
                    let other = Array(TapeLines.all[Int(random.next(below: UInt64(TapeLines.all.count)))].utf8)
                    line = Array(line[..<index]) + other[min(index, other.count)...]
                default: line[index] = alphabet[Int(random.next(below: UInt64(alphabet.count)))]
                }
                if line.isEmpty { line = [32] }
            }
            text += line + [10]
        }
        // Ticks of one unit: nothing that parses may end the run here.
        let instruments = try ["BTCUSDT", "ETHUSDT"].map {
            try Instruments.make($0, tick: "0.00000001", lot: "0.00000001")
        }
        var tape = BinanceTape(MemoryByteSource(text, pieceSize: 4096), instruments: instruments)
        var records: UInt64 = 0
        while let record = try tape.next() {
            records += 1
            guard case .quoted(let quote) = record.event else { continue }
            #expect(quote.bid > .zero && quote.bid <= .bound && quote.ask > .zero && quote.ask <= .bound)
        }
        let counts = tape.counts
        #expect(records == counts.quotes + counts.trades + counts.marks, "seed \(seed)")
        let skipped =
            counts.depthUpdates + counts.snapshots + counts.others + counts.blankLines + counts.unknownSymbols
            + counts.tradesOutsideTheBook + counts.repeatedTrades + counts.malformed
        #expect(records + skipped == counts.lines, "seed \(seed)")
        #expect(counts.lines == UInt64(count), "seed \(seed)")
        #expect(counts.malformed > UInt64(count / 3), "seed \(seed): \(counts.malformed) malformed")
    }

    /// Goal: nothing is allocated per record. Method: allocations of this thread over all records of a tape but its
    /// first, read through the merger.
    @Test func allocatesNothing() throws {
        let text = Array((0..<5000).map { _ in TapeLines.quote + "\n" + TapeLines.trade + "\n" }.joined().utf8)
        var merger = TapeMerger()
        let isTaken = merger.add(MemoryByteSource(Gzip.compress(text)), instruments: try Instruments.usdm())
        #expect(isTaken)
        #expect(try merger.next() != nil)
        var count = 1
        let before = malloc_count_this_thread()
        while try merger.next() != nil { count += 1 }
        #expect(malloc_count_this_thread() == before)
        #expect(count == 10_000)
    }
}
