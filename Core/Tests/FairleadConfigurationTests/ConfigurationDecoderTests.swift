import FairleadModel
import Testing

@testable import FairleadConfiguration

@Suite struct ConfigurationDecoderTests {
    /// Says what a person is told. Puts one fault of each kind into the demo's documents and compares the whole list:
    /// all at once, in the order of the documents, each with document, path and reason.
    @Test func allErrorsComeAtOnce() throws {
        var documents = try TestDocuments()
        documents.set(.strategy, "router.max_spred_bps", 3)
        documents.set(.strategy, "screener.enabled", "yes")
        documents.set(.risk, "max_trade_nav_pct", 10)
        documents.set(.risk, "trading_hours", ["open": "09:30"])
        documents.set(.risk, "symbols.BTCUSD", [:])
        documents.set(.runtime, "instruments[1].tick", nil)
        documents.set(.runtime, "journal.segment_bytes", .number("1.5"))
        documents.set(.runtime, "paper.order_latency.min_ms", 30)
        let lines = documents.errors().map(\.description)
        let expected = [
            "strategy_config.json: router.max_spred_bps: is not a known key; did you mean \"max_spread_bps\"?",
            "risk_limits.json: symbols.BTCUSD: is not the symbol of an instrument; did you mean \"BTCUSDT\"?",
            "runtime.json: instruments[1].tick: must be given",
            "strategy_config.json: screener.enabled: must be true or false, is a string",
            "risk_limits.json: max_trade_nav_pct: must be at most 1, is 10; a fraction: did you mean 0.1?",
            "risk_limits.json: trading_hours: is a limit that this version does not enforce "
                + "(it comes with the parts after 5)",
            "runtime.json: journal.segment_bytes: must be an integer, is 1.5",
            "runtime.json: paper.order_latency.max_ms: must be at least min_ms",
        ]
        #expect(lines == expected)
    }

    /// Holds the hint for fractions apart from the ratios. Sets each `_pct` key over 1 and expects a refusal with a
    /// hint; the two ratios to NAV may pass 1.
    @Test func fractionsOverOneAreRefusedButRatiosPass() throws {
        for path in ["daily_loss_limit_pct", "max_nav_drawdown_pct", "symbols.BTCUSDT.max_nav_pct"] {
            var documents = try TestDocuments()
            documents.set(.risk, path, 5)
            #expect(documents.errors().map(\.reason) == ["must be at most 1, is 5; a fraction: did you mean 0.05?"])
        }
        var documents = try TestDocuments()
        documents.set(.risk, "max_gross_exposure_pct", .number("1.5"))
        documents.set(.risk, "max_effective_leverage", 3)
        let risk = try documents.resolve().get().engine.risk
        #expect(risk.maximumGrossExposure == Rate(raw: 150_000_000))
        #expect(risk.maximumEffectiveLeverage == Rate(raw: 300_000_000))
    }

    /// Reads numbers exactly from their text. Sets values that a Double can't hold and compares the fixed-point result;
    /// exponents, more digits than the scale and quoted numbers are refused.
    @Test func numbersAreReadFromTheirText() throws {
        var documents = try TestDocuments()
        documents.set(.risk, "max_order_notional", .number("900000000000000.0000000000000001"))
        documents.set(.risk, "max_trade_nav_pct", .number("0.00000001"))
        documents.set(.strategy, "router.max_spread_bps", .number("0.0001"))
        documents.set(.runtime, "paper.order_latency.min_ms", .number("0.000001"))
        let resolved = try documents.resolve().get()
        #expect(resolved.engine.risk.maximumOrderNotional?.raw == 9_000_000_000_000_000_000_000_000_000_001)
        #expect(resolved.engine.risk.maximumTradeNavFraction?.raw == 1)
        #expect(resolved.engine.routing.maximumSpread.raw == 1)
        #expect(resolved.runtime.paper.orderLatency.minimum.nanoseconds == 1)
        for text in ["1e2", "0.123456789", "-1"] {
            documents.set(.risk, "max_trade_nav_pct", .number(text))
            #expect(documents.errors().map(\.path) == ["max_trade_nav_pct"], "\(text)")
        }
        documents.set(.risk, "max_trade_nav_pct", nil)
        documents.set(.strategy, "router.max_spread_bps", .number("0.00001"))
        #expect(documents.errors().map(\.reason) == ["must be a multiple of 0.0001, is 0.00001"])
    }

