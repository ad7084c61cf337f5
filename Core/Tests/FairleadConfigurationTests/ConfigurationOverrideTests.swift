import FairleadModel
import Testing

@testable import FairleadConfiguration

@Suite struct ConfigurationOverrideTests {
    /// Holds the order of the sources. Gives one key in file, variable and flag, takes them away one by one, and
    /// expects flag over variable over file over default, with the origin named each time.
    @Test func flagsOverEnvironmentOverFileOverDefault() throws {
        var documents = try TestDocuments()
        documents.set(.risk, "price_collar_bps", 40)
        let variable = ["FAIRLEAD__RISK_LIMITS__PRICE_COLLAR_BPS": "30", "PATH": "/bin"]
        let flags = [ConfigurationOverride(path: "risk_limits.price_collar_bps", value: "20")]
        func check(_ resolved: ResolvedConfiguration, _ bps: Int64, _ origin: ConfigurationOrigin) {
            #expect(resolved.engine.risk.priceCollar == Rate(bps: bps))
            #expect(resolved.origin(.risk, "price_collar_bps") == origin)
        }
        check(try documents.resolve(variable, flags).get(), 20, .flag)
        check(try documents.resolve(variable).get(), 30, .environment("FAIRLEAD__RISK_LIMITS__PRICE_COLLAR_BPS"))
        check(try documents.resolve().get(), 40, .file(.risk))
        documents.set(.risk, "price_collar_bps", nil)
        check(try documents.resolve().get(), 100, .builtIn)
    }

    /// Reaches every key that is not in an array. Sets each enforced key by a variable made from its path and expects
    /// that the origin of its value is that variable.
    @Test func eachKeyCanBeSetByAVariable() throws {
        let documents = try TestDocuments()
        for (key, path) in KeyTableTests.places where key.status == .enforced && !key.segments.contains(.element) {
            // An object stands in the file only.
            if case .groups = key.kind { continue }
            guard let value = documents.value(key.document, path) ?? key.kind.goodValues.first else { continue }
            let text = value.string ?? value.lexeme ?? value.bool.map(String.init)
            let list = value.array.map { $0.compactMap(\.string).joined(separator: ",") }
            let section = key.document.rawValue.uppercased() + "__"
            let name = "FAIRLEAD__" + section + path.uppercased().split(separator: ".").joined(separator: "__")
            let resolved = try documents.resolve([name: text ?? list ?? ""]).get()
            #expect(resolved.origin(key.document, path) == .environment(name), "\(name)")
        }
    }

    /// Refuses what it can't place. Gives unknown, ambiguous, mistyped and unreachable variables and expects an error
    /// for each that names the variable, in the order of their names.
    @Test func variablesAreCheckedLikeFiles() throws {
        let errors = try TestDocuments().errors([
            "FAIRLEAD__EXITS__SCAN_PERIOD_MS": "soon", "FAIRLEAD__RISK__MAX_LEVERAGE": "-1",
            "FAIRLEAD__RISK__PRICE_COLAR_BPS": "1", "FAIRLEAD__INSTRUMENTS__BTCUSDT__TICK": "1",
            "FAIRLEAD__SYMBOLS__XRPUSDT__MAX_NAV_PCT": "0.1", "FAIRLEAD__": "1",
        ])
        let origins = Set(errors.compactMap { $0.origin?.name })
        #expect(errors.count == 6)
        #expect(origins.count == 6)
        #expect(errors.allSatisfy { !$0.reason.isEmpty })
        let misspelt = errors.first { $0.origin?.name == "FAIRLEAD__RISK__PRICE_COLAR_BPS" }
        #expect(misspelt?.description.contains("did you mean \"price_collar_bps\"?") == true)
        #expect(misspelt?.description.hasPrefix("FAIRLEAD__RISK__PRICE_COLAR_BPS: risk_limits.json") == true)
    }

