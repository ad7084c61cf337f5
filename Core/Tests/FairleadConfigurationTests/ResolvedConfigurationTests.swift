import FairleadModel
import Testing

@testable import FairleadConfiguration

@Suite struct ResolvedConfigurationTests {
    /// Holds the journal's text and the configuration together. Resolves the demo with variables applied, decodes its
    /// canonical text, and expects an equal configuration, the same text and the same hash.
    @Test func canonicalTextRoundTrips() throws {
        var documents = try TestDocuments()
        documents.set(.strategy, "router.overrides.ETHUSDT.quality", "degraded")
        documents.set(.risk, "restricted_symbols", ["SOLUSDT"])
        documents.set(.runtime, "paper.hedge_mode", true)
        let resolved = try documents.resolve(["FAIRLEAD__BARS__SECONDS": "7"]).get()
        let text = resolved.canonicalText
        let again = try ConfigurationDecoder.decodeCanonical(text).get()
        #expect(again == resolved)
        #expect(again.engine == resolved.engine)
        #expect(again.runtime == resolved.runtime)
        #expect(again.canonicalText == text)
        #expect(again.hash == Digest128(of: text))
        #expect(text.contains("\"bars\":{\"history\":512,\"seconds\":7}"))
        #expect(again.engine.bars.length == .seconds(7))
        #expect(again.engine.instruments.map(\.terms.isHedged) == [true, true, true])
        #expect(again.origin(.runtime, "bars.seconds") == .journal)
    }

    /// Refuses a bias that contradicts its name, and keeps what is left out out. Sets both for one symbol at and beside
    /// a bound; expects path and reason, or only the two fields. A journal's text of both is taken: it ran.
    @Test func biasAndItsNameAgree() throws {
        var documents = try TestDocuments()
        documents.set(.strategy, "router.overrides.ETHUSDT.taker_bias", "prefer_maker")
        documents.set(.strategy, "router.overrides.ETHUSDT.bias", .number("0.35"))
        let resolved = try documents.resolve().get()
        let index = try #require(resolved.engine.instruments.firstIndex { $0.symbol == "ETHUSDT" })
        let expected = PolicyOverride(takerBias: .preferMaker, bias: Rate(raw: 35_000_000))
        #expect(resolved.engine.symbols[index].policyOverride == expected)
        documents.set(.strategy, "router.overrides.ETHUSDT.bias", .number("0.36"))
        let errors = documents.errors()
        #expect(errors.map(\.path) == ["router.overrides.ETHUSDT.taker_bias"])
        #expect(errors.map(\.reason) == ["must be balanced, which a bias of 0.36 is; leave one of the two out"])
        let text = resolved.canonicalText.replacing("\"bias\":0.35", with: "\"bias\":0.36")
        #expect(text != resolved.canonicalText)
        #expect(throws: Never.self) { try ConfigurationDecoder.decodeCanonical(text).get() }
    }

    /// Keeps "off" apart from "default". Turns a limit off that has a default, in the typed values alone, and expects
    /// that the canonical text says so and comes back off; a document may not say null.
    @Test func anOffLimitStaysOff() throws {
        var content = try TestDocuments().resolve().get().content
        content.engine.risk.maximumPortfolioDrawdown = nil
        content.engine.risk.rejectStormCount = nil
        let off = ResolvedConfiguration(content: content, origins: [:], warnings: [])
        #expect(off.canonicalText.contains("\"max_portfolio_dd_nav_pct\":null"))
        #expect(try ConfigurationDecoder.decodeCanonical(off.canonicalText).get() == off)
        var documents = try TestDocuments()
        documents.set(.risk, "circuit_breakers.max_portfolio_dd_nav_pct", .null)
        #expect(documents.errors().map(\.reason) == ["must not be null; leave the key out"])
    }

    /// Refuses a canonical text that is none. Changes the form's name, drops a document, adds a member, and expects an
    /// error each time.
    @Test func canonicalTextIsStrict() throws {
        let text = try TestDocuments().resolve().get().canonicalText
        for (old, new) in [
            ("fairlead.configuration.v1", "fairlead.configuration.v9"), ("\"runtime\":", "\"runtme\":"),
            ("{\"risk_limits\"", "{\"more\":1,\"risk_limits\""), ("\"price_collar_bps\":100", "\"price_collar_bps\":0"),
        ] {
            let at = try #require(text.firstRange(of: old))
            var broken = text
            broken.replaceSubrange(at, with: new)
            guard case .failure(let errors) = ConfigurationDecoder.decodeCanonical(broken) else {
                Issue.record("\(new) is accepted")
                continue
            }
            #expect(!errors.list.isEmpty)
        }
    }