    /// Refuses documents that are no documents. Gives bytes that are no JSON, no object, hold a key twice or are too
    /// long, and expects one error for each with its place in the text.
    @Test func brokenDocumentsAreNamed() throws {
        var documents = try TestDocuments().documents
        documents.strategy = Array("{\"router\": ".utf8)
        documents.risk = Array("[]".utf8)
        documents.runtime = Array("{\"mode\": \"live\", \"mode\": \"dry_run\"}".utf8)
        guard case .failure(let errors) = ConfigurationDecoder.resolve(documents) else {
            Issue.record("broken documents resolve")
            return
        }
        #expect(errors.list.map(\.document) == [.strategy, .risk, .runtime])
        #expect(errors.list.allSatisfy { $0.fault == .malformed })
        #expect(errors.list[2].reason.contains("duplicate_key \"mode\" at line 1"))
        documents.strategy = Array(repeating: 0x20, count: ConfigurationDocuments.byteLimit + 1)
        guard case .failure(let long) = ConfigurationDecoder.resolve(documents) else {
            Issue.record("a document of over 4 MiB is read")
            return
        }
        #expect(long.list[0].reason == "is longer than 4194304 bytes")
    }

    /// Holds the rails of live trading. Resolves `mode: live` with each rail taken away in turn, and expects all rails
    /// to be named; with all of them it resolves, waits for the disk and counts as live.
    @Test func liveNeedsItsRails() throws {
        let rails = ["price_collar_bps", "daily_loss_limit_pct", "max_order_notional", "max_gross_exposure_pct"]
        var documents = try TestDocuments()
        documents.set(.runtime, "mode", "live")
        documents.set(.runtime, "environment", "production")
        documents.set(.runtime, "journal.durability", nil)
        let resolved = try documents.resolve().get()
        #expect(resolved.engine.risk.isLive)
        #expect(!resolved.engine.risk.requiresDryRun)
        #expect(resolved.runtime.journal.durability == .disk)
        for rail in rails {
            var without = documents
            without.set(.risk, rail, nil)
            let errors = without.errors()
            #expect(errors.map(\.path) == [rail])
            #expect(errors.map(\.fault) == [.missingRail])
        }
        for rail in rails { documents.set(.risk, rail, nil) }
        documents.set(.risk, "fail_closed_on_nav_stale", false)
        #expect(Set(documents.errors().map(\.path)) == Set(rails + ["fail_closed_on_nav_stale"]))
        documents.set(.runtime, "mode", "dry_run")
        #expect(documents.errors().isEmpty)
    }

    /// Holds the rules between keys. Breaks each rule alone and expects one error at its path.
    @Test(arguments: [
        ("risk_limits", "exit_price_collar_bps", "50"), ("risk_limits", "max_order_notional", "0.5"),
        ("risk_limits", "nav_anomalies.max_multiplier_intraday", "0.5"), ("strategy_config", "screener.slow_bars", "9"),
        ("strategy_config", "screener.rsi_high", "35"), ("strategy_config", "screener.symbols", "[]"),
        ("strategy_config", "router.policy_stale_after_s", "5"), ("runtime", "bars.history", "16"),
        ("runtime", "market.source", "\"tape\""), ("runtime", "market.source", "\"venue\""),
        ("runtime", "paper.connection", "\"socket\""),
        ("runtime", "mode", "\"shadow\""), ("runtime", "unknown.query_backoff_max_ms", "100"),
        ("runtime", "journal.market_max_bytes", "2097152"), ("runtime", "instruments[0].max_quantity", "0.0005"),
        ("runtime", "instruments[0].min_quantity", "0.0015"), ("runtime", "instruments[1].symbol", "\"BTCUSDT\""),
        ("runtime", "market.synthetic.symbols.BTCUSDT.start_price", "61800.05"),
        ("strategy_config", "router.policy.thresholds.degraded.fallback", "0.2"),
        ("strategy_config", "router.policy.thresholds.broken.fallback", "0.5"),
        ("strategy_config", "router.policy.thresholds.degraded.slip_bps", "3"),
        ("strategy_config", "router.policy.thresholds.broken.slip_bps", "7"),
        ("strategy_config", "router.policy.thresholds.degraded.ack_ms", "700"),
        ("strategy_config", "router.policy.thresholds.broken.ack_ms", "1400"),
        ("strategy_config", "autotune.symbols", "[\"BTCUSDT\", \"DOGE\"]"),
        ("strategy_config", "autotune.qualities", "[\"good\", \"better\"]"),
        ("strategy_config", "router_quality.drift_thresholds_bps.yellow", "1"),
        ("strategy_config", "router_quality.latency_thresholds_ms.normal", "100"),
        ("risk_limits", "universe", "[\"BTCUSDT\", \"XRPUSDT\"]"), ("risk_limits", "restricted_symbols", "[\"DOGE\"]"),
    ])
    func rulesBetweenKeysHold(_ document: String, _ path: String, _ value: String) throws {
        var documents = try TestDocuments()
        let document = try #require(ConfigurationDocument(rawValue: document))
        documents.set(.risk, "min_notional", 1)
        documents.set(document, path, try JSONParser.parse(value))
        let places = documents.errors().map(\.path)
        let expected = value == "\"tape\"" ? "market.tapes" : path
        #expect(places.contains(expected), "\(places)")
    }

