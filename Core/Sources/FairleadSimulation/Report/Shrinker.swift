/// Finds a shorter schedule that breaks the same rule: faults first, then signals, then what the desk did (ddmin).
///
/// Every part of a schedule is independent of the others, so that a part can simply be left out. Bounded by
/// `runLimit` runs of the seed.
public struct Shrinker {
    public private(set) var scenario: Scenario
    public private(set) var runs = 0
    private let runLimit: Int
    private let breaks: (Scenario) -> Bool

    /// `breaks` plays a scenario and says whether the same rule is broken.
    public init(_ scenario: Scenario, runLimit: Int = 400, breaks: @escaping (Scenario) -> Bool) {
        self.scenario = scenario
        self.runLimit = runLimit
        self.breaks = breaks
    }

    /// The usual one: the same seed in this process.
    public init(_ scenario: Scenario, breaking invariant: String) {
        self.init(scenario) { candidate in
            do {
                var simulation = try Simulation(candidate)
                simulation.run()
                return simulation.report.violation?.invariant == invariant
            } catch {
                return false
            }
        }
    }

    public mutating func run() {
        scenario.faults = shortest(scenario.faults) { $0.faults = $1 }
        scenario.signals = shortest(scenario.signals) { $0.signals = $1 }
        scenario.operations = shortest(scenario.operations) { $0.operations = $1 }
        scenario.riskOrders = shortest(scenario.riskOrders) { $0.riskOrders = $1 }
        scenario.decisions = shortest(scenario.decisions) { $0.decisions = $1 }
        // A signal that is gone may have been what a fault was needed for.
        scenario.faults = shortest(scenario.faults) { $0.faults = $1 }
    }

    private mutating func shortest<Part>(_ parts: [Part], _ put: (inout Scenario, [Part]) -> Void) -> [Part] {
        var kept = parts
        var pieces = 2
        if kept.isEmpty || holds([], put) { return [] }
        while kept.count > 1, runs < runLimit {
            let size = (kept.count + pieces - 1) / pieces
            var start = 0
            var isShorter = false
            while start < kept.count, runs < runLimit {
                var rest = kept
                rest.removeSubrange(start..<min(start + size, kept.count))
                if holds(rest, put) {
                    kept = rest
                    isShorter = true
                } else {
                    start += size
                }
            }
            if isShorter {
                pieces = max(2, pieces - 1)
            } else if size == 1 {
                break
            } else {
                pieces = min(kept.count, pieces * 2)
            }
        }
        return kept
    }

    private mutating func holds<Part>(_ parts: [Part], _ put: (inout Scenario, [Part]) -> Void) -> Bool {
        var candidate = scenario
        put(&candidate, parts)
        runs += 1
        return breaks(candidate)
    }
}
