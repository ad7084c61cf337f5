import FairleadModel
import Testing

@testable import FairleadConfiguration

@Suite struct ProfitStageKeysTests {
    /// Goal: two lists make the stages, and lists that don't fit each other, or loosen, are refused by name. Method:
    /// one good pair, then each way in which a pair can be wrong.
    @Test func twoListsMakeStages() throws {
        var documents = try TestDocuments()
        documents.set(.strategy, "exits.profit_stages.profit", [.number("0.01"), .number("0.03")])
        documents.set(.strategy, "exits.profit_stages.stop", [.number("-0.002"), .number("0.01")])
        let stages = try documents.resolve().get().engine.exits.profitStages
        #expect(stages.count == 2)
        #expect(stages[0] == ProfitStage(profit: Rate(bps: 100), stop: -Rate(bps: 20)))
        #expect(stages[1] == ProfitStage(profit: Rate(bps: 300), stop: Rate(bps: 100)))
        let wrong: [JSONValue] = [
            [], [.number("0.01")], [.number("-1"), .number("0")], [.number("0"), .number("0.03")],
        ]
        for stops in wrong {
            documents.set(.strategy, "exits.profit_stages.stop", stops)
            let errors = documents.errors()
            #expect(errors.map(\.path) == ["exits.profit_stages.stop"], "\(stops)")
            #expect(errors.first?.fault == .contradiction)
        }
    }
}
