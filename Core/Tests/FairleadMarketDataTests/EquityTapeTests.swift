import CMallocCount
import FairleadMarketData
import FairleadModel
import Testing

/// Rows in the format of US equity files, made for these tests.
enum EquityRows {
    static let quoteTicks = [
        "34200000,0,0,1001500,100,Q,1,0", "34200001,1001000,200,0,0,P,1,0", "34200001,0,0,1001200,300,N,1,0",
        "34200005,1001300,100,0,0,K,1,0", "34200005,0,0,1001200,100,Z,1,0", "34200009,1001000,100,0,0,P,1,0",
        "34200010,0,0,1001200,100,P,1,0", "34200011,1001000,100,0,0,P,1,0", "34200011,0,0,1001100,100,P,1,1",
    ]
    static let tradeTicks = [
        "34200002,1001100,50,P,20000020,0", "34200003,1001050,100,N,1,0", "34200003,1001050,100,N,1,0",
        "34200004,1003000,100,D,100201,0", "34200005,1001150,10,Q,1,1", "34200006,1001100,7,Q,1,0",
    ]
    static let tradeMinutes = ["34200000,1000000,1002000,999900,1001000,5500"]
    static let quoteMinutes = ["34200000,999000,1001000,998900,1000900,200,1000100,1001200,1000000,1001100,300"]
    static let names: [(name: String, rows: [String])] = [
        ("equity_usa_tick_xyz_20131007_quote.zip", quoteTicks), ("20131007_xyz_Trade_Tick.csv", tradeTicks),
        ("20131007_xyz_minute_trade.csv", tradeMinutes), ("20131007_xyz_minute_quote.csv", quoteMinutes),
    ]

    static func read(
        _ rows: [String],
        name: String,
        symbols: TapeSymbols = TapeSymbols(),
        zipped: Bool = false
    ) throws -> (records: [String], tape: any MarketTape) {
        let text = Array(rows.joined(separator: "\r\n").utf8)
        let bytes = zipped ? Zip.pack(text, name: name) : text
        let tape = try TapeFile.open(MemoryByteSource(bytes), name: zipped ? "a.zip" : name, symbols: symbols)
        var records: [String] = []
        while let record = try tape.next() { records.append(RecordText.text(record, tape.levels)) }
        return (records, tape)
    }
}

