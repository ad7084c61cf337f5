import FairleadModel

extension KeyTable {
    /// `runtime.json`, enforced.
    static let runtimeKeys: [ConfigurationKey] =
        processKeys + historyKeys + instrumentKeys + hoursKeys + paperKeys + accountKeys + marketKeys + syntheticKeys
        + journalKeys + tableKeys + orderKeys

    static func runtimeSection(_ prefix: String = "") -> KeySection<RuntimeConfiguration> {
        KeySection(.runtime, segments(prefix), .restart, .part(\.runtime))
    }

    private static var processKeys: [ConfigurationKey] {
        var keys = runtimeSection()
        keys.key(
            "mode",
            \.mode,
            .choice,
            "dry_run: the paper venue fills. live: orders are for real; refused while only paper has an adapter."
        )
        keys.key(
            "environment",
            \.environment,
            .choice,
            "The world that the engine trades in. Only paper has an adapter yet: run refuses the others."
        )
        keys.key("home", \.home, .text(.path), "Where journal, logs and sockets are kept.")
        keys.key(
            "on_stop",
            \.onStop,
            .choice,
            "What happens to working entries when the engine stops.",
            change: .reload
        )
        keys.key("reporting_currency", \.reportingCurrency, .text(.currency), "The currency of NAV and limits.")
        keys.key("control.socket", \.control.socket, .text(.path), "The socket by which a person drives the engine.")
        keys.key("control.clients", \.control.clients, .count(1...1024), "Clients at once; one more is refused.")
        keys.key("logs.directory", \.logs.directory, .text(.path), "Where logs are written.")
        keys.key(
            "logs.file_bytes",
            \.logs.fileBytes,
            .count(65_536...1 << 40),
            "A log is rotated at this size."
        )
        keys.key("logs.files_kept", \.logs.filesKept, .count(1...10_000), "Rotated files kept of each log.")
        keys.key("state.directory", \.state.directory, .text(.path), "Where state files are written.")
        keys.key("state.publish_ms", \.state.period, .milliseconds(10...3_600_000), "How often they are written.")
        return keys.rows
    }

    private static var historyKeys: [ConfigurationKey] {
        var keys = runtimeSection("history")
        keys.key("enabled", \.history.isKept, .flag, "Whether signals, orders and fills are kept in SQLite too.")
        keys.key("file", \.history.file, .text(.path), "The history's file.")
        keys.key("keep_days", \.history.keepDays, .count(0...36_500), "Rows older than this are removed; 0: none.")
        keys.key(
            "max_bytes",
            \.history.maximumBytes,
            .count(0...1 << 50),
            "The oldest rows are removed while the file is larger; 0: no bound."
        )
        return keys.rows
    }

    private static var instrumentKeys: [ConfigurationKey] {
        let scope = KeyScope<Instrument>(
            get: { content, index in content.engine.instruments[index] },
            set: { content, index, change in change(&content.engine.instruments[index]) }
        )
        var keys = KeySection(.runtime, segments("instruments[]"), .restart, scope)
        keys.key("symbol", \.symbol, .text(.symbol), "The instrument's name; once only.", isRequired: true)
        keys.key("asset_class", \.terms.assetClass, .choice, "Decides which age of a quote is too old.")
        keys.key("tick", \.terms.tick, .price, "The step of prices.", isRequired: true)
        keys.key("lot", \.terms.lot, .quantity, "The step of quantities.", isRequired: true)
        keys.key("min_quantity", \.terms.minimumQuantity, .quantity, "The venue's smallest order.", isRequired: true)
        keys.key("max_quantity", \.terms.maximumQuantity, .quantity, "The venue's largest order.", isRequired: true)
        keys.key(
            "min_notional",
            \.terms.minimumNotional,
            .money(isAboveZero: false),
            "The venue's smallest notional; 0: none."
        )
        keys.key("multiplier", \.terms.multiplier, .count(1...1000), "Value of one contract per unit of price.")
        keys.key(
            "percent_price_pct",
            \.terms.percentPrice,
            .share,
            "How far from the mark the venue lets a limit lie, a fraction; 0: no rule."
        )
        keys.key(
            "multiplier_up",
            \.terms.multiplierUp,
            .multiple(upTo: 100),
            "The highest limit that the venue takes, as a multiple of its mark; 0: no rule."
        )
        keys.key(
            "multiplier_down",
            \.terms.multiplierDown,
            .share,
            "The lowest limit that the venue takes, as a multiple of its mark; 0: no rule."
        )
        keys.key("maker_fee_bps", \.terms.makerFee, .bps(-100...1000), "Fee of a maker's fill; negative: a rebate.")
        keys.key("taker_fee_bps", \.terms.takerFee, .bps(-100...1000), "Fee of a taker's fill.")
        keys.key(
            "funding_bps",
            \.fundingRate,
            .bps(-1000...1000),
            "What a long position pays each funding interval; negative: receives; 0: no funding."
        )
        keys.key(
            "trading_hours",
            \.hours,
            .choice,
            "Whether it trades at all times, or in the sessions of trading_hours."
        )
        keys.key(
            "reduce_only_exempt",
            \.terms.reduceOnlyExemptFromMinimum,
            .flag,
            "Whether the venue exempts reduce-only orders from its smallest notional."
        )
        keys.custom(
            "origin",
            .text(.line),
            "Where these terms were read.",
            isRequired: true,
            get: { InstrumentOrigin($0.origin).source },
            set: { $0.origin = InstrumentOrigin(source: $1, date: InstrumentOrigin($0.origin).date).text }
        )
        keys.custom(
            "date",
            .text(.date),
            "When they were read.",
            isRequired: true,
            get: { InstrumentOrigin($0.origin).date },
            set: { $0.origin = InstrumentOrigin(source: InstrumentOrigin($0.origin).source, date: $1).text }
        )
        return keys.rows
    }