    /// Keeps an engine from two markets: prices of its own beside those of a venue in another process. Asks for each
    /// such pair and expects both keys to be named; the right pair resolves, and a journal of the wrong one is read.
    @Test func aVenueOutsideHasTheOnlyMarket() throws {
        var documents = try TestDocuments()
        let ran = try documents.resolve().get().canonicalText
        documents.set(.runtime, "paper.connection", "socket")
        for source in ["synthetic", "tape"] {
            documents.set(.runtime, "market.source", .string(source))
            documents.set(.runtime, "market.tapes", ["a.gz"])
            let errors = documents.errors()
            #expect(errors.map(\.path) == ["paper.connection"])
            #expect(errors.map(\.fault) == [.contradiction])
            #expect(errors.first?.reason.contains("market.source is venue, which is \(source)") == true)
        }
        documents.set(.runtime, "market.source", "venue")
        #expect(documents.errors().isEmpty)
        let old = ran.replacing("\"connection\":\"embedded\"", with: "\"connection\":\"socket\"")
        #expect(old != ran)
        #expect(try ConfigurationDecoder.decodeCanonical(old).get().runtime.paperConnection == .socket)
    }

    /// Refuses the path of a socket that the system can't bind. Sets the longest and one byte more, with the home and
    /// without; the paper venue's counts only where it is used.
    @Test func socketsHaveShortPaths() throws {
        var documents = try TestDocuments()
        documents.set(.runtime, "home", "home")
        documents.set(.runtime, "control.socket", .string(String(repeating: "s", count: 102)))
        #expect(documents.errors().isEmpty)
        documents.set(.runtime, "control.socket", .string(String(repeating: "s", count: 103)))
        #expect(documents.errors().map(\.path) == ["control.socket"])
        documents.set(.runtime, "control.socket", .string("/" + String(repeating: "s", count: 106)))
        documents.set(.runtime, "paper.socket", .string("/" + String(repeating: "s", count: 107)))
        #expect(documents.errors().isEmpty)
        documents.set(.runtime, "paper.connection", "socket")
        documents.set(.runtime, "market.source", "venue")
        #expect(documents.errors().map(\.path) == ["paper.socket"])
    }

