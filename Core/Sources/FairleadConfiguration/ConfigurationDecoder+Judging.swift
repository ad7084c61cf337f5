import FairleadModel

extension ConfigurationDecoder {
    /// What follows from several keys together.
    mutating func finish() {
        for index in content.engine.instruments.indices {
            content.engine.instruments[index].terms.isHedged = content.runtime.paper.isHedged
        }
        let isLive = content.runtime.mode == .live
        content.engine.risk.isLive = isLive
        if content.runtime.environment == .testnet {
            testnetPaths = KeyTable.applyTestnet(&content)
            content.engine.risk.areTestnetLimits = !testnetPaths.isEmpty
        }
        if isLive, !isGiven(.runtime, "journal.durability") { content.runtime.journal.durability = .disk }
        chooseMatching()
        leaveTailsOff()
        if content.runtime.environment == .production, content.engine.risk.requiresDryRun {
            content.engine.risk.requiresDryRun = false
            let reason = "has no effect in production"
            warnings.append(ConfigurationWarning(.risk, "non_prod.require_dry_run", reason))
        }
        let places = symbolPlaces
        content.runtime.market.synthetic.symbols.sort { (places[$0.symbol] ?? 0) < (places[$1.symbol] ?? 0) }
    }

    /// A canonical document says all of its keys: one without these is of a journal that is older than they are. Was
    /// it a tape's, it was made by the touch; elsewhere the defaults mean the same as they did.
    private mutating func chooseMatching() {
        guard isCanonical, content.runtime.market.source == .tape else { return }
        if !isGiven(.runtime, "market.depth") { content.runtime.market.depth = .touch }
        if !isGiven(.runtime, "paper.queue_model") { content.runtime.paper.queueModel = .touch }
    }

    /// As above: a journal that is older than these limits ran without them.
    private mutating func leaveTailsOff() {
        guard isCanonical else { return }
        if !isGiven(.risk, "max_portfolio_var_pct") { content.engine.risk.maximumPortfolioVar = nil }
        if !isGiven(.risk, "max_position_cvar_pct") { content.engine.risk.maximumPositionShortfall = nil }
    }

    func isGiven(_ document: ConfigurationDocument, _ path: String) -> Bool {
        places[Self.place(document, path)] != nil
    }

    /// Reports a rule between keys that is broken, unless one of them holds no usable value anyway.
    mutating func require(
        _ holds: Bool,
        _ document: ConfigurationDocument,
        _ path: String,
        _ reason: String,
        _ fault: ConfigurationFault = .contradiction,
        also others: [(ConfigurationDocument, String)] = []
    ) {
        guard !holds else { return }
        for (document, path) in others + [(document, path)] where faulty.contains(Self.place(document, path)) { return }
        let origin = places[Self.place(document, path)].map { assignments[$0].origin }
        report(document, path, fault, reason, origin)
    }

    /// The rules between keys, and the rails.
    mutating func judge() {
        judgeInstruments()
        judgeLists()
        judgeRisk()
        judgeStrategy()
        judgePolicy()
        judgeStages()
        judgeOverrides()
        judgeRuntime()
        judgeAccount()
        judgeRails()
    }

    private mutating func judgeInstruments() {
        require(
            !content.engine.instruments.isEmpty,
            .runtime,
            "instruments",
            "must hold at least one instrument",
            .missing
        )
        for (index, instrument) in content.engine.instruments.enumerated() {
            let path = "instruments[\(index)]"
            let terms = instrument.terms
            let lot: [(ConfigurationDocument, String)] = [(.runtime, path + ".lot")]
            require(
                terms.isOnLot(terms.minimumQuantity),
                .runtime,
                path + ".min_quantity",
                "must be a multiple of the lot \(terms.lot)",
                also: lot
            )
            require(
                terms.isOnLot(terms.maximumQuantity),
                .runtime,
                path + ".max_quantity",
                "must be a multiple of the lot \(terms.lot)",
                also: lot
            )
            require(
                terms.minimumQuantity <= terms.maximumQuantity,
                .runtime,
                path + ".max_quantity",
                "must be at least min_quantity",
                also: [(.runtime, path + ".min_quantity")]
            )
            require(
                terms.multiplierUp == .zero || terms.multiplierUp > .one,
                .runtime,
                path + ".multiplier_up",
                "must be over 1, or 0 for no rule"
            )
            require(
                terms.multiplierDown < .one,
                .runtime,
                path + ".multiplier_down",
                "must be under 1"
            )
        }
        for row in content.runtime.market.synthetic.symbols {
            guard let index = symbolPlaces[row.symbol] else { continue }
            let path = "market.synthetic.symbols.\(row.symbol)"
            require(row.startPrice > .zero, .runtime, path + ".start_price", "must be given", .missing)
            let terms = content.engine.instruments[index].terms
            require(
                terms.isOnTick(row.startPrice),
                .runtime,
                path + ".start_price",
                "must be on the instrument's tick \(terms.tick)",
                also: [(.runtime, "instruments[\(index)].tick")]
            )
        }
    }