    private static var paperKeys: [ConfigurationKey] {
        var keys = runtimeSection("paper")
        keys.key(
            "connection",
            \.paperConnection,
            .choice,
            "Embedded in this process, or over a socket; socket goes with market.source venue, and only with it."
        )
        keys.key("socket", \.paperSocket, .text(.path), "The socket of a paper venue in another process.")
        keys.key(
            "client",
            \.paperClient,
            .count(1...65_535),
            "This engine's number at it; no two engines have the same."
        )
        keys.key("starting_balance", \.paper.startingBalance, .money(isAboveZero: true), "The account's first balance.")
        keys.key("hedge_mode", \.paper.isHedged, .flag, "Long and short positions are kept apart.")
        keys.key("seed", \.paper.seed, .count(0...Int64.max), "Of all that the venue draws.")
        keys.key(
            "queue_model",
            \.paper.queueModel,
            .choice,
            "What fills a resting order: trades alone, or the touch too. by_market: risk_averse on tapes, else touch."
        )
        let span = KeyCodec<TimeSpan>.milliseconds(0...60_000)
        keys.key(
            "order_latency.min_ms",
            \.paper.orderLatency.minimum,
            span,
            "The shortest way of an order to the venue."
        )
        keys.key("order_latency.max_ms", \.paper.orderLatency.maximum, span, "The longest; equal: fixed.")
        keys.key("answer_latency.min_ms", \.paper.answerLatency.minimum, span, "The shortest way of an answer back.")
        keys.key("answer_latency.max_ms", \.paper.answerLatency.maximum, span, "The longest; equal: fixed.")
        return keys.rows
    }

    private static var marketKeys: [ConfigurationKey] {
        var keys = runtimeSection("market")
        keys.key("source", \.market.source, .choice, "What feeds the market; venue: the one at the socket.")
        keys.key("tapes", \.market.tapes, .texts(.path, limit: 1000), "Recorded files in the order of their time.")
        keys.key(
            "depth",
            \.market.depth,
            .choice,
            "What of recorded files the paper venue sees: the touch, or the book too."
        )
        keys.key("synthetic.seed", \.market.synthetic.seed, .count(0...Int64.max), "Of the whole market.")
        keys.key(
            "synthetic.speed",
            \.market.synthetic.speed,
            .ratio(upTo: 1000),
            "Market seconds in one second of the clock."
        )
        keys.key(
            "synthetic.backfill_bars",
            \.market.synthetic.backfillBars,
            .count(0...10_000),
            "Bars made before the start, so that indicators are warm."
        )
        return keys.rows
    }

    private static var syntheticKeys: [ConfigurationKey] {
        let scope = KeyScope<SyntheticSymbolConfiguration>(
            get: { content, index in
                let symbol = content.engine.instruments[index].symbol
                return content.runtime.market.synthetic.symbols.first { $0.symbol == symbol }
            },
            set: { content, index, change in
                let symbol = content.engine.instruments[index].symbol
                var rows = content.runtime.market.synthetic.symbols
                let at = rows.firstIndex { $0.symbol == symbol } ?? rows.count
                if at == rows.count { rows.append(SyntheticSymbolConfiguration(symbol: symbol, startPrice: .zero)) }
                change(&rows[at])
                content.runtime.market.synthetic.symbols = rows
            }
        )
        var keys = KeySection(.runtime, segments("market.synthetic.symbols.*"), .restart, scope)
        keys.key("start_price", \.startPrice, .price, "The first price, on the instrument's tick.", isRequired: true)
        keys.key("daily_volatility_pct", \.dailyVolatility, .share, "Standard deviation of a day's return, a fraction.")
        keys.key("spread_ticks", \.spreadTicks, .count(1...10_000), "The usual distance of ask from bid.")
        keys.key("trades_per_second", \.tradesPerSecond, .perSecond(upTo: 10_000), "Mean trades a second.")
        return keys.rows
    }