    /// Reads lists, symbols, flags and the alias of the source. Sets one of each by a variable and compares the typed
    /// values.
    @Test func variablesOfEachShape() throws {
        let resolved = try TestDocuments().resolve([
            "FAIRLEAD__UNIVERSE": "ETHUSDT,SOLUSDT", "FAIRLEAD__SYMBOLS__ETHUSDT__SIDE_BLOCKED": "sell",
            "FAIRLEAD__SCREENER__ENABLED": "false", "FAIRLEAD__MARKET__SYNTHETIC__SPEED": "10",
            "FAIRLEAD__RESTRICTED_SYMBOLS": "", "ROUTER_AUTOTUNE_V6_APPLY_ENABLED": "0",
        ]).get()
        let tuned = try TestDocuments().resolve([
            "ROUTER_AUTOTUNE_V6_APPLY_ENABLED": "1", "MAX_BIAS_DELTA": "1", "MAX_OFFSET_STEP_BPS": "0.5",
            "MAX_OFFSET_ABS_BPS": "0", "ALLOW_MAKER_FLIP": "1", "FAIRLEAD__AUTOTUNE__SYMBOLS": "*",
        ]).get().engine.autotune
        #expect(tuned.isApplyEnabled && tuned.allowsMakerFlip && tuned.symbols == ["*"])
        #expect(tuned.maximumBiasDelta == .one && tuned.maximumOffset == .zero)
        #expect(tuned.maximumOffsetStep == Rate(raw: 5_000))
        #expect(resolved.engine.symbols.map(\.isWhitelisted) == [false, true, true])
        #expect(resolved.engine.symbols[1].isSellBlocked)
        #expect(!resolved.engine.symbols[1].isBuyBlocked)
        #expect(!resolved.engine.screener.isEnabled)
        #expect(resolved.runtime.market.synthetic.speed == Rate(raw: 1_000_000_000))
        #expect(!resolved.engine.autotune.isApplyEnabled && resolved.warnings.isEmpty)
    }
}

extension TestDocuments {
    func value(_ document: ConfigurationDocument, _ path: String) -> JSONValue? {
        var value: JSONValue? = self[document]
        for step in path.split(separator: ".") { value = value?[String(step)] }
        return value
    }

    /// Lets a flag name the keys of instruments, one by its symbol and all by `*`. Sets each so, and expects the typed
    /// values; refuses the symbol itself, a symbol that is none, and a variable that tries the same.
    @Test func flagsReachInstruments() throws {
        let documents = try TestDocuments()
        let count = try documents.resolve().get().engine.instruments.count
        let all = [ConfigurationOverride(path: "instruments.*.taker_fee_bps", value: "4.5")]
        let resolved = try documents.resolve([:], all).get()
        #expect(count > 1)
        #expect(resolved.engine.instruments.allSatisfy { $0.terms.takerFee == Rate(raw: 45_000) })
        #expect(resolved.origin(.runtime, "instruments[1].taker_fee_bps") == .flag)
        let one = [ConfigurationOverride(path: "runtime.instruments.ethusdt.maker_fee_bps", value: "-1")]
        let fees = try documents.resolve([:], one).get().engine.instruments.map(\.terms.makerFee)
        #expect(fees.count { $0 == Rate(bps: -1) } == 1)
        let shares = [ConfigurationOverride(path: "symbols.*.max_nav_pct", value: "0.07")]
        #expect(
            try documents.resolve([:], shares).get().engine.symbols.allSatisfy {
                $0.maximumNavFraction == Rate(raw: 7_000_000)
            }
        )
        for path in ["instruments.*.symbol", "instruments.XXX.tick", "instruments.*.takr_fee_bps", "instruments.*"] {
            guard case .failure(let errors) = documents.resolve([:], [ConfigurationOverride(path: path, value: "1")])
            else {
                Issue.record("\(path) was taken")
                continue
            }
            #expect(errors.list.count == 1 && errors.list[0].fault == .unknownKey, "\(path): \(errors)")
        }
        #expect(documents.errors(["FAIRLEAD__INSTRUMENTS__ETHUSDT__TICK": "1"]).count == 1)
    }

    /// Tells keys that are lists from those that are not. Asks for paths of both kinds, with and without the document,
    /// a symbol's among them, and for paths that are none.
    @Test func listsAreKnown() {
        for path in [
            "universe", "risk_limits.universe", "RISK.restricted_symbols", "market.tapes",
            "paper.order_latency.quantiles_ms",
        ] {
            #expect(ConfigurationDecoder.isList(path), "\(path)")
        }
        for path in ["router.max_spread_bps", "symbols.BTCUSDT.max_nav_pct", "instruments.*.tick", "nothing", "", "."] {
            #expect(!ConfigurationDecoder.isList(path), "\(path)")
        }
    }
}