    /// Lists of symbols name configured instruments only: a slip here would guard nothing.
    private mutating func judgeLists() {
        for row in assignments {
            guard case .texts(.symbol, _) = row.key.kind else { continue }
            var listed: [String] = []
            switch row.source {
            case .json(let json): listed = (json.array ?? []).compactMap(\.string)
            case .text(let text): listed = text.split(separator: ",").map(String.init)
            }
            judgeSymbols(listed, row.key.document, row.path)
        }
        for group in content.engine.correlationGroups {
            judgeSymbols(group.symbols, .risk, "correlation_groups")
        }
    }

    private mutating func judgeSymbols(_ listed: [String], _ document: ConfigurationDocument, _ path: String) {
        for symbol in listed where symbolPlaces[symbol] == nil {
            let hint = Suggestion.hint(for: symbol, in: symbols)
            let reason = "\(ConfigurationKind.shown(symbol)) is not the symbol of an instrument\(hint)"
            require(false, document, path, reason)
        }
    }

    private mutating func judgeRisk() {
        let risk = content.engine.risk
        require(
            risk.exitPriceCollar >= risk.priceCollar,
            .risk,
            "exit_price_collar_bps",
            "must be at least price_collar_bps",
            also: [(.risk, "price_collar_bps")]
        )
        require(
            risk.navJumpMultiplier >= .one,
            .risk,
            "nav_anomalies.max_multiplier_intraday",
            "must be at least 1",
            .outOfRange
        )
        require(
            risk.drawdownPanic > risk.drawdownWarning,
            .risk,
            "dd_bands.panic",
            "must be over dd_bands.warn",
            also: [(.risk, "dd_bands.warn")]
        )
        if let low = risk.minimumNotional, let high = risk.maximumOrderNotional {
            require(
                low <= high,
                .risk,
                "max_order_notional",
                "must be at least min_notional",
                also: [(.risk, "min_notional")]
            )
        }
    }

    private mutating func judgeStrategy() {
        let screener = content.engine.screener
        require(
            screener.fastBars < screener.slowBars,
            .strategy,
            "screener.slow_bars",
            "must be over fast_bars",
            also: [(.strategy, "screener.fast_bars")]
        )
        require(
            screener.rsiLow < screener.rsiHigh,
            .strategy,
            "screener.rsi_high",
            "must be over rsi_low",
            also: [(.strategy, "screener.rsi_low")]
        )
        let longest = max(screener.slowBars, screener.rsiBars + 1, screener.atrBars + 1)
        require(
            !screener.isEnabled || content.engine.bars.history >= longest,
            .runtime,
            "bars.history",
            "must be at least \(longest), the screener's longest look back"
        )
        require(
            !screener.isEnabled || content.engine.symbols.contains(where: \.isScreened),
            .strategy,
            "screener.symbols",
            "must list an instrument while the screener is enabled",
            .missing
        )
        let routing = content.engine.routing
        require(
            routing.policyStaleAfter >= routing.policyPeriod,
            .strategy,
            "router.policy_stale_after_s",
            "must be at least policy_period_s",
            also: [(.strategy, "router.policy_period_s")]
        )
    }

