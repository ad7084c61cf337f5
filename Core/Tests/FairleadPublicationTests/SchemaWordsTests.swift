import FairleadConfiguration
import FairleadEngine
import FairleadModel
import Foundation
import Testing

@testable import FairleadPublication

/// The lists of words in the published schemas against the words that the engine writes.
@Suite struct SchemaWordsTests {
    /// A list of words in a schema: where it stands, the key that it is of, and the words.
    private struct WordList {
        var place: String
        var key: String
        var words: [String]
    }

    private static func words<Word: CaseIterable>(_ type: Word.Type, _ name: (Word) -> String) -> [String] {
        type.allCases.map(name).filter { !$0.isEmpty && $0 != "none" }
    }

    /// Everything that the engine can write under a key; where a key has several meanings, each of them. A text that
    /// says what isn't there is no word: it is left out or null.
    private static let known: [String: [[String]]] = [
        "action": [words(AllocationSuggestion.Action.self, \.rawValue)],
        "asset_class": [words(AssetClass.self, \.name)],
        "basis": [words(SizingBasis.self, \.name)],
        "bias": [words(TakerBias.self, \.name)],
        "blocked_from": [words(RiskMode.self, \.name)],
        "bucket": [words(RouterBucket.self, \.name)],
        "change": [words(ProgressEvent.self, \.name)],
        "clamps": [SizingClamps(bits: .max).names],
        "condition": [words(ConditionKind.self, \.name)],
        "dd_state": [words(DrawdownState.self, \.name)],
        "drift": [words(DriftBucket.self, \.name)],
        "end_reason": [words(EndReason.self, \.name)],
        "environment": [words(RunEnvironment.self, \.word)],
        "event": [
            ["route_decision", "arm_decision", "parent_progress", "router_policy"]
                + ["fill_measured", "markout_measured", "shortfall_measured"]
        ],
        "external": [words(ExternalState.self, \.name)],
        "fallback_reason": [words(FallbackReason.self, \.name)],
        "from": [words(OrderState.self, \.name)],
        "intent": [words(Intent.self, \.name)],
        "kelly_basis": [words(SizingBasis.self, \.name)],
        "latches": [SymbolHolds.latchNames],
        "latency": [words(LatencyBucket.self, \.name)],
        "leg": [words(OrderLeg.self, \.name)],
        "liquidity": [words(Liquidity.self, \.name)],
        "market_source": [words(MarketSource.self, \.word)],
        "mode": [words(RunMode.self, \.word)],
        "moment": [words(RouteMoment.self, \.name)],
        "order_type": [words(OrderType.self, \.name)],
        "origin": [words(ExecutionOrigin.self, \.name)],
        "position_side": [words(PositionSide.self, \.name)],
        "quality": [words(PolicyQuality.self, \.name)],
        "reason": [words(VetoReason.self, \.name)],
        "reasons": [words(VetoReason.self, \.name)],
        "regime": [words(MarketRegime.self, \.name), words(AutotuneRegime.self, \.name)],
        "reject_reason": [words(RejectReason.self, \.name)],
        "risk_mode": [words(RiskMode.self, \.name)],
        "route": [["maker_first"] + words(RoutedAs.self, \.name)],
        "routed_as": [words(RoutedAs.self, \.name)],
        "side": [words(Side.self, \.name)],
        "taker_bias": [words(TakerBias.self, \.name)],
        "tier": [words(SymbolTier.self, \.name)],
        "time_in_force": [words(TimeInForce.self, \.name)],
        "to": [words(OrderState.self, \.name), words(StopForm.self, \.name)],
        "trading_state": [words(TradingState.self, \.name)],
        "trigger_by": [words(ConditionReference.self, \.name)],
        "unit": [words(LimitUnit.self, \.name)],
        "veto_reason": [words(RouteReason.self, \.name)],
        "warnings": [
            words(ExecutionWarning.self, \.rawValue),
            ["allocator_state_missing", "allocator_state_stale"],
        ],
        "volatility_regime": [words(SizingRegime.self, \.name)],
    ]

    /// Lists that are a part of what the engine knows: each log has events of its own, the end of a route is the
    /// parent's, and what closes a position is no entry.
    private static let parts: Set<String> = [
        "logs/route_decisions event", "logs/router_metrics event", "logs/router_health event",
        "logs/route_decisions moment", "logs/router_metrics moment", "state/execution_health moment",
        "signal intent",
    ]

    /// Lists that no type of the engine holds: what a strategy may say in a signal and is turned into something else,
    /// or refused; and words that are written out where they are made.
    private static let unlisted: Set<String> = [
        "signal order_type", "signal time_in_force", "signal style", "state/risk_snapshot status",
    ]

    private static func lists(_ value: JSONValue, _ place: String, _ key: String, into found: inout [WordList]) {
        switch value {
        case .array(let items): for item in items { lists(item, place, key, into: &found) }
        case .object(let members):
            for member in members {
                if member.key == "enum", let items = member.value.array {
                    found.append(WordList(place: place, key: key, words: items.compactMap(\.string)))
                    continue
                }
                let isStructure = [
                    "properties", "items", "additionalProperties", "$defs", "allOf", "if", "then", "else",
                ]
                lists(member.value, place, isStructure.contains(member.key) ? key : member.key, into: &found)
            }
        case .null, .bool, .number, .string: break
        }
    }

    /// Goal: no schema knows a word that the engine never writes, or refuses one that it does. Method: every list of
    /// words in every published schema against the words of the type that is written under its key; a key that is not
    /// known here fails, so that it is placed by hand.
    @Test func everyListHasTheEnginesWords() throws {
        var count = 0
        for name in try Self.files() {
            var found: [WordList] = []
            let bytes = try Data(contentsOf: PublicationFixture.root.appending(path: "schemas/\(name)"))
            let place = name.replacing(".v1.json", with: "")
            Self.lists(try JSONParser.parse(Array(bytes)), place, "", into: &found)
            for list in found where !list.words.isEmpty && !Self.unlisted.contains("\(list.place) \(list.key)") {
                count += 1
                let full = "\(list.place) \(list.key)"
                let known = try #require(Self.known[list.key], "\(full): no words are known here")
                let words = Set(list.words)
                let fits = known.contains {
                    Self.parts.contains(full) ? words.isSubset(of: $0) : words == Set($0)
                }
                #expect(fits, "\(full) has \(list.words), and the engine \(known)")
            }
        }
        #expect(count > 80)
    }

    private static func files() throws -> [String] {
        let root = PublicationFixture.root.appending(path: "schemas").path
        return try ["", "state/", "logs/"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").filter { $0.hasSuffix(".v1.json") }
                .sorted().map { folder + $0 }
        }
    }
}