    /// Accepts the names of the source systems. Writes limits the old way and expects the same limits as the new way,
    /// each with a warning; a limit given both ways is refused, and so is another time zone.
    @Test func namesOfTheSourceSystemsAreRead() throws {
        var documents = try TestDocuments()
        documents[.risk] = try JSONParser.parse(
            """
            {"global": {"trade_equity_nav_pct": 0.2, "price_collar_bps": 70, "drawdown_alert_pct": 0.05},
            "per_symbol": {"BTCUSDT": {"symbol_notional_share_cap_pct": 0.3}}, "reset_timezone": "UTC"}
            """
        )
        documents[.strategy] = try JSONParser.parse("{\"router_max_spread_bps\": 7}")
        let resolved = try documents.resolve().get()
        #expect(resolved.engine.risk.maximumTradeNavFraction == Rate(raw: 20_000_000))
        #expect(resolved.engine.risk.priceCollar == Rate(bps: 70))
        #expect(resolved.engine.symbols[0].maximumNavFraction == Rate(raw: 30_000_000))
        #expect(resolved.engine.routing.maximumSpread == Rate(bps: 7))
        #expect(resolved.engine.risk.drawdownWarning == Rate(raw: 5_000_000))
        // One for each name.
        #expect(resolved.warnings.count == 7)
        documents.set(.risk, "max_trade_nav_pct", .number("0.1"))
        documents.set(.risk, "reset_timezone", "Europe/Berlin")
        #expect(Set(documents.errors().map(\.path)) == ["max_trade_nav_pct", "reset_timezone"])
        documents[.risk] = try JSONParser.parse("{\"symbol_notional_share_cap_pct\": 0.1}")
        let shares = try documents.resolve().get().engine.symbols.map(\.maximumNavFraction)
        #expect(shares == Array(repeating: Rate(raw: 10_000_000), count: 3))
    }

    /// Keeps what later parts use, and says so. Sets keys of later parts and expects a warning for each by name, no
    /// effect on the engine, and the values in the canonical text.
    @Test func keysOfLaterPartsWarn() throws {
        var documents = try TestDocuments()
        let before = try documents.resolve().get()
        documents.set(.runtime, "http.port", 4)
        documents.set(.runtime, "venues.binance.api_secret", "env:BINANCE_SECRET")
        let after = try documents.resolve().get()
        #expect(after.engine == before.engine)
        #expect(Set(after.warnings.map(\.path)) == ["http.port", "venues.binance.api_secret"])
        #expect(after.canonicalText.contains("\"port\":4"))
        #expect(try ConfigurationDecoder.decodeCanonical(after.canonicalText).get() == after)
        #expect(after != before)
    }

    /// Never shows a secret. Puts a literal secret into a document, a variable and a flag, and expects a refusal whose
    /// text does not hold it; a reference prints as stars.
    @Test func literalSecretsAreRefusedAndNeverShown() throws {
        let secret = "hunter2hunter2"
        var documents = try TestDocuments()
        documents.set(.runtime, "venues.binance.api_key", .string(secret))
        let flag = ConfigurationOverride(path: "http.signal_secret", value: secret)
        let errors = documents.errors(["FAIRLEAD__VENUES__BINANCE__API_SECRET": secret], [flag])
        #expect(errors.map(\.fault) == [.literalSecret, .literalSecret, .literalSecret])
        #expect(!errors.map(\.description).joined().contains(secret))
        #expect(SecretReference(reference: "file:/run/key")?.description == "***")
        #expect(SecretReference(reference: "file:/run/key")?.name == "/run/key")
        #expect(SecretReference(reference: "https://x") == nil)
    }

    /// Finds secrets in parts that are only kept, which the journal would carry. Puts one under every name and at every
    /// depth, and as a number, expects a refusal that names the member alone; references and flags pass.
    @Test func literalSecretsOfKeptPartsAreRefused() throws {
        let secret = "hunter2hunter2"
        let bad: [(JSONValue, String)] = [
            (["api_secret": .string(secret)], "api_secret"), (["a": ["botToken": .string(secret)]], "a.botToken"),
            (["users": [["PASSWORD": .string(secret)]]], "users[0].PASSWORD"), (["api-key": 271_828], "api-key"),
            (["tokens": [.string("env:A"), .string(secret)]], "tokens"),
        ]
        for (tree, path) in bad {
            var documents = try TestDocuments()
            documents.set(.runtime, "bus", tree)
            let errors = documents.errors()
            #expect(errors.map(\.fault) == [.literalSecret], "\(path)")
            let text = errors.map(\.description).joined()
            #expect(text.contains(path) && !text.contains(secret) && !text.contains("271828"), "\(text)")
        }
        var documents = try TestDocuments()
        documents.set(.runtime, "bus", ["password": "file:/run/key", "token_required": true, "url": "redis://x"])
        #expect(documents.errors().isEmpty)
    }