    private static var journalKeys: [ConfigurationKey] {
        var keys = runtimeSection("journal")
        keys.key("directory", \.journal.directory, .text(.path), "Where the journal is kept.")
        keys.key(
            "durability",
            \.journal.durability,
            .choice,
            "What an intent survives before its order leaves; left out: disk when live, else process."
        )
        keys.key("segment_bytes", \.journal.segmentBytes, .count(1 << 21...1 << 30), "Size of a segment.")
        keys.key(
            "market_max_bytes",
            \.journal.marketMaximumBytes,
            .count(1 << 20...1 << 42),
            "The market lane keeps its newest segments up to this size."
        )
        keys.key(
            "sync_max_delay_ms",
            \.journal.maximumSyncDelay,
            .milliseconds(0...1000),
            "How long records may wait for a common fdatasync."
        )
        keys.key("snapshot_records", \.journal.snapshotRecords, .count(1000...1 << 40), "Records between snapshots.")
        keys.key("snapshots_kept", \.journal.snapshotsKept, .count(1...1000), "Snapshots kept.")
        return keys.rows
    }

    private static var tableKeys: [ConfigurationKey] {
        var queues = runtimeSection("queues")
        queues.key("inbox", \.queues.inbox, .count(1024...1 << 20), "Inputs waiting for the engine.")
        queues.key("egress", \.queues.egress, .count(64...1 << 20), "Commands waiting for a venue.")
        queues.key("notices", \.queues.notices, .count(1024...1 << 20), "Notices waiting for observers.")
        var keys = KeySection(.runtime, segments("capacities"), .restart, .part(\.engine.capacities))
        keys.key("orders", \.orders, .count(64...65_534), "Rows of the order table. Full: entries are vetoed.")
        keys.key("parents", \.parents, .count(64...1 << 24), "Rows of the parent table. Full: signals are vetoed.")
        keys.key("signals", \.signals, .count(64...1 << 24), "Signal ids remembered. Full: entries are vetoed.")
        keys.key("executions", \.executions, .count(64...1 << 24), "Execution ids remembered.")
        keys.key(
            "levels",
            \.levels,
            .count(16...1 << 22),
            "Protective levels. Full: signals that bring one are vetoed."
        )
        keys.key(
            "fills",
            \.fills,
            .count(16...1 << 16),
            "Fills kept for each instrument's statistics, up to a power of two. Full: the oldest leave early, counted."
        )
        keys.key(
            "markouts",
            \.markouts,
            .count(16...1 << 20),
            "Fills that wait for mark-outs, up to a power of two. Full: the oldest are told early, counted."
        )
        return queues.rows + keys.rows
    }

    private static var orderKeys: [ConfigurationKey] {
        var engine = KeySection(.runtime, [], .reload, .part(\.engine))
        engine.key(
            "dedupe_window_hours",
            \.dedupeWindow,
            .hours(0...720),
            "A signal id seen again within this time is a duplicate."
        )
        var keys = KeySection(.runtime, segments("unknown"), .reload, .part(\.engine.unknownOrders))
        keys.key("escalate_s", \.escalateAfter, .seconds(1...86_400), "An order unknown for longer is an alarm.")
        keys.key(
            "tombstone_s",
            \.tombstone,
            .seconds(0...604_800),
            "A dead order's reservation stays so long where a venue may hide orders; paper proves."
        )
        keys.key("first_query_ms", \.firstQueryAfter, .milliseconds(1...60_000), "The first question to the venue.")
        keys.key(
            "query_backoff_max_ms",
            \.queryBackoffLimit,
            .milliseconds(1...3_600_000),
            "The longest pause between questions."
        )
        var bars = KeySection(.runtime, segments("bars"), .restart, .part(\.engine.bars))
        bars.key("seconds", \.length, .seconds(1...86_400), "The length of a bar.")
        bars.key("history", \.history, .count(16...100_000), "Bars kept of each instrument.")
        return engine.rows + keys.rows + bars.rows
    }
}

/// An instrument's origin as one text and as two keys: the source, then the date.
struct InstrumentOrigin {
    var source: String
    var date: String

    init(source: String, date: String) {
        self.source = source
        self.date = date
    }

    /// Splits at the last space.
    init(_ text: String) {
        guard let space = text.lastIndex(of: " ") else {
            source = text
            date = ""
            return
        }
        source = String(text[..<space])
        date = String(text[text.index(after: space)...])
    }

    var text: String { source + " " + date }
}
