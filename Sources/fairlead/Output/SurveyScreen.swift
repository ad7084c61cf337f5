import FairleadMarketData
import FairleadModel

/// What `data inspect` found, as JSON and as tables.
struct SurveyScreen {
    /// One file.
    struct File {
        var path: String
        var format: TapeFormat
        var counts: TapeCounts
        var firstMalformed: MalformedLine?
    }

    var files: [File]
    var symbols: [SymbolSurvey]
    var silence: TimeSpan

    // MARK: - JSON

    var json: JSONValue { ["files": .array(files.map(Self.json)), "symbols": .array(symbols.map(Self.json))] }

    private static func json(_ file: File) -> JSONValue {
        let counts = file.counts
        return .object([
            JSONMember("path", .string(file.path)), JSONMember("format", .string(file.format.rawValue)),
            JSONMember("lines", .integer(counts.lines)), JSONMember("malformed", .integer(counts.malformed)),
            JSONMember("first_malformed", file.firstMalformed.map { .string("\($0)") } ?? .null),
            JSONMember("overlong", .integer(counts.overlong)), JSONMember("others", .integer(counts.others)),
            JSONMember("trades_outside_the_book", .integer(counts.tradesOutsideTheBook)),
            JSONMember("repeated_trades", .integer(counts.repeatedTrades)),
            JSONMember("unpaired_rows", .integer(counts.unpairedRows)),
            JSONMember("suspicious", .integer(counts.suspicious)),
            JSONMember("unattributed_snapshots", .integer(counts.unattributedSnapshots)),
            JSONMember("unknown_symbols", .integer(counts.unknownSymbols)),
            JSONMember("clamped_times", .integer(counts.clampedTimes)),
        ])
    }

    private static func json(_ row: SymbolSurvey) -> JSONValue {
        .object([
            JSONMember("symbol", .string(row.symbol)), JSONMember("quotes", .integer(row.quotes)),
            JSONMember("trades", .integer(row.trades)), JSONMember("marks", .integer(row.marks)),
            JSONMember("bars", .integer(row.bars)), JSONMember("depth_updates", .integer(row.depthUpdates)),
            JSONMember("snapshots", .integer(row.snapshots)), JSONMember("first_ts", time(row.first)),
            JSONMember("last_ts", time(row.last)), JSONMember("span_s", number(row.span.seconds)),
            JSONMember("records_per_s", number(row.rate)), JSONMember("busiest_second", .integer(row.busiestSecond)),
            JSONMember("silences", .integer(row.silences)),
            JSONMember("longest_silence_s", number(row.longestSilence.seconds)),
            JSONMember("longest_silence_ts", time(row.longestSilenceStart)),
            JSONMember("crossed", .integer(row.crossed)), JSONMember("locked", .integer(row.locked)),
            JSONMember("spread_mean_bps", number(row.meanSpreadBps)),
            JSONMember("spread_p50_bps", number(row.spreadBps(0.5))),
            JSONMember("spread_p95_bps", number(row.spreadBps(0.95))),
            JSONMember("price_step", .decimal(row.priceStep)), JSONMember("quantity_step", .decimal(row.quantityStep)),
            JSONMember("traded_quantity", .decimal(row.tradedQuantity)),
            JSONMember("shortest_delay_s", number(row.shortestDelay.seconds)),
            JSONMember("book", row.hasBook ? book(row) : .null),
        ])
    }

    private static func book(_ row: SymbolSurvey) -> JSONValue {
        .object([
            JSONMember("state", .string(state(row.bookState))), JSONMember("applied", .integer(row.book.applied)),
            JSONMember("gaps", .integer(row.book.gaps)), JSONMember("old", .integer(row.book.old)),
            JSONMember("discarded", .integer(row.book.discarded)), JSONMember("crossed", .integer(row.book.crossed)),
            JSONMember("quotes_compared", .integer(row.audit.compared)),
            JSONMember("quotes_disagreeing", .integer(row.audit.disagreeing)),
        ])
    }

