import FairleadModel
import Testing

@testable import FairleadSimulation

@Suite struct ShrinkerTests {
    /// Goal: of a schedule only what is needed stays. Method: a rule that breaks where faults 2 and 5 and signal 7 are
    /// there.
    @Test func keepsWhatIsNeeded() {
        let scenario = Scenario(seed: 8, wishes: Scenario.Wishes(minutes: 30))
        let faults = scenario.faults.map(\.number)
        let needed = Set([faults[1], faults[faults.count - 2]])
        var shrinker = Shrinker(scenario) { candidate in
            needed.isSubset(of: candidate.faults.map(\.number)) && candidate.signals.contains { $0.number == 7 }
        }
        shrinker.run()
        #expect(Set(shrinker.scenario.faults.map(\.number)) == needed)
        #expect(shrinker.scenario.signals.map(\.number) == [7])
        #expect(shrinker.scenario.operations.isEmpty)
        #expect(shrinker.runs <= 400)
    }

    /// Goal: it ends. Method: a rule that always breaks, and one that needs everything.
    @Test func isBounded() {
        let scenario = Scenario(seed: 8, wishes: Scenario.Wishes(minutes: 30))
        var empty = Shrinker(scenario) { _ in true }
        empty.run()
        #expect(empty.scenario.faults.isEmpty)
        #expect(empty.scenario.signals.isEmpty)
        let count = scenario.signals.count
        var whole = Shrinker(scenario) { $0.signals.count == count && $0.faults == scenario.faults }
        whole.run()
        #expect(whole.scenario.signals.count == count)
        #expect(whole.runs <= 402)
    }
}
