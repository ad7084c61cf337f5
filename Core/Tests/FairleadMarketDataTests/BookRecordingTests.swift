import FairleadMarketData
import FairleadModel
import Testing

/// Books of all symbols of some tapes, audited by the recorded quotes.
private struct AuditedBooks {
    var books: [OrderBook] = []
    var audits: [BookAudit] = []
    let symbols = TapeSymbols()

    init(_ names: [String]) throws {
        var merger = TapeMerger()
        for name in names {
            let path = try #require(SharedFiles.path(name))
            #expect(merger.add(try TapeFile.open(path: path, symbols: symbols, tape: merger.tapeCount)))
        }
        var updates = 0
        while let record = try merger.nextRecord() {
            while books.count < symbols.count {
                books.append(OrderBook(InstrumentHandle(books.count)))
                audits.append(BookAudit())
            }
            let index = Int(record.content.instrument.index)
            switch record.content {
            case .quote(let quote, let id): audits[index].add(quote, updateID: id)
            case .depth(let update):
                var audit = audits[index]
                audits[index] = BookAudit()
                _ = books[index].apply(update, merger.levels) { audit.add($0) }
                audits[index] = audit
                updates += 1
                if updates % 500 == 0 { books[index].checkInvariants() }
            case .trade, .mark, .bar: break
            }
        }
        for index in 0..<merger.tapeCount { #expect(merger.firstMalformed(ofTape: index) == nil) }
        for book in books { book.checkInvariants() }
    }
}

@Suite(.enabled(if: SharedFiles.isPresent(), "recordings (../shared/marketdata) are not there: skipped"))
struct BookRecordingTests {
    /// Goal: the book rebuilt from depth updates is the venue's. Method: its touch, price and quantity, against every
    /// recorded bookTicker of the same update id; the numbers compared are printed, and none may disagree.
    @Test(arguments: [
        (["binance-usdm/usdm_btcusdt_20240808.gz"], ["BTCUSDT": 629]),
        (["binance-usdm/usdm_ethusdt_20240808.gz"], ["ETHUSDT": 551]),
        // The second file has no snapshot: it goes on where the first one ends.
        (
            ["binance-usdm/usdm_btcusdt_20230404.dat.gz", "binance-usdm/usdm_btcusdt_20230405.dat.gz"],
            ["BTCUSDT": 1565]
        ),
        // REST's snapshots stand in a file of their own.
        (
            [
                "binance-usdm-alts/BINANCE_FUTURES.0.gz", "binance-usdm-alts/BINANCE_FUTURES.http.0.0.gz",
                "binance-usdm-alts/BINANCE_FUTURES.ws.1.0.gz",
            ], ["SUSHIUSDT": 12, "AKROUSDT": 7, "KEEPUSDT": 13, "CTKUSDT": 18]
        ),
    ])
    func equalsEveryQuoteOfTheSameUpdate(_ names: [String], _ expected: [String: UInt64]) throws {
        let audited = try AuditedBooks(names)
        var compared: [String: UInt64] = [:]
        for index in audited.books.indices {
            let symbol = audited.symbols.name(InstrumentHandle(index))
            let (book, audit) = (audited.books[index], audited.audits[index])
            print(
                "book \(symbol) of \(names.joined(separator: " + ")): \(audit.compared) quotes compared, "
                    + "\(audit.disagreeing) disagree; \(book.counts.applied) updates, \(book.counts.old) older than "
                    + "the snapshot, \(book.counts.gaps) gaps, \(book.count(.buy)) bids, \(book.count(.sell)) asks"
            )
            compared[symbol] = audit.compared
            #expect(audit.disagreements.isEmpty)
            #expect(audit.disagreeing == 0)
            #expect(book.isSynchronized && book.counts.gaps == 0 && book.counts.snapshots == 1)
            #expect(book.counts.crossed == 0 && book.droppedLevels == 0 && book.counts.discarded == 0)
        }
        #expect(compared == expected)
    }

    /// Goal: a file that goes on from another, played alone, has no book, and never a wrong one. Method: the second
    /// file of 2023 without the first.
    @Test func withoutASnapshotThereIsNoBook() throws {
        let audited = try AuditedBooks(["binance-usdm/usdm_btcusdt_20230405.dat.gz"])
        #expect(audited.books[0].state == .awaitingSnapshot)
        #expect(audited.books[0].bestBid == nil && audited.audits[0].compared == 0)
        #expect(audited.books[0].counts.discarded > 5000)
    }
}