    private static func state(_ state: BookState) -> String {
        switch state {
        case .awaitingSnapshot: "awaiting_snapshot"
        case .awaitingOverlap: "awaiting_overlap"
        case .synchronized: "synchronized"
        }
    }

    private static func time(_ time: Timestamp) -> JSONValue {
        time.isKnown ? .string(time.text(.nanoseconds)) : .null
    }

    private static func number(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number("\(value)")
    }

    // MARK: - Tables

    func text(_ style: Style) -> String {
        [fileTable.text(style, empty: "no files"), symbolTable.text(style, empty: "no records"), spreadTable(style)]
            .filter { !$0.isEmpty }.joined(separator: style.isPlain ? "\n" : "\n\n")
    }

    private var fileTable: Table {
        var table = Table([
            .init("FILE"), .init("FORMAT"), .init("LINES", isNumber: true), .init("MALFORMED", isNumber: true),
            .init("NOT DELIVERED", isNumber: true), .init("FIRST FAULT"),
        ])
        for file in files {
            let counts = file.counts
            let left =
                counts.others + counts.tradesOutsideTheBook + counts.repeatedTrades + counts.unpairedRows
                + counts.suspicious + counts.unattributedSnapshots + counts.unknownSymbols
            let fault = file.firstMalformed.map { "\($0)" } ?? ""
            table.add([
                file.path, file.format.rawValue, "\(counts.lines)", "\(counts.malformed)", "\(left)", fault,
            ])
        }
        return table
    }

    private var symbolTable: Table {
        var table = Table(
            [Table.Column("SYMBOL")]
                + ["QUOTES", "TRADES", "DEPTH", "SNAPSHOTS", "MARKS", "BARS"].map { .init($0, isNumber: true) }
                + [.init("FROM"), .init("SPAN", isNumber: true), .init("RATE/S", isNumber: true)]
                + [
                    .init("PEAK/S", isNumber: true), .init("SILENCES", isNumber: true),
                    .init("LONGEST", isNumber: true),
                ]
        )
        for row in symbols {
            let counts = [row.quotes, row.trades, row.depthUpdates, row.snapshots, row.marks, row.bars]
            table.add(
                [row.symbol] + counts.map { "\($0)" } + [
                    row.first.isKnown ? row.first.text() : "-", "\(Self.rounded(row.span.seconds)) s",
                    Self.rounded(row.rate), "\(row.busiestSecond)", "\(row.silences)",
                    "\(Self.rounded(row.longestSilence.seconds)) s",
                ]
            )
        }
        return table
    }

    private func spreadTable(_ style: Style) -> String {
        var table = Table(
            [Table.Column("SYMBOL")]
                + ["SPREAD BPS", "P50", "P95", "CROSSED", "LOCKED", "PRICE STEP", "LOT STEP", "DELAY"]
                .map { .init($0, isNumber: true) }
                + [.init("BOOK"), .init("GAPS", isNumber: true), .init("QUOTES EQUAL", isNumber: true)]
        )
        for row in symbols {
            let equal = "\(row.audit.compared - row.audit.disagreeing) of \(row.audit.compared)"
            table.add([
                row.symbol, Self.rounded(row.meanSpreadBps), Self.rounded(row.spreadBps(0.5)),
                Self.rounded(row.spreadBps(0.95)), "\(row.crossed)", "\(row.locked)", "\(row.priceStep)",
                "\(row.quantityStep)", "\(Self.rounded(row.shortestDelay.seconds)) s",
                row.hasBook ? Self.state(row.bookState) : "-", row.hasBook ? "\(row.book.gaps)" : "-",
                row.hasBook ? equal : "-",
            ])
        }
        return symbols.isEmpty ? "" : table.text(style, empty: "")
    }

    private static func rounded(_ value: Double?) -> String {
        guard let value, value.isFinite, abs(value) < 1e12 else { return "-" }
        let hundredths = Int64((value * 100).rounded())
        let rest = abs(hundredths) % 100
        return (hundredths < 0 ? "-" : "") + "\(abs(hundredths) / 100)." + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