    /// Each stage of profit has its stop, and they make sense together.
    private mutating func judgeStages() {
        let exits = content.engine.exits
        let pairs = exits.stageProfits.count == exits.stageStops.count
        let fault = pairs ? exits.profitStages.fault() : "must have an entry for each of exits.profit_stages.profit"
        require(
            fault == nil,
            .strategy,
            "exits.profit_stages.stop",
            fault ?? "",
            also: [(.strategy, "exits.profit_stages.profit")]
        )
    }

    /// A bias and its name say the same. The text of a journal is what ran.
    private mutating func judgeOverrides() {
        if isCanonical { return }
        for (index, symbol) in content.engine.symbols.enumerated() {
            guard let bias = symbol.policyOverride.bias, let label = symbol.policyOverride.takerBias else { continue }
            let path = "router.overrides.\(content.engine.instruments[index].symbol)"
            let named = TakerBias(of: bias)
            require(
                label == named,
                .strategy,
                path + ".taker_bias",
                "must be \(named.name), which a bias of \(bias) is; leave one of the two out",
                also: [(.strategy, path + ".bias")]
            )
        }
    }

    /// A venue in another process has a market of its own: an engine that made another beside it could neither be
    /// believed nor replayed. And its sockets must have paths that the system takes.
    private mutating func judgeConnection() {
        let runtime = content.runtime
        let isOutside = runtime.paperConnection == .socket
        require(
            isOutside || runtime.market.source != .venue,
            .runtime,
            "market.source",
            "may be venue only while paper.connection is socket",
            also: [(.runtime, "paper.connection")]
        )
        // The text of a journal is what ran, and is read whatever would be refused today.
        if isCanonical { return }
        require(
            !isOutside || runtime.market.source == .venue,
            .runtime,
            "paper.connection",
            "may be socket only while market.source is venue, which is \(runtime.market.source.word)",
            also: [(.runtime, "market.source")]
        )
        judgeSocket(runtime.control.socket, "control.socket")
        if isOutside { judgeSocket(runtime.paperSocket, "paper.socket") }
    }

    /// The system's limit for the path of a local socket, under the home unless it is absolute.
    private mutating func judgeSocket(_ path: String, _ key: String) {
        let full = path.hasPrefix("/") ? path : content.runtime.home + "/" + path
        let count = full.utf8.count
        let reason = "is a path of \(count) bytes with its home; a socket's has at most \(Self.socketPathLimit)"
        require(count <= Self.socketPathLimit, .runtime, key, reason, .outOfRange)
    }

    /// Bytes.
    private static let socketPathLimit = 107

    private mutating func judgeRuntime() {
        let runtime = content.runtime
        require(runtime.mode != .shadow, .runtime, "mode", "shadow comes with the parts after 5", .notEnforced)
        switch runtime.market.source {
        case .synthetic:
            require(
                !runtime.market.synthetic.symbols.isEmpty,
                .runtime,
                "market.synthetic.symbols",
                "must hold at least one symbol while market.source is synthetic",
                .missing
            )
        case .tape:
            require(
                !runtime.market.tapes.isEmpty,
                .runtime,
                "market.tapes",
                "must list a file while market.source is tape",
                .missing
            )
        case .venue: break
        }
        judgeConnection()
        let unknown = content.engine.unknownOrders
        require(
            unknown.firstQueryAfter <= unknown.queryBackoffLimit,
            .runtime,
            "unknown.query_backoff_max_ms",
            "must be at least first_query_ms",
            also: [(.runtime, "unknown.first_query_ms")]
        )
        require(
            runtime.journal.marketMaximumBytes >= 2 * runtime.journal.segmentBytes,
            .runtime,
            "journal.market_max_bytes",
            "must hold at least two segments",
            also: [(.runtime, "journal.segment_bytes")]
        )
    }

    /// What live trading may not be without.
    private mutating func judgeRails() {
        guard content.runtime.mode == .live else { return }
        for path in ["max_order_notional", "max_gross_exposure_pct", "daily_loss_limit_pct", "price_collar_bps"] {
            require(isGiven(.risk, path), .risk, path, "must be given for live trading", .missingRail)
        }
        require(
            content.engine.risk.failClosedOnNavStale,
            .risk,
            "fail_closed_on_nav_stale",
            "must be true for live trading",
            .missingRail
        )
    }
}
