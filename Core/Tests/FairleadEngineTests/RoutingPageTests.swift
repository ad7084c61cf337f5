import FairleadModel
import Foundation
import Testing

@testable import FairleadEngine

/// Holds `docs/ROUTING.md` and the router together.
@Suite struct RoutingPageTests {
    private static func page() throws -> DocumentedPage { try DocumentedPage("docs/ROUTING.md") }

    /// Goal: the page has every gate in its order, every way out and every reason to fall back, and no other.
    /// Method: the first columns against the enums.
    @Test func everyNameStandsInItsPlace() throws {
        let page = try Self.page()
        #expect(try page.names("gate") == RouteReason.allCases.dropFirst().dropLast().map(\.name))
        #expect(RouteReason.allCases.first == RouteReason.none)
        #expect(RouteReason.allCases.last == .adaptiveTake)
        #expect(try page.names("`routed_as`") == RoutedAs.allCases.map(\.name))
        #expect(try page.names("`fallback_reason`") == FallbackReason.allCases.dropFirst().map(\.name))
        #expect(try page.names("regime") == MarketRegime.allCases.map(\.name))
    }

    /// Goal: every key that the page names is one. Method: what looks like a key, against the table of keys.
    @Test func everyKeyExists() throws {
        let known = try DocumentedPage.keys("strategy_config.json")
        #expect(known.count > 100)
        let sections = Set(known.compactMap { $0.split(separator: ".").first.map(String.init) })
        var named = 0
        for word in try Self.page().quoted where !word.hasSuffix(".json") && !word.hasSuffix(".jsonl") {
            guard let section = word.split(separator: ".").first, word.contains("."), sections.contains(String(section))
            else { continue }
            #expect(known.contains { DocumentedPage.isNamed($0, by: word) }, "\(word) is no key")
            named += 1
        }
        #expect(named >= 30)
    }

    /// Goal: bounds, bias and maker starts of each quality are the rules'.
    /// Method: each row's numbers against the default settings, and its words against the rules in both markets.
    @Test func qualitiesAreTheRules() throws {
        let settings = PolicyConfiguration()
        let rows = try Self.page().table("quality")
        #expect(rows.count == PolicyQuality.allCases.count)
        for cells in rows {
            let name = DocumentedPage.quoted(cells[0]).first ?? ""
            let quality = try #require(PolicyQuality.allCases.first { $0.name == name })
            let bounds: PolicyBounds? =
                switch quality {
                case .good: settings.good
                case .ok: nil
                case .degraded: settings.degraded
                case .broken: settings.broken
                }
            if let bounds {
                let word = quality == .good ? "to" : "from"
                #expect(cells[1] == "\(word) \(bounds.fallback)")
                #expect(cells[2] == "\(word) \(Int(bounds.slip.inBps))")
                #expect(cells[3] == "\(word) \(bounds.acknowledgement.milliseconds)")
            }
            #expect(cells[4] == (quality == .good ? "from \(settings.goodMakerFill)" : ""))
            #expect(cells[5] == "`\(PolicyRules.takerBias(quality, .normal).name)`")
            #expect(cells[6] == (PolicyRules.makerFirst(quality, .normal) ? "yes" : "no"))
            #expect(cells[7] == (PolicyRules.makerFirst(quality, .panic) ? "yes" : "no"))
            #expect(PolicyRules.takerBias(quality, .panic) == .preferTaker)
        }
    }

    /// Goal: regimes begin and end where the page says, and move the offset by what it says.
    /// Method: ranges just under and at each bound; the rule's offset in each regime, from the middle.
    @Test func regimesAreTheRules() throws {
        let rows = try Self.page().table("regime")
        for (cells, regime) in zip(rows, MarketRegime.allCases) {
            let words = cells[1].split { $0 == " " || $0 == "," }
            if words.first == "under" {
                let bound = try #require(Double(words[1]))
                // The mean of 500 bars is 1000: sums of 50 and of 500.
                let short = Int64(bound * 1000) * Int64(AtrRegime.shortBars)
                let long = 1000 * Int64(AtrRegime.longBars)
                #expect(AtrRegime.regime(short: short - 1, long: long) == regime)
                #expect(AtrRegime.regime(short: short, long: long).rawValue == regime.rawValue + 1)
            }
            let base = PolicyRules.offset(.none, .normal, .mid)
            #expect(base == Rate(bps: 2))
            let moved = try #require(Double(cells[2]))
            #expect((PolicyRules.offset(.none, regime, .mid) - base).inBps == moved, "\(regime.name)")
        }
        let regimes = AtrRegime(instruments: 1)
        let fresh = regimes.regime(InstrumentHandle(index: 0))
        #expect(fresh.regime == .normal && fresh.isAssumed)
    }

    /// Goal: what evidence adds to an offset is what the page says. Method: the rule, one fact at a time.
    @Test func offsetsAreTheRules() throws {
        let page = try Self.page().text.replacingOccurrences(of: "\n", with: " ")
        let base = PolicyRules.offset(.none, .normal, .mid)
        func added(_ change: (inout Effectiveness) -> Void) -> Double {
            var evidence = Effectiveness(starts: 1)
            change(&evidence)
            return (PolicyRules.offset(evidence, .normal, .mid) - base).inBps
        }
        let facts: [(Double, String)] = [
            (added { $0.makerFill = Rate(raw: 70_000_001) }, "-0.5 for a maker fill over 0.7"),
            (added { $0.fallback = Rate(raw: 50_000_001) }, "+1 for a fallback over 0.5"),
            (added { $0.fallback = Rate(raw: 80_000_001) } - 1, "+1.5 more over 0.8"),
            (added { $0.slipMedian = Rate(raw: Rate(bps: 5).raw + 1) }, "+0.8 for a median slip over 5 bps"),
            (added { $0.slipMedian = Rate(raw: Rate(bps: 1).raw - 1) }, "-0.2 under 1"),
        ]
        for (value, words) in facts {
            let number = try #require(words.split(separator: " ").first.flatMap { Double($0) })
            #expect(abs(value - number) < 1e-9, "\(words)")
            #expect(page.contains(words), "\(words)")
        }
        #expect(PolicyRules.offsets(.touch) == Rate.zero...Rate(bps: 10))
        #expect(PolicyRules.offsets(.mid) == Rate(raw: Rate.bps / 2)...Rate(bps: 10))
        #expect(page.contains("within 0 to 10 (from the middle 0.5 to 10)"))
    }

    /// Goal: buckets are those of the settings, with their tiers, penalties and spreads. Method: each row against the
    /// default settings and the tiers.
    @Test func bucketsAreTheSettings() throws {
        let quality = QualityConfiguration()
        let rows = try Self.page().table("bucket")
        #expect(try Self.page().names("bucket") == RouterBucket.allCases.map(\.name))
        for (cells, bucket) in zip(rows, RouterBucket.allCases) {
            var tiers = SymbolTier.allCases.filter { $0.bucket == bucket }.map(\.name)
            if SymbolConfiguration().bucket == bucket { tiers.append("none") }
            #expect(cells[1] == tiers.joined(separator: ", "))
            let penalty =
                switch bucket {
                case .high: quality.score.highBucketPenalty
                case .medium: quality.score.mediumBucketPenalty
                case .low: quality.score.lowBucketPenalty
                }
            #expect(cells[2] == "\(penalty)")
            #expect(cells[3] == "\(Int(quality.normalSpread(of: bucket).inBps))")
        }
    }
}