struct EquityTapeTests {
    /// Goal: two rows are one national best quote; a row alone is none. Method: a lone ask first, pairs of which one is
    /// crossed, rows of different milliseconds, and a suspicious one; plain and zipped.
    @Test func pairsQuotes() throws {
        for zipped in [false, true] {
            let (records, tape) = try EquityRows.read(
                EquityRows.quoteTicks,
                name: "20131007_xyz_Quote_Tick.csv",
                zipped: zipped
            )
            #expect(
                records == [
                    "1 1381152600001000000 quote 0 200@100.1 300@100.12 1381152600001000000 0",
                    "2 1381152600005000000 quote 0 100@100.13 100@100.12 1381152600005000000 0",
                ]
            )
            let counts = tape.counts
            #expect(counts.quotes == 2 && counts.crossedQuotes == 1 && counts.halfQuotes == 3)
            #expect(counts.unpairedRows == 3 && counts.suspicious == 1 && counts.lines == 9)
            #expect(counts.malformed == 0)
        }
    }

    /// Goal: trades come with their conditions and the tick rule's side; what was agreed elsewhere does not. Method: an
    /// average-price and a suspicious trade among regular ones.
    @Test func readsTrades() throws {
        let (records, tape) = try EquityRows.read(EquityRows.tradeTicks, name: "20131007_xyz_Trade_Tick.csv")
        #expect(
            records == [
                "1 1381152600002000000 trade 0 buy 50@100.11 1381152600002000000 536870944",
                "2 1381152600003000000 trade 0 sell 100@100.105 1381152600003000000 1",
                "3 1381152600003000000 trade 0 sell 100@100.105 1381152600003000000 1",
                "4 1381152600006000000 trade 0 buy 7@100.11 1381152600006000000 1",
            ]
        )
        #expect(tape.counts.tradesOutsideTheBook == 1 && tape.counts.suspicious == 1)
    }

    /// Goal: a bar is known at its end, not before. Method: a minute of trades and one of quotes.
    @Test func readsBars() throws {
        let trades = try EquityRows.read(EquityRows.tradeMinutes, name: "20131007_xyz_minute_trade.csv")
        #expect(
            trades.records == [
                "1 1381152660000000000 bar 0 1381152600000000000 100 100.2 99.99 100.1 5500 60.0"
            ]
        )
        let quotes = try EquityRows.read(EquityRows.quoteMinutes, name: "20131007_xyz_minute_quote.csv")
        #expect(quotes.records == ["1 1381152660000000000 quote 0 200@100.09 300@100.11 1381152660000000000 0"])
    }

    /// Goal: a name says symbol, date and kind, or that it is of no such file. Method: names of both sorts and wrong
    /// ones.
    @Test func readsNames() throws {
        let name = try #require(EquityFileName("/data/equity_usa_tick_ibm_20131007_quote.zip"))
        #expect(name.symbol == "IBM" && name.kind == .quoteTicks)
        #expect(name.date == CivilDate(year: 2013, month: 10, day: 7))
        #expect(EquityFileName("20140605_aapl_minute_trade.csv")?.kind == .tradeMinutes)
        #expect(EquityFileName("20140605_brk_b_minute_quote.csv")?.symbol == "BRK.B")
        for wrong in [
            "btc.gz", "20131307_ibm_Quote_Tick.csv", "20131007_Quote_Tick.csv", "20131007_ibm_Tick.csv",
            "20131007_ibm_quote.csv", "18991231_ibm_quote_tick.csv", "20131007_i\u{7}bm_quote_tick.csv",
        ] {
            #expect(EquityFileName(wrong) == nil, "\(wrong)")
        }
    }

    /// Goal: a row that says nothing usable is counted with its column and reason. Method: one wrong row of each kind.
    @Test func namesWhatIsWrong() throws {
        let cases: [(Int, String, TapeField, TapeFaultReason)] = [
            (0, "86400000,1,1,0,0,P,1,0", .millisecond, .outOfRange), (0, "x,1,1,0,0,P,1,0", .millisecond, .syntax),
            (0, "1,0,0,0,0,P,1,0", .bid, .notPositive), (0, "1,1,1,0,0,P,1", .suspicious, .missing),
            (0, "1,1,1,0,0,P,1,2", .suspicious, .outOfRange), (0, "1,1,1,0,0,P,1,0,9", .line, .syntax),
            (0, "1,1,1,0,0,,1,0", .exchange, .missing), (0, "1,1,1,0,0,P,,0", .condition, .missing),
            (0, "1,1,1,0,0,P,123456789,0", .condition, .tooLong), (0, "1,1.5,1,0,0,P,1,0", .bidQuantity, .syntax),
            (0, "1,-1,1,0,0,P,1,0", .bid, .syntax), (0, "1,10000000000001,1,0,0,P,1,0", .bid, .outOfRange),
            (0, "1,1,10000000001,0,0,P,1,0", .bidQuantity, .outOfRange), (1, "1,0,5,P,1,0", .price, .notPositive),
            (1, "1,5,0,P,1,0", .quantity, .notPositive), (1, "1,5,5,P,G,0", .condition, .missing),
            (2, "1,5,4,3,4,1", .high, .notABar), (2, "1,5,6,5,4,1", .low, .notABar),
            (2, "1,5,6,0,4,1", .low, .notPositive),
            (2, "1,5,6,4,5", .volume, .missing), (3, "1,5,6,4,5,1,9,9,9", .close, .missing),
        ]
        for (kind, row, field, reason) in cases {
            let (name, rows) = EquityRows.names[kind]
            let (_, tape) = try EquityRows.read([row] + rows, name: name)
            let malformed = try #require(tape.firstMalformed, "\(row)")
            #expect(malformed.line == 1 && tape.counts.malformed == 1)
            #expect(malformed.fault.field == field, "\(row): \(malformed)")
            #expect(malformed.fault.reason == reason, "\(row): \(malformed)")
        }
    }

    /// Goal: configured instruments are checked by their ticks, but for trades, which may lie between. Method: a tick
    /// of a cent and rows of half a cent.
    @Test func checksTicksOfQuotes() throws {
        let symbols = TapeSymbols([try Instruments.make("XYZ", tick: "0.01", lot: "1")])
        let trades = try EquityRows.read(EquityRows.tradeTicks, name: "20131007_xyz_Trade_Tick.csv", symbols: symbols)
        #expect(trades.records.count == 4 && trades.tape.counts.offTickTrades == 2)
        let error = #expect(throws: TapeError.self) {
            try EquityRows.read(
                ["1,1000050,1,0,0,P,1,0", "1,0,0,1000100,1,P,1,0"],
                name: "20131007_xyz_Quote_Tick.csv",
                symbols: symbols
            )
        }
        guard case .offTick(_, 2, .bid, _, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let other = try EquityRows.read(EquityRows.tradeTicks, name: "20131007_abc_Trade_Tick.csv", symbols: symbols)
        #expect(other.records.isEmpty && other.tape.counts.unknownSymbols == 6)
    }

    /// Goal: no row traps, however cut or damaged, and nothing is allocated per row. Method: every truncation of each
    /// row, 12,000 changed rows of four kinds from a printed seed; then allocations over 5,000 rows.
    @Test func truncationsAndMutationsAreAnswered() throws {
        let seed: UInt64 = 0xE0
        print("equity rows: every truncation, 12000 mutations, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        for (name, rows) in EquityRows.names {
            var texts: [[UInt8]] = []
            for row in rows { for count in 0...row.utf8.count { texts.append(Array(row.utf8.prefix(count))) } }
            for _ in 0..<3000 {
                var row = Array(rows[Int(random.next(below: UInt64(rows.count)))].utf8)
                for _ in 0...random.next(below: 3) {
                    row[Int(random.next(below: UInt64(row.count)))] = UInt8(random.next(below: 128))
                }
                texts.append(row)
            }
            let source = MemoryByteSource(Array(texts.joined(separator: [10])))
            let tape = try TapeFile.open(source, name: name, symbols: TapeSymbols())
            var last = Timestamp.never
            while let record = try tape.next() {
                #expect(record.time >= last)
                last = record.time
                if case .quote(let quote, _) = record.content { #expect(quote.bid > .zero && quote.ask > .zero) }
                if case .bar(let bar, _) = record.content { #expect(bar.low <= bar.open && bar.open <= bar.high) }
            }
            #expect(tape.counts.malformed > 1500, "\(name), seed \(seed)")
        }
        let rows = EquityRows.quoteTicks[1] + "\n" + EquityRows.quoteTicks[2] + "\n"
        let text = Array(String(repeating: rows, count: 2500).utf8)
        let tape = try TapeFile.open(MemoryByteSource(text), name: EquityRows.names[0].name, symbols: TapeSymbols())
        #expect(try tape.next() != nil)
        let before = malloc_count_this_thread()
        while try tape.next() != nil {}
        #expect(malloc_count_this_thread() == before)
        #expect(tape.counts.quotes == 2500)
    }
}

@Suite(.enabled(if: SharedFiles.isPresent(), "recordings (../shared/marketdata) are not there: skipped"))
struct EquityRecordingTests {
    /// Goal: two full days of IBM read as national best quotes and the trades at them. Method: pairs and crossed pairs
    /// of regular hours counted as the rows have them; of the trades at least 98 % within a cent of the last pair.
    @Test(arguments: [("20131007", 53_999, 42, 1, 24_293), ("20131008", 62_121, 40, 0, 33_381)])
    func readsTicks(_ day: String, _ pairs: Int, _ crossed: Int, _ lone: UInt64, _ rows: UInt64) throws {
        let symbols = TapeSymbols()
        var merger = TapeMerger()
        for kind in ["quote", "trade"] {
            let path = try #require(SharedFiles.path("us-equities/equity_usa_tick_ibm_\(day)_\(kind).zip"))
            #expect(merger.add(try TapeFile.open(path: path, symbols: symbols, tape: merger.tapeCount)))
        }
        var (regular, crossedPairs, locked, trades, near) = (0, 0, 0, 0, 0)
        var last: Quote?
        let cent = Price(raw: 1_000_000)
        while let record = try merger.nextRecord() {
            switch record.content {
            case .quote(let quote, _):
                last = quote
                guard NewYorkTime.isRegular(record.time) else { continue }
                regular += 1
                if quote.bid > quote.ask { crossedPairs += 1 }
                if quote.bid == quote.ask { locked += 1 }
            case .trade(let trade, _):
                guard let last else { continue }
                trades += 1
                let (low, high) = (min(last.bid, last.ask), max(last.bid, last.ask))
                if trade.price >= low - cent, trade.price <= high + cent { near += 1 }
            case .mark, .bar, .depth: Issue.record("no such record is in these files")
            }
        }
        let quotes = merger.counts(ofTape: 0)
        let prints = merger.counts(ofTape: 1)
        print(
            "IBM \(day): \(quotes.quotes) pairs, \(regular) of them in regular hours, \(crossedPairs) crossed and "
                + "\(locked) locked; \(quotes.unpairedRows) rows without their other, \(quotes.suspicious) suspicious; "
                + "\(near) of \(trades) trades within a cent (\(prints.tradesOutsideTheBook) agreed elsewhere)"
        )
        #expect(regular == pairs && crossedPairs == crossed)
        #expect(quotes.unpairedRows == lone && quotes.malformed == 0 && prints.malformed == 0)
        #expect(prints.lines == rows && prints.trades + prints.tradesOutsideTheBook == rows)
        #expect(Double(near) >= 0.98 * Double(trades))
        #expect(symbols.count == 1 && symbols.name(InstrumentHandle(0)) == "IBM")
    }

    /// Goal: minute bars are read whole. Method: AAPL's day; every row is a bar or a quote, the first at its time.
    @Test func readsMinutes() throws {
        var merger = TapeMerger()
        let symbols = TapeSymbols()
        for kind in ["quote", "trade"] {
            let path = try #require(SharedFiles.path("us-equities/equity_usa_minute_aapl_20140605_\(kind).zip"))
            #expect(merger.add(try TapeFile.open(path: path, symbols: symbols, tape: merger.tapeCount)))
        }
        var first: MarketRecord?
        while let record = try merger.nextRecord() { first = first ?? record }
        let (quotes, bars) = (merger.counts(ofTape: 0), merger.counts(ofTape: 1))
        print("AAPL 20140605: \(quotes.quotes) minutes of quotes, \(bars.bars) of trades")
        #expect(quotes.malformed == 0 && bars.malformed == 0)
        #expect(quotes.quotes == quotes.lines && bars.bars == bars.lines && bars.bars > 400)
        // 4:00 in New York is 8:00 UTC in June; the bar is known a minute later.
        #expect(first?.time.description == "2014-06-05T08:01:00.000000000Z")
    }
}
