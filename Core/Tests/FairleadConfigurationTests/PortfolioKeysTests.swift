import FairleadModel
import Testing

@testable import FairleadConfiguration

@Suite struct PortfolioKeysTests {
    /// Shows that groups mean what they say. Gives two, in another order than that of their names, and reads them back
    /// from the canonical text; then names a symbol that is no instrument.
    @Test func groupsNameInstruments() throws {
        var documents = try TestDocuments()
        let majors: JSONValue = ["symbols": ["BTCUSDT", "ETHUSDT"], "max_nav_pct": .number("0.5")]
        let alts: JSONValue = ["symbols": ["SOLUSDT"], "max_nav_pct": .number("0.25")]
        documents.set(.risk, "correlation_groups", ["majors": majors, "alts": alts])
        let resolved = try documents.resolve().get()
        let groups = resolved.engine.correlationGroups
        #expect(groups.map(\.name) == ["alts", "majors"])
        #expect(groups[1].symbols == ["BTCUSDT", "ETHUSDT"])
        #expect(groups[1].maximumNavFraction == Rate(raw: 50_000_000))
        #expect(try ConfigurationDecoder.decodeCanonical(resolved.canonicalText).get() == resolved)
        documents.set(.risk, "correlation_groups", ["g": ["symbols": ["BTCUSD"], "max_nav_pct": 1]])
        let errors = documents.errors()
        #expect(errors.map(\.path) == ["correlation_groups"])
        #expect(errors.first?.reason.contains("did you mean \"BTCUSDT\"") == true)
    }

    /// Keeps old journals as they ran. Takes the tails' limits out of a canonical text, as one of an older version has
    /// none, and expects them off; in a document left out they are at their defaults.
    @Test func olderJournalsRanWithoutTails() throws {
        let names = ["max_portfolio_var_pct", "max_position_cvar_pct"]
        let resolved = try TestDocuments().resolve().get()
        #expect(resolved.engine.risk.maximumPortfolioVar == Rate(raw: 12_000_000))
        var members = try #require(try JSONParser.parse(resolved.canonicalText).object)
        let at = try #require(members.firstIndex { $0.key == ConfigurationDocument.risk.rawValue })
        members[at].value = .object((members[at].value.object ?? []).filter { !names.contains($0.key) })
        let older = try ConfigurationDecoder.decodeCanonical(JSONWriter.text(of: .object(members))).get()
        #expect(older.engine.risk.maximumPortfolioVar == nil)
        #expect(older.engine.risk.maximumPositionShortfall == nil)
        #expect(try ConfigurationDecoder.decodeCanonical(older.canonicalText).get() == older)
        var documents = try TestDocuments()
        for name in names { documents.set(.risk, name, nil) }
        #expect(try documents.resolve().get().engine.risk.maximumPositionShortfall == Rate(raw: 4_000_000))
    }

    /// Shows that limits of the testnet hold there alone, and say so. Resolves the same documents in each environment,
    /// and reads the testnet's back from its canonical text.
    @Test func testnetLimitsHoldInTheTestnet() throws {
        for environment in ["paper", "testnet", "production"] {
            var documents = try TestDocuments()
            documents.set(.risk, "max_order_notional", 10_000)
            documents.set(.risk, "testnet_overrides.max_order_notional", 300)
            documents.set(.risk, "testnet_overrides.circuit_breakers.max_portfolio_dd_nav_pct", .number("0.5"))
            documents.set(.runtime, "environment", .string(environment))
            let resolved = try documents.resolve().get()
            let isTestnet = environment == "testnet"
            #expect(resolved.engine.risk.maximumOrderNotional == Money(whole: isTestnet ? 300 : 10_000))
            #expect(resolved.engine.risk.maximumPortfolioDrawdown?.raw == (isTestnet ? 50_000_000 : 10_000_000))
            #expect(resolved.engine.risk.areTestnetLimits == isTestnet)
            #expect(try ConfigurationDecoder.decodeCanonical(resolved.canonicalText).get() == resolved)
        }
        var plain = try TestDocuments()
        plain.set(.runtime, "environment", "testnet")
        #expect(try plain.resolve().get().engine.risk.areTestnetLimits == false)
    }

    /// Holds the testnet's limits to the ranges of those they stand for. Puts a share over 1 there.
    @Test func testnetLimitsHaveTheRangesOfTheOthers() throws {
        var documents = try TestDocuments()
        documents.set(.risk, "testnet_overrides.max_trade_nav_pct", 10)
        let errors = documents.errors()
        #expect(errors.map(\.path) == ["testnet_overrides.max_trade_nav_pct"])
        documents.set(.risk, "testnet_overrides.max_trade_nav_pct", nil)
        documents.set(.risk, "testnet_overrides.no_such_limit", 10)
        #expect(documents.errors().map(\.fault) == [.unknownKey])
    }

    /// Shows that a tier is a word, and that flags and variables reach its limits whatever their letters. Sets a cap by
    /// each and reads it.
    @Test func tiersAreReachedByFlagsAndVariables() throws {
        let documents = try TestDocuments()
        let flag = [
            ConfigurationOverride(path: "risk_limits.tiers.ALT-EXT.per_symbol_nav_pct", value: "0.1"),
            ConfigurationOverride(path: "symbols.BTCUSDT.tier", value: "ALT-EXT"),
        ]
        let variables = ["FAIRLEAD__RISK_LIMITS__TIERS__CORE__BLOCKED_FROM": "cautious"]
        let resolved = try documents.resolve(variables, flag).get()
        #expect(resolved.engine.risk.tiers.altExt.maximumNavFraction == Rate(raw: 10_000_000))
        #expect(resolved.engine.risk.tiers.core.blockedFrom == .cautious)
        #expect(resolved.engine.symbols[0].tier == .altExt)
        var wrong = documents
        wrong.set(.risk, "symbols.BTCUSDT.tier", "GOLD")
        #expect(wrong.errors().map(\.path) == ["symbols.BTCUSDT.tier"])
    }
}