    /// Bounds the list of errors. Resolves 400 unknown keys and expects 200 errors and a count of the rest.
    @Test func errorsAreBounded() throws {
        var documents = try TestDocuments()
        documents[.risk] = .object((0..<400).map { JSONMember("unknown\($0)", 1) })
        guard case .failure(let errors) = documents.resolve() else {
            Issue.record("unknown keys resolve")
            return
        }
        #expect(errors.list.count == 200)
        #expect(errors.suppressed == 200)
        #expect(errors.description.hasSuffix("and 200 more"))
    }

    /// Bounds the instruments. Resolves 1,000 of them, each with a limit of its own, through the canonical text and
    /// back; one more is refused.
    @Test func aThousandInstrumentsAreTheMost() throws {
        var documents = try TestDocuments.smallest()
        let row = try #require(documents[.runtime]["instruments"]?[0]?.object)
        func instruments(_ count: Int) -> JSONValue {
            .array((0..<count).map { .object([JSONMember("symbol", .string("S\($0)"))] + row.dropFirst()) })
        }
        documents.set(.runtime, "instruments", instruments(KeyTable.instrumentLimit))
        let limits = (0..<KeyTable.instrumentLimit).map { JSONMember("S\($0)", ["max_leverage": .integer($0 % 9 + 1)]) }
        documents.set(.risk, "symbols", .object(limits))
        let resolved = try documents.resolve().get()
        #expect(resolved.engine.symbols[998].maximumLeverage == Rate(raw: 900_000_000))
        #expect(try ConfigurationDecoder.decodeCanonical(resolved.canonicalText).get() == resolved)
        documents.set(.risk, "symbols", nil)
        documents.set(.runtime, "instruments", instruments(KeyTable.instrumentLimit + 1))
        #expect(documents.errors().map(\.reason) == ["must hold at most 1000"])
    }

    /// Bounds the text that a journal carries. Resolves 1,000 instruments with the longest origins, 1,000 of the
    /// longest tapes and a long kept part, and expects a refusal that tells the limit; a kept part is bounded by
    /// itself.
    @Test func theCanonicalTextIsBounded() throws {
        var documents = try TestDocuments.smallest()
        let row = try #require(documents[.runtime]["instruments"]?[0]?.object)
        let origin = JSONMember("origin", .string(String(repeating: "o", count: 200)))
        let terms = row.filter { $0.key != "symbol" && $0.key != "origin" } + [origin]
        let rows = (0..<1000).map { JSONValue.object([JSONMember("symbol", .string("S\($0)"))] + terms) }
        let tapes = (0..<1000).map { JSONValue.string(String(repeating: "t", count: 500) + "\($0)") }
        documents.set(.runtime, "instruments", .array(rows))
        documents.set(.runtime, "market.tapes", .array(tapes))
        documents.set(.runtime, "dual_run", .array(Array(repeating: "kept", count: 9_000)))
        let errors = documents.errors()
        #expect(errors.map(\.fault) == [.outOfRange])
        #expect(errors.first?.reason.hasSuffix("a journal's record holds at most 1000000") == true)
        documents = try TestDocuments.smallest()
        documents.set(.runtime, "bus", .array(Array(repeating: 1, count: 40_000)))
        #expect(documents.errors().map(\.reason) == ["must be at most 65536 bytes, is 80001"])
        documents.set(.runtime, "bus", .array(Array(repeating: 1, count: 30_000)))
        #expect(documents.errors().isEmpty)
    }

    /// Measures the distance that suggestions use on known pairs. Compares with counts done by hand: insertion,
    /// deletion, replacement and a swap of neighbours each cost one.
    @Test func editDistances() {
        func distance(_ a: String, _ b: String) -> Int { Suggestion.distance(Array(a.utf8), Array(b.utf8)) }
        #expect(distance("collar", "collar") == 0)
        #expect(distance("collar", "colar") == 1)
        #expect(distance("collar", "colalr") == 1)
        #expect(distance("collar", "dollars") == 2)
        #expect(distance("", "abc") == 3)
        #expect(Suggestion.nearest(to: "something_else", in: ["price_collar_bps"]) == nil)
    }
}
