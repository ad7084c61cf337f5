import FairleadConfiguration
import FairleadModel

/// A matrix: one kind of fault, at every place of a golden run where it can strike.
public enum Matrix: String, CaseIterable, Sendable {
    /// The process or the machine dies at every journal write.
    case crash
    /// The line is cut at every byte, either way.
    case cut
    /// The kill switch is engaged at every step.
    case kill

    /// Every case of the golden runs given; or no more golden runs once a case has failed.
    public func run(_ runs: [GoldenRun], stopsAtFailure: Bool = false) -> MatrixReport {
        var report = MatrixReport(matrix: rawValue)
        for run in runs {
            for durability in ["disk", "process"] {
                self.run(run, durability, into: &report)
                if stopsAtFailure, report.failureCount > 0 { return report }
            }
        }
        let missing = GoldenRun.reachableStates.subtracting(report.states)
        if runs.count == GoldenRun.all.count, !missing.isEmpty {
            let names = OrderState.allCases.filter { missing.contains($0) }.map { "\($0)" }.joined(separator: ", ")
            report.fail("the golden runs", Violation("matrix", "no order was \(names)"))
        }
        return report
    }

    private func run(_ run: GoldenRun, _ durability: String, into report: inout MatrixReport) {
        let configuration = GoldenRun.configuration(durability)
        guard let golden = GoldenLife(run, configuration, durability, &report) else { return }
        switch self {
        case .crash:
            var matrix = CrashMatrix(golden: golden)
            matrix.run(into: &report)
        case .cut: CutMatrix(golden: golden).run(into: &report)
        case .kill: KillMatrix(golden: golden).run(into: &report)
        }
    }
}

/// A golden run that was lived once without any fault of the matrix: what the cases are made from and compared with.
struct GoldenLife {
    let run: GoldenRun
    let configuration: ResolvedConfiguration
    let durability: String
    let log: [PumpLog]
    let images: JournalImages
    let outcome: MatrixOutcome
    let asks: Int
    let outward: Int
    let inward: Int
    let states: Set<OrderState>

    var isDurableOnDisk: Bool { durability == "disk" }

    /// nil where the run itself breaks a rule: the report says so.
    init?(
        _ run: GoldenRun,
        _ configuration: ResolvedConfiguration,
        _ durability: String,
        _ report: inout MatrixReport
    ) {
        var world = MatrixWorld(run, configuration, isLogged: true)
        world.play()
        let place = "\(run.name) (\(durability))"
        if let violation = world.judge.violation {
            report.fail(place, violation)
            return nil
        }
        guard let outcome = world.outcome() else { return nil }
        do { images = try JournalImages(world.disk) } catch {
            report.fail(place, Violation("S-23", "the golden journal is not readable: \(error)"))
            return nil
        }
        self.run = run
        self.configuration = configuration
        self.durability = durability
        self.outcome = outcome
        log = Array(world.log.prefix(world.scriptPumps))
        asks = world.scriptAsks
        outward = world.scriptOutward
        inward = world.scriptInward
        states = world.judge.states
        let names = OrderState.allCases.filter { world.judge.states.contains($0) }.map { "\($0)" }
        report.describe(
            "\(place): \(log.count) steps, \(images.records.count) records, \(outward) bytes out, \(inward) in, "
                + "\(outcome.history.count) fills; \(names.joined(separator: " "))",
            states
        )
    }

    /// Lives a case to its end: what it broke, and whether its venue saw what the golden run's saw.
    func live(_ world: inout MatrixWorld) -> (violation: Violation?, isCompared: Bool) {
        world.play()
        if let violation = world.judge.violation { return (violation, false) }
        guard let found = world.outcome(), found.history == outcome.history else { return (nil, false) }
        if found == outcome { return (nil, true) }
        return (Violation("d", "the venue saw the same, the router is another: \(found) instead of \(outcome)"), true)
    }
}
