import FairleadMarketData
import FairleadModel

/// Records of market data as text: a JSON object a line, or rows of one CSV table.
struct MarketLines {
    enum Format: String, CaseIterable {
        case jsonl
        case csv
    }

    /// The columns of the table. A depth record is a row a level.
    static let columns = [
        "ts_ns", "kind", "symbol", "venue_ts_ns", "update_id", "side", "price", "quantity", "bid", "bid_quantity",
        "ask",
        "ask_quantity", "open_ts_ns", "open", "high", "low", "close", "volume",
    ]

    private let format: Format
    private let symbols: TapeSymbols
    private var writer = JSONWriter()

    init(_ format: Format, _ symbols: TapeSymbols) {
        self.format = format
        self.symbols = symbols
    }

    /// What stands above all lines.
    var heading: [UInt8] { format == .csv ? Array((Self.columns.joined(separator: ",") + "\n").utf8) : [] }

    /// Appends the record's lines.
    mutating func append(
        _ record: MarketRecord,
        _ levels: ContiguousArray<DepthLevel>,
        to bytes: inout [UInt8]
    ) {
        switch format {
        case .jsonl: appendObject(record, levels, to: &bytes)
        case .csv: appendRows(record, levels, to: &bytes)
        }
    }

    static func kind(_ content: MarketContent) -> String {
        switch content {
        case .quote: "quote"
        case .trade: "trade"
        case .mark: "mark"
        case .bar: "bar"
        case .depth(let update): update.isSnapshot ? "snapshot" : "depth"
        }
    }

    // MARK: - JSON

    private mutating func appendObject(
        _ record: MarketRecord,
        _ levels: ContiguousArray<DepthLevel>,
        to bytes: inout [UInt8]
    ) {
        writer.removeAll()
        writer.beginObject()
        writer.field("ts", record.time, .nanoseconds)
        writer.field("ts_ns", record.time.nanoseconds)
        writer.field("kind", Self.kind(record.content))
        writer.field("symbol", symbols.name(record.content.instrument))
        let venueTime = record.content.venueTime
        if venueTime.isKnown { writer.field("venue_ts_ns", venueTime.nanoseconds) }
        switch record.content {
        case .quote(let quote, let id):
            if id > 0 { writer.field("update_id", id) }
            writer.field("bid", quote.bid)
            writer.field("bid_quantity", quote.bidQuantity)
            writer.field("ask", quote.ask)
            writer.field("ask_quantity", quote.askQuantity)
        case .trade(let trade, let conditions):
            writer.field("side", trade.aggressor == .buy ? "buy" : "sell")
            writer.field("price", trade.price)
            writer.field("quantity", trade.quantity)
            if !conditions.isEmpty { writer.field("conditions", conditions.rawValue) }
        case .mark(let mark): writer.field("price", mark.price)
        case .bar(let bar, let length): fields(bar, length)
        case .depth(let update): fields(update, levels)
        }
        writer.endObject()
        writer.endLine()
        bytes += writer.bytes
    }

    private mutating func fields(_ bar: BarReport, _ length: TimeSpan) {
        writer.field("open_ts_ns", bar.openTime.nanoseconds)
        writer.field("length_ns", length.nanoseconds)
        writer.field("open", bar.open)
        writer.field("high", bar.high)
        writer.field("low", bar.low)
        writer.field("close", bar.close)
        writer.field("volume", bar.volume)
    }

    private mutating func fields(_ update: DepthUpdate, _ levels: ContiguousArray<DepthLevel>) {
        writer.field("first_id", update.firstID)
        writer.field("update_id", update.lastID)
        if update.previousID != DepthUpdate.noPrevious { writer.field("previous_id", update.previousID) }
        let bids = Int(update.bidCount)
        for (name, side) in [("bids", levels[..<bids]), ("asks", levels[bids...])] {
            writer.key(name)
            writer.beginArray()
            for level in side {
                writer.beginArray()
                writer.decimal(level.price)
                writer.decimal(level.quantity)
                writer.endArray()
            }
            writer.endArray()
        }
    }

    // MARK: - CSV

    private func appendRows(
        _ record: MarketRecord,
        _ levels: ContiguousArray<DepthLevel>,
        to bytes: inout [UInt8]
    ) {
        var cells = [String](repeating: "", count: Self.columns.count)
        cells[0] = "\(record.time.nanoseconds)"
        cells[1] = Self.kind(record.content)
        cells[2] = symbols.name(record.content.instrument)
        let venueTime = record.content.venueTime
        cells[3] = venueTime.isKnown ? "\(venueTime.nanoseconds)" : ""
        switch record.content {
        case .quote(let quote, let id):
            cells[4] = id > 0 ? "\(id)" : ""
            cells.replaceSubrange(
                8...11,
                with: ["\(quote.bid)", "\(quote.bidQuantity)", "\(quote.ask)", "\(quote.askQuantity)"]
            )
        case .trade(let trade, _):
            let side = trade.aggressor == .buy ? "buy" : "sell"
            cells.replaceSubrange(5...7, with: [side, "\(trade.price)", "\(trade.quantity)"])
        case .mark(let mark): cells[6] = "\(mark.price)"
        case .bar(let bar, _):
            let prices = ["\(bar.open)", "\(bar.high)", "\(bar.low)", "\(bar.close)"]
            cells.replaceSubrange(12...17, with: ["\(bar.openTime.nanoseconds)"] + prices + ["\(bar.volume)"])
        case .depth(let update):
            cells[4] = "\(update.lastID)"
            for (place, level) in levels.enumerated() {
                let side = place < Int(update.bidCount) ? "bid" : "ask"
                cells.replaceSubrange(5...7, with: [side, "\(level.price)", "\(level.quantity)"])
                Self.append(cells, to: &bytes)
            }
            return
        }
        Self.append(cells, to: &bytes)
    }

    private static func append(_ cells: [String], to bytes: inout [UInt8]) {
        bytes += cells.joined(separator: ",").utf8
        bytes.append(0x0A)
    }
}