    /// Lists what changed. Compares two configurations that differ in four keys of three kinds and expects exactly
    /// these, in the order of the table, with old, new and whether a restart is needed.
    @Test func changesAreListed() throws {
        let old = try TestDocuments().resolve().get()
        var documents = try TestDocuments()
        documents.set(.risk, "price_collar_bps", 50)
        documents.set(.risk, "max_leverage", nil)
        documents.set(.risk, "symbols.ETHUSDT.side_blocked", "buy")
        documents.set(.runtime, "instruments[2].tick", .number("0.01"))
        let new = try documents.resolve().get()
        #expect(
            new.changes(from: old).map(\.description) == [
                "risk_limits.json: price_collar_bps: 100 -> 50", "risk_limits.json: max_leverage: 2 -> off",
                "risk_limits.json: symbols.ETHUSDT.side_blocked: none -> buy",
                "runtime.json: instruments[2].tick: 0.001 -> 0.01 (needs a restart)",
            ]
        )
        #expect(old.changes(from: old).isEmpty)
        #expect(new.hash != old.hash)
    }

    /// Takes a reload all or nothing. Changes limits only and expects the list; adds a change of a restart key, of an
    /// instrument and of their order, and expects a refusal that names each path and nothing else.
    @Test func reloadsThatNeedARestartAreRefused() throws {
        let old = try TestDocuments().resolve().get()
        var documents = try TestDocuments()
        documents.set(.risk, "price_collar_bps", 50)
        documents.set(.strategy, "router.maker_reprice", "stay")
        #expect(try documents.resolve().get().reload(over: old).get().count == 2)
        documents.set(.runtime, "capacities.orders", 1024)
        documents.set(.runtime, "instruments[0].taker_fee_bps", 4)
        guard case .failure(let errors) = try documents.resolve().get().reload(over: old) else {
            Issue.record("a change of capacities is taken at run time")
            return
        }
        #expect(errors.list.map(\.path) == ["instruments[0].taker_fee_bps", "capacities.orders"])
        #expect(errors.list.allSatisfy { $0.fault == .needsRestart })
        var fewer = try TestDocuments()
        var instruments = try #require(fewer.value(.runtime, "instruments")?.array)
        instruments.swapAt(0, 1)
        fewer.set(.runtime, "instruments", .array(instruments))
        guard case .failure(let swapped) = try fewer.resolve().get().reload(over: old) else {
            Issue.record("another order of the instruments is taken at run time")
            return
        }
        #expect(swapped.list.contains { $0.path == "instruments[0].symbol" })
    }

    /// Keeps handles stable. Resolves the same documents with members and symbols written in another order and expects
    /// instruments in the order of their array, and the same canonical text.
    @Test func instrumentsKeepTheirOrder() throws {
        let documents = try TestDocuments()
        var turned = documents
        for document in ConfigurationDocument.allCases {
            turned[document] = .object((documents[document].object ?? []).reversed())
        }
        let symbols = try #require(documents.value(.runtime, "market.synthetic.symbols")?.object)
        turned.set(.runtime, "market.synthetic.symbols", .object(symbols.reversed()))
        let resolved = try turned.resolve().get()
        #expect(resolved.engine.instruments.map(\.symbol) == ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
        #expect(resolved.runtime.market.synthetic.symbols.map(\.symbol) == ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
        #expect(resolved.canonicalText == (try documents.resolve().get().canonicalText))
    }

    /// Shows every key with its origin. Walks the entries of the demo and expects each enforced key that is not per
    /// instrument exactly once, file values named by their file and left-out ones by `default`.
    @Test func entriesNameEveryKey() throws {
        let entries = try TestDocuments().resolve().get().entries
        for key in KeyTable.keys where key.status == .enforced && !key.isPerInstrument {
            #expect(entries.count { $0.path == key.path && $0.document == key.document } == 1, "\(key.path)")
        }
        #expect(entries.first { $0.path == "price_collar_bps" }?.origin.name == "risk_limits.json")
        let off = try #require(entries.first { $0.path == "max_order_qty" })
        #expect(off.value == nil)
        #expect(off.origin == .builtIn)
        #expect(entries.count { $0.path.hasPrefix("instruments[1].") } == 18)
    }
}
